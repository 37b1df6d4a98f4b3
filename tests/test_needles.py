"""Statements that are false only in a corner: each is refuted by an exact witness that replays; a true neighbour is not."""

from fractions import Fraction
from typing import Any

import pytest
from sympy import Abs, Eq, Interval, Ne, Piecewise, Range, Rational, Symbol, Union, exp, log, oo, sqrt

from dmftheory.claims import FirstPassage, Iterate, Theorem
from dmftheory.claims.verdict import Evidence
from dmftheory.engines.evaluate import judge, pose
from dmftheory.engines.hunt import LONG, SHORT, Effort, hunt
from dmftheory.engines.hunt.chart import END, coordinates_of, point_at
from dmftheory.engines.needles import deepened
from dmftheory.engines.replay import replay, token
from dmftheory.engines.sampling import Sampled, sample
from dmftheory.engines.settle import settle
from dmftheory.numerics.eigenvalues import Eigenvalue

N = Symbol("N", integer=True, positive=True)
k = Symbol("k", integer=True, nonnegative=True)
x, y = Symbol("x", real=True), Symbol("y", real=True)
a, b = Symbol("a", positive=True), Symbol("b", positive=True)
UNIT, TWO = Interval(0, 1), Interval(0, 2)
R = Rational
NOTHING = Sampled(Evidence("sampling", "supported", ""))

STEPS = Iterate(3, R(1, 10**6), R(1, 10), k)
"""Reaches 1/10 + 1/1000 in about a hundred thousand steps."""

WELL = 1 - 1 / (1 + 10**10 * (x - log(2)) ** 2)

