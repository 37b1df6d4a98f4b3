"""Perturbed identical initialisation: two numbers per eigenvalue, what they keep, and a region they never leave (A3, A5, E2, E3)."""

from typing import Any

from sympy import And, Eq, FiniteSet, Interval, MatrixSymbol, Range, Symbol, oo

from dmftheory.claims import Diagonal, FirstFactor, Orthogonal, OtherFactor, Theorem
from dmftheory.model import landmarks, recursion

N = Symbol("N", integer=True, positive=True)
n = Symbol("n", integer=True, positive=True)
j = Symbol("j", integer=True, positive=True)
k = Symbol("k", integer=True, nonnegative=True)
m = Symbol("m", integer=True, nonnegative=True)
a, lam, u = Symbol("a", real=True), Symbol("lambda", real=True), Symbol("u", real=True)
b, R, s, eta = Symbol("b", positive=True), Symbol("R", positive=True), Symbol("s", positive=True), Symbol("eta", positive=True)
v, delta, low = Symbol("v", nonnegative=True), Symbol("delta", real=True), Symbol("h", positive=True)
alpha, beta = Symbol("alpha", positive=True), Symbol("beta", positive=True)
c, nine = Symbol("c", positive=True), Symbol("kappa", positive=True)
V, A, B, Lam = (MatrixSymbol(name, n, n) for name in ("V", "A", "B", "Lambda"))

PAPER = "Chou, Gieshoff, Maly, Rauhut, arXiv:2011.13772"
DECOUPLING = f"{PAPER}, decoupling under perturbed identical initialisation (recalled; derived here)"
OURS = "ours, on the recursion of perturbed identical initialisation"
MATRICES = {N: Range(2, oo), n: Range(1, oo), eta: Interval.open(0, oo), V: Orthogonal(n), A: Diagonal(n), B: Diagonal(n), Lam: Diagonal(n)}
FIRST, OTHER, TARGET = V * A * V.T, V * B * V.T, V * Lam * V.T
RESIDUAL = OTHER ** (N - 1) * FIRST - TARGET
ERROR = A * B ** (N - 1) - Lam
ANYWHERE = {N: Range(2, oo), a: Interval(-oo, oo), b: Interval.open(0, oo), lam: Interval(-oo, oo), eta: Interval.open(0, oo)}

first_step = Theorem(
    "chou.perturbed.first_step",
    title="One gradient step on W_1, where W_1 and the equal W_2, ..., W_N are diagonal in the eigenbasis of the target",
    given=MATRICES,
    claim=Eq(FIRST - eta * (OTHER ** (N - 1)).T * RESIDUAL, V * (A - eta * B ** (N - 1) * ERROR) * V.T),
    declared="proved",
    source=DECOUPLING,
    provenance="derived",
)

other_step = Theorem(
    "chou.perturbed.other_step",
    title="One gradient step on W_j gives the same matrix for every j >= 2, diagonal in the eigenbasis of the target",
    given={**MATRICES, j: Range(2, N + 1)},
    claim=Eq(
        OTHER - eta * (OTHER ** (N - j)).T * RESIDUAL * (OTHER ** (j - 2) * FIRST).T,
        V * (B - eta * A * B ** (N - 2) * ERROR) * V.T,
    ),
    declared="proved",
    source=DECOUPLING,
    provenance="derived",
)

product = Theorem(
    "chou.perturbed.product",
    title="The product of such factors has the eigenvalues a b^(N-1)",
    given={symbol: domain for symbol, domain in MATRICES.items() if symbol not in (eta, Lam)},
    claim=Eq(OTHER ** (N - 1) * FIRST, V * (A * B ** (N - 1)) * V.T),
    declared="proved",
    source=DECOUPLING,
    provenance="derived",
)

_A_NEXT, _B_NEXT = V * (A - eta * B ** (N - 1) * ERROR) * V.T, V * (B - eta * A * B ** (N - 2) * ERROR) * V.T

matrix_imbalance = Theorem(
    "chou.perturbed.matrix_imbalance",
    title="One step multiplies W_2^T W_2 - W_1 W_1^T by I - eta^2 B^(2N-4) E^2",
    given=MATRICES,
    claim=Eq(
        _B_NEXT.T * _B_NEXT - _A_NEXT * _A_NEXT.T,
        V * (B**2 - A**2 - eta**2 * (B**2 - A**2) * B ** (N - 2) * B ** (N - 2) * ERROR * ERROR) * V.T,
    ),
    declared="proved",
    source=OURS,
    provenance="derived",
)


