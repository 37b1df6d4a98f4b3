"""The SymPy-to-Arb translator: what it returns contains the truth, stays exact where it can, and says so where there is no value."""

from fractions import Fraction

import pytest
import sympy
from flint import arb, ctx
from hypothesis import given
from hypothesis import strategies as st
from sympy import Abs, Eq, Function, Max, Min, Ne, Piecewise, Rational, Sum, Symbol, atan2, cos, exp, hyper, log, oo, pi, sqrt

from dmftheory.numerics.balls import DomainError, ExpressionError, compare, evaluate, exact_value, holds
from dmftheory.numerics.scalars import working_precision

x, y, k, N = Symbol("x"), Symbol("y"), Symbol("k"), Symbol("N")


def interval(low: str, high: str) -> arb:
    with working_precision(200):
        return arb(low).union(arb(high))


def contains(ball: arb, q: Fraction) -> bool:
    """Whether the ball contains the rational, decided exactly."""
    middle, radius = (Fraction(*_pair(part)) for part in (ball.mid(), ball.rad()))
    return abs(middle - q) <= radius


def _pair(exact: arb) -> tuple[int, int]:
    mantissa, exponent = (int(part) for part in exact.man_exp())
    return (mantissa << exponent, 1) if exponent >= 0 else (mantissa, 1 << -exponent)


rationals = st.fractions(min_value=-4, max_value=4, max_denominator=60)
leaves = st.one_of(rationals.map(lambda q: Rational(q.numerator, q.denominator)), st.sampled_from([x, y]))
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda p: p[0] + p[1]),
        st.tuples(inner, inner).map(lambda p: p[0] * p[1]),
        st.tuples(inner, st.integers(0, 4)).map(lambda p: p[0] ** p[1]),
        inner.map(Abs),
        st.tuples(inner, inner).map(lambda p: p[0] / (1 + p[1] ** 2)),
    ),
    max_leaves=8,
)


def by_hand(expr: sympy.Expr, values: dict[Symbol, Fraction]) -> Fraction:
    """The same tree in Fractions, independently."""
    if expr in values:
        return values[expr]
    if isinstance(expr, sympy.Rational):
        return Fraction(int(expr.p), int(expr.q))
    parts = [by_hand(arg, values) for arg in expr.args]
    if isinstance(expr, sympy.Add):
        return sum(parts, Fraction(0))
    if isinstance(expr, sympy.Mul):
        return Fraction(sympy.prod(Rational(p.numerator, p.denominator) for p in parts))
    if isinstance(expr, sympy.Pow):
        return parts[0] ** int(parts[1])
    assert isinstance(expr, sympy.Abs)
    return abs(parts[0])


@given(trees, rationals, rationals)
def test_rational_expressions_are_exact_and_every_ball_contains_them(expr: sympy.Expr, a: Fraction, b: Fraction) -> None:
    truth = by_hand(expr, {x: a, y: b})
    assert exact_value(expr, {x: a, y: b}) == truth
    assert contains(evaluate(expr, {x: a, y: b}, 53), truth)
    with working_precision(53):
        around = {x: arb(a.numerator) / a.denominator + arb(0, 0.25), y: arb(b.numerator) / b.denominator + arb(0, 0.125)}
    assert contains(evaluate(expr, around, 53), truth)


TRANSCENDENTAL = [
    sqrt(x) + x ** Rational(1, 3),
    log(1 + x) * exp(-x),
    x ** (y + Rational(1, 3)),
    cos(2 * pi * x / 7) + sympy.sin(pi * y),
    atan2(x, -y) + sympy.atan(x),
    hyper((1, (2 - N) / N), (2 / N,), x / (1 + x)).subs(N, 5),
    Sum(x**k / k, (k, 1, 9)),
    Max(x, y, pi / 4) - Min(sqrt(y), x),
    Piecewise((x, x < y), (y**2, True)),
]


@given(st.sampled_from(TRANSCENDENTAL), st.fractions("1/50", 3, max_denominator=60), st.fractions("1/50", 3, max_denominator=60))
def test_a_low_precision_ball_contains_a_high_precision_one(expr: sympy.Expr, a: Fraction, b: Fraction) -> None:
    coarse, fine = evaluate(expr, {x: a, y: b}, 40), evaluate(expr, {x: a, y: b}, 300)
    assert fine.rel_accuracy_bits() > 200
    assert fine in coarse
    with working_precision(60):
        wide = {x: arb(a.numerator) / a.denominator + arb(0, 0.01), y: arb(b.numerator) / b.denominator + arb(0, 0.01)}
        around = evaluate(expr, wide, 60)
    assert not around.is_finite() or fine in around


