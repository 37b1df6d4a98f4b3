"""The boxes engine: inequalities that are tight somewhere are decided, with a mutant of each that is refuted or at least not certified."""

from fractions import Fraction
from typing import Any

import pytest
from sympy import (
    Abs,
    And,
    FiniteSet,
    Implies,
    Interval,
    Max,
    Or,
    Range,
    Rational,
    Symbol,
    Union,
    atan,
    cos,
    exp,
    log,
    oo,
    sin,
    sqrt,
    tanh,
)

from dmftheory.claims import Theorem
from dmftheory.claims.formula import Relation
from dmftheory.engines import boxes, contract
from dmftheory.engines.evaluate import judge, pose
from dmftheory.numerics.spans import Span, to_fmpq

N = Symbol("N", integer=True, positive=True)
x, y = Symbol("x", real=True), Symbol("y", real=True)
p, tau, x0 = Symbol("p", positive=True), Symbol("tau", positive=True), Symbol("x0", nonnegative=True)
UNIT, HALF, LINE, TINY = Interval(0, 1), Interval(0, oo), Interval(-oo, oo), Rational(1, 10**6)
OPEN = Interval.open(0, oo)
DEPTHS = Range(2, 6)


def say(given: dict[Any, Any], claim: Any, assume: Any = ()) -> str:
    """The verdict of the boxes; a counterexample has to hold up in exact arithmetic."""
    theorem = Theorem("t", given=given, claim=claim, assume=assume)
    evidence, point = boxes.cover(theorem, 6.0)
    assert (evidence.verdict == "refuted") is (point is not None)
    assert point is None or judge(pose(theorem), point).fails
    return evidence.verdict


# (sets, larger side, smaller side, strict): larger >= smaller is tight; larger >= smaller + 1/10^6 (or > where >= is tight) is false.
TIGHT: dict[str, tuple[dict[Any, Any], Any, Any]] = {
    "both ends": ({x: UNIT}, x, x**2),
    "double contact at an end": ({x: UNIT, y: UNIT}, (1 - x) ** 2 * (1 + exp(y)), 0 * x),
    "triple contact, written out": ({x: UNIT}, (1 - 3 * x + 3 * x**2 - x**3) * exp(x), 0 * x),
    "a whole edge": ({N: DEPTHS, tau: Interval.Lopen(0, 1 / N), x0: UNIT}, 1 - x0, tau * x0 ** (N - 1) * (1 - x0**N)),
    "a point inside": ({x: Interval(0, 2)}, exp(x) * (x - Rational(1, 3)) ** 2, 0 * x),
    "a point inside, two variables": ({x: UNIT, y: UNIT}, exp((x - Rational(2, 7)) ** 2 + (y - Rational(3, 5)) ** 2), 1 + 0 * x),
    "a minimum that is not along the axes": ({x: LINE, y: LINE}, x**2 + y**2, x * y),
    "an absolute value": ({x: Interval(-2, 3)}, Abs(x), x),
    "a maximum": ({x: Interval(-2, 3)}, Max(x, 1 - x), Rational(1, 2) + 0 * x),
    "a root": ({x: HALF}, x + 1, 2 * sqrt(x)),
    "the whole line": ({x: LINE}, exp(x), 1 + x),
    "a half line": ({p: OPEN}, p - 1, log(p)),
    "from the other side": ({x: Interval(1, oo)}, log(x), 1 - 1 / x),
    "flat at an end": ({x: HALF}, cos(x), 1 - x**2 / 2),
    "at an excluded end": ({x: Interval.Lopen(0, 1)}, 1 / x, 1 + 0 * x),
    "towards infinity": ({x: HALF}, 1 + 0 * x, tanh(x)),
    "an arctangent": ({x: HALF}, x, atan(x)),
    "a set that depends on another": ({x: Interval(1, oo), y: Interval(x, oo)}, log(y), log(x)),
    "a union": ({x: Union(Interval(-2, -1), Interval(1, 2))}, x**2 * exp(x**2 - 1), 1 + 0 * x),
    "a finite set": ({x: FiniteSet(1, 2), y: UNIT}, exp(x * y), 1 + x * y),
}


NO_TIE = ("towards infinity", "a set that depends on another")
"""Never attained, or only where a tie of logarithms would have to be decided."""


@pytest.mark.parametrize("name", TIGHT)
def test_tight_inequalities_are_certified_and_their_mutants_refuted(name: str) -> None:
    given, larger, smaller = TIGHT[name]
    # Relation, because SymPy would decide some of these as they are built.
    assert say(given, Relation(larger, ">=", smaller)) == "certified"
    assert say(given, Relation(larger, ">=", smaller + TINY)) == "refuted"
    if name not in NO_TIE:
        assert say(given, Relation(larger, ">", smaller)) == "refuted"


STRICT: dict[str, tuple[dict[Any, Any], Any]] = {
    "below an excluded end": ({x: Interval.open(0, 1)}, log(x) < 0),
    "beside an excluded end": ({x: Interval.Lopen(0, 2)}, sin(x) < x),
    "beyond 1": ({x: Interval.open(1, oo)}, log(x) > 1 - 1 / x),
    "between two excluded ends": ({x: Interval.open(0, 1)}, x * log(x) < 0),
    "never attained at infinity": ({x: HALF}, tanh(x) < 1),
    "an excluded edge": ({N: DEPTHS, x: Interval.Ropen(0, 1)}, x**N < 1),
}


