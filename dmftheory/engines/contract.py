"""Signs on boxes: whether an expression is >= 0, or > 0, on a whole box.

Beyond its enclosure, an expression is

* moved to the worse end of every variable in which its derivative has a certain sign (mean value theorem; the derivative is needed only
  inside, so an end where it has no value does no harm), the sign of the derivative being shown in the same way;
* expanded about the midpoint with the slopes on the box (mean value form);
* replaced by a tangent plane where its matrix of second derivatives is certainly positive semidefinite.

So a bound that is attained at an end point, with however flat a contact up to `LEVELS`, is decided, not only approached. Moving to an
excluded end needs a value there and keeps strictness where the derivative is strictly of its sign.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import Any

import sympy
from flint import fmpq

from dmftheory.claims.observables import FlowTime, LearningTime
from dmftheory.engines.observables import MEANINGS
from dmftheory.engines.region import Box
from dmftheory.numerics import spans
from dmftheory.numerics.enclose import enclose
from dmftheory.numerics.spans import ZERO, MayLackValue, Span

LEVELS = {1: 4, 2: 3}
"""Derivatives of derivatives that are looked at, by the number of coordinates; beyond two coordinates, 2."""
SHORT_END = 16
"""An end of so many bits is put into an expression, so that terms may cancel."""
MOST_NODES, MOST_POWERS, MOST_TERMS, MOST_DEGREE = 100, 100, 24, 12
"""Nodes of an expression, sum of its exponents, terms of a polynomial up to which it is nested, and degree up to which it is factored."""
CONVEX = 3
"""Coordinates up to which convexity is tried."""

SMOOTH = (
    *(sympy.Add, sympy.Mul, sympy.Pow, sympy.log, sympy.exp, sympy.atan, sympy.sin, sympy.cos, sympy.tan, sympy.sinh, sympy.cosh),
    *(sympy.tanh, sympy.asinh, sympy.acosh, sympy.atanh, sympy.hyper, FlowTime, LearningTime),
)
"""Differentiable inside the set where it has a value, and continuous on all of it."""

Coordinates = tuple[Any, ...]


def enclosure(expr: Any, coordinates: Coordinates, box: Box) -> Span:
    """A span of the values on a box. Raises MayLackValue."""
    return enclose(expr, dict(zip(coordinates, box, strict=True)), MEANINGS)


def certainly(expr: Any, coordinates: Coordinates, box: Box, strict: bool, level: int | None = None) -> bool:
    """Whether the expression is shown to be >= 0 (with `strict`, > 0) on the whole box."""
    if level is None:
        level = LEVELS.get(len(coordinates), 2)
    try:
        span = _tight(expr, coordinates, box)
    except MayLackValue:
        return False
    if _is_over(span, strict):
        return True
    if level == 0 or spans.is_positive(spans.negative(span)):
        return False
    resolved = _without_kinks(expr, coordinates, box)
    if resolved != expr:
        return certainly(resolved, coordinates, box, strict, level)
    active = [i for i, side in enumerate(box) if not side.is_point and coordinates[i] in expr.free_symbols]
    if not active:
        return False
    return _by_moving(expr, coordinates, box, strict, level, active) or _by_slopes(expr, coordinates, box, strict, active)


def _is_over(span: Span, strict: bool) -> bool:
    return spans.is_positive(span) if strict else spans.is_nonnegative(span)


def _tight(expr: Any, coordinates: Coordinates, box: Box) -> Span:
    """The meet of the enclosures of all forms of an expression; the form as written has to have a value."""
    span = enclosure(expr, coordinates, box)
    if not spans.is_nonnegative(span):
        for form in _forms(expr):
            try:
                span = spans.meet(span, enclosure(form, coordinates, box))
            except MayLackValue:
                continue
    return span


@lru_cache(maxsize=4096)
def _forms(expr: Any) -> tuple[Any, ...]:
    """Other ways to write an expression, equal wherever both have a value: common factors taken out, polynomials nested.

    Functions count as unknowns, so that only ring operations are rearranged; what would grow large is left alone.
    """
    if sum(1 for _ in sympy.preorder_traversal(expr)) > MOST_NODES:
        return ()
    functions = sorted((f for f in expr.atoms(sympy.Function, sympy.Max, sympy.Min)), key=sympy.default_sort_key)
    names = {f: sympy.Dummy(real=True) for f in functions if not any(f != g and g.has(f) for g in functions)}
    plain = expr.xreplace(names)
    powers = [power.exp for power in plain.atoms(sympy.Pow)]
    if any(not e.is_Integer for e in powers) or sum(map(abs, powers)) > MOST_POWERS or any(a.is_irrational for a in plain.atoms()):
        return ()
    top, bottom = sympy.together(plain).as_numer_denom()
    symbols = sorted(top.free_symbols, key=str)
    if not symbols or not top.is_polynomial(*symbols):
        return ()
    whole = sympy.Poly(top, *symbols)
    if len(whole.terms()) > MOST_TERMS:
        return ()
    found = [sympy.horner(whole, wrt=s) for s in whole.gens[:2]]
    found += [sympy.factor(top)] if whole.total_degree() <= MOST_DEGREE else []
    back = {name: f for f, name in names.items()}
    return tuple(form for form in dict.fromkeys((f / bottom).xreplace(back) for f in found) if form != expr)


def _without_kinks(expr: Any, coordinates: Coordinates, box: Box) -> Any:
    """The expression with every absolute value, maximum and minimum whose choice is certain on the box replaced by what it is there."""
    if not expr.has(sympy.Abs, sympy.Max, sympy.Min):
        return expr
    chosen = {}
    for node in expr.atoms(sympy.Abs, sympy.Max, sympy.Min):
        options = (node.args[0], -node.args[0]) if isinstance(node, sympy.Abs) else node.args
        sign = -1 if isinstance(node, sympy.Min) else 1
        for option in options:
            rest = (sign * (option - other) for other in options if other != option)
            if all(spans.is_nonnegative(_tight(r, coordinates, box)) for r in rest):
                chosen[node] = option
                break
    return expr.xreplace(chosen)


@lru_cache(maxsize=8192)
def slope(expr: Any, symbol: Any) -> Any | None:
    """The partial derivative; None where the expression is not smooth in the symbol."""
    for node in sympy.preorder_traversal(expr):
        if node.args and symbol in node.free_symbols and not isinstance(node, SMOOTH):
            return None
    return sympy.diff(expr, symbol)


@lru_cache(maxsize=8192)
def _negated(expr: Any) -> Any:
    return -expr


def _by_moving(expr: Any, coordinates: Coordinates, box: Box, strict: bool, level: int, active: list[int]) -> bool:
    """Move variables to the end where the expression is least, one after the other."""
    for i in active:
        derivative = slope(expr, coordinates[i])
        if derivative is None:
            continue
        inside = _with(box, i, box[i]._replace(low_open=True, high_open=True))
        direction = _direction(derivative, coordinates, inside, level - 1)
        if direction == 0:
            continue
        end, is_open = (box[i].low, box[i].low_open) if direction > 0 else (box[i].high, box[i].high_open)
        if end is None:
            continue
        need = strict
        if strict and is_open:
            # f(x) = f(end) + f'(between) (x - end) with x not the end: a strict slope makes up for a bound that is only attained.
            signed = derivative if direction > 0 else _negated(derivative)
            need = not certainly(signed, coordinates, inside, True, level - 1)
        face = _with(box, i, Span(end, end))
        if not _has_value(expr, coordinates, face):
            continue
        if certainly(_put(expr, coordinates[i], end), coordinates, face, need, level):
            return True
    return False


def _has_value(expr: Any, coordinates: Coordinates, box: Box) -> bool:
    try:
        enclosure(expr, coordinates, box)
    except MayLackValue:
        return False
    return True


def _direction(derivative: Any, coordinates: Coordinates, box: Box, level: int) -> int:
    """1 where it is >= 0 on the box, -1 where it is <= 0, 0 where neither is shown."""
    try:
        span = enclosure(derivative, coordinates, box)
        middle = enclosure(derivative, coordinates, midpoint(box))
    except MayLackValue:
        return 0
    if spans.is_nonnegative(span):
        return 1
    if spans.is_nonnegative(spans.negative(span)):
        return -1
    if not spans.is_positive(spans.negative(middle)) and certainly(derivative, coordinates, box, False, level):
        return 1
    if not spans.is_positive(middle) and certainly(_negated(derivative), coordinates, box, False, level):
        return -1
    return 0


def _put(expr: Any, symbol: Any, end: Any) -> Any:
    """The expression with a short end in place of a symbol, so that equal terms cancel; it has a value there."""
    return _put_short(expr, symbol, int(end.p), int(end.q)) if end.height_bits() <= SHORT_END else expr


@lru_cache(maxsize=4096)
def _put_short(expr: Any, symbol: Any, numerator: int, denominator: int) -> Any:
    return expr.xreplace({symbol: sympy.Rational(numerator, denominator)})


def _with(box: Box, i: int, side: Span) -> Box:
    return (*box[:i], side, *box[i + 1 :])


def midpoint(box: Box) -> Box:
    """A point well inside the box, with short numbers."""
    return tuple(Span(m, m) for m in map(middle, box))


def middle(side: Span) -> fmpq:
    """The rational with the least denominator in the middle half of a span; in an unbounded one, a point about twice as far out."""
    if side.low is not None and side.high is not None:
        quarter = (side.high - side.low) / 4
        return simplest(side.low + quarter, side.high - quarter)
    if side.low is not None:
        return side.low + 1 + abs(side.low)
    return ZERO if side.high is None else side.high - 1 - abs(side.high)


def simplest(low: fmpq, high: fmpq) -> fmpq:
    """The rational with the least denominator (of these the least in size) in [low, high]."""
    if low == high:
        return low
    if low <= 0 <= high:
        return ZERO
    if high < 0:
        return -simplest(-high, -low)
    whole = low.floor()
    if whole == low:
        return low
    if whole + 1 <= high:
        return ZERO + whole + 1
    return whole + 1 / simplest(1 / (high - whole), 1 / (low - whole))


def _by_slopes(expr: Any, coordinates: Coordinates, box: Box, strict: bool, active: list[int]) -> bool:
    """The mean value form about the midpoint, and tangent planes of a convex expression."""
    slopes = [slope(expr, coordinates[i]) for i in active]
    if None in slopes:
        return False
    try:
        ranges = [enclosure(s, coordinates, box) for s in slopes]
        about = midpoint(box)
        if _is_over(_plane(expr, coordinates, about, box, active, ranges), strict):
            return True
        return len(active) <= CONVEX and _by_tangents(expr, slopes, coordinates, box, strict, active)
    except MayLackValue:
        return False


def _plane(expr: Any, coordinates: Coordinates, about: Box, box: Box, active: list[int], slopes: list[Span]) -> Span:
    """expr(about) + sum slope_i (x_i - about_i) over the box; the coordinates that are not active are points."""
    total = enclosure(expr, coordinates, about)
    for i, tilt in zip(active, slopes, strict=True):
        total = spans.add(total, spans.multiply(tilt, spans.add(box[i], spans.negative(about[i]))))
    return total


def _by_tangents(expr: Any, slopes: list[Any], coordinates: Coordinates, box: Box, strict: bool, active: list[int]) -> bool:
    """A convex expression lies above its tangent planes; at a corner where it has a minimum the plane is level."""
    second = [[slope(s, coordinates[j]) for j in active] for s in slopes]
    if any(entry is None for row in second for entry in row):
        return False
    matrix = [[enclosure(entry, coordinates, box) for entry in row] for row in second]
    if not _is_semidefinite(matrix):
        return False
    corners = product(*[[end for end in (middle(box[i]), box[i].low, box[i].high) if end is not None] for i in active])
    for corner in corners:
        about = list(box)
        for i, value in zip(active, corner, strict=True):
            about[i] = Span(value, value)
        try:
            tilts = [enclosure(s, coordinates, tuple(about)) for s in slopes]
            if _is_over(_plane(expr, coordinates, tuple(about), box, active, tilts), strict):
                return True
        except MayLackValue:
            continue
    return False


def _is_semidefinite(matrix: list[list[Span]]) -> bool:
    """Whether every symmetric matrix with entries in the spans is positive semidefinite: elimination with nonnegative pivots.

    One row: the entry is >= 0. More: the first pivot is > 0, and what is left after eliminating it is semidefinite.
    """
    if len(matrix) == 1:
        return spans.is_nonnegative(matrix[0][0])
    pivot = matrix[0][0]
    if not spans.is_positive(pivot):
        return False
    scale = spans.reciprocal(pivot)
    rest = [
        [
            spans.add(matrix[i][j], spans.negative(spans.multiply(spans.multiply(matrix[i][0], matrix[0][j]), scale)))
            for j in range(1, len(matrix))
        ]
        for i in range(1, len(matrix))
    ]
    return _is_semidefinite(rest)
