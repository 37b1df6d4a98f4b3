"""Stages: loops in original variables on one clock, and quadrature of the flow between random states."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from dmftheory.checks.draws import fill, moderate, positive, share, whole
from dmftheory.checks.interval import bounds
from dmftheory.checks.report import Check, Situation, attack
from dmftheory.checks.simulate import Simulation
from dmftheory.checks.spectra import LAST_DEPTH, modes, numbers, starting_share

from dmftheory.claims import Family, FirstPassage, Theorem
from dmftheory.theorems.cao.stages import N, a, b, k, low, r, tau, theta, top, u, x, x0, y

HORIZON = 150


def _points(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        yield numbers(theorem, source)


def _steps(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Every step of runs of random spectra around the end of a stage."""
    assert isinstance(theorem, Theorem)
    while True:
        for situation in modes(theorem, source, (N, tau, x0), Fraction(1), HORIZON):
            n = situation.values[N]
            start = [situation.values[name] for name in (N, tau, x0)]
            end = situation.observables[FirstPassage](*start, (n - 1) / (2 * n - 1), Fraction(1))
            if not isinstance(end, Fraction) or end > HORIZON - 6:
                continue
            for step in range(max(0, int(end) - 4), int(end) + 4):
                yield Situation(theorem, {**situation.values, k: Fraction(step)}, situation.observables)


def _valleys(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """One eigenvalue almost learned, the other hardly begun."""
    assert isinstance(theorem, Theorem)
    while True:
        root = source.choice([share(source), Fraction(1)])
        depth = whole(source, 2, 4)
        chosen: dict[Any, Any] = {
            N: depth,
            r: root,
            x: 1 - share(source) ** 2 * root ** (2 * int(depth)) / 8,
            u: root * share(source) ** 2 / 8,
        }
        situation = numbers(theorem, source, chosen)
        values = {name: bounds(situation.values[name]) for name in (a, b, low, top)}
        if 2 * values[a][1] < values[low][0] and 2 * values[b][1] < values[low][0]:
            yield situation


def _small_starts(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Starts at or below the one that the region asks for."""
    assert isinstance(theorem, Theorem)
    while True:
        depth = whole(source, 3, LAST_DEPTH)
        n, root = int(depth), share(source)
        until, learned = root * share(source), share(source)
        wanted = (until ** (2 - n) + (n - 2) * root**n * learned**2 / (2 * (1 - learned**n))) / (1 - root**n)
        start = min(until, learned) * share(source)
        while start ** (2 - n) < wanted:
            start /= 2
        yield numbers(theorem, source, {N: depth, r: root, x0: start, u: until, y: learned})


def _small_starts_depth_two(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """ln(1/x0) at least what the region asks for, by powers of two: ln 2 > 1/2 and ln(1 + t) <= t."""
    assert isinstance(theorem, Theorem)
    while True:
        root = share(source)
        until, learned = root * share(source), share(source)
        wanted = ((1 / until - 1) / root**2 + max(Fraction(0), learned**2 / (1 - learned**2) - 1) / 2) / (1 / root**2 - 1)
        if wanted < 500:
            start = min(until, learned) * share(source) / 2 ** (2 * int(wanted) + 2)
            yield numbers(theorem, source, {r: root, x0: start, u: until, y: learned})


def _two_modes(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Both eigenvalues on one clock, at steps from the first passage on."""
    assert isinstance(theorem, Theorem)
    while True:
        depth = whole(source, 3, 5)
        n, root = int(depth), share(source) / 2
        start = root * starting_share(source, n) / 2
        known: dict[Any, Any] = {N: depth, r: root, x0: start, theta: share(source)}
        known[tau] = moderate(source, theorem.given[tau], known)
        simulation = Simulation(HORIZON)
        passage = simulation.observables[FirstPassage](depth, known[tau], start, known[theta], Fraction(1))
        if not isinstance(passage, Fraction):
            continue
        known[k] = passage + source.randint(0, 3)
        left = start ** (2 - n) - (n - 2) * known[tau] * root**n * known[k]
        known[u] = root * share(source)
        if left >= known[u] ** (2 - n):
            yield Situation(theorem, fill(theorem, source, known), simulation.observables)


def _close(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Two eigenvalues, equal or close, on one clock."""
    assert isinstance(theorem, Theorem)
    while True:
        depth = whole(source, 2, 4)
        root = 1 - positive(source) / 10**4 if theorem.given[r].right_open else Fraction(1)
        if root <= 0:
            continue
        known = {N: depth, r: root, x0: root * Fraction(source.randint(20, 100), 1000)}
        known[tau] = 1 / depth
        yield Situation(theorem, fill(theorem, source, known), Simulation(HORIZON).observables)


_FLOW = attack(_points, "quadrature of the flow, with proved error, between random states")
_FIELD = attack(_points, "the field at random points")
_LOOPS = attack(_steps, "loops in original variables, the steps around the end of each stage")

CHECKS: dict[str, Check] = {
    "cao.stages.curvature": _LOOPS,
    "cao.stages.rate": _LOOPS,
    "cao.stages.equal": _LOOPS,
    "cao.stages.two_steps": _FIELD,
    "cao.stages.decrease": _LOOPS,
    "cao.stages.loss_rising": _FIELD,
    "cao.stages.loss_falling": _FIELD,
    "cao.stages.height": _FIELD,
    "cao.stages.valley": attack(_valleys, "contributions of two eigenvalues at random states", share=Fraction(1, 2)),
    "cao.stages.region": attack(_small_starts, "quadrature of both flows"),
    "cao.stages.region_depth_two": attack(_small_starts_depth_two, "quadrature of both flows"),
    "cao.stages.region_steps": attack(_two_modes, "both eigenvalues step by step", share=Fraction(1, 2)),
    "cao.stages.one_each": attack(_close, "first passages counted step by step"),
    "cao.stages.one_each_distinct": attack(_close, "first passages counted step by step"),
    "cao.stages.escape": _FLOW,
    "cao.stages.escape_depth_two": _FLOW,
    "cao.stages.escape_leading": attack(_points, "quadrature of the flow up to the inflection point", share=Fraction(20)),
    "cao.stages.visit": _FIELD,
}
