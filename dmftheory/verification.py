"""Settle statements: of the corpus, of a file, or handed over; in this process or in several."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dmftheory.claims import Family, Theorem
from dmftheory.claims.verdict import Settled
from dmftheory.errors import InputError

TARGET = "ID | PREFIX | FILE.py"


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
) -> tuple[Settled, ...]:
    """Settle the statements named: ids, beginnings of ids, Python files (which are run), Theorems, Families; by default the corpus.

    engines   names of engines, by default all;  budget: seconds for each statement;  seed: of the random draws;  jobs: processes
    Raises InputError for a name that nothing answers to.
    """
    names = [target for target in targets if isinstance(target, str)]
    given = [target for target in targets if not isinstance(target, str)]
    references = select(names) if names or not given else ()
    found = settle_each(references, engines, budget, seed, jobs)
    return (*(settled for _, settled in found), *(_settle(item, engines, budget, seed) for item in given))


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


@cache
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
    references: Sequence[Reference], engines: Sequence[str], budget: float | None, seed: int, jobs: int
) -> Iterator[tuple[Reference, Settled]]:
    """The verdicts in the order of the references, each as soon as it and those before it are there.

    After Ctrl-C, what other processes have finished is still handed out before KeyboardInterrupt goes on.
    """
    _check_engines(engines)
    if jobs == 1 or len(references) < 2:
        for reference in references:
            yield reference, _settle_reference(reference, tuple(engines), budget, seed)
        return
    # spawn: a forked copy of a process whose libraries run threads may hang.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(jobs, len(references)), mp_context=context, initializer=_leave_quietly)
    waiting = {reference: pool.submit(_settle_reference, reference, tuple(engines), budget, seed) for reference in references}
    try:
        for reference in references:
            result = waiting[reference].result()
            del waiting[reference]
            yield reference, result
    except KeyboardInterrupt:
        done = [(reference, future) for reference, future in waiting.items() if future.done() and not future.exception()]
        yield from ((reference, future.result()) for reference, future in done)
        raise
    finally:
        unfinished = any(not future.done() for future in waiting.values())
        for worker in multiprocessing.active_children() if unfinished else ():
            worker.terminate()
        pool.shutdown(wait=True, cancel_futures=True)


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


def _settle_reference(reference: Reference, engines: tuple[str, ...], budget: float | None, seed: int) -> Settled:
    return _settle(statements(reference.file)[reference.place], engines, budget, seed)


def _settle(statement: Theorem | Family, engines: Sequence[str], budget: float | None, seed: int) -> Settled:
    from dmftheory.engines.settle import settle
    from dmftheory.proofs import library, proofs

    return settle(statement, tuple(engines), budget, seed, library(), proofs(), _proved_here())


@cache
def _proved_here() -> dict[str, Any]:
    """What this process has proved so far: a lemma that many proofs cite is checked once."""
    return {}


def _leave_quietly() -> None:
    # Ctrl-C reaches the workers too; the parent alone reports it.
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))
