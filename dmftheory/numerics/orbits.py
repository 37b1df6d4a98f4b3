"""Periodic orbits of x' = x + tau x^(N-1) (1 - x^N), certified by an interval Newton method in balls.

Krawczyk's operator of F at a box X with centre c is K(X) = c - Y F(c) + (I - Y F'(X)) (X - c), with any matrix Y close to F'(c)^-1. If
K(X) lies in the interior of X, then F has exactly one zero in X, and it lies in K(X). An orbit of period p is a zero of
F_i(x) = x_i + tau f(x_i) - x_(i+1), with x_p = x_0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from flint import acb, arb, arb_mat, fmpq_poly, fmpz_poly

from dmftheory.errors import InputError
from dmftheory.numerics.scalars import Bounds, end_points, exact_fraction, to_ball, working_precision
from dmftheory.numerics.ternary import Ternary

_WARM_UP = 4000
_NEWTON_STEPS = 12
_ONE = Fraction(1)


@dataclass(frozen=True)
class Orbit:
    """An orbit of period len(`states`): it exists, and is the only one with states in the box `unique`.

    `states` and the multipliers are lower and upper bounds. `along` is the derivative of the p-th iterate; `across` what p steps multiply a
    small difference between two factors by; `stable` says whether both are below 1 in absolute value (None: not decided).
    """

    states: tuple[Bounds, ...]
    unique: tuple[Bounds, ...]
    along: Bounds
    across: Bounds
    stable: Ternary


def field(depth: int, x: arb) -> arb:
    """f(x) = x^(N-1) (1 - x^N)."""
    return x ** (depth - 1) * (1 - x**depth)


def slope(depth: int, tau: arb, x: arb) -> arb:
    """The derivative of one step."""
    return 1 + tau * x ** (depth - 2) * ((depth - 1) - (2 * depth - 1) * x**depth)


def periodic_orbit(depth: int, tau: Fraction, guess: Sequence[float], precision: int = 128) -> Orbit | None:
    """The orbit near `guess` (its states in order), None where the interval Newton method does not contract.

    Raises InputError for depth < 2, tau <= 0 or no states.
    """
    if depth < 2 or tau <= 0 or not guess:
        raise InputError("depth, tau, guess", f"{depth}, {tau}, {len(guess)} states", "depth >= 2, tau > 0, at least one state")
    with working_precision(precision):
        size = to_ball(tau)
        centre = _polished(depth, size, [arb(x) for x in guess])
        for bits in (precision // 2, precision // 4, precision // 8):
            radius = arb(2) ** -bits
            box = [c + arb(0, radius) for c in centre]
            image = _krawczyk(depth, size, centre, box)
            if image is not None and all(inner > outer.lower() and inner < outer.upper() for inner, outer in zip(image, box, strict=True)):
                return _orbit(depth, size, image, box)
    return None


def _polished(depth: int, tau: arb, states: list[arb]) -> list[arb]:
    """Newton's method from a float guess, midpoints only: where the box is centred, nothing more."""
    for _ in range(_NEWTON_STEPS):
        inverse = _inverse(depth, tau, states)
        if inverse is None:
            return states
        move = inverse * _residual(depth, tau, states)
        states = [(x - move[i, 0]).mid() for i, x in enumerate(states)]
    return states


def _residual(depth: int, tau: arb, states: Sequence[arb]) -> arb_mat:
    p = len(states)
    return arb_mat([[x + tau * field(depth, x) - states[(i + 1) % p]] for i, x in enumerate(states)])


def _jacobian(depth: int, tau: arb, states: Sequence[arb]) -> arb_mat:
    p = len(states)
    rows = [[arb(0)] * p for _ in range(p)]
    for i, x in enumerate(states):
        rows[i][i] += slope(depth, tau, x)
        rows[i][(i + 1) % p] -= 1
    return arb_mat(rows)


def _inverse(depth: int, tau: arb, states: Sequence[arb]) -> arb_mat | None:
    try:
        return _jacobian(depth, tau, states).inv()
    except ZeroDivisionError:
        return None


def _krawczyk(depth: int, tau: arb, centre: list[arb], box: list[arb]) -> list[arb] | None:
    inverse = _inverse(depth, tau, centre)
    if inverse is None or not all(x.is_finite() for row in inverse.tolist() for x in row):
        return None
    p = len(centre)
    near = arb_mat([[inverse[i, j].mid() for j in range(p)] for i in range(p)])
    identity = arb_mat([[arb(int(i == j)) for j in range(p)] for i in range(p)])
    spread = arb_mat([[x - c] for x, c in zip(box, centre, strict=True)])
    image = (identity - near * _jacobian(depth, tau, box)) * spread - near * _residual(depth, tau, centre)
    return [c + image[i, 0] for i, c in enumerate(centre)]


