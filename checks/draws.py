"""Random situations: numbers inside the sets of a statement, and spectra from positive gaps. Floats choose here; they decide nothing."""

from __future__ import annotations

import random
from collections.abc import Mapping
from fractions import Fraction
from itertools import accumulate
from typing import Any

import sympy
from dmftheory.checks.interval import Interval, Value, bounds
from dmftheory.checks.reading import Reading
from sympy import Symbol

from dmftheory.claims import Theorem
from dmftheory.claims.domains import Orthogonal


def share(source: random.Random) -> Fraction:
    """A number in (0, 1): anywhere, or close to an end."""
    kind, small = source.random(), Fraction(source.randint(1, 99), 10 ** source.randint(2, 6))
    return small if kind < 0.2 else 1 - small if kind < 0.4 else Fraction(source.randint(1, 999), 1000)


def positive(source: random.Random) -> Fraction:
    """A positive number of any moderate size."""
    return Fraction(source.randint(1, 999), 10 ** source.randint(0, 4))


def decreasing(source: random.Random, size: int, spread: Fraction) -> list[Fraction]:
    """size numbers r_1 > ... > r_size > 0, from positive gaps of at most `spread` times the smallest."""
    least = positive(source)
    gaps = [least * spread * Fraction(source.randint(1, 100), 100) for _ in range(size - 1)]
    return list(accumulate([least, *gaps]))[::-1]


def moderate(source: random.Random, domain: sympy.Interval, values: Mapping[Any, Any]) -> Fraction:
    """A step size that makes progress: at least a tenth of the largest in its set, and the largest itself where the set holds it."""
    end = _end(Reading(values).value(domain.end), upper=True)
    if not domain.right_open and source.random() < 0.25:
        return end
    return end * Fraction(source.randint(100, 999), 1000)


def whole(source: random.Random, first: int, last: int) -> Fraction:
    """An integer from first to last, small ones more often."""
    return Fraction(first + int((last - first + 1) * source.random() ** 2))


def inside(source: random.Random, domain: Any, values: Mapping[Any, Any], far: int = 12) -> Any:
    """A value in a set of the statement: a rational number in an interval (its closed ends too), an integer up to `far` beyond the start of
    an unbounded range, the value of a set with one element. Raises ValueError for an empty interval.
    """
    reading = Reading(values)
    match domain:
        case sympy.FiniteSet():
            return reading.value(source.choice(sorted(domain.args, key=sympy.default_sort_key)))
        case sympy.Range():
            start = int(reading.value(domain.start))
            return whole(source, start, start + far if domain.stop == sympy.oo else int(reading.value(domain.stop)) - 1)
        case sympy.Interval():
            return _between(source, domain, reading)
    raise NotImplementedError(f"a check cannot draw from {domain}")


def fill(theorem: Theorem, source: random.Random, choose: Mapping[Symbol, Any] | None = None, far: int = 12) -> dict[Any, Any]:
    """Values for all variables, in order, each from its set or as `choose` says: a value, or a function of the values known so far.

    Matrices are left out: they have no law of their own.
    """
    choose = choose or {}
    known = {symbol: chosen for symbol, chosen in choose.items() if not callable(chosen)}
    values: dict[Any, Any] = {}
    for symbol, domain in theorem.given.items():
        if symbol in choose:
            values[symbol] = known[symbol] if symbol in known else choose[symbol]({**known, **values})
        elif not isinstance(domain, Orthogonal):
            values[symbol] = inside(source, domain, values, far)
    return values


def _between(source: random.Random, domain: Any, reading: Reading) -> Fraction:
    low = None if domain.start == -sympy.oo else _end(reading.value(domain.start), upper=False)
    high = None if domain.end == sympy.oo else _end(reading.value(domain.end), upper=True)
    if high is None:
        return positive(source) * source.choice([-1, 1]) if low is None else low + positive(source)
    if low is None:
        return high - positive(source)
    if low > high or (low == high and (domain.left_open or domain.right_open)):
        raise ValueError(f"{domain} is empty at {reading.values}")
    closed = [end for end, is_open in ((low, domain.left_open), (high, domain.right_open)) if not is_open]
    if closed and source.random() < 0.1:
        return source.choice(closed)
    exact = low + (high - low) * share(source)
    plain = exact.limit_denominator(10**9)
    return plain if low < plain < high else exact


def _end(value: Value, *, upper: bool) -> Fraction:
    """The end of a set, on its inner side where it is only enclosed."""
    if isinstance(value, Interval):
        return value.ends[0 if upper else 1]
    return Fraction(bounds(value)[0])
