"""The step count of a negative eigenvalue: x' = x - tau F(x), F = x^(N-1) (1 + x^N), to first order in the step size.

The share r = tau x^(N-2) (1 + x^N) of a state that one step takes away is all that matters: one step counts as 1 up to a multiple of r^2,
and for N >= 3 r falls by at least (N-2) r^2/(1 + (N-2) r) in a step, so that the r^2 of all steps have a bounded sum.
"""

from typing import Any

from sympy import And, FiniteSet, Interval, Range, Symbol, log, oo

from dmftheory.claims import FlowTime, Iterate, Theorem
from dmftheory.theorems.abel.count import between

N = Symbol("N", integer=True, positive=True)
k = Symbol("k", integer=True, nonnegative=True)
tau, x0, x, y, a = (Symbol(name, positive=True) for name in ("tau", "x0", "x", "y", "a"))
z = Symbol("z", real=True)

SOURCE = "ours: the Abel function of gradient descent to first order in the step size, negative eigenvalue"
STATE = Iterate(N, tau, x0, k, -1)


def field(at: Any) -> Any:
    """F, the speed at which the flow falls."""
    return at ** (N - 1) * (1 + at**N)


def slope(at: Any) -> Any:
    """F'/F."""
    return ((N - 1) + (2 * N - 1) * at**N) / (at * (1 + at**N))


def bend(at: Any) -> Any:
    """The derivative of F'/F."""
    return (-(N - 1) * (1 + at**N) ** 2 + N * at**N * (N - 1 - at**N)) / (at**2 * (1 + at**N) ** 2)


def share(at: Any) -> Any:
    """r."""
    return tau * at ** (N - 2) * (1 + at**N)


def count(start: Any, end: Any) -> Any:
    """The step count to first order."""
    return FlowTime(N, start, end, -1) / tau + (log(field(end)) - log(field(start))) / 2


def cost(at_most: Any) -> Any:
    """The factor of r^2 by which one step is off, for shares up to this one."""
    return (2 * N - 1) ** 2 / (4 * (1 - at_most) ** (4 * N - 2))


WAY = x - y
STEEP = (2 * N - 1) * x ** (2 * N - 2) / a ** (2 * N - 1)
LOGS = (log(field(y)) - log(field(x))) / 2
CURVE = slope(y) * (field(x) - field(y)) / field(y) + WAY * bend(y) / 2
RATE = 1 - field(x) / field(y) - LOGS + WAY * slope(y) / 2
TIME = field(x) * FlowTime(N, x, y, -1) + WAY * (LOGS - 1)
SHORT = {N: Range(2, oo), x: Interval.open(0, oo), a: Interval.open(0, x), y: Interval(a, x)}
STEP = {
    N: Range(2, oo),
    x: Interval.open(0, oo),
    tau: Interval.open(0, 1 / (x ** (N - 2) * (1 + x**N))),
    z: FiniteSet(x - tau * field(x)),
}


def _theorem(name: str, title: str, given: dict[Any, Any], claim: Any) -> Theorem:
    return Theorem(
        f"abel.decay_negative.{name}", title=title, given=given, claim=claim, declared="proved", source=SOURCE, provenance="derived"
    )


field_change = _theorem(
    "field_change",
    "Between two states the speed changes at most by 2N-1 times the share of the way, at the speed of the start",
    SHORT,
    between(0, field(x) - field(y), (2 * N - 1) * WAY * field(x) / x),
)

slope_bounds = _theorem(
    "slope_bounds",
    "F'/F is at most (2N-1)/x in size, and its derivative at most the square of that",
    {N: Range(2, oo), x: Interval.open(0, oo)},
    And(between(0, slope(x), (2 * N - 1) / x), between(-(((2 * N - 1) / x) ** 2), bend(x), ((2 * N - 1) / x) ** 2)),
)

relative_change = _theorem(
    "relative_change",
    "The change of the speed against the speed at the end",
    SHORT,
    And(between(0, (field(x) - field(y)) / field(y), STEEP * WAY), (2 * N - 1) / y <= STEEP),
)

second_slope = _theorem(
    "second_slope",
    "The second derivative of the defect, times the step, in the end of the step",
    SHORT,
    between(-3 * STEEP**2 * WAY / 2, CURVE, 3 * STEEP**2 * WAY / 2),
)

first_slope = _theorem(
    "first_slope",
    "The first derivative of the defect, times the step, in the end of the step",
    SHORT,
    between(-3 * STEEP**2 * WAY**2 / 4, RATE, 3 * STEEP**2 * WAY**2 / 4),
)

defect = _theorem(
    "defect",
    "Flow time plus half the logarithm against the distance over the speed at the start: they differ by the third power of the distance",
    SHORT,
    between(-(STEEP**2) * WAY**3 / 4, TIME, STEEP**2 * WAY**3 / 4),
)

one_step = _theorem(
    "one_step",
    "One step counts as 1 to first order, up to a multiple of r^2",
    STEP,
    between(-cost(share(x)) * share(x) ** 2, count(x, z) - 1, cost(share(x)) * share(x) ** 2),
)

share_falls = _theorem(
    "share_falls",
    "In one step the share r pays for r^2",
    {**STEP, N: Range(3, oo)},
    between(0, (N - 2) * share(x) ** 2, (1 + (N - 2) * share(x)) * (share(x) - share(z))),
)

RUN = {
    N: Range(2, oo),
    x0: Interval.open(0, oo),
    tau: Interval.open(0, 1 / (x0 ** (N - 2) * (1 + x0**N))),
    k: Range(0, oo),
}

inside = _theorem("inside", "The state stays positive and does not rise", RUN, And(STATE > 0, STATE <= x0))
