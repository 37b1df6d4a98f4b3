"""What sets a mutant apart from its statement: links, added parts, borders. Each must also fail where the mutant is false."""

import time
from dataclasses import replace
from fractions import Fraction
from itertools import islice

import pytest
from sympy import EmptySet, FiniteSet, Integer, Interval, Max, Range, Rational, Symbol, oo, symbols

from dmftheory.claims import FirstPassage, Iterate, Theorem
from dmftheory.claims.formula import Implies, Relation, from_sympy
from dmftheory.claims.mutants import Mutant, mutants
from dmftheory.engines import mutation
from dmftheory.engines.borders import bases, near
from dmftheory.engines.differences import _beyond, added, hides_a_gap, is_defined, pinned
from dmftheory.engines.evaluate import decide, judge, pose
from dmftheory.engines.mutation import assess

n = Symbol("n", integer=True, positive=True)
x, y = Symbol("x", real=True), Symbol("y", real=True)
p = Symbol("p", positive=True)
UNIT = Interval(0, 1)

SQUARE = Theorem("square", given={x: UNIT, y: UNIT}, claim=Implies(from_sympy(x + y <= 1), from_sympy(x**2 + y**2 <= 1)))
TIGHT = Theorem("tight", given={x: UNIT}, claim=x * (1 - x) <= Rational(1, 4))
POWER = Theorem("power", given={n: Range(1, oo), x: UNIT}, claim=x**n <= x)
LARGER = Theorem("larger", given={x: UNIT, y: UNIT}, claim=x + y <= 2 * Max(x, y))
NESTED = Theorem("nested", given={p: Interval.open(0, 1), x: Interval.Lopen(0, p)}, claim=x**2 <= p)
DROPPED = Theorem("dropped", given={x: Interval(-1, 1)}, assume=[x >= 0], claim=x**3 >= 0)
ALL = (SQUARE, TIGHT, POWER, LARGER, NESTED, DROPPED)


def made(theorem: Theorem) -> dict[str, Mutant]:
    return {mutant.theorem.id.partition("~")[2]: mutant for mutant in mutants(theorem).each}


def setting() -> mutation.Setting:
    return mutation.Setting(None, {}, 2.0, 0, {})


@pytest.mark.parametrize("theorem", ALL, ids=lambda theorem: theorem.id)
def test_nothing_false_is_linked_or_shown_for_what_was_added(theorem: Theorem) -> None:
    false = [made(theorem)[outcome.id.partition("~")[2]] for outcome in assess(theorem).outcomes if outcome.kind == "refuted"]
    assert false
    for mutant in false:
        assert not mutation._linked(mutant, setting())
        assert mutation._shown_for_added(mutant, setting()) is None


def test_a_premise_grows_stronger_and_a_conclusion_weaker() -> None:
    linked = {m.change for m in mutants(SQUARE).each if mutation._linked(m, setting())}
    assert "the right side times 99/100 in x + y <= 1" not in linked  # the right side is a number: the rule `constant` moves it
    assert "1 becomes 99/100 in x + y <= 1" in linked
    assert "1 becomes 101/100 in x**2 + y**2 <= 1" in linked
    assert "1 becomes 101/100 in x + y <= 1" not in linked


def test_a_new_division_is_no_link_without_its_value() -> None:
    whole, divided = Relation(x, "<=", 2 * x), Relation(1 / x, "<=", 2 / x)
    assert not is_defined(Theorem("a", given={x: UNIT}, claim=divided, assume=[whole]))
    assert is_defined(Theorem("b", given={x: UNIT}, claim=whole, assume=[divided]))


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        (Interval.Lopen(0, 1), Interval(0, 1), [FiniteSet(0)]),
        (Interval.open(0, 1), Interval.Lopen(0, 1), [FiniteSet(1)]),
        (Interval.open(0, 1), Interval.open(-1, 1), [Interval.Lopen(-1, 0)]),
        (Interval(0, 1), Interval(0, 2), [Interval.Lopen(1, 2)]),
        (Range(2, oo), Range(1, oo), [Range(1, 2)]),
        (Range(2, 5), Range(2, 6), [Range(5, 6)]),
        (FiniteSet(1), FiniteSet(2), []),
    ],
)
def test_what_lies_beyond(old: object, new: object, parts: list[object]) -> None:
    assert _beyond(old, new) == parts


def test_an_empty_addition_says_nothing() -> None:
    """p <= 0 leaves no x in (0, p]."""
    (mutant,) = (m for m in mutants(NESTED).each if m.theorem.given[next(iter(m.theorem.given))] == Interval.Ropen(0, 1))
    (part,) = added(mutant)
    assert pinned(part) is None or pinned(part).given[x] is EmptySet
    assert mutation._shown_for_added(mutant, setting()) == mutation.WITH_ADDED


