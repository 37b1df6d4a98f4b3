"""The effective rank: elementary facts (A6), and how close it is to that of the best rank-L approximation on a plateau (C2)."""

import itertools
from typing import Any

from sympy import Abs, Add, And, Eq, Interval, Max, Min, Range, Symbol, oo

from dmftheory.claims import EffectiveRank, Factor, Family, LearningStep, Theorem

N = Symbol("N", integer=True, positive=True)
j, k = Symbol("j", integer=True, nonnegative=True), Symbol("k", integer=True, nonnegative=True)
M, r = Symbol("M", positive=True), Symbol("r", positive=True)
alpha, eta = Symbol("alpha", positive=True), Symbol("eta", positive=True)
eps, delta = Symbol("epsilon", positive=True), Symbol("delta", positive=True)
SAFE_STEP = Interval.Lopen(0, 1 / (N * M ** (2 * N - 2)))

SOURCE = "effective rank r(W) = |W|_* / |W| of Chou, Gieshoff, Maly, Rauhut, arXiv:2011.13772 (definition recalled)"
PLATEAU_SOURCE = "effective-rank intervals of Chou, Gieshoff, Maly, Rauhut, arXiv:2011.13772 (abstract); form and constants ours"
SIZES = tuple((n,) for n in range(1, 7))
PLATEAUS = tuple((n, L) for n in range(2, 6) for L in range(1, n))


def eigenvalues(n: int) -> list[Symbol]:
    """w_1, ..., w_n, the eigenvalues of the product."""
    return [Symbol(f"w{i}", real=True) for i in range(1, n + 1)]


def targets(n: int) -> list[Symbol]:
    """lambda_1 >= ... >= lambda_n > 0, the eigenvalues to be learned."""
    return [Symbol(f"lambda{i}", positive=True) for i in range(1, n + 1)]


def _bounds(n: int) -> Theorem:
    w = eigenvalues(n)
    return Theorem(
        f"chou.effective_rank.bounds.{n}",
        title=f"1 <= r(W) <= {n} for {n} eigenvalues",
        given=dict.fromkeys(w, Interval(-oo, oo)),
        assume=[Max(*map(Abs, w)) > 0],
        claim=And(EffectiveRank(*w) >= 1, EffectiveRank(*w) <= n),
        declared="proved",
        source=SOURCE,
        provenance="derived",
    )


