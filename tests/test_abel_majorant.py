"""The constant M of `abel_defect`, recomputed coefficient by coefficient from exact power series in h; mutants are seen."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache, reduce
from math import comb
from typing import Any

import pytest
import sympy
from dmftheory.proofs import library, proofs
from flint import arb, fmpq, fmpq_poly

from dmftheory.claims import Theorem
from dmftheory.model import abel
from dmftheory.numerics import abel_defect
from dmftheory.numerics.abel_defect import constants, disc_radius
from dmftheory.numerics.abel_polynomials import exponent, polynomials
from dmftheory.theorems.abel import majorant
from dmftheory.trust.check import Checker, ProofError

BEYOND = 12
"""How many coefficients beyond h^p are compared."""
CASES = [(2, 4), (3, 4), (3, 8), (5, 8), (8, 4)]
STATES = [Fraction(0), Fraction(1, 3), Fraction(9, 10), Fraction(1)]
FALLING = [Fraction(-1), Fraction(-2, 5)]


@cache
def defect_coefficients(depth: int, order: int, u: Fraction) -> list[Fraction]:
    """c_0, c_1, ... of R(u, h) = sum c_n h^n: the polynomials Q_n of the model at u."""
    rows = [sympy.Poly(abel.defect_polynomial(n, order, depth), abel.U).all_coeffs() for n in range(order + BEYOND + 1)]
    return [reduce(lambda value, c: value * u + Fraction(int(c.p), int(c.q)), row, Fraction(0)) for row in rows]


def majorant_coefficients(depth: int, order: int, u: Fraction) -> list[Fraction]:
    """A majorant of 1 + R at one state, every part of the integrand by its own majorant."""
    length, size, gap = order + BEYOND + 1, exact(abs(u)), exact(abs(1 - u))
    h, one = fmpq_poly([0, 1]), fmpq_poly([1])

    def times(a: fmpq_poly, b: fmpq_poly) -> fmpq_poly:
        return a.mul_low(b, length)

    def inverse(a: fmpq_poly) -> fmpq_poly:
        """1/(1 - a) for a(0) = 0."""
        return reduce(lambda total, _: one + times(a, total), range(length), one)

    def power(k: int) -> fmpq_poly:
        """(1 + gap h)^k, for k < 0 (1 - gap h)^k."""
        step = one + gap * h if k >= 0 else inverse(gap * h)
        return reduce(times, [step] * abs(k), one)

    grown = size * (power(depth) - one)
    chord = reduce(lambda a, b: a + b, [comb(depth, i + 1) * gap**i * h**i for i in range(depth)])
    total = fmpq_poly([])
    for n, p in enumerate(polynomials(depth, order)):
        value = fmpq_poly([])
        for c in reversed(p(fmpq_poly([exact(u), 1])).coeffs()):
            value = times(value, grown) + abs(c)
        total += times(h**n, times(value, power(exponent(depth, n) - 1)))
    total = times(total, inverse(size * h * chord))
    return [Fraction(int(total[k].p), int(total[k].q)) for k in range(length)]


def exact(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def value_at(coefficients: list[Fraction], at: Fraction) -> Fraction:
    return sum((abs(c) * at**n for n, c in enumerate(coefficients)), Fraction(0))


def bounded(depth: int, order: int, u: Fraction) -> bool:
    """Whether M is at least sum |c_n| H^n, and at least the majorant without its constant 1, both as far as they were computed."""
    low, high = (Fraction(-1), Fraction(0)) if u < 0 else (Fraction(0), Fraction(1))
    known, at = constants(depth, order, low, high), disc_radius(depth, order, low, high)
    largest = max(value_at(defect_coefficients(depth, order, u), at), value_at(majorant_coefficients(depth, order, u), at) - 1)
    return bool(arb(exact(largest)) <= known.bound)


@pytest.mark.parametrize(("depth", "order"), CASES)
def test_the_parts_are_majorants_of_the_defect(depth: int, order: int) -> None:
    for u in STATES + FALLING:
        found, allowed = defect_coefficients(depth, order, u), majorant_coefficients(depth, order, u)
        assert found[: order + 1] == [0] * (order + 1)
        assert any(found)
        assert allowed[0] == 1
        assert all(abs(c) <= most for c, most in zip(found[1:], allowed[1:], strict=True))


@pytest.mark.parametrize(("depth", "order"), CASES)
def test_the_constant_bounds_the_sizes_of_all_terms(depth: int, order: int) -> None:
    assert all(bounded(depth, order, u) for u in STATES + FALLING)


def spoiled(change: Callable[[tuple[fmpq_poly, ...]], tuple[fmpq_poly, ...]]) -> Callable[[int, int], tuple[fmpq_poly, ...]]:
    return lambda depth, order: change(polynomials(depth, order))


MUTANTS = {
    "the last term dropped": lambda rows: rows[:-1],
    "the first correction dropped": lambda rows: (rows[0], rows[1] * 0, *rows[2:]),
    "leading coefficients dropped": lambda rows: tuple(fmpq_poly(p.coeffs()[:-1]) if p.degree() > 0 else p for p in rows),
}


def sharp(u: Fraction) -> bool:
    """Whether the bound on a cell of one point is at least the majorant there: nothing but the terms themselves is left to hide in."""
    at = disc_radius(3, 4, Fraction(-1), Fraction(0))
    bound, _ = abel_defect._on_cell(3, 4, at, u, u)
    return bool(arb(exact(value_at(majorant_coefficients(3, 4, u), at) - 1)) <= bound)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_constant_with_a_term_dropped_is_seen(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(sharp(u) for u in FALLING)
    monkeypatch.setattr(abel_defect, "polynomials", spoiled(MUTANTS[name]))
    assert not any(sharp(u) for u in FALLING)


def rejected(theorem: Theorem, **changes: Any) -> bool:
    try:
        Checker(library()).theorem(replace(theorem, id=f"{theorem.id}.altered", **changes), proofs()[theorem.id])
    except ProofError:
        return True
    return False


def test_nearby_false_statements_are_not_proved() -> None:
    m = majorant
    one_power_more = abs(m.S + m.c * m.h**m.n) <= (m.T + abs(m.c) * m.H**m.n) * m.SHRUNK * m.h / m.H
    assert rejected(m.one_more, claim=one_power_more)
    assert rejected(m.one_more, claim=abs(m.S + m.c * m.h**m.n) <= m.T * m.SHRUNK)
    assert rejected(m.multiply, claim=abs(m.S + m.c * m.d) <= m.T + m.C)
    assert rejected(m.negative_power, claim=abs(-(m.a + m.n) / (m.n + 1) * m.v * m.c) <= m.a / (m.n + 1) * m.g * m.C)
    assert rejected(m.without_constant, claim=m.E <= m.M - 2)
    assert not rejected(m.one_more)
