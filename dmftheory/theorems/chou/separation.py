"""Depth amplifies the separation of the eigenvalues: how far one has come while a larger one is learned (B13, B14, C3).

The larger eigenvalue is 1 by scaling (chou.scaling), the smaller one r^N < 1; both start at x. Flow time first, then steps. A waiting
eigenvalue follows z' <= r^N z^(N-1): its factor stays of the order of the start at depth 3 and more, while at depth 2 it has grown to the
power 1 - r^2 of the start.
"""

from typing import Any

from sympy import And, Eq, Implies, Interval, Range, Symbol, log, oo

from dmftheory.claims import Factor, FlowTime, LearningStep, LearningTime, Theorem

N = Symbol("N", integer=True, positive=True)
k = Symbol("k", integer=True, nonnegative=True)
x, y, z = (Symbol(name, positive=True) for name in ("x", "y", "z"))
rho = Symbol("rho", positive=True)
alpha, eta, lam, r = (Symbol(name, positive=True) for name in ("alpha", "eta", "lambda", "r"))
theta, phi = Symbol("theta", positive=True), Symbol("phi", positive=True)

SOURCE = "depth separates the recovery of the eigenvalues, arXiv:2011.13772 (abstract of version 1); form and constants ours"
LIMIT_SOURCE = (
    "stepwise learning in the limit of small initialisation (depth 2: Gidel, Bach, Lacoste-Julien 2019, recalled); explicit form ours"
)
DEEP = {N: Range(3, oo)}
LEARNED = {x: Interval.open(0, 1), y: Interval.Ropen(x, 1)}
"""The eigenvalue 1: from x to y."""
WAITING = {r: Interval.open(0, 1), x: Interval.open(0, r), z: Interval.Ropen(x, r)}
"""The eigenvalue r^N: from x to z."""


def odds(value: Any, eigenvalue: Any) -> Any:
    """log(d^2 / (lambda - d^2)), what grows linearly at depth 2."""
    return log(value**2 / (eigenvalue - value**2))


def _theorem(name: str, title: str, given: dict[Any, Any], claim: Any, source: str = SOURCE, **more: Any) -> Theorem:
    return Theorem(
        f"chou.separation.{name}", title=title, given=given, claim=claim, declared="proved", source=source, provenance="derived", **more
    )


waiting_flow = _theorem(
    "waiting_flow",
    "Depth beyond 2: the flow of an eigenvalue r^N from x to z takes at least (x^(2-N) - z^(2-N)) / ((N-2) r^N)",
    {**DEEP, **WAITING},
    (N - 2) * r**N * LearningTime(N, r**N, x, z) >= x ** (2 - N) - z ** (2 - N),
)

waiting_flow_depth_two = _theorem(
    "waiting_flow_depth_two",
    "Depth 2: the flow of an eigenvalue r^N from x to z takes at least ln(z/x)/r^2",
    WAITING,
    r**2 * LearningTime(2, r**2, x, z) >= log(z / x),
)

linear_odds = _theorem(
    "linear_odds",
    "Depth 2: ln(d^2 / (r^2 - d^2)) grows at the rate 2 r^2",
    WAITING,
    Eq(2 * r**2 * LearningTime(2, r**2, x, z), odds(z, r**2) - odds(x, r**2)),
)

separated = _theorem(
    "separated",
    "Depth beyond 2: while 1 is learned from x to y, the factor of r^N grows at most by about (1 - r^N)^(-1/(N-2))",
    {**DEEP, **WAITING, y: Interval.Ropen(x, 1)},
    z ** (2 - N) >= (1 - r**N) * x ** (2 - N) + r**N * y ** (2 - N) - r**N * (N - 2) * y**2 / (2 * (1 - y**N)),
    assume=[LearningTime(N, r**N, x, z) <= FlowTime(N, x, y)],
)

