"""Random access: both ends of an enclosure of the state at one far step, by a jump and, where the jump has to stop, iteration.

An enclosure in steps of width E is one in ln x of width about |h (1-u)| E, so what has to be small here is E |h|, of the order of
(|h|/H)^(p+1). Rising trajectories are jumped up to the h where an order allows it and iterated from there; falling ones are iterated until
h is small enough, and jumped from there. For N = 2 the linear regime (see `abel_passage`) replaces the jump where tau is large; below zero
the same estimate is x_(j+k) / (x_j (1-tau)^k) in [1 - x_j^2/((1-tau)(2-tau)), 1].
"""

from fractions import Fraction

from flint import arb

from dmftheory.numerics.abel import Point
from dmftheory.numerics.abel_defect import range_of_u
from dmftheory.numerics.abel_frame import Frame, value_between
from dmftheory.numerics.abel_inverse import locate
from dmftheory.numerics.abel_passage import hand_over_ratio, horizon_bits, linear_jump, whole_order
from dmftheory.numerics.iterate import Ends, Recursion
from dmftheory.numerics.scalars import end_points, exact_fraction, to_ball, working_precision

_GUARD_BITS = 64
_MOST_BITS = 60_000
_BLOCK = 1024
_TINY_EXPONENT = 2**20  # smaller states are enclosed by 0 and 2^-2^20: nobody writes out more zeros


