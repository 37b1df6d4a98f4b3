"""Certified iteration of the two-variable recursion of perturbed identical initialisation.

    a' = a - eta b^(N-1) e,   b' = b - eta a b^(N-2) e,   e = a b^(N-1) - lambda,   a(0) = alpha - beta,  b(0) = alpha.

In (a, B), B = sqrt(N-1) b, this is plain gradient descent on e^2 / 2, so its Jacobian I - eta H is symmetric and its 2-norm is its spectral
radius. The enclosure is a disc in (a, B): an exact centre and one radius. One step sends the centre through balls and the radius to

    (sup ||I - eta H|| over the disc) radius + the rounding of the new centre,

by the mean value inequality on a convex set. Coordinate-wise balls lose the correlation: infinite after a few thousand steps.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from flint import arb

from dmftheory.numerics.scalars import Bounds, compare, end_points, exact_fraction, to_ball, working_precision

if TYPE_CHECKING:
    from dmftheory.numerics.eigenvalues import Eigenvalue

_CONFINED_BITS = 128
_LARGEST = arb(2) ** 10**6
_BLOCK = 20_000  # steps between two progress reports


@dataclass(frozen=True)
class Pair:
    """Balls around a and b at one step; `product` around a b^(N-1), the eigenvalue of the product."""

    a: Bounds
    b: Bounds
    product: Bounds


@dataclass(frozen=True)
class _Disc:
    a: arb
    b: arb
    radius: arb


def pairs_along(
    depth: int, eigenvalue: "Eigenvalue", alpha: Fraction, beta: Fraction, eta: Fraction, steps: Iterable[int], precision: int
) -> Iterator[Pair | None]:
    """Enclosures of (a, b) at each k of the increasing sequence `steps`; None from where certainty is lost."""
    with working_precision(precision):
        lam, step_size, stretch = eigenvalue.ball(precision), to_ball(eta), arb(depth - 1).sqrt()
        disc = _recentred(to_ball(alpha - beta), to_ball(alpha), arb(0), stretch)
    done = 0
    for step in steps:
        with working_precision(precision):
            while done < step and disc.radius.is_finite():
                disc = _step(depth, lam, step_size, stretch, disc)
                done += 1
            found = _pair(depth, stretch, disc)
        yield found


def pair_crossing(
    depth: int,
    eigenvalue: "Eigenvalue",
    alpha: Fraction,
    beta: Fraction,
    eta: Fraction,
    threshold: Fraction,
    precision: int,
    max_steps: int,
    progress: Callable[[int], None] | None = None,
) -> tuple[str, int]:
    """(verdict, k) for the first k with a(k) b(k)^(N-1) >= threshold * lambda for lambda > 0, <= threshold * lambda for lambda < 0.

    'reached' at k; 'undecided' at k (level and product overlap); 'lost' at k (no finite enclosure); 'unsettled' after k steps.
    """
    with working_precision(precision):
        lam, step_size, stretch = eigenvalue.ball(precision), to_ball(eta), arb(depth - 1).sqrt()
        disc, level = _recentred(to_ball(alpha - beta), to_ball(alpha), arb(0), stretch), to_ball(threshold) * lam
        for k in range(max_steps + 1):
            if not disc.radius.is_finite():
                return "lost", k
            a, b = _balls(disc, stretch)
            reached = compare(a * b ** (depth - 1), ">=" if eigenvalue.sign > 0 else "<=", level)
            if reached is not False:
                return ("undecided" if reached is None else "reached"), k
            if progress is not None and k % _BLOCK == _BLOCK - 1:
                progress(k)
            disc = _step(depth, lam, step_size, stretch, disc)
    return "unsettled", max_steps


def confined(depth: int, eigenvalue: "Eigenvalue", alpha: Fraction, beta: Fraction, eta: Fraction) -> bool:
    """Whether the product certainly never passes lambda != 0: chou.perturbed.positive and chou.perturbed.negative.

    Their step size: 2 N eta R^(2N-2) <= 1 with R^N = max(alpha^N, |lambda| alpha / (alpha - beta)); their start: the product below lambda.
    """
    with working_precision(_CONFINED_BITS):
        lam = eigenvalue.ball(_CONFINED_BITS)
        top = (to_ball(alpha) ** depth).max(abs(lam) * to_ball(alpha / (alpha - beta)))
        safe = 2 * depth * to_ball(eta) * top ** to_ball(Fraction(2 * depth - 2, depth)) <= 1
        return bool(safe and (lam < 0 or to_ball(alpha - beta) * to_ball(alpha) ** (depth - 1) <= lam))


def _step(n: int, lam: arb, eta: arb, stretch: arb, disc: _Disc) -> _Disc:
    inner = disc.b ** (n - 2)
    outer = inner * disc.b
    push = eta * (disc.a * outer - lam)
    norm = _norm(n, lam, eta, disc, stretch)
    return _recentred(disc.a - push * outer, disc.b - push * disc.a * inner, norm * disc.radius, stretch)


def _norm(n: int, lam: arb, eta: arb, disc: _Disc, stretch: arb) -> arb:
    """An upper bound of the spectral radius of I - eta H over the disc, H the Hessian of (a b^(N-1) - lambda)^2 / 2 in (a, B)."""
    a, b = _balls(disc, stretch)
    if n == 2:
        h11, h12, h22 = b * b, 2 * a * b - lam, a * a
    else:
        power = b ** (n - 3)
        p = a * power * b * b
        h11 = (power * b * b) ** 2
        h12 = stretch * power * b * (2 * p - lam)
        h22 = a * power * ((2 * n - 3) * p - (n - 2) * lam)
    mean, half = 1 - eta * (h11 + h22) / 2, eta * (h11 - h22) / 2
    off = eta * h12
    return abs(mean) + abs((half * half + off * off).upper()).sqrt()


def _recentred(a: arb, b: arb, radius: arb, stretch: arb) -> _Disc:
    """Exact centre; what the centre's balls leave open joins the radius, rounded up. A run that blew up is given up."""
    if not (abs(a) < _LARGEST and abs(b) < _LARGEST and radius < _LARGEST):
        radius = arb.pos_inf()  # a diverging run multiplies the length of its exponents by 2N - 1 a step
    return _Disc(a.mid(), b.mid(), (radius + a.rad() + stretch * b.rad()).upper())


def _balls(disc: _Disc, stretch: arb) -> tuple[arb, arb]:
    around = arb(0, 1) * disc.radius
    return disc.a + around, disc.b + around / stretch


def _pair(n: int, stretch: arb, disc: _Disc) -> Pair | None:
    a, b = _balls(disc, stretch)
    bounds = [_bounds(value) for value in (a, b, a * b ** (n - 1))]
    a_ends, b_ends, product = bounds
    return None if a_ends is None or b_ends is None or product is None else Pair(a_ends, b_ends, product)


def _bounds(ball: arb) -> Bounds | None:
    low, high = (exact_fraction(end) for end in end_points(ball)) if ball.is_finite() else (None, None)
    return None if low is None or high is None else (low, high)
