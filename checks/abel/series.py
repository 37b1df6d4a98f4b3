"""The coefficient identities at random depths and states, in exact fractions and enclosures."""

from __future__ import annotations

import random
from collections.abc import Iterator

from dmftheory.checks.draws import fill
from dmftheory.checks.report import Check, Situation, attack

from dmftheory.claims import Family, Theorem

DEEPEST = 7  # beyond the least depth: exact powers grow long


def _numbers(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        yield Situation(theorem, fill(theorem, source, far=DEEPEST))


def _members(family: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """The members in turn."""
    assert isinstance(family, Family)
    theorems = [theorem for _, theorem in family.members()]
    while True:
        for theorem in theorems:
            yield Situation(theorem, fill(theorem, source, far=DEEPEST))


_each_member = attack(_members, "both sides of the identity in exact fractions at random depths and states")

CHECKS: dict[str, Check] = {
    "abel.series.equation": _each_member,
    "abel.series.derivative": attack(_numbers, "both sides of the differentiation rule, enclosed, at random depths, orders and states"),
    "abel.series.universal": _each_member,
    "abel.series.pole": _each_member,
    "abel.series.defect": _each_member,
}
