"""Intervals with exact rational ends, open or closed, finite or not: the arithmetic of branch and bound.

A `Span` contains the values of an expression for all values of its variables in their spans. Ends are rationals, kept exactly while they
are short, so that a bound which is attained at an end point is decided; a long end is rounded outward. An end that is `None` is infinite.
`low_open` says that the lower end is certainly not attained; where that is not known it counts as closed. Operations that may lack a value
somewhere raise `MayLackValue`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import NamedTuple

from flint import arb, fmpq, fmpz

from dmftheory.numerics.scalars import exact_root

LONG_BITS = 320
"""An end with more bits than this is rounded outward."""
ROUNDED_BITS = 128
HUGE_BITS = 4096
"""A number of a size beyond 2^+-4096 is only known to be that large or that small."""

ZERO, ONE = fmpq(0), fmpq(1)


class MayLackValue(ArithmeticError):
    """Somewhere in the spans the operation may have no real value, or nothing is known of it."""


class Span(NamedTuple):
    """An interval that is not empty; `None` is the infinite end, which is never attained."""

    low: fmpq | None
    high: fmpq | None
    low_open: bool = False
    high_open: bool = False

    @property
    def is_point(self) -> bool:
        """Whether the span is one number."""
        return self.low is not None and self.low == self.high


def exactly(value: Fraction | int) -> Span:
    """The span of one number."""
    q = to_fmpq(value)
    return Span(q, q)


def to_fmpq(value: Fraction | int) -> fmpq:
    """The same rational for FLINT."""
    return fmpq(value.numerator, value.denominator)


def to_fraction(value: fmpq) -> Fraction:
    """The same rational for Python."""
    return Fraction(int(value.p), int(value.q))


def is_positive(span: Span) -> bool:
    """Whether every number in the span is > 0."""
    return span.low is not None and (span.low > 0 or (span.low == 0 and span.low_open))


def is_nonnegative(span: Span) -> bool:
    """Whether every number in the span is >= 0."""
    return span.low is not None and span.low >= 0


def add(a: Span, b: Span) -> Span:
    """The sums."""
    low = None if a.low is None or b.low is None else a.low + b.low
    high = None if a.high is None or b.high is None else a.high + b.high
    return _rounded(low, high, a.low_open or b.low_open, a.high_open or b.high_open)


def negative(a: Span) -> Span:
    """The numbers with the other sign."""
    return Span(None if a.high is None else -a.high, None if a.low is None else -a.low, a.high_open, a.low_open)


def multiply(a: Span, b: Span) -> Span:
    """The products. Where an end 0 meets an infinite one, 0 is the bound: the infinite end is not attained."""
    corners = [_corner(x, y) for x in _ends(a) for y in _ends(b)]
    low, low_open = _least(corners)
    high, high_open = _least([(-sign, None if value is None else -value, is_open) for sign, value, is_open in corners])
    return _rounded(low, None if high is None else -high, low_open, high_open)


def integer_power(a: Span, exponent: int) -> Span:
    """a ** n, with 0 ** 0 = 1. Raises MayLackValue for n < 0 where a may be 0."""
    if exponent == 0:
        return Span(ONE, ONE)
    if exponent < 0:
        return integer_power(reciprocal(a), -exponent)
    if exponent % 2 or is_nonnegative(a):
        return _monotone_power(a, exponent)
    if a.high is not None and a.high <= 0:
        return _monotone_power(negative(a), exponent)
    return _monotone_power(magnitude(a), exponent)


def reciprocal(a: Span) -> Span:
    """1 / a. Raises MayLackValue where a may be 0."""
    if is_positive(a):
        low = ZERO if a.high is None else 1 / a.high
        high = None if a.low == 0 or a.low is None else 1 / a.low
        return _rounded(low, high, a.high_open, a.low_open)
    if is_positive(negative(a)):
        return negative(reciprocal(negative(a)))
    raise MayLackValue


def rational_power(a: Span, exponent: Fraction) -> Span:
    """a ** (p/q) of a nonnegative span. Raises MayLackValue where a may be negative, or 0 under a negative exponent."""
    if exponent.denominator == 1:
        return integer_power(a, exponent.numerator)
    if exponent < 0:
        return reciprocal(rational_power(a, -exponent))
    if not is_nonnegative(a):
        raise MayLackValue

    def power(end: fmpq) -> arb | fmpq:
        if end == 0:
            return ZERO
        root = exact_root(to_fraction(end), exponent.denominator)
        if root is not None:
            return to_fmpq(root) ** exponent.numerator
        return arb(end) ** fmpq(exponent.numerator, exponent.denominator)

    return increasing(a, power)


def real_power(a: Span, exponent: Span) -> Span:
    """a ** e for a positive a, or a nonnegative a and a positive e. Raises MayLackValue elsewhere."""
    if is_positive(a):
        return exponential(multiply(exponent, logarithm(a)))
    if is_nonnegative(a) and is_positive(exponent):
        if a.high == 0:
            return Span(ZERO, ZERO)
        above = exponential(multiply(exponent, logarithm(Span(ZERO, a.high, True, a.high_open))))
        return Span(ZERO, above.high, False, above.high_open)
    raise MayLackValue


def exponential(a: Span) -> Span:
    """exp(a)."""
    span = increasing(a, lambda end: ONE if end == 0 else arb(end).exp(), below=ZERO)
    return span._replace(low_open=span.low_open or span.low == 0)


def logarithm(a: Span) -> Span:
    """log(a). Raises MayLackValue where a may be <= 0."""
    if not is_positive(a):
        raise MayLackValue
    if a.low == 0:
        high = None if a.high is None else _bound(_log(a.high), upper=True)
        return Span(None, high, True, a.high_open or high is None)
    return increasing(a, _log)


def _log(end: fmpq) -> arb | fmpq:
    return ZERO if end == 1 else arb(end).log()


def magnitude(a: Span) -> Span:
    """|a|."""
    if is_nonnegative(a):
        return a
    if a.high is not None and a.high <= 0:
        return negative(a)
    return largest(a, negative(a))._replace(low=ZERO, low_open=False)


def largest(a: Span, b: Span) -> Span:
    """max(a, b)."""
    low, low_open = _greater_low(a, b)
    high, high_open = _greater_high(a, b)
    return Span(low, high, low_open, high_open)


def smallest(a: Span, b: Span) -> Span:
    """min(a, b)."""
    return negative(largest(negative(a), negative(b)))


def hull(a: Span, b: Span) -> Span:
    """The least span that contains both."""
    low, low_open = _greater_high(negative(a), negative(b))
    high, high_open = _greater_high(a, b)
    return Span(None if low is None else -low, high, low_open, high_open)


def meet(a: Span, b: Span) -> Span:
    """The numbers in both of two spans that contain the same values."""
    low, low_open = _greater_low(a, b)
    high, high_open = _greater_low(negative(a), negative(b))
    return Span(low, None if high is None else -high, low_open, high_open)


def increasing(a: Span, function: Callable[[fmpq], arb | fmpq], below: fmpq | None = None, above: fmpq | None = None) -> Span:
    """The image under an increasing function, exact or in a ball at one number; `below` and `above`: its limits at -oo and oo."""
    low = below if a.low is None else _bound(function(a.low), upper=False)
    high = above if a.high is None else _bound(function(a.high), upper=True)
    return _rounded(low, high, a.low_open or low is None, a.high_open or high is None)


def of_ball(ball: arb) -> Span:
    """The span of a finite ball. Raises MayLackValue for a ball that is not finite."""
    if not ball.is_finite():
        raise MayLackValue
    low, high = _bound(ball, upper=False), _bound(ball, upper=True)
    return Span(low, high, low is None, high is None)


def to_ball(span: Span) -> arb:
    """A ball that contains a bounded span. Raises MayLackValue for an unbounded one."""
    if span.low is None or span.high is None:
        raise MayLackValue
    return arb(span.low).union(arb(span.high))


def _bound(value: arb | fmpq, upper: bool) -> fmpq | None:
    """A rational on the outer side of a ball; None where that is infinite. Raises MayLackValue for a ball that is not finite."""
    if isinstance(value, fmpq):
        return value
    end = value.upper() if upper else value.lower()
    if not end.is_finite():
        raise MayLackValue
    mantissa, exponent = end.man_exp()
    size = int(exponent) + mantissa.bit_length()
    if abs(size) > HUGE_BITS:
        return _far(mantissa > 0, size > 0, upper)
    shift = int(exponent)
    return fmpq(mantissa * (fmpz(1) << shift)) if shift >= 0 else fmpq(mantissa, fmpz(1) << -shift)


def _far(positive: bool, huge: bool, upper: bool) -> fmpq | None:
    """The outer bound of a number beyond 2^4096 in size, or below 2^-4096."""
    if not positive:
        bound = _far(True, huge, not upper)
        return None if bound is None else -bound
    if huge:
        return None if upper else fmpq(fmpz(1) << HUGE_BITS - 1)
    return fmpq(1, fmpz(1) << HUGE_BITS - 1) if upper else ZERO


def _rounded(low: fmpq | None, high: fmpq | None, low_open: bool, high_open: bool) -> Span:
    if low is not None and low.height_bits() > LONG_BITS:
        low = _round_down(low)
    if high is not None and high.height_bits() > LONG_BITS:
        high = -_round_down(-high)
    return Span(low, high, low_open or low is None, high_open or high is None)


def _round_down(value: fmpq) -> fmpq:
    """The greatest number of some 128 significant bits below the value."""
    size = value.p.bit_length() - value.q.bit_length()
    shift = ROUNDED_BITS - size
    if shift >= 0:
        return fmpq((value * (fmpz(1) << shift)).floor(), fmpz(1) << shift)
    return fmpq((value / (fmpz(1) << -shift)).floor() * (fmpz(1) << -shift))


def _monotone_power(a: Span, exponent: int) -> Span:
    """a ** n where that increases: for odd n, or on a nonnegative span."""
    return increasing(a, lambda end: _point_power(end, exponent))


def _point_power(end: fmpq, exponent: int) -> arb | fmpq:
    # A number of b bits has a power of at most b n bits; beyond the limit a ball would be rounded all the same.
    if end in (0, 1, -1) or end.height_bits() * exponent <= 4 * LONG_BITS:
        return end**exponent
    return arb(end) ** exponent


End = tuple[int, "fmpq | None", bool]
"""(sign of infinity, or 0 for a finite end; the value of a finite end; whether it is open)."""


def _ends(a: Span) -> tuple[End, End]:
    low = (-1, None, True) if a.low is None else (0, a.low, a.low_open)
    high = (1, None, True) if a.high is None else (0, a.high, a.high_open)
    return low, high


def _corner(x: End, y: End) -> End:
    """The product of two ends; a zero is attained as soon as one of the zeros in it is."""
    zeros = [is_open for infinite, value, is_open in (x, y) if not infinite and value == 0]
    if zeros:
        return 0, ZERO, all(zeros)
    if x[1] is not None and y[1] is not None:
        return 0, x[1] * y[1], x[2] or y[2]
    sign = 1
    for infinite, value, _ in (x, y):
        sign *= infinite if value is None else (1 if value > 0 else -1)
    return sign, None, True


def _least(corners: Iterable[End]) -> tuple[fmpq | None, bool]:
    """The least corner, open if all corners of that value are."""
    best: fmpq | None = None
    is_open, seen = True, False
    for infinite, value, corner_open in corners:
        if infinite < 0:
            return None, True
        if value is None:
            continue
        if not seen or (best is not None and value < best):
            best, is_open, seen = value, corner_open, True
        elif value == best:
            is_open = is_open and corner_open
    return best, is_open


def _greater_high(a: Span, b: Span) -> tuple[fmpq | None, bool]:
    """The greater upper end; at a tie open if both are."""
    if a.high is None or b.high is None:
        return None, True
    if a.high == b.high:
        return a.high, a.high_open and b.high_open
    return (a.high, a.high_open) if a.high > b.high else (b.high, b.high_open)


def _greater_low(a: Span, b: Span) -> tuple[fmpq | None, bool]:
    """The greater lower end; at a tie open if one of the two is."""
    if a.low is None or b.low is None:
        return (b.low, b.low_open) if a.low is None else (a.low, a.low_open)
    if a.low == b.low:
        return a.low, a.low_open or b.low_open
    return (a.low, a.low_open) if a.low > b.low else (b.low, b.low_open)
