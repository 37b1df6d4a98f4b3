"""Spans contain the values of expressions, know which of their ends are open, and refuse where there may be no value."""

from fractions import Fraction
from random import Random
from typing import Any

import pytest
from sympy import (
    Abs,
    E,
    Max,
    Min,
    Piecewise,
    Rational,
    Sum,
    Symbol,
    atan,
    ceiling,
    cos,
    cosh,
    exp,
    floor,
    gamma,
    log,
    pi,
    sign,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
)

from dmftheory.engines.observables import MEANINGS
from dmftheory.numerics import spans
from dmftheory.numerics.enclose import compare, enclose
from dmftheory.numerics.spans import MayLackValue, Span, to_fmpq

x, y, k = Symbol("x", real=True), Symbol("y", real=True), Symbol("k", integer=True)


def span(low: Any, high: Any, open_ends: str = "") -> Span:
    """A span of rationals, None for an infinite end; `(` and `)` in the third argument mark open ends."""
    ends = [None if end is None else to_fmpq(Fraction(end)) for end in (low, high)]
    return Span(*ends, low is None or "(" in open_ends, high is None or ")" in open_ends)


def of(expr: Any, **values: Span) -> Span:
    return enclose(expr, {Symbol(name, real=True): value for name, value in values.items()}, MEANINGS)


EXACT = [
    (1 / x, span(0, 1, "("), span(1, None)),
    (1 / x, span(-2, 0, ")"), span(None, Rational(-1, 2))),
    (1 - x, span(0, 1, ")"), span(0, 1, "(")),
    (x**2, span(-1, 2, "()"), span(0, 4, ")")),
    (x**3, span(-1, 2, "("), span(-1, 8, "(")),
    (x**2 * (x + 1), span(0, 1, "("), span(0, 2, "(")),
    (exp(-x), span(0, None), span(0, 1, "(")),
    (log(x), span(0, 1, "("), span(None, 0)),
    (x * exp(-x), span(0, None), span(0, None)),
    (sqrt(x), span(0, 4, ")"), span(0, 2, ")")),
    (Abs(x), span(-3, 1, "("), span(0, 3, ")")),
    (Max(x, 0), span(-1, 2), span(0, 2)),
    (sign(x), span(0, 5, "("), span(1, 1)),
    (floor(x), span(Rational(1, 2), Rational(5, 2)), span(0, 2)),
    (x * 0 + x - x, span(0, 1), span(0, 0)),
]


@pytest.mark.parametrize(("expr", "over", "expected"), EXACT, ids=str)
def test_ends_are_exact_and_open_where_they_are_not_attained(expr: Any, over: Span, expected: Span) -> None:
    assert of(expr, x=over) == expected


LACKING = [
    (1 / x, span(0, 1)),
    (1 / x, span(-1, 1)),
    (log(x), span(0, 1)),
    (sqrt(x), span(-1, 1)),
    (tan(x), span(1, 2)),
    (x**x, span(0, 1)),
]


@pytest.mark.parametrize(("expr", "over"), LACKING, ids=str)
def test_where_a_value_may_lack_nothing_is_said(expr: Any, over: Span) -> None:
    with pytest.raises(MayLackValue):
        of(expr, x=over)


EXPRESSIONS = [
    *(x * y - x**3 + y**2, x / (y + 9), (x - y) ** 3, exp(x) * cos(y), Abs(x - y) + Max(x, y) - Min(x, 2 * y), atan(x * y), gamma(x + 9)),
    *(cosh(x) * sign(y), floor(x) + ceiling(y), (x**2) ** Rational(1, 3) - y, (x + 8) ** y, sinh(x) * tanh(y), sin(x) + pi * y - E),
    *(Piecewise((x, x > y), (y, True)), Sum(x**k / k, (k, 1, 4))),
]


@pytest.mark.parametrize("expr", EXPRESSIONS, ids=str)
def test_values_at_points_lie_in_the_span(expr: Any) -> None:
    random = Random(5)
    for _ in range(60):
        boxes, points = {}, {}
        for name in "xy":
            low = Fraction(random.randint(-6, 6), random.randint(1, 4))
            width = Fraction(random.randint(0, 6), random.randint(1, 4))
            boxes[name] = span(low, low + width)
            points[name] = span(*[low + width * Fraction(random.randint(0, 4), 4)] * 2)
        whole, value = of(expr, **boxes), of(expr, **points)
        assert whole.low is None or (value.high is not None and whole.low <= value.high)
        assert whole.high is None or (value.low is not None and whole.high >= value.low)


def test_long_and_huge_ends_are_rounded_outward() -> None:
    third = span(Rational(1, 3), Rational(1, 3))
    power = spans.integer_power(third, 500)
    assert power.low is not None and power.high is not None
    exact = Fraction(1, 3**500)
    assert spans.to_fraction(power.low) <= exact <= spans.to_fraction(power.high)
    assert power.low.height_bits() < 4000
    assert of(exp(exp(x)), x=span(0, 100)).high is None
    low = of(exp(-exp(x)), x=span(0, 100)).low
    assert low == 0


def test_comparisons_hold_for_every_pair_or_are_unknown() -> None:
    assert compare(span(0, 1, ")"), "<", span(1, 2)) is True
    assert compare(span(0, 1), "<", span(1, 2)) is None
    assert compare(span(0, 1), "<=", span(1, 2)) is True
    assert compare(span(2, 3, "("), "<=", span(1, 2)) is False
    assert compare(span(1, 1), "==", span(1, 1)) is True
    assert compare(span(0, 1, ")"), "==", span(1, 2)) is False
    assert compare(span(0, 1), "!=", span(1, 2)) is None
