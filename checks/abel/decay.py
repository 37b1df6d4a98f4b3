"""The step count of a zero eigenvalue: single steps at random states, whole runs by plain loops."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from dmftheory.checks.draws import fill
from dmftheory.checks.report import Check, Situation, attack
from dmftheory.checks.simulate import Simulation
from dmftheory.checks.spectra import numbers

from dmftheory.claims import Family, Theorem
from dmftheory.theorems.abel.decay import k

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
_LOOPS = attack(_runs, f"loops of up to {HORIZON} steps")

CHECKS: dict[str, Check] = {
    **{f"abel.decay.{name}": _NUMBERS for name in ("bend", "slope", "excess", "one_step", "share_falls", "telescope")},
    "abel.decay.inside": _LOOPS,
    "abel.decay.steps": _LOOPS,
}