def test_a_float_is_refused_wherever_it_hides() -> None:
    for expr in (sympy.Float("0.5"), x + sympy.Float(1), x ** sympy.Float("0.25"), Piecewise((x, x < sympy.Float("0.1")), (y, True))):
        with pytest.raises(ExpressionError, match="floating-point"):
            evaluate(expr, {x: Fraction(1), y: Fraction(1)}, 64)


def test_a_rational_is_not_rounded_to_a_double_on_its_way() -> None:
    ball = evaluate(Rational(1, 3) * x, {x: Fraction(1)}, 200)
    assert contains(ball, Fraction(1, 3))
    assert not contains(ball, Fraction(1 / 3))  # what lambdify would have given


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        (1 / x, Fraction(0)),
        (x**-3, arb(0)),
        (log(x), Fraction(0)),
        (log(x), Fraction(-1)),
        (log(x), arb(-2, 1)),
        (sqrt(x), Fraction(-1, 7)),
        (x ** Rational(-2, 3), Fraction(0)),
        (x ** Rational(1, 3), arb(-8)),
        (x**y, arb(-1)),
        (hyper((1, 1), (x,), Rational(1, 2)), Fraction(-2)),
        (Piecewise((x, x > 1)), Fraction(1)),
    ],
)
def test_no_value_is_a_domain_error_that_names_the_expression(expr: sympy.Expr, value: Fraction | arb) -> None:
    with working_precision(64), pytest.raises(DomainError) as caught:
        evaluate(expr, {x: value, y: arb(1).exp()}, 64)
    assert str(caught.value.expression) in str(expr)


@pytest.mark.parametrize("expr", [1 / x, log(x), sqrt(x), x ** Rational(-1, 3), x**y, sympy.gamma(x - 1), Piecewise((1, x > 0))])
def test_a_ball_that_touches_the_gap_is_unknown(expr: sympy.Expr) -> None:
    assert not evaluate(expr, {x: arb(0, 1), y: arb(1).exp()}, 64).is_finite()


@pytest.mark.parametrize("zero", [Fraction(0), arb(0)])
def test_zero_to_the_zero_is_one_for_exact_integer_exponents(zero: Fraction | arb) -> None:
    assert evaluate(x**N, {x: zero, N: Fraction(0)}, 64) == 1
    assert evaluate(x ** (N - 2), {x: zero, N: Fraction(2)}, 64) == 1
    assert evaluate(x ** (N - 2), {x: zero, N: Fraction(3)}, 64) == 0


def test_powers_of_wide_balls_come_from_their_end_points() -> None:
    assert compare(evaluate(x**2, {x: interval("-1", "1")}, 64), ">=", arb(-1e-8)) is True  # radii have 30 bits
    cube = evaluate(x**3, {x: interval("1", "2")}, 64)
    assert compare(cube, ">", arb("0.99")) is True  # binary powering gives [-0.4, 7.1]
    assert contains(cube, Fraction(8))


def test_max_and_min_of_unknown_order_contain_both_candidates() -> None:
    a, b = interval("0", "2"), interval("1", "3")
    top, low = evaluate(Max(x, y), {x: a, y: b}, 64), evaluate(Min(x, y), {x: a, y: b}, 64)
    assert all(contains(top, Fraction(v)) for v in (1, 2, 3))
    assert all(contains(low, Fraction(v)) for v in (0, 1, 2))


def test_an_undecided_piecewise_contains_every_branch_it_may_take() -> None:
    expr = Piecewise((x - 10, x < 0), (x + 10, x < 5), (100, True))
    found = evaluate(expr, {x: arb(0, 1)}, 64)
    assert contains(found, Fraction(-10))
    assert contains(found, Fraction(10))
    assert not contains(found, Fraction(100))
    assert not evaluate(Piecewise((1 / x, x > 0), (0, True)), {x: arb(0, 1)}, 64).is_finite()


def test_perfect_powers_stay_exact() -> None:
    assert exact_value(x ** Rational(2, 3), {x: Fraction(8, 27)}) == Fraction(4, 9)
    assert exact_value(x ** Rational(-1, 2), {x: Fraction(4, 9)}) == Fraction(3, 2)
    assert exact_value(sqrt(x), {x: Fraction(2)}) is None
    assert exact_value(log(x) + x, {x: Fraction(1)}) == 1
    assert exact_value(x ** (10**9), {x: Fraction(3, 2)}) is None  # too long to be built
    assert exact_value(x + 1, {x: arb(1, 0.5)}) is None
    assert exact_value(x + 1, {x: arb("0.5")}) == Fraction(3, 2)