def step(at_a: Any = a, at_b: Any = b) -> tuple[Any, Any]:
    """One step of the scalar recursion."""
    return recursion.perturbed_step(N, lam, eta, at_a, at_b)


def push(at_a: Any = a, at_b: Any = b, level: Any = lam) -> Any:
    """eta b^(N-2) (lambda - p): the relative change of a + b in one step."""
    return eta * at_b ** (N - 2) * (level - at_a * at_b ** (N - 1))


sum_difference = Theorem(
    "chou.perturbed.sum_difference",
    title="One step multiplies a + b by 1 + u and b - a by 1 - u",
    given=ANYWHERE,
    claim=And(Eq(step()[1] + step()[0], (b + a) * (1 + push())), Eq(step()[1] - step()[0], (b - a) * (1 - push()))),
    declared="proved",
    source=OURS,
    provenance="derived",
)

imbalance = Theorem(
    "chou.perturbed.imbalance",
    title="One step multiplies b^2 - a^2 by 1 - eta^2 b^(2N-4) (a b^(N-1) - lambda)^2",
    given=ANYWHERE,
    claim=Eq(step()[1] ** 2 - step()[0] ** 2, (b**2 - a**2) * landmarks.imbalance_factor(N, lam, eta, a, b)),
    declared="proved",
    source=OURS,
    provenance="derived",
)

imbalance_decay = Theorem(
    "chou.perturbed.imbalance_decay",
    title="While eta b^(N-2) |e| < 1 a positive imbalance stays positive and does not increase",
    given={N: Range(2, oo), b: Interval.open(0, oo), a: Interval.open(-b, b), lam: Interval(-oo, oo), eta: Interval.open(0, oo)},
    assume=[push() < 1, push() > -1],
    claim=And(0 < step()[1] ** 2 - step()[0] ** 2, step()[1] ** 2 - step()[0] ** 2 <= b**2 - a**2),
    declared="proved",
    source=OURS,
    provenance="derived",
)

flow_imbalance = Theorem(
    "chou.perturbed.flow_imbalance",
    title="Gradient flow keeps b^2 - a^2",
    given=ANYWHERE,
    claim=Eq(2 * b * (step()[1] - b) / eta, 2 * a * (step()[0] - a) / eta),
    declared="proved",
    source=OURS,
    provenance="derived",
)

growth = Theorem(
    "chou.perturbed.growth",
    title="(b + v)^m (b - m v) is at most b^(m+1)",
    given={m: Range(0, oo), b: Interval.open(0, oo), v: Interval(0, b)},
    claim=(b + v) ** m * (b - m * v) <= b ** (m + 1),
    declared="proved",
    source="standard, from Bernoulli's inequality",
    provenance="derived",
)

q, x, y = (Symbol(name, nonnegative=True) for name in "qxy")

gain = Theorem(
    "chou.perturbed.gain",
    title="What the growth of a power from y to x costs the product in one step",
    given={
        N: Range(2, oo),
        b: Interval.open(0, oo),
        a: Interval(0, b),
        u: Interval(0, 1 / (2 * N)),
        q: Interval(0, oo),
        y: Interval(0, oo),
        x: Interval(y, oo),
    },
    assume=[(N + 2) * b * q <= 2 * N * y, x - y <= (N - 1) * q * a * u],
    claim=(a + b * u) * (x - y) <= (2 * N - 1) * u * b * y,
    declared="proved",
    source=OURS,
    provenance="derived",
)

SAFE = Interval.Lopen(0, 1 / (2 * N * R ** (2 * N - 2)))
REGION = {N: Range(2, oo), R: Interval.open(0, oo), b: Interval.Lopen(0, R), a: Interval(-b, b), delta: Interval(b**2 - a**2, oo)}
ROOM = (R**2 - delta) * R ** (2 * N - 2)
NEXT_A, NEXT_B = a + b * u, b + a * u
ONE_STEP = {**REGION, s: Interval.open(0, oo), eta: SAFE, u: FiniteSet(push(level=s))}

invariant_push = Theorem(
    "chou.perturbed.push",
    title="In the region the relative step u lies between 0 and 1/N, and 1/(2N) where a >= 0",
    given={**REGION, s: Interval.open(0, oo), eta: SAFE},
    assume=[a * b ** (N - 1) <= s, ROOM >= s**2],
    claim=And(0 <= push(level=s), push(level=s) <= 1 / N, s <= R**N),
    declared="proved",
    source=OURS,
    provenance="derived",
)

