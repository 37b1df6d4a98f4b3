"""Bisection of a box towards the least lower bound on the room: it sees wells that are too narrow to be met by chance."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import count
from typing import Any

from sympy import Interval

from dmftheory.engines.hunt.chart import Coordinate, Sets, point_at, share_coordinate
from dmftheory.engines.hunt.room import BITS, Room
from dmftheory.numerics import balls
from dmftheory.numerics.balls import DomainError
from dmftheory.numerics.scalars import to_ball, working_precision

_SMALLEST = Fraction(1, 2**70)

Box = tuple[tuple[Fraction, Fraction], ...]


def towards_the_least(room: Room, sets: Sets, base: Sequence[Coordinate], splits: int) -> Iterator[dict[Any, Any]]:
    """The middles of boxes, the one of least bound split again and again. Bounded intervals only; shares of them are split."""
    reals = [symbol for symbol, domain in sets if isinstance(domain, Interval)]
    bounded = all(d.start.is_finite and d.end.is_finite for _, d in sets if isinstance(d, Interval))
    if not reals or not bounded or any(isinstance(c, float) != isinstance(d, Interval) for (_, d), c in zip(sets, base, strict=True)):
        return
    order = count()
    whole: Box = ((Fraction(0), Fraction(1)),) * len(reals)
    waiting: list[tuple[float, int, Box]] = [(0.0, next(order), whole)]
    for _ in range(splits):
        if not waiting:
            return
        _, _, box = heapq.heappop(waiting)
        for half in _halves(box):
            point = _middle(sets, base, half)
            if point is not None:
                yield point
            bound = _bound(room, sets, base, half)
            if bound is not None and half[0][1] - half[0][0] > _SMALLEST:
                heapq.heappush(waiting, (bound, next(order), half))


def _bound(room: Room, sets: Sets, base: Sequence[Coordinate], box: Box) -> float | None:
    """A key that grows with the lower bound of the room; None where the room is certainly above all that was seen."""
    try:
        found = room.bound(_values(sets, base, box))
    except DomainError:
        return None
    if found.is_nan() or not found.is_finite():
        return float("-inf")
    low = found.lower()
    if room.lowest and low > room.lowest[0][0]:
        return None
    return float(low.mid().str(12, radius=False))


def _values(sets: Sets, base: Sequence[Coordinate], box: Box) -> dict[Any, Any]:
    """Balls around the values of the variables on a box."""
    shares = iter(box)
    values: dict[Any, Any] = {}
    with working_precision(BITS):
        for (symbol, domain), coordinate in zip(sets, base, strict=True):
            if isinstance(domain, Interval):
                low, high = (balls.evaluate(end, values, BITS) for end in (domain.start, domain.end))
                one, other = map(to_ball, next(shares))
                values[symbol] = low + (high - low) * one.union(other)
            else:
                values[symbol] = _place(sets, base, symbol, coordinate)
    return values


def _place(sets: Sets, base: Sequence[Coordinate], symbol: Any, coordinate: Coordinate) -> Any:
    point = point_at(sets, base)
    if point is None:
        raise DomainError(symbol)
    return point[symbol]


def _middle(sets: Sets, base: Sequence[Coordinate], box: Box) -> dict[Any, Any] | None:
    middles = iter(share_coordinate((low + high) / 2) for low, high in box)
    return point_at(sets, [next(middles) if isinstance(d, Interval) else c for (_, d), c in zip(sets, base, strict=True)])


def _halves(box: Box) -> list[Box]:
    """The box cut across its longest side."""
    widths = [high - low for low, high in box]
    i = widths.index(max(widths))
    low, high = box[i]
    middle = (low + high) / 2
    return [(*box[:i], (low, middle), *box[i + 1 :]), (*box[:i], (middle, high), *box[i + 1 :])]
