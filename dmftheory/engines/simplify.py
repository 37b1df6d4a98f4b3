"""Counterexamples with shorter numbers: the simplest rationals near each value that still fail."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from typing import Any

from sympy import Interval

from dmftheory.engines.draw import EmptySetError, simple_values
from dmftheory.engines.evaluate import Posed, judge
from dmftheory.engines.hunt.chart import coordinates_of, point_at
from dmftheory.numerics.balls import DomainError

_ROUNDS = 3
_GRID = 600  # simple points that are tried
_PLACES = (1, 2, 4, 5, 8, 10, 16, 20, 50, 64, 100, 128, 200, 256, 500, 512, 1000, 1024, 4096, 10_000, 65_536, 1_000_000)


def simplest_failing(posed: Posed, point: dict[Any, Any]) -> dict[Any, Any]:
    """A failing point no longer than `point`: one value after the other is replaced by the shortest neighbour that certainly fails too."""
    best = _moved_along(posed, dict(point))
    for _ in range(_ROUNDS):
        before = dict(best)
        for symbol, _ in posed.sets:
            if isinstance(best[symbol], Fraction):
                best = _simpler(posed, best, symbol)
        if best == before:
            break
    return best


def _moved_along(posed: Posed, point: dict[Any, Any]) -> dict[Any, Any]:
    """The point with one variable after the other in the middle of its interval, those whose sets depend on it moved in proportion."""
    coordinates = coordinates_of(posed.sets, point)
    for i, (_, domain) in enumerate(posed.sets):
        if coordinates is None or not isinstance(domain, Interval) or coordinates[i] == 0.0:
            continue
        moved = [*coordinates[:i], 0.0, *coordinates[i + 1 :]]
        other = point_at(posed.sets, moved)
        if other is not None and judge(posed, other).fails:
            point, coordinates = other, moved
    return point


def simple_counterexample(posed: Posed) -> dict[Any, Any] | None:
    """A failing point among those that take few and short values, or None."""
    return next((point for point in simple_points(posed) if judge(posed, point, drawn=True).fails), None)


def simple_points(posed: Posed) -> Iterator[dict[Any, Any]]:
    """Points that take few and short values, hypotheses not looked at."""
    return islice(_grid(posed, 0, {}), _GRID)


def _grid(posed: Posed, i: int, point: dict[Any, Any]) -> Iterator[dict[Any, Any]]:
    if i == len(posed.sets):
        yield point
        return
    symbol, domain = posed.sets[i]
    try:
        values = simple_values(domain, point)
    except (EmptySetError, DomainError):
        return
    for value in values:
        yield from _grid(posed, i + 1, {**point, symbol: value})


def _simpler(posed: Posed, point: dict[Any, Any], symbol: Any) -> dict[Any, Any]:
    tried = {point[symbol]}
    for value in _candidates(point[symbol], bool(symbol.is_integer)):
        if value in tried or _length(value) >= _length(point[symbol]):
            continue
        tried.add(value)
        other = {**point, symbol: value}
        if judge(posed, other).fails:
            return other
    return _first_failing(posed, point, symbol) if symbol.is_integer else point


def _first_failing(posed: Posed, point: dict[Any, Any], symbol: Any) -> dict[Any, Any]:
    """The point with its integer moved towards 0 by bisection, as far as it keeps failing: the first failure if there is one threshold."""
    sign = -1 if point[symbol] < 0 else 1
    holds, fails = 0, abs(int(point[symbol]))
    while fails - holds > 1:
        middle = (holds + fails) // 2
        if judge(posed, {**point, symbol: Fraction(sign * middle)}).fails:
            fails = middle
        else:
            holds = middle
    return {**point, symbol: Fraction(sign * fails)}


def _candidates(value: Fraction, integer: bool) -> Iterator[Fraction]:
    """Neighbours of the value, shortest denominators first; small integers for an integer."""
    if integer:
        yield from (Fraction(n) for n in range(9) if n < abs(value))
        yield from (Fraction(int(value) >> shift) for shift in range(6, 0, -1))
        return
    for places in _PLACES:
        below = Fraction(value * places // 1, places)
        yield below
        yield below + Fraction(1, places)


def _length(value: Fraction) -> tuple[int, Fraction]:
    return value.denominator, abs(value)
