"""The step count to first order at depth 2, where h = tau at every state and the potential is tau times the flow time itself."""

from typing import Any

from sympy import And, FiniteSet, Interval, Range, Rational, oo

from dmftheory.claims import FirstPassage, FlowTime, Iterate, Theorem
from dmftheory.theorems.abel import count as general
from dmftheory.theorems.abel.count import between, k, tau, theta, x, x0, y, z

DEPTH = {general.N: 2}
SOURCE = "ours: the Abel function of gradient descent to first order in the step size, depth 2"
STATE = Iterate(2, tau, x0, k)
STEP = {tau: Interval.open(0, Rational(1, 2)), x: Interval.open(0, 1)}
CONSTANT = tau * (1 + tau) / (1 - 2 * tau) ** 2


def field(at: Any) -> Any:
    """f at depth 2."""
    return at * (1 - at**2)


def count(start: Any, end: Any) -> Any:
    """The step count to first order at depth 2."""
    return general.count(start, end).subs(DEPTH)


def _theorem(name: str, title: str, given: dict[Any, Any], claim: Any) -> Theorem:
    return Theorem(f"abel.count_two.{name}", title=title, given=given, claim=claim, declared="proved", source=SOURCE, provenance="derived")


time_grows = _theorem(
    "time_grows",
    "Within one step the flow takes at least 1/(1+tau) of the time that the speed at the start asks for",
    {**STEP, y: Interval(x, x + tau * field(x))},
    y - x <= (1 + tau) * field(x) * FlowTime(2, x, y),
)

step_time = _theorem(
    "step_time",
    "The flow time of one step is at least tau/(1+tau)",
    {**STEP, z: FiniteSet(x + tau * field(x))},
    tau <= (1 + tau) * FlowTime(2, x, z),
)

steps = _theorem(
    "steps",
    "k steps count as k to first order, up to a multiple of tau times the flow time",
    {tau: Interval.open(0, Rational(1, 2)), x0: Interval.open(0, 1), k: Range(0, oo)},
    between(-CONSTANT * FlowTime(2, x0, STATE), count(x0, STATE) - k, CONSTANT * FlowTime(2, x0, STATE)),
)

SHORT_STEP = Interval.Lopen(0, Rational(1, 4))
PASSAGE = {tau: SHORT_STEP, x0: Interval.open(0, 1), theta: Interval.open(x0**2, 1), z: FiniteSet(theta ** Rational(1, 2))}
EPSILON = CONSTANT * FlowTime(2, x0, z)

count_grows = _theorem(
    "count_grows",
    "The step count to first order increases with the end, even less the multiple of the flow time",
    {tau: SHORT_STEP, x: Interval.open(0, 1), y: Interval.Ropen(x, 1)},
    And(count(x, y) >= 0, count(x, y) >= CONSTANT * FlowTime(2, x, y), FlowTime(2, x, y) >= 0),
)

passage_at_least = _theorem(
    "passage_at_least",
    "A level is not reached before the step count to first order, less the remainder",
    PASSAGE,
    FirstPassage(2, tau, x0, theta) >= count(x0, z) - EPSILON,
)

passage_at_most = _theorem(
    "passage_at_most",
    "A level is reached within the step count to first order, the remainder, and one more step",
    PASSAGE,
    FirstPassage(2, tau, x0, theta) <= count(x0, z) + EPSILON + 1,
)
