"""The phases of a hunt, each with its share of the effort; whatever fails has been decided in exact or certified arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

from flint import arb
from hypothesis import Phase, target
from sympy import Interval, Range, Union

from dmftheory.engines.draw import Empty, EmptySetError, interval_ends, search
from dmftheory.engines.evaluate import Posed
from dmftheory.engines.hunt.boxes import towards_the_least
from dmftheory.engines.hunt.chart import Sets, coordinates_of, point_at, range_ends
from dmftheory.engines.hunt.corners import corners, rungs
from dmftheory.engines.hunt.descent import descend, polish
from dmftheory.engines.hunt.room import Point, Room, SpentError
from dmftheory.engines.hunt.special import special_integers, special_values
from dmftheory.numerics.algebraic import Number
from dmftheory.numerics.balls import DomainError

MAX_VALUES = 12
"""Special values of one variable that are tried."""
MAX_SHAPES = 6
"""Ways to pick one part of every union."""
_DESCENTS = 4
_SPLITS = 150
_TARGETED = 200
_BEST = 1e6  # the score of a failing point; no slack has so many bits


@dataclass(frozen=True)
class Effort:
    """How long a hunt may take, in evaluations and seconds; `thorough`: with special values, corners and boxes, else descent alone."""

    evaluations: int
    seconds: float
    thorough: bool


LONG, SHORT = Effort(3000, 6.0, True), Effort(50, 0.5, False)


def hunt(posed: Posed, starts: Sequence[Point], effort: Effort, seed: int = 0) -> Room:
    """Hunt for a failing point of a statement whose variables are numbers; `starts` are points with little room."""
    room = Room(posed)
    shapes = list(islice(_shapes(posed.sets), MAX_SHAPES))

    def run(share: float, phase: Iterator[Point]) -> None:
        room.allow(int(share * effort.evaluations), share * effort.seconds)
        with suppress(SpentError):
            for point in phase:
                room.at(point)

    run(0.1, iter(starts))
    if effort.thorough:
        for share, phase in ((0.15, _special), (0.2, _corners), (0.1, _boxes), (0.2, _ladders)):
            for sets in () if room.found else shapes:
                run(share / len(shapes), phase(room, sets))
        run(0.1, iter(()) if room.found else _targeted(room, seed))
    run(0.25 if effort.thorough else 0.9, _descents(room, shapes, polished=effort.thorough))
    return room


def _special(room: Room, sets: Sets) -> Iterator[Point]:
    """Combinations of values that the statement singles out, around middles and around the lowest points so far."""
    bases = [point_at(sets, base) for base in rungs(room.posed, sets)[:3]]
    for base in [*bases, *(point for _, point in room.lowest[:2])]:
        if base is None:
            continue
        choices = [_choices(room, symbol, domain, base) for symbol, domain in sets]
        for values in _few_first(choices):
            yield dict(zip([symbol for symbol, _ in sets], values, strict=True))


def _choices(room: Room, symbol: Any, domain: Any, base: Point) -> list[Any]:
    values: Sequence[Number] = ()
    with suppress(EmptySetError, DomainError):
        if isinstance(domain, Interval):
            values = special_values(room.formula, symbol, base, *interval_ends(domain, base))
        elif isinstance(domain, Range):
            values = special_integers(room.formula, symbol, base, *range_ends(domain, base))
    return [base[symbol], *values[:MAX_VALUES]]


def _few_first(choices: Sequence[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    """Every combination, those near the front of each list first."""
    longest = max(map(len, choices), default=0)
    for size in range(1, longest + 1):
        for chosen in product(*(range(min(size, len(c))) for c in choices)):
            if max(chosen, default=0) == size - 1:
                yield tuple(c[i] for c, i in zip(choices, chosen, strict=True))


def _corners(room: Room, sets: Sets) -> Iterator[Point]:
    for base in rungs(room.posed, sets)[:3]:
        yield from corners(sets, base)


def _ladders(room: Room, sets: Sets) -> Iterator[Point]:
    """Large integers: at each the ends and middles, then the lowest point so far with only its integers changed."""
    low = coordinates_of(sets, room.lowest[0][1]) if room.lowest else None
    for base in rungs(room.posed, sets)[3:]:
        yield from corners(sets, base, fine=False)
        found = None if low is None else point_at(sets, [c if isinstance(c, int) else start for c, start in zip(base, low, strict=True)])
        if found is not None:
            yield found


def _boxes(room: Room, sets: Sets) -> Iterator[Point]:
    for base in rungs(room.posed, sets)[:2]:
        yield from towards_the_least(room, sets, base, _SPLITS)


def _targeted(room: Room, seed: int) -> Iterator[Point]:
    """Random points, steered by Hypothesis towards little room."""

    def found(drawn: Point | Empty) -> bool:
        try:
            if isinstance(drawn, dict):
                target(_score(room.at(drawn)))
        except SpentError:
            return True
        return room.found

    search(room.posed, found, seed, _TARGETED, (Phase.generate, Phase.target))
    yield from ()


def _score(value: arb) -> float:
    """Larger for less room; only the order matters."""
    if value.is_nan() or not value.is_finite():
        return -_BEST
    if not value > 0:
        return _BEST
    return -float(value.log().mid().str(10, radius=False))


def _descents(room: Room, shapes: Sequence[Sets], polished: bool) -> Iterator[Point]:
    """Down from the lowest points so far; where that ends, the numbers that were meant."""
    for _, point in room.lowest[:_DESCENTS]:
        for sets in shapes:
            start = coordinates_of(sets, point)
            if start is None:
                continue
            end = point_at(sets, descend(room, sets, start, room.left // (2 * _DESCENTS)))
            if polished and end is not None and not room.found:
                yield from polish(room, sets, end)
            break


def _shapes(sets: Sets) -> Iterator[Sets]:
    """The sets with one part picked of every union."""
    parts = [domain.args if isinstance(domain, Union) else (domain,) for _, domain in sets]
    for chosen in product(*parts):
        yield tuple((symbol, domain) for (symbol, _), domain in zip(sets, chosen, strict=True))
