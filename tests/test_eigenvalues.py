"""Eigenvalues are exact: right number, right multiplicity, certified sign, order and digits."""

from fractions import Fraction
from itertools import pairwise
from math import prod
from pathlib import Path

import flint
import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from dmftheory.errors import InputError
from dmftheory.numerics import eigenvalues
from dmftheory.numerics.eigenvalues import Eigenvalue, by_value, compare, dyadic, symmetric_eigenvalues
from dmftheory.numerics.matrices import read_symmetric

DIGITS = Path(__file__).parents[1] / "examples" / "digits_covariance.csv"
Matrix = list[list[Fraction]]

rationals = st.fractions(-50, 50, max_denominator=50)


def root_of_two() -> Eigenvalue:
    return Eigenvalue((-2, 0, 1), (Fraction(1), Fraction(2)))


def holds(ball: arb, q: Fraction) -> bool:
    """Whether the ball contains q, decided in rationals: `ball.contains(q)` would round q first."""
    return abs(dyadic(ball.mid()) - q) <= dyadic(ball.rad())


def reflected(spectrum: list[Fraction], vector: list[int]) -> Matrix:
    """Q diag(spectrum) Q with the rational reflection Q = I - 2 v v^T / v^T v: a full matrix with exactly these eigenvalues."""
    n, norm = len(spectrum), sum(v * v for v in vector)
    q = [[Fraction(i == j) - Fraction(2 * vector[i] * vector[j], norm) for j in range(n)] for i in range(n)]
    return [[sum((q[i][k] * spectrum[k] * q[k][j] for k in range(n)), Fraction(0)) for j in range(n)] for i in range(n)]


@given(st.data())
def test_a_planted_rational_spectrum_is_found_with_its_multiplicities(data: st.DataObject) -> None:
    values = data.draw(st.lists(rationals, min_size=1, max_size=4))
    spectrum = [value for value in values for _ in range(data.draw(st.integers(1, 2)))]
    vector = data.draw(st.lists(st.integers(1, 9), min_size=len(spectrum), max_size=len(spectrum)))
    assert [e.rational for e in symmetric_eigenvalues(reflected(spectrum, vector))] == sorted(spectrum, reverse=True)


@given(st.data())
def test_as_many_eigenvalues_lie_below_any_level_as_sylvesters_law_says(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 5))
    lower = [data.draw(st.lists(rationals, min_size=i + 1, max_size=i + 1)) for i in range(n)]
    rows = [[lower[max(i, j)][min(i, j)] for j in range(n)] for i in range(n)]
    found = symmetric_eigenvalues(rows)
    level = data.draw(rationals) + Fraction(1, 1009)
    while (expected := negative_pivots(rows, level)) is None:
        level += Fraction(1, 1_000_003)
    assert sum(compare(e, Eigenvalue.of(level)) < 0 for e in found) == expected
    assert all(compare(a, b) >= 0 for a, b in pairwise(found))


def negative_pivots(rows: Matrix, level: Fraction) -> int | None:
    """Eliminate rows - level I exactly; its negative pivots count the eigenvalues below the level (None: a pivot is zero, try another)."""
    a = [[entry - level * (i == j) for j, entry in enumerate(row)] for i, row in enumerate(rows)]
    for k in range(len(a)):
        if a[k][k] == 0:
            return None
        for i in range(k + 1, len(a)):
            factor = a[i][k] / a[k][k]
            a[i] = [x - factor * y for x, y in zip(a[i], a[k], strict=True)]
    return sum(a[k][k] < 0 for k in range(len(a)))


def test_a_second_difference_matrix_has_its_known_eigenvalues() -> None:
    n = 12
    rows = [[Fraction(2 if i == j else -1 if abs(i - j) == 1 else 0) for j in range(n)] for i in range(n)]
    found = symmetric_eigenvalues(rows)
    with flint.ctx.workprec(500):
        known = [2 - 2 * arb.cos_pi_fmpq(fmpq(k, n + 1)) for k in range(n, 0, -1)]
        assert all(e.ball(400).overlaps(exact) for e, exact in zip(found, known, strict=True))
        assert not any(e.ball(400).overlaps(exact + arb(2) ** -390) for e, exact in zip(found, known, strict=True))


