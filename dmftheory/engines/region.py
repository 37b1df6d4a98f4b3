"""The region that a statement without integers speaks of, as boxes over coordinates.

A variable in an interval with rational or infinite ends is a coordinate as it stands. One whose ends depend on other variables, or are
irrational, becomes a + t (b - a) with t between 0 and 1, or an end plus or minus s with s >= 0. Unions and finite sets give one region for
each part. Ends that are not in the set stay out: spans know which of their ends are open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy
from sympy import Dummy, FiniteSet, Interval, Union, oo

from dmftheory.claims.formula import And, Formula, Implies, substitute
from dmftheory.claims.theorem import Theorem
from dmftheory.engines.evaluate import Posed, pose
from dmftheory.numerics.spans import ONE, ZERO, Span, to_fmpq

MOST = 64
"""Parts of unions and finite sets that are looked at."""

Box = tuple[Span, ...]


@dataclass(frozen=True)
class Region:
    """Coordinates with their spans, each variable as an expression in them, definitions, and hypotheses => claim."""

    coordinates: tuple[Any, ...]
    box: Box
    variables: tuple[tuple[Any, Any], ...]
    definitions: tuple[Any, ...]
    formula: Formula


def shape_obstacle(theorem: Theorem) -> str | None:
    """Why an instance is not a union of boxes, or None."""
    count = 1
    for symbol, domain in pose(theorem).sets:
        parts = list(_parts(domain))
        if not all(isinstance(part, Interval | sympy.Expr) for part in parts):
            return f"{symbol} does not range over intervals"
        count *= len(parts)
    return None if count <= MOST else f"the sets have more than {MOST} parts"


def regions(theorem: Theorem) -> list[Region]:
    """One region for each choice of a part of every union and finite set. Call only where there is no `shape_obstacle`."""
    posed = pose(theorem)
    return [_region(posed, at, spans) for at, spans in _choices(posed, 0, {}, {})]


def _choices(posed: Posed, place: int, at: dict[Any, Any], spans: dict[Any, Span]) -> Iterator[tuple[dict[Any, Any], dict[Any, Span]]]:
    if place == len(posed.sets):
        yield at, spans
        return
    symbol, domain = posed.sets[place]
    for part in _parts(domain):
        if isinstance(part, Interval):
            value, more = _coordinate(symbol, part.xreplace(at) if part.free_symbols else part)
        else:
            value, more = part.xreplace(at), {}
        yield from _choices(posed, place + 1, {**at, symbol: value}, {**spans, **more})


def _parts(domain: Any) -> Iterator[Any]:
    """The intervals and single elements that a set is made of."""
    match domain:
        case Union():
            for part in sorted(domain.args, key=sympy.default_sort_key):
                yield from _parts(part)
        case FiniteSet():
            yield from sorted(domain.args, key=sympy.default_sort_key)
        case _:
            yield domain


def _coordinate(symbol: Any, domain: Any) -> tuple[Any, dict[Any, Span]]:
    """(the variable as an expression, the spans of the coordinates in it)."""
    low, high = domain.start, domain.end
    if all(end.is_Rational or end in (oo, -oo) for end in (low, high)):
        return symbol, {symbol: Span(_finite(low), _finite(high), bool(domain.left_open), bool(domain.right_open))}
    t = Dummy(str(symbol), real=True)
    if high == oo:
        return low + t, {t: Span(ZERO, None, bool(domain.left_open), True)}
    if low == -oo:
        return high - t, {t: Span(ZERO, None, bool(domain.right_open), True)}
    return low + t * (high - low), {t: Span(ZERO, ONE, bool(domain.left_open), bool(domain.right_open))}


def _finite(end: Any) -> Any:
    return to_fmpq(Fraction(int(end.p), int(end.q))) if end.is_Rational else None


def _region(posed: Posed, at: dict[Any, Any], spans: dict[Any, Span]) -> Region:
    claim = substitute(posed.claim, at)
    hypotheses = tuple(substitute(h, at) for h in posed.hypotheses)
    formula = Implies(And(hypotheses), claim) if hypotheses else claim
    definitions = tuple(value.xreplace(at) for _, value in posed.definitions)
    return Region(tuple(spans), tuple(spans.values()), tuple(at.items()), definitions, formula)
