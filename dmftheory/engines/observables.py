"""What the observables of the language mean at exact arguments: certified values, or an honest 'unknown'."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache

from flint import arb

from dmftheory.claims import observables
from dmftheory.levels import Level, passages
from dmftheory.numerics.access import iterate
from dmftheory.numerics.eigenvalues import Eigenvalue
from dmftheory.numerics.flow import flow_time
from dmftheory.numerics.perturbed import pairs_along
from dmftheory.numerics.perturbed_flow import imbalanced_time, sum_product
from dmftheory.numerics.scalars import Arithmetic, DomainGap, Value, size, to_ball, unknown

MAX_STEPS = 20_000
"""Steps of a recursion that one evaluation may iterate; what a jump by the Abel function does not bring nearer is unknown."""

_EXACT_BITS = 20_000  # an iterate stays an exact rational up to this size, so that ties at small steps are decided

_PAIR_BITS = 4_000  # the same for two factors, which lengthen each other

Arguments = tuple[Value, ...]


def iterate_value(args: Arguments, precision: int) -> Value:
    """`Iterate(N, tau, x0, k, sign)`."""
    depth, tau, start, k, sign = args
    return factor_value((depth, sign, start, tau, k), precision)


def factor_value(args: Arguments, precision: int) -> Value:
    """`Factor(N, lam, alpha, eta, k)`."""
    depth, count = _natural(args[0], 2), _natural(args[4], 0)
    if depth is None or count is None:
        return unknown()
    _, lam, alpha, eta, _ = args
    if not (isinstance(lam, Fraction) and isinstance(alpha, Fraction) and isinstance(eta, Fraction)):
        return _ball_iterate(depth, to_ball(lam), to_ball(alpha), to_ball(eta), count)
    state = _exact_iterate(depth, lam, alpha, eta, count)
    if state is not None:
        return state
    if alpha < 0 or eta < 0:
        return _ball_iterate(depth, to_ball(lam), to_ball(alpha), to_ball(eta), count)
    ball = iterate(depth, Eigenvalue.of(lam), alpha, eta, count, precision, most=MAX_STEPS)
    return unknown() if ball is None else ball


@lru_cache(maxsize=1024)
def _exact_iterate(depth: int, lam: Fraction, alpha: Fraction, eta: Fraction, count: int) -> Fraction | None:
    """The state after `count` steps as a rational; None as soon as it grows beyond the size limit."""
    state = alpha
    for _ in range(min(count, MAX_STEPS)):
        if (2 * depth - 1) * size(state) > _EXACT_BITS:
            return None
        move = eta * state ** (depth - 1) * (state**depth - lam)
        if not move:
            return state
        state -= move
    return state if count <= MAX_STEPS else None


def _ball_iterate(depth: int, lam: arb, state: arb, eta: arb, count: int) -> arb:
    """The mean value form: map(m) + map'(hull) (state - m), m the midpoint."""
    if count > MAX_STEPS:
        return unknown()
    for _ in range(count):
        if not state.is_finite():
            return unknown()
        middle = state.mid()
        slope = 1 + eta * state ** (depth - 2) * ((depth - 1) * lam - (2 * depth - 1) * state**depth)
        state = middle + eta * middle ** (depth - 1) * (lam - middle**depth) + slope * (state - middle)
    return state


def first_passage_value(args: Arguments, precision: int) -> Value:
    """`FirstPassage(N, tau, x0, theta, sign)`."""
    depth, tau, start, theta, sign = args
    return _passage(depth, sign, start, tau, theta)


def learning_step_value(args: Arguments, precision: int) -> Value:
    """`LearningStep(N, lam, alpha, eta, theta)`."""
    depth, lam, alpha, eta, theta = args
    if not (isinstance(lam, Fraction) and isinstance(theta, Fraction)):
        return unknown()
    return _passage(depth, lam, alpha, eta, theta * lam)


def _passage(depth: Value, lam: Value, alpha: Value, eta: Value, level: Value) -> Value:
    """First k with d_k^N >= level: an integer, plus infinity, or a ball around the bracket that is known."""
    n = _natural(depth, 2)
    if n is None or not all(isinstance(v, Fraction) for v in (lam, alpha, eta, level)):
        return unknown()
    if alpha < 0 or eta < 0:
        return unknown()
    if eta == 0 and isinstance(alpha, Fraction) and isinstance(level, Fraction):
        return Fraction(0) if alpha**n >= level else arb.pos_inf()
    low, high, never = _passage_bracket(n, lam, alpha, eta, level)
    if never:
        return arb.pos_inf()
    if low == high:
        return Fraction(low)
    return unknown() if high is None else arb(low).union(arb(high))


@lru_cache(maxsize=4096)
def _passage_bracket(depth: int, lam: Fraction, alpha: Fraction, eta: Fraction, level: Fraction) -> tuple[int, int | None, bool]:
    (passage,) = passages(depth, Eigenvalue.of(lam), alpha, eta, (Level(level, absolute=True),), max_steps=MAX_STEPS)
    if passage.step is not None:
        return passage.step, passage.step, False
    return *passage.bracket, passage.never


def flow_time_value(args: Arguments, precision: int) -> Value:
    """`FlowTime(N, x, y, sign)`."""
    depth, x, y, sign = args
    return learning_time_value((depth, sign, x, y), precision)


