"""Majorants at random numbers, in exact fractions."""

from __future__ import annotations

import random
from collections.abc import Iterator

from dmftheory.checks.report import Check, Situation, attack
from dmftheory.checks.spectra import members, numbers

from dmftheory.claims import Family, Theorem


def _points(statement: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    for theorem in members(statement, source):
        yield numbers(theorem, source)


_NUMBERS = attack(_points, "both sides at random numbers")
_STATEMENTS = (
    *("tail_term", "one_more", "tail", "limit", "add", "multiply", "reciprocal"),
    *("negative_power", "positive_power", "integral", "without_constant"),
)

CHECKS: dict[str, Check] = {f"abel.majorant.{name}": _NUMBERS for name in _STATEMENTS}
