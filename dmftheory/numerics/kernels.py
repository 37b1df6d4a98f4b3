"""Inner loops of the monotone end-point iteration: one trajectory, every operation rounded the same way.

Where d' = d + eta d^(N-1) (lambda - d^N) is increasing, a lower end pushed through the map rounded down stays below the true iterate, and
an upper end rounded up stays above. Both directions run the *same* code in a different rounding context: constants are converted inside
that context (so eta and lambda become lower bounds in one and upper bounds in the other) and a power that is subtracted is formed as a
power of -d, whose rounding down is minus a power rounded up.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction

import gmpy2
from gmpy2 import fma, mpfr

DOWN, UP = -1, 1


@contextmanager
def rounding(direction: int, precision: int) -> Iterator[None]:
    """A gmpy2 context that rounds every operation down or up at `precision` bits, with the widest exponent range."""
    mode = gmpy2.RoundDown if direction == DOWN else gmpy2.RoundUp
    with gmpy2.context(precision=precision, round=mode, emin=gmpy2.get_emin_min(), emax=gmpy2.get_emax_max()):
        yield


def rounded(value: Fraction) -> mpfr:
    """The rational rounded in the current direction."""
    return mpfr(gmpy2.mpq(value.numerator, value.denominator))


def fraction(value: mpfr) -> Fraction:
    """The exact rational that a finite mpfr stands for."""
    numerator, denominator = value.as_integer_ratio()
    return Fraction(int(numerator), int(denominator))


def root(value: Fraction, degree: int) -> mpfr:
    """The degree-th root of a nonnegative rational, rounded in the current direction."""
    return gmpy2.rootn(rounded(value), degree)


@dataclass(frozen=True)
class Climb:
    """How one end climbs below the level: `state` is d^power, and `advance(state, limit, steps)` runs until state >= limit.

    `advance` returns (steps made, state). Sound only while lambda - d^N >= 0 in this rounding; see `climbable`.
    """

    power: int
    advance: Callable[[mpfr, mpfr, int], tuple[int, mpfr]]


def climb(depth: int, lam: Fraction, eta: Fraction) -> Climb:
    """The climbing loop for this depth in the current rounding context; `lam` is the end of lambda on the same side."""
    step, level = rounded(eta), rounded(lam)
    if depth == 2:
        return Climb(2, _climb_depth_2(rounded(-eta), fma(step, level, mpfr(1))))
    if depth == 3:
        return Climb(1, _climb_depth_3(step, level))
    if depth == 4:
        return Climb(2, _climb_depth_4(step, level))
    return Climb(1, _climb_any(depth, step, level))


def climbable(depth: int, level: Fraction, lam: Fraction, precision: int) -> bool:
    """Whether lambda - d^N keeps its sign in every rounding of a climb to `level` (an upper bound) with lambda >= `lam`.

    At most 2 N roundings enter d^N, each by a factor of at most 1 + 2^(1 - precision), and (1 + h)^(2N) <= 1 + 4 N h while 2 N h <= 1.
    """
    slip = Fraction(8 * depth, 2**precision)
    return slip <= 1 and level * (1 + slip) <= lam


def _climb_depth_2(minus_eta: mpfr, constant: mpfr) -> Callable[[mpfr, mpfr, int], tuple[int, mpfr]]:
    """u = d^2 obeys u' = u (1 + eta lambda - eta u)^2."""

    def advance(u: mpfr, limit: mpfr, steps: int) -> tuple[int, mpfr]:
        for done in range(steps):
            if u >= limit:
                return done, u
            factor = fma(minus_eta, u, constant)
            u = u * (factor * factor)
        return steps, u

    return advance


def _climb_depth_3(eta: mpfr, lam: mpfr) -> Callable[[mpfr, mpfr, int], tuple[int, mpfr]]:
    def advance(d: mpfr, limit: mpfr, steps: int) -> tuple[int, mpfr]:
        for done in range(steps):
            if d >= limit:
                return done, d
            d = fma(eta * (d * d), fma(-d * d, d, lam), d)
        return steps, d

    return advance


def _climb_depth_4(eta: mpfr, lam: mpfr) -> Callable[[mpfr, mpfr, int], tuple[int, mpfr]]:
    """v = d^2 obeys v' = v (1 + eta v (lambda - v^2))^2."""
    one = mpfr(1)

    def advance(v: mpfr, limit: mpfr, steps: int) -> tuple[int, mpfr]:
        for done in range(steps):
            if v >= limit:
                return done, v
            factor = fma(eta * v, fma(-v, v, lam), one)
            v = v * (factor * factor)
        return steps, v

    return advance


def _climb_any(depth: int, eta: mpfr, lam: mpfr) -> Callable[[mpfr, mpfr, int], tuple[int, mpfr]]:
    below, odd = depth - 1, depth % 2

    def advance(d: mpfr, limit: mpfr, steps: int) -> tuple[int, mpfr]:
        for done in range(steps):
            if d >= limit:
                return done, d
            # The exponent of -d has to be odd for the sign that turns the rounding around.
            gap = lam + (-d) ** depth if odd else fma((-d) ** below, d, lam)
            d = fma(eta * d**below, gap, d)
        return steps, d

    return advance


def settle(depth: int, lam: Fraction, eta: Fraction, ceiling: mpfr, rest: mpfr | None = None) -> Callable[[mpfr, int], mpfr]:
    """The loop for an end near or beyond its resting point: lambda of any sign, the end kept in [0, ceiling].

    Returns a function of (end, steps), to be called in the same rounding context. An upper end that comes to `rest`, where the map is no
    longer known to be increasing above, is answered by the ceiling.
    """
    level, same_eta, other_eta = rounded(lam), rounded(eta), -rounded(-eta)
    zero = mpfr(0)
    below, odd = depth - 1, depth % 2

    def run(d: mpfr, steps: int) -> mpfr:
        for _ in range(steps):
            if rest is not None and d >= rest:
                return ceiling
            same = d**below
            other = -((-d) ** (below - 1) * d) if odd else -((-d) ** below)
            gap = fma(-other, d, level)
            # gap >= 0 wants eta d^(N-1) rounded to the same side as the end, gap < 0 to the other side.
            d = fma(same_eta * same, gap, d) if gap >= 0 else fma(-other * other_eta, -gap, d)
            d = zero if d < zero else ceiling if d > ceiling else d
        return d

    return run
