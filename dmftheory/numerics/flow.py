"""Gradient-flow times in balls, for lambda of any sign, at any precision.

d(t)' = d^(N-1) (lambda - d^N). With u = d^N / |lambda| the time from x to y is |lambda|^(2/N - 2) (F(u_y) - F(u_x)), where F is, with
z = u^(1/N),

    0 < z < 1:   N = 2: (1/2) ln(u / (1-u));   N >= 3: -(z^(2-N)/(N-2)) 2F1(1, (2-N)/N; 2/N; u)
    z > 1:       (z^(2-2N)/(2N-2)) 2F1(1, (2N-2)/N; (3N-2)/N; 1/u)
    lambda < 0:  N = 2: -(1/2) ln(u / (1+u));  N >= 3: (z^(2-N)/(N-2)) 2F1(1, (2-N)/N; 2/N; -u)
    lambda = 0:  d^(2-2N)/(2N-2)              (no rescaling)
"""

from decimal import Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from flint import arb, ctx

from dmftheory.numerics.scalars import end_points, exact_fraction, gauss, to_ball, unknown, working_precision

if TYPE_CHECKING:
    from dmftheory.numerics.eigenvalues import Eigenvalue

_DIGITS = 12
_BRACKET_BITS, _NEARLY_ONE = 128, 1 - Fraction(1, 2**40)
_LARGEST = 2**4096  # numbers of steps beyond this are not written out
_PRECISIONS = (64, 128, 256, 512, 1024, 2048, 4096)


def flow_time(depth: int, eigenvalue: "Eigenvalue", start: arb, end: arb) -> arb:
    """Flow time between two products d^N, start to end, at the current precision; unknown (not finite) if lambda may lie between.

    `start` and `end` are balls around positive values of d^N on the same side of lambda and in the order in which the flow runs.
    """
    if eigenvalue.sign == 0:
        return (end ** to_ball(Fraction(2 - 2 * depth, depth)) - start ** to_ball(Fraction(2 - 2 * depth, depth))) / (2 * depth - 2)
    scale = abs(eigenvalue.ball(ctx.prec))
    return normal_time(depth, start / scale, end / scale, eigenvalue.sign) * scale ** to_ball(Fraction(2 - 2 * depth, depth))


def normal_time(depth: int, start: arb, end: arb, sign: int = 1) -> arb:
    """Flow time of z' = z^(N-1) (sign - z^N) from u = start to u = end, u = z^N, sign 1 or -1, at the current precision."""
    if sign < 0:
        return _falling(depth, end) - _falling(depth, start)
    if start < 1 and end < 1:
        return _rising(depth, end) - _rising(depth, start)
    if start > 1 and end > 1:
        return _above(depth, end) - _above(depth, start)
    return unknown()


def _root_power(u: arb, depth: int, power: int) -> arb:
    return u ** to_ball(Fraction(power, depth))


def _rising(n: int, u: arb) -> arb:
    if n == 2:
        return (u / (1 - u)).log() / 2
    return -_root_power(u, n, 2 - n) / (n - 2) * gauss(Fraction(1), Fraction(2 - n, n), Fraction(2, n), u)


def _above(n: int, u: arb) -> arb:
    return _root_power(u, n, 2 - 2 * n) / (2 * n - 2) * gauss(Fraction(1), Fraction(2 * n - 2, n), Fraction(3 * n - 2, n), 1 / u)


def _falling(n: int, u: arb) -> arb:
    if n == 2:
        return -(u / (1 + u)).log() / 2
    return _root_power(u, n, 2 - n) / (n - 2) * gauss(Fraction(1), Fraction(2 - n, n), Fraction(2, n), -u)