def test_the_digits_covariance_has_64_eigenvalues_and_three_of_them_are_zero() -> None:
    rows = read_symmetric(str(DIGITS))
    assert all(1797 * 1796 % entry.denominator == 0 for row in rows for entry in row), "sums of 1797 integers, divided by 1796"
    found = symmetric_eigenvalues(rows)
    assert [e.sign for e in found] == [1] * 61 + [0] * 3
    # One irreducible factor holds the other 61, so that its coefficients give the trace and the product of them exactly.
    polynomial = found[0].polynomial
    assert {e.polynomial for e in found[:61]} == {polynomial} and len(polynomial) == 62
    assert Fraction(-polynomial[60], polynomial[61]) == sum(rows[i][i] for i in range(64))
    with flint.ctx.workprec(300):
        balls = [e.ball(256) for e in found]
        assert holds(sum(balls, arb(0)), Fraction(-polynomial[60], polynomial[61]))
        assert holds(prod(balls[:61], start=arb(1)), Fraction(-polynomial[0], polynomial[61]))
    # Householder reduction and QR are backward stable: the float eigenvalues are off by at most p(n) 2^-52 ||A||; 64^2 is a generous p(n).
    floats = np.linalg.eigvalsh(np.array([[float(x) for x in row] for row in rows]))[::-1]
    allowed = 64**2 * 2.0**-52 * floats[0]
    assert all(abs(float(ball.mid()) - value) <= allowed for ball, value in zip(balls, floats, strict=True))


def test_tiny_eigenvalues_keep_their_exact_sign() -> None:
    tiny = Fraction(1, 10**300)
    for shift, signs in ((tiny, [1, 1]), (Fraction(0), [1, 0]), (-tiny, [1, -1])):
        found = symmetric_eigenvalues([[Fraction(1), Fraction(1)], [Fraction(1), 1 + shift]])
        assert [e.sign for e in found] == signs
    above = Eigenvalue((-1, 0, 10**9), (Fraction(-1, 10**9), Fraction(1)))
    below = Eigenvalue((-1, 0, 10**9), (Fraction(-1), Fraction(1, 10**9)))
    assert (above.sign, below.sign) == (1, -1)
    assert (above.ball(50) > 0, below.ball(50) < 0) == (True, True)


@pytest.mark.parametrize("bits", [10, 53, 1000, 10_000])
def test_a_ball_has_the_precision_asked_for_and_holds_the_root(bits: int) -> None:
    e = symmetric_eigenvalues(read_symmetric(str(DIGITS)))[40]
    before = flint.ctx.prec
    assert e.ball(bits).rel_accuracy_bits() >= bits
    assert flint.ctx.prec == before
    assert e.ball(bits) is e.ball(bits)
    lower, upper = e.enclosure(bits)
    assert 0 < upper - lower <= upper / 2 ** (bits - 1)
    p = flint.fmpz_poly(list(e.polynomial))
    assert p(fmpq(lower.numerator, lower.denominator)) * p(fmpq(upper.numerator, upper.denominator)) < 0
    assert e.bracket[0] <= upper and lower <= e.bracket[1]


def test_a_wide_bracket_is_narrowed_without_a_usable_slope() -> None:
    # x^3 - 3x + 1 has three real roots and slope zero at 1 and -1, inside the bracket of its least root.
    least = Eigenvalue((1, -3, 0, 1), (Fraction(-50), Fraction(1, 4)))
    with flint.ctx.workprec(300):
        assert least.ball(200).overlaps(-2 * arb.cos_pi_fmpq(fmpq(1, 9)))


def test_comparison_is_exact_where_numbers_are_close_or_equal() -> None:
    two = root_of_two()
    lower, upper = two.enclosure(2000)
    assert [compare(Eigenvalue.of(q), two) for q in (lower, upper)] == [-1, 1]
    assert [compare(two, Eigenvalue.of(q)) for q in (lower, upper)] == [1, -1]
    other = Eigenvalue((6, 0, -5, 0, 1), (Fraction(7, 5), Fraction(3, 2)))  # (x^2 - 2)(x^2 - 3)
    assert compare(two, other) == compare(other, two) == compare(two, two) == 0
    three = Eigenvalue((6, 0, -5, 0, 1), (Fraction(3, 2), Fraction(2)))
    assert (compare(two, three), compare(three, two)) == (-1, 1)
    nearby = Eigenvalue((-2 * 10**60 - 1, 0, 10**60), (Fraction(1), Fraction(2)))
    assert (compare(two, nearby), compare(nearby, two)) == (-1, 1)
    assert sorted([three, nearby, two], key=by_value) == [two, nearby, three]


