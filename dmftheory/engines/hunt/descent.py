"""Descent on the room: gradient steps in coordinates that are logarithmic towards the ends, then Newton's method in the variables.

Where the least room is 0 at a single point, Newton's method finds it to hundreds of bits, and the number it closes in on is recognised:
the simplest rationals nearby, or an algebraic number of low degree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from flint import arb, arb_mat
from sympy import Interval, Range

from dmftheory.engines.hunt.chart import END, Coordinate, Sets, point_at
from dmftheory.engines.hunt.room import Point, Room
from dmftheory.numerics.algebraic import recognise, simplest_between
from dmftheory.numerics.eigenvalues import dyadic
from dmftheory.numerics.scalars import to_ball, working_precision

_STEP = 2.0**-16  # of a difference quotient, in coordinates
_SMALLEST_STEP = 2.0**-6
_POLISH_BITS = 640
_DIFFERENCE_BITS = 140  # step of a difference quotient in a variable: 2^-140 times its distance scale
_KEPT_BITS = 420  # of a variable between two steps of Newton's method
_NEWTON_STEPS = 14
_HUGE = arb(2) ** 2000
_NEARNESS = (8, 16, 30, 50, 80, 110)
_DEGREE_BITS = 120


def descend(room: Room, sets: Sets, start: Sequence[Coordinate], most: int) -> list[Coordinate]:
    """The best coordinates that at most about `most` evaluations from `start` lead to."""
    best, least = list(start), _at(room, sets, start)
    step, stop = 4.0, room.count + most
    while room.count < stop and step >= _SMALLEST_STEP and least is not None:
        moved = False
        for trial in _trials(room, sets, best, least, step):
            value = _at(room, sets, trial)
            if value is not None and value < least:
                best, least, moved = trial, value, True
                break
        step = min(2 * step, 32.0) if moved else step / 4
    return best


def _trials(room: Room, sets: Sets, at: list[Coordinate], least: arb, step: float) -> Iterator[list[Coordinate]]:
    """Against the gradient first, then along each coordinate, then integers."""
    reals = {i: c for i, c in enumerate(at) if isinstance(c, float) and abs(c) < END}
    slopes = _slopes(room, sets, at, least, reals)
    size = max((abs(s) for s in slopes.values()), default=0.0)
    if size > 0:
        yield _changed(at, {i: _clipped(reals[i] - step * slope / size) for i, slope in slopes.items()})
    for i, t in reals.items():
        for side in (-step, step):
            yield _changed(at, {i: _clipped(t + side)})
    for i, (_, domain) in enumerate(sets):
        place = at[i]
        if isinstance(domain, Range) and isinstance(place, int):
            for other in (place + 1, place - 1, 2 * place + 1, place // 2):
                if other >= 0 and other != place:
                    yield _changed(at, {i: other})


def _slopes(room: Room, sets: Sets, at: list[Coordinate], least: arb, reals: dict[int, float]) -> dict[int, float]:
    found = {}
    for i, t in reals.items():
        value = _at(room, sets, _changed(at, {i: t + _STEP}))
        if value is not None and (value - least).is_finite():
            found[i] = float((value - least).mid().str(10, radius=False)) / _STEP
    return found


def _changed(at: list[Coordinate], other: Mapping[int, Coordinate]) -> list[Coordinate]:
    return [other.get(i, c) for i, c in enumerate(at)]


def polish(room: Room, sets: Sets, point: Point) -> Iterator[Point]:
    """Points that a least room near `point` may be meant to have: the place that Newton's method closes in on, and the numbers near it."""
    free = [symbol for symbol, domain in sets if isinstance(domain, Interval) and isinstance(point[symbol], Fraction)]
    if not free:
        return
    for method in (_least, _zero):
        for found in method(room, dict(point), free):
            yield from _meant(found, free)


def _least(room: Room, point: Point, free: Sequence[Any]) -> Iterator[Point]:
    """Newton's method for a stationary point."""
    for _ in range(_NEWTON_STEPS):
        move = _newton_move(room, point, free)
        if move is None or _runs_away(point, free, move):
            return
        point = _moved(point, free, move)
        if max(map(abs, move), default=Fraction(0)) < Fraction(1, 2**_DIFFERENCE_BITS):
            break
    yield point


def _zero(room: Room, point: Point, free: Sequence[Any]) -> Iterator[Point]:
    """Newton's method for a zero: simple (a kink of an absolute value), or double (a touching parabola)."""
    for order in (1, 2):
        here = dict(point)
        for _ in range(_NEWTON_STEPS):
            value, slopes = _gradient(room, here, free)
            norm = sum((s * s for s in slopes), Fraction(0))
            if value is None or not norm or not value:
                break
            move = [-order * value * s / norm for s in slopes]
            if _runs_away(here, free, move):
                break
            here = _moved(here, free, move)
        yield here


