"""Balanced factors: the preconditioner of the end-to-end matrix and the linear rate, for diagonal factors (F3, F4).

The preconditioner of Arora, Cohen, Hazan acts on u_i v_k^T by sum_j s_i^(2(N-j)/N) s_k^(2(j-1)/N); here a = s_i^(2/N), b = s_k^(2/N).
"""

from typing import Any

from sympy import Add, And, Eq, FiniteSet, Interval, Range, Symbol, oo

from dmftheory.claims import Factor, Family, Theorem

N = Symbol("N", integer=True, positive=True)
k = Symbol("k", integer=True, nonnegative=True)
d, e = Symbol("d", positive=True), Symbol("e", real=True)
a, b = Symbol("a", positive=True), Symbol("b", positive=True)
M, r, q = (Symbol(name, positive=True) for name in ("M", "r", "q"))
alpha, eta = Symbol("alpha", positive=True), Symbol("eta", positive=True)

ACHL = "Arora, Cohen, Hu, Luo, arXiv:1905.13655, through an authors' text; specialised to diagonal factors"
RATE = "linear rate under a deficiency margin, Arora, Cohen, Golowich, Hu (authors' text); for identical initialisation, proof ours"


def _gain(depth: int) -> Theorem:
    total = Add(*(a ** (depth - j) * b ** (j - 1) for j in range(1, depth + 1)))
    return Theorem(
        f"related.arora.gain.{depth}",
        title=f"The gain of the pair (i, k) at depth {depth} is (s_i^2 - s_k^2)/(s_i^(2/N) - s_k^(2/N)); N s^(2 - 2/N) where they agree",
        given={a: Interval.open(0, oo), b: Interval.open(0, oo)},
        claim=And(Eq(total * (a - b), a**depth - b**depth), Eq(total.subs(b, a), depth * a ** (depth - 1), evaluate=False)),
        declared="proved",
        source=ACHL,
        provenance="abstract",
    )


gain = Family(
    "related.arora.gain",
    title="What the depth multiplies the gradient with, in the basis of singular vectors",
    indices=tuple((depth,) for depth in range(2, 9)),
    member=_gain,
    declared="proved",
    source=ACHL,
    provenance="abstract",
)

ERROR = Factor(N, r**N, alpha, eta, k) ** N - r**N
SAFE_STEP = Interval.Lopen(0, 1 / (N * M ** (2 * N - 2)))
KEPT = 1 - N * eta * q ** (2 * N - 2)


def _rate(name: str, title: str, given: dict[Any, Any], claim: Any, **more: Any) -> Theorem:
    return Theorem(
        f"related.arora.{name}", title=title, given=given, claim=claim, declared="proved", source=RATE, provenance="derived", **more
    )


def moved(at: Any) -> Any:
    """One step from a state."""
    return at - eta * at ** (N - 1) * (at**N - r**N)


step_below = _rate(
    "step_below",
    "From [q, r] one step shrinks the error of the product at least by 1 - N eta q^(2N-2)",
    {N: Range(2, oo), r: Interval.open(0, oo), q: Interval.Lopen(0, r), eta: Interval.open(0, oo), d: Interval(q, r)},
    r**N - moved(d) ** N <= KEPT * (r**N - d**N),
)

step_above = _rate(
    "step_above",
    "From above r one step that stays above q and r shrinks the error of the product at least by 1 - N eta q^(2N-2)",
    {
        N: Range(2, oo),
        r: Interval.open(0, oo),
        q: Interval.Lopen(0, r),
        eta: Interval.open(0, oo),
        d: Interval(r, oo),
        e: FiniteSet(moved(d)),
    },
    e**N - r**N <= KEPT * (d**N - r**N),
    assume=[e >= r],
)

linear_rate = _rate(
    "linear_rate",
    "With the start and r at least q, the error of the product is at most (1 - N eta q^(2N-2))^k times its start, from below",
    {
        N: Range(2, oo),
        M: Interval.open(0, oo),
        r: Interval.Lopen(0, M),
        alpha: Interval.Lopen(0, r),
        q: Interval.Lopen(0, alpha),
        eta: SAFE_STEP,
        k: Range(0, oo),
    },
    And(ERROR <= 0, -ERROR <= KEPT**k * (r**N - alpha**N)),
)

linear_rate_above = _rate(
    "linear_rate_above",
    "The same from above",
    {
        N: Range(2, oo),
        M: Interval.open(0, oo),
        alpha: Interval.Lopen(0, M),
        r: Interval.Lopen(0, alpha),
        q: Interval.Lopen(0, r),
        eta: SAFE_STEP,
        k: Range(0, oo),
    },
    And(ERROR >= 0, ERROR <= KEPT**k * (alpha**N - r**N)),
)
