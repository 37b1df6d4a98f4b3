"""Stages of saddle-point escaping, one for each eigenvalue: where they end, when they are separate, how long a saddle holds (H3-H8).

A stage ends at K, the first step at which d^N has reached the share k = (N-1)/(2N-1) of its eigenvalue. Normal form where one eigenvalue
is enough: z is the inflection point, z^N = k. Of two eigenvalues the larger is 1 by scaling (chou.scaling), the smaller r^N; both start at
x0. The rate at which the flow lowers the loss, N sum f_i^2, is also the squared norm of the gradient.
"""

from typing import Any

from sympy import And, Eq, FiniteSet, Implies, Interval, Range, Symbol, log, oo

from dmftheory.claims import Factor, FirstPassage, FlowTime, Iterate, LearningStep, LearningTime, Theorem
from dmftheory.theorems.chou.passage import INFLECTION, LEVEL, field

N = Symbol("N", integer=True, positive=True)
j, k = Symbol("j", integer=True, nonnegative=True), Symbol("k", integer=True, nonnegative=True)
tau, x0, z = Symbol("tau", positive=True), Symbol("x0", positive=True), Symbol("z", positive=True)
x, u, r = (Symbol(name, positive=True) for name in ("x", "u", "r"))
y, w, a, b, top, low = (Symbol(name, real=True) for name in ("y", "w", "a", "b", "top", "low"))
theta = Symbol("theta", positive=True)

SOURCE = "stages of saddle-point escaping, Cao et al., arXiv:2212.14150 (abstract); definition, form and constants ours"
COUNT = "Cao et al., arXiv:2212.14150 (abstract: R stages for a matrix of rank R), read without a hypothesis on the spectrum"
RUN = {N: Range(2, oo), z: INFLECTION, tau: Interval.Lopen(0, 1 / N), x0: Interval.open(0, 1)}
ENDS = FirstPassage(N, tau, x0, LEVEL)


def state(at: Any) -> Any:
    """The state of the eigenvalue 1 at a step."""
    return Iterate(N, tau, x0, at)


def curvature(at: Any) -> Any:
    """The second derivative of the loss along the factor, over x^(N-2): (2N-1) x^N - (N-1)."""
    return (2 * N - 1) * at**N - (N - 1)


def loss(at: Any) -> Any:
    """The loss of the eigenvalue 1."""
    return (1 - at**N) ** 2 / 2


def waiting(at: Any) -> Any:
    """f of the eigenvalue r^N."""
    return at ** (N - 1) * (r**N - at**N)


def _theorem(name: str, title: str, given: dict[Any, Any], claim: Any, source: str = SOURCE, **more: Any) -> Theorem:
    more = {"declared": "proved", **more}
    return Theorem(f"cao.stages.{name}", title=title, given=given, claim=claim, source=source, provenance="derived", **more)


curvature_sign = _theorem(
    "curvature",
    "The curvature of an eigenvalue is negative before its stage ends and never again: negative modes go from R to 0, one a stage",
    {**RUN, k: Range(0, oo)},
    And(Implies(k + 1 <= ENDS, curvature(state(k)) < 0), Implies(ENDS <= k, curvature(state(k)) >= 0)),
)

rate = _theorem(
    "rate",
    "The growth of the factor and the rate of the loss rise up to the step before the end of the stage and fall from the end on",
    {**RUN, k: Range(0, oo)},
    And(
        Implies(k + 2 <= ENDS, field(state(k)) <= field(state(k + 1))),
        Implies(ENDS <= k, field(state(k + 1)) <= field(state(k))),
    ),
)

loss_rising = _theorem(
    "loss_rising",
    "Between two states below the inflection point the loss falls at rates between N f at the first and at the second",
    {N: Range(2, oo), z: INFLECTION, y: Interval.Lopen(0, z), x: Interval.Lopen(0, y)},
    And(N * field(x) * (y - x) <= loss(x) - loss(y), loss(x) - loss(y) <= N * field(y) * (y - x)),
)

