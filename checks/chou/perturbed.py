"""Perturbed initialisation: full matrices, single steps from random points of the region, and loops of both factors."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from dmftheory.checks import matrices
from dmftheory.checks.descent import BITS_A_STEP
from dmftheory.checks.draws import fill, share, whole
from dmftheory.checks.reading import BITS
from dmftheory.checks.report import Check, Draw, Situation, attack, combined
from dmftheory.checks.two_factors import PairSimulation
from sympy import Eq, MatrixSymbol

from dmftheory.claims import Family, Theorem
from dmftheory.claims.formula import Relation
from dmftheory.theorems.chou.perturbed import A, B, Lam, N, R, V, a, b, delta, eta, j, k, lam, low, n, q, s, u, x, y

HORIZON = 40
LAST_DEPTH = 6
STEPS = 6
W = MatrixSymbol("W", n, n)  # a matrix taken from the run


def region(source: random.Random, *, negative: bool = False) -> dict[Any, Any]:
    """N, R, b, a, s and eta of a start in the region: s <= (|a|/b) R^N is inside, because b^2 - a^2 <= (1 - (a/b)^2) R^2."""
    depth = whole(source, 2, LAST_DEPTH)
    top = Fraction(source.randint(1, 40), 20)
    at_b, ratio = top * share(source), share(source) if source.random() < 0.95 else Fraction(1)
    at_a = at_b * ratio * (source.choice([-1, 1]) if negative and ratio < 1 else 1)
    product, most = max(Fraction(0), at_a * at_b ** (int(depth) - 1)), ratio * top ** int(depth)
    level = product + (most - product) * source.choice([share(source), Fraction(1)])
    return {N: depth, R: top, b: at_b, a: at_a, s: level, eta: step_size(source, depth, top)}


def step_size(source: random.Random, depth: Fraction, top: Fraction) -> Fraction:
    """At least a tenth of the largest safe one, and that one now and then."""
    most = 1 / (2 * depth * top ** (2 * int(depth) - 2))
    return most if source.random() < 0.25 else most * Fraction(source.randint(100, 999), 1000)


def _inside(choose: Callable[[random.Random, dict[Any, Any]], Mapping[Any, Any]], *, negative: bool = True) -> Draw:
    def situations(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
        assert isinstance(theorem, Theorem)
        while True:
            simulation = PairSimulation(HORIZON + 1)
            values = region(source, negative=negative)
            values.update(choose(source, values))
            yield Situation(theorem, fill(theorem, source, values), simulation.observables)

    return situations


def _imbalance(source: random.Random, known: dict[Any, Any]) -> Mapping[Any, Any]:
    return {delta: known[b] ** 2 - known[a] ** 2}


def _floor(source: random.Random, known: dict[Any, Any]) -> Mapping[Any, Any]:
    """A lower bound of b before and after the step."""
    depth, at_a, at_b = int(known[N]), known[a], known[b]
    moved = at_b + at_a * known[eta] * at_b ** (depth - 2) * (known[s] - at_a * at_b ** (depth - 1))
    return {**_imbalance(source, known), low: min(at_b, moved) * source.choice([share(source), Fraction(1)])}


def _steps(source: random.Random, known: dict[Any, Any]) -> Mapping[Any, Any]:
    return {k: whole(source, 0, HORIZON)}


def _mirrored(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        known = region(source, negative=True)
        level = known.pop(s)
        del known[R]
        yield Situation(theorem, {**known, lam: level, k: whole(source, 0, HORIZON)}, PairSimulation(HORIZON).observables)


def _points(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        yield Situation(theorem, fill(theorem, source), PairSimulation(HORIZON).observables)


def _quiet(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Step sizes with eta b^(N-2) |e| < 1."""
    assert isinstance(theorem, Theorem)
    while True:
        values = fill(theorem, source)
        error = values[a] * values[b] ** (int(values[N]) - 1) - values[lam]
        rate = values[b] ** (int(values[N]) - 2) * abs(error)
        yield Situation(theorem, {**values, eta: share(source) / rate if rate else share(source)})


