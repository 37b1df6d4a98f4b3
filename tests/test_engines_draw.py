"""Drawn points lie in their sets, exactly; what cannot be drawn is counted, and nothing is written to disk."""

from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flint import arb
from hypothesis import Phase
from sympy import EmptySet, Eq, FiniteSet, Interval, Range, Rational, Symbol, Union, log, oo, sqrt

from dmftheory.claims import Theorem
from dmftheory.engines.draw import Empty, EmptySetError, draw_from, points, search, simple_values
from dmftheory.engines.evaluate import Posed, judge, pose
from dmftheory.engines.sampling import sample
from dmftheory.engines.text import as_number

N = Symbol("N", integer=True, positive=True)
k = Symbol("k", integer=True)
p, q = Symbol("p", positive=True), Symbol("q", positive=True)
x, y = Symbol("x", real=True), Symbol("y", real=True)


def posed_on(given: dict[Any, Any]) -> Posed:
    """A statement over these sets; what it claims does not matter here."""
    return pose(Theorem("t", given=given, claim=Eq(next(iter(given)), 1)))


def drawn(given: dict[Any, Any], count: int = 400) -> list[Any]:
    """Points from a seeded source of bits."""
    source, posed = Random(5), posed_on(given)
    found = []
    for _ in range(count):
        point: dict[Any, Any] = {}
        for symbol, domain in posed.sets:
            point[symbol] = draw_from(domain, point, source.getrandbits)
        found.append(point)
    return found


SETS = [
    {x: Interval(0, 1)},
    {x: Interval.open(-1, Rational(1, 3))},
    {x: Interval.open(-oo, 2)},
    {x: Interval(3, oo)},
    {x: Interval(-oo, oo)},
    {x: Union(Interval(0, 1), Interval.open(5, 6))},
    {x: Interval(sqrt(2), sqrt(3))},
    {x: Interval(log(2), log(2) + Rational(1, 10**30))},
    {p: Interval.open(0, 1), x: Interval.Lopen(0, p)},
    {N: Range(2, oo), p: Interval.open(0, 1), x: Interval(0, p ** (1 / N))},
    {N: Range(2, oo), k: Range(-3, N)},
    {k: Range(-oo, 4)},
    {k: Union(Range(0, 3), Range(10, oo))},
    {x: FiniteSet(1, Rational(1, 2), -3)},
]


@pytest.mark.parametrize("given", SETS, ids=str)
def test_every_drawn_point_lies_in_its_sets(given: dict[Any, Any]) -> None:
    found = drawn(given)
    posed = posed_on(given)
    assert len(found) == 400
    assert all(isinstance(v, Fraction) for point in found for v in point.values())
    for point in found[:60]:
        assert judge(posed, point).membership is True


def test_a_point_outside_is_noticed() -> None:
    posed = pose(Theorem("t", given={x: Interval.open(0, sqrt(2))}, claim=x <= 1))
    assert judge(posed, {x: Fraction(0)}).membership is False
    assert judge(posed, {x: Fraction(3, 2)}).membership is False


def test_closed_ends_and_near_ends_are_drawn() -> None:
    values = [point[x] for point in drawn({x: Interval(0, 1)})]
    assert values.count(0) > 10
    assert values.count(1) > 10
    assert any(0 < 1 - v < Fraction(1, 10**5) for v in values)
    assert any(0 < v < Fraction(1, 10**5) for v in values)


def test_open_ends_are_not_drawn() -> None:
    values = [point[x] for point in drawn({x: Interval.open(0, 1)})]
    assert 0 < min(values) < max(values) < 1


def test_depths_are_mostly_small_with_a_tail() -> None:
    values = [point[N] for point in drawn({N: Range(2, oo)}, 2000)]
    assert min(values) == 2
    assert max(values) > 50
    assert 1200 < sum(v <= 9 for v in values) < 1900


def test_a_bounded_range_is_drawn_whole() -> None:
    assert {point[k] for point in drawn({k: Range(-2, 5)})} == set(range(-2, 5))


@pytest.mark.parametrize("domain", [EmptySet, Range(0), Interval.open(x, x + 0)])
def test_an_empty_set_gives_no_point(domain: Any) -> None:
    with pytest.raises(EmptySetError):
        draw_from(domain, {x: Fraction(1)}, Random(0).getrandbits)


def test_sets_left_empty_by_an_earlier_draw_are_counted() -> None:
    found = sample(Theorem("t", given={x: Interval(0, 1), y: Interval(x, Rational(1, 2))}, claim=x <= y))
    assert found.evidence.verdict == "supported"
    assert " empty" in found.evidence.domain


def test_a_set_without_value_is_ill_posed() -> None:
    found = sample(Theorem("t", given={x: Interval(0, 1), y: Interval(0, 1 / x)}, claim=y >= -1))
    assert found.evidence.verdict == "ill-posed"
    assert found.evidence.reason == "the set of y: 1/x has no value at x=0"


def test_rejected_points_are_counted() -> None:
    found = sample(Theorem("t", given={x: Interval(0, 1), y: Interval(0, 1)}, assume=[x < y], claim=x**2 < y))
    assert found.evidence.verdict == "supported"
    assert " rejected" in found.evidence.domain
    assert found.samples >= 200


@pytest.mark.parametrize("given", SETS, ids=str)
def test_simple_values_lie_in_their_set(given: dict[Any, Any]) -> None:
    posed = posed_on(given)
    point: dict[Any, Any] = {}
    for symbol, domain in posed.sets:
        values = simple_values(domain, point)
        for value in values:
            below = posed_on(dict(list(given.items())[: len(point) + 1]))
            assert judge(below, {**point, symbol: value}).membership is True
        if not values:
            return
        point[symbol] = values[0]


def test_nothing_is_written_to_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    sample(Theorem("t", given={x: Interval(0, 1)}, claim=x <= Rational(9, 10)))
    assert list(tmp_path.iterdir()) == []


def test_the_strategy_gives_points_or_says_which_set_is_empty() -> None:
    from hypothesis import Phase, find, settings

    posed = pose(Theorem("t", given={x: Interval(0, 1), y: Interval(x, Rational(1, 2))}, claim=x <= y))
    options = settings(max_examples=500, database=None, phases=(Phase.generate,))
    found = find(points(posed), lambda drawn: isinstance(drawn, Empty), settings=options, random=Random(1))
    assert isinstance(found, Empty)
    assert found.symbol == "y"


def test_numbers_of_thousands_of_digits_are_drawn() -> None:
    tiny = Theorem("tiny", given={x: Interval.open(0, Rational(1, 3**12000))}, claim=x <= 1)
    found = search(pose(tiny), lambda drawn: True, 0, 10, (Phase.generate,))
    assert isinstance(found, dict)
    assert 0 < found[x] < Fraction(1, 3**12000)
    assert sample(tiny).evidence.verdict == "supported"
    assert as_number(arb(2) ** 10**12) == float("inf")
    assert as_number(arb(2) ** -(10**12)) == 0