@pytest.mark.parametrize("name", STRICT)
def test_strict_inequalities_hold_up_to_an_end_that_is_excluded_and_fail_at_one_that_is_not(name: str) -> None:
    given, claim = STRICT[name]
    assert say(given, claim) == "certified"
    closed = {s: Interval(d.start, d.end) if isinstance(d, Interval) and d.end != oo else d for s, d in given.items()}
    if closed != given:
        assert say(closed, claim) != "certified"


UNBOUNDED_FALSE = {
    "far out": ({x: HALF}, exp(x) <= x + 10**6),
    "near a pole": ({x: Interval.open(0, 1)}, 1 / x <= 10**6),
    "a needle at a rational point": ({x: UNIT}, exp(x) * (x - Rational(1, 3)) ** 2 >= Rational(1, 10**9)),
    "a needle in the plane": ({x: UNIT, y: UNIT}, (x - Rational(1, 3)) ** 2 + (y - Rational(2, 7)) ** 2 >= TINY),
    "a needle at a boundary": ({x: UNIT, y: UNIT}, x * (1 - y) + exp(-1000 * (1 - x)) * y <= Rational(999, 1000) + x * y * 0),
    "at one corner": ({x: UNIT, y: UNIT}, x + y <= 2 - Rational(1, 10**9)),
    "at a large depth": ({N: Range(2, oo), x: UNIT}, N * exp(x) <= 80),
}


@pytest.mark.parametrize("name", UNBOUNDED_FALSE)
def test_needles_are_found(name: str) -> None:
    assert say(*UNBOUNDED_FALSE[name]) == "refuted"


def test_hypotheses_narrow_the_region_and_need_a_value_of_their_own() -> None:
    assert say({x: UNIT, y: UNIT}, exp(x + y) <= 3, [x + y <= 1]) == "certified"
    assert say({x: UNIT, y: UNIT}, exp(x + y) <= 3) == "refuted"
    assert say({x: Interval(-1, 1)}, x <= 1, [1 / x <= 5]) != "certified"


def test_what_has_no_value_is_not_certified() -> None:
    assert say({x: Interval(-1, 1)}, Or(x >= -2, 1 / x > 0)) == "undecided"
    assert say({x: Interval(-1, 1)}, And(x >= -2, Abs(1 / x) > 0)) == "undecided"
    assert say({x: Interval(-1, 1)}, Implies(x >= Rational(1, 2), 1 / x <= 3)) == "certified"
    assert say({x: Interval(0, 1)}, log(x) <= x) != "certified"
    assert say({x: Interval.Lopen(0, 1)}, log(x) <= x) == "certified"


def test_where_the_boxes_are_stuck_is_said_exactly() -> None:
    evidence, _ = boxes.cover(Theorem("t", given={x: Interval(-1, 1), y: Interval(-1, 1)}, claim=exp(x + y) >= 1 + x + y), 0.5)
    assert evidence.verdict == "undecided"
    assert evidence.reason is not None
    assert "x in [" in evidence.reason
    assert "slack is only known to be at least -" in evidence.reason
    assert "." not in evidence.reason


def test_all_depths_are_covered_and_named() -> None:
    evidence, _ = boxes.cover(Theorem("t", given={N: Range(2, oo), x: HALF}, claim=(1 + x) ** N >= 1 + N * x))
    assert evidence.verdict == "certified"
    assert evidence.domain.startswith("N = 2..")
    assert evidence.domain.endswith("all x")


def span(low: Any, high: Any, **ends: bool) -> Span:
    return Span(to_fmpq(Fraction(low)), to_fmpq(Fraction(high)), **ends)


def test_signs_are_shown_only_where_they_hold() -> None:
    box = (span(0, 1),)
    assert contract.certainly(x - x**2, (x,), box, strict=False)
    assert not contract.certainly(x - x**2, (x,), box, strict=True)
    assert contract.certainly(x - x**2, (x,), (span(0, 1, low_open=True, high_open=True),), strict=True)
    assert not contract.certainly(x - x**2 - TINY, (x,), (span(0, 1, low_open=True, high_open=True),), strict=False)
    assert not contract.certainly(sqrt(x) - x - TINY, (x,), box, strict=False)
    assert not contract.certainly(log(x), (x,), (span(0, 1),), strict=False)


def test_a_tangent_plane_needs_a_convex_expression() -> None:
    square = (span(-1, 1), span(-1, 1))
    assert contract.certainly(x**2 + y**2 - x * y, (x, y), square, strict=False)
    assert not contract.certainly(x**2 + y**2 - 3 * x * y, (x, y), square, strict=False)


def test_the_simplest_rational_is_where_a_box_is_cut() -> None:
    assert contract.middle(span("1/8", "1/2")) == to_fmpq(Fraction(1, 3))
    assert contract.middle(span(-3, 5)) == 0
    assert contract.middle(Span(to_fmpq(7), None, False, True)) == 15
    assert contract.simplest(to_fmpq(Fraction(-5, 7)), to_fmpq(Fraction(-2, 3))) == to_fmpq(Fraction(-2, 3))
