"""Exact random instances: each variable in order inside its set, as a rational.

Hypothesis supplies the bits, and only bits: its integer strategies also try constants found in the loaded modules, which would make the
instances depend on what else is imported. The laws, for a variable in an interval from a to b:

* 1 in 4 an end point (where the set is closed; else close to it), 1 in 4 a simple fraction of the way, 1 in 8 a dyadic one,
* 3 in 8 close to an end: a + (b - a) m / 2^(j + 6) or b - (b - a) m / 2^(j + 6) with m = 1..32 and j = 0..15 uniform, in 1 of 4 j = 0..63;
* unbounded: the finite end (or 0) plus or minus m 2^j / 8 with m = 1..16, j = -16..15, log-uniform in effect;
* integers without an upper bound: 3 in 4 one of the first eight; else log-uniform among the first 64, in 1 of 8 among the first 2048;
* 1 in 16, for a variable after another one in an interval: close to that one, its value times 1 +- m / 2^j with m = 1..4 and j = 6..69.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from random import Random
from typing import Any

import sympy
from hypothesis import Phase, Verbosity, find, settings, strategies
from hypothesis.errors import NoSuchExample, Unsatisfiable
from hypothesis.strategies import SearchStrategy
from sympy import FiniteSet, Interval, Range, Union, oo
from sympy.core.function import AppliedUndef

from dmftheory.claims import domains
from dmftheory.claims.formula import relations
from dmftheory.engines.evaluate import Posed, at_precision
from dmftheory.numerics import balls
from dmftheory.numerics.balls import DomainError
from dmftheory.numerics.scalars import exact_fraction, working_precision

Bits = Callable[[int], int]
"""k -> an integer of k random bits."""

_DENOMINATORS = (2, 3, 4, 5, 6, 8, 10, 12)
_BOUND_BITS = (40, 160, 640)  # precisions at which an irrational end of a set is bounded from inside


@dataclass(frozen=True)
class Empty:
    """No point: the set of `symbol` is empty at the values drawn before it, or an end of it has no value there (`gap` says which)."""

    symbol: str
    before: tuple[tuple[Any, Any], ...] = ()
    gap: str | None = None


class _Unprinted:
    """What is drawn, without a text: Hypothesis writes out what it finds, and Python refuses that for integers of thousands of digits."""

    def __init__(self, point: dict[Any, Any] | Empty) -> None:
        self.point = point


class EmptySetError(Exception):
    """A set with no element at the values drawn before."""


def is_drawable(posed: Posed) -> str | None:
    """Why the variables cannot be drawn, or None."""
    for symbol, domain in posed.sets:
        if isinstance(domain, domains.Orthogonal | domains.Diagonal):
            return f"{symbol} is a matrix, and only numbers are drawn"
    sides = [side for formula in (*posed.hypotheses, posed.claim) for r in relations(formula) for side in (r.left, r.right)]
    strange = {f for side in sides for f in side.atoms(AppliedUndef)}
    return f"no meaning is known for {min(map(str, strange))}" if strange else None


def points(posed: Posed) -> SearchStrategy[dict[Any, Any] | Empty]:
    """Points of the statement's sets, hypotheses not looked at."""
    bit = strategies.booleans()

    @strategies.composite
    def build(draw: Any) -> dict[Any, Any] | Empty:
        def bits(count: int) -> int:
            value = 0
            for one in draw(strategies.lists(bit, min_size=count, max_size=count)):
                value = 2 * value + one
            return value

        point: dict[Any, Any] = {}
        for symbol, domain in posed.sets:
            try:
                near = _near_another(domain, point, bits) if len(point) and bits(4) == 0 else None
                point[symbol] = draw_from(domain, point, bits) if near is None else near
            except EmptySetError:
                return Empty(str(symbol))
            except DomainError as error:
                return Empty(str(symbol), tuple(point.items()), str(error.expression))
        return point

    return build()


