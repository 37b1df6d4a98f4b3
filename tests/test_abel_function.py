"""The Abel function of finite order: its coefficients, its functional equation, and the bound of its defect; mutants are seen."""

import random
from collections.abc import Callable
from fractions import Fraction
from functools import partial

import pytest
from flint import acb, arb, fmpq, fmpq_poly, fmpq_series

from dmftheory.numerics import abel, abel_polynomials
from dmftheory.numerics.abel import AbelFunction, Point
from dmftheory.numerics.abel_defect import BITS, ORDERS, accumulated, constants, disc_radius
from dmftheory.numerics.abel_polynomials import antiderivatives, exponent, polynomials
from dmftheory.numerics.scalars import to_ball, working_precision

PRECISION = 256
SIGNS = (1, -1, 0)


def point(depth: int, sign: int, x: arb) -> Point:
    power = x**depth
    return Point(x, power, 1 - sign * power) if sign else Point(x, arb(0), arb(1))


def image(depth: int, sign: int, tau: arb, x: arb) -> arb:
    """One step of gradient descent in normal form."""
    return x - tau * x ** (2 * depth - 1) if sign == 0 else x + tau * x ** (depth - 1) * (sign - x**depth)


def residual(fn: AbelFunction, x: arb) -> arb:
    """A(x') - A(x) - 1."""
    ahead = image(fn.depth, fn.sign, fn.tau, x)
    return fn(point(fn.depth, fn.sign, ahead)) - fn(point(fn.depth, fn.sign, x)) - 1


def bound(fn: AbelFunction, x: arb) -> arb:
    """M (|h|/H)^(p+1) at one state."""
    at = point(fn.depth, fn.sign, x)
    low, high = (0, 0) if fn.sign == 0 else (0, 1) if fn.sign > 0 else (-1, 0)
    known = constants(fn.degree, fn.order, Fraction(low), Fraction(high))
    h = abs(fn.ratio(at))
    assert h <= known.radius
    return known.bound * (h / known.radius) ** (fn.order + 1)


def test_the_first_coefficients_are_those_of_the_derivation() -> None:
    for n in (2, 3, 5, 9, 40):
        zero, one, two = polynomials(n, 2)
        assert zero == fmpq_poly([1])
        assert one == fmpq_poly([fmpq(n - 1, 2), fmpq(1 - 2 * n, 2)])
        constant = fmpq(-(2 * n * n - 5 * n + 3), 12)
        assert two == fmpq_poly([constant, fmpq(9 * n * n - 15 * n + 6, 12), fmpq(-(8 * n * n - 10 * n + 3), 12)])


def defect_series(depth: int, coefficients: tuple[fmpq_poly, ...], u: fmpq, order: int) -> list[fmpq]:
    """R(u, h) as a power series in h at a rational u, from its integral over s: nothing is shared with the recursion for P_n.

    With v = s h (1-u), the integrand is a series in w = s h, and int_0^1 s^k ds = 1/(k+1).
    """
    total = [fmpq(0)] * (order + 1)
    length = order + 1
    one_plus_v = fmpq_series([1, 1 - u], prec=length)
    power = fmpq_series([1], prec=length)
    for _ in range(depth):
        power = power * one_plus_v
    grown = power * u
    inverse = fmpq_series([1 - u], prec=length) / (1 - grown)
    for n, p in enumerate(coefficients[: order + 1]):
        value = fmpq_series([0], prec=length)
        for c in reversed(p.coeffs()):
            value = value * grown + c
        s = exponent(depth, n) - 1
        factor = fmpq_series([1], prec=length)
        for _ in range(abs(s)):
            factor = factor * one_plus_v
        integrand = inverse * value * (factor if s >= 0 else 1 / factor)
        for k in range(order + 1 - n):
            total[n + k] += integrand[k] / (k + 1)
    total[0] -= 1
    return total


@pytest.mark.parametrize("depth", [2, 3, 4, 7])
def test_the_defect_vanishes_to_the_order_of_the_function(depth: int) -> None:
    order = 9
    for u in (fmpq(0), fmpq(1, 3), fmpq(9, 10), fmpq(-2, 5), fmpq(7, 4)):
        assert defect_series(depth, polynomials(depth, order), u, order) == [fmpq(0)] * (order + 1)


