"""The step count of a negative eigenvalue: random states against quadrature of the flow, whole runs by plain loops."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from dmftheory.checks.draws import fill
from dmftheory.checks.report import Check, Situation, attack
from dmftheory.checks.simulate import Simulation
from dmftheory.checks.spectra import numbers

from dmftheory.claims import Family, Theorem
from dmftheory.theorems.abel.decay_negative import k

HORIZON = 120
DEEPEST = 6  # beyond the least depth: exact powers grow long


def _points(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        yield numbers(theorem, source, far=DEEPEST)


def _runs(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        values = fill(theorem, source, {k: Fraction(source.randint(0, HORIZON))}, far=DEEPEST)
        yield Situation(theorem, values, Simulation(HORIZON).observables)


_NUMBERS = attack(_points, "both sides at random numbers, enclosed")
_FLOW = attack(_points, "random states against quadrature of the flow")
_SHAPES = ("field_change", "slope_bounds", "relative_change", "second_slope", "first_slope", "share_falls")

CHECKS: dict[str, Check] = {
    **{f"abel.decay_negative.{name}": _NUMBERS for name in _SHAPES},
    "abel.decay_negative.defect": _FLOW,
    "abel.decay_negative.one_step": _FLOW,
    "abel.decay_negative.inside": attack(_runs, f"loops of up to {HORIZON} steps"),
}
