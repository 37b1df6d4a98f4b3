"""The hypergeometric series 2F1(1, b; c; z) summed term by term, with the rest of the series bounded by a geometric one."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import gmpy2
from dmftheory.checks.interval import Interval, Value, bounds

LARGEST = Fraction(99, 100)  # of |z|: beyond, the terms are too many


def hypergeometric(upper: Sequence[Value], lower: Sequence[Value], z: Value, bits: int) -> Interval:
    """2F1(1, b; c; z) for rational b and c > 0 and z <= 99/100; `upper` is (1, b) in either order.

    The terms are t_0 = 1, t_(n+1) = t_n z (b + n) / (c + n). Once b + n > 0 the quotients are at most q = z max(1, (b + n) / (c + n)), and
    the terms from t_n on add up to something between 0 and t_n / (1 - q). A negative z goes to z / (z - 1) by Pfaff's formula,
    2F1(1, b; c; z) = 2F1(1, c - b; c; z/(z-1)) / (1 - z). Raises ValueError for other arguments.
    """
    b, c = _parameters(upper, lower)
    low, high = bounds(z)
    if high < 0:
        return hypergeometric([Fraction(1), c - b], [c], z / (z - 1), bits) / (1 - z)
    if low < 0 or high > LARGEST:
        raise ValueError(f"2F1 at {z}: z must be negative, or from 0 to {LARGEST}")
    point = Interval.of(z, bits)
    total, term, n = Interval.of(Fraction(0), bits), Interval.of(Fraction(1), bits), 0
    while True:
        total = total + term
        quotient = (b + n) / (c + n)
        term = term * point * quotient
        n += 1
        ratio = point * max(Fraction(1), (b + n) / (c + n))
        if b + n > 0 and abs(term).high <= gmpy2.exp2(-bits) and ratio.high < 1:
            return total + (term / (1 - ratio)).hull(Interval.of(Fraction(0), bits))


def _parameters(upper: Sequence[Value], lower: Sequence[Value]) -> tuple[Fraction, Fraction]:
    rest = [a for a in upper if a != 1]
    b = rest[0] if len(rest) == 1 else Fraction(1)
    c = lower[0]
    if len(upper) != 2 or len(lower) != 1 or 1 not in upper or not isinstance(b, Fraction) or not isinstance(c, Fraction) or c <= 0:
        raise ValueError(f"2F1({upper}; {lower}): only 2F1(1, b; c) with rational b and c > 0")
    return b, c
