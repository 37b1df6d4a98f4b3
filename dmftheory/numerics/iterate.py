"""Certified iteration of d' = d + eta d^(N-1) (lambda - d^N), d(0) = alpha >= 0, for lambda of any sign.

**When end points may be pushed.** Write f(z) = z^(N-1) (lambda - z^N). On [0, B] the map z + eta f(z) is increasing as soon as

    eta ((2N-1) B^(2N-2) - (N-1) lambda B^(N-2)) <= 1.                                               (H)

Proof. f'(z) = (N-1) lambda z^(N-2) - (2N-1) z^(2N-2). For lambda <= 0 it is decreasing. For lambda > 0 it is positive until
z^N = (N-1)/(2N-1) lambda, and afterwards negative and decreasing (f'(z) = z^(N-2) ((N-1) lambda - (2N-1) z^N), where both factors grow in
absolute value). So 1 + eta f' >= min(1, 1 + eta f'(B)) on [0, B] for lambda > 0, and >= 1 + eta f'(B) for lambda <= 0. QED

Take B = max(alpha, r), r = lambda^(1/N) (0 for lambda <= 0). Then 0 and, for lambda > 0, r are fixed points, the map sends [0, B] into
itself, and order is kept for ever: alpha < r gives an increasing sequence that stays below r and tends to r, alpha >= r (or lambda <= 0) a
nonincreasing one that stays above r (or 0). With B = r, (H) reads N eta lambda^(2-2/N) <= 1.

Where (H) fails, `enclosures` goes on with the mean value form, which widens honestly and may be lost.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from flint import arb

from dmftheory.numerics.kernels import DOWN, UP, fraction, root, rounded, rounding, settle
from dmftheory.numerics.scalars import size, to_ball, working_precision
from dmftheory.numerics.step_bounds import StepBound
from dmftheory.numerics.ternary import Ternary

if TYPE_CHECKING:
    from dmftheory.numerics.eigenvalues import Eigenvalue

_DECISION_BITS = (128, 1024, 8192)
_EXACT_BITS = 2_000_000


@dataclass(frozen=True)
class Recursion:
    """One scalar recursion: depth N >= 2, lambda, start alpha >= 0 and step size eta >= 0 in original variables."""

    depth: int
    eigenvalue: "Eigenvalue"
    alpha: Fraction
    eta: Fraction

    def sign_of(self, ball: Callable[[arb], arb], exact: Callable[[Fraction], Fraction], bits: int) -> int | None:
        """The sign of an expression in lambda: by balls at growing precision, then exactly where lambda is rational and `bits` few.

        `ball` and `exact` compute the same expression; `bits` estimates the size of the exact result.
        """
        for precision in _DECISION_BITS:
            with working_precision(precision):
                value = ball(self.eigenvalue.ball(precision))
                if value > 0 or value < 0:
                    return 1 if value > 0 else -1
        rational = self.eigenvalue.rational
        if rational is None or bits > _EXACT_BITS:
            return None
        difference = exact(rational)
        return (difference > 0) - (difference < 0)

    def against(self, threshold: Fraction, absolute: bool = False) -> int | None:
        """The sign of alpha^N - threshold * lambda (or - threshold): exact wherever lambda is rational or alpha^N / threshold is short."""
        bits = self.depth * size(self.alpha) + size(threshold)
        if absolute:
            return self.sign_of(
                lambda lam: to_ball(self.alpha) ** self.depth - to_ball(threshold), lambda lam: self.alpha**self.depth - threshold, bits
            )
        return self.sign_of(
            lambda lam: to_ball(self.alpha) ** self.depth - to_ball(threshold) * lam,
            lambda lam: self.alpha**self.depth - threshold * lam,
            bits,
        )


def increasing_to(recursion: Recursion, bound: Fraction) -> Ternary:
    """Whether (H) holds with B = `bound`, hence whether the map is increasing on [0, bound]."""
    n, eta = recursion.depth, recursion.eta
    bits = (2 * n - 2) * size(bound) + size(eta)
    sign = recursion.sign_of(
        lambda lam: 1 - to_ball(eta) * ((2 * n - 1) * to_ball(bound) ** (2 * n - 2) - (n - 1) * lam * to_ball(bound) ** (n - 2)),
        lambda lam: 1 - eta * ((2 * n - 1) * bound ** (2 * n - 2) - (n - 1) * lam * bound ** (n - 2)),
        bits,
    )
    return None if sign is None else sign >= 0


def monotone(recursion: Recursion) -> Ternary:
    """Whether (H) holds with B = max(alpha, r), so that the trajectory keeps order and never crosses r."""
    if recursion.eigenvalue.sign > 0 and recursion.against(Fraction(1)) == -1:
        return not StepBound.at_level(recursion.depth, recursion.eigenvalue, 1).exceeded_by(recursion.eta)
    return increasing_to(recursion, recursion.alpha) if recursion.alpha >= 0 else None


def iterate(depth: int, eigenvalue: "Eigenvalue", alpha: Fraction, eta: Fraction, step: int, precision: int) -> arb | None:
    """A ball around d(step), computed with `precision` bits; None when no certified answer was found at this precision.

    End points where (H) holds, mean value form where it does not.
    """
    recursion = Recursion(depth, eigenvalue, alpha, eta)
    ends = ends_at(recursion, step, precision) if monotone(recursion) is True else None
    with working_precision(precision):
        if ends is not None:
            return to_ball(ends[0]).union(to_ball(ends[1]))
        found = None
        for count, state in enumerate(enclosures(recursion, precision)):
            if count == step:
                found = state
                break
    return found


def ends_at(recursion: Recursion, step: int, precision: int) -> tuple[Fraction, Fraction] | None:
    """Lower and upper bound of d(step) where `monotone(recursion)` is True; None if rounding spoils (H) in the last bit."""
    n, (low, high) = recursion.depth, recursion.eigenvalue.enclosure(precision + 16)
    below_root = recursion.eigenvalue.sign > 0 and recursion.against(Fraction(1)) == -1
    with rounding(UP, precision):
        ceiling = root(high, n) if below_root else rounded(recursion.alpha)
    if not below_root and increasing_to(recursion, fraction(ceiling)) is not True:
        return None
    with rounding(DOWN, precision):
        lower = settle(n, low, recursion.eta, ceiling)(rounded(recursion.alpha), step)
        rest = root(low, n) if below_root else None
    with rounding(UP, precision):
        upper = settle(n, high, recursion.eta, ceiling, rest)(rounded(recursion.alpha), step)
    return fraction(lower), fraction(upper)


def enclosures(recursion: Recursion, precision: int) -> Iterator[arb]:
    """Balls around d(0), d(1), ... by the mean value form; ends when a ball is no longer finite.

    d' lies in map(m) + map'(hull) (d - m) for the midpoint m of the hull. Call inside `working_precision(precision)`.
    """
    n, eta, lam = recursion.depth, to_ball(recursion.eta), recursion.eigenvalue.ball(precision)
    state = to_ball(recursion.alpha)
    while state.is_finite():
        yield state
        middle = state.mid()
        image = middle + eta * middle ** (n - 1) * (lam - middle**n)
        slope = 1 + eta * state ** (n - 2) * ((n - 1) * lam - (2 * n - 1) * state**n)
        state = image + slope * (state - middle)