def _gains(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Powers y = b^(N-1), q = b'^(N-2), x = b'^(N-1) of a step b' = b + a u, for which the hypotheses hold."""
    assert isinstance(theorem, Theorem)
    while True:
        depth = whole(source, 2, LAST_DEPTH)
        at_b = Fraction(source.randint(1, 40), 20)
        at_a, at_u = at_b * share(source), share(source) / (2 * depth)
        moved = at_b + at_a * at_u
        powers = {y: at_b ** (int(depth) - 1), q: moved ** (int(depth) - 2), x: moved ** (int(depth) - 1)}
        yield Situation(theorem, {N: depth, b: at_b, a: at_a, u: at_u, **powers})


def _matrix_run(source: random.Random) -> tuple[dict[Any, Any], list[tuple[Any, ...]]]:
    """Gradient descent on full matrices from W_1 = (alpha - beta) I, W_j = alpha I; values of the statement at each step are read off."""
    depth, size = source.randint(2, 4), source.randint(2, 3)
    basis = matrices.orthogonal(source, size)
    spectrum = [share(source) * source.choice([-1, 1]) for _ in range(size)]
    target = matrices.times(matrices.times(basis, matrices.diagonal(spectrum)), matrices.transpose(basis))
    start = share(source)
    step = share(source) / (2 * depth)
    first = matrices.diagonal([start * share(source)] * size)
    factors: tuple[Any, ...] = (first, *(matrices.diagonal([start] * size) for _ in range(depth - 1)))
    bits, states = BITS + STEPS * BITS_A_STEP, [factors]
    for _ in range(STEPS):
        states.append(matrices.descend(states[-1], target, step, bits))
    return {N: Fraction(depth), n: Fraction(size), eta: step, V: basis, Lam: matrices.diagonal(spectrum)}, states


def _diagonals(known: dict[Any, Any], state: tuple[Any, ...]) -> dict[Any, Any]:
    found = [matrices.eigenvalues_in(state[place], known[V], BITS + STEPS * BITS_A_STEP) for place in (0, 1)]
    return {**known, A: matrices.diagonal(found[0]), B: matrices.diagonal(found[1])}


def _next_factor(place: int) -> Draw:
    """W_1, or every other factor, after the step against what the statement says of the step."""

    def situations(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
        assert isinstance(theorem, Theorem)
        while True:
            known, states = _matrix_run(source)
            for i in range(STEPS):
                for other in range(place, 1 if place == 0 else int(known[N])):
                    values = {**_diagonals(known, states[i]), j: Fraction(other + 1), W: states[i + 1][other]}
                    yield Situation(_observed(theorem), values)

    return situations


def _products(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        known, states = _matrix_run(source)
        for state in states:
            yield Situation(_observed(theorem), {**_diagonals(known, state), W: matrices.product(state)})


def _imbalances(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """W_2^T W_2 - W_1 W_1^T after the step, from the matrices of the run."""
    assert isinstance(theorem, Theorem)
    while True:
        known, states = _matrix_run(source)
        for i in range(STEPS):
            first, second = states[i + 1][:2]
            squares = matrices.times(matrices.transpose(second), second), matrices.times(first, matrices.transpose(first))
            observed = matrices.plus(squares[0], matrices.times(Fraction(-1), squares[1]))
            yield Situation(_observed(theorem), {**_diagonals(known, states[i]), W: observed})


def _observed(theorem: Theorem) -> Theorem:
    """The same statement with a matrix of the run in place of the left side."""
    claim = theorem.conclusion
    assert isinstance(claim, Relation)
    return replace(theorem, claim=Eq(W, claim.right))


def _stated(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Both sides at diagonal matrices of random rational numbers, in exact arithmetic."""
    assert isinstance(theorem, Theorem)
    while True:
        size, depth = source.randint(1, 3), whole(source, 2, 5)
        parts = {name: matrices.diagonal([share(source) * source.choice([-1, 0, 1]) for _ in range(size)]) for name in (A, B, Lam)}
        rest = {N: depth, n: Fraction(size), eta: share(source), V: matrices.orthogonal(source, size), j: whole(source, 2, int(depth))}
        yield Situation(theorem, {**rest, **parts})


_RUN = f"full-matrix gradient descent of {STEPS} steps from perturbed starts, rounded outwards"
_EXACT = attack(_stated, "both sides in exact fractions at random matrices")
_REGION = "one step from random points of the region, its boundary among them"
_LOOP = f"loops of both factors of up to {HORIZON} steps"

CHECKS: dict[str, Check] = {
    "chou.perturbed.first_step": combined(_EXACT, attack(_next_factor(0), f"{_RUN}, W_1")),
    "chou.perturbed.other_step": combined(_EXACT, attack(_next_factor(1), f"{_RUN}, every other factor")),
    "chou.perturbed.product": combined(_EXACT, attack(_products, f"{_RUN}, the product")),
    "chou.perturbed.matrix_imbalance": combined(_EXACT, attack(_imbalances, f"{_RUN}, the imbalance")),
    "chou.perturbed.sum_difference": attack(_points, "one step from random points"),
    "chou.perturbed.imbalance": attack(_points, "one step from random points"),
    "chou.perturbed.imbalance_decay": attack(_quiet, "one step from random points, step sizes up to the bound"),
    "chou.perturbed.flow_imbalance": attack(_points, "the field of the flow at random points"),
    "chou.perturbed.growth": attack(_points, "random powers"),
    "chou.perturbed.gain": attack(_gains, "the powers of random steps"),
    "chou.perturbed.push": attack(_inside(_imbalance), _REGION),
    "chou.perturbed.no_overshoot": attack(_inside(_imbalance), _REGION),
    "chou.perturbed.stays": attack(_inside(_imbalance), _REGION),
    "chou.perturbed.progress": attack(_inside(_floor), _REGION),
    "chou.perturbed.run": attack(_inside(_steps), _LOOP),
    "chou.perturbed.linear": attack(_inside(_steps), _LOOP),
    "chou.perturbed.mirror": attack(_mirrored, _LOOP),
}
