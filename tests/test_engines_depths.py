"""Fixed depths: which variables may be restricted, that ranges are never cut short, and what smt and boxes may say of them."""

from time import monotonic
from typing import Any

import pytest
from sympy import Abs, And, Implies, Interval, Or, Range, Rational, Symbol, cos, exp, log, oo

from dmftheory.claims import FirstPassage, Iterate, Theorem
from dmftheory.engines import boxes, depths, smt

N = Symbol("N", integer=True, positive=True)
k, m = Symbol("k", integer=True, nonnegative=True), Symbol("m", integer=True, nonnegative=True)
x, y = Symbol("x", real=True), Symbol("y", real=True)
tau, x0 = Symbol("tau", positive=True), Symbol("x0", nonnegative=True)
UNIT = Interval(0, 1)


def smt_says(theorem: Theorem) -> tuple[str, str]:
    evidence, _ = smt.decide_each_depth(theorem)
    return evidence.verdict, evidence.domain


def boxes_say(**statement: Any) -> str:
    return boxes.cover(Theorem("t", **statement))[0].verdict


def test_a_depth_is_restricted_and_says_so() -> None:
    theorem = Theorem("t", given={N: Range(3, oo), x: UNIT}, claim=x**N <= x)
    assert smt_says(theorem) == ("certified", "N = 3..32, all x")


def test_a_bounded_step_index_is_covered_whole() -> None:
    theorem = Theorem("t", given={N: Range(2, oo), k: Range(0, N), x: UNIT}, claim=x**N <= x**k)
    verdict, domain = smt_says(theorem)
    assert verdict == "certified"
    assert domain.startswith("N = 2..")
    assert len(list(depths.instances(theorem))) == sum(range(2, 13))
    assert len(list(depths.instances(theorem, 20, 20))) == 20


def test_two_depths_are_joined_level_by_level() -> None:
    K = Symbol("K", integer=True, positive=True)
    theorem = Theorem("t", given={N: Range(2, oo), K: Range(3, oo), x: UNIT}, claim=x ** (N + K) <= x)
    levels = ((0, 12), (13, 13), (14, 14))
    found = [tuple(value for _, value in i.values) for level in levels for i in depths.instances(theorem, *level)]
    assert sorted(found) == [(n, k) for n in range(2, 15) for k in range(3, 15)]


def test_what_holds_up_to_a_depth_beyond_twelve_is_certified_up_to_there_and_says_so() -> None:
    theorem = Theorem("t", given={N: Range(2, oo), x: UNIT}, claim=x**N <= x)

    def up_to(last: int) -> depths.Progress:
        return depths.covered(theorem, lambda i: "stuck" if i.values[0][1] > last else None, monotonic() + 60)

    assert (up_to(11).enough, up_to(11).domain) == (False, "N = 2..11, all x")
    assert (up_to(12).enough, up_to(12).domain) == (True, "N = 2..12, all x")
    assert up_to(20).domain == "N = 2..20, all x"
    assert up_to(20).reason == "shown up to depth 20; at N=21: stuck"
    assert up_to(40) == depths.Progress(True, "N = 2..32, all x")


@pytest.mark.parametrize(
    "theorem",
    [
        Theorem("start", given={k: Range(0, oo), x: UNIT}, claim=x**k <= 2),
        Theorem("step", given={N: Range(1, oo), tau: Interval.Lopen(0, Rational(1, 2)), x0: UNIT}, claim=Iterate(2, tau, x0, N) <= 1),
        Theorem("late", given={N: Range(20, oo), x: UNIT}, claim=x**N <= x),
    ],
    ids=lambda theorem: theorem.id,
)
def test_an_integer_that_is_no_depth_is_not_restricted(theorem: Theorem) -> None:
    assert depths.obstacle(theorem) is not None
    assert smt_says(theorem)[0] == "undecided"
    assert boxes.cover(theorem)[0].verdict == "undecided"


def test_without_integers_the_real_closed_field_proves() -> None:
    assert smt_says(Theorem("t", given={x: UNIT}, claim=x**2 <= x)) == ("proved", "all x")


def test_a_range_is_never_cut_short() -> None:
    late = Theorem("t", given={k: Range(0, 5000), m: Range(4999, k + 1), x: UNIT}, claim=x + m <= 4998)
    assert smt_says(late)[0] == "refuted"
    many = Theorem("t", given={k: Range(0, 5000), x: UNIT}, claim=k * x <= 4000)
    assert smt_says(many)[0] == "undecided"
    assert boxes.cover(many)[0].verdict == "undecided"


def test_smt_finds_and_confirms_a_counterexample_at_its_depth() -> None:
    evidence, point = smt.decide_each_depth(Theorem("t", given={N: Range(2, oo), x: UNIT}, claim=N * x <= 6))
    assert evidence.verdict == "refuted"
    assert point is not None
    assert point[N] == 7


def test_smt_does_not_trust_its_abstraction_for_a_counterexample() -> None:
    theorem = Theorem("t", given={x: Interval(1, 2)}, claim=log(x) <= x - Rational(1, 2))
    assert smt_says(theorem)[0] == "undecided"


TRUE = [
    {"given": {x: UNIT, y: UNIT}, "claim": exp(x) * cos(y) <= 3},
    {"given": {x: UNIT, y: UNIT}, "claim": x + y <= 2},
    {"given": {x: UNIT, y: UNIT}, "assume": [x + y <= Rational(1, 2)], "claim": exp(x) * (1 + y) <= 2},
    {"given": {x: UNIT}, "claim": exp(x) >= 1 + x / 2},
    {"given": {N: Range(2, oo), x: Interval(Rational(1, 2), 1)}, "claim": x**N <= x},
    {"given": {x: Interval(-1, 1)}, "claim": Implies(x >= Rational(1, 2), 1 / x <= 3)},
]


@pytest.mark.parametrize("statement", TRUE, ids=lambda statement: str(statement["claim"]))
def test_boxes_certify(statement: dict[str, Any]) -> None:
    assert boxes_say(**statement) == "certified"


NOT_CERTIFIED = [
    {"given": {x: UNIT, y: UNIT}, "claim": x + y <= Rational(1999, 1000)},
    {"given": {x: UNIT}, "claim": exp(x) <= Rational(27182, 10000)},
    {"given": {x: Interval(-1, 1)}, "claim": Or(x >= -2, 1 / x > 0)},
    {"given": {x: Interval(-1, 1)}, "claim": And(x >= -2, Abs(1 / x) > 0)},
    {"given": {x: UNIT}, "claim": FirstPassage(2, Rational(1, 4), x, Rational(1, 4)) <= 1},
    {"given": {N: Range(2, oo), x: UNIT}, "claim": N * x <= Rational(119, 10)},
    {"given": {N: Range(2, oo), x: UNIT}, "claim": N * x <= Rational(311, 10)},
]


@pytest.mark.parametrize("statement", NOT_CERTIFIED, ids=lambda statement: str(statement["claim"]))
def test_boxes_do_not_certify_what_is_false_has_no_value_or_is_not_compact(statement: dict[str, Any]) -> None:
    assert boxes_say(**statement) in ("refuted", "undecided")


def test_boxes_name_an_exact_counterexample() -> None:
    evidence, point = boxes.cover(Theorem("t", given={N: Range(2, oo), x: UNIT}, claim=N * exp(x) <= 80))
    assert evidence.verdict == "refuted"
    assert point is not None
    assert point[N] == 30
