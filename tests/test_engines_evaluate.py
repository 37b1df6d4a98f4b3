"""A formula at a point: true and false only where exact or certified arithmetic says so, unknown otherwise."""

from fractions import Fraction
from typing import Any

import pytest
from flint import arb
from sympy import (
    Abs,
    And,
    Eq,
    FiniteSet,
    Implies,
    Integer,
    Interval,
    Max,
    Not,
    Or,
    Range,
    Rational,
    Symbol,
    exp,
    log,
    oo,
    sqrt,
)  # fmt: skip

from dmftheory.claims import EffectiveRank, Factor, FirstPassage, FlowTime, Iterate, LearningStep, LearningTime, Theorem
from dmftheory.claims.formula import And as Conjunction
from dmftheory.claims.formula import Relation, from_sympy
from dmftheory.engines.evaluate import decide, judge, pose, slack
from dmftheory.numerics.balls import DomainError

x, y = Symbol("x", real=True), Symbol("y", real=True)
p = Symbol("p", positive=True)
N = Symbol("N", integer=True, positive=True)


def at(value: Any, **others: Any) -> dict[Any, Fraction]:
    return {x: Fraction(value), **{Symbol(k, real=True): Fraction(v) for k, v in others.items()}}


@pytest.mark.parametrize(
    ("claim", "point", "truth"),
    [
        (x**2 <= 4, at(2), True),
        (x**2 < 4, at(2), False),
        (Eq(x**2, Rational(1, 9)), at("1/3"), True),
        (Eq(sqrt(x), 3), at(9), True),
        (Eq(sqrt(x), 3), at("9.0000001"), False),
        (exp(x) > 1 + x, at("1/1000000"), True),
        (exp(x) <= 1 + x, at(0), True),
        (log(1 + x) < x, at("1e-300"), True),
        (And(x > 0, x < 1), at("1/2"), True),
        (Or(x > 1, x < 0), at("1/2"), False),
        (Implies(x > 0, 1 / x > 0), at(0), True),
        (Not(Eq(x, 1)), at(1), False),
        (Abs(x) <= Max(x, -x), at("-3/7"), True),
        (x**1001 <= 0, at("-1/3"), True),
    ],
)
def test_decisions(claim: Any, point: dict[Any, Fraction], truth: bool) -> None:
    assert decide(from_sympy(claim), point) is truth


def test_zero_to_the_zero_is_one() -> None:
    assert decide(Relation(x ** (N - 2), "==", Integer(1)), {x: Fraction(0), N: Fraction(2)}) is True


def test_a_transcendental_tie_stays_unknown() -> None:
    assert decide(Relation(log(p * y), "==", log(p) + log(y)), {p: Fraction(2), y: Fraction(3)}) is None
    assert decide(Relation(log(p * y), "<=", log(p) + log(y)), {p: Fraction(2), y: Fraction(3)}, precisions=(64, 128)) is None


def test_a_near_tie_is_decided_by_more_precision() -> None:
    claim = Relation(log(1 + x), "<", x - x**2 / 2 + x**3 / 3)
    tiny = {x: Fraction(1, 10**60)}
    assert decide(claim, tiny, precisions=(64,)) is None
    assert decide(claim, tiny) is True


@pytest.mark.parametrize(("expr", "value"), [(1 / x, 0), (log(x), 0), (log(x), -1), (x ** Rational(1, 2), -1), (x**-2, 0)])
def test_no_value_is_an_error_not_a_guess(expr: Any, value: int) -> None:
    with pytest.raises(DomainError):
        decide(Relation(expr, "<=", Integer(1)), at(value))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (Iterate(2, Rational(1, 3), Rational(1, 2), 1), Rational(5, 8)),
        (Iterate(2, Rational(1, 3), Rational(1, 2), 0), Rational(1, 2)),
        (FirstPassage(2, Rational(1, 3), Rational(1, 2), Rational(25, 64)), Integer(1)),
        (FirstPassage(2, Rational(1, 3), Rational(1, 2), Rational(1, 5)), Integer(0)),
        (LearningStep(2, 4, 1, Rational(1, 12), Rational(25, 64)), Integer(1)),
        (Factor(2, 4, 1, Rational(1, 12), 1), Rational(5, 4)),
        (FlowTime(3, Rational(1, 2), Rational(1, 2)), Integer(0)),
        (FlowTime(2, 2, 1, 0), Rational(3, 8)),
        (LearningTime(2, 0, 2, 1), Rational(3, 8)),
        (EffectiveRank(2, -1, 1), Integer(2)),
    ],
)
def test_observables_at_exact_points(left: Any, right: Any) -> None:
    assert decide(Relation(left, "==", right), {}) is True
    assert decide(Relation(left, "==", right + Rational(1, 10**9)), {}) is False