def test_hypergeometric_parameters_are_told_to_arb() -> None:
    """Without the integer-difference flags Arb answers nan here: the guard is needed."""
    u = Fraction(99, 100)
    expr = hyper((1, (2 - N) / N), (2 / N,), x)
    assert evaluate(expr, {N: Fraction(6), x: u}, 128).rel_accuracy_bits() > 100
    with working_precision(128):
        naive = (arb(99) / 100).hypgeom_2f1(arb(1), arb(-4) / 6, arb(2) / 6)
    assert not naive.is_finite()
    series = evaluate(hyper((1, 1), (2,), x) * x + log(1 - x), {x: u}, 128)
    assert contains(series, Fraction(0))


def test_sums_and_products_run_over_exact_ranges() -> None:
    assert exact_value(Sum(k**2, (k, 1, N)), {N: Fraction(10)}) == 385
    assert exact_value(Sum(k, (k, 1, N)), {N: Fraction(0)}) == 0
    assert exact_value(Sum(x**k * y, (k, 0, y), (y, 0, 2)), {x: Fraction(2)}) == 0 + 3 * 1 + 7 * 2
    assert exact_value(sympy.Product(1 + 1 / k, (k, 1, N)), {N: Fraction(9)}) == 10
    with pytest.raises(ExpressionError, match="range"):
        evaluate(Sum(k, (k, 1, N)), {N: Fraction(1, 2)}, 64)


class Twice(Function):  # type: ignore[misc]
    """An observable of this test."""


def test_observables_get_exact_arguments_and_the_precision() -> None:
    seen: list[object] = []

    def twice(arguments: tuple[Fraction | arb, ...], precision: int) -> Fraction | arb:
        seen.append((arguments, precision))
        return 2 * arguments[0]

    assert evaluate(Twice(x) + 1, {x: Fraction(1, 3)}, 77, {Twice: twice}).overlaps(arb(5) / 3)
    assert seen == [((Fraction(1, 3),), 77)]
    assert exact_value(Twice(x), {x: Fraction(1, 3)}, {Twice: twice}) == Fraction(2, 3)
    with pytest.raises(ExpressionError, match="no meaning"):
        evaluate(Twice(x), {x: Fraction(1)}, 64)
    with pytest.raises(ExpressionError, match="no value"):
        evaluate(x + y, {x: Fraction(1)}, 64)


def test_comparisons_answer_only_what_every_pair_of_points_agrees_on() -> None:
    low, high, wide = arb(1), arb(2), arb(1.5, 1)
    for op, verdict in {"<": True, "<=": True, ">": False, ">=": False, "==": False, "!=": True}.items():
        assert compare(low, op, high) is verdict
        assert compare(low, op, wide) is None
        assert compare(arb.nan(), op, low) is None
        assert compare(low, op, arb(0, float("inf"))) is None
    assert compare(low, "==", arb(1)) is True
    assert compare(low, ">=", arb(1)) is True
    third = evaluate(Rational(1, 3), {}, 64)
    assert compare(third, "==", third) is None  # two balls never prove an equality
    assert compare(high, "<", arb.pos_inf()) is True
    assert evaluate(oo, {}, 64) == arb.pos_inf()


def test_relations_are_exact_between_rationals_and_three_valued_between_balls() -> None:
    values = {x: Fraction(1, 3), y: Fraction(1, 9)}
    assert holds(Eq(x**2, y), values, 64) is True
    assert holds(Ne(x**2, y), values, 64) is False
    assert holds((x < 1) & (y > 1), values, 64) is False
    assert holds(sympy.Implies(x > 1, y > 1), values, 64) is True
    assert holds(sympy.Not(x < Rational(1, 2)), {x: arb(0.5, 0.1)}, 64) is None
    assert holds(Eq(sqrt(x) ** 2, x), {x: Fraction(2)}, 64) is True  # SymPy's own cancellation
    assert holds(Eq(sqrt(x) * sqrt(y), sqrt(x * y)), {x: Fraction(2), y: Fraction(3)}, 64) is None


def test_the_precision_is_put_back_even_after_an_error() -> None:
    before = ctx.prec
    evaluate(sqrt(x), {x: Fraction(2)}, 500)
    with pytest.raises(DomainError):
        evaluate(1 / x, {x: Fraction(0)}, 500)
    assert ctx.prec == before
