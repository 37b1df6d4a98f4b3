"""How far along, on standard error, for work that takes more than a second."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from dmftheory.report.output import PATIENCE, console

Item = TypeVar("Item")
REMINDER = 10.0  # seconds between lines where standard error is no terminal


def counted(items: Iterable[Item], total: int, done: str) -> Iterator[Item]:
    """Yield the items; a bar on a terminal, else a line `12 of 40 settled` every ten seconds, both only after a second."""
    return _bar(items, total, done) if sys.stderr.isatty() else _lines(items, total, done)


def _lines(items: Iterable[Item], total: int, done: str) -> Iterator[Item]:
    due = time.monotonic() + PATIENCE
    for number, item in enumerate(items, 1):
        if time.monotonic() >= due and number < total:
            sys.stderr.write(f"{number} of {total} {done}\n")
            due = time.monotonic() + REMINDER
        yield item


def _bar(items: Iterable[Item], total: int, done: str) -> Iterator[Item]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn(done), TimeElapsedColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as progress:
        task = progress.add_task(done, total=total)
        for item in items:
            progress.advance(task)
            yield item
