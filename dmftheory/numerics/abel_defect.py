"""Rigorous bounds of what an Abel function of finite order is off by: one constant from a majorant, then sums along a trajectory.

With signed h = sigma tau x^(N-2) the defect R(x) = A_p(x') - A_p(x) - 1 depends on (u, h) only. For v = s h (1-u), U = u (1+v)^N,

    R(u, h) = sum_{n<=p} h^n int_0^1 (1-u)/(1-U) (1+v)^(s_n - 1) P_n(U) ds - 1.

For fixed u it is a power series sum c_n h^n with c_0 = ... = c_p = 0, so that M >= sum |c_n| H^n gives |R| <= M (|h|/H)^(p+1) for |h| <= H
(`abel.majorant.tail`). Such an M comes from replacing every part by a power series in |h| with coefficients at least as large in size, and
putting H for h (`abel.majorant.add` and the statements after it). On a cell of u around c, half width w, with |u| <= b, |1-u| <= g:

    v by g h, of value rho = H g;       (1+v)^k by (1 + g h)^k, for k < 0 by (1 - g h)^k: (1 +- rho)^k, rho < 1;
    U - c = (u - c) + u ((1+v)^N - 1) by w + b ((1 + g h)^N - 1): w + b rho G with G = ((1+rho)^N - 1)/rho;
    P_n(U), by an exact Taylor shift P_n(U) = sum_j q_j (U - c)^j, by sum_j |q_j| (w + b ((1 + g h)^N - 1))^j: B_n;
    (1-u)/(1-U) = 1/(1 - u s h ((1+v)^N - 1)/v) by the geometric series: 1/(1 - psi), psi = b H G < 1;
    the integral over s of c s^k is c/(k+1), no larger than c.

The series of 1 + R begins with 1, and so does no worse its majorant, which leaves

    M = sum_n H^n B_n (1 +- rho)^(s_n - 1) / (1 - psi) - 1        ('-' where the exponent is negative).

The same shift with the half width alone gives slope = sum_{n>=1} H^n max |P_n|, and A_p is monotone where |h| slope < H, because
tau f A_p' = 1 + sum_{n>=1} h^n P_n(u).
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from flint import arb, fmpq, fmpq_poly

from dmftheory.numerics.abel import AbelFunction, Point
from dmftheory.numerics.abel_polynomials import exponent, polynomials
from dmftheory.numerics.scalars import to_ball, working_precision

ORDERS = (4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192)
"""The orders that are used."""

BITS = 64
"""Working precision of all bounds here; they are upper bounds, not approximations."""

# N H for each order: P_n diverges factorially, so that a larger order wants a smaller disc. Any value is sound.
_DISC = {
    4: Fraction(3, 4),
    8: Fraction(3, 4),
    12: Fraction(3, 4),
    16: Fraction(3, 5),
    24: Fraction(1, 2),
    32: Fraction(2, 5),
    48: Fraction(7, 25),
    64: Fraction(1, 5),
    96: Fraction(7, 50),
    128: Fraction(1, 10),
    192: Fraction(7, 100),
}
_DEEP_DISC = Fraction(1, 2)
_DEEP = 12
_CELLS = 24


@dataclass(frozen=True)
class Constants:
    """|R| <= bound (|h|/radius)^(order+1) for |h| <= radius, and A_p monotone where |h| slope < radius, for u in the range asked for."""

    order: int
    radius: arb
    bound: arb
    slope: arb


@lru_cache(maxsize=1024)
def disc_radius(depth: int, order: int, low: Fraction = Fraction(0), high: Fraction = Fraction(1)) -> Fraction:
    """H for low <= u <= high."""
    largest = max(Fraction(1), abs(low), abs(high), abs(1 - low), abs(1 - high))
    flat = min(_DISC[order], _DEEP_DISC) if depth > _DEEP else _DISC[order]
    return flat * (1 if largest == 1 else Fraction(2, 3) if largest <= 2 else Fraction(1, 3)) / (depth * largest)


@lru_cache(maxsize=512)
def constants(depth: int, order: int, low: Fraction = Fraction(0), high: Fraction = Fraction(1)) -> Constants:
    """Constants for low <= u <= high. Raises ArithmeticError where the disc is too large for the bound."""
    radius = disc_radius(depth, order, low, high)
    count = _CELLS if high > low else 1
    with working_precision(BITS):
        bound, slope = arb(0), arb(0)
        for i in range(count):
            left, right = low + (high - low) * i / count, low + (high - low) * (i + 1) / count
            cell_bound, cell_slope = _on_cell(depth, order, radius, left, right)
            bound, slope = bound.max(cell_bound), slope.max(cell_slope)
        if not (bound.is_finite() and slope.is_finite()):
            raise ArithmeticError("the disc is too large for the majorant")
        return Constants(order, to_ball(radius), bound.upper(), slope.upper())


def _on_cell(depth: int, order: int, radius: Fraction, left: Fraction, right: Fraction) -> tuple[arb, arb]:
    centre, half = (left + right) / 2, to_ball((right - left) / 2)
    size, gap = to_ball(max(abs(left), abs(right))), to_ball(max(abs(1 - left), abs(1 - right)))
    size_of_h = to_ball(radius)
    rho = size_of_h * gap
    growth = sum(((1 + rho) ** i for i in range(1, depth)), arb(1)) if depth <= _DEEP else ((1 + rho) ** depth - 1) / rho
    psi = size * size_of_h * growth
    if not (rho < 1 and psi < 1):
        return arb.pos_inf(), arb.pos_inf()
    reach = half + size * rho * growth
    total, slope, power = arb(0), arb(0), arb(1)
    shift = fmpq_poly([fmpq(centre.numerator, centre.denominator), 1])
    for n, p in enumerate(polynomials(depth, order)):
        coefficients = [abs(arb(c)) for c in p(shift).coeffs()]
        wide, narrow = _horner(coefficients, reach), _horner(coefficients, half)
        s = exponent(depth, n) - 1
        total += power * wide * ((1 + rho) ** s if s >= 0 else (1 - rho) ** s)
        slope += power * narrow if n else 0
        power *= size_of_h
    return total / (1 - psi) - 1, slope


def _horner(coefficients: list[arb], x: arb) -> arb:
    value = arb(0)
    for c in reversed(coefficients):
        value = value * x + c
    return value


def accumulated(fn: AbelFunction, start: Point, end: Point) -> arb | None:
    """A bound of sum |R(x_k)| over all states x_k of a trajectory from `start` that lie strictly before `end`; None outside the disc.

    The map must keep order up to `end`, and the trajectory move from `start` towards it. Write h_k for |h| at x_k, f for the speed. Rising:
    h grows (N >= 3), f(x)/f(x_k) <= (x/x_k)^(N-1) <= (1+h)^(N-1) on the step from x_k, so all steps but the last satisfy
    h_k^(p+1) <= (1+h)^(N-1) int h^p dx/(x (1-u)), and 1/(1-u) = 1 + u/(1-u) gives h^p (1/(p(N-2)) + ln(1/(1-u_y))/N) for the sum of them.
    Falling: h and f fall along the way, so h_k^(p+1) <= int h^p dx/(x |1-u|) over the step *before* x_k, with h_0 for the first one.
    None as well where A_p is not known to be monotone up to one step beyond `end`: rising, that step must not lead beyond x = 1, which is
    so for N tau <= 1 (1 - x' >= (1 - N tau)(1 - x)), or as soon as (y (1+h))^N <= 1.
    """
    with working_precision(BITS):
        found = _sums(fn, start, end)
        if found is None:
            return None
        known, total = found
        return (known.bound * total / known.radius ** (fn.order + 1)).upper()


def _sums(fn: AbelFunction, start: Point, end: Point) -> tuple[Constants, arb] | None:
    """The constants on the way and a bound of sum h_k^(p+1)."""
    n, p = fn.degree, fn.order
    rising = fn.sign > 0 and bool(start.gap > 0)
    bounds = range_of_u(fn.sign, rising, start)
    if bounds is None:
        return None
    known = constants(n, p, *bounds)
    h = abs(fn.ratio(end if rising else start))
    furthest = h * (1 + h) ** (n - 2) if rising else h
    if not (furthest < known.radius and furthest * known.slope < known.radius):
        return None
    if rising:
        if not (n * fn.tau <= 1 or end.power * (1 + h) ** n <= 1):
            return None
        if n == 2:
            between = h**p / 2 * (end.power * start.gap / (end.gap * start.power)).log()
        else:
            between = h**p * (arb(1) / (p * (n - 2)) - end.gap.log() / n)
        return known, h ** (p + 1) + (1 + h) ** (n - 1) * between
    if fn.sign > 0:
        between = h**p / n * (start.gap * end.power / (start.power * end.gap)).log()
    elif n == 2:
        between = h**p / 2 * (start.power * end.gap / (start.gap * end.power)).log()
    else:
        between = h**p / (p * (n - 2))
    return known, h ** (p + 1) + between


def range_of_u(sign: int, rising: bool, start: Point) -> tuple[Fraction, Fraction] | None:
    """One of a short list of ranges of u that contains the whole trajectory; None for an enormous start."""
    if sign == 0:
        return Fraction(0), Fraction(0)
    if rising:
        return Fraction(0), Fraction(1)
    top = Fraction(1) if sign < 0 else Fraction(2)
    while not start.power <= top.numerator:
        top *= 4
        if top > 2**80:
            return None
    return (-top, Fraction(0)) if sign < 0 else (Fraction(1), top)