INSIDE = [a * b ** (N - 1) <= s, ROOM >= s**2]

no_overshoot = Theorem(
    "chou.perturbed.no_overshoot",
    title="A step from the region does not carry the product beyond the eigenvalue",
    given=ONE_STEP,
    assume=INSIDE,
    claim=NEXT_A * NEXT_B ** (N - 1) <= s,
    declared="proved",
    source=OURS,
    provenance="derived",
)

stays = Theorem(
    "chou.perturbed.stays",
    title="A step from the region ends in the region; a and a + b do not decrease, the imbalance does not increase",
    given=ONE_STEP,
    assume=INSIDE,
    claim=And(
        0 < NEXT_B,
        NEXT_B <= R,
        -NEXT_B <= NEXT_A,
        NEXT_A <= NEXT_B,
        a <= NEXT_A,
        a + b <= NEXT_A + NEXT_B,
        NEXT_B**2 - NEXT_A**2 <= b**2 - a**2,
    ),
    declared="proved",
    source=OURS,
    provenance="derived",
)

progress = Theorem(
    "chou.perturbed.progress",
    title="A step from the region closes at least a share eta h^(2N-2) of the gap, h at most b before and after",
    given={**ONE_STEP, low: Interval.Lopen(0, b)},
    assume=[*INSIDE, low <= NEXT_B],
    claim=s - NEXT_A * NEXT_B ** (N - 1) <= (1 - eta * low ** (2 * N - 2)) * (s - a * b ** (N - 1)),
    declared="proved",
    source=OURS,
    provenance="derived",
)

START = {N: Range(2, oo), R: Interval.open(0, oo), b: Interval.Lopen(0, R), a: Interval.Lopen(-b, b), s: Interval.open(0, oo), eta: SAFE}
STARTS_INSIDE = [a * b ** (N - 1) <= s, (R**2 - b**2 + a**2) * R ** (2 * N - 2) >= s**2]


def first(at: Any, level: Any = s, start_a: Any = a, start_b: Any = b) -> FirstFactor:
    """a after `at` steps."""
    return FirstFactor(N, level, start_a, start_b, eta, at)


def other(at: Any, level: Any = s, start_a: Any = a, start_b: Any = b) -> OtherFactor:
    """b after `at` steps."""
    return OtherFactor(N, level, start_a, start_b, eta, at)


def learned(at: Any, level: Any = s, start_a: Any = a, start_b: Any = b) -> Any:
    """The eigenvalue of the product after `at` steps."""
    return first(at, level, start_a, start_b) * other(at, level, start_a, start_b) ** (N - 1)


run = Theorem(
    "chou.perturbed.run",
    title="From the region: every iterate stays there, with |a| <= b <= R, the product below the eigenvalue, a and a + b not decreasing",
    given={**START, k: Range(0, oo)},
    assume=STARTS_INSIDE,
    claim=And(
        0 < other(k),
        other(k) <= R,
        -other(k) <= first(k),
        first(k) <= other(k),
        a + b <= first(k) + other(k),
        other(k) ** 2 - first(k) ** 2 <= b**2 - a**2,
        learned(k) <= s,
        a <= first(k),
        first(k) <= first(k + 1),
    ),
    declared="proved",
    source=OURS,
    provenance="derived",
)

linear = Theorem(
    "chou.perturbed.linear",
    title="From the region: the gap to the eigenvalue falls at least geometrically",
    given={**START, k: Range(0, oo)},
    assume=STARTS_INSIDE,
    claim=s - learned(k) <= (1 - eta * ((a + b) / 2) ** (2 * N - 2)) ** k * (s - a * b ** (N - 1)),
    declared="proved",
    source=OURS,
    provenance="derived",
)

mirror = Theorem(
    "chou.perturbed.mirror",
    title="The recursion of -lambda from (-a, b) is that of lambda from (a, b), with the sign of a changed",
    given={**ANYWHERE, k: Range(0, oo)},
    claim=And(
        Eq(first(k, -lam, -a), -first(k, lam)),
        Eq(other(k, -lam, -a), other(k, lam)),
    ),
    declared="proved",
    source=OURS,
    provenance="derived",
)
