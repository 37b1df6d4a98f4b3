"""The boxes engine: branch and bound over the continuous variables, whole and unbounded, at each fixed depth.

A box is settled when the hypotheses certainly fail on it, or the claim certainly holds and every expression has a value (`contract` shows
signs). What is not settled is tried at a point and cut in two at a short rational, so that a bound which is attained at such a point
inside is found. The box where the slack may be least comes first, which leads to a counterexample where there is one.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush
from itertools import count
from typing import Any

from dmftheory.claims.formula import And, Formula, Implies, Not, Or, Relation
from dmftheory.claims.theorem import Theorem
from dmftheory.claims.verdict import Evidence
from dmftheory.engines.contract import Coordinates, certainly, enclosure, middle, midpoint, slope
from dmftheory.engines.depths import Instance, Progress, covered, not_restrictable, obstacle
from dmftheory.engines.evaluate import judge, pose
from dmftheory.engines.region import Box, Region, regions, shape_obstacle
from dmftheory.engines.text import point_text
from dmftheory.exact import format_rational
from dmftheory.numerics import balls, spans
from dmftheory.numerics.balls import DomainError, ExpressionError
from dmftheory.numerics.enclose import compare
from dmftheory.numerics.spans import MayLackValue, Span, to_fraction
from dmftheory.numerics.ternary import Ternary, all3, any3, implies3, not3

ENGINE = "boxes"
SECONDS = 10.0
MAX_BOXES = 4000
"""Boxes looked at in one region before it counts as undecided."""
MAX_FRUITLESS = 400
"""Boxes looked at without one that is settled before the region counts as undecided."""
LONGEST_CUT = 128
"""Bits of an end of a side beyond which it is not cut."""
RELIES_ON = ("exact rationals", "Arb")

Point = dict[Any, Any]


@dataclass(frozen=True)
class Stuck:
    """Where the search ended without a counterexample: the box, and a lower bound of the slack on it (None: none is known)."""

    region: Region
    box: Box
    room: Any


def cover(theorem: Theorem, budget: float | None = None) -> tuple[Evidence, Point | None]:
    """Cover the region of a well-formed theorem with settled boxes at each depth, or find a counterexample."""
    start = time.monotonic()
    deadline = start + min(SECONDS, SECONDS if budget is None else budget)

    def answer(verdict: str, domain: str, reason: str | None = None) -> Evidence:
        return Evidence(ENGINE, verdict, domain, RELIES_ON, time.monotonic() - start, reason=reason)

    why = obstacle(theorem)
    if why is not None:
        return answer("undecided", "", f"not applicable: {why}"), None
    found: list[Point] = []

    def settled(instance: Instance) -> str | None:
        why = shape_obstacle(instance.theorem)
        if why is not None:
            return f"not applicable: {why}"
        for region in regions(instance.theorem):
            outcome = _search(theorem, instance, region, deadline)
            if isinstance(outcome, Stuck):
                return _described(instance, outcome)
            if outcome is not None:
                found.append(outcome)
                return "fails"
        return None

    progress: Progress = covered(theorem, settled, deadline)
    if found:
        return answer("refuted", point_text(found[0])), found[0]
    if not progress.enough:
        return answer("undecided", progress.domain, progress.reason), None
    why = not_restrictable(theorem)
    if why is not None:
        return answer("undecided", progress.domain, why), None
    return answer("certified", progress.domain, progress.reason), None


def _search(theorem: Theorem, instance: Instance, region: Region, deadline: float) -> Stuck | Point | None:
    """None where the region is covered, a counterexample, or where the search is stuck."""
    waiting: list[tuple[float, int, Box]] = [(0.0, 0, region.box)]
    order = count(1)
    fruitful = False
    for looked in range(MAX_BOXES):
        _, _, box = heappop(waiting)
        if _is_settled(region, box):
            fruitful = True
        else:
            for candidate in _candidates(region, box):
                point = _counterexample(theorem, instance, region, candidate)
                if point is not None:
                    return point
            hopeless = looked >= MAX_FRUITLESS and not fruitful
            if hopeless or time.monotonic() > deadline or not any(map(_can_be_cut, box)):
                return Stuck(region, box, _room(region.formula, region.coordinates, box))
            for half in _halves(region, box):
                heappush(waiting, (_priority(_room(region.formula, region.coordinates, half)), next(order), half))
        if not waiting:
            return None
    _, _, box = waiting[0]
    return Stuck(region, box, _room(region.formula, region.coordinates, box))


def _priority(room: Span | None) -> float:
    # Only the order in which boxes are looked at depends on it.
    if room is None or room.low is None:
        return float("-inf")
    return max(-1e300, min(1e300, float(to_fraction(room.low).limit_denominator(10**9))))


def _can_be_cut(side: Span) -> bool:
    return not side.is_point and all(end is None or end.height_bits() <= LONGEST_CUT for end in (side.low, side.high))


def _halves(region: Region, box: Box) -> Iterator[Box]:
    """The box cut across the side along which the claim may change most."""
    sides = [(-_spread(region, box, i), i) for i, side in enumerate(box) if _can_be_cut(side)]
    _, i = min(sides)
    side, cut = box[i], middle(box[i])
    yield (*box[:i], Span(side.low, cut, side.low_open, False), *box[i + 1 :])
    yield (*box[:i], Span(cut, side.high, False, side.high_open), *box[i + 1 :])


def _spread(region: Region, box: Box, i: int) -> float:
    """The share of the whole side that is left; an unbounded side counts most."""
    side, whole = box[i], region.box[i]
    if side.low is None or side.high is None:
        return float("inf")
    width = side.high - side.low
    scale = 1 + abs(side.low) if whole.low is None or whole.high is None else whole.high - whole.low
    return float(to_fraction(width / scale))


def _is_settled(region: Region, box: Box) -> bool:
    """Whether the formula certainly holds, and it and the definitions have a value, on the whole box."""
    truth, defined = _truth(region.formula, region.coordinates, box, True)
    return truth is True and defined and all(_has_value(value, region.coordinates, box) for value in region.definitions)


def _has_value(expr: Any, coordinates: Coordinates, box: Box) -> bool:
    try:
        enclosure(expr, coordinates, box)
    except MayLackValue:
        return False
    return True


def _truth(formula: Formula, coordinates: Coordinates, box: Box, wanted: bool) -> tuple[Ternary, bool]:
    """(truth on the box, whether every expression that matters certainly has a value); most effort goes into showing what is wanted."""
    match formula:
        case Relation():
            return _relation_truth(formula, coordinates, box, wanted)
        case Not(part):
            truth, defined = _truth(part, coordinates, box, not wanted)
            return not3(truth), defined
        case Implies(premise, conclusion):
            given, known = _truth(premise, coordinates, box, not wanted)
            if given is False and known:
                return True, True
            truth, defined = _truth(conclusion, coordinates, box, wanted)
            return implies3(given, truth), known and defined
        case And(parts) | Or(parts):
            found = [_truth(part, coordinates, box, wanted) for part in parts]
            join = all3 if isinstance(formula, And) else any3
            return join([truth for truth, _ in found]), all(defined for _, defined in found)


def _relation_truth(relation: Relation, coordinates: Coordinates, box: Box, wanted: bool) -> tuple[Ternary, bool]:
    try:
        left, right = (enclosure(side, coordinates, box) for side in (relation.left, relation.right))
    except MayLackValue:
        return None, False
    truth = compare(left, relation.op, right)
    if truth is None and relation.op in ("<", "<=", ">", ">="):
        rising = relation.op in ("<", "<=")
        strict = relation.op in ("<", ">")
        if wanted and certainly(_difference(relation, rising), coordinates, box, strict):
            truth = True
        elif not wanted and certainly(_difference(relation, not rising), coordinates, box, not strict):
            truth = False
    return truth, True


def _difference(relation: Relation, rising: bool) -> Any:
    return relation.right - relation.left if rising else relation.left - relation.right


def _room(formula: Formula, coordinates: Coordinates, box: Box, negated: bool = False) -> Span | None:
    """Bounds of how far the formula is from failing on the box: b - a for a <= b, least over And, greatest over Or; None: not known."""
    match formula:
        case Relation(left, op, right):
            try:
                difference = enclosure(right - left, coordinates, box)
            except MayLackValue:
                return None
            if op in ("==", "!="):
                size = spans.magnitude(difference)
                return spans.negative(size) if (op == "==") is not negated else size
            return difference if (op in ("<", "<=")) is not negated else spans.negative(difference)
        case Not(part):
            return _room(part, coordinates, box, not negated)
        case Implies(premise, conclusion):
            return _room(Or((Not(premise), conclusion)), coordinates, box, negated)
        case And(parts) | Or(parts):
            found = [_room(part, coordinates, box, negated) for part in parts]
            known = [room for room in found if room is not None]
            least = isinstance(formula, And) is not negated
            if not known or (least and len(known) < len(found)):
                return None
            join = spans.smallest if least else spans.largest
            room = known[0]
            for other in known[1:]:
                room = join(room, other)
            return room


def _candidates(region: Region, box: Box) -> Iterator[Box]:
    """Points of the box where the statement may fail: the middle, and the corner where the claim is least by its slopes there."""
    about = midpoint(box)
    yield about
    claim = region.formula.conclusion if isinstance(region.formula, Implies) else region.formula
    if not isinstance(claim, Relation) or claim.op in ("==", "!="):
        return
    expr = _difference(claim, claim.op in ("<", "<="))
    corner = list(about)
    for i, symbol in enumerate(region.coordinates):
        tilt = slope(expr, symbol)
        try:
            range_ = None if tilt is None else enclosure(tilt, region.coordinates, about)
        except MayLackValue:
            continue
        side = box[i]
        if range_ is not None and spans.is_positive(range_) and side.low is not None and not side.low_open:
            corner[i] = Span(side.low, side.low)
        elif range_ is not None and spans.is_positive(spans.negative(range_)) and side.high is not None and not side.high_open:
            corner[i] = Span(side.high, side.high)
    if tuple(corner) != about:
        yield tuple(corner)


def _counterexample(theorem: Theorem, instance: Instance, region: Region, at: Box) -> Point | None:
    """The point as exact values of the variables, if the statement certainly fails there."""
    if _truth(region.formula, region.coordinates, at, False)[0] is True:
        return None
    values: Point = {symbol: Fraction(value) for symbol, value in instance.values}
    place = {symbol: to_fraction(side.low) for symbol, side in zip(region.coordinates, at, strict=True) if side.low is not None}
    for symbol, expr in region.variables:
        try:
            exact = balls.exact_value(expr, place)
        except (DomainError, ExpressionError):
            return None
        if exact is None and expr.free_symbols:
            return None
        values[symbol] = expr if exact is None else exact
    posed = pose(theorem)
    point = {symbol: values[symbol] for symbol, _ in posed.sets}
    return point if judge(posed, point).fails else None


def _described(instance: Instance, stuck: Stuck) -> str:
    """Where the boxes ran out, exactly, and the slack there."""
    at = point_text({s: Fraction(v) for s, v in instance.values}) + ": " if instance.values else ""
    coordinates = stuck.region.coordinates
    sides = [
        f"{name} in {side_text(side)}"
        for name, side in (
            (str(symbol) if symbol == expr else f"{symbol} = {expr} with {expr_symbol}", side)
            for symbol, expr in stuck.region.variables
            for expr_symbol, side in zip(coordinates, stuck.box, strict=True)
            if expr_symbol in expr.free_symbols
        )
    ]
    return f"{at}boxes ran out at {', '.join(dict.fromkeys(sides))}, {_room_text(stuck.room)}"


def side_text(side: Span) -> str:
    """`[1/2, 3/4)`, exactly."""
    low = "-oo" if side.low is None else format_rational(to_fraction(side.low))
    high = "oo" if side.high is None else format_rational(to_fraction(side.high))
    return f"{'(' if side.low_open else '['}{low}, {high}{')' if side.high_open else ']'}"


def _room_text(room: Span | None) -> str:
    if room is None:
        return "where an expression may have no value"
    if room.low is None:
        return "where no bound of the slack is known"
    return f"where the slack is only known to be at least {format_rational(coarse(room.low))}"


def coarse(low: Any) -> Fraction:
    """A short rational below, for reading."""
    value = to_fraction(low)
    places = 1
    while value and abs(value) * places < 100 and places < 10**18:
        places *= 10
    return Fraction(value * places // 1, places)
