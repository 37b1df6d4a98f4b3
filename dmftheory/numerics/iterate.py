"""Certified iteration of d' = d + eta d^(N-1) (lambda - d^N), d(0) = alpha >= 0, for lambda of any sign.

**When end points may be pushed.** Write f(z) = z^(N-1) (lambda - z^N). On [0, B] the map z + eta f(z) is increasing as soon as

    eta ((2N-1) B^(2N-2) - (N-1) lambda B^(N-2)) <= 1.                                               (H)

Proof. f'(z) = (N-1) lambda z^(N-2) - (2N-1) z^(2N-2). For lambda <= 0 it is decreasing. For lambda > 0 it is positive until
z^N = (N-1)/(2N-1) lambda, and afterwards negative and decreasing (f'(z) = z^(N-2) ((N-1) lambda - (2N-1) z^N), where both factors grow in
absolute value). So 1 + eta f' >= min(1, 1 + eta f'(B)) on [0, B] for lambda > 0, and >= 1 + eta f'(B) for lambda <= 0. QED

Take B = max(alpha, r), r = lambda^(1/N) (0 for lambda <= 0). Then 0 and, for lambda > 0, r are fixed points, the map sends [0, B] into
itself, and order is kept for ever: alpha < r gives an increasing sequence that stays below r and tends to r, alpha >= r (or lambda <= 0) a
nonincreasing one that stays above r (or 0). With B = r, (H) reads N eta lambda^(2-2/N) <= 1.

Where (H) fails the mean value form takes over: it widens honestly, by the derivative of the map, and may be lost.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from flint import arb
from gmpy2 import mpfr

from dmftheory.numerics.kernels import DOWN, UP, fraction, root, rounded, rounding, settle
from dmftheory.numerics.scalars import Bounds, end_points, exact_fraction, size, to_ball, working_precision
from dmftheory.numerics.step_bounds import StepBound
from dmftheory.numerics.ternary import Ternary

if TYPE_CHECKING:
    from dmftheory.numerics.eigenvalues import Eigenvalue

_DECISION_BITS = (128, 1024, 8192)
_EXACT_BITS = 2_000_000
_LARGEST = 2**65536


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
    found = next(along(Recursion(depth, eigenvalue, alpha, eta), (step,), precision))
    if found is None:
        return None
    with working_precision(precision):
        return to_ball(found[0]).union(to_ball(found[1]))


def along(recursion: Recursion, steps: Iterable[int], precision: int) -> Iterator[Bounds | None]:
    """Lower and upper bounds of d(k) for each k of the increasing sequence `steps`; None from where certainty is lost."""
    if monotone(recursion) is True:
        ends = Ends.at_start(recursion, precision)
        if ends is not None:
            return ends.along(steps)
    return _by_mean_values(recursion, steps, precision)


@dataclass
class Ends:
    """The two ends of an order-preserving trajectory at step `done`; no rounding context is left open between two answers."""

    precision: int
    done: int
    lower: mpfr
    upper: mpfr
    push_lower: Callable[[mpfr, int], mpfr]
    push_upper: Callable[[mpfr, int], mpfr]

    @classmethod
    def at_start(cls, recursion: Recursion, precision: int) -> "Ends | None":
        """Both ends at step 0; None if rounding alpha up spoils (H) in the last bit."""
        n, eta, (low, high) = recursion.depth, recursion.eta, recursion.eigenvalue.enclosure(precision + 16)
        below_root = recursion.eigenvalue.sign > 0 and recursion.against(Fraction(1)) == -1
        with rounding(UP, precision):
            ceiling = root(high, n) if below_root else rounded(recursion.alpha)
        if not below_root and increasing_to(recursion, fraction(ceiling)) is not True:
            return None
        with rounding(DOWN, precision):
            lower, push_lower = rounded(recursion.alpha), settle(n, low, eta, ceiling)
            rest = root(low, n) if below_root else None
        with rounding(UP, precision):
            upper, push_upper = rounded(recursion.alpha), settle(n, high, eta, ceiling, rest)
        return cls(precision, 0, lower, upper, push_lower, push_upper)

    def along(self, steps: Iterable[int]) -> Iterator[Bounds]:
        """Bounds of d(k) for each k of an increasing sequence."""
        for step in steps:
            self.push(step - self.done)
            yield self.bounds

    @property
    def bounds(self) -> Bounds:
        """Both ends as rationals."""
        return fraction(self.lower), fraction(self.upper)

    def push(self, steps: int) -> None:
        """So many steps further."""
        with rounding(DOWN, self.precision):
            self.lower = self.push_lower(self.lower, steps)
        with rounding(UP, self.precision):
            self.upper = self.push_upper(self.upper, steps)
        self.done += steps

    def place(self, step: int, ends: Bounds) -> None:
        """Go on from a known enclosure of d(step)."""
        with rounding(DOWN, self.precision):
            self.lower = rounded(ends[0])
        with rounding(UP, self.precision):
            self.upper = rounded(ends[1])
        self.done = step


def _by_mean_values(recursion: Recursion, steps: Iterable[int], precision: int) -> Iterator[Bounds | None]:
    """Balls by the mean value form: d' lies in map(m) + map'(hull) (d - m) for the midpoint m of the hull."""
    n, done = recursion.depth, 0
    with working_precision(precision):
        eta, lam, state = to_ball(recursion.eta), recursion.eigenvalue.ball(precision), to_ball(recursion.alpha)
    for step in steps:
        with working_precision(precision):
            while done < step and bounded(state):
                state = mean_value_step(n, lam, eta, state)
                done += 1
            low, high = (exact_fraction(end) for end in end_points(state)) if bounded(state) else (None, None)
        yield None if low is None or high is None else (low, high)


def bounded(state: arb) -> bool:
    """Whether a ball is finite and of a size that can be written out; a diverging iterate soon has billions of bits."""
    return state.is_finite() and bool(abs(state) < _LARGEST)


def mean_value_step(n: int, lam: arb, eta: arb, state: arb) -> arb:
    """A ball around the image of every point of `state`, at the current precision."""
    middle = state.mid()
    image = middle + eta * middle ** (n - 1) * (lam - middle**n)
    slope = 1 + eta * state ** (n - 2) * ((n - 1) * lam - (2 * n - 1) * state**n)
    return image + slope * (state - middle)
