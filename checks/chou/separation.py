"""Separation of two eigenvalues: both times by quadrature of the flow, steps by loops in original variables."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from dmftheory.checks.draws import fill, moderate, positive, share, whole
from dmftheory.checks.interval import bounds
from dmftheory.checks.report import Check, Situation, attack
from dmftheory.checks.simulate import Simulation, learning_time
from dmftheory.checks.spectra import LAST_DEPTH, numbers, starting_share

from dmftheory.claims import Family, LearningStep, Theorem
from dmftheory.theorems.chou.separation import N, alpha, eta, k, lam, phi, r, theta, x, y, z

HORIZON = 150
HALVINGS = 12


def _points(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        yield numbers(theorem, source)


def _barely_learned(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """y is where the eigenvalue 1 has hardly been longer on its way than r^N to z."""
    assert isinstance(theorem, Theorem)
    while True:
        depth = whole(source, 3, LAST_DEPTH)
        root = share(source)
        start = root * share(source)
        end = start + (root - start) * share(source)
        spent = bounds(learning_time(depth, root ** int(depth), start, end))[1]
        low, high = start, Fraction(1)
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (low, middle) if bounds(learning_time(depth, Fraction(1), start, middle))[0] >= spent else (middle, high)
        if high < 1:
            yield numbers(theorem, source, {N: depth, r: root, x: start, z: end, y: high})


def _runs(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        depth = whole(source, 3, LAST_DEPTH) if N in theorem.given else Fraction(2)
        root = positive(source)
        known = {**({N: depth} if N in theorem.given else {}), r: root, alpha: root * starting_share(source, int(depth))}
        known[eta] = moderate(source, theorem.given[eta], known)
        yield Situation(theorem, fill(theorem, source, known, far=HORIZON), Simulation(HORIZON).observables)


def _levels(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """k is the step at which the higher level is reached, or a later one."""
    assert isinstance(theorem, Theorem)
    while True:
        simulation = Simulation(HORIZON)
        depth, root = whole(source, 2, LAST_DEPTH), positive(source)
        start = root * starting_share(source, int(depth))
        known = {N: depth, lam: root ** int(depth), alpha: start, eta: share(source) / (depth * root ** (2 * int(depth) - 2))}
        known |= {theta: share(source), phi: Fraction(0)}
        known[phi] = known[theta] * source.choice([share(source), Fraction(1)])
        passage = simulation.observables[LearningStep](*(known[name] for name in (N, lam, alpha, eta, theta)))
        if passage is not None:
            yield Situation(theorem, {**known, k: passage + source.randint(0, 3)}, simulation.observables)


_FLOW = attack(_points, "quadrature of the flow, with proved error, between random states")
_LOOPS = attack(_runs, f"loops of up to {HORIZON} steps in original variables")

CHECKS: dict[str, Check] = {
    "chou.separation.waiting_flow": _FLOW,
    "chou.separation.waiting_flow_depth_two": _FLOW,
    "chou.separation.linear_odds": _FLOW,
    "chou.separation.separated": attack(_barely_learned, "quadrature of both flows up to the same time", share=Fraction(1, 2)),
    "chou.separation.separated_depth_two": _FLOW,
    "chou.separation.window": _FLOW,
    "chou.separation.window_depth_two": _FLOW,
    "chou.separation.step_function": _FLOW,
    "chou.separation.step_function_depth_two": _FLOW,
    "chou.separation.waiting_steps": _LOOPS,
    "chou.separation.waiting_steps_depth_two": _LOOPS,
    "chou.separation.levels_in_order": attack(_levels, "first passages counted step by step"),
}
