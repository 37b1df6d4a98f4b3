"""The first-order step count against loops and quadrature: single steps, whole runs, and first passages counted step by step."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from dmftheory.checks.report import Check, Draw, Situation, attack
from dmftheory.checks.spectra import modes, numbers

from dmftheory.claims import Family, Theorem
from dmftheory.theorems.abel.count import N, tau, x0

HORIZON = 150
LONG_HORIZON = 3000


def _runs(horizon: int) -> Draw:
    def situations(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
        assert isinstance(theorem, Theorem)
        while True:
            yield from modes(theorem, source, (N, tau, x0), Fraction(1), horizon)

    return situations


def _points(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        yield numbers(theorem, source)


_NUMBERS = attack(_points, "both sides at random numbers, enclosed")
_FLOW = attack(_points, "quadrature of the flow, with proved error, between random states")
_STEP = attack(_points, "one step from a random state against quadrature of the flow")
_COUNTS = attack(_runs(LONG_HORIZON), "first passages counted step by step, all eigenvalues of random spectra; the flow by quadrature")

CHECKS: dict[str, Check] = {
    "abel.count.field_change": _NUMBERS,
    "abel.count.slope_bounds": _NUMBERS,
    "abel.count.products": _NUMBERS,
    "abel.count.second_slope": _NUMBERS,
    "abel.count.first_slope": _NUMBERS,
    "abel.count.defect": _FLOW,
    "abel.count.share": _NUMBERS,
    "abel.count.one_step": _STEP,
    "abel.count.speed": _NUMBERS,
    "abel.count.potential_grows": _NUMBERS,
    "abel.count.potential_step": _NUMBERS,
    "abel.count.steps": attack(_runs(HORIZON), f"loops of up to {HORIZON} steps in original variables; the flow by quadrature"),
    "abel.count.stretch": _NUMBERS,
    "abel.count.log_below": _NUMBERS,
    "abel.count.count_grows": _FLOW,
    "abel.count.passage_at_least": _COUNTS,
    "abel.count.passage_at_most": _COUNTS,
}
