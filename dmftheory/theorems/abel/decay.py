"""The step count of a zero eigenvalue: x' = x - tau x^(m+1), m = 2N - 2, whose Abel function to first order is elementary.

A_1(x) = x^-m/(m tau) + (m+1)/2 ln x. With g = tau x^m one step is x' = x (1 - g), and A_1 grows in it by 1 + O(g^2), never by less than 1.
The g^2 of all steps telescope: g falls by at least m g^2/(1 + m g) in a step.
"""

from typing import Any

from sympy import And, FiniteSet, Interval, Range, Symbol, log, oo

from dmftheory.claims import Iterate, Theorem
from dmftheory.theorems.abel.count import between

N = Symbol("N", integer=True, positive=True)
m = Symbol("m", integer=True, positive=True)
k = Symbol("k", integer=True, nonnegative=True)
tau, x0, x = (Symbol(name, positive=True) for name in ("tau", "x0", "x"))
b, g = Symbol("b", positive=True), Symbol("g", nonnegative=True)
z = Symbol("z", real=True)

SOURCE = "ours: the Abel function of gradient descent to first order in the step size, zero eigenvalue"
STATE = Iterate(N, tau, x0, k, 0)
SHARE = {m: Range(1, oo), b: Interval.open(0, 1), g: Interval(0, b)}
STEP = {N: Range(2, oo), x: Interval.open(0, oo), tau: Interval.open(0, x ** (2 - 2 * N)), z: FiniteSet(x - tau * x ** (2 * N - 1))}


def ratio(at: Any) -> Any:
    """g, the share of a state that one step takes away."""
    return tau * at ** (2 * N - 2)


def count(start: Any, end: Any) -> Any:
    """The step count to first order."""
    time = (end ** (2 - 2 * N) - start ** (2 - 2 * N)) / ((2 * N - 2) * tau)
    return time + (2 * N - 1) * (log(end) - log(start)) / 2


def cost(share: Any) -> Any:
    """The factor of g^2 by which one step can count too much, for shares up to this one."""
    return N * (2 * N - 1) / (3 * (1 - share) ** (2 * N + 1))


BEND = (1 - g) ** (-m - 2) - (1 / (1 - g) + 1 / (1 - g) ** 2) / 2
SLOPE = (1 - g) ** (-m - 1) - 1 + (m + 1) * (log(1 - g) - g / (1 - g)) / 2
EXCESS = (1 - g) ** (-m) - 1 + m * g * ((m + 1) * log(1 - g) / 2 - 1)
STEEP = 1 / (1 - b) ** (m + 3)


def _theorem(name: str, title: str, given: dict[Any, Any], claim: Any) -> Theorem:
    return Theorem(f"abel.decay.{name}", title=title, given=given, claim=claim, declared="proved", source=SOURCE, provenance="derived")


bend = _theorem(
    "bend",
    "The second derivative of the excess of one step, over m (m+1)",
    SHARE,
    between(0, BEND, (m + 2) * g * STEEP),
)

slope = _theorem(
    "slope",
    "The first derivative of the excess of one step, over m",
    SHARE,
    between(0, SLOPE, (m + 1) * (m + 2) * g**2 * STEEP / 2),
)

excess = _theorem(
    "excess",
    "By how much one step counts for more than 1, times m g",
    SHARE,
    between(0, EXCESS, m * (m + 1) * (m + 2) * g**3 * STEEP / 6),
)

one_step = _theorem(
    "one_step",
    "One step counts as at least 1 to first order, and as at most 1 + O(g^2)",
    STEP,
    between(0, count(x, z) - 1, cost(ratio(x)) * ratio(x) ** 2),
)

share_falls = _theorem(
    "share_falls",
    "In one step the share g pays for g^2",
    STEP,
    between(0, (2 * N - 2) * ratio(x) ** 2, (1 + (2 * N - 2) * ratio(x)) * (ratio(x) - ratio(z))),
)

c, C, f, h, M = (Symbol(name, nonnegative=True) for name in ("c", "C", "f", "h", "M"))
after = Symbol("h_after", real=True)

telescope = _theorem(
    "telescope",
    "What pays for g^2 in every step pays for its cost, at the prices of the start",
    {M: Interval.open(0, oo), C: Interval(0, oo), c: Interval(0, C), f: Interval(0, oo), h: Interval(0, f)}
    | {after: Interval(-oo, h - M * h**2 / (1 + M * h))},
    c * h**2 <= C * (1 + M * f) / M * (h - after),
)

RUN = {N: Range(2, oo), x0: Interval.open(0, oo), tau: Interval.open(0, x0 ** (2 - 2 * N)), k: Range(0, oo)}

inside = _theorem("inside", "The state stays positive and does not rise", RUN, And(STATE > 0, STATE <= x0))

steps = _theorem(
    "steps",
    "k steps count as at least k to first order, and as at most k plus a multiple of the fall of g",
    RUN,
    between(
        0,
        count(x0, STATE) - k,
        cost(ratio(x0)) * (1 + (2 * N - 2) * ratio(x0)) / (2 * N - 2) * (ratio(x0) - ratio(STATE)),
    ),
)