def _runs_away(point: Point, free: Sequence[Any], move: Sequence[Fraction]) -> bool:
    return any(abs(step) > 1 + abs(point[s]) for s, step in zip(free, move, strict=True))


def _newton_move(room: Room, point: Point, free: Sequence[Any]) -> list[Fraction] | None:
    n = len(free)
    deltas = [_delta(point[s]) for s in free]

    def value(steps: dict[int, int]) -> arb:
        moved = {s: point[s] + steps.get(i, 0) * deltas[i] for i, s in enumerate(free)}
        return room.at({**point, **moved}, _POLISH_BITS)

    middle = value({})
    up, down = [value({i: 1}) for i in range(n)], [value({i: -1}) for i in range(n)]
    with working_precision(_POLISH_BITS):
        steps = list(map(to_ball, deltas))
        gradient = arb_mat([[((up[i] - down[i]) / (2 * steps[i])).mid()] for i in range(n)])
        second = [[(up[i] - 2 * middle + down[i]) / steps[i] ** 2 for _ in range(n)] for i in range(n)]
    for i in range(n):
        for j in range(i):
            both = value({i: 1, j: 1})
            with working_precision(_POLISH_BITS):
                second[i][j] = second[j][i] = (both - up[i] - up[j] + middle) / (steps[i] * steps[j])
    with working_precision(_POLISH_BITS):
        try:
            move = arb_mat([[entry.mid() for entry in row] for row in second]).solve(-gradient)
        except (ZeroDivisionError, ValueError):
            return None
        entries = [move[i, 0].mid() for i in range(n)]
    if not all(map(_is_moderate, entries)):
        return None
    return [dyadic(entry) for entry in entries]


def _gradient(room: Room, point: Point, free: Sequence[Any]) -> tuple[Fraction | None, list[Fraction]]:
    middle = room.at(point, _POLISH_BITS)
    slopes = []
    for symbol in free:
        delta = _delta(point[symbol])
        with working_precision(_POLISH_BITS):
            slope = ((room.at({**point, symbol: point[symbol] + delta}, _POLISH_BITS) - middle) / to_ball(delta)).mid()
        if not _is_moderate(slope):
            return None, []
        slopes.append(_short(dyadic(slope)))
    return (_short(dyadic(middle.mid())) if _is_moderate(middle.mid()) else None), slopes


def _is_moderate(value: arb) -> bool:
    """Whether an exact number is finite and neither huge nor tiny: Newton's method that runs away must not build numbers of many bits."""
    if not value.is_finite():
        return False
    size = abs(value)
    return bool(value.is_zero() or (size < _HUGE and size > 1 / _HUGE))


def _moved(point: Point, free: Sequence[Any], move: Sequence[Fraction]) -> Point:
    return {**point, **{s: _short(point[s] + step) for s, step in zip(free, move, strict=True)}}


def _delta(value: Fraction) -> Fraction:
    exponent = value.numerator.bit_length() - value.denominator.bit_length() if value else 0
    return Fraction(2) ** (min(exponent, 0) - _DIFFERENCE_BITS)


def _short(value: Fraction) -> Fraction:
    """The value to a limited number of bits."""
    if not value:
        return value
    exponent = value.numerator.bit_length() - value.denominator.bit_length()
    scale = Fraction(2) ** (_KEPT_BITS - min(exponent, 0) if exponent < 0 else _KEPT_BITS)
    return Fraction(round(value * scale)) / scale


def _meant(point: Point, free: Sequence[Any]) -> Iterator[Point]:
    """The point itself, and with the simplest numbers near it."""
    yield point
    for bits in _NEARNESS:
        yield {**point, **{s: _simplest(point[s], bits) for s in free}}
    numbers = {s: recognise(point[s], _DEGREE_BITS) for s in free}
    if any(number is not None for number in numbers.values()):
        yield {**point, **{s: _simplest(point[s], 60) if number is None else number for s, number in numbers.items()}}


def _simplest(value: Fraction, bits: int) -> Fraction:
    near = (abs(value) if value else Fraction(1)) / 2**bits
    return simplest_between(value - near, value + near)


def _at(room: Room, sets: Sets, coordinates: Sequence[Coordinate]) -> arb | None:
    point = point_at(sets, coordinates)
    if point is None:
        return None
    value = room.at(point)
    return None if value.is_nan() else value


def _clipped(t: float) -> float:
    return max(-END, min(END, t))