bounds = Family(
    "chou.effective_rank.bounds",
    title="The effective rank lies between 1 and the size",
    indices=SIZES,
    member=_bounds,
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

c = Symbol("c", real=True)


def _scale_free(n: int) -> Theorem:
    w = eigenvalues(n)
    return Theorem(
        f"chou.effective_rank.scale_free.{n}",
        title=f"r(c W) = r(W) for {n} eigenvalues",
        given={**dict.fromkeys(w, Interval(-oo, oo)), c: Interval.open(0, oo)},
        assume=[Max(*map(Abs, w)) > 0],
        claim=Eq(EffectiveRank(*(c * wi for wi in w)), EffectiveRank(*w)),
        declared="proved",
        source=SOURCE,
        provenance="derived",
    )


scale_free = Family(
    "chou.effective_rank.scale_free",
    title="The effective rank does not change with scale",
    indices=SIZES[:4],
    member=_scale_free,
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

nuclear_a, nuclear_b, nuclear_ab = (Symbol(f"n_{name}", nonnegative=True) for name in ("A", "B", "AB"))
norm_a, norm_b, norm_ab = Symbol("s_A", positive=True), Symbol("s_B", positive=True), Symbol("s_AB", nonnegative=True)

lipschitz = Theorem(
    "chou.effective_rank.lipschitz",
    title="|r(A) - r(B)| <= (|A-B|_* + r(B) |A-B|) / |A|, from the triangle inequalities of the two norms",
    given={
        nuclear_a: Interval(0, oo),
        nuclear_b: Interval(0, oo),
        nuclear_ab: Interval(0, oo),
        norm_a: Interval.open(0, oo),
        norm_b: Interval.open(0, oo),
        norm_ab: Interval(0, oo),
    },
    assume=[Abs(nuclear_a - nuclear_b) <= nuclear_ab, Abs(norm_a - norm_b) <= norm_ab],
    claim=Abs(nuclear_a / norm_a - nuclear_b / norm_b) <= (nuclear_ab + nuclear_b / norm_b * norm_ab) / norm_a,
    declared="proved",
    source=SOURCE,
    provenance="derived",
)


P, p, D = (Symbol(name, positive=True) for name in ("P", "p", "D"))
S, m = Symbol("S", real=True), Symbol("m", real=True)

quotient = Theorem(
    "chou.effective_rank.quotient",
    title="A quotient whose parts are known up to epsilon and D",
    given={
        p: Interval.open(0, oo),
        P: Interval(p, oo),
        D: Interval.open(0, oo),
        eps: Interval.open(0, 1),
        m: Interval((1 - eps) * p, p),
        S: Interval((1 - eps) * P, P + D),
    },
    claim=Abs(S / m - P / p) <= (eps * P / p + D / p) / (1 - eps),
    declared="proved",
    source=PLATEAU_SOURCE,
    provenance="derived",
)


def distance(n: int, L: int) -> Any:
    """(eps r(W_L) + (n - L) delta / lambda_1) / (1 - eps), the proved distance on plateau L."""
    lam = targets(n)
    return (eps * Add(*lam[:L]) / lam[0] + (n - L) * delta / lam[0]) / (1 - eps)


def _plateau(n: int, L: int) -> Theorem:
    lam, w = targets(L), eigenvalues(n)
    decreasing = {b: Interval.Lopen(0, a) for a, b in itertools.pairwise(lam)}
    learned = {w[i]: Interval((1 - eps) * lam[i], lam[i]) for i in range(L)}
    waiting = {w[i]: Interval(0, Min(delta, lam[0])) for i in range(L, n)}
    return Theorem(
        f"chou.effective_rank.plateau.{n}.{L}",
        title=f"On plateau {L} of {n} the effective rank is close to r(W_{L})",
        given={lam[0]: Interval.open(0, oo), **decreasing, eps: Interval.open(0, 1), delta: Interval.open(0, oo), **learned, **waiting},
        claim=Abs(EffectiveRank(*w) - Add(*lam) / lam[0]) <= distance(n, L),
        declared="proved",
        source=PLATEAU_SOURCE,
        provenance="derived",
    )


plateau = Family(
    "chou.effective_rank.plateau",
    title="Where L eigenvalues are learned and the others small, the effective rank is close to that of the rank-L approximation",
    indices=PLATEAUS,
    member=_plateau,
    declared="proved",
    source=PLATEAU_SOURCE,
    provenance="derived",
)

L = Symbol("L", integer=True, positive=True)
x = Symbol("x", positive=True)

plateau_without_ceiling = Theorem(
    "chou.effective_rank.plateau_without_ceiling",
    title="The same with one waiting eigenvalue that may exceed lambda_1 (false from L = 6 on)",
    given={L: Range(1, oo), eps: Interval.open(0, 1), x: Interval(1, oo)},
    claim=L - (1 + (1 - eps) * L / x) <= (eps * L + x) / (1 - eps),
    declared="refuted",
    source="ours: a draft of chou.effective_rank.plateau without w_i <= lambda_1, for equal eigenvalues 1 and w_n = delta = x",
    provenance="derived",
)

increases = Theorem(
    "chou.effective_rank.factor_increases",
    title="The factor of a positive eigenvalue above the start increases over any number of steps",
    given={
        N: Range(2, oo),
        M: Interval.open(0, oo),
        r: Interval.Lopen(0, M),
        alpha: Interval.Lopen(0, r),
        eta: SAFE_STEP,
        k: Range(0, oo),
        j: Range(k, oo),
    },
    claim=And(0 <= Factor(N, r**N, alpha, eta, k), Factor(N, r**N, alpha, eta, k) <= Factor(N, r**N, alpha, eta, j)),
    declared="proved",
    source=PLATEAU_SOURCE,
    provenance="derived",
)

learned_mode = Theorem(
    "chou.effective_rank.learned_mode",
    title="From its passage to (1 - epsilon) lambda on, an eigenvalue of the product stays within epsilon of lambda",
    given={
        N: Range(2, oo),
        M: Interval.open(0, oo),
        r: Interval.Lopen(0, M),
        alpha: Interval.Lopen(0, r),
        eta: SAFE_STEP,
        eps: Interval.open(0, 1),
        k: Range(0, oo),
    },
    assume=[LearningStep(N, r**N, alpha, eta, 1 - eps) <= k],
    claim=And((1 - eps) * r**N <= Factor(N, r**N, alpha, eta, k) ** N, Factor(N, r**N, alpha, eta, k) ** N <= r**N),
    declared="proved",
    source=PLATEAU_SOURCE,
    provenance="derived",
)

waiting_mode = Theorem(
    "chou.effective_rank.waiting_mode",
    title="Before its passage to delta an eigenvalue of the product stays below delta, and below its target",
    given={
        N: Range(2, oo),
        M: Interval.open(0, oo),
        r: Interval.Lopen(0, M),
        alpha: Interval.Lopen(0, r),
        eta: SAFE_STEP,
        delta: Interval.open(0, oo),
        k: Range(0, oo),
    },
    assume=[k < LearningStep(N, r**N, alpha, eta, delta / r**N)],
    claim=And(
        0 <= Factor(N, r**N, alpha, eta, k) ** N,
        Factor(N, r**N, alpha, eta, k) ** N < delta,
        Factor(N, r**N, alpha, eta, k) ** N <= r**N,
    ),
    declared="proved",
    source=PLATEAU_SOURCE,
    provenance="derived",
)


def _window(n: int, L: int) -> Theorem:
    roots = [Symbol(f"r{i}", positive=True) for i in range(1, n + 1)]
    modes = [Factor(N, ri**N, alpha, eta, k) ** N for ri in roots]
    given = {N: Range(2, oo), M: Interval.open(0, oo), roots[0]: Interval.Lopen(0, M)}
    given |= {b: Interval.Lopen(0, a) for a, b in itertools.pairwise(roots)}
    given |= {alpha: Interval.Lopen(0, roots[-1]), eta: SAFE_STEP, eps: Interval.open(0, 1), delta: Interval.open(0, oo), k: Range(0, oo)}
    level = Add(*(ri**N for ri in roots[:L])) / roots[0] ** N
    return Theorem(
        f"chou.effective_rank.window.{n}.{L}",
        title=f"Plateau {L} of {n}: the window of steps between exact passages",
        given=given,
        assume=[
            *(LearningStep(N, ri**N, alpha, eta, 1 - eps) <= k for ri in roots[:L]),
            *(k < LearningStep(N, ri**N, alpha, eta, delta / ri**N) for ri in roots[L:]),
        ],
        claim=Abs(EffectiveRank(*modes) - level) <= (eps * level + (n - L) * delta / roots[0] ** N) / (1 - eps),
        declared="proved",
        source=PLATEAU_SOURCE,
        provenance="derived",
    )


window = Family(
    "chou.effective_rank.window",
    title="From the last passage to (1 - epsilon) lambda_i, i <= L, until the first to delta beyond L, r(W) is close to r(W_L)",
    indices=tuple((n, L) for n, L in PLATEAUS if n <= 3),
    member=_window,
    declared="proved",
    source=PLATEAU_SOURCE,
    provenance="derived",
)
