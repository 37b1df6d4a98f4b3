"""The constant c(N) from a bisection of ours, and loops of both factors for both signs."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from dmftheory.checks.chou.perturbed import HORIZON, LAST_DEPTH, region
from dmftheory.checks.draws import fill, share, whole
from dmftheory.checks.interval import Interval
from dmftheory.checks.reading import BITS
from dmftheory.checks.report import Check, Situation, attack
from dmftheory.checks.spectra import members
from dmftheory.checks.two_factors import PairSimulation

from dmftheory.claims import Family, Theorem
from dmftheory.claims.formula import free_symbols
from dmftheory.theorems.chou.perturbed import N, R, a, alpha, b, beta, c, eta, k, s
from dmftheory.theorems.chou.perturbed_bound import S, d, offset, phi, size, t, target

FAR = 260


def constant(depth: int) -> Interval:
    """c(N) by bisection of (c - 1)^N c^(N-1) - 1 between 1 and 2."""
    low, high = Fraction(1), Fraction(2)
    for _ in range(BITS - 16):
        middle = (low + high) / 2
        if (middle - 1) ** depth * middle ** (depth - 1) < 1:
            low = middle
        else:
            high = middle
    return Interval.of(low, BITS).hull(Interval.of(high, BITS))


def _known(theorem: Theorem) -> Theorem:
    """The statement without what it supposes of c, d, phi and t alone, for enclosures of the very values that satisfy it with equality."""
    settled = {N, c, d, phi, t}
    return replace(theorem, assume=tuple(h for h in theorem.hypotheses if not free_symbols(h) <= settled))


def _constants(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """c(N), c(N + 1) for d, numbers beyond and below; the golden ratio for phi where it is not one of them."""
    assert isinstance(theorem, Theorem)
    depths = {n: constant(n) for n in range(2, 32)}
    golden = (Interval.of(Fraction(5), BITS).power(Fraction(1, 2)) + 1) / 2
    while True:
        depth = source.randint(int(theorem.given[N].start), 30)
        values: dict[Any, Any] = {N: Fraction(depth), c: depths[depth], d: depths[depth + 1], phi: golden}
        yield Situation(_known(theorem), {name: value for name, value in values.items() if name in theorem.given})


def _increasing(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        yield Situation(theorem, fill(theorem, source))


def signs(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Starts below the eigenvalue, as the region wants them."""
    assert isinstance(theorem, Theorem)
    while True:
        found = region(source)
        if found[a] == found[b]:
            continue
        values = {N: found[N], R: found[R], alpha: found[b], beta: found[b] - found[a], s: found[s], eta: found[eta]}
        simulation = PairSimulation(HORIZON + 1)
        yield Situation(theorem, fill(theorem, source, {**values, k: whole(source, 1, HORIZON)}), simulation.observables)


def _recalled(statement: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """The recalled hypotheses, near their corner as well: alpha^N < (c - 1) |lambda| and beta < (c - 1) alpha."""
    for theorem in members(statement, source):
        depth = _depth(theorem, source)
        at_c = constant(depth)
        top, low_c = Fraction(source.randint(1, 40), 20), at_c.ends[0]
        most = Interval.of((low_c - 1) / low_c, BITS).power(Fraction(1, depth)).ends[0] * top
        start = most * share(source)
        values: dict[Any, Any] = {
            N: Fraction(depth),
            c: at_c,
            S: top,
            s: top**depth / at_c,
            alpha: start,
            t: (1 / (at_c * (2 - at_c))).power(Fraction(1, depth)),
            beta: (low_c - 1) * start * share(source),
            eta: share(source) / (9 * depth * top ** (2 * depth - 2)),
            k: whole(source, 1, HORIZON),
        }
        simulation = PairSimulation(HORIZON)
        named = {name: value for name, value in values.items() if name in theorem.given}
        yield Situation(_known(theorem), named, simulation.observables)


def _depth(theorem: Theorem, source: random.Random) -> int:
    if N in theorem.given:
        return int(whole(source, 3, LAST_DEPTH))
    return 2 if theorem.id.endswith("two") else int(theorem.id.rsplit(".", 1)[1])


def _corner(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Starts just inside the recalled hypotheses, with small steps that keep the imbalance."""
    assert isinstance(theorem, Theorem)
    while True:
        level: Mapping[Any, Any] = {
            target: Fraction(1524, 1000) + share(source) / 1000,
            offset: Fraction(6565, 10000) - share(source) / 1000,
            size: Fraction(source.randint(20, 39), 10**4),
            k: Fraction(FAR - 1),
        }
        yield Situation(theorem, fill(theorem, source, level), PairSimulation(FAR).observables)


_BISECTED = "c(N) from a bisection, depths up to 31"
_BOTH = f"loops of both factors for both signs, up to {HORIZON} steps"

CHECKS: dict[str, Check] = {
    "chou.perturbed.constant_unique": attack(_increasing, "random pairs of numbers beyond 1"),
    "chou.perturbed.constant_exists": attack(_constants, "the golden ratio, depths up to 30"),
    "chou.perturbed.constant_above": attack(_constants, _BISECTED),
    "chou.perturbed.constant_below": attack(_constants, _BISECTED),
    "chou.perturbed.constant_deep": attack(_constants, _BISECTED),
    "chou.perturbed.constant_decreasing": attack(_constants, _BISECTED),
    "chou.perturbed.constant_limit": attack(_constants, _BISECTED),
    "chou.perturbed.positive": attack(signs, _BOTH),
    "chou.perturbed.negative": attack(signs, _BOTH),
    "chou.perturbed.within": attack(signs, _BOTH),
    "chou.perturbed.within_positive": attack(signs, _BOTH),
    "chou.perturbed.within_negative": attack(signs, _BOTH),
    "chou.perturbed.recalled_convergence": attack(_recalled, _BOTH),
    "chou.perturbed.recalled_convergence_two": attack(_recalled, _BOTH),
    "chou.perturbed.recalled_bound_shallow": attack(_recalled, _BOTH),
    "chou.perturbed.recalled_bound": attack(_corner, f"loops of {FAR - 1} steps from the corner of the hypotheses"),
}
