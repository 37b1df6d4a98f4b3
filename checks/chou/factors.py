"""Decoupling against gradient descent on full matrices: exact random eigenbases, every factor at every step."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from dmftheory.checks import matrices
from dmftheory.checks.descent import Descent, descend
from dmftheory.checks.draws import decreasing, share, whole
from dmftheory.checks.report import Check, Situation, attack, combined
from sympy import Eq, MatrixSymbol

from dmftheory.claims import Family, Theorem
from dmftheory.claims.formula import Relation
from dmftheory.theorems.chou.factors import D, Lam, N, V, eta, j, n

STEPS = 12
LAST_DEPTH = 4
W = MatrixSymbol("W", n, n)  # a matrix taken from the run


def _run(source: random.Random) -> Descent:
    """Eigenvalues of either sign, and now and then zero; the step keeps the run bounded."""
    depth, size = int(whole(source, 2, LAST_DEPTH)), source.randint(2, 3)
    roots = decreasing(source, size, Fraction(1))
    spectrum = [source.choice([-1, 0, 1, 1]) * root**depth for root in roots]
    alpha = roots[0] * share(source)
    return descend(source, depth, spectrum, alpha, share(source) / (depth * roots[0] ** (2 * depth - 2)), STEPS)


def _values(run: Descent, k: int) -> dict[Any, Any]:
    return {
        N: Fraction(run.depth),
        n: Fraction(len(run.spectrum)),
        eta: run.eta,
        V: run.basis,
        D: matrices.diagonal(run.factor_eigenvalues(k)),
        Lam: matrices.diagonal(run.spectrum),
    }


def _as_stated(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Both sides at diagonal matrices of random rational numbers, in exact arithmetic."""
    assert isinstance(theorem, Theorem)
    while True:
        size, depth = source.randint(1, 3), whole(source, 2, 6)
        first, second = (matrices.diagonal([share(source) * source.choice([-1, 0, 1]) for _ in range(size)]) for _ in range(2))
        rest = {eta: share(source), V: matrices.orthogonal(source, size), D: first, Lam: second}
        yield Situation(theorem, {N: depth, n: Fraction(size), j: whole(source, 1, int(depth)), **rest})


def _next_factors(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Every W_j at step k + 1 against what the statement says of the step from the eigenvalues at step k."""
    assert isinstance(theorem, Theorem)
    for run, k in _steps(source):
        for place in range(run.depth):
            values = {**_values(run, k), j: Fraction(place + 1), W: run.factors[k + 1][place]}
            yield Situation(_observed(theorem), values)


def _products(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """The product of all factors at step k against the eigenvalues of W_1 there."""
    assert isinstance(theorem, Theorem)
    for run, k in _steps(source):
        yield Situation(_observed(theorem), {**_values(run, k), W: matrices.product(run.factors[k])})


def _steps(source: random.Random) -> Iterator[tuple[Descent, int]]:
    while True:
        run = _run(source)
        yield from ((run, k) for k in range(STEPS))


def _observed(theorem: Theorem) -> Theorem:
    """The same statement with a matrix of the run in place of the left side."""
    claim = theorem.conclusion
    assert isinstance(claim, Relation)
    return replace(theorem, claim=Eq(W, claim.right))


_RUN = f"full-matrix gradient descent of up to {STEPS} steps with random spectra in random exact eigenbases, rounded outwards"
_STATED = attack(_as_stated, "both sides in exact fractions at random matrices")

CHECKS: dict[str, Check] = {
    "chou.factors.gradient_step": combined(_STATED, attack(_next_factors, f"{_RUN}, every factor")),
    "chou.factors.product": combined(_STATED, attack(_products, f"{_RUN}, the product")),
}
