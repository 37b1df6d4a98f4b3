"""How many steps a falling trajectory takes down to a level: lambda <= 0, or lambda > 0 from above lambda^(1/N).

With D = A(y) - A(x_0) and E the defects accumulated before the level y, the first k with x_k <= y is an integer of [ceil(D - E),
ceil(D + E)]. |h| is largest at the start; where it is too large there, both ends of an enclosure are iterated down to where it is not.
"""

from collections.abc import Iterator

from flint import arb

from dmftheory.numerics.abel import Point
from dmftheory.numerics.abel_defect import accumulated, range_of_u
from dmftheory.numerics.abel_frame import Frame, value_between
from dmftheory.numerics.abel_passage import Count, Goal, ceilings, horizon_bits, whole_order
from dmftheory.numerics.iterate import Ends, Recursion
from dmftheory.numerics.kernels import DOWN, UP, fraction, root, rounding
from dmftheory.numerics.scalars import Bounds, working_precision

_TOLERANCES = (-32, -90, -200, -480)
_GUARD_BITS = 96
_LARGEST_BITS = 14_000
_PUSHED_STEPS = 100_000


def falling_count(recursion: Recursion, goal: Goal, origin: Goal | None = None) -> Iterator[Count]:
    """Ever narrower brackets of the first k with d(k)^N <= level, for 0 < level < alpha^N (lambda < level for lambda > 0).

    The start is alpha, or exactly at the level `origin`, below which alpha^N must not lie then. The map must keep order (see `iterate`).
    Nothing is yielded where more than 10^5 steps would have to be iterated.
    """
    horizon = horizon_bits(recursion, root_bounds(recursion, goal, _GUARD_BITS)[0])
    if horizon > _LARGEST_BITS:
        return
    for tolerance in _TOLERANCES:
        precision = -(-(horizon + _GUARD_BITS - min(0, tolerance + 32)) // 64) * 64
        ends = Ends.at_start(recursion, precision)
        if ends is None:
            return
        if origin is not None:
            ends.place(0, root_bounds(recursion, origin, precision))
        with working_precision(precision):
            count = _attempt(Frame.of(recursion, precision), ends, goal, tolerance)
        if count is None:
            return
        yield count


def root_bounds(recursion: Recursion, goal: Goal, precision: int) -> Bounds:
    """Bounds of the state at a level."""
    low, high = goal.bounds(recursion, precision)
    with rounding(DOWN, precision):
        lower = fraction(root(low, recursion.depth))
    with rounding(UP, precision):
        return lower, fraction(root(high, recursion.depth))


def _attempt(frame: Frame, ends: Ends, goal: Goal, tolerance: int) -> Count | None:
    """Iterate until an order serves, or the level is passed."""
    end = frame.at_level(goal.threshold, goal.absolute)
    low, high = goal.bounds(frame.recursion, frame.precision)
    with rounding(DOWN, frame.precision):
        certain = root(low, frame.recursion.depth)
    with rounding(UP, frame.precision):
        possible = root(high, frame.recursion.depth)
    first = None
    while ends.done <= _PUSHED_STEPS:
        if first is None:
            count = _rest(frame, ends, end, tolerance) if ends.done & (ends.done - 1) == 0 else None
            if count is not None:
                return count
            if ends.lower <= possible:
                first = ends.done
        if first is not None and ends.upper <= certain:
            return Count(first, ends.done, 0, arb(0), frame.precision, ends.done)
        ends.push(1)
    return None


def _rest(frame: Frame, ends: Ends, end: Point, tolerance: int) -> Count | None:
    low, high = ends.bounds
    start, edges = frame.between(low, high)
    bounds = range_of_u(frame.sign, False, start)
    order = None if bounds is None else whole_order(frame, frame.function(4).ratio(start), tolerance, *bounds)
    if order is None or not start.x > end.x:
        return None
    fn = frame.function(order)
    defect = accumulated(fn, start, end)
    if defect is None or not defect.is_finite():
        return None
    bracket = ceilings(fn(end) - value_between(fn, start, edges), defect)
    if bracket is None:
        return None
    return Count(ends.done + bracket[0], ends.done + bracket[1], order, defect, frame.precision, ends.done)
