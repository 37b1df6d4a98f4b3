"""Passages by the Abel function: how many steps lie between two levels, at any horizon.

Let x_0 < y be the start and the level of a rising trajectory, E(y) the bound of the defects accumulated before y, D = A(y) - A(x_0). The
first k with x_k >= y has x_(k-1) < y <= x_k, hence k - 1 - E < D <= k + E: k is an integer of [ceil(D - E), ceil(D + E)]. Where both ends
agree it is known exactly. Falling trajectories (lambda <= 0, or a start above lambda^(1/N)) read the same with the order reversed.

Where N tau is too large for E(y) to be small, only the part with small h = tau x^(N-2) is jumped: the state at step k_s there is located
by inverting A, and both ends of its enclosure are iterated with directed rounding. For N = 2, where h = tau does not shrink with x, the
linear regime takes the part of the jump: x_k / (x_0 (1+tau)^k) lies in [1 - U^2/((1+tau)(2+tau)), 1] for U = x_0 (1+tau)^k, because
x' = x (1+tau) (1 - tau x^2/(1+tau)), x_j <= x_0 (1+tau)^j, and a product of factors 1 - a_j is at least 1 - sum a_j.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from dmftheory.numerics.abel import Point
from dmftheory.numerics.abel_defect import ORDERS, accumulated, disc_radius
from dmftheory.numerics.abel_frame import Frame, log2, log2_rational
from dmftheory.numerics.abel_inverse import locate
from dmftheory.numerics.crossing import Progress, bracket_crossings
from dmftheory.numerics.iterate import Recursion
from dmftheory.numerics.scalars import Bounds, end_points, exact_fraction, working_precision

DIRECT_STEPS = 256
"""Below about this many steps iteration is cheaper."""

_TOLERANCES = (-32, -90, -200, -480)  # binary logarithms of the accumulated defect aimed at, in steps
_GUARD_BITS = 96
_LARGEST_BITS = 14_000  # counts beyond 2^14000 are not written out
_PUSHED_STEPS = 200_000
_SLACK = 8  # bits by which the choice of an order errs on the safe side


@dataclass(frozen=True)
class Count:
    """A proved bracket of a number of steps, and how it was found: the order, the defect bound in steps, the steps iterated directly."""

    first: int
    last: int
    order: int
    defect: arb
    bits: int
    pushed: int = 0

    @property
    def method(self) -> str:
        """'abel', 'abel+direct' (a jump and iteration) or 'direct' (iteration alone)."""
        return ("abel+direct" if self.pushed else "abel") if self.defect > 0 else "direct"

    @property
    def why(self) -> str:
        """One sentence."""
        if not self.defect > 0:
            return f"certified iteration at {self.bits} bits: the step size is too large, or the way too short, for a jump"
        jumped = f"Abel function of order {self.order}" if self.order else "linear regime"
        tail = f"; {self.pushed} steps iterated where the step size is too large for it" if self.pushed else ""
        return f"{jumped} at {self.bits} bits, accumulated defect below 1e{int(log2(self.defect) * 0.30103) + 1} steps{tail}"


@dataclass(frozen=True)
class Goal:
    """A level d^N = threshold * lambda, or = threshold when `absolute`, and its rational bounds at a given precision."""

    threshold: Fraction
    absolute: bool

    def bounds(self, recursion: Recursion, precision: int) -> Bounds:
        """Lower and upper rational bounds of the level."""
        if self.absolute:
            return self.threshold, self.threshold
        low, high = recursion.eigenvalue.enclosure(precision + 16)
        return self.threshold * low, self.threshold * high


def rising_count(recursion: Recursion, goal: Goal, progress: Progress | None = None, origin: Goal | None = None) -> Iterator[Count]:
    """Ever narrower brackets of the first k with d(k)^N >= level, for lambda > 0, 0 < alpha^N < level < lambda and an increasing map.

    The start is alpha, or exactly at the level `origin`, of which alpha^N then is a rough value only. Nothing is yielded where direct
    iteration does as well: few steps, or a step size too large for a jump.
    """
    horizon = horizon_bits(recursion)
    if horizon > _LARGEST_BITS or _few_steps(recursion, goal):
        return
    for tolerance in _TOLERANCES:
        precision = -(-(horizon + _GUARD_BITS - min(0, tolerance + 32)) // 64) * 64
        with working_precision(precision):
            frame = Frame.of(recursion, precision)
            count = _attempt(frame, start_of(frame, origin), goal, tolerance, progress)
        if count is None:
            return
        yield count


def start_of(frame: Frame, origin: Goal | None) -> Point:
    """The point of alpha, or of the level `origin`."""
    return frame.at_state(frame.recursion.alpha) if origin is None else frame.at_level(origin.threshold, origin.absolute)


def horizon_bits(recursion: Recursion, furthest: Fraction | None = None) -> int:
    """About the binary logarithm of the number of steps that leaving the start (or coming down to d = `furthest`) takes."""
    n, sign = recursion.depth, recursion.eigenvalue.sign
    low, high = recursion.eigenvalue.enclosure(64)
    scale = log2_rational(max(abs(low), abs(high))) if sign else 0.0
    d = recursion.alpha if furthest is None else min(furthest, recursion.alpha)
    x = log2_rational(d) - scale / n
    degree, tau = (n, log2_rational(recursion.eta) + scale * (2 - 2 / n)) if sign else (2 * n, log2_rational(recursion.eta))
    return int(max(0.0, (2 - degree) * x) + max(0.0, -tau)) + 2 * int(abs(x)).bit_length() + 24


def _few_steps(recursion: Recursion, goal: Goal) -> bool:
    """Whether a rough estimate says that iteration needs fewer than DIRECT_STEPS steps."""
    with working_precision(53):
        frame = Frame.of(recursion, 53)
        start, end = frame.at_state(recursion.alpha), frame.at_level(goal.threshold, goal.absolute)
        n = recursion.depth
        if n == 2:
            time = (end.power * start.gap / (end.gap * start.power)).log() / 2
        else:
            time = (start.x ** (2 - n) - end.x ** (2 - n)) / (n - 2) + (start.gap / end.gap).log() / n
        return bool(time < DIRECT_STEPS * frame.tau)


def _attempt(frame: Frame, start: Point, goal: Goal, tolerance: int, progress: Progress | None) -> Count | None:
    end = frame.at_level(goal.threshold, goal.absolute)
    order = whole_order(frame, frame.function(4).ratio(end), tolerance)
    if order is not None:
        return _whole(frame, start, end, order)
    if frame.degree == 2:
        return _from_linear_regime(frame, start, goal, tolerance, progress)
    return _handed_over(frame, goal, start, end, tolerance, progress)


def whole_order(frame: Frame, ratio: arb, tolerance: int, low: Fraction = Fraction(0), high: Fraction = Fraction(1)) -> int | None:
    """The least order whose accumulated defect is likely to be below 2^tolerance steps for |h| up to |ratio| and low <= u <= high."""
    size = log2(abs(ratio))
    for order in ORDERS:
        radius = disc_radius(frame.degree, order, low, high)
        share = size - log2(arb(radius.numerator) / radius.denominator)
        if (order + 1) * share - size + _SLACK < tolerance:
            return order
    return None


def _whole(frame: Frame, start: Point, end: Point, order: int) -> Count | None:
    fn = frame.function(order)
    defect = accumulated(fn, start, end)
    if defect is None or not defect.is_finite():
        return None
    bracket = ceilings(fn(end) - fn(start), defect)
    return None if bracket is None else Count(*bracket, order, defect, frame.precision)


def ceilings(difference: arb, defect: arb) -> tuple[int, int] | None:
    """[ceil(D - E), ceil(D + E)] for balls D and E; at least one step."""
    low, high = exact_fraction((difference - defect).lower()), exact_fraction((difference + defect).upper())
    if low is None or high is None:
        return None
    return max(1, _ceiling(low)), max(1, _ceiling(high))


def _ceiling(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)


def hand_over_ratio(frame: Frame, tolerance: int) -> tuple[int, arb]:
    """(order, |h|) up to which an Abel function of that order keeps the defect below 2^tolerance."""
    order = 12 if tolerance >= -40 else 24 if tolerance >= -110 else 48 if tolerance >= -480 else 96 if tolerance >= -1200 else 192
    exponent = Fraction(tolerance - _SLACK, order)
    radius = disc_radius(frame.degree, order)
    return order, arb(radius.numerator) / radius.denominator * arb(2) ** (arb(exponent.numerator) / exponent.denominator)


def far_state(recursion: Recursion, goal: Goal, tolerance: int) -> tuple[int, Bounds] | None:
    """(k, enclosure of d(k)) for a k before the level is reached, as far as a jump leads; None where it does not lead far.

    For lambda > 0 and 0 < alpha^N < level < lambda with any step size: only the region far below the level has to keep order.
    """
    horizon = horizon_bits(recursion)
    if horizon > _LARGEST_BITS:
        return None
    precision = -(-(horizon + _GUARD_BITS - tolerance) // 64) * 64
    with working_precision(precision):
        frame = Frame.of(recursion, precision)
        start, end = start_of(frame, None), frame.at_level(goal.threshold, goal.absolute)
        if frame.degree == 2:
            jumped = linear_jump(frame, start, (tolerance - 16) // 2)
            return None if jumped is None or not end.x > arb(2) ** ((tolerance - 16) // 2) else jumped[:2]
        found = _located(frame, start, end, tolerance)
        return None if found is None else found[:2]


def _handed_over(frame: Frame, goal: Goal, start: Point, end: Point, tolerance: int, progress: Progress | None) -> Count | None:
    found = _located(frame, start, end, tolerance)
    if found is None:
        return None
    steps, ends, order, defect = found
    return _pushed(frame, goal, steps, ends, order, defect, tolerance, progress)


def _located(frame: Frame, start: Point, end: Point, tolerance: int) -> tuple[int, Bounds, int, arb] | None:
    """(k, enclosure of d(k), order, defect in steps) where h has grown as far as an order allows, if that is far, and before `end`."""
    order, ratio = hand_over_ratio(frame, tolerance)
    fn = frame.function(order)
    x = (ratio / frame.tau).root(frame.degree - 2).mid()
    if not (start.x < x and x < end.x):
        return None
    power = x**frame.degree
    middle = Point(x, power, 1 - power)
    steps = exact_fraction((fn(middle) - fn(start)).mid().floor())
    if steps is None or steps < DIRECT_STEPS // 4:
        return None
    found = locate(frame, fn, start, fn(start), int(steps), frame.coordinate(middle))
    if found is None:
        return None
    ends = ends_of(frame.state(found.before), frame.state(found.after))
    return None if ends is None else (int(steps), ends, order, found.defect)


def ends_of(one: arb, other: arb) -> Bounds | None:
    """Rational bounds of the hull of two balls."""
    low, high = exact_fraction(end_points(one.min(other))[0]), exact_fraction(end_points(one.max(other))[1])
    return None if low is None or high is None else (low, high)


def _pushed(
    frame: Frame, goal: Goal, done: int, ends: Bounds, order: int, defect: arb, tolerance: int, progress: Progress | None
) -> Count | None:
    """Go on by directed rounding from an enclosure of d(done)."""
    bits = max(128, 96 - tolerance)
    found = bracket_crossings(frame.recursion, [goal.bounds(frame.recursion, bits)], bits, _PUSHED_STEPS, progress, start=ends)
    first, last = (0, None) if found is None else found[0]
    if last is None:
        return None
    return Count(done + first, done + last, order, defect, frame.precision, max(1, last))


def _from_linear_regime(frame: Frame, start: Point, goal: Goal, tolerance: int, progress: Progress | None) -> Count | None:
    """N = 2: jump to where x^2 / 2 is about 2^(tolerance - 16)."""
    jumped = linear_jump(frame, start, (tolerance - 16) // 2)
    if jumped is None:
        return None
    steps, ends, spread = jumped
    return _pushed(frame, goal, steps, ends, 0, spread, tolerance, progress)


def linear_jump(frame: Frame, start: Point, exponent: int, most: int | None = None) -> tuple[int, Bounds, arb] | None:
    """(k, enclosure of d(k), its width in steps) for N = 2, k <= `most` the largest with x_0 (1+tau)^k < 2^exponent, if that is far."""
    growth = (1 + frame.tau).log()
    steps = exact_fraction(((exponent * arb.const_log2() - start.x.log()) / growth).mid().floor())
    if steps is None or steps < DIRECT_STEPS // 4:
        return None
    count = int(steps) if most is None else min(most, int(steps))
    return count, *_in_linear_regime(frame, start, count)


def _in_linear_regime(frame: Frame, start: Point, steps: int) -> tuple[Bounds, arb]:
    tau = frame.tau
    top = start.x * (1 + tau) ** steps
    share = top**2 / ((1 + tau) * (2 + tau))
    ends = ends_of(frame.unit * top * (1 - share), frame.unit * top)
    if ends is None:
        raise ArithmeticError("a state of the linear regime is not finite")
    return ends, (share / tau).upper()
