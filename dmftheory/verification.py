"""Settle statements: of the corpus, of a file, or handed over; in processes that keep to their time, and not twice."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any

from dmftheory.claims import Family, Theorem
from dmftheory.claims.plain import from_plain, to_plain
from dmftheory.claims.verdict import Settled
from dmftheory.errors import InputError
from dmftheory.ledger import Keys, Ledger, opened, unchanged
from dmftheory.workers import Outcome, Tell, Work, run_each

TARGET = "ID | PREFIX | FILE.py"
ENGINES_SHARE = 0.9
"""The part of the time of a statement after which its engines are asked to stop; what has not stopped at its end is killed."""


@dataclass(frozen=True)
class Reference:
    """Where a statement stands, so that another process can find it: a file, or None for the corpus, and its place there."""

    file: str | None
    place: int


def verify(
    *targets: str | Theorem | Family,
    engines: Sequence[str] = (),
    budget: float | None = None,
    seed: int = 0,
    jobs: int = 1,
    cache: bool = True,
) -> tuple[Settled, ...]:
    """Settle the statements named: ids, beginnings of ids, Python files (which are run), Theorems, Families; by default the corpus.

    engines   names of engines, by default all;  budget: seconds for each statement;  seed: of the random draws;  jobs: processes
    cache     whether verdicts on what is named are looked up in the ledger and kept there; what is handed over is settled anew
    Raises InputError for a name that nothing answers to.
    """
    names = [target for target in targets if isinstance(target, str)]
    given = [target for target in targets if not isinstance(target, str)]
    references = select(names) if names or not given else ()
    found = settle_each(references, engines, budget, seed, jobs, cache)
    return (*(settled for _, settled in found), *_settle_given(given, engines, budget, seed, jobs))


def select(targets: Sequence[str]) -> tuple[Reference, ...]:
    """The statements that ids, beginnings of ids and files name, each once, in the order named; the corpus for no target."""
    if not targets:
        return tuple(Reference(None, place) for place in range(len(statements(None))))
    return tuple(dict.fromkeys(reference for target in targets for reference in _matching(target)))


def find(name: str, file: str | None = None) -> Theorem | Family:
    """The one statement with this id. Raises InputError."""
    for statement in statements(file):
        if statement.id == name:
            return statement
    raise InputError("ID", name, "the id of a statement; `dmftheory list` prints them")


@functools.cache
def statements(file: str | None) -> tuple[Theorem | Family, ...]:
    """The statements of a file, which is run once; those of the corpus for None."""
    if file is None:
        from dmftheory.theorems import corpus

        return tuple(corpus())
    from dmftheory.claims.collect import load

    with redirect_stdout(sys.stderr):  # what the file prints is not our answer
        found = tuple(load(file))
    if not found:
        raise InputError(TARGET, file, "a Python file that binds a Theorem or Family at its top level")
    return found


def settle_each(
    references: Sequence[Reference], engines: Sequence[str], budget: float | None, seed: int, jobs: int, cache: bool = True
) -> Iterator[tuple[Reference, Settled]]:
    """The verdicts in the order of the references, each as soon as it and those before it are there.

    What the ledger knows is not settled again; what is settled is kept there at once. After Ctrl-C, what has been settled out of order is
    still handed out before KeyboardInterrupt goes on.
    """
    _check_engines(engines)
    items = [statements(reference.file)[reference.place] for reference in references]
    with opened(cache) as ledger:
        keys = Keys(engines, seed) if ledger.works and items else None

        @functools.cache
        def key(place: int) -> str | None:
            return None if keys is None else _key(ledger, keys, references[place], items[place])

        known: dict[int, Settled] = {}
        for place in range(len(items)) if keys is not None and ledger.knows(keys.run) else ():
            found = ledger.look_up(key(place), items[place])
            if found is not None:
                known[place] = found
        new = [place for place in range(len(items)) if place not in known]
        setting = {"engines": list(engines), "seed": seed, "budget": budget, "keys": keys is not None}
        setting["files"] = list(dict.fromkeys(references[place].file for place in new))
        tasks = [[references[place].file, references[place].place] for place in new]

        def arriving() -> Generator[tuple[int, Settled], None, None]:
            with closing(run_each(f"{__name__}:_prepare", setting, tasks, jobs, budget)) as outcomes:
                for outcome in outcomes:
                    place = new[outcome.task]
                    settled = _result(items[place], outcome, budget)
                    if keys is not None and _unhurried(items[place], outcome, budget) and outcome.answer == key(place):
                        ledger.keep(key(place), settled, keys.run)
                    yield place, settled

        with closing(arriving()) as arrivals:
            for place, settled in _in_order(known, arrivals, len(items)):
                yield references[place], settled


def _key(ledger: Ledger, keys: Keys, reference: Reference, item: Theorem | Family) -> str | None:
    """The key of a statement. The members of a family may take seconds to build, so for the corpus it is noted."""
    if reference.file is not None:
        return keys.key(item)
    source = keys.source(item.id)
    key = ledger.key_of(source)
    if key is None:
        key = keys.key(item)
        if key is not None and unchanged():
            ledger.note(source, key)
    return key


def _in_order(known: dict[int, Settled], arriving: Iterator[tuple[int, Settled]], total: int) -> Iterator[tuple[int, Settled]]:
    """What is known and what arrives, by place; after Ctrl-C, what there is."""
    due = 0
    try:
        for place in range(total):
            while place not in known:
                found, settled = next(arriving)
                known[found] = settled
            due = place + 1
            yield place, known[place]
    except KeyboardInterrupt:
        yield from ((place, known[place]) for place in sorted(known) if place >= due)
        raise


def _settle_given(
    items: Sequence[Theorem | Family], engines: Sequence[str], budget: float | None, seed: int, jobs: int
) -> tuple[Settled, ...]:
    """Statements that only this process has: settled here or, where time is to be kept, in copies of it."""
    if budget is None:
        return tuple(_settle(item, engines, None, seed) for item in items)
    _check_engines(engines)

    def work(place: int, tell: Tell) -> None:
        _settle_and_tell(items[place], engines, budget, seed, tell)

    outcomes = sorted(run_each(work, None, range(len(items)), jobs, budget), key=lambda outcome: outcome.task)
    return tuple(_result(items[outcome.task], outcome, budget) for outcome in outcomes)


def _prepare(setting: dict[str, Any]) -> Work:
    """What another process does: it settles the statement at a place of a file, and answers with the key that it has for it.

    The key tells whether the two processes mean the same: a file or our own code may have changed meanwhile.
    """
    import dmftheory.engines.settle  # noqa: F401  so that what follows is the code that has been loaded

    for file in setting["files"]:
        statements(file)
    engines, budget, seed = setting["engines"], setting["budget"], setting["seed"]
    keys = Keys(engines, seed) if setting["keys"] else None

    def work(task: list[Any], tell: Tell) -> str | None:
        item = statements(task[0])[task[1]]
        _settle_and_tell(item, engines, budget, seed, tell)
        return None if keys is None else keys.key(item)

    return work


def _settle_and_tell(item: Theorem | Family, engines: Sequence[str], budget: float | None, seed: int, tell: Tell) -> None:
    """Settle a statement and tell the answers so far, the last of which is whole."""
    start = monotonic()

    def so_far(settled: Settled, whole: bool = False) -> None:
        tell({"settled": to_plain(settled), "whole": whole, "seconds": monotonic() - start})

    so_far(_settle(item, engines, None if budget is None else ENGINES_SHARE * budget, seed, so_far), True)


def _result(item: Theorem | Family, outcome: Outcome, budget: float | None) -> Settled:
    """The answer of another process or, where it did not finish, what can be said without it."""
    told = outcome.told
    settled = None if told is None else from_plain(told["settled"])
    if settled is None or settled.id != item.id:
        why = outcome.why or "the statement has changed since it was read"
        return Settled(item.id, item.title, "undecided", item.declared, reason=why)
    if not told["whole"]:
        if settled.verdict in ("refuted", "ill-posed") and settled.witness is not None:  # nothing could mend that
            return replace(settled, reason=settled.reason or f"then {outcome.why}")
        said = "; ".join(f"{evidence.engine} says {evidence.verdict}" for evidence in settled.evidence)
        return replace(settled, verdict="undecided", reason=f"{outcome.why}; before, {said or 'no engine finished'}")
    if settled.verdict == "undecided" and budget is not None and told["seconds"] >= ENGINES_SHARE * budget:
        return replace(settled, reason=f"ran out of {budget:g} seconds; {settled.reason}")
    return settled


def _unhurried(item: Theorem | Family, outcome: Outcome, budget: float | None) -> bool:
    """Whether the budget has changed nothing: every engine, in every member, had at least twice the time that it took."""
    if budget is None:
        return True
    members = len(item.indices) if isinstance(item, Family) else 1
    return outcome.told is not None and bool(2 * members * outcome.told["seconds"] <= ENGINES_SHARE * budget)


def _check_engines(engines: Sequence[str]) -> None:
    from dmftheory.engines.settle import ENGINES

    for name in engines:
        if name not in ENGINES:
            raise InputError("--engine", name, ", ".join(ENGINES))


def _matching(target: str) -> list[Reference]:
    if target.endswith(".py") or os.sep in target:
        if not Path(target).is_file():
            raise InputError(TARGET, target, "a Python file that exists")
        return [Reference(target, place) for place in range(len(statements(target)))]
    ids = [statement.id for statement in statements(None)]
    if target in ids:
        return [Reference(None, ids.index(target))]
    found = [Reference(None, place) for place, name in enumerate(ids) if target and name.startswith(target)]
    if not found:
        raise InputError(TARGET, target, "an id or the beginning of one (`dmftheory list` prints them), or a Python file of statements")
    return found


def _settle(
    statement: Theorem | Family, engines: Sequence[str], budget: float | None, seed: int, tell: Callable[[Settled], None] | None = None
) -> Settled:
    from dmftheory.engines.settle import settle
    from dmftheory.proofs import library, proofs

    with redirect_stdout(sys.stderr):  # what a family prints when it is built is not our answer
        return settle(statement, tuple(engines), budget, seed, library(), proofs(), _proved_here(), tell)


@functools.cache
def _proved_here() -> dict[str, Any]:
    """What this process has proved so far: a lemma that many proofs cite is checked once."""
    return {}
