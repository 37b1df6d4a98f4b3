"""The order of the eigenvalues is the order of their factors, at every step and for every sign (B12).

The step with the larger eigenvalue must not reverse the order of two states. For an eigenvalue above the start that is so on all of
[0, r]. For any other one it may fail at the start itself, where both states are equal and no order can be lost; from the first step on the
states lie where the map increases. Original variables; Y bounds the states from above.
"""

from typing import Any

from sympy import And, FiniteSet, Interval, Range, Symbol, oo

from dmftheory.claims import Factor, Theorem

N = Symbol("N", integer=True, positive=True)
n = Symbol("n", integer=True, nonnegative=True)
k = Symbol("k", integer=True, nonnegative=True)
M, r = Symbol("M", positive=True), Symbol("r", positive=True)
alpha, eta = Symbol("alpha", positive=True), Symbol("eta", positive=True)
lam, mu, lost = Symbol("lambda", real=True), Symbol("mu", real=True), Symbol("g", real=True)
s = Symbol("s", nonnegative=True)
a, g, w = (Symbol(name, nonnegative=True) for name in ("a", "g", "w"))
x, y, Y = (Symbol(name, nonnegative=True) for name in ("x", "y", "Y"))

SOURCE = "recovery in the order of the eigenvalues, arXiv:2011.13772 (abstract of version 1); form, step size and proof ours"
SAFE_STEP = Interval.Lopen(0, 1 / (N * M ** (2 * N - 2)))
RUN = {N: Range(2, oo), M: Interval.open(0, oo)}


def step(at: Any, eigenvalue: Any) -> Any:
    """One step of gradient descent from a state."""
    return at + eta * at ** (N - 1) * (eigenvalue - at**N)


def slope_lost(at: Any, eigenvalue: Any) -> Any:
    """How much the slope of the step falls short of 1."""
    return eta * at ** (N - 2) * ((2 * N - 1) * at**N - (N - 1) * eigenvalue)


def factor(eigenvalue: Any, at: Any) -> Factor:
    """The factor of one eigenvalue at a step."""
    return Factor(N, eigenvalue, alpha, eta, at)


def _theorem(name: str, title: str, given: dict[Any, Any], claim: Any, **more: Any) -> Theorem:
    return Theorem(
        f"chou.order.{name}", title=title, given=given, claim=claim, declared="proved", source=SOURCE, provenance="derived", **more
    )


peak = _theorem(
    "peak",
    "(n + 1) (1 - w) w^n is at most 1 - w^(n+1)",
    {n: Range(0, oo), w: Interval(0, 1)},
    (n + 1) * (1 - w) * w**n <= 1 - w ** (n + 1),
)

map_increases = _theorem(
    "map_increases",
    "The map increases up to Y if its slope at Y is not negative",
    {
        N: Range(2, oo),
        eta: Interval.open(0, oo),
        lam: Interval(-oo, oo),
        Y: Interval(0, oo),
        x: Interval(0, Y),
        y: Interval(x, Y),
    },
    step(x, lam) <= step(y, lam),
    assume=[slope_lost(Y, lam) <= 1],
)

first_step = _theorem(
    "first_step",
    "Once a state has shrunk by the share g in its first step, the slope is not negative there; a = eta alpha^(2N-2)",
    {N: Range(2, oo), g: Interval(0, 1), a: Interval(0, 1 / N)},
    (1 - g) ** (N - 2) * ((2 * N - 1) * (1 - g) ** N * a - (N - 1) * (a - g)) <= 1,
)

after_first_step = _theorem(
    "after_first_step",
    "From the first step on, the states of an eigenvalue below the start lie where its map increases",
    {
        **RUN,
        alpha: Interval.Lopen(0, M),
        lam: Interval(-(M**N), alpha**N),
        eta: SAFE_STEP,
        lost: FiniteSet(eta * alpha ** (N - 2) * (alpha**N - lam)),
    },
    And(0 <= lost, lost <= 1, slope_lost(alpha * (1 - lost), lam) <= 1),
)

stays_nonnegative = _theorem(
    "stays_nonnegative",
    "A step from [0, M] leads to a nonnegative state, for every eigenvalue of size at most M^N",
    {**RUN, lam: Interval(-(M**N), M**N), eta: SAFE_STEP, x: Interval(0, M)},
    step(x, lam) >= 0,
)

one_step = _theorem(
    "one_step",
    "One step keeps the order of two states, the larger eigenvalue at the larger state",
    {
        N: Range(2, oo),
        eta: Interval.open(0, oo),
        lam: Interval(-oo, oo),
        mu: Interval(-oo, lam),
        Y: Interval(0, oo),
        x: Interval(0, Y),
        y: Interval(x, Y),
    },
    step(x, mu) <= step(y, lam),
    assume=[slope_lost(Y, lam) <= 1],
)

below = _theorem(
    "below",
    "The factor of an eigenvalue above the start is never less than that of any smaller eigenvalue",
    {
        **RUN,
        r: Interval.Lopen(0, M),
        mu: Interval(-(M**N), r**N),
        alpha: Interval.Lopen(0, r),
        eta: SAFE_STEP,
        k: Range(0, oo),
    },
    And(0 <= factor(mu, k), factor(mu, k) <= factor(r**N, k)),
)

ABOVE = {
    **RUN,
    alpha: Interval.Lopen(0, M),
    r: Interval.Lopen(0, alpha),
    mu: Interval(-(M**N), r**N),
    eta: SAFE_STEP,
    k: Range(0, oo),
}
NONPOSITIVE = {
    **RUN,
    alpha: Interval.Lopen(0, M),
    s: Interval(0, M**N),
    mu: Interval(-(M**N), -s),
    eta: SAFE_STEP,
    k: Range(0, oo),
}


def _later(name: str, given: dict[Any, Any], larger: Any) -> Theorem:
    top = alpha - eta * alpha ** (N - 1) * (alpha**N - larger)
    claim = And(0 <= factor(mu, k), factor(mu, k) <= factor(larger, k), factor(larger, k) <= top)
    title = "From the first step on, two factors are in order, the larger one at most what it is after one step"
    return _theorem(name, title, {**given, k: Range(1, oo)}, claim)


def _kept(name: str, title: str, given: dict[Any, Any], larger: Any) -> Theorem:
    return _theorem(name, title, given, And(0 <= factor(mu, k), factor(mu, k) <= factor(larger, k)))


above_later = _later("above_later", ABOVE, r**N)

above = _kept("above", "The factor of a positive eigenvalue below the start is never less than that of any smaller eigenvalue", ABOVE, r**N)

nonpositive_later = _later("nonpositive_later", NONPOSITIVE, -s)

nonpositive = _kept(
    "nonpositive", "The factor of a zero or negative eigenvalue is never less than that of any smaller eigenvalue", NONPOSITIVE, -s
)
