"""The scaling law: one eigenvalue is three numbers (B7)."""

from sympy import And, Eq, Interval, Range, Symbol, oo

from dmftheory.claims import Factor, FlowTime, Iterate, LearningTime, Theorem

N = Symbol("N", integer=True, positive=True)
k = Symbol("k", integer=True, nonnegative=True)
r, tau = Symbol("r", positive=True), Symbol("tau", positive=True)
x, y = Symbol("x", positive=True), Symbol("y", positive=True)

SOURCE = "scaling of the recursion of Chou, Gieshoff, Maly, Rauhut, arXiv:2011.13772"


def _scaled(sign: int) -> Eq:
    """d_k = r x_k when lambda = sign r^N, alpha = r x and eta = tau r^(2-2N)."""
    return Eq(Factor(N, sign * r**N, r * x, tau * r ** (2 - 2 * N), k), r * Iterate(N, tau, x, k, sign))


steps = Theorem(
    "chou.scaling.steps",
    title="Gradient descent for any nonzero eigenvalue is the normal form in scaled variables",
    given={N: Range(2, oo), r: Interval.open(0, oo), tau: Interval.open(0, oo), x: Interval.open(0, oo), k: Range(0, oo)},
    claim=And(_scaled(1), _scaled(-1)),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

flow = Theorem(
    "chou.scaling.flow",
    title="Learning times scale like lambda^-(2-2/N)",
    given={N: Range(2, oo), r: Interval.open(0, oo), x: Interval.open(0, 1), y: Interval.Ropen(x, 1)},
    claim=And(
        Eq(LearningTime(N, r**N, r * x, r * y), r ** (2 - 2 * N) * FlowTime(N, x, y)),
        Eq(LearningTime(N, -(r**N), r * x, r * y), r ** (2 - 2 * N) * FlowTime(N, x, y, -1)),
    ),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)
