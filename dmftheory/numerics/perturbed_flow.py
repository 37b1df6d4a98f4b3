"""Gradient-flow times of perturbed identical initialisation, by quadrature with Arb's proved error (E4).

Along the flow b^2 - a^2 = delta stays, so s = a + b is the only variable: a = (s - delta/s)/2, b = (s + delta/s)/2 and

    ds/dt = s b^(N-2) (lambda - a b^(N-1)),    t = integral of ds / (s b^(N-2) (lambda - a b^(N-1))),

which is the integral of da / ((a^2 + delta)^((N-1)/2) (lambda - a (a^2 + delta)^((N-1)/2))) without its roots. With s = e^v the integrand
is 1 / (b^(N-2) (lambda - a b^(N-1))); its poles are where b = 0 (|s|^2 = delta at right angles) and where a b^(N-1) = lambda.
"""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from flint import acb, arb, ctx

from dmftheory.numerics.scalars import end_points, exact_fraction, to_ball, unknown, working_precision

if TYPE_CHECKING:
    from dmftheory.numerics.eigenvalues import Eigenvalue

_DIGITS = 12
_PRECISIONS = (96, 192, 384)
_HALVINGS = 256

Number = TypeVar("Number", Fraction, arb, acb)


def on_hyperbola(delta: Number, s: Number) -> tuple[Number, Number]:
    """(a, b) with a + b = s and b^2 - a^2 = delta."""
    return (s - delta / s) / 2, (s + delta / s) / 2


def sum_product(n: int, delta: Number, s: Number) -> Number:
    """a b^(N-1) at a + b = s on b^2 - a^2 = delta."""
    a, b = on_hyperbola(delta, s)
    return a * b ** (n - 1)


def imbalanced_time(n: int, lam: arb, delta: arb, start: arb, end: arb) -> arb:
    """Flow time from s = start to s = end at the current precision; not finite where lambda may lie between their products.

    `delta` >= 0, `start` and `end` > 0. An end that is only enclosed adds its width times the integrand over it.
    """

    def speed(s: arb) -> arb:
        return s * on_hyperbola(delta, s)[1] ** (n - 2) * (lam - sum_product(n, delta, s))

    sides = [lam - sum_product(n, delta, s) for s in (start, end)]
    if not (start > 0 and end > 0 and (all(side > 0 for side in sides) or all(side < 0 for side in sides))):
        return unknown()

    def integrand(v: acb, analytic: bool) -> acb:  # meromorphic in v: a ball that meets a pole is not finite, so no flag is needed
        s = v.exp()
        a, b = on_hyperbola(acb(delta), s)
        return 1 / (b ** (n - 2) * (acb(lam) - a * b ** (n - 1)))

    first, last = start.mid().log(), end.mid().log()
    total = arb(0)
    for low, high in pairwise(_pieces(first.mid(), last.mid())):
        total += acb.integral(integrand, acb(low), acb(high)).real
    # The logarithms were cut to their midpoints: what that leaves out is at most width times integrand, by the mean value theorem.
    for end_point, cut in ((start, first.mid()), (end, last.mid())):
        whole = end_point.union(cut.exp())
        total += arb(0, 1) * (abs(end_point - cut.exp()).upper() * abs(1 / speed(whole)).upper())
    return total if total.is_finite() else unknown()


def _pieces(low: arb, high: arb) -> list[arb]:
    """Points from low to high at most about 1 apart."""
    count = max(1, int(abs(high - low).upper().ceil().unique_fmpz() or 1))
    return [low + (high - low) * i / count if i < count else high for i in range(count + 1)] if count < 10**4 else [low, high]


def sum_at(n: int, delta: arb, level: arb) -> arb | None:
    """A ball around the s > 0 with a b^(N-1) = level on b^2 - a^2 = delta > 0, at the current precision; None where none is found.

    The product grows with s from minus to plus infinity, so bisection finds it and a sign change certifies it.
    """
    low, high = arb(1), arb(1)
    for _ in range(_HALVINGS):
        if sum_product(n, delta, low) < level:
            break
        low /= 2
    for _ in range(_HALVINGS):
        if sum_product(n, delta, high) > level:
            break
        high *= 2
    if not (sum_product(n, delta, low) < level and sum_product(n, delta, high) > level):
        return None
    for _ in range(2 * ctx.prec):
        middle = ((low + high) / 2).mid()
        value = sum_product(n, delta, middle)
        if value < level:
            low = middle
        elif value > level:
            high = middle
        else:
            break
    return low.union(high)


def perturbed_flow_steps(
    depth: int, eigenvalue: Eigenvalue, alpha: Fraction, beta: Fraction, eta: Fraction, threshold: Fraction
) -> str | None:
    """Flow time from a = alpha - beta, b = alpha to a b^(N-1) = threshold * lambda, in steps (time / eta), to 12 significant digits.

    Correctly rounded: both ends of a ball round to the same decimal. None where the flow never gets there or the ball stays too wide.
    """
    for precision in _PRECISIONS:
        with working_precision(precision):
            lam, delta = eigenvalue.ball(precision), to_ball(beta * (2 * alpha - beta))
            end = sum_at(depth, delta, to_ball(threshold) * lam)
            if end is None:
                return None
            steps = imbalanced_time(depth, lam, delta, to_ball(2 * alpha - beta), end) / to_ball(eta)
            if steps.is_finite() and steps > 0:
                low, high = (_decimal(exact) for exact in map(exact_fraction, end_points(steps)) if exact is not None)
                if low == high:
                    return low
    return None


def _decimal(value: Fraction) -> str:
    """Twelve significant digits, half to even, plain notation for moderate sizes."""
    rounded = Context(prec=_DIGITS).divide(Decimal(value.numerator), Decimal(value.denominator))
    return format(rounded, "f") if -6 <= rounded.adjusted() < 20 else str(rounded)
