"""Points on both sides of where a relation changes its truth value, closer and closer to it, along one variable after the other.

A premise, a passage or a bound that moves a little is felt only next to its border, which random points miss.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from itertools import combinations, pairwise, product
from typing import Any

from sympy import Integer, Interval, Range

from dmftheory.claims.formula import Relation
from dmftheory.claims.observables import FirstPassage, FlowTime, ImbalancedTime, LearningStep, LearningTime
from dmftheory.engines.draw import EmptySetError
from dmftheory.engines.evaluate import Posed, decide, exact_or_ball
from dmftheory.engines.hunt.chart import END, point_at
from dmftheory.numerics.balls import DomainError, ExpressionError

PLACES = (-END, -24.0, -14.0, -8.0, -4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0, 8.0, 14.0, 24.0, END)
"""Coordinates between which a change of truth is looked for."""
CORNERS = (0.0, -11.0, 11.0, -4.0)
COUNTS = (1, 0, 2, 24)
"""Of an integer, counted from the end of its range."""
HALVINGS = 36
SHOWN = 4
"""Of so many halvings the last point of each side is handed out."""

TIMES = (FlowTime, LearningTime, ImbalancedTime)

Point = dict[Any, Any]


def bases(posed: Posed) -> Iterator[list[Any]]:
    """Coordinates of middles and of places near the ends, with the integers mostly small: those that change few of them first."""
    choices = [CORNERS if isinstance(d, Interval) else COUNTS if isinstance(d, Range) else (0, 1) for _, d in posed.sets]
    middle = [first for first, *_ in choices]
    for count in range(len(choices) + 1):
        for places in combinations(reversed(range(len(choices))), count):
            for others in product(*(choices[i][1:] for i in places)):
                changed = dict(zip(places, others, strict=True))
                yield [changed.get(i, start) for i, start in enumerate(middle)]


def near(posed: Posed, formulas: Sequence[Relation], deadline: float) -> Iterator[Point]:
    """Points near the borders of the relations, whose definitions are put in, and near the levels that passages in them just reach.

    Relations without flow times, which take long to evaluate, come first and have half of the time; all of it where there are passages.
    """
    start, passages = time.monotonic(), _passages(formulas)
    slow = [relation for relation in formulas if any(side.atoms(*TIMES) for side in (relation.left, relation.right))]
    yield from _near(posed, [r for r in formulas if r not in slow], deadline if passages else (start + deadline) / 2, passages)
    yield from _near(posed, slow, deadline, ())


def _near(posed: Posed, formulas: Sequence[Relation], deadline: float, passages: Sequence[Any]) -> Iterator[Point]:
    reals = [i for i, (_, domain) in enumerate(posed.sets) if isinstance(domain, Interval)]
    for base in bases(posed):
        if time.monotonic() > deadline:
            return
        point = point_at(posed.sets, base)
        if point is None:
            continue
        levels = [Relation(atom, "<=", count) for atom in passages if (count := _count(atom, point)) is not None]
        for relation, i in product([*levels, *formulas], reals):
            if time.monotonic() > deadline:
                return
            yield from _along(posed, relation, base, i)


def _passages(formulas: Sequence[Relation]) -> list[Any]:
    sides = [side for relation in formulas for side in (relation.left, relation.right)]
    return sorted({atom for side in sides for atom in side.atoms(FirstPassage, LearningStep)}, key=str)


def _along(posed: Posed, relation: Relation, base: Sequence[Any], i: int) -> Iterator[Point]:
    """Points near the borders of one relation along one variable."""

    def at(t: float) -> tuple[Point | None, bool | None]:
        point = point_at(posed.sets, [*base[:i], t, *base[i + 1 :]])
        return point, None if point is None else _holds(relation, point)

    seen = [(t, at(t)[1]) for t in PLACES]
    for (low, before), (high, after) in pairwise(seen):
        if before is None or after is None or before is after:
            continue
        for turn in range(HALVINGS):
            middle = (low + high) / 2
            _, truth = at(middle)
            if truth is None:
                break
            low, high = (middle, high) if truth is before else (low, middle)
            if turn % SHOWN == SHOWN - 1:
                yield from (point for t in (low, high) for point, _ in (at(t),) if point is not None)


def _holds(relation: Relation, point: Point) -> bool | None:
    with suppress(DomainError, ExpressionError, EmptySetError):
        return decide(relation, point, (64,))
    return None


def _count(passage: Any, point: Point) -> Integer | None:
    """The step of a passage where it is known."""
    with suppress(DomainError, ExpressionError):
        value = exact_or_ball(passage, point)
        return Integer(value.numerator) if isinstance(value, Fraction) else None
    return None
