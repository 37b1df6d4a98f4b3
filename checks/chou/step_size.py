"""Step sizes: loops in original variables for all eigenvalues of random spectra, and single steps near the fixed point."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from dmftheory.checks.draws import decreasing, fill, moderate, share, whole
from dmftheory.checks.interval import bounds
from dmftheory.checks.report import Check, Draw, Situation, attack
from dmftheory.checks.simulate import Simulation
from dmftheory.checks.spectra import LAST_DEPTH, modes, numbers

from dmftheory.claims import Family, Iterate, Theorem
from dmftheory.theorems.chou.step_size import M, N, alpha, eta, h, k, r, s, tau, x0

HORIZON = 120


def _runs(place: str) -> Draw:
    """All eigenvalues on one clock: `place` says where the start lies, 'below' or 'above' all roots, or that the roots are 'negative'."""

    def situations(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
        assert isinstance(theorem, Theorem)
        while True:
            simulation = Simulation(HORIZON)
            n, roots = whole(source, 2, LAST_DEPTH), decreasing(source, 3, Fraction(1))
            start = roots[-1] * share(source) if place == "below" else roots[0] * (1 + share(source))
            start = source.choice([start, roots[-1] if place == "below" else roots[0]])
            bound = max(start, roots[0]) * source.choice([Fraction(1), 1 + share(source)])
            clock = {N: n, M: bound, alpha: start, k: whole(source, 0, HORIZON - 1)}
            clock[eta] = moderate(source, theorem.given[eta], clock)
            values = [{r: root} for root in roots] if r in theorem.given else [{s: root ** int(n)} for root in [*roots, Fraction(0)]]
            for value in values:
                yield Situation(theorem, fill(theorem, source, {**clock, **value}), simulation.observables)

    return situations


def _points(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        yield numbers(theorem, source)


def _near_the_target(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Distances h that `threshold` and `field` speak of: at most 1/(2N), not 0; now and then far smaller."""
    assert isinstance(theorem, Theorem)
    while True:
        n = whole(source, 2, 14)
        distance = share(source) / (2 * n) * source.choice([-1, 1]) * source.choice([Fraction(1), Fraction(1, 1000)])
        yield numbers(theorem, source, {N: n, h: distance, tau: 3 * share(source) / n})


def _visited(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Every state that a run from a spectrum visits before it overshoots, as the start of one more step."""
    assert isinstance(theorem, Theorem)
    while True:
        for situation in modes(theorem, source, (N, tau, x0), Fraction(1), HORIZON):
            start = [situation.values[name] for name in (N, tau, x0)]
            for j in range(HORIZON):
                state = situation.observables[Iterate](*start, Fraction(j), Fraction(1))
                if state is None or bounds(state)[1] > 1:
                    break
                yield Situation(theorem, {**situation.values, x0: state})


_LOOPS = f"loops of up to {HORIZON} steps in original variables, all eigenvalues of random spectra"
_ONE_STEP = "one step from random points near the target"

CHECKS: dict[str, Check] = {
    "chou.step_size.increasing": attack(_runs("below"), _LOOPS),
    "chou.step_size.decreasing": attack(_runs("above"), _LOOPS),
    "chou.step_size.nonpositive": attack(_runs("negative"), _LOOPS),
    "chou.step_size.sharp": attack(_points, _ONE_STEP),
    "chou.step_size.invariant": attack(_visited, "one more step from every state that runs of random spectra visit"),
    "chou.step_size.loosened": attack(_visited, "one more step from every state that runs of random spectra visit", share=Fraction(40)),
    "chou.stability.field": attack(_near_the_target, "the field at random points near the target"),
    "chou.stability.multiplier": attack(_near_the_target, _ONE_STEP),
    "chou.stability.threshold": attack(_near_the_target, _ONE_STEP),
    "chou.step_size.monotone_map": attack(_points, "the slope of the map at random states", share=Fraction(20)),
    "chou.step_size.monotone_map_positive": attack(_points, "the slope of the map at random states"),
}