loss_falling = _theorem(
    "loss_falling",
    "Between two states beyond the inflection point the loss falls at rates between N f at the second and at the first",
    {N: Range(2, oo), z: INFLECTION, x: Interval.Ropen(z, 1), y: Interval.Ropen(x, 1)},
    And(N * field(y) * (y - x) <= loss(x) - loss(y), loss(x) - loss(y) <= N * field(x) * (y - x)),
)

two_steps = _theorem(
    "two_steps",
    "Of two steps the second lowers the loss more if both end below the inflection point, and less if both start beyond it",
    {
        N: Range(2, oo),
        z: INFLECTION,
        tau: Interval.Lopen(0, 1 / N),
        x: Interval.open(0, 1),
        y: FiniteSet(x + tau * field(x)),
        w: FiniteSet(y + tau * field(y)),
    },
    And(
        Implies(w <= z, loss(x) - loss(y) <= loss(y) - loss(w)),
        Implies(x >= z, loss(y) - loss(w) <= loss(x) - loss(y)),
    ),
)

decrease = _theorem(
    "decrease",
    "The loss falls more from step to step up to three steps before the end of the stage, and less from the end on",
    {**RUN, k: Range(0, oo)},
    And(
        Implies(k + 3 <= ENDS, loss(state(k)) - loss(state(k + 1)) <= loss(state(k + 1)) - loss(state(k + 2))),
        Implies(ENDS <= k, loss(state(k + 1)) - loss(state(k + 2)) <= loss(state(k)) - loss(state(k + 1))),
    ),
)

height = _theorem(
    "height",
    "The rate of an eigenvalue r^N is at most r^(4N-2) times that of the eigenvalue 1 at its inflection point, reached at r z",
    {N: Range(2, oo), z: INFLECTION, r: Interval.open(0, oo), u: Interval.open(0, 1)},
    And(waiting(r * u) ** 2 <= r ** (4 * N - 2) * field(z) ** 2, Eq(waiting(r * z) ** 2, r ** (4 * N - 2) * field(z) ** 2)),
)

region = _theorem(
    "region",
    "Depth beyond 2: below an explicit start the eigenvalue 1 has passed y before r^N has passed u",
    {
        N: Range(3, oo),
        r: Interval.open(0, 1),
        x0: Interval.open(0, r),
        u: Interval.Ropen(x0, r),
        y: Interval.Ropen(x0, 1),
    },
    FlowTime(N, x0, y) <= LearningTime(N, r**N, x0, u),
    assume=[(1 - r**N) * x0 ** (2 - N) >= u ** (2 - N) + (N - 2) * r**N * y**2 / (2 * (1 - y**N))],
)

region_depth_two = _theorem(
    "region_depth_two",
    "Depth 2: below an explicit start the eigenvalue 1 has passed y before r^2 has passed u",
    {r: Interval.open(0, 1), x0: Interval.open(0, r), u: Interval.Ropen(x0, r), y: Interval.Ropen(x0, 1)},
    FlowTime(2, x0, y) <= LearningTime(2, r**2, x0, u),
    assume=[(1 / r**2 - 1) * log(1 / x0) >= log(1 / u) / r**2 + log(y**2 / (1 - y**2)) / 2],
)

valley = _theorem(
    "valley",
    "Where two contributions a, b to the rate are each below half the lower peak, the total lies below both peaks: two stages",
    {
        N: Range(2, oo),
        z: INFLECTION,
        r: Interval.Lopen(0, 1),
        x: Interval.open(0, 1),
        u: Interval.open(0, r),
        top: FiniteSet(field(z) ** 2),
        low: FiniteSet(r ** (4 * N - 2) * field(z) ** 2),
        a: FiniteSet(field(x) ** 2),
        b: FiniteSet(waiting(u) ** 2),
    },
    And(a + b < top, a + b < waiting(r * z) ** 2),
    assume=[2 * a < low, 2 * b < low],
)

