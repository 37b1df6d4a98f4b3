"""The mutants of the statements named, settled in this process or in several."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, redirect_stdout
from dataclasses import asdict
from functools import cache
from typing import Any

from dmftheory.claims.verdict import Witness
from dmftheory.engines.mutation import Assessed, Outcome, assess
from dmftheory.verification import Reference, statements
from dmftheory.workers import Tell, Work, run_each


def assess_each(references: Sequence[Reference], budget: float | None, seed: int, jobs: int) -> Iterator[tuple[Reference, Assessed]]:
    """The mutants of every statement, settled; with several processes, as they come.

    budget: seconds for each mutant;  seed: of the random draws;  jobs: processes. After Ctrl-C the mutants settled so far of the statement
    at hand are handed out (those of several processes only where a statement is through), then KeyboardInterrupt goes on.
    """
    if jobs == 1 or len(references) < 2:
        for reference in references:
            yield from _here(reference, budget, seed)
        return
    for reference in references:
        statements(reference.file)  # a file that cannot be read is the caller's mistake, in this process
    tasks = [[reference.file, reference.place] for reference in references]
    with closing(run_each(f"{__name__}:_prepare", {"budget": budget, "seed": seed}, tasks, jobs)) as outcomes:
        for outcome in outcomes:
            reference = references[outcome.task]
            item = statements(reference.file)[reference.place]
            lost = Assessed(item.id, item.title, reason=f"not settled: {outcome.why}")
            yield reference, lost if outcome.answer is None else _from_plain(outcome.answer)


def _here(reference: Reference, budget: float | None, seed: int) -> Iterator[tuple[Reference, Assessed]]:
    so_far: list[Assessed] = []
    try:
        yield reference, _assess(reference, budget, seed, so_far.append)
    except KeyboardInterrupt:
        yield from ((reference, found) for found in so_far[-1:])
        raise


def _assess(reference: Reference, budget: float | None, seed: int, tell: Callable[[Assessed], None] | None = None) -> Assessed:
    from dmftheory.proofs import library, proofs

    with redirect_stdout(sys.stderr):  # what a family prints when it is built is not our answer
        return assess(statements(reference.file)[reference.place], budget, seed, library(), proofs(), _proved_here(), tell)


@cache
def _proved_here() -> dict[str, Any]:
    """What this process has proved so far."""
    return {}


def _prepare(setting: Mapping[str, Any]) -> Work:
    """What another process does with a file and a place in it."""

    def work(task: Sequence[Any], tell: Tell) -> dict[str, Any]:
        return asdict(_assess(Reference(*task), setting["budget"], setting["seed"]))

    return work


def _from_plain(data: Mapping[str, Any]) -> Assessed:
    """What `asdict` made plain in another process of this very program."""
    outcomes = tuple(Outcome(**{**outcome, "witness": _witness(outcome["witness"])}) for outcome in data["outcomes"])
    return Assessed(**{**data, "outcomes": outcomes})


def _witness(data: Mapping[str, Any] | None) -> Witness | None:
    return None if data is None else Witness(tuple((name, value) for name, value in data["values"]), data["slack"])
