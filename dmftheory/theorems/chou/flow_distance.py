"""How far gradient descent and the flow are apart after the same time: of first order in the step size (B15).

After k steps the flow that starts with gradient descent has used the time k tau. The time by which the two differ is known from the step
count (abel.count.steps), and the speed is at most 1.
"""

from typing import Any

from sympy import Implies, Interval, Range, Symbol, log, oo

from dmftheory.claims import FlowTime, Theorem
from dmftheory.theorems.abel.count import REMAINDER, STATE, N, field, k, tau, x0

x, y = Symbol("x", positive=True), Symbol("y", positive=True)

SOURCE = "ours, from the step count to first order; the order of the distance is standard for Euler's method"
RUN = {N: Range(3, oo), tau: Interval.open(0, 1 / N), x0: Interval.open(0, 1), k: Range(0, oo), y: Interval.Ropen(x0, 1)}


def _theorem(name: str, title: str, given: dict[Any, Any], claim: Any, **more: Any) -> Theorem:
    return Theorem(
        f"chou.flow_distance.{name}", title=title, given=given, claim=claim, declared="proved", source=SOURCE, provenance="derived", **more
    )


speed = _theorem(
    "speed",
    "The speed of the flow is at most 1, so that no distance is longer than its time",
    {N: Range(2, oo), x: Interval.open(0, 1), y: Interval.Ropen(x, 1)},
    y - x <= FlowTime(N, x, y),
)

behind = _theorem(
    "behind",
    "Where gradient descent lags behind the flow, it does so by at most tau (ln(f(x_k)/f(x_0))/2 + remainder)",
    RUN,
    Implies(STATE <= y, y - STATE <= tau * ((log(field(STATE)) - log(field(x0))) / 2 + REMAINDER)),
    assume=[FlowTime(N, x0, y) <= k * tau],
)

ahead = _theorem(
    "ahead",
    "Where gradient descent leads the flow, it does so by at most tau (ln(f(x_0)/f(x_k))/2 + remainder)",
    RUN,
    Implies(y <= STATE, STATE - y <= tau * ((log(field(x0)) - log(field(STATE))) / 2 + REMAINDER)),
    assume=[FlowTime(N, x0, y) >= k * tau],
)
