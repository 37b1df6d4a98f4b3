"""Real algebraic numbers: read from text only where they are one root, isolated by counting, and equal exactly where they are."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Abs, Rational, Symbol, exp, log, sqrt

from dmftheory.engines.observables import MEANINGS
from dmftheory.errors import InputError
from dmftheory.numerics.algebraic import count_roots, from_text, in_terms_of, recognise, roots_between, simplest_between, to_text
from dmftheory.numerics.balls import DomainError
from dmftheory.numerics.eigenvalues import Eigenvalue, dyadic
from dmftheory.numerics.zero_test import equal

x, y = Symbol("x", real=True), Symbol("y", real=True)
ROOT2, ROOT3 = from_text("root(-2,0,1;1,2)", "x"), from_text("root(-3,0,1;1,2)", "x")
AT = {x: ROOT2, y: ROOT3}


@pytest.mark.parametrize("text", ["root(-2,0,1;1,2)", "root(-1,-1,0,0,0,1;1,2)", "root(-2,0,1;-2,-1)", "root(1,-10,1;0,1)"])
def test_a_root_is_written_as_it_is_read(text: str) -> None:
    number = from_text(text, "x")
    assert isinstance(number, Eigenvalue)
    assert to_text(number) == text


def test_a_rational_root_is_that_rational_and_factors_fall_away() -> None:
    assert from_text("root(-1,3;0,1)", "x") == Fraction(1, 3)
    assert from_text("root(4,0,-4,0,1;0,2)", "x") == ROOT2
    assert from_text("root(2,-2,-1,1;5/4,2)", "x") != from_text("root(2,-2,-1,1;3/4,5/4)", "x") == 1


@pytest.mark.parametrize(
    "text",
    [
        "root(1,0,1;0,1)",
        "root(-2,0,1;-2,2)",
        "root(-2,0,1;2,3)",
        "root(-2,0,1;2,1)",
        "root(0,0;1,2)",
        "root(1;1,2)",
        "root(-2,0,1;1,2",
        "root(a,1;1,2)",
        "root(-2,0,1/2;1,2)",
        "root(-2,0,1;1)",
        "root(" + "1," * 60 + "1;0,1)",
        "root(-" + "9" * 3000 + ",1;0,1)",
    ],
)
def test_what_is_not_exactly_one_root_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        from_text(text, "x")


@given(st.lists(st.integers(-6, 6), min_size=1, max_size=5, unique=True))
def test_every_root_is_found_once(roots: list[int]) -> None:
    coefficients = [1]
    for root in roots:  # (x^2 - r)(...) with rational, irrational and no real roots
        padded = [0, 0, *coefficients, 0, 0]
        coefficients = [padded[i] - root * padded[i + 2] for i in range(len(coefficients) + 2)]
    found = roots_between(coefficients, Fraction(-10), Fraction(10))
    assert len(found) == sum(2 if r > 0 else 1 if r == 0 else 0 for r in roots)
    for root in found:
        if isinstance(root, Eigenvalue):
            assert count_roots(root.polynomial, *root.bracket) == 1


def test_recognition_needs_short_coefficients() -> None:
    assert isinstance(ROOT2, Eigenvalue)
    near = dyadic(ROOT2.ball(200).mid())
    assert recognise(near, 120) == ROOT2
    assert recognise(near + Fraction(1, 2**40), 120) != ROOT2
    assert recognise(Fraction(355, 113), 120) == Fraction(355, 113)


def test_the_simplest_rational_of_an_interval() -> None:
    assert simplest_between(Fraction(1, 4), Fraction(2, 5)) == Fraction(1, 3)
    assert simplest_between(Fraction(-2, 5), Fraction(-1, 4)) == Fraction(-1, 3)
    assert simplest_between(Fraction(-1), Fraction(7)) == 0
    assert simplest_between(Fraction(7, 2), Fraction(7, 2)) == Fraction(7, 2)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((x**2 - 2) ** 2, 0),
        (x**2 * y**2, 6),
        (1 / (x + 1), x - 1),
        (exp((x**2 - 2) ** 2), 1),
        (exp(x), exp(x**3 / 2)),
        (log(x) * (x**2 - 2), 0),
        (Abs(x - 2), 2 - x),
        (sqrt(x**2 + 2), 2),
        (x, sqrt(2)),
        (x / y, x * y / 3),
    ],
)
def test_equal_at_an_algebraic_point(left: Any, right: Any) -> None:
    left, right = left + Rational(0), right + Rational(0)
    assert equal(left, right, AT, MEANINGS) is True
    assert equal(left + Rational(1, 10**90), right, AT, MEANINGS) is False


@pytest.mark.parametrize(
    ("value", "known", "powers"),
    [
        ("root(-1,0,2;0,1)", "root(-2,0,1;1,2)", [0, Fraction(1, 2)]),
        ("root(-2,0,1;-2,-1)", "root(-2,0,1;1,2)", [0, -1]),
        ("root(-2,2,1;0,1)", "root(-3,0,1;1,2)", [-1, 1]),
        ("root(-2,0,1;1,2)", "root(1,0,-10,0,1;3,4)", [0, Fraction(-9, 2), 0, Fraction(1, 2)]),
        ("root(-3,0,1;1,2)", "root(-2,0,1;1,2)", None),
        ("root(-2,0,0,1;1,2)", "root(-2,0,1;1,2)", None),
        ("root(1,0,-10,0,1;3,4)", "root(-2,0,1;1,2)", None),
    ],
)
def test_a_number_in_terms_of_another(value: str, known: str, powers: list[Fraction] | None) -> None:
    one, other = (from_text(text, "x") for text in (value, known))
    assert isinstance(one, Eigenvalue)
    assert isinstance(other, Eigenvalue)
    assert in_terms_of(one, other) == powers


def test_a_wrong_proposal_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    root, half = from_text("root(-2,0,1;1,2)", "x"), from_text("root(-1,0,2;0,1)", "x")
    assert isinstance(root, Eigenvalue)
    assert isinstance(half, Eigenvalue)
    for wrong in ([0, 1, -3], [1, 1, -2], [0, 1, 2]):  # root/3, (root + 1)/2, -root/2
        monkeypatch.setattr("dmftheory.numerics.algebraic._shortest", lambda values, bits, wrong=wrong: wrong)
        assert in_terms_of(half, root) is None


def test_the_other_root_is_another_number() -> None:
    other = from_text("root(-2,0,1;-2,-1)", "x")
    assert equal(x, sqrt(2), {x: other}, MEANINGS) is False


def test_what_has_no_value_is_not_equal_to_itself() -> None:
    for nothing in (1 / (x**2 - 2), log(x**2 - y**2 + 1)):
        with pytest.raises(DomainError):
            equal(nothing, nothing, AT, MEANINGS)
    assert equal(log(x**2 - 3), log(x**2 - 3), {x: Fraction(2), y: ROOT3}, MEANINGS) is True
