"""The potential that sums defects at random states, and the bracket at random numbers."""

from __future__ import annotations

import random
from collections.abc import Iterator

from dmftheory.checks.report import Check, Situation, attack
from dmftheory.checks.spectra import members, numbers

from dmftheory.claims import Family, Theorem
from dmftheory.theorems.abel.defect import Delta, after, before


def _points(statement: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    for theorem in members(statement, source):
        yield numbers(theorem, source)


def _straddled(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Counts before and after the passage with the level between them."""
    assert isinstance(theorem, Theorem)
    while True:
        situation = numbers(theorem, source, {Delta: 0})
        values = dict(situation.values)
        if values[before] < values[after]:
            values[Delta] = values[before] + (values[after] - values[before]) * source.randint(1, 100) / 100
            yield Situation(theorem, values, situation.observables)


CHECKS: dict[str, Check] = {
    "abel.defect.potential_grows": attack(_points, "both sides at random states within one step, enclosed"),
    "abel.defect.bracket": attack(_straddled, "random counts, errors and levels"),
}