def test_a_dropped_hypothesis_is_refuted_where_it_fails() -> None:
    (mutant,) = (m for m in mutants(DROPPED).each if m.rule == "drop")
    found = mutation._where_added(mutant, setting())
    assert found is not None and found.witness is not None
    assert Fraction(found.witness.as_dict()["x"]) < 0


def test_points_close_in_on_a_border_from_both_sides() -> None:
    posed = pose(TIGHT)
    third = Relation(x, "<=", Rational(1, 3))
    found = [point[x] for point in near(posed, [third], time.monotonic() + 5)]
    assert min(abs(value - Fraction(1, 3)) for value in found) < Fraction(1, 10**9)
    assert {decide(third, {x: value}) for value in found} == {True, False}


def test_a_moved_premise_is_refuted_next_to_its_border() -> None:
    """The premise moved by 1 % lets in a strip that no simple point meets."""
    premise, claim = from_sympy(1000 * x <= 37 * y), from_sympy(2000 * x <= 74 * y)
    found = made(Theorem("border", given={y: Interval(1, 2), x: UNIT}, claim=Implies(premise, claim)))
    seen = {m.change: mutation._at_borders(m, setting()) for m in found.values() if m.rule == "constant"}
    assert {change for change, outcome in seen.items() if outcome is not None} == {
        "1000 becomes 990 in 1000*x <= 37*y",
        "37 becomes 3737/100 in 1000*x <= 37*y",
        "2000 becomes 2020 in 2000*x <= 74*y",
        "74 becomes 3663/50 in 2000*x <= 74*y",
    }


def test_a_state_that_does_not_move_is_its_start() -> None:
    tau, k = Symbol("tau", nonnegative=True), Symbol("k", integer=True, nonnegative=True)
    given = {tau: Interval(0, Rational(1, 2)), x: Interval.open(0, 1), k: Range(0, oo)}
    part = Theorem("part", given={**given, tau: FiniteSet(0)}, claim=Iterate(2, tau, x, k) <= x)
    still = pinned(part)
    assert still is not None and still.conclusion == Relation(x, "<=", x)
    moving = pinned(Theorem("moving", given=given, claim=Iterate(2, tau, x, k) <= x))
    assert moving is not None and moving.conclusion == Relation(Iterate(2, tau, x, k), "<=", x)


def test_where_the_step_size_is_0_the_start_decides_the_passage() -> None:
    tau, theta = Symbol("tau", real=True), Symbol("theta", real=True)
    stays = Theorem("stays", given={tau: UNIT, theta: UNIT}, claim=FirstPassage(2, tau, Rational(1, 2), theta) < oo)
    posed = pose(stays)
    assert judge(posed, {tau: Fraction(0), theta: Fraction(1, 4)}).claim is True
    assert judge(posed, {tau: Fraction(0), theta: Fraction(1, 3)}).claim is False


def test_an_end_that_is_not_real_settles_nothing() -> None:
    root = Symbol("root", real=True)
    part = Theorem("part", given={x: FiniteSet(-1), root: Interval(0, x ** Rational(1, 2))}, claim=root >= 0)
    assert mutation._posed(part) is None
    assert not mutation._shown(part, setting())


def test_a_gap_that_would_cancel_is_not_hidden() -> None:
    """At n = 1 the power y^(n - 2) times y^n is 1 but for y = 0, where it has no value."""
    part = Theorem("part", given={n: Range(1, 2), y: UNIT}, claim=y ** (n - 2) * y**n <= 1)
    assert hides_a_gap(part)
    assert not mutation._shown(part, setting())
    assert not hides_a_gap(Theorem("other", given={n: Range(2, 3), y: UNIT}, claim=(1 + y ** (n - 2)) * y**n <= 2))


def test_points_next_to_borders_of_many_variables_need_no_list_of_all_corners() -> None:
    many = symbols("x0:40", real=True)
    posed = pose(Theorem("many", given=dict.fromkeys(many, Interval(0, 1)), claim=sum(many) <= 1))
    first = list(islice(bases(posed), 122))
    assert first[0] == [0.0] * 40
    assert [sum(c != 0 for c in base) for base in first] == [0, *([1] * 120), 2]


def test_the_search_near_borders_keeps_to_its_time_where_no_corner_is_a_point() -> None:
    many = symbols("x0:12", real=True)
    posed = pose(Theorem("many", given=dict.fromkeys(many, Interval(0, 1)), claim=sum(many) <= 1))
    posed = replace(posed, sets=(*posed.sets[:-1], (many[-1], EmptySet)))
    start = time.monotonic()
    assert list(near(posed, [Relation(sum(many), "<=", Integer(1))], start + 0.2)) == []
    assert time.monotonic() - start < 5
