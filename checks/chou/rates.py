"""The linear rates against loops in original variables, all eigenvalues of random spectra on one clock."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from dmftheory.checks.draws import share
from dmftheory.checks.report import Check, Draw, Situation, attack
from dmftheory.checks.spectra import modes, numbers

from dmftheory.claims import Family, Theorem
from dmftheory.theorems.chou.rates import N, a, tau, x0

HORIZON = 120
LONG_HORIZON = 1500


def _runs(horizon: int, *, above: bool = False) -> Draw:
    def situations(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
        assert isinstance(theorem, Theorem)
        earlier = {a: lambda known: known[x0] * source.choice([share(source), Fraction(1)])} if a in theorem.given else {}
        while True:
            yield from modes(theorem, source, (N, tau, x0), Fraction(1), horizon, earlier, above=above)

    return situations


def _points(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        yield numbers(theorem, source)


_LOOPS = f"loops of up to {HORIZON} steps in original variables, all eigenvalues of random spectra"

CHECKS: dict[str, Check] = {
    "chou.rates.secant_bounds": attack(_points, "the field and its secant at random points"),
    "chou.rates.from_below": attack(_runs(HORIZON), _LOOPS),
    "chou.rates.secant_bounds_above": attack(_points, "the field and its secant at random points"),
    "chou.rates.from_above": attack(_runs(HORIZON, above=True), _LOOPS),
    "chou.rates.step_count": attack(_runs(LONG_HORIZON), "first passages counted step by step, all eigenvalues of random spectra"),
    "chou.rates.convergence": attack(_runs(HORIZON), _LOOPS),
    "chou.rates.convergence_above": attack(_runs(HORIZON, above=True), _LOOPS),
}
