"""Points from coordinates: one number per variable, logarithmic towards both ends of its interval.

t = 0 is the middle of an interval; each step of 1 to the left halves the distance to the lower end, each to the right that to the upper
one; t = -END and t = END are the ends themselves where they belong to the set. Above a single end a, t stands for a + 2^t; on the whole
line for +-(2^|t| - 1). An integer counts from the finite end of its range, an element of a finite set is its place. Later sets may depend
on earlier variables, so a change of one coordinate moves later variables along.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor, log2
from typing import Any

import sympy
from sympy import FiniteSet, Interval, Range

from dmftheory.engines.draw import EmptySetError, element_at, inner_bound, interval_ends
from dmftheory.numerics.balls import DomainError
from dmftheory.numerics.eigenvalues import Eigenvalue

END = 100.0
Coordinate = float | int | Fraction | Eigenvalue
"""A chart coordinate: float on an interval, int for an integer or a place; a Fraction or Eigenvalue is the value itself."""

Sets = Sequence[tuple[Any, Any]]


def point_at(sets: Sets, coordinates: Sequence[Coordinate]) -> dict[Any, Any] | None:
    """The point with these coordinates; None where a set is empty or has no value."""
    point: dict[Any, Any] = {}
    for (symbol, domain), coordinate in zip(sets, coordinates, strict=True):
        try:
            value = coordinate if isinstance(coordinate, Fraction | Eigenvalue) else _value(domain, coordinate, point)
        except (EmptySetError, DomainError):
            return None
        if value is None:
            return None
        point[symbol] = value
    return point


def coordinates_of(sets: Sets, point: dict[Any, Any]) -> list[Coordinate] | None:
    """Coordinates of a point, inside intervals to the precision of a double; None where there are none."""
    found: list[Coordinate] = []
    for symbol, domain in sets:
        value = point[symbol]
        if isinstance(domain, Range) and isinstance(value, Fraction):
            end, sign = _integer_end(domain, point)
            found.append(sign * (int(value) - end))
        elif isinstance(domain, Interval) and isinstance(value, Fraction):
            try:
                found.append(_coordinate(domain, value, point))
            except (EmptySetError, DomainError):
                return None
        elif isinstance(value, Fraction | Eigenvalue):
            found.append(value)
        else:
            found.append(sorted(domain.args, key=sympy.default_sort_key).index(value) if value in getattr(domain, "args", ()) else 0)
    return found


def _value(domain: Any, coordinate: float, point: dict[Any, Any]) -> Any:
    match domain:
        case Interval():
            return _inside(domain, float(coordinate), point)
        case Range():
            end, sign = _integer_end(domain, point)
            value = Fraction(end + sign * int(coordinate))
            low, high = range_ends(domain, point)
            return value if (low is None or value >= low) and (high is None or value <= high) else None
        case FiniteSet():
            elements = sorted(domain.args, key=sympy.default_sort_key)
            return element_at(elements[int(coordinate) % len(elements)], point)
    return None


def _inside(domain: Any, t: float, point: dict[Any, Any]) -> Fraction | None:
    low, high = interval_ends(domain, point)
    if low is not None and high is not None:
        if low > high or (low == high and (domain.left_open or domain.right_open)):
            return None
        if t <= -END and not domain.left_open:
            return low
        if t >= END and not domain.right_open:
            return high
        share = _power_of_two(max(t, -END) - 1) if t <= 0 else 1 - _power_of_two(-min(t, END) - 1)
        return low + (high - low) * share
    if low is not None:
        return low if t <= -END and not domain.left_open else low + _power_of_two(t)
    if high is not None:
        return high if t <= -END and not domain.right_open else high - _power_of_two(t)
    return (_power_of_two(abs(t)) - 1) * (1 if t >= 0 else -1)


def _coordinate(domain: Any, value: Fraction, point: dict[Any, Any]) -> float:
    low, high = interval_ends(domain, point)
    if low is not None and high is not None:
        if value in (low, high) or high <= low:
            return -END if value == low else END
        return share_coordinate((value - low) / (high - low))
    if low is not None or high is not None:
        distance = abs(value - (low if low is not None else high or 0))
        return _log2(distance) if distance else -END
    return _log2(1 + abs(value)) * (1 if value >= 0 else -1)


def share_coordinate(share: Fraction) -> float:
    """The coordinate of the point that divides an interval in this ratio."""
    return _log2(2 * share) if 2 * share <= 1 else -_log2(2 - 2 * share)


def _log2(value: Fraction) -> float:
    if value <= 0:
        return -END
    shift = value.denominator.bit_length() - value.numerator.bit_length()
    return max(-END, min(END, log2(value * Fraction(2) ** shift) - shift))


def _power_of_two(t: float) -> Fraction:
    whole = floor(t)
    return Fraction(2 ** (t - whole)) * Fraction(2) ** whole


def _integer_end(domain: Any, point: dict[Any, Any]) -> tuple[int, int]:
    """(the finite end from which integers count, the direction)."""
    low, high = range_ends(domain, point)
    if low is not None:
        return low, 1
    return (high, -1) if high is not None else (0, 1)


def range_ends(domain: Any, point: dict[Any, Any]) -> tuple[int | None, int | None]:
    """The first and the last integer of a range, None where there is none."""
    low, stop = inner_bound(domain.start, point, above=True), inner_bound(domain.stop, point, above=False)
    return None if low is None else ceil(low), None if stop is None else ceil(stop) - 1