def flow_steps(
    depth: int, eigenvalue: "Eigenvalue", alpha: Fraction, eta: Fraction, threshold: Fraction, absolute: bool = False
) -> str | None:
    """Flow time from alpha to d^N = threshold * lambda (or threshold), in steps (time / eta), to 12 significant digits.

    Correctly rounded: both ends of a ball round to the same decimal. None where the flow never gets there or the ball stays too wide.
    """
    for precision in _PRECISIONS:
        with working_precision(precision):
            level = to_ball(threshold) if absolute else to_ball(threshold) * eigenvalue.ball(precision)
            steps = flow_time(depth, eigenvalue, to_ball(alpha) ** depth, level) / to_ball(eta)
            if steps.is_finite() and abs(steps) < _LARGEST:
                low, high = (_decimal(exact) for exact in map(exact_fraction, end_points(steps)) if exact is not None)
                if low == high:
                    return low
    return None


def _decimal(value: Fraction) -> str:
    """Twelve significant digits, half to even, plain notation for moderate sizes."""
    context = Context(prec=_DIGITS)
    rounded = context.divide(Decimal(value.numerator), Decimal(value.denominator))
    return format(rounded, "f") if -6 <= rounded.adjusted() < 20 else str(rounded)


def crossing_bracket(
    depth: int, eigenvalue: "Eigenvalue", alpha: Fraction, eta: Fraction, threshold: Fraction, absolute: bool = False
) -> tuple[int, int | None] | None:
    """Proved bounds of the first k with d(k)^N >= threshold * lambda (or threshold) from flow times alone, without iterating.

    For 0 < alpha^N < level < lambda and kappa = N eta lambda^(2-2/N) <= 1. With z* the inflection, U1 and U2 the flow times below and
    above it: (U1 + (1 - kappa) U2)/eta <= k <= 1 + (1 + eta m)^(N-1) (U1 + U2)/eta, m >= z^(N-2) (lambda - z^N) on the way.
    Proof. f = z^(N-1) (lambda - z^N) increases to z* and decreases afterwards. A step from d to d' takes flow time <= eta below z*; above,
    f(d') >= (1 - kappa) f(d) because r - d' >= (1 - kappa)(r - d), so the weighted time of any step is <= eta. On the other side
    f(z) <= (d'/d)^(N-1) f(d) on [d, d'] and d'/d <= 1 + eta m, so every step below the level takes at least eta / (1 + eta m)^(N-1).
    None where the balls do not decide; bounds beyond 2^4096 are given as (2^4096, None).
    """
    n = depth
    with working_precision(_BRACKET_BITS):
        lam, step = eigenvalue.ball(_BRACKET_BITS), to_ball(eta)
        start, bend = to_ball(alpha) ** n, lam * (n - 1) / (2 * n - 1)
        level = to_ball(threshold) if absolute else to_ball(threshold) * lam
        total = flow_time(n, eigenvalue, start, level)
        speed = lam ** to_ball(Fraction(2 * n - 2, n))
        # The weight 1 - kappa may also start below z*: a little below, so that level = z*^N is decided, or right at the start.
        split = bend * to_ball(_NEARLY_ONE)
        first = flow_time(n, eigenvalue, start, split) if start < split and split < level else arb(0)
        least = total if level < bend else first + (1 - n * step * speed) * (total - first)
        # z^(N-2) (lambda - z^N) = lambda^(2-2/N) u^((N-2)/N) (1-u) with u = z^N / lambda in (0, 1).
        most = (1 + step * speed) ** (n - 1) * total / step + 1
        lower, upper = _whole((least / step).lower(), up=True), _whole(most.upper(), up=False)
    if lower is None:
        return None if not least > 0 or not least.is_finite() else (_LARGEST, None)
    return max(0, lower), upper


def _whole(value: arb, up: bool) -> int | None:
    """An exact finite ball of moderate size rounded to an integer."""
    exact = exact_fraction(value) if value.is_finite() and abs(value) < _LARGEST else None
    if exact is None:
        return None
    return -(-exact.numerator // exact.denominator) if up else exact.numerator // exact.denominator