def learning_time_value(args: Arguments, precision: int) -> Value:
    """`LearningTime(N, lam, x, y)`, x and y positive and, for lam > 0, on the same side of lam^(1/N)."""
    depth, lam, x, y = args
    n = _natural(depth, 2)
    if n is None or not isinstance(lam, Fraction):
        return unknown()
    start, end = (_power(v, n) for v in (x, y))
    if any(_holds(base, "<=", Fraction(0)) or _holds(value, "==", lam) for value, base in ((start, x), (end, y))):
        raise DomainGap
    for one, other in ((start, end), (end, start)):
        if lam > 0 and _holds(one, "<", lam) and _holds(other, ">", lam):
            raise DomainGap
    if isinstance(x, Fraction) and isinstance(y, Fraction) and x == y:
        return Fraction(0)
    if lam == 0 and isinstance(x, Fraction) and isinstance(y, Fraction) and n * max(size(x), size(y)) < _EXACT_BITS:
        return (y ** (2 - 2 * n) - x ** (2 - 2 * n)) / (2 * n - 2)
    if not (_holds(x, ">", Fraction(0)) and _holds(y, ">", Fraction(0))):
        return unknown()
    return flow_time(n, Eigenvalue.of(lam), to_ball(start), to_ball(end))


def first_factor_value(args: Arguments, precision: int) -> Value:
    """`FirstFactor(N, lam, a, b, eta, k)`."""
    return _pair_value(args, precision)[0]


def other_factor_value(args: Arguments, precision: int) -> Value:
    """`OtherFactor(N, lam, a, b, eta, k)`."""
    return _pair_value(args, precision)[1]


def _pair_value(args: Arguments, precision: int) -> tuple[Value, Value]:
    depth, lam, first, other, eta, steps = args
    n, count = _natural(depth, 2), _natural(steps, 0)
    if n is None or count is None or count > MAX_STEPS:
        return unknown(), unknown()
    if not all(isinstance(v, Fraction) for v in (lam, first, other, eta)):
        return unknown(), unknown()
    return _pair(n, lam, first, other, eta, count, precision)


@lru_cache(maxsize=4096)
def _pair(n: int, lam: Fraction, a: Fraction, b: Fraction, eta: Fraction, count: int, precision: int) -> tuple[Value, Value]:
    """The state as rationals while they are short, then as balls."""
    start = (a, b)
    for _ in range(count):
        if 2 * n * max(size(a), size(b)) > _PAIR_BITS:
            break
        push = eta * b ** (n - 2) * (lam - a * b ** (n - 1))
        a, b = a + push * b, b + push * a
    else:
        return a, b
    (found,) = pairs_along(n, Eigenvalue.of(lam), start[1], start[1] - start[0], eta, (count,), precision)
    if found is None:
        return unknown(), unknown()
    return to_ball(found.a[0]).union(to_ball(found.a[1])), to_ball(found.b[0]).union(to_ball(found.b[1]))


def imbalanced_time_value(args: Arguments, precision: int) -> Value:
    """`ImbalancedTime(N, lam, delta, x, y)`, x and y positive, both products on the same side of lam."""
    n = _natural(args[0], 2)
    exact = [v for v in args[1:] if isinstance(v, Fraction)]
    if n is None or len(exact) < len(args) - 1:
        return unknown()
    lam, delta, x, y = exact
    sides = [sum_product(n, delta, s) - lam for s in (x, y)] if min(x, y) > 0 and delta >= 0 else [Fraction(0)]
    if min(sides) <= 0 <= max(sides):
        raise DomainGap
    return imbalanced_time(n, to_ball(lam), to_ball(delta), to_ball(x), to_ball(y))


def effective_rank_value(args: Arguments, precision: int) -> Value:
    """`EffectiveRank(w_1, ..., w_n)`."""
    sizes = [abs(w) if isinstance(w, Fraction) else abs(to_ball(w)) for w in args]
    exact = [s for s in sizes if isinstance(s, Fraction)]
    if len(exact) == len(sizes):
        if not any(exact):
            raise DomainGap
        return sum(exact, Fraction(0)) / max(exact)
    largest = total = to_ball(sizes[0])
    for value in sizes[1:]:
        largest, total = largest.max(to_ball(value)), total + to_ball(value)
    return total / largest


def _holds(a: Value, op: str, b: Value) -> bool:
    """Whether the comparison certainly holds."""
    return Arithmetic(_EXACT_BITS).compare(a, op, b) is True


def _natural(value: Value, least: int) -> int | None:
    """The integer that an exact value is, if it is one and at least `least`."""
    return int(value) if isinstance(value, Fraction) and value.denominator == 1 and value >= least else None


def _power(value: Value, n: int) -> Value:
    return value**n if isinstance(value, Fraction) and n * size(value) < _EXACT_BITS else to_ball(value) ** n


MEANINGS: dict[type, Callable[[Arguments, int], Value]] = {
    observables.Iterate: iterate_value,
    observables.Factor: factor_value,
    observables.FirstPassage: first_passage_value,
    observables.LearningStep: learning_step_value,
    observables.FlowTime: flow_time_value,
    observables.LearningTime: learning_time_value,
    observables.FirstFactor: first_factor_value,
    observables.OtherFactor: other_factor_value,
    observables.ImbalancedTime: imbalanced_time_value,
    observables.EffectiveRank: effective_rank_value,
}
"""Observable -> (arguments as exact rationals or balls, precision in bits) -> value, at the current working precision."""
