"""Gradient descent and the flow after the same time: loops against quadrature of the flow."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from dmftheory.checks.draws import fill, share, whole
from dmftheory.checks.interval import bounds
from dmftheory.checks.report import Check, Situation, attack
from dmftheory.checks.simulate import Simulation, learning_time
from dmftheory.checks.spectra import numbers, starting_share

from dmftheory.claims import Family, Theorem
from dmftheory.theorems.abel.count import N, k, tau, x0
from dmftheory.theorems.chou.flow_distance import ahead, y

HORIZON = 40
LAST_DEPTH = 6
HALVINGS = 16


def _points(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        yield numbers(theorem, source)


def _same_time(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """y is where the flow is after the time k tau, up to 2^-HALVINGS, on the side that the statement asks for."""
    assert isinstance(theorem, Theorem)
    while True:
        depth = whole(source, 3, LAST_DEPTH)
        start, steps = starting_share(source, int(depth)), whole(source, 1, HORIZON)
        size = share(source) / depth
        low, high = start, Fraction(1)
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            late = bounds(learning_time(depth, Fraction(1), start, middle))[0] >= steps * size
            low, high = (low, middle) if late else (middle, high)
        end = high if theorem is ahead else low
        if end < 1:
            known = {N: depth, tau: size, x0: start, k: steps, y: end}
            yield Situation(theorem, fill(theorem, source, known), Simulation(HORIZON).observables)


_RUNS = attack(_same_time, f"loops of up to {HORIZON} steps and quadrature of the flow", share=Fraction(1, 4))

CHECKS: dict[str, Check] = {
    "chou.flow_distance.speed": attack(_points, "quadrature of the flow, with proved error, between random states"),
    "chou.flow_distance.behind": _RUNS,
    "chou.flow_distance.ahead": _RUNS,
}