def search(
    posed: Posed, condition: Callable[[Any], bool], seed: int, draws: int, phases: tuple[Phase, ...]
) -> dict[Any, Any] | Empty | None:
    """A drawn point that meets the condition, or None."""

    every = points(posed)

    @strategies.composite
    def unprinted(draw: Any) -> _Unprinted:  # not `map`, whose arguments are written out as well
        return _Unprinted(draw(every))

    def meets(drawn: _Unprinted) -> bool:
        return condition(drawn.point)

    options = settings(max_examples=draws, database=None, derandomize=False, phases=phases, deadline=None, verbosity=Verbosity.quiet)
    try:
        found: _Unprinted = find(unprinted(), meets, settings=options, random=Random(seed))
    except (NoSuchExample, Unsatisfiable):
        return None
    return found.point


def _near_another(domain: Any, point: dict[Any, Any], bits: Bits) -> Fraction | None:
    """A value of an interval close to, but not equal to, that of an earlier real variable; None where there is none."""
    others = [v for s, v in point.items() if not s.is_integer and isinstance(v, Fraction) and v]
    if not others or not isinstance(domain, Interval):
        return None
    offset = Fraction(1 + bits(2), 1 << (bits(6) + 6))
    value = others[bits(4) % len(others)] * (1 - offset if bits(1) else 1 + offset)
    low, high = interval_ends(domain, point)
    return value if (low is None or low < value) and (high is None or value < high) else None


def interval_ends(domain: Any, point: dict[Any, Any]) -> tuple[Fraction | None, Fraction | None]:
    """Rational ends of an interval at the point drawn so far, an irrational end moved inwards; None: unbounded."""
    return inner_bound(domain.start, point, above=True), inner_bound(domain.end, point, above=False)


def inner_bound(end: Any, point: dict[Any, Any], above: bool) -> Fraction | None:
    """A rational at an end of a set (`above`: of one that lies above it), or just inside where that is irrational; None at infinity."""
    return None if end in (oo, -oo) else _bound(end, point, above)[0]


def draw_from(domain: Any, point: dict[Any, Any], bits: Bits) -> Any:
    """One element of the set at the point drawn so far. Raises EmptySetError."""
    match domain:
        case Range():
            return _integer(domain, point, bits)
        case Interval():
            return _real(domain, point, bits)
        case FiniteSet():
            elements = sorted(domain.args, key=sympy.default_sort_key)
            return element_at(elements[bits(5) % len(elements)], point)
        case Union():
            return _from_union(domain, point, bits)
    raise EmptySetError


def simple_values(domain: Any, point: dict[Any, Any]) -> list[Any]:
    """A few elements of the set with short numbers, the shortest first: ends, quarters, small integers."""
    found: list[Any] = []
    match domain:
        case Interval():
            found = _simple_reals(domain, point)
        case Range() if domain.start != -oo:
            first = ceil(_bound(domain.start, point, above=True)[0])
            last = first + 2 if domain.stop == oo else ceil(_bound(domain.stop, point, above=False)[0]) - 1
            found = [Fraction(value) for value in range(first, min(first + 2, last) + 1)]
        case FiniteSet():
            found = [element_at(e, point) for e in sorted(domain.args, key=sympy.default_sort_key)]
        case Union():
            found = [value for part in domain.args for value in simple_values(part, point)]
    return found


def _simple_reals(domain: Any, point: dict[Any, Any]) -> list[Fraction]:
    low = None if domain.start == -oo else _bound(domain.start, point, above=True)
    high = None if domain.end == oo else _bound(domain.end, point, above=False)
    if low is None or high is None:
        (origin, exact), sign = low or high or (Fraction(0), True), -1 if high else 1
        opened = exact and bool(domain.right_open if high else domain.left_open and low)
        beside = [origin + sign * step for step in (Fraction(1), Fraction(2), Fraction(1, 2))]
        return beside if opened else [origin, *beside]
    ends = [end for (end, exact), opened in ((high, domain.right_open), (low, domain.left_open)) if not (opened and exact)]
    width = high[0] - low[0]
    if width <= 0:
        return ends[:1] if width == 0 and len(ends) == 2 else []
    return [*ends, *(low[0] + width * Fraction(part, 4) for part in (2, 1, 3))]


def _from_union(domain: Any, point: dict[Any, Any], bits: Bits) -> Any:
    first = bits(3)
    for i in range(len(domain.args)):
        try:
            return draw_from(domain.args[(first + i) % len(domain.args)], point, bits)
        except EmptySetError:
            continue
    raise EmptySetError


