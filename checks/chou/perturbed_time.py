"""Scaled coordinates at random points, flow times by quadrature in a, and both signs on one clock."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from dmftheory.checks.chou.perturbed import HORIZON, region, step_size
from dmftheory.checks.chou.perturbed_bound import signs
from dmftheory.checks.draws import fill, share, whole
from dmftheory.checks.report import Check, Situation, attack
from dmftheory.checks.two_factors import PairSimulation

from dmftheory.claims import Family, Theorem
from dmftheory.theorems.chou.perturbed import N, R, a, alpha, b, beta, eta, k, lam, s, x, y
from dmftheory.theorems.chou.perturbed_time import L, M, T, d, delta, h11, h12, h22, norm, spread, theta, z


def _points(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        yield Situation(theorem, fill(theorem, source, far=5))


def _symmetric_matrices(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        entries = {name: share(source) * source.choice([-1, 0, 1]) for name in (h11, h12, h22)}
        wide = abs(entries[h11] - entries[h22]) / 2 + abs(entries[h12])
        wide *= source.choice([Fraction(1), 1 + share(source)])
        yield Situation(theorem, fill(theorem, source, {**entries, spread: wide, norm: wide + abs(entries[h11] + entries[h22]) / 2}))


def _tied(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Equal factors, for an eigenvalue of either sign."""
    assert isinstance(theorem, Theorem)
    while True:
        found = region(source)
        level = found[s] * source.choice([-1, 0, 1])
        values = {N: found[N], lam: level, d: found[b], eta: found[eta], k: whole(source, 0, HORIZON)}
        yield Situation(theorem, values, PairSimulation(HORIZON).observables)


def _times(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Two states on one side of the fixed point T, away from it."""
    assert isinstance(theorem, Theorem)
    while True:
        top = share(source) + Fraction(1, 20)
        falling = theorem.id.endswith("falling")
        parts = sorted(Fraction(source.randint(50, 950), 1000) for _ in range(2))
        ends = [top / part for part in reversed(parts)] if falling else [top * part for part in parts]
        chosen: Mapping[Any, Any] = {T: top, L: share(source) + Fraction(1, 20), x: ends[falling], y: ends[not falling]}
        yield Situation(theorem, chosen, PairSimulation(0).observables)


def _integrands(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        depth, at, offset = whole(source, 2, 6), share(source), share(source)
        product = (at - offset / at) / 2 * ((at + offset / at) / 2) ** (int(depth) - 1)
        yield Situation(theorem, {N: depth, z: at, delta: offset, lam: product + share(source)})


def _ordered(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Two states, one with the larger factors, and an eigenvalue of at least twice the larger product."""
    assert isinstance(theorem, Theorem)
    signed = theorem.id.endswith("negative_step")
    while True:
        depth, top = whole(source, 2, 6), Fraction(source.randint(1, 40), 20)
        most = top * share(source)
        ahead = most * share(source)
        behind = most * share(source)
        reach = min(ahead, behind) * source.choice([share(source), Fraction(1)])
        level = 2 * ahead * most ** (int(depth) - 1) * source.choice([Fraction(1), 1 + share(source)])
        values = {N: depth, R: top, y: most, x: ahead, b: behind, a: reach * (source.choice([-1, 1]) if signed else 1), s: level}
        yield Situation(theorem, {**values, eta: step_size(source, depth, top)})


def _close(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """beta close to alpha, the largest step, and a level that both signs pass in the first one."""
    assert isinstance(theorem, Theorem)
    while True:
        depth, gap = whole(source, 2, 4), Fraction(1, source.randint(10**3, 10**5))
        values = {N: depth, M: Fraction(1), alpha: Fraction(1), s: Fraction(1), beta: 1 - gap, eta: 1 / depth, k: Fraction(0)}
        yield Situation(theorem, {**values, theta: share(source) / depth}, PairSimulation(HORIZON).observables)


def _apart(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        found = region(source)
        if found[a] < found[b]:
            unit, depth = found[R], int(found[N])
            values = {N: found[N], alpha: found[b] / unit, beta: (found[b] - found[a]) / unit, eta: found[eta] * unit ** (2 * depth - 2)}
            steps = {**values, k: whole(source, 0, HORIZON)}
            yield Situation(theorem, fill(theorem, source, steps), PairSimulation(HORIZON + 1).observables)


_BOTH = f"both signs on one clock, loops of up to {HORIZON} steps"
_QUADRATURE = "quadrature in a with proved error, between random states"

CHECKS: dict[str, Check] = {
    "chou.perturbed.scaled_descent": attack(_points, "random points"),
    "chou.perturbed.hessian": attack(_points, "random points"),
    "chou.perturbed.symmetric": attack(_points, "random points"),
    "chou.perturbed.contraction": attack(_symmetric_matrices, "random symmetric matrices and vectors"),
    "chou.perturbed.saddle": attack(_points, "random points"),
    "chou.perturbed.manifold": attack(_tied, "loops from equal factors"),
    "chou.perturbed.amplified": attack(_points, "one step from random points"),
    "chou.perturbed.time_two": attack(_times, _QUADRATURE),
    "chou.perturbed.time_two_falling": attack(_times, _QUADRATURE),
    "chou.perturbed.time_variable": attack(_integrands, "both integrands at random points"),
    "chou.perturbed.dominated": attack(_ordered, "one step from two ordered states"),
    "chou.perturbed.negative_step": attack(_ordered, "one step from two ordered states"),
    "chou.perturbed.no_sooner_half": attack(signs, _BOTH),
    "chou.perturbed.half": attack(signs, _BOTH),
    "chou.perturbed.no_sooner": attack(_apart, _BOTH),
    "chou.perturbed.later": attack(_apart, _BOTH),
    "chou.perturbed.always_later": attack(_close, "both signs, beta close to alpha, the largest steps"),
}
