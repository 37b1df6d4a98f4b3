"""Iteration counts: every step of the loop against quadrature of the flow, all eigenvalues of random spectra on one clock."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from dmftheory.checks.draws import inside, whole
from dmftheory.checks.report import Check, Draw, Situation, attack
from dmftheory.checks.spectra import modes, numbers
from sympy import Interval

from dmftheory.claims import Family, Theorem
from dmftheory.theorems.chou.passage import N, a, b, tau, x0

HORIZON = 150
LONG_HORIZON = 2000
BELOW_INFLECTION = Fraction(577, 1000)  # the inflection point rises with N, from 3^(-1/2) at depth 2


def _runs(horizon: int, reach: Fraction) -> Draw:
    def situations(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
        assert isinstance(theorem, Theorem)
        while True:
            yield from modes(theorem, source, (N, tau, x0), reach, horizon)

    return situations


def _points(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        yield numbers(theorem, source)


def _beside_the_peak(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Pairs on the falling side of the relative growth, or on the rising one, as the statement's own order of the variables asks."""
    assert isinstance(theorem, Theorem)
    peak = ((N - 2) / (2 * N - 2)) ** (1 / N)
    falling = list(theorem.given).index(a) < list(theorem.given).index(b)
    side = {a: Interval.open(peak, 1)} if falling else {b: Interval.Lopen(0, peak)}
    while True:
        chosen = {symbol: lambda known, domain=domain: inside(source, domain, known) for symbol, domain in side.items()}
        yield numbers(theorem, source, {N: whole(source, 2 if falling else 3, 14), **chosen})


_LOOPS = f"loops of up to {HORIZON} steps in original variables, all eigenvalues of random spectra"
_FLOW = attack(_points, "quadrature of the flow, with proved error, between random states")
_STEP = attack(_points, "one step from a random state against quadrature of the flow")
_FIELD = attack(_points, "the field at random points")
_GROWTH = attack(_beside_the_peak, "the relative growth at random points on one side of its peak")
_AGAINST_FLOW = attack(_runs(HORIZON, BELOW_INFLECTION), f"{_LOOPS}; the flow by quadrature")
_COUNTS = attack(
    _runs(LONG_HORIZON, BELOW_INFLECTION),
    "first passages counted step by step, all eigenvalues of random spectra; the flow by quadrature",
)

CHECKS: dict[str, Check] = {
    "chou.passage.field_rises": _FIELD,
    "chou.passage.field_falls": _FIELD,
    "chou.passage.time_passes": _FLOW,
    "chou.passage.rising_at_most": _FLOW,
    "chou.passage.rising_at_least": _FLOW,
    "chou.passage.falling_at_most": _FLOW,
    "chou.passage.falling_at_least": _FLOW,
    "chou.passage.stays_below": _STEP,
    "chou.passage.slow_step": _STEP,
    "chou.passage.growth_falls": _GROWTH,
    "chou.passage.growth_rises": _GROWTH,
    "chou.passage.growth_peak": _FIELD,
    "chou.passage.field_grows": _FIELD,
    "chou.passage.inside": attack(_runs(HORIZON, Fraction(1)), _LOOPS),
    "chou.passage.increases": attack(_runs(HORIZON, Fraction(1)), _LOOPS),
    "chou.passage.slow": _AGAINST_FLOW,
    "chou.passage.fast_step": _STEP,
    "chou.passage.fast": _AGAINST_FLOW,
    "chou.passage.at_least": _COUNTS,
    "chou.passage.at_most": _COUNTS,
    "chou.passage.finite": attack(_runs(LONG_HORIZON, Fraction(1)), "first passages counted step by step"),
}
