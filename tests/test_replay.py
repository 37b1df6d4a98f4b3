"""A line of text brings an instance back, decided from scratch; no other text does."""

from typing import Any

import pytest
from sympy import And, FiniteSet, Interval, Range, Rational, Symbol, oo, sqrt

from dmftheory.claims import Family, Theorem
from dmftheory.claims.verdict import Witness
from dmftheory.engines.replay import replay, token
from dmftheory.errors import InputError

N = Symbol("N", integer=True, positive=True)
tau, x0 = Symbol("tau", positive=True), Symbol("x0", nonnegative=True)
x = Symbol("x", real=True)


def overshoot(factor: Any) -> Theorem:
    return Theorem(
        "mine.no_overshoot",
        given={N: Range(2, oo), tau: Interval.Lopen(0, factor / N), x0: Interval(0, 1)},
        claim=x0 + tau * x0 ** (N - 1) * (1 - x0**N) <= 1,
    )


MUTANT = overshoot(Rational(101, 100))
FAMILY = Family("f", "", ((1,), (2,)), lambda n: Theorem(f"f.{n}", given={x: Interval(0, n)}, claim=x <= Rational(3, 2)))


def test_a_counterexample_comes_back_with_exact_sides() -> None:
    found = replay("mine.no_overshoot@N=2,tau=101/200,x0=199/200", [overshoot(1), MUTANT][1:])
    assert found.outcome == "fails"
    (comparison,) = found.comparisons
    assert comparison.right == "1"
    assert comparison.left == str(Rational(199, 200) + Rational(101, 200) * Rational(199, 200) * (1 - Rational(199, 200) ** 2))
    assert "fails" in found.to_text()
    assert found.to_document()["outcome"] == "fails"


def test_the_same_instance_is_not_allowed_by_the_true_statement() -> None:
    assert replay("mine.no_overshoot@N=2,tau=101/200,x0=199/200", [overshoot(1)]).outcome == "not allowed"


def test_an_instance_that_holds_and_one_without_value() -> None:
    inverse = Theorem("inverse", given={x: Interval(-1, 1)}, claim=1 / x <= 2)
    assert replay("inverse@x=1/2", [inverse]).outcome == "holds"
    assert replay("inverse@x=1/4", [inverse]).outcome == "fails"
    gap = replay("inverse@x=0", [inverse])
    assert gap.outcome == "no value"
    assert gap.gap == "1/x"


def test_a_hypothesis_is_reported_by_itself() -> None:
    theorem = Theorem("t", given={x: Interval(0, 1)}, assume=[x >= Rational(1, 2), x**2 <= 1], claim=x <= 2)
    found = replay("t@x=0.25", [theorem])
    assert [truth for _, truth in found.hypotheses] == [False, True]
    assert found.outcome == "not allowed"


def test_a_member_of_a_family_is_named_by_its_index() -> None:
    line = token("f", Witness((("x", "2"),)), (2,))
    assert line == "f[2]@x=2"
    assert replay(line, [FAMILY]).outcome == "fails"
    assert replay("f[1]@x=1", [FAMILY]).outcome == "holds"


def test_an_algebraic_element_of_a_finite_set_can_be_named() -> None:
    theorem = Theorem("t", given={x: FiniteSet(sqrt(2), 1)}, claim=And(x >= 1, x <= Rational(7, 5)))
    assert replay("t@x=sqrt(2)", [theorem]).outcome == "fails"
    assert replay("t@x=1", [theorem]).outcome == "holds"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mine.no_overshoot",
        "nobody@N=2",
        "mine.no_overshoot@N=2",
        "mine.no_overshoot@N=2,tau=1/2,x0=1,y=3",
        "mine.no_overshoot@N=2,N=2,tau=1/2,x0=1",
        "mine.no_overshoot@N=2,tau=1/0,x0=1",
        "mine.no_overshoot@N=2,tau=__import__('os'),x0=1",
        "mine.no_overshoot@N=2,tau=1e99999999,x0=1",
        "mine.no_overshoot[1]@N=2,tau=1/2,x0=1",
        "f@x=1",
        "f[3]@x=1",
        "f[1,1]@x=1",
        "x" * 200_000 + "@",
    ],
)
def test_any_other_text_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(InputError) as caught:
        replay(text, [MUTANT, FAMILY])
    assert "\n" not in str(caught.value)


def test_a_fractional_depth_is_outside_its_set() -> None:
    assert replay("mine.no_overshoot@N=5/2,tau=1/10,x0=1", [MUTANT]).outcome == "not allowed"
