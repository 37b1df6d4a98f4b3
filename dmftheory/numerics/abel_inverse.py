"""The state at a given step, by inverting the Abel function: Newton finds it, the accumulated defect proves it."""

from dataclasses import dataclass

from flint import arb

from dmftheory.numerics.abel import AbelFunction, Point
from dmftheory.numerics.abel_defect import accumulated
from dmftheory.numerics.abel_frame import Frame

_ROUNDS = 100
_WIDENINGS = 4


@dataclass(frozen=True)
class Located:
    """The state after `steps` steps lies between `before` and `after` (in the direction of travel); `defect` bounds the error in steps."""

    before: Point
    after: Point
    defect: arb


def locate(frame: Frame, fn: AbelFunction, start: Point, value: arb, steps: int, guess: arb) -> Located | None:
    """Certified points around the state `steps` steps after `start`, from a guess of its coordinate; None where the check fails.

    `value` is A(start), for all states of the ball `start` if A is monotone.
    Let E(y) bound the accumulated defect of the states before y. If A(after) > A(start) + steps + E(after), the first state at or beyond
    `after` comes later than `steps`; so the state asked for lies before `after`, where its Abel value is at least A(start) + steps -
    E(after); if A(before) is certainly less, it lies beyond `before`. (A increases along the way: `accumulated` checks it.)
    """
    above = bool(start.gap < 0)
    target = value + steps
    z, weight = _newton(frame, fn, target.mid(), guess, frame.coordinate(start).mid(), above)
    if z is None:
        return None
    middle = frame.at(z, above)
    defect = accumulated(fn, start, middle)
    if defect is None or not defect.is_finite():
        return None
    slack = 2 * (defect + abs(fn(middle) - target).upper()) * weight + abs(z) * arb(2) ** (4 - frame.precision)
    for _ in range(_WIDENINGS):
        slack = slack.upper()
        before, after = frame.at((z - slack).mid(), above), frame.at((z + slack).mid(), above)
        defect = accumulated(fn, start, after)
        if defect is None:
            return None
        if fn(after) > target + defect and fn(before) < target - defect:
            return Located(before, after, defect)
        slack = 4 * slack
    return None


def _newton(frame: Frame, fn: AbelFunction, target: arb, guess: arb, start: arb, above: bool) -> tuple[arb | None, arb]:
    """(z, dz/dA) with A(z) near `target`; no claim is made. The bracket [low, high] keeps a bad step from getting lost."""
    low, high, z = start, None, guess.mid()
    previous = None
    for _ in range(_ROUNDS):
        point = frame.at(z, above)
        weight = (fn.degree * abs(fn.ratio(point)) / fn.slope(point)).mid()
        value = fn(point)
        if not (value.is_finite() and weight.is_finite()):
            return None, weight
        residual = (target - value).mid()
        low, high = (z, high) if residual > 0 else (low, z)
        move = residual * weight
        if (
            abs(residual) <= 4 * value.rad()
            or abs(move) <= abs(z) * arb(2) ** (8 - frame.precision)
            or (previous is not None and abs(move) >= previous and abs(move) < arb(2) ** (-frame.precision // 2))
        ):
            return z, weight
        previous = abs(move)
        ahead = (z + move).mid()
        if not ahead > low:
            ahead = ((z + low) / 2).mid()
        elif high is not None and not ahead < high:
            ahead = ((z + high) / 2).mid()
        z = ahead
    return None, arb(1)
