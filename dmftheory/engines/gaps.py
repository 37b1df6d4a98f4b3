"""Points without a value that no rational point shows: an expression that must not vanish, and changes its sign inside the domain.

1 / cos(x) on [0, 3] has a pole at an irrational point. cos is certainly positive at 0 and certainly negative at 3, and it is continuous
wherever it has a value; so somewhere on the way it is 0, or has itself no value (intermediate value theorem). The region of a statement
without hypotheses is the image of a box, which is connected.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice, product
from typing import Any

import sympy

from dmftheory.claims.formula import And, Formula, Not, Or, Relation
from dmftheory.claims.theorem import Theorem
from dmftheory.claims.verdict import Evidence
from dmftheory.engines.contract import SMOOTH, Coordinates, enclosure, middle
from dmftheory.engines.depths import instances, obstacle
from dmftheory.engines.region import Box, Region, regions, shape_obstacle
from dmftheory.exact import format_rational
from dmftheory.numerics import spans
from dmftheory.numerics.spans import MayLackValue, Span, to_fraction

ENGINE = "boxes"
MOST_INSTANCES, MOST_POINTS = 3, 200
CONTINUOUS = (*SMOOTH, sympy.Abs, sympy.Max, sympy.Min)


def certain_gap(theorem: Theorem) -> Evidence | None:
    """Evidence that an expression of a well-formed statement has no value somewhere in the domain, or None where that is not shown."""
    start = time.monotonic()
    if theorem.hypotheses or obstacle(theorem) is not None:
        return None
    for instance in islice(instances(theorem), MOST_INSTANCES):
        if shape_obstacle(instance.theorem) is not None:
            return None
        for region in regions(instance.theorem):
            reason = next(_gaps(region), None) if _is_connected(instance.theorem, region) else None
            if reason is not None:
                at = "".join(f"at {s}={v}: " for s, v in instance.values)
                return Evidence(ENGINE, "ill-posed", "", ("exact rationals", "Arb"), time.monotonic() - start, reason=at + reason)
    return None


def _is_connected(theorem: Theorem, region: Region) -> bool:
    """Whether no interval is empty for any values of the variables before it; then the region is the image of the whole box."""
    at = dict(region.variables)
    for domain in theorem.given.values():
        if isinstance(domain, sympy.Interval) and domain.free_symbols and not domain.has(sympy.oo, -sympy.oo):
            try:
                width = enclosure((domain.end - domain.start).xreplace(at), region.coordinates, region.box)
            except MayLackValue:
                return False
            if not (spans.is_positive(width) or (spans.is_nonnegative(width) and not domain.left_open and not domain.right_open)):
                return False
    return True


def _gaps(region: Region) -> Iterator[str]:
    for whole, vanishing in dict.fromkeys(_denominators(region)):
        if all(not node.args or isinstance(node, CONTINUOUS) for node in sympy.preorder_traversal(vanishing)):
            signs = _both_signs(vanishing, region.coordinates, region.box)
            if signs is not None:
                above, below = (_text(region.coordinates, point) for point in signs)
                yield f"{whole} has no value somewhere: {vanishing} is > 0 at {above} and < 0 at {below}"


def _denominators(region: Region) -> Iterator[tuple[Any, Any]]:
    """(expression, what it divides by), outside of implications and branches; the arguments of logarithms must not pass 0 either."""
    sides = [*region.definitions, *_sides(region.formula)]
    for node in (node for side in sides for node in _everywhere(side)):
        if isinstance(node, sympy.Pow) and node.exp.is_Rational and node.exp < 0:
            yield node, node.base
        elif isinstance(node, sympy.tan):
            yield node, sympy.cos(node.args[0])
        elif isinstance(node, sympy.log):
            yield node, node.args[0]


def _everywhere(expr: Any) -> Iterator[Any]:
    """The parts of an expression that need a value at every point: not the branches of a Piecewise."""
    if not isinstance(expr, sympy.Piecewise):
        yield expr
        for part in expr.args:
            yield from _everywhere(part)


def _sides(formula: Formula) -> Iterator[Any]:
    match formula:
        case Relation(left, _, right):
            yield from (left, right)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _sides(part)
        case Not(part):
            yield from _sides(part)


def _both_signs(expr: Any, coordinates: Coordinates, box: Box) -> tuple[Box, Box] | None:
    """A point of the box where the expression is certainly positive, and one where it is certainly negative."""
    found: dict[int, Box] = {}
    for point in islice(product(*map(_points, box)), MOST_POINTS):
        try:
            value = enclosure(expr, coordinates, point)
        except MayLackValue:
            continue
        if spans.is_positive(value):
            found.setdefault(1, point)
        elif spans.is_positive(spans.negative(value)):
            found.setdefault(-1, point)
    return (found[1], found[-1]) if len(found) == 2 else None


def _points(side: Span) -> list[Span]:
    """Up to nine points of a side: its middle, the middles of both parts, and so on, and its closed ends."""
    parts, found = [side], []
    for _ in range(3):
        cuts = [(part, middle(part)) for part in parts if not part.is_point]
        found += [cut for _, cut in cuts]
        parts = [half for part, cut in cuts for half in (Span(part.low, cut, part.low_open), Span(cut, part.high, False, part.high_open))]
    found += [end for end, is_open in ((side.low, side.low_open), (side.high, side.high_open)) if end is not None and not is_open]
    return [Span(value, value) for value in dict.fromkeys(found)]


def _text(coordinates: Coordinates, point: Box) -> str:
    values = ((name, side.low) for name, side in zip(coordinates, point, strict=True) if side.low is not None)
    return ", ".join(f"{name}={format_rational(to_fraction(value))}" for name, value in values)
