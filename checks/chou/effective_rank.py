"""The effective rank: norms of random matrices, and plateaus of gradient descent on full matrices."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil
from typing import Any

from dmftheory.checks.descent import Descent, DescentSimulation, descend
from dmftheory.checks.draws import decreasing, fill, moderate, positive, share, whole
from dmftheory.checks.interval import Interval, bounds
from dmftheory.checks.report import Check, Draw, Situation, attack
from dmftheory.checks.simulate import Simulation
from dmftheory.checks.spectra import LAST_DEPTH, members, numbers, starting_share
from sympy import Symbol

from dmftheory.claims import Family, Theorem
from dmftheory.theorems.chou import effective_rank as said

HORIZON = 400
STEPS = 24  # of the full-matrix runs
LOOKS = 8  # at one run, for each plateau


def _spectra(statement: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Eigenvalues of either sign, with zeros and equal ones among them."""
    for theorem in members(statement, source):
        some = [Fraction(0), positive(source), positive(source), -positive(source)]
        names = [symbol for symbol in theorem.given if symbol.name.startswith("w")]
        values = {name: source.choice(some) for name in names[1:]}
        yield numbers(theorem, source, {names[0]: some[1], **values})


def _norms(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Both norms of A, B and A - B, for symmetric 2 x 2 matrices of integers."""
    assert isinstance(theorem, Theorem)
    while True:
        first = [source.randint(-9, 9) for _ in range(3)]
        second = [x + source.choice([0, source.randint(-9, 9)]) for x in first]
        difference = [x - y for x, y in zip(first, second, strict=True)]
        if any(first) and any(second):
            (na, sa), (nb, sb), (nab, sab) = map(_nuclear_and_spectral, (first, second, difference))
            values = {said.nuclear_a: na, said.nuclear_b: nb, said.nuclear_ab: nab, said.norm_a: sa, said.norm_b: sb, said.norm_ab: sab}
            yield Situation(theorem, values)


def _nuclear_and_spectral(entries: list[int]) -> tuple[Interval, Interval]:
    """Of the matrix (a, b; b, c), whose eigenvalues are ((a + c) +- sqrt((a - c)^2 + 4 b^2)) / 2."""
    a, b, c = entries
    trace, root = abs(a + c), Interval.of(Fraction((a - c) ** 2 + 4 * b * b), 256).power(Fraction(1, 2))
    if a == c and b == 0:
        root = Interval.of(Fraction(0), 256)
    larger, smaller = (root + trace) / 2, abs(root - trace) / 2
    return larger + smaller, larger


def _points(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        yield numbers(theorem, source)


def _modes(after: bool | None) -> Draw:
    """Loops for all eigenvalues of a spectrum; k is after the passage to (1 - epsilon) lambda, before that to delta, or anything (None)."""

    def situations(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
        assert isinstance(theorem, Theorem)
        while True:
            simulation = Simulation(HORIZON)
            n = whole(source, 2, LAST_DEPTH)
            roots = decreasing(source, 3, Fraction(1, int(n)))
            alpha = roots[-1] * starting_share(source, int(n))
            clock = {said.N: n, said.M: roots[0], said.alpha: alpha}
            clock[said.eta] = moderate(source, theorem.given[said.eta], clock)
            for root in roots:
                lam = root ** int(n)
                run = (n, lam, alpha, clock[said.eta])
                eps, delta = Fraction(source.randint(1, 99), 100), alpha ** int(n) + (lam - alpha ** int(n)) * share(source)
                values: dict[Symbol, Any] = {**clock, said.r: root, said.eps: eps, said.delta: delta}
                if after is not None:
                    passage = simulation.learning_step(*run, 1 - eps if after else delta / lam)
                    if not isinstance(passage, Fraction):
                        continue
                    values[said.k] = max(passage + source.choice([0, 0, 1, 7] if after else [-1, -1, -2]), Fraction(0))
                yield Situation(theorem, fill(theorem, source, values, far=HORIZON // 2), simulation.observables)

    return situations


def _matrix_runs(statement: Theorem | Family, source: random.Random) -> Iterator[tuple[Theorem, int, Descent, tuple[Fraction, ...]]]:
    """A member (n, L), L, and a run whose target has n positive eigenvalues r_i^N, with the roots r_i."""
    assert isinstance(statement, Family)
    while True:
        for size, L in source.sample(statement.indices, len(statement.indices)):
            depth = source.randint(2, 3)
            roots = tuple(decreasing(source, size, Fraction(1)))
            alpha = roots[-1] * Fraction(source.randint(20, 80), 100)
            eta = source.choice([Fraction(1), share(source)]) / (depth * roots[0] ** (2 * depth - 2))
            run = descend(source, depth, [root**depth for root in roots], alpha, eta, STEPS)
            yield statement.member(size, L), L, run, roots


def _tight(run: Descent, w: tuple[Interval, ...], L: int, source: random.Random) -> dict[Symbol, Fraction]:
    """An epsilon and a delta that just fit the state: the learned within epsilon, the waiting below delta."""
    missing = max(bounds(1 - value / lam)[1] for value, lam in zip(w[:L], run.spectrum, strict=False))
    waiting = max(value.high for value in w[L:])
    unit = Fraction(1, 10 ** source.randint(4, 12))
    eps = (ceil(_exactly(missing) / unit) + 1) * unit
    scale = run.spectrum[0] * unit
    return {said.eps: min(eps, (1 + _exactly(missing)) / 2), said.delta: (ceil(_exactly(waiting) / scale) + 1) * scale}


def _exactly(number: Any) -> Fraction:
    return Interval(number, number, 64).ends[0]


def _plateau(statement: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """The eigenvalues of the product at random steps."""
    for theorem, L, run, _ in _matrix_runs(statement, source):
        for k in source.sample(range(STEPS + 1), LOOKS):
            w = run.eigenvalues(k)
            values: Mapping[Any, Any] = {
                **dict(zip(said.targets(L), run.spectrum, strict=False)),
                **dict(zip(said.eigenvalues(len(w)), w, strict=True)),
                **_tight(run, w, L, source),
            }
            yield Situation(theorem, fill(theorem, source, values))


def _window(statement: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Factors and passages of a full-matrix run, at random steps."""
    for theorem, L, run, roots in _matrix_runs(statement, source):
        simulation = DescentSimulation(run)
        for k in source.sample(range(STEPS + 1), LOOKS):
            values: dict[Any, Any] = {
                said.N: Fraction(run.depth),
                said.M: roots[0],
                **{Symbol(f"r{i}", positive=True): root for i, root in enumerate(roots, 1)},
                said.alpha: run.alpha,
                said.eta: run.eta,
                said.k: Fraction(k),
                **_tight(run, run.eigenvalues(k), L, source),
            }
            yield Situation(theorem, fill(theorem, source, values), simulation.observables)


_LOOPS = f"loops of up to {HORIZON} steps, all eigenvalues of random spectra"
_MATRICES = f"full-matrix gradient descent, {STEPS} steps with random spectra in random exact eigenbases, rounded outwards"

CHECKS: dict[str, Check] = {
    "chou.effective_rank.bounds": attack(_spectra, "random spectra with zeros and repetitions, in exact fractions"),
    "chou.effective_rank.scale_free": attack(_spectra, "random spectra with zeros and repetitions, in exact fractions"),
    "chou.effective_rank.lipschitz": attack(_norms, "the norms of random symmetric 2 x 2 matrices"),
    "chou.effective_rank.quotient": attack(_points, "random numbers within the stated ranges"),
    "chou.effective_rank.plateau": attack(_plateau, _MATRICES, share=Fraction(2, 3)),
    "chou.effective_rank.plateau_without_ceiling": attack(_points, "random numbers within the stated ranges", share=Fraction(20)),
    "chou.effective_rank.factor_increases": attack(_modes(None), _LOOPS),
    "chou.effective_rank.learned_mode": attack(_modes(True), _LOOPS),
    "chou.effective_rank.waiting_mode": attack(_modes(False), _LOOPS),
    "chou.effective_rank.window": attack(_window, _MATRICES, share=Fraction(2, 3)),
}
