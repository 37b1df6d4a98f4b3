"""Numbers that stay exact rationals as long as they can and become balls when they must.

A `Value` is a `Fraction` (exact) or a `flint.arb` (a ball that contains the true number). A ball whose midpoint or radius is not finite
says 'unknown'. Every operation that has no value at all on the given arguments raises `ZeroDivisionError` or `DomainGap`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction

import gmpy2
from flint import arb, ctx, fmpq

from dmftheory.numerics.ternary import Ternary

Value = Fraction | arb
Bounds = tuple[Fraction, Fraction]

_WRITABLE = 10**7  # bits of a power of two that is still written out

_COARSE_BITS = 40  # balls with fewer correct bits are powered through their end points, where binary powering would overestimate


class DomainGap(ArithmeticError):
    """The operation certainly has no real value on these arguments."""


class NotExact(ArithmeticError):
    """An exact result was asked for and the operation leaves the rationals (or outgrows the size limit)."""


@contextmanager
def working_precision(bits: int) -> Iterator[None]:
    """Run a block at `bits` bits of ball precision and put the previous precision back, also after an exception."""
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def unknown() -> arb:
    """The ball that contains everything and says nothing."""
    return arb.nan()


def to_ball(value: Value | int) -> arb:
    """A ball around `value` at the current precision; an exact dyadic rational that fits becomes an exact ball."""
    if isinstance(value, arb):
        return value
    return arb(fmpq(value.numerator, value.denominator))


def exact_fraction(value: arb) -> Fraction | None:
    """The rational that an exact finite ball stands for, None for any other ball and for one that no memory would hold."""
    if not (value.is_exact() and value.is_finite()):
        return None
    mantissa, exponent = value.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent) if abs(exponent) < _WRITABLE else None


def end_points(value: arb) -> tuple[arb, arb]:
    """Exact lower and upper end of a finite ball, rounded outward at the current precision."""
    return value.lower(), value.upper()


def hull(a: arb, b: arb) -> arb:
    """A ball that contains both; unknown if one of them is."""
    return a.union(b) if a.is_finite() and b.is_finite() else unknown()


def compare(a: arb, op: str, b: arb) -> Ternary:
    """`a op b` for op in <, <=, >, >=, ==, !=: True or False only when every pair of points agrees, else None.

    Balls that overlap never decide an equality, and a ball that is not finite decides nothing unless it is the exact infinity.
    """
    if a.is_nan() or b.is_nan():
        return None
    yes, no = _COMPARISONS[op]
    return True if yes(a, b) else False if no(a, b) else None


_Test = Callable[[arb, arb], bool]
_COMPARISONS: dict[str, tuple[_Test, _Test]] = {
    "<": (lambda a, b: bool(a < b), lambda a, b: bool(a >= b)),
    "<=": (lambda a, b: bool(a <= b), lambda a, b: bool(a > b)),
    ">": (lambda a, b: bool(a > b), lambda a, b: bool(a <= b)),
    ">=": (lambda a, b: bool(a >= b), lambda a, b: bool(a < b)),
    "==": (lambda a, b: bool(a == b), lambda a, b: bool(a != b)),
    "!=": (lambda a, b: bool(a != b), lambda a, b: bool(a == b)),
}


def size(value: Fraction) -> int:
    """Bits in numerator and denominator together."""
    return value.numerator.bit_length() + value.denominator.bit_length()


@dataclass(frozen=True)
class Arithmetic:
    """Field operations and powers on values; rationals of more than `limit` bits turn into balls, or raise `NotExact` without balls."""

    limit: int
    balls: bool = True

    def ball(self, value: Value) -> arb:
        """The value as a ball at the current precision; raises `NotExact` where balls are not wanted."""
        if not self.balls:
            raise NotExact
        return to_ball(value)

    def settle(self, value: Fraction) -> Value:
        """The rational itself if it is short enough, else a ball around it."""
        return value if size(value) <= self.limit else self.ball(value)

    def add(self, a: Value, b: Value) -> Value:
        """a + b."""
        if isinstance(a, Fraction) and isinstance(b, Fraction):
            return self.settle(a + b)
        return self.ball(a) + self.ball(b)

    def multiply(self, a: Value, b: Value) -> Value:
        """a * b; an exact zero absorbs every finite ball."""
        if isinstance(a, Fraction) and isinstance(b, Fraction):
            return self.settle(a * b)
        for one, other in ((a, b), (b, a)):
            if one == 0 and isinstance(one, Fraction) and isinstance(other, arb) and other.is_finite():
                return one
        return self.ball(a) * self.ball(b)

    def compare(self, a: Value, op: str, b: Value) -> Ternary:
        """Exact for two rationals, by balls otherwise."""
        if isinstance(a, Fraction) and isinstance(b, Fraction):
            sign = (a > b) - (a < b)
            return {"<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0, "==": sign == 0, "!=": sign != 0}[op]
        return compare(self.ball(a), op, self.ball(b))

    def power(self, base: Value, exponent: Value) -> Value:
        """base ** exponent over the reals, 0**0 = 1 for an exact integer exponent.

        Raises ZeroDivisionError for a negative power of an exact zero and DomainGap for a non-integer power of something certainly
        negative; a ball that touches the gap gives an unknown ball.
        """
        if isinstance(exponent, arb):
            exact = exact_fraction(exponent)
            exponent = exponent if exact is None else exact
        if isinstance(exponent, Fraction):
            if exponent.denominator == 1:
                return self._integer_power(base, exponent.numerator)
            return self._rational_power(base, exponent)
        return self._real_power(self.ball(base), exponent)

    def _integer_power(self, base: Value, exponent: int) -> Value:
        if exponent == 0:
            return Fraction(1) if isinstance(base, Fraction) or base.is_finite() else unknown()
        if exponent < 0:
            if (base == 0) if isinstance(base, Fraction) else base.is_zero():
                raise ZeroDivisionError
            base, exponent = (1 / base if isinstance(base, Fraction) else arb(1) / base), -exponent
        if isinstance(base, Fraction):
            # A rational other than 0 and +-1 has at least 2 bits, so its power has at least `exponent` bits: no guess is ever built.
            if abs(base) in (0, 1) or size(base) * exponent <= 2 * self.limit:
                return self.settle(base**exponent)
            base = self.ball(base)
        return _ball_power(base, exponent)

    def _rational_power(self, base: Value, exponent: Fraction) -> Value:
        if isinstance(base, Fraction):
            if base < 0:
                raise DomainGap
            if base == 0:
                if exponent < 0:
                    raise ZeroDivisionError
                return base
            root = exact_root(base, exponent.denominator)
            if root is not None:
                return self._integer_power(root, exponent.numerator)
        ball = self.ball(base)
        if exponent < 0:
            if ball.is_zero():
                raise ZeroDivisionError
            return arb(1) / _positive_power(ball, -exponent)
        return _positive_power(ball, exponent)

    def _real_power(self, base: arb, exponent: arb) -> arb:
        if base < 0:
            raise DomainGap
        if base > 0:
            return (exponent * base.log()).exp()
        if base >= 0 and exponent > 0:
            top = base.upper()
            return arb(0) if top.is_zero() else hull(arb(0), (exponent * top.log()).exp())
        if base.is_zero() and exponent < 0:
            raise ZeroDivisionError
        return unknown()


def exact_root(value: Fraction, degree: int) -> Fraction | None:
    """The rational degree-th root of a positive rational, None if it is irrational."""
    if degree > size(value):  # a root other than 1 has at least two bits
        return value if value == 1 else None
    numerator, exact = gmpy2.iroot(gmpy2.mpz(value.numerator), degree)
    if not exact:
        return None
    denominator, exact = gmpy2.iroot(gmpy2.mpz(value.denominator), degree)
    return Fraction(int(numerator), int(denominator)) if exact else None


def _ball_power(base: arb, exponent: int) -> arb:
    if not base.is_finite():
        return base**exponent
    if base.is_exact() or base.rel_accuracy_bits() > _COARSE_BITS:
        return base**exponent
    low, high = end_points(base)
    ends = hull(low**exponent, high**exponent)  # odd powers, and even ones away from zero, are monotone between the ends
    return ends if exponent % 2 or not base.contains(arb(0)) else hull(arb(0), ends)


def _positive_power(base: arb, exponent: Fraction) -> arb:
    """base ** exponent for a positive non-integer exponent: increasing on [0, oo), no value below zero."""
    if base < 0:
        raise DomainGap
    if not base >= 0:
        return unknown()
    if base > 0 and base.rel_accuracy_bits() > _COARSE_BITS:
        return base ** fmpq(exponent.numerator, exponent.denominator)
    low, high = end_points(base)
    power = fmpq(exponent.numerator, exponent.denominator)
    # Rounding outward may carry the lower end of a ball that starts at zero below it.
    return hull(arb(0) if not low > 0 else low**power, high**power)


def gauss(a: Value, b: Value, c: Value, z: arb) -> arb:
    """2F1(a, b; c; z); integer parameter differences are told to Arb, which otherwise answers nan near z = 1 and for large z."""

    def integral(*terms: Value) -> bool:
        rationals = [t for t in terms if isinstance(t, Fraction)]
        return len(rationals) == len(terms) and sum(rationals, Fraction(0)).denominator == 1

    def minus(value: Value) -> Value:
        return -value

    flags = {"ab": integral(a, minus(b)), "ac": integral(a, minus(c)), "bc": integral(b, minus(c)), "abc": integral(a, b, minus(c))}
    try:
        return z.hypgeom_2f1(to_ball(a), to_ball(b), to_ball(c), **flags)
    except ValueError:
        return unknown()  # Arb's 'no convergence'
