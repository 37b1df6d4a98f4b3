"""The order of the factors: loops in original variables, every pair of eigenvalues of random spectra of both signs on one clock."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from dmftheory.checks.draws import decreasing, fill, moderate, positive, share, whole
from dmftheory.checks.report import Check, Situation, attack
from dmftheory.checks.simulate import Simulation
from dmftheory.checks.spectra import LAST_DEPTH, numbers

from dmftheory.claims import Family, Theorem
from dmftheory.theorems.chou.order import M, N, Y, alpha, eta, k, lam, mu, r, s, slope_lost

HORIZON = 120


def _pairs(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Eigenvalues r^N for a decreasing list of r, zero, and the negative of each, two at a time; the start lies anywhere among the r."""
    assert isinstance(theorem, Theorem)
    while True:
        simulation = Simulation(HORIZON)
        n, roots = whole(source, 2, LAST_DEPTH), decreasing(source, 3, Fraction(1))
        start = source.choice([roots[-1] * share(source), roots[1], roots[0] * (1 + share(source))])
        bound = max(start, roots[0]) * source.choice([Fraction(1), 1 + share(source)])
        clock = {N: n, M: bound, alpha: start, k: whole(source, int(theorem.given[k].start), HORIZON - 1)}
        clock[eta] = moderate(source, theorem.given[eta], clock)
        signed = [*roots, Fraction(0), *(-root for root in reversed(roots))]
        for larger, smaller in combinations(signed, 2):
            size = {r: larger} if r in theorem.given else {s: abs(larger) ** int(n)}
            if _fits(theorem, larger, start):
                value = abs(smaller) ** int(n) * (1 if smaller > 0 else -1)
                yield Situation(theorem, fill(theorem, source, {**clock, **size, mu: value}), simulation.observables)


def _fits(theorem: Theorem, root: Fraction, start: Fraction) -> bool:
    """Whether the statement speaks of an eigenvalue with this (signed) root."""
    if r not in theorem.given:
        return root <= 0
    return root >= start if theorem.given[alpha].end == r else 0 < root <= start


def _gentle(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """States up to Y with a step size that leaves the slope at Y nonnegative."""
    assert isinstance(theorem, Theorem)
    while True:
        n, top, eigenvalue = whole(source, 2, LAST_DEPTH), positive(source), positive(source) * source.choice([-1, 0, 1])
        lost = slope_lost(top, eigenvalue).subs({N: n, eta: 1})
        chosen = share(source) / Fraction(str(lost)) if lost > 0 else positive(source)
        yield numbers(theorem, source, {N: n, Y: top, lam: eigenvalue, eta: chosen})


def _points(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        yield numbers(theorem, source)


_LOOPS = attack(_pairs, f"loops of up to {HORIZON} steps, every pair of eigenvalues of random spectra of both signs", share=Fraction(3))
_GENTLE = attack(_gentle, "one step from pairs of random states")
_POINTS = attack(_points, "one step from random states", share=Fraction(4))

CHECKS: dict[str, Check] = {
    "chou.order.peak": _POINTS,
    "chou.order.map_increases": _GENTLE,
    "chou.order.first_step": _POINTS,
    "chou.order.after_first_step": _POINTS,
    "chou.order.stays_nonnegative": _POINTS,
    "chou.order.one_step": _GENTLE,
    "chou.order.below": _LOOPS,
    "chou.order.above_later": _LOOPS,
    "chou.order.above": _LOOPS,
    "chou.order.nonpositive_later": _LOOPS,
    "chou.order.nonpositive": _LOOPS,
}
