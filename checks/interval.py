"""Plain interval arithmetic on MPFR, rounded outwards: what the checks compute with.

Written apart from the balls of `dmftheory.numerics`, so that an error in one shows against the other. A value is a Fraction as long as it
is short, an Interval beyond; every interval contains the number it stands for, so a comparison that is decided is decided for good, and
rounding needs no other tolerance than the width.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import gmpy2

LONGEST_FRACTION = 2048  # bits of numerator and denominator together; beyond, an interval is cheaper
_ZERO = gmpy2.mpfr(0)
_INFINITY = gmpy2.inf()


@cache
def _rounding(bits: int) -> tuple[Any, Any]:
    """The contexts that round down and up to so many bits."""
    return gmpy2.context(precision=bits, round=gmpy2.RoundDown), gmpy2.context(precision=bits, round=gmpy2.RoundUp)


@dataclass(frozen=True, slots=True)
class Interval:
    """The real numbers from `low` to `high`; operations round outwards to `bits` (the larger of the operands')."""

    low: Any
    high: Any
    bits: int

    @staticmethod
    def of(value: Value, bits: int) -> Interval:
        """The narrowest interval around a rational number; an interval as it is."""
        if isinstance(value, Interval):
            return value
        down, up = _rounding(bits)
        exact = gmpy2.mpq(value.numerator, value.denominator)
        return Interval(down.add(_ZERO, exact), up.add(_ZERO, exact), bits)

    @staticmethod
    def everything(bits: int) -> Interval:
        """All numbers: the value of an expression that has no certain one."""
        return Interval(-_INFINITY, _INFINITY, bits)

    @staticmethod
    def infinity(bits: int) -> Interval:
        """Beyond all numbers: the value of a passage that never comes."""
        return Interval(_INFINITY, _INFINITY, bits)

    def __neg__(self) -> Interval:
        down, up = _rounding(self.bits)  # a bare minus would round to the precision of the moment
        return Interval(down.minus(self.high), up.minus(self.low), self.bits)

    def __abs__(self) -> Interval:
        if self.low >= 0:
            return self
        if self.high <= 0:
            return -self
        return Interval(_ZERO, max((-self).high, self.high), self.bits)

    def __add__(self, other: Value | int) -> Interval:
        other, down, up = self._meet(other)
        return Interval(down.add(self.low, other.low), up.add(self.high, other.high), down.precision)

    __radd__ = __add__

    def __sub__(self, other: Value | int) -> Interval:
        other, down, up = self._meet(other)
        return Interval(down.sub(self.low, other.high), up.sub(self.high, other.low), down.precision)

    def __rsub__(self, other: Value | int) -> Interval:
        return self._meet(other)[0] - self

    def __mul__(self, other: Value | int) -> Interval:
        other, down, up = self._meet(other)
        if self.low >= 0 and other.low >= 0:
            return Interval(down.mul(self.low, other.low), up.mul(self.high, other.high), down.precision)
        return self._corners(other, down.mul, up.mul, down.precision)

    __rmul__ = __mul__

    def __truediv__(self, other: Value | int) -> Interval:
        other, down, up = self._meet(other)
        if other.low <= 0 <= other.high:
            return Interval.everything(down.precision)
        return self._corners(other, down.div, up.div, down.precision)

    def __rtruediv__(self, other: Value | int) -> Interval:
        return self._meet(other)[0] / self

    def __pow__(self, exponent: int) -> Interval:
        """An integer power; x^0 = 1, also at 0."""
        if exponent < 0:
            return 1 / self**-exponent
        if exponent % 2 == 0 and self.low < 0:
            return abs(self) ** exponent
        down, up = _rounding(self.bits)
        return Interval(down.pow(self.low, exponent), up.pow(self.high, exponent), self.bits)

    def power(self, exponent: Value) -> Interval:
        """A real power of a positive number."""
        other, down, up = self._meet(exponent)
        if not self.low > 0:
            return Interval.everything(down.precision)
        return self._corners(other, down.pow, up.pow, down.precision)

    def increasing(self, function: str) -> Interval:
        """log, exp or atan, by the name that MPFR gives it."""
        down, up = _rounding(self.bits)
        if function == "log" and not self.low > 0:
            return Interval.everything(self.bits)
        return Interval(getattr(down, function)(self.low), getattr(up, function)(self.high), self.bits)

    def wave(self, function: str) -> Interval:
        """cos or sin: the value at the middle, give or take the width (both have slopes within 1)."""
        down, up = _rounding(self.bits)
        middle, width = down.div_2exp(down.add(self.low, self.high), 1), up.sub(self.high, self.low)
        return Interval(
            down.sub(getattr(down, function)(middle), width),
            up.add(getattr(up, function)(middle), width),
            self.bits,
        )

    def hull(self, other: Interval) -> Interval:
        """The narrowest interval around both."""
        return Interval(min(self.low, other.low), max(self.high, other.high), max(self.bits, other.bits))

    @property
    def width(self) -> Fraction | None:
        """An upper bound of high - low; None where that is infinite."""
        width = _rounding(self.bits)[1].sub(self.high, self.low)
        return _exact(width) if gmpy2.is_finite(width) else None

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        """Both ends as exact rational numbers. Raises OverflowError when one is infinite."""
        return _exact(self.low), _exact(self.high)

    def _meet(self, other: Value | int) -> tuple[Interval, Any, Any]:
        if not isinstance(other, Interval):
            other = Interval.of(Fraction(other), self.bits)
        return (other, *_rounding(max(self.bits, other.bits)))

    def _corners(self, other: Interval, below: Callable[..., Any], above: Callable[..., Any], bits: int) -> Interval:
        """Extremes of an operation that is monotone in each argument: they are taken at the corners."""
        pairs = [(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        lows, highs = [below(a, b) for a, b in pairs], [above(a, b) for a, b in pairs]
        if any(gmpy2.is_nan(v) for v in lows + highs):
            return Interval.everything(bits)
        return Interval(min(lows), max(highs), bits)


Value = Fraction | Interval


def short(value: Value, bits: int) -> Value:
    """The value itself, or an interval around it when it is a fraction that has grown long."""
    if isinstance(value, Fraction) and value.numerator.bit_length() + value.denominator.bit_length() > LONGEST_FRACTION:
        return Interval.of(value, bits)
    return value


def pi(bits: int) -> Interval:
    """The circle's constant."""
    down, up = _rounding(bits)
    return Interval(down.const_pi(), up.const_pi(), bits)


def bounds(value: Value) -> tuple[Any, Any]:
    """Lower and upper end of a value, to be compared and nothing else."""
    return (value.low, value.high) if isinstance(value, Interval) else (value, value)


def _exact(number: Any) -> Fraction:
    numerator, denominator = number.as_integer_ratio()
    return Fraction(int(numerator), int(denominator))