@given(st.lists(rationals, min_size=1, max_size=6))
def test_rational_eigenvalues_behave_like_their_values(values: list[Fraction]) -> None:
    found = sorted((Eigenvalue.of(q) for q in values), key=by_value)
    assert [e.rational for e in found] == sorted(values)
    for e, q in zip(found, sorted(values), strict=True):
        assert e.sign == (q > 0) - (q < 0)
        assert e.enclosure(20) == (q, q)
        assert str(e) == str(q)
        assert e.magnitude == Eigenvalue.of(abs(q))
        assert holds(e.ball(64), q)
        assert not holds(e.ball(64), q + Fraction(1, 10**15))


def test_magnitude_and_text_of_an_irrational() -> None:
    minus = Eigenvalue((-2, 0, 1), (Fraction(-2), Fraction(-1)))
    assert compare(minus.magnitude, root_of_two()) == 0
    assert str(minus) == "-1.4142135623730950488"
    assert minus.rational is None
    cubic = Eigenvalue((1, -3, 0, 1), (Fraction(-2), Fraction(-1)))
    assert cubic.magnitude == Eigenvalue((-1, -3, 0, 1), (Fraction(1), Fraction(2)))


@pytest.mark.parametrize(
    ("polynomial", "bracket"),
    [
        ((1,), (0, 1)),
        ((), (0, 1)),
        ((-2, 0, -1), (1, 2)),
        ((-4, 0, 2), (1, 2)),
        ((-2, 0, 1), (2, 3)),
        ((-2, 0, 1), (-2, 2)),
        ((-2, 0, 1), (2, 1)),
        ((-2, 0, 1), (1, 1)),
        ((0, -2, 0, 1), (-1, 1)),
        ((-1, 2), (0, 1)),
        ((-1, 2), (1, 1)),
    ],
)
def test_a_description_that_brackets_no_root_is_refused(polynomial: tuple[int, ...], bracket: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="eigenvalue"):
        Eigenvalue(polynomial, (Fraction(bracket[0]), Fraction(bracket[1])))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "0 rows .* a square matrix"),
        ([[1, 2]], "1 rows .* a square matrix"),
        ([[1, 2], [2]], "2 rows .* a square matrix"),
        ([[1, 2], [3, 1]], "differs from its transpose; accepted: a symmetric matrix"),
        ([[2**30000 * (i == j > 0) + (i == j) for j in range(80)] for i in range(80)], "a 80 x 80 matrix .* integers of 30001 bits"),
    ],
)
def test_what_is_not_a_symmetric_matrix_within_reach_is_refused(rows: list[list[int]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        symmetric_eigenvalues([[Fraction(x) for x in row] for row in rows])


def test_denominators_without_bound_are_refused_before_they_are_multiplied_out() -> None:
    rows = [[Fraction(1, 3 ** (10**4) + 2 * (i + j) ** 2) for j in range(128)] for i in range(128)]
    with pytest.raises(InputError, match="with denominators of more than 4096 bits"):
        symmetric_eigenvalues(rows)


def test_roots_that_are_not_separated_are_an_error_and_not_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [[Fraction(1), Fraction(1)], [Fraction(1), Fraction(3)]]
    monkeypatch.setattr(eigenvalues, "_ends", lambda ball: (Fraction(0), Fraction(10)))
    with pytest.raises(ArithmeticError, match="not separated"):
        symmetric_eigenvalues(rows)
    monkeypatch.setattr(eigenvalues, "_ends", lambda ball: (Fraction(int(ball > 2)), Fraction(int(ball > 2), 2) + Fraction(1, 2)))
    with pytest.raises((ArithmeticError, ValueError)):
        symmetric_eigenvalues(rows)


def test_zero_and_one_by_one_matrices() -> None:
    assert symmetric_eigenvalues([[Fraction(0)] * 3] * 3) == (Eigenvalue.of(Fraction(0)),) * 3
    assert symmetric_eigenvalues([[Fraction(-3, 7)]]) == (Eigenvalue.of(Fraction(-3, 7)),)