def test_a_wrong_coefficient_of_p3_is_seen_by_the_series() -> None:
    good = polynomials(5, 6)
    for j in range(4):
        wrong = list(good)
        wrong[3] = wrong[3] + fmpq_poly([0] * j + [fmpq(1, 10**6)])
        assert any(defect_series(5, tuple(wrong), fmpq(1, 3), 6))


@pytest.mark.parametrize("sign", SIGNS)
def test_the_residual_is_within_its_bound(sign: int) -> None:
    rng, tightest = random.Random(4), arb(10**9)
    with working_precision(PRECISION):
        for _ in range(60):
            depth, order = rng.choice([2, 3, 4, 6, 9, 12]), rng.choice([4, 8, 12, 16])
            x = to_ball(Fraction(rng.randint(1, 999), 1000))
            low, high = (0, 0) if sign == 0 else (0, 1) if sign > 0 else (-1, 0)
            radius = disc_radius(depth if sign else 2 * depth, order, Fraction(low), Fraction(high))
            degree = depth if sign else 2 * depth
            tau = to_ball(radius * Fraction(rng.randint(1, 99), 100)) * (1 if rng.random() < 0.5 else x.mid() ** (2 - degree))
            if sign > 0 and not depth * tau <= 1:
                continue
            fn = AbelFunction(depth, sign, tau, order, PRECISION)
            found, allowed = abs(residual(fn, x)), bound(fn, x)
            assert found.lower() <= allowed
            tightest = tightest.min(allowed / found) if found > 0 else tightest
    assert tightest < 10**6  # the bound is about the defect, not about anything


def mutated(change: Callable[[int, fmpq_poly], fmpq_poly]) -> Callable[[int, int], tuple[fmpq_poly, ...]]:
    return lambda depth, order: tuple(change(n, p) for n, p in enumerate(polynomials(depth, order)))


MUTANTS = {
    "a wrong coefficient of P_3": lambda n, p: p + fmpq_poly([0, fmpq(1, 1000)]) if n == 3 else p,
    "a dropped term": lambda n, p: p * 0 if n == 6 else p,
    "a wrong sign": lambda n, p: -p if n == 5 else p,
}