def _orbit(depth: int, tau: arb, states: list[arb], box: list[arb]) -> Orbit:
    along, across = arb(1), arb(1)
    for x in states:
        along *= slope(depth, tau, x)
        across *= 1 - tau * x ** (depth - 2) * (1 - x**depth)
    stable = _both(_below_one(along), _below_one(across))
    return Orbit(tuple(map(_bounds, states)), tuple(map(_bounds, box)), _bounds(along), _bounds(across), stable)


def _below_one(value: arb) -> Ternary:
    return True if abs(value) < 1 else False if abs(value) > 1 else None


def _both(one: Ternary, other: Ternary) -> Ternary:
    return False if one is False or other is False else None if one is None or other is None else True


def _bounds(value: arb) -> Bounds:
    low, high = (exact_fraction(end) for end in end_points(value))
    if low is None or high is None:
        raise ArithmeticError("a ball without end points")
    return low, high


def cycle_guess(depth: int, tau: float, period: int, start: float = 0.9) -> list[float]:
    """Where a float run settles after a few thousand steps: `period` states, a guess and nothing more."""
    x = start
    for _ in range(_WARM_UP):
        x += tau * x ** (depth - 1) * (1 - x**depth)
    states = [x]
    for _ in range(period - 1):
        x += tau * x ** (depth - 1) * (1 - x**depth)
        states.append(x)
    return states


def two_cycle(depth: int, tau: Fraction, precision: int = 128) -> Orbit | None:
    """The orbit of period two at one step size: its ratio q from the curve tau(q) by bisection, then interval Newton.

    None for tau <= 2/N, where the fixed point attracts, and where the method does not contract.
    """
    if tau * depth <= 2:
        return None
    low, high = 1.0, 2.0
    while step_size(depth, high) < tau:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (low, middle) if step_size(depth, middle) >= tau else (middle, high)
    x = share(depth, high) ** (1 / depth)
    return periodic_orbit(depth, tau, (x, high * x), precision)


def share(depth: int, q: float) -> float:
    """x^N on the orbit {x, q x} (corpus: cao.orbits.curve)."""
    return (1 + q ** (depth - 1)) / (1 + q ** (2 * depth - 1))


def step_size(depth: int, q: float) -> float:
    """tau of the orbit {x, q x}; 2/N at q = 1."""
    rest = 1 - share(depth, q)
    return 2 / depth if rest <= 0 else (q - 1) / (share(depth, q) ** ((depth - 2) / depth) * rest)


@dataclass(frozen=True)
class Bifurcation:
    """Where the orbit of period two doubles its period: bounds of the ratio q, and of tau; no smaller ratio has the multiplier -1."""

    depth: int
    ratio: Bounds
    tau: Bounds
    across: Bounds


def period_doubling(depth: int, precision: int = 128) -> Bifurcation:
    """The first q > 1 with multiplier -1 along the orbit, by isolating all real roots of an integer polynomial (see cao.orbits.along).

    Raises InputError for depth < 2 and ArithmeticError where no root can be isolated.
    """
    if depth < 2:
        raise InputError("depth", depth, "an integer >= 2")
    with working_precision(precision):
        isolated = cast("list[tuple[acb, int]]", _multiplier_polynomial(depth).complex_roots())
        roots = [root.real for root, _ in isolated if root.imag.is_zero() and root.real > 1]
        if not roots:
            raise ArithmeticError(f"no orbit of period two with multiplier -1 at depth {depth}")
        ratio = min(roots, key=lambda root: exact_fraction(root.mid()) or _ONE)
        portion = (1 + ratio ** (depth - 1)) / (1 + ratio ** (2 * depth - 1))
        tau = (ratio - 1) / ((portion ** (arb(depth - 2) / depth)) * (1 - portion))
        return Bifurcation(depth, _bounds(ratio), _bounds(tau), _bounds(5 - 2 * (ratio + 1 / ratio)))


def _multiplier_polynomial(depth: int) -> fmpz_poly:
    """The numerator of along(q) + 1 without its zero at q = 1 (where along is 1) and with no multiple roots."""
    q = fmpz_poly([0, 1])
    low = (depth - 1) * (1 + q ** (2 * depth - 1)) - (2 * depth - 1) * (1 + q ** (depth - 1))
    high = (depth - 1) * (1 + q ** (2 * depth - 1)) - (2 * depth - 1) * q**depth * (1 + q ** (depth - 1))
    top, gap = q ** (depth - 1) * (q**depth - 1), q**depth - 1
    first, second = top + (q - 1) * low, q * gap + (q - 1) * high
    whole = first * second + top * q * gap
    common = whole.gcd(whole.derivative())
    quotient = fmpq_poly(whole) / fmpq_poly(common)
    return quotient.numer()
