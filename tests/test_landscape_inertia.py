"""Certified inertia: three ways against one another and against known congruences; what balls cannot decide stays open."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from critical_points import rotation
from flint import arb, ctx, fmpq

from dmftheory.numerics import inertia as module
from dmftheory.numerics.algebraic import from_text
from dmftheory.numerics.eigenvalues import rational_ball
from dmftheory.numerics.hessian import multiplied, transposed
from dmftheory.numerics.inertia import Inertia, Term, algebraic_inertia, all_zero, ball_inertia, components, inertia, ldl

Rows = list[list[Any]]


def symmetric(source: random.Random, size: int) -> tuple[Rows, Inertia]:
    """Q D Q^T, or G D G^T with G unit triangular, with D known."""
    d = [source.choice([Fraction(0), Fraction(1), Fraction(-1), Fraction(3, 7), Fraction(-1, 10**30)]) for _ in range(size)]
    turn: Rows = rotation(source, size)
    if source.random() < 0.5:
        turn = [[Fraction(i == j) + (source.randint(-2, 2) if i < j else 0) for j in range(size)] for i in range(size)]
    scaled = [[x * d[j] for j, x in enumerate(row)] for row in turn]
    signs = [sum(1 for x in d if x > 0), sum(1 for x in d if x < 0)]
    return multiplied(scaled, transposed(turn)), Inertia(signs[0], signs[1], size - sum(signs))


def balls(rows: Rows, bits: int = 400) -> Rows:
    with ctx.workprec(bits):
        return [[rational_ball(Fraction(x)) for x in row] for row in rows]


def by_coefficients(rows: Rows) -> Inertia | None:
    denominators = {Fraction(x).denominator for row in rows for x in row}
    clearing = 1
    for d in denominators:
        clearing *= d
    return algebraic_inertia(lambda bits: balls(rows, bits), components(rows), lambda i, j: abs(Fraction(rows[i][j])), clearing, 1)


def test_all_three_find_the_known_inertia() -> None:
    source = random.Random(1)
    for _ in range(150):
        rows, known = symmetric(source, source.randint(1, 6))
        assert inertia(rows) == known
        assert by_coefficients(rows) == known
        with ctx.workprec(400):
            found = ball_inertia(balls(rows))
        assert found.positive <= known.positive and found.negative <= known.negative
        assert found.positive + found.negative + found.unknown == len(rows)
        if not known.zero:
            assert found == known


def test_terms_rebuild_the_matrix() -> None:
    source = random.Random(2)
    for _ in range(60):
        rows, _ = symmetric(source, source.randint(1, 5))
        if source.random() < 0.5:
            rows = [[Fraction(0) if i == j else x for j, x in enumerate(row)] for i, row in enumerate(rows)]  # blocks of two
        built: Rows = [[fmpq(0)] * len(rows) for _ in rows]
        for term in ldl(rows):
            for k, one in enumerate(term.columns):
                for m, other in enumerate(term.columns):
                    for i, x in enumerate(one):
                        for j, y in enumerate(other):
                            built[i][j] += x * term.block[k][m] * y
        assert built == [[fmpq(x.numerator, x.denominator) for x in row] for row in rows]


def test_zero_diagonal() -> None:
    assert inertia([[Fraction(0), Fraction(2)], [Fraction(2), Fraction(0)]]) == Inertia(1, 1, 0)
    assert inertia([[Fraction(0)]]) == Inertia(0, 0, 1)
    with ctx.workprec(64):
        hyperbolic = [[arb(0, 1e-30), arb(1)], [arb(1), arb(0, 1e-30)]]
        assert ball_inertia(hyperbolic) == Inertia(1, 1, 0)
        assert ball_inertia([[arb(0, 1)]]) == Inertia(0, 0, 0, 1)


def test_wide_balls_decide_nothing_false() -> None:
    source = random.Random(3)
    for _ in range(100):
        rows, _ = symmetric(source, 3)
        wide = [[arb(float(x), 0.3) for x in row] for row in rows]
        found = ball_inertia(wide)
        for _ in range(5):
            inner: Rows = [[Fraction(0)] * 3 for _ in range(3)]
            for i in range(3):
                for j in range(i + 1):
                    inner[i][j] = inner[j][i] = Fraction(float(rows[i][j])) + Fraction(source.randint(-299, 299), 1000)
            exact = inertia(inner)
            assert found.positive <= exact.positive and found.negative <= exact.negative


def test_a_tiny_algebraic_number_is_told_from_zero() -> None:
    root: Any = from_text("root(-2,0,1;1,2)", "x")
    p, q = 1, 1
    for _ in range(120):
        p, q = p + 2 * q, p + q  # p^2 - 2 q^2 = +-1, so p - q sqrt 2 is about 1e-46

    assert all_zero(lambda bits: [p - q * root.ball(bits)], [Fraction(p + 2 * q)], 1, 2) is False
    assert all_zero(lambda bits: [root.ball(bits) ** 2 - 2], [Fraction(5)], 1, 2) is True

    def singular(bits: int) -> Rows:
        return [[arb(1), root.ball(bits)], [root.ball(bits), arb(2)]]

    assert algebraic_inertia(singular, [[0, 1]], lambda i, j: Fraction(3), 1, 2) == Inertia(1, 0, 1)


def test_beyond_the_precision_allowed_it_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    root: Any = from_text("root(-2,0,1;1,2)", "x")
    monkeypatch.setattr(module, "MAX_BITS", 100)
    assert all_zero(lambda bits: [root.ball(bits) ** 2 - 2], [Fraction(5)], 1, 2) is None
    assert algebraic_inertia(lambda bits: [[arb(1)]], [[0]], lambda i, j: Fraction(1), 1, 1) is None
    monkeypatch.undo()
    monkeypatch.setattr(module, "MAX_WORK", 100)
    assert algebraic_inertia(lambda bits: [[arb(1)]], [[0]], lambda i, j: Fraction(1), 1, 1) is None


def test_components() -> None:
    rows = [[1, 0, 2, 0], [0, 0, 0, 0], [2, 0, 0, 0], [0, 0, 0, 5]]
    assert components(rows) == [[0, 2], [1], [3]]


def test_a_separation_that_is_too_coarse_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_separation", lambda conjugates, degree: 1)
    with pytest.raises(AssertionError):
        test_a_tiny_algebraic_number_is_told_from_zero()


def test_a_pivot_of_the_wrong_sign_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = module.ldl

    def wrong(rows: Any) -> list[Term]:
        return [Term(term.columns, tuple(tuple(-x for x in row) for row in term.block)) for term in honest(rows)]

    monkeypatch.setattr(module, "ldl", wrong)
    with pytest.raises(AssertionError):
        test_all_three_find_the_known_inertia()