@pytest.mark.parametrize("name", MUTANTS)
def test_mutants_break_the_bound_of_the_residual(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> bool:
        with working_precision(PRECISION):
            x, depth = to_ball(Fraction(4, 5)), 5
            fn = AbelFunction(depth, 1, to_ball(Fraction(1, 100 * depth)), 8, PRECISION)
            return not abs(residual(fn, x)) <= bound(fn, x)

    caches = abel._rows, antiderivatives
    assert not broken()
    changed = mutated(MUTANTS[name])
    monkeypatch.setattr(abel_polynomials, "polynomials", changed)
    monkeypatch.setattr(abel, "polynomials", changed)
    for cache in caches:
        cache.cache_clear()
    try:
        assert broken()
    finally:
        monkeypatch.undo()
        for cache in caches:
            cache.cache_clear()
    assert not broken()


def value_with_terms(terms: int | None, monkeypatch: pytest.MonkeyPatch) -> arb:
    """A at x = 1/60 by so many terms of the power series, or by logarithms."""
    with monkeypatch.context() as inner, working_precision(PRECISION):
        inner.setattr(AbelFunction, "_series_terms", lambda self, point: terms)
        return AbelFunction(4, 1, to_ball(Fraction(1, 50)), 8, PRECISION)(point(4, 1, to_ball(Fraction(1, 60))))


def test_a_series_without_its_remainder_misses_the_logarithms(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two ways to evaluate A overlap; with the bound of the dropped terms left out they do not."""
    logarithms = value_with_terms(None, monkeypatch)
    for terms in (3, 6, 12):
        assert value_with_terms(terms, monkeypatch).overlaps(logarithms)
    monkeypatch.setattr(AbelFunction, "_remainder", lambda self, h, u, terms: arb(0))
    assert not value_with_terms(3, monkeypatch).overlaps(logarithms)


@pytest.mark.parametrize("sign", SIGNS)
def test_two_precisions_overlap(sign: int) -> None:
    for depth in (2, 3, 6, 11):
        for x in (Fraction(1, 10**15), Fraction(1, 7), 1 - Fraction(1, 10**30)):
            found = []
            for precision in (192, 320, 1024):
                with working_precision(precision):
                    fn = AbelFunction(depth, sign, to_ball(Fraction(1, 37 * depth)), 12, precision)
                    gap = 1 - sign * x**depth
                    at = Point(to_ball(x), to_ball(x**depth), to_ball(gap)) if sign else Point(to_ball(x), arb(0), arb(1))
                    found.append(fn(at))
            assert found[0].overlaps(found[1])
            assert found[1].overlaps(found[2])
            assert found[0].overlaps(found[2])


def test_little_precision_is_lost_near_the_limit() -> None:
    """At 1 - u = 1e-30 and at x = 1e-15 a 192-bit value is good to 170 bits of the largest term, because 1 - u comes in exactly."""
    with working_precision(192):
        for x in (Fraction(1, 10**15), 1 - Fraction(1, 10**30)):
            fn = AbelFunction(5, 1, to_ball(Fraction(1, 100)), 12, 192)
            value = fn(Point(to_ball(x), to_ball(x**5), to_ball(1 - x**5)))
            assert value.rel_accuracy_bits() > 170


def test_the_constants_are_moderate() -> None:
    """Soundness needs no value at all; usefulness wants a disc in which the function is monotone and the constant small."""
    for depth in (2, 3, 7, 12, 13, 64, 200):
        for order in (4, 8, 12, 16, 24):
            known = constants(depth, order)
            assert known.bound < 1000
            assert known.slope < fmpq(7, 10)
    assert all(constants(3, order).bound < 9 for order in ORDERS if order <= 48)


def test_the_constants_dominate_the_defect_on_the_circle() -> None:
    """M against |R| at complex h of modulus H, from the integral in complex balls."""
    for depth, order in ((3, 4), (5, 8)):
        known = constants(depth, order)
        with working_precision(BITS):
            coefficients = polynomials(depth, order)
            for u in (Fraction(0), Fraction(1, 4), Fraction(9, 10), Fraction(1)):
                for turn in range(8):
                    h = acb(known.radius) * acb(fmpq(turn, 4)).exp_pi_i()
                    value = acb.integral(partial(integrand, depth, coefficients, h, to_ball(u)), 0, 1) - 1
                    assert abs(value) <= known.bound


def integrand(depth: int, coefficients: tuple[fmpq_poly, ...], h: object, u: arb, s: object, analytic: bool) -> object:
    """sum_n h^n (1-u)/(1-U) (1+v)^(s_n - 1) P_n(U), with (1-u)/(1-U) = 1/(1 - u s h G)."""
    v = s * h * (1 - u)  # type: ignore[operator]
    growth = sum((1 + v) ** i for i in range(depth))
    total = 0
    for n, p in enumerate(coefficients):
        value = 0
        for c in reversed(p.coeffs()):
            value = value * (u * (1 + v) ** depth) + arb(c)  # type: ignore[operator]
        total = total + h**n * (1 + v) ** (exponent(depth, n) - 1) * value  # type: ignore[operator]
    return total / (1 - u * s * h * growth)  # type: ignore[operator]


def test_accumulated_defects_dominate_the_sum_along_a_trajectory() -> None:
    rng = random.Random(9)
    with working_precision(PRECISION):
        for _ in range(12):
            depth, sign = rng.choice([2, 3, 5, 8]), rng.choice(SIGNS)
            degree = depth if sign else 2 * depth
            tau = to_ball(Fraction(rng.randint(2, 12), 100 * degree))
            fn = AbelFunction(depth, sign, tau, 4, PRECISION)
            x = start = to_ball(Fraction(rng.randint(30, 60), 100) if sign > 0 else Fraction(9, 10))
            total = arb(0)
            for _ in range(60):
                total += abs(residual(fn, x))
                before, x = x, image(depth, sign, tau, x)
            end = (before + x) / 2  # every state summed lies strictly before it
            allowed = accumulated(fn, point(depth, sign, start.mid()), point(depth, sign, end))
            assert allowed is not None
            assert total <= allowed
