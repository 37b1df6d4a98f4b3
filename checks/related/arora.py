"""Balanced factors: the gain at random points, and the error of the product along loops in original variables."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from dmftheory.checks.draws import fill, moderate, positive, share, whole
from dmftheory.checks.report import Check, Situation, attack
from dmftheory.checks.simulate import Simulation
from dmftheory.checks.spectra import LAST_DEPTH, members, numbers

from dmftheory.claims import Family, Theorem
from dmftheory.theorems.related.arora import M, N, alpha, d, e, eta, linear_rate, q, r

HORIZON = 60


def _points(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    for member in members(theorem, source):
        yield numbers(member, source)


def _steps_above(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Step sizes at which the state stays above r: less than the distance over the speed."""
    assert isinstance(theorem, Theorem)
    while True:
        n, root = whole(source, 2, LAST_DEPTH), positive(source)
        at = root * (1 + share(source))
        size = share(source) * (at - root) / (at ** (int(n) - 1) * (at ** int(n) - root ** int(n)))
        end = at - size * at ** (int(n) - 1) * (at ** int(n) - root ** int(n))
        yield numbers(theorem, source, {N: n, r: root, d: at, eta: size, e: end})


def _runs(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        n, root = whole(source, 2, LAST_DEPTH), positive(source)
        start = root * share(source) if theorem is linear_rate else root * (1 + share(source))
        known = {N: n, r: root, alpha: start, M: max(root, start) * source.choice([Fraction(1), 1 + share(source)])}
        known |= {q: min(root, start) * source.choice([Fraction(1), share(source)])}
        known[eta] = moderate(source, theorem.given[eta], known)
        yield Situation(theorem, fill(theorem, source, known, far=HORIZON), Simulation(HORIZON).observables)


_POINTS = attack(_points, "both sides at random points")
_LOOPS = attack(_runs, f"loops of up to {HORIZON} steps in original variables")

CHECKS: dict[str, Check] = {
    "related.arora.gain": _POINTS,
    "related.arora.step_below": _POINTS,
    "related.arora.step_above": attack(_steps_above, "one step from random states"),
    "related.arora.linear_rate": _LOOPS,
    "related.arora.linear_rate_above": _LOOPS,
}