region_steps = _theorem(
    "region_steps",
    "Depth beyond 2, in steps: at a step after the passage of 1 and early for r^N, both are where a valley needs them",
    {
        N: Range(3, oo),
        r: Interval.open(0, 1),
        x0: Interval.open(0, r),
        tau: Interval.Lopen(0, 1 / N),
        theta: Interval.open(0, 1),
        u: Interval.open(0, r),
        k: Range(0, oo),
    },
    And(state(k) ** N >= theta, Factor(N, r**N, x0, tau, k) <= u),
    assume=[FirstPassage(N, tau, x0, theta) <= k, (N - 2) * tau * r**N * k <= x0 ** (2 - N) - u ** (2 - N)],
)

merged = _theorem(
    "equal",
    "Equal eigenvalues: the total rate of m of them rises and falls once, one peak for m modes",
    {**RUN, j: Range(1, oo), k: Range(0, oo)},
    And(
        Implies(k + 2 <= ENDS, j * N * field(state(k)) ** 2 <= j * N * field(state(k + 1)) ** 2),
        Implies(ENDS <= k, j * N * field(state(k + 1)) ** 2 <= j * N * field(state(k)) ** 2),
    ),
)

equal_separate = _theorem(
    "one_each",
    "Every eigenvalue ends its stage at a step of its own (false: equal eigenvalues end it together, a matrix of rank R has fewer stages)",
    {N: Range(2, 5), tau: Interval(1 / (2 * N), 1 / N), r: Interval.Lopen(0, 1), x0: Interval(r / 50, r / 10)},
    ENDS + 1 <= LearningStep(N, r**N, x0, tau, LEVEL),
    COUNT,
    declared="refuted",
)

close_separate = _theorem(
    "one_each_distinct",
    "Every eigenvalue of a spectrum without repetition ends its stage at a step of its own (false: close ones end it together)",
    {N: Range(2, 5), tau: Interval(1 / (2 * N), 1 / N), r: Interval.open(0, 1), x0: Interval(r / 50, r / 10)},
    ENDS + 1 <= LearningStep(N, r**N, x0, tau, LEVEL),
    COUNT,
    declared="refuted",
)

escape = _theorem(
    "escape",
    "Depth beyond 2: from the residual amplitude x a saddle is left after (x^(2-N) - y^(2-N))/(N-2), up to a constant of y",
    {N: Range(3, oo), x: Interval.open(0, 1), y: Interval.Ropen(x, 1)},
    And(
        (x ** (2 - N) - y ** (2 - N)) / (N - 2) <= FlowTime(N, x, y),
        FlowTime(N, x, y) <= (x ** (2 - N) - y ** (2 - N)) / (N - 2) + y**2 / (2 * (1 - y**N)),
    ),
)

escape_depth_two = _theorem(
    "escape_depth_two",
    "Depth 2: from the residual amplitude x a saddle is left after ln(y/x), up to the constant -ln(1 - y^2)/2, which is ln(3/2)/2 at z",
    {x: Interval.open(0, 1), y: Interval.Ropen(x, 1)},
    And(log(y / x) <= FlowTime(2, x, y), FlowTime(2, x, y) <= log(y / x) - log(1 - y**2) / 2),
)

escape_leading = _theorem(
    "escape_leading",
    "The leading term x^(2-N)/(N-2) bounds the escape time up to the inflection point (false at large depth)",
    {N: Range(3, 12), z: INFLECTION, x: Interval.open(0, z)},
    FlowTime(N, x, z) <= x ** (2 - N) / (N - 2),
    "the escape time d0^(2-N)/((N-2) lambda) of our notes, read as a bound; mended in cao.stages.escape",
    declared="refuted",
)

visit = _theorem(
    "visit",
    "At a visit of the saddle between two stages the squared gradient is at most N (N (1-x))^2 + N (r^N u^(N-1))^2",
    {N: Range(2, oo), r: Interval.open(0, oo), x: Interval.Lopen(0, 1), u: Interval.Lopen(0, r)},
    N * field(x) ** 2 + N * waiting(u) ** 2 <= N * (N * (1 - x)) ** 2 + N * (r**N * u ** (N - 1)) ** 2,
)