NEEDLES: dict[str, tuple[dict[Any, Any], Any, Any]] = {
    # trap: the sets, a false claim, and a true neighbour of it
    "within 1e-8 of an end": ({x: Interval.open(0, 1)}, x <= 1 - R(1, 10**8), x**2 <= x),
    "within 1e-12 of an end": ({x: Interval.open(0, 1)}, x >= R(1, 10**12), x**2 + R(1, 10**12) >= x * R(1, 10**6)),
    "in a window near an end": (
        {x: UNIT},
        (x - R(1, 10**9)) * (x - R(3, 10**9)) >= 0,
        (x - R(1, 10**9)) * (x - R(3, 10**9)) >= -R(1, 10**18),
    ),
    "at a rational point": ({x: UNIT}, (3 * x - 1) ** 2 > 0, 9 * x**2 + 1 >= 6 * x),
    "at a rational point of seven digits": ({x: UNIT}, (1234577 * x - 765432) ** 2 > 0, (1234577 * x - 765432) ** 2 > -1 - x),
    "at a rational point in the plane": (
        {x: UNIT, y: UNIT},
        58 * x**2 - 6 * x * y + y**2 - 28 * x + 4 > 0,
        58 * x**2 - 6 * x * y + y**2 >= 28 * x - 4,
    ),
    "in a narrow valley": ({x: UNIT}, (3 * x - 1) ** 2 >= R(1, 10**20), (3 * x - 1) ** 2 >= -x * R(1, 10**20)),
    "at a kink": ({x: UNIT}, Abs(3 * x - 1) > 0, Abs(3 * x - 1) + x > R(1, 4)),
    "at an algebraic point": ({x: TWO}, (x**2 - 2) ** 2 > 0, x**4 + 4 >= 4 * x**2),
    "at an algebraic point, as an inequation": ({x: TWO}, Ne(x**2, 2), Ne(x**2, 5)),
    "at an algebraic point of degree five": ({x: TWO}, (x**5 - x - 1) ** 2 > 0, (x**5 - x - 3) ** 2 > -1 - x),
    "at two algebraic numbers": ({x: TWO, y: TWO}, (x**2 - 2) ** 2 + (y**2 - 3) ** 2 > 0, (x**2 - 2) ** 2 + (y**2 - 5) ** 2 > 0),
    "under an exponential": ({x: TWO}, exp(x**4 - 4 * x**2 + 4) > 1, exp(x**4 - 4 * x**2 + 5) > 1),
    "at a number met by Newton's method": (
        {x: TWO, y: TWO},
        x**2 + y**2 - 2 * sqrt(2) * x - 2 * y + 3 > 0,
        x**2 + y**2 - 2 * sqrt(2) * x - 2 * y + 4 > 0,
    ),
    "in a well": ({x: UNIT}, WELL > R(1, 10**6), WELL > -R(1, 10**6)),
    "at depths from 50 on": ({N: Range(2, oo)}, 2**N <= 10**15, 2**N >= N),
    "at depths from 16609 on": ({N: Range(2, oo)}, (1 + R(1) / N) ** N <= R(27182, 10000), (1 + R(1) / N) ** N <= R(27183, 10000)),
    "after many steps": ({k: Range(0, oo)}, STEPS <= R(101, 1000), STEPS <= 1),
    "at a late passage": (
        {x: Interval(R(1, 1000), 1)},
        FirstPassage(3, R(1, 100), x, R(1, 2)) <= 99000,
        FirstPassage(3, R(1, 100), x, R(1, 2)) <= 110000,
    ),
    "at nearly equal eigenvalues": ({a: Interval(1, 2), b: Interval.Ropen(1, a)}, a / b - 1 >= R(1, 10**7), a / b >= 1),
    "at nearly equal eigenvalues, but not at equal ones": (
        {a: Interval(1, 2), b: Interval(1, 2)},
        (a - b) ** 2 >= R(1, 10**12) * Abs(a - b),
        (a - b) ** 2 + R(1, 10**12) >= R(1, 10**12) * Abs(a - b),
    ),
    "at a number that a case singles out": (
        {x: UNIT},
        Piecewise((5, Eq(x, sqrt(2) / 2)), (0, True)) <= 1,
        Piecewise((5, Eq(x, sqrt(2))), (0, True)) <= 1,
    ),
    "beyond a number of eight digits": ({k: Range(0, oo)}, k <= 10**7, k <= k**2),
    "at one integer of eight digits": ({k: Range(0, oo)}, Ne(k, 12345678), Ne(k**2 + 1, 4 * k)),
    "at a pair of large integers": (
        {k: Range(0, oo), N: Range(1, oo)},
        (k - 12345678) ** 2 + (N - 777777) ** 2 >= 1,
        (2 * k - 12345679) ** 2 + (N - 777777) ** 2 >= 1,
    ),
    "in one part of a union": ({x: Union(UNIT, Interval(5, 6))}, (7 * x - 36) ** 2 > 0, (7 * x - 16) ** 2 > 0),
}  # fmt: skip


BRIEF = Effort(1000, 1.0, True)
"""Enough for most of the needles, so that a true neighbour is not spared them."""


def hunted(name: str, claim: Any, given: dict[Any, Any], effort: Effort = LONG) -> tuple[Theorem, Sampled]:
    theorem = Theorem("needle", title=name, given=given, claim=claim)
    return theorem, deepened(theorem, NOTHING, effort)


@pytest.mark.parametrize("name", NEEDLES)
def test_a_needle_is_found_and_replays(name: str) -> None:
    given, claim, _ = NEEDLES[name]
    theorem, found = hunted(name, claim, given)
    assert found.evidence.verdict == "refuted", found
    assert found.witness is not None
    assert found.worst is not None
    for witness in (found.witness, found.worst):
        assert replay(token("needle", witness), [theorem]).outcome == "fails"


@pytest.mark.parametrize("name", NEEDLES)
def test_its_true_neighbour_is_not_refuted(name: str) -> None:
    given, _, claim = NEEDLES[name]
    _, found = hunted(name, claim, given, BRIEF)
    assert found.evidence.verdict == "supported"
    assert found.witness is None
    assert found.worst is not None
    assert found.worst.slack == found.worst_slack


