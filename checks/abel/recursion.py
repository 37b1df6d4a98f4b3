"""The recursion at random depths, orders and coefficients, in exact fractions."""

from __future__ import annotations

import random
from collections.abc import Iterator

from dmftheory.checks.report import Check, Situation, attack
from dmftheory.checks.spectra import members, numbers

from dmftheory.claims import Family, Theorem


def _points(statement: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    for theorem in members(statement, source):
        yield numbers(theorem, source)


_NUMBERS = attack(_points, "both sides in exact fractions at random depths and orders")
_STEPS = ("degree", "leading", "constant", "pole", "pole_power", "origin", "gregory_term")
_EQUATIONS = ("pole_sum", "residue", "origin_sum", "origin_residue")

CHECKS: dict[str, Check] = {f"abel.recursion.{name}": _NUMBERS for name in _STEPS + _EQUATIONS}
