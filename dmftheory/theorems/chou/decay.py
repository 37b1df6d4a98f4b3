"""Zero and negative eigenvalues under identical initialisation: two-sided decay, and what stays in the loss (B4, B11).

Original variables; a negative eigenvalue is -s. Inverse powers of the factor grow almost linearly, d^-m against k, with m = 2N - 2 for a
zero eigenvalue and m = N - 2 for a negative one at depth 3 and more; at depth 2 a negative eigenvalue decays geometrically.
"""

from sympy import And, Interval, Range, Symbol, oo

from dmftheory.claims import Factor, Theorem

N = Symbol("N", integer=True, positive=True)
k = Symbol("k", integer=True, nonnegative=True)
alpha, eta = Symbol("alpha", positive=True), Symbol("eta", positive=True)
s, t = Symbol("s", positive=True), Symbol("t", nonnegative=True)

SOURCE = "decay of the eigenvalues that are not learned, setting of Chou, Gieshoff, Maly, Rauhut, arXiv:2011.13772; bounds ours"
ZERO_STATE = Factor(N, 0, alpha, eta, k)
STATE = Factor(N, -s, alpha, eta, k)

positive = Theorem(
    "chou.decay.positive",
    title="The factor of a zero or negative eigenvalue stays positive and never exceeds its start, also for steps beyond the safe ones",
    given={
        N: Range(2, oo),
        alpha: Interval.open(0, oo),
        t: Interval(0, oo),
        eta: Interval.open(0, 1 / (alpha ** (N - 2) * (alpha**N + t))),
        k: Range(0, oo),
    },
    claim=And(Factor(N, -t, alpha, eta, k) > 0, Factor(N, -t, alpha, eta, k) <= alpha),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

zero = Theorem(
    "chou.decay.zero",
    title="The factor of a zero eigenvalue decays like k^(-1/(2N-2)), between two explicit bounds",
    given={N: Range(2, oo), alpha: Interval.open(0, oo), eta: Interval.open(0, alpha ** (2 - 2 * N)), k: Range(0, oo)},
    claim=And(
        alpha ** (2 - 2 * N) + (2 * N - 2) * eta * k <= ZERO_STATE ** (2 - 2 * N),
        ZERO_STATE ** (2 - 2 * N) <= alpha ** (2 - 2 * N) + (2 * N - 2) * eta * k / (1 - eta * alpha ** (2 * N - 2)) ** (2 * N - 1),
    ),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

negative = Theorem(
    "chou.decay.negative",
    title="At depth 3 and more the factor of a negative eigenvalue decays like k^(-1/(N-2)), between two explicit bounds",
    given={
        N: Range(3, oo),
        alpha: Interval.open(0, oo),
        s: Interval.open(0, oo),
        eta: Interval.open(0, 1 / (alpha ** (N - 2) * (alpha**N + s))),
        k: Range(0, oo),
    },
    claim=And(
        alpha ** (2 - N) + (N - 2) * eta * s * k <= STATE ** (2 - N),
        STATE ** (2 - N)
        <= alpha ** (2 - N) + (N - 2) * eta * (alpha**N + s) * k / (1 - eta * alpha ** (N - 2) * (alpha**N + s)) ** (N - 1),
    ),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

negative_depth_two = Theorem(
    "chou.decay.negative_depth_two",
    title="At depth 2 the factor of a negative eigenvalue decays geometrically, between two explicit bounds",
    given={
        alpha: Interval.open(0, oo),
        s: Interval.open(0, oo),
        eta: Interval.Lopen(0, 1 / (s + alpha**2)),
        k: Range(0, oo),
    },
    claim=And(
        alpha * (1 - eta * (s + alpha**2)) ** k <= Factor(2, -s, alpha, eta, k),
        Factor(2, -s, alpha, eta, k) <= alpha * (1 - eta * s) ** k,
    ),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

loss_left = Theorem(
    "chou.decay.loss_left",
    title="A negative eigenvalue leaves s^2 / 2 in the loss: what lies above it is at most a multiple of the product",
    given={
        N: Range(2, oo),
        alpha: Interval.open(0, oo),
        s: Interval.open(0, oo),
        eta: Interval.Lopen(0, 1 / (alpha ** (N - 2) * (alpha**N + s))),
        k: Range(0, oo),
    },
    claim=And((STATE**N + s) ** 2 - s**2 >= 0, (STATE**N + s) ** 2 - s**2 <= (alpha**N + 2 * s) * STATE**N),
    declared="proved",
    source="limit of the loss in Chou, Gieshoff, Maly, Rauhut, arXiv:2011.13772: half the sum of the squared negative eigenvalues",
    provenance="derived",
)