def test_a_passage_that_never_comes_is_infinite() -> None:
    never = FirstPassage(2, Rational(1, 3), Rational(1, 2), Rational(3, 2))
    assert decide(Relation(never, ">=", Integer(10**9)), {}) is True
    assert decide(Relation(never, "<=", Integer(10**9)), {}) is False
    assert decide(Relation(FirstPassage(2, Rational(1, 3), Rational(1, 2), Rational(1, 4), -1), "==", Integer(0)), {}) is True


def test_a_passage_beyond_the_step_budget_is_unknown_or_bracketed() -> None:
    late = FirstPassage(3, Rational(1, 10**6), Rational(1, 10), Rational(1, 2))
    assert decide(Relation(late, ">=", Integer(1000)), {}) is not False
    assert decide(Relation(late, "==", Integer(10**7)), {}) is not True


def test_a_late_iterate_is_a_certified_ball() -> None:
    late = Iterate(3, Rational(1, 10), Rational(1, 2), 500)
    assert decide(Relation(late, "<", Integer(1)), {}) is True
    assert decide(Relation(late, ">", Rational(9, 10)), {}) is True


def test_flow_time_agrees_with_the_logarithm_at_depth_two() -> None:
    closed = (log(Rational(81, 100) / Rational(19, 100)) - log(Rational(1, 4) / Rational(3, 4))) / 2
    flow = FlowTime(2, Rational(1, 2), Rational(9, 10))
    tiny = Rational(1, 10**40)
    assert decide(Conjunction((Relation(flow, "<", closed + tiny), Relation(flow, ">", closed - tiny))), {}) is True


@pytest.mark.parametrize("sides", [(Rational(1, 2), 2), (1, 2), (0, Rational(1, 2))])
def test_flow_time_across_the_fixed_point_has_no_value(sides: tuple[Any, Any]) -> None:
    with pytest.raises(DomainError):
        decide(Relation(FlowTime(3, *sides), "<=", Integer(1)), {})


def test_definitions_stand_in_the_place_of_their_variable() -> None:
    theorem = Theorem("t", given={N: Range(2, oo), p: Interval.open(0, oo), y: FiniteSet(p ** (1 / N))}, claim=Eq(y**N, p))
    posed = pose(theorem)
    assert [s for s, _ in posed.sets] == [N, p]
    assert judge(posed, {N: Fraction(5), p: Fraction(2)}).claim is True


def test_judgement_outside_the_sets_or_the_hypotheses_is_not_allowed() -> None:
    posed = pose(Theorem("t", given={x: Interval(0, 1), y: Interval(0, 1)}, assume=[x <= y], claim=x <= Rational(1, 2)))
    assert judge(posed, {x: Fraction(2), y: Fraction(3)}).allowed is False
    assert judge(posed, {x: Fraction(1), y: Fraction(0)}).allowed is False
    assert judge(posed, {x: Fraction(3, 4), y: Fraction(1)}).fails
    assert not judge(posed, {x: Fraction(1, 4), y: Fraction(1)}).fails


def test_slack_is_the_room_left() -> None:
    claim = from_sympy(And(x <= 3, x >= -10))
    assert slack(claim, at(1)) == arb(2)
    assert slack(from_sympy(Or(x <= 3, x >= 10)), at(9)) == arb(-1)
    assert slack(from_sympy(Not(And(x <= 3, x >= 0))), at(5)) == arb(2)
    assert slack(from_sympy(Eq(x, 3)), at(5)) == arb(-2)
    assert slack(from_sympy(exp(x) >= 1 + x), at(0)) == arb(0)


def test_wrong_arguments_of_an_observable_are_named() -> None:
    with pytest.raises(TypeError, match="Iterate takes 4 to 5 arguments, got 2"):
        Iterate(2, x)
    with pytest.raises(ValueError, match="Iterate: the sign must be 1, 0 or -1, got 2"):
        Iterate(2, x, x, 1, 2)