separated_depth_two = _theorem(
    "separated_depth_two",
    "Depth 2: while 1 is learned from x to y, z^2/(r^2 - z^2) grows by the power r^2 of what y^2/(1 - y^2) grows by",
    {**WAITING, y: Interval.Ropen(x, 1)},
    And(
        Implies(LearningTime(2, r**2, x, z) <= FlowTime(2, x, y), odds(z, r**2) - odds(x, r**2) <= r**2 * (odds(y, 1) - odds(x, 1))),
        Implies(LearningTime(2, r**2, x, z) >= FlowTime(2, x, y), odds(z, r**2) - odds(x, r**2) >= r**2 * (odds(y, 1) - odds(x, 1))),
    ),
)

window = _theorem(
    "window",
    "Depth beyond 2: between learning 1 and the first sign of r^N there is a time of order (1/r^N - 1) x^(2-N)",
    {**DEEP, **WAITING, y: Interval.Ropen(x, 1)},
    LearningTime(N, r**N, x, z) - FlowTime(N, x, y)
    >= (1 / r**N - 1) * x ** (2 - N) / (N - 2) - z ** (2 - N) / ((N - 2) * r**N) - y**2 / (2 * (1 - y**N)),
)

window_depth_two = _theorem(
    "window_depth_two",
    "Depth 2: between learning 1 and the first sign of r^2 there is a time of order (1/r^2 - 1) ln(1/x)",
    {**WAITING, y: Interval.Ropen(x, 1)},
    LearningTime(2, r**2, x, z) - FlowTime(2, x, y) >= (1 / r**2 - 1) * log(1 / x) + log(z) / r**2 - odds(y, 1) / 2,
)

step_function = _theorem(
    "step_function",
    "Depth beyond 2: before the time x^(2-N)/(N-2) nothing has happened, after it all is done, up to the share rho",
    {**DEEP, **LEARNED, rho: Interval.open(0, 1)},
    And(
        Implies((N - 2) * FlowTime(N, x, y) <= (1 - rho) * x ** (2 - N), y ** (2 - N) >= rho * x ** (2 - N)),
        Implies((N - 2) * FlowTime(N, x, y) >= (1 + rho) * x ** (2 - N), 2 * rho * (1 - y**N) * x ** (2 - N) <= (N - 2) * y**2),
    ),
    LIMIT_SOURCE,
)

step_function_depth_two = _theorem(
    "step_function_depth_two",
    "Depth 2: before the time ln(1/x) nothing has happened, after it all is done, up to the power rho",
    {**LEARNED, rho: Interval.open(0, 1)},
    And(
        Implies(FlowTime(2, x, y) <= (1 - rho) * log(1 / x), log(y) <= rho * log(x)),
        Implies(FlowTime(2, x, y) >= (1 + rho) * log(1 / x), odds(y, 1) >= 2 * rho * log(1 / x)),
    ),
    LIMIT_SOURCE,
)

RUN = {r: Interval.open(0, oo), alpha: Interval.Lopen(0, r)}

waiting_steps = _theorem(
    "waiting_steps",
    "Depth beyond 2: after k steps d^(2-N) has fallen by at most (N-2) eta lambda k",
    {**DEEP, **RUN, eta: Interval.Lopen(0, 1 / (N * r ** (2 * N - 2))), k: Range(0, oo)},
    Factor(N, r**N, alpha, eta, k) ** (2 - N) >= alpha ** (2 - N) - (N - 2) * eta * r**N * k,
)

waiting_steps_depth_two = _theorem(
    "waiting_steps_depth_two",
    "Depth 2: after k steps the factor has grown at most by (1 + eta lambda)^k",
    {**RUN, eta: Interval.Lopen(0, 1 / (2 * r**2)), k: Range(0, oo)},
    Factor(2, r**2, alpha, eta, k) <= alpha * (1 + eta * r**2) ** k,
)

levels_in_order = _theorem(
    "levels_in_order",
    "A lower level is never reached later, so that equal eigenvalues leave no window",
    {
        N: Range(2, oo),
        lam: Interval.open(0, oo),
        alpha: Interval.open(0, oo),
        eta: Interval.open(0, oo),
        theta: Interval.open(0, 1),
        phi: Interval.Lopen(0, theta),
        k: Range(0, oo),
    },
    LearningStep(N, lam, alpha, eta, phi) <= k,
    assume=[LearningStep(N, lam, alpha, eta, theta) <= k],
)