def test_the_first_depth_and_the_first_step_that_fail_are_reported() -> None:
    for name, symbol, first in (("at depths from 50 on", "N", 50), ("at depths from 16609 on", "N", 16609)):
        given, claim, _ = NEEDLES[name]
        _, found = hunted(name, claim, given)
        assert found.witness is not None
        assert found.witness.as_dict()[symbol] == str(first)
    given, claim, _ = NEEDLES["after many steps"]
    theorem, found = hunted("steps", claim, given)
    assert found.witness is not None
    step = int(found.witness.as_dict()["k"])
    assert 90_000 < step < 110_000
    assert replay(f"needle@k={step - 1}", [theorem]).outcome == "holds"


def test_an_algebraic_witness_is_a_polynomial_with_an_interval() -> None:
    given, claim, _ = NEEDLES["at an algebraic point"]
    theorem, found = hunted("root", claim, given)
    assert found.witness is not None
    assert found.witness.as_dict() == {"x": "root(-2,0,1;1,2)"}
    assert replay("needle@x=root(-3,0,1;1,2)", [theorem]).outcome == "holds"
    assert replay("needle@x=root(-7,0,1;2,3)", [theorem]).outcome == "not allowed"


def test_a_missing_value_at_one_point_is_ill_posed() -> None:
    _, found = hunted("gap", 1 / (7 * x - 3) ** 2 > R(1, 100), {x: UNIT})
    assert found.evidence.verdict == "ill-posed"
    assert found.evidence.reason == "(7*x - 3)**(-2) has no value at x=3/7"


def test_a_point_that_a_hypothesis_excludes_is_no_witness() -> None:
    theorem = Theorem("needle", given={x: UNIT}, assume=[Ne(x, R(1, 3))], claim=(3 * x - 1) ** 2 > 0)
    assert deepened(theorem, NOTHING, LONG).evidence.verdict == "supported"
    assert deepened(Theorem("needle", given={x: UNIT}, assume=[x <= R(1, 2)], claim=(3 * x - 2) ** 2 > 0), NOTHING, LONG).witness is None


def test_verify_hunts_where_nothing_is_shown_and_reports_the_least_slack_where_it_is() -> None:
    false = settle(Theorem("needle", given={x: TWO}, claim=(x**2 - 2) ** 2 > 0))
    assert (false.verdict, false.replay, false.disagreement) == ("refuted", "needle@x=root(-2,0,1;1,2)", None)
    true = settle(Theorem("mean", given={x: UNIT, y: UNIT}, claim=2 * x * y <= x**2 + y**2 + R(1, 10)))
    assert (true.verdict, true.witness) == ("proved", None)
    assert true.worst is not None
    assert true.worst_slack == "0.1"
    assert true.worst.as_dict()["x"] == true.worst.as_dict()["y"]


def test_a_hunt_is_the_same_each_time() -> None:
    given, claim, _ = NEEDLES["at a rational point in the plane"]
    posed = pose(Theorem("needle", given=given, claim=claim))
    starts = ({x: Fraction(1, 2), y: Fraction(1, 2)},)
    first, second = hunt(posed, starts, SHORT, 3), hunt(posed, starts, SHORT, 3)
    assert first.count == second.count
    assert first.lowest[0][1] == second.lowest[0][1]


def test_the_chart_goes_through_every_point() -> None:
    sets = pose(Theorem("t", given={N: Range(2, oo), x: Interval(0, 1), y: Interval(x, 2)}, claim=x <= y)).sets
    point = point_at(sets, [3, -30.0, 0.0])
    assert point is not None
    assert point[N] == 5
    assert point[x] == Fraction(1, 2**31)
    assert coordinates_of(sets, point) == [3, -30.0, 0.0]
    ends = point_at(sets, [0, END, -END])
    assert ends == {N: 2, x: 1, y: 1}
    assert judge(pose(Theorem("t", given={x: TWO}, claim=x <= 2)), {x: Fraction(1)}).membership is True


def test_sampling_hands_its_lowest_points_on() -> None:
    found = sample(Theorem("t", given={x: UNIT}, claim=x <= 1))
    assert found.worst is not None
    assert found.worst.as_dict() == {"x": "1"}
    assert found.lowest[0] == {x: 1}
    assert not any(isinstance(value, Eigenvalue) for point in found.lowest for value in point.values())