def element_at(expr: Any, point: dict[Any, Any]) -> Any:
    """An element of a finite set: a rational where it is one; else the expression with the values put in."""
    exact = balls.exact_value(expr, at_precision(point, _BOUND_BITS[-1]))
    if exact is not None:
        return exact
    return expr.xreplace({s: sympy.Rational(v.numerator, v.denominator) if isinstance(v, Fraction) else v for s, v in point.items()})


def _integer(domain: Any, point: dict[Any, Any], bits: Bits) -> Fraction:
    low = None if domain.start == -oo else ceil(_bound(domain.start, point, above=True)[0])
    # An integer below an irrational stop is at most its floor; below a rational one, less.
    high = None if domain.stop == oo else ceil(_bound(domain.stop, point, above=False)[0]) - 1
    if high is not None and low is not None:
        if high < low:
            raise EmptySetError
        width = high - low + 1
        return Fraction(low + bits(max(4, width.bit_length() + 3)) % width)
    offset = bits(3) if bits(2) else _octave(bits)
    if low is not None:
        return Fraction(low + offset)
    if high is not None:
        return Fraction(high - offset)
    return Fraction(-offset if bits(1) else offset)


def _octave(bits: Bits) -> int:
    exponent = bits(4) % 11 if bits(3) == 0 else bits(3) % 6
    return (1 << exponent) + bits(exponent)


def _real(domain: Any, point: dict[Any, Any], bits: Bits) -> Fraction:
    if domain.start == -oo and domain.end == oo:
        return -_scale(bits) if bits(1) else _origin(bits)
    if domain.end == oo:
        low, closed = _bound(domain.start, point, above=True)
        return low + (_origin(bits) if closed and not domain.left_open else _scale(bits))
    if domain.start == -oo:
        high, closed = _bound(domain.end, point, above=False)
        return high - (_origin(bits) if closed and not domain.right_open else _scale(bits))
    for precision in _BOUND_BITS:
        low, low_exact = _bound(domain.start, point, above=True, precision=precision)
        high, high_exact = _bound(domain.end, point, above=False, precision=precision)
        if low < high:
            # A bound that is not exact lies inside the set, so it may be taken.
            return _between(low, high, not (domain.left_open and low_exact), not (domain.right_open and high_exact), bits)
        if low == high and not (domain.left_open and low_exact) and not (domain.right_open and high_exact):
            return low
        if low_exact and high_exact:
            break
    raise EmptySetError


def _between(low: Fraction, high: Fraction, low_closed: bool, high_closed: bool, bits: Bits) -> Fraction:
    width, kind = high - low, bits(3)
    if kind == 0 and low_closed:
        return low
    if kind == 1 and high_closed:
        return high
    if kind in (2, 3):
        denominator = _DENOMINATORS[bits(3)]
        return low + width * Fraction(1 + bits(4) % (denominator - 1), denominator)
    if kind == 4:
        return low + width * Fraction(2 * bits(9) + 1, 1024)
    distance = width * Fraction(1 + bits(5), 1 << (bits(6 if bits(2) == 0 else 4) + 6))
    return low + distance if kind in (0, 5) or (kind == 7 and bits(1)) else high - distance


def _origin(bits: Bits) -> Fraction:
    return Fraction(0) if bits(3) == 0 else _scale(bits)


def _scale(bits: Bits) -> Fraction:
    """A positive number, in effect log-uniform between 2^-19 and 2^16."""
    return Fraction(1 + bits(4), 8) * Fraction(2) ** (bits(5) - 16)


def _bound(expr: Any, point: dict[Any, Any], above: bool, precision: int = _BOUND_BITS[0]) -> tuple[Fraction, bool]:
    """(the value, True) of a rational bound, else (a rational on the inner side of it, False); `above`: the inner side is above.

    Raises EmptySetError where the bound has no finite value.
    """
    exact = balls.exact_value(expr, at_precision(point, precision))
    if exact is not None:
        return exact, True
    with working_precision(precision):
        ball = balls.evaluate(expr, at_precision(point, precision), precision)
        if not ball.is_finite():
            raise EmptySetError
        inner = exact_fraction(ball.upper() if above else ball.lower())
    if inner is None:
        raise EmptySetError
    return inner, False