def place(ends: Ends, recursion: Recursion, step: int, most: int) -> bool:
    """Move `ends`, an enclosure of the state at an earlier step, to `step` without iterating all the way; False where that cannot be done.

    At most about 2 `most` steps are iterated; after a failure `ends` may have moved, but not beyond `step`. The map must keep order (see
    `iterate`). The relative width aimed at is that of the precision of `ends`.
    """
    if not recursion.alpha or not recursion.eta:
        ends.place(step, (recursion.alpha, recursion.alpha))
        return True
    side = recursion.against(Fraction(1)) if recursion.eigenvalue.sign > 0 else 1
    if side is None:
        return False
    if side < 0 and _hardly_moved(recursion, ends, step):
        return True
    bits = ends.precision + _GUARD_BITS + horizon_bits(recursion) + step.bit_length()
    if bits > _MOST_BITS:
        return False
    precision = -(-bits // 64) * 64
    with working_precision(precision):
        frame = Frame.of(recursion, precision)
        if side < 0:
            _jump_rising(frame, ends, step)
        elif side > 0:
            _jump_falling(frame, ends, step, most)
    return _iterated(ends, step, most)


def _hardly_moved(recursion: Recursion, ends: Ends, step: int) -> bool:
    """Far below the bend: while d <= 2 alpha, a step is a factor of at most 1 + g, g = eta lambda (2 alpha)^(N-2).

    For s = step g <= 1/2, (1+g)^j <= 1 + 2 s <= 2 for every j <= step, so that d stays there and ends in [alpha, alpha (1 + 2 s)].
    """
    with working_precision(ends.precision + _GUARD_BITS):
        alpha, lam = to_ball(recursion.alpha), recursion.eigenvalue.ball(ends.precision)
        share = step * to_ball(recursion.eta) * lam * (2 * alpha) ** (recursion.depth - 2)
        if not share < arb(2) ** -ends.precision:
            return False
        top = exact_fraction((alpha * (1 + 2 * share)).upper())
    if top is None:
        return False
    ends.place(step, (recursion.alpha, top))
    return True


def _jump_rising(frame: Frame, ends: Ends, step: int) -> None:
    start, tolerance = frame.at_state(frame.recursion.alpha), -ends.precision
    order = whole_order(frame, frame.tau, tolerance)
    if order is not None:
        _located(frame, ends, start, order, 0, step)
    elif frame.degree == 2:
        _linear_rising(frame, ends, start, step)
    else:
        order, ratio = hand_over_ratio(frame, tolerance)
        fn, x = frame.function(order), (ratio / frame.tau).root(frame.degree - 2).mid()
        if start.x < x and x < 1:
            power = x**frame.degree
            limit = exact_fraction((fn(Point(x, power, 1 - power)) - fn(start)).mid().floor())
            if limit is not None and limit > ends.done:
                _located(frame, ends, start, order, 0, min(int(limit), step))


def _linear_rising(frame: Frame, ends: Ends, start: Point, step: int) -> None:
    jumped = linear_jump(frame, start, -(ends.precision + _GUARD_BITS) // 2, step)
    if jumped is not None and jumped[0] > ends.done:
        ends.place(jumped[0], jumped[1])


def _jump_falling(frame: Frame, ends: Ends, step: int, most: int) -> None:
    """Iterate until the rest can be jumped; blocks of growing length."""
    block, last = 0, ends.done + most
    while ends.done < step and ends.done + block <= last:
        ends.push(min(block, step - ends.done))
        block = 2 * block or 64
        low, high = ends.bounds
        start, edges = frame.between(low, high)
        if frame.degree == 2 and frame.sign < 0 and start.power < arb(2) ** (-ends.precision):
            _linear_falling(frame, ends, start, step)
            return
        order, bounds = None, range_of_u(frame.sign, False, start)
        if bounds is not None:
            order = whole_order(frame, frame.function(4).ratio(start), -ends.precision, *bounds)
        if order is not None:
            _located(frame, ends, start, order, ends.done, step, edges)
            return
        if frame.sign > 0 and ends.done < step and _at_rest(ends):
            return


def _linear_falling(frame: Frame, ends: Ends, start: Point, step: int) -> None:
    decay = (1 - frame.tau) ** (step - ends.done) * start.x
    share = start.power / ((1 - frame.tau) * (2 - frame.tau))
    if decay > 0 and share < 1:
        _placed(frame, ends, step, decay * (1 - share), decay)


def _located(frame: Frame, ends: Ends, start: Point, order: int, known: int, step: int, edges: tuple[Point, Point] | None = None) -> None:
    """Place `ends` at `step`, jumping from the state `start` (a ball between `edges`) at step `known`, if the jump can be proved."""
    fn = frame.function(order)
    value = value_between(fn, start, edges)
    found = locate(frame, fn, start, value, step - known, _guess(frame, value, start, step - known))
    if found is not None:
        _placed(frame, ends, step, found.before.x, found.after.x)


def _placed(frame: Frame, ends: Ends, step: int, one: arb, other: arb) -> None:
    low, high = end_points((one * frame.unit).min(other * frame.unit))[0], end_points((one * frame.unit).max(other * frame.unit))[1]
    bounds = _written(low, False), _written(high, True)
    if bounds[0] is not None and bounds[1] is not None:
        ends.place(step, (max(Fraction(0), bounds[0]), bounds[1]))


def _written(end: arb, up: bool) -> Fraction | None:
    if not end.is_finite():
        return None
    if abs(end) < arb(2) ** -_TINY_EXPONENT:
        return Fraction(1, 2**_TINY_EXPONENT) if up else Fraction(0)
    return exact_fraction(end)


def _guess(frame: Frame, value: arb, start: Point, steps: int) -> arb:
    """The coordinate after so many steps, from leading terms."""
    n, tau, z = frame.degree, frame.tau, frame.coordinate(start)
    if frame.sign > 0 and start.gap > 0:
        target = value + steps
        ahead = (n * tau * target).mid()
        if n == 2:
            return ahead
        room = (-target * tau * (n - 2)).mid()
        if not room > 2:
            return ahead.max(arb(0))
        power = (room.log() * (-arb(n) / (n - 2))).exp()
        return (power / (1 - power)).log()
    if n == 2 or frame.sign > 0:
        return z + n * tau * steps
    slow = (start.x ** (2 - n) + (n - 2) * tau * steps).log() / (n - 2)  # -ln x for lambda = 0, or near 0 for lambda < 0
    if frame.sign == 0:
        return n * slow
    fast = (start.x ** (2 - 2 * n) + (2 * n - 2) * tau * steps).log() / (2 * n - 2)
    return (1 + (n * slow.max(fast)).exp()).log()


def _iterated(ends: Ends, step: int, most: int) -> bool:
    """The steps that are left, as long as they are few or the ends come to rest."""
    last = ends.done + most
    while ends.done < step:
        if ends.done >= last:
            return False
        ends.push(min(_BLOCK, step - ends.done))
        if ends.done < step and _at_rest(ends):
            ends.done = step
    return True


def _at_rest(ends: Ends) -> bool:
    """Whether one more step changes neither end; then no step will."""
    before = ends.lower, ends.upper
    ends.push(1)
    return (ends.lower, ends.upper) == before
