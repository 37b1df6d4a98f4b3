"""How much room a statement has at a point, and the points that fail."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from flint import arb
from sympy.core.function import AppliedUndef

from dmftheory.claims.formula import And, Formula, Implies, relations
from dmftheory.engines.evaluate import Posed, judge, slack
from dmftheory.engines.observables import MEANINGS
from dmftheory.engines.text import as_number
from dmftheory.numerics import balls
from dmftheory.numerics.balls import ExpressionError
from dmftheory.numerics.eigenvalues import Eigenvalue
from dmftheory.numerics.scalars import Value, to_ball, working_precision

BITS = 128
KEPT = 6
"""Lowest points that are kept."""
_SUSPECT = Fraction(1, 2**90)  # less room than this is looked at exactly

_AFTERWARDS = 80  # evaluations that look for a worse failure once one is known

Point = dict[Any, Any]


class SpentError(Exception):
    """The evaluations or the time allowed are used up, or a point without value is found."""


@dataclass
class Room:
    """The room of one statement: its slack where the hypotheses hold, within the evaluations and seconds that `allow` gives.

    `lowest` holds the points with the least room seen, `failing` what certainly fails, `gap` a point without value and its expression.
    """

    posed: Posed
    count: int = 0
    limit: int = 0
    deadline: float = 0.0
    lowest: list[tuple[arb, Point]] = field(default_factory=list)
    failing: list[tuple[arb, Point]] = field(default_factory=list)
    gap: tuple[Point, str] | None = None
    _known: dict[Any, arb] = field(default_factory=dict)

    def __post_init__(self) -> None:
        posed = self.posed
        self.formula: Formula = Implies(And(posed.hypotheses), posed.claim) if posed.hypotheses else posed.claim
        sides = [side for r in relations(self.formula) for side in (r.left, r.right)]
        self.exact_arguments = any(side.atoms(AppliedUndef) for side in sides)

    def allow(self, evaluations: int, seconds: float) -> None:
        """Allow so many more from now on; a hunt that has found something only looks around a little."""
        self.limit = self.count + (min(evaluations, _AFTERWARDS) if self.found else evaluations)
        self.deadline = time.monotonic() + seconds

    @property
    def left(self) -> int:
        """Evaluations that are still allowed."""
        return self.limit - self.count

    def at(self, point: Point, bits: int = BITS) -> arb:
        """The midpoint of the room at a point of the sets, nan where there is none. Raises SpentError."""
        key = (tuple(point.values()), bits)
        if key in self._known:
            return self._known[key]
        if self.gap is not None or self.count >= self.limit or time.monotonic() > self.deadline:
            raise SpentError
        self.count += 1
        room = self._known[key] = self._midpoint(point, bits)
        if room.is_nan() or room < to_ball(_SUSPECT):
            self._decide(point, room)
        if not room.is_nan():
            self._keep(room, point)
        return room

    def bound(self, values: Mapping[Any, Value]) -> arb:
        """A ball that contains the room at every point of a box."""
        return self._slack(values, BITS, middle=False)

    @property
    def found(self) -> bool:
        """Whether there is an answer: a failure, or a point without value."""
        return bool(self.failing) or self.gap is not None

    def _midpoint(self, point: Point, bits: int) -> arb:
        values: dict[Any, Any] = {}
        with working_precision(bits):
            for symbol, value in point.items():
                if isinstance(value, Eigenvalue):
                    values[symbol] = value.ball(bits)
                elif isinstance(value, Fraction):
                    values[symbol] = value if self.exact_arguments or value.denominator == 1 else to_ball(value)
                else:
                    values[symbol] = balls.evaluate(value, {}, bits)
        return self._slack(values, bits, middle=True)

    def _slack(self, values: Mapping[Any, Any], bits: int, middle: bool) -> arb:
        def difference(left: Any, right: Any, at: Mapping[Any, Any]) -> arb:
            with working_precision(bits):
                found = balls.evaluate(right, at, bits, MEANINGS) - balls.evaluate(left, at, bits, MEANINGS)
                return found.mid() if middle and not found.is_nan() else found

        try:
            with working_precision(bits):
                return slack(self.formula, values, by=difference)
        except ExpressionError:
            return arb.nan()

    def _decide(self, point: Point, room: arb) -> None:
        found = judge(self.posed, point)
        if found.fails:
            self.failing.append((room, point))
            self.limit = min(self.limit, self.count + _AFTERWARDS)
        elif found.gap is not None and self.gap is None and (found.allowed is True or found.reaches_gap):
            self.gap = (point, found.gap)
            raise SpentError

    def _keep(self, room: arb, point: Point) -> None:
        if (len(self.lowest) < KEPT or room < self.lowest[-1][0]) and judge(self.posed, point).allowed is True:
            self.lowest.append((room, point))
            self.lowest.sort(key=lambda item: as_number(item[0]))
            del self.lowest[KEPT:]
