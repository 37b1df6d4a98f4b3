"""Perturbed identical initialisation: scaled coordinates, the saddle, learning times, and which sign is learned first (E4, E5, E6)."""

from typing import Any

from sympy import And, Eq, FiniteSet, Implies, Integer, Interval, Min, Range, Symbol, diff, log, oo, sqrt

from dmftheory.claims import Factor, ImbalancedTime, Theorem
from dmftheory.model import perturbed, recursion
from dmftheory.theorems.chou.perturbed import OURS, PAPER, SAFE, N, R, a, alpha, b, beta, eta, first, k, lam, learned, other, push, s, x, y
from dmftheory.theorems.chou.perturbed_bound import NEGATIVE, POSITIVE

B, d, q, z = (Symbol(name, positive=True) for name in ("B", "d", "q", "z"))
T, L = Symbol("T", positive=True), Symbol("L", positive=True)
delta = Symbol("delta", nonnegative=True)
h11, h12, h22, v, w = (Symbol(name, real=True) for name in ("h11", "h12", "h22", "v", "w"))
norm, spread = Symbol("sigma", real=True), Symbol("rho", nonnegative=True)

SCALED = {N: Range(2, oo), q: FiniteSet(sqrt(N - 1)), lam: Interval(-oo, oo), a: Interval(-oo, oo), b: Interval.open(0, oo)}
LOSS = perturbed.scaled_loss(N, lam, a, B, q)


def _at(expr: Any) -> Any:
    """A function of the coordinates (a, B) at B = q b."""
    return expr.subs(B, q * b)


_MOVED = recursion.perturbed_step(N, lam, eta, a, b)

scaled_descent = Theorem(
    "chou.perturbed.scaled_descent",
    title="In (a, sqrt(N-1) b) the recursion is gradient descent on (a b^(N-1) - lambda)^2 / 2",
    given={**SCALED, eta: Interval.open(0, oo)},
    claim=And(Eq(a - eta * _at(diff(LOSS, a)), _MOVED[0]), Eq(q * b - eta * _at(diff(LOSS, B)), q * _MOVED[1])),
    declared="proved",
    source=OURS,
    provenance="derived",
)

_H11, _H12, _H22 = perturbed.hessian(N, lam, a, b, q)

hessian = Theorem(
    "chou.perturbed.hessian",
    title="The Hessian in scaled coordinates, entry by entry",
    given=SCALED,
    claim=And(
        Eq(_at(diff(LOSS, a, a)), _H11),
        Eq(_at(diff(LOSS, a, B)), _H12),
        Eq(_at(diff(LOSS, B, B)), _H22),
    ),
    declared="proved",
    source=OURS,
    provenance="derived",
)

_STEP_A, _STEP_B = (part.subs(b, B / q) for part in (_MOVED[0], q * _MOVED[1]))

symmetric = Theorem(
    "chou.perturbed.symmetric",
    title="The Jacobian of the recursion in scaled coordinates is symmetric",
    given={**SCALED, eta: Interval.open(0, oo)},
    claim=Eq(_at(diff(_STEP_A, B)), _at(diff(_STEP_B, a))),
    declared="proved",
    source=OURS,
    provenance="derived",
)

contraction = Theorem(
    "chou.perturbed.contraction",
    title="A symmetric matrix lengthens no vector by more than |mean| + sqrt(half difference^2 + off-diagonal^2)",
    given={
        **dict.fromkeys((h11, h12, h22, v, w), Interval(-oo, oo)),
        spread: Interval(0, oo),
        norm: Interval((h11 + h22) / 2 + spread, oo),
    },
    assume=[spread**2 >= (h11 - h22) ** 2 / 4 + h12**2, norm >= spread - (h11 + h22) / 2],
    claim=(h11 * v + h12 * w) ** 2 + (h12 * v + h22 * w) ** 2 <= norm**2 * (v**2 + w**2),
    declared="proved",
    source="standard, the spectral norm of a symmetric 2 x 2 matrix",
    provenance="derived",
)

saddle = Theorem(
    "chou.perturbed.saddle",
    title="Depth 2: the origin is a strict saddle, the loss bends by -lambda along (1, 1) and by +lambda along (1, -1)",
    given={lam: Interval(-oo, oo), v: Interval(-oo, oo)},
    claim=And(
        Eq((v * v - lam) ** 2 / 2 - lam**2 / 2, -lam * v**2 + v**4 / 2),
        Eq((v * -v - lam) ** 2 / 2 - lam**2 / 2, lam * v**2 + v**4 / 2),
    ),
    declared="proved",
    source=OURS,
    provenance="derived",
)

manifold = Theorem(
    "chou.perturbed.manifold",
    title="Equal factors stay equal: identical initialisation is an invariant manifold",
    given={N: Range(2, oo), lam: Interval(-oo, oo), d: Interval.open(0, oo), eta: Interval.open(0, oo), k: Range(0, oo)},
    claim=And(Eq(first(k, lam, d, d), Factor(N, lam, d, eta, k)), Eq(other(k, lam, d, d), Factor(N, lam, d, eta, k))),
    declared="proved",
    source=OURS,
    provenance="derived",
)

amplified = Theorem(
    "chou.perturbed.amplified",
    title="Depth 2, negative eigenvalue: while the product is not negative a step multiplies b - a by at least 1 + eta |lambda|",
    given={s: Interval.open(0, oo), eta: Interval.open(0, oo), b: Interval.open(0, oo), a: Interval(0, b)},
    claim=(b - eta * a * (a * b + s)) - (a - eta * b * (a * b + s)) >= (1 + eta * s) * (b - a),
    declared="proved",
    source=OURS,
    provenance="derived",
)

_BOX = {T: Interval.open(0, oo), L: Interval.open(0, oo)}
_ROOTS = (T**2 - L**2) / 4, T * L
TIMES = f"{PAPER}, learning under perturbed initialisation; closed form ours (the hyperbolic solution of two unbalanced layers)"


def _logistic(at: Any) -> Any:
    """(s^2 + L^2)/(T^2 - s^2): its logarithm grows at the constant rate (T^2 + L^2)/2 in flow time."""
    return (at**2 + L**2) / (T**2 - at**2)


time_two = Theorem(
    "chou.perturbed.time_two",
    title="Depth 2, rising: the flow time is a logarithm of s^2 = (a + b)^2; lambda = (T^2 - L^2)/4, delta = T L",
    given={**_BOX, x: Interval.open(0, T), y: Interval.Ropen(x, T)},
    claim=Eq(ImbalancedTime(2, *_ROOTS, x, y), 2 / (T**2 + L**2) * log(_logistic(y) / _logistic(x))),
    declared="proved",
    source=TIMES,
    provenance="derived",
)

time_two_falling = Theorem(
    "chou.perturbed.time_two_falling",
    title="Depth 2, falling (negative eigenvalues too): the same with the product above the eigenvalue",
    given={**_BOX, y: Interval.open(T, oo), x: Interval(y, oo)},
    claim=Eq(ImbalancedTime(2, *_ROOTS, x, y), 2 / (T**2 + L**2) * log(_logistic(y) / _logistic(x))),
    declared="proved",
    source=TIMES,
    provenance="derived",
)

time_variable = Theorem(
    "chou.perturbed.time_variable",
    title="The integrand in a, with b = sqrt(a^2 + delta), and the one in s = a + b are the same",
    given={N: Range(2, oo), lam: Interval(-oo, oo), delta: Interval.open(0, oo), z: Interval.open(0, oo)},
    assume=[perturbed.sum_product(N, delta, z) < lam],
    claim=Eq(
        diff(perturbed.on_hyperbola(delta, z)[0], z)
        / (perturbed.on_hyperbola(delta, z)[1] ** (N - 1) * (lam - perturbed.sum_product(N, delta, z))),
        1 / perturbed.sum_field(N, lam, delta, z),
    ),
    declared="proved",
    source=TIMES,
    provenance="derived",
)

dominated = Theorem(
    "chou.perturbed.dominated",
    title="Below half the eigenvalue a step keeps order: larger factors of one run stay larger",
    given={
        N: Range(2, oo),
        R: Interval.open(0, oo),
        y: Interval.Lopen(0, R),
        x: Interval(0, y),
        b: Interval.Lopen(0, y),
        a: Interval(0, x),
        s: Interval.open(0, oo),
        eta: SAFE,
    },
    assume=[2 * x * y ** (N - 1) <= s],
    claim=And(a + b * push(a, b, s) <= x + y * push(x, y, s), b + a * push(a, b, s) <= y + x * push(x, y, s)),
    declared="proved",
    source=OURS,
    provenance="derived",
)

BOTH_SIGNS = {
    N: Range(2, oo),
    R: Interval.open(0, oo),
    alpha: Interval.Lopen(0, R),
    beta: Interval.open(0, alpha),
    s: Interval.open(0, oo),
    eta: SAFE,
    k: Range(0, oo),
}
ROOM = [s * alpha <= (alpha - beta) * R**N, (alpha - beta) * alpha ** (N - 1) <= s]
SIGNS = f"{PAPER}, negative eigenvalues under perturbed initialisation are learned later; form ours"

negative_step = Theorem(
    "chou.perturbed.negative_step",
    title="One step towards -lambda moves no farther than one towards lambda from larger factors, below half of it",
    given={
        N: Range(2, oo),
        R: Interval.open(0, oo),
        y: Interval.Lopen(0, R),
        x: Interval(0, y),
        b: Interval.Lopen(0, y),
        a: Interval(-Min(x, b), Min(x, b)),
        s: Interval.open(0, oo),
        eta: SAFE,
    },
    assume=[2 * x * y ** (N - 1) <= s],
    claim=And(
        -(a + b * push(a, b, -s)) <= x + y * push(x, y, s),
        a + b * push(a, b, -s) <= x + y * push(x, y, s),
        b + a * push(a, b, -s) <= y + x * push(x, y, s),
    ),
    declared="proved",
    source=OURS,
    provenance="derived",
)

no_sooner_half = Theorem(
    "chou.perturbed.no_sooner_half",
    title="Up to half the eigenvalue: the factors of lambda are ahead of those of -lambda at every step",
    given=BOTH_SIGNS,
    assume=ROOM,
    claim=Implies(
        2 * learned(*POSITIVE) <= s,
        And(
            -first(*NEGATIVE) <= first(*POSITIVE),
            first(*NEGATIVE) <= first(*POSITIVE),
            other(*NEGATIVE) <= other(*POSITIVE),
        ),
    ),
    declared="proved",
    source=SIGNS,
    provenance="derived",
)

half = Theorem(
    "chou.perturbed.half",
    title="Up to half the eigenvalue: lambda is learned no later than -lambda",
    given=BOTH_SIGNS,
    assume=ROOM,
    claim=Implies(2 * learned(*POSITIVE) <= s, -learned(*NEGATIVE) <= learned(*POSITIVE)),
    declared="proved",
    source=SIGNS,
    provenance="derived",
)

share, level = Symbol("v", nonnegative=True), Symbol("s", real=True)
_DRAWN = {N: Range(2, 9), alpha: Interval.Lopen(0, 1), beta: Interval.open(0, alpha)}
_STARTS = (alpha - beta) / alpha * ((1 - share) * alpha**N + share)
DRAWN = {**_DRAWN, share: Interval(0, 1), level: FiniteSet(_STARTS), eta: SAFE.xreplace({R: Integer(1)}), k: Range(0, 500)}
"""`BOTH_SIGNS` with ROOM built in and R = 1, by scaling: every eigenvalue between the two bounds."""


def _drawn(steps: Any, sign: int) -> Any:
    return learned(steps, sign * level, alpha - beta, alpha)


no_sooner = Theorem(
    "chou.perturbed.no_sooner",
    title="At every step lambda is learned to at least the share to which -lambda is",
    given=DRAWN,
    claim=-_drawn(k, -1) <= _drawn(k, 1),
    declared="supported",
    source=SIGNS,
    provenance="conjecture",
)

theta, M = Symbol("theta", positive=True), Symbol("M", positive=True)
_POSITIVE_NEXT, _NEGATIVE_NEXT = (k + 1, s, alpha - beta, alpha), (k + 1, -s, alpha - beta, alpha)

later = Theorem(
    "chou.perturbed.later",
    title="At this step size -lambda is at least one step behind lambda: it needs more steps to any share",
    given=DRAWN,
    claim=-_drawn(k + 1, -1) <= _drawn(k, 1),
    declared="supported",
    source=SIGNS,
    provenance="conjecture",
)

always_later = Theorem(
    "chou.perturbed.always_later",
    title="-lambda always needs more steps than lambda, whatever the perturbation (false: large steps, beta close to alpha)",
    given={
        N: Range(2, 5),
        M: Interval.open(0, oo),
        alpha: Interval.Lopen(0, M),
        s: Interval.Lopen(0, M**N),
        beta: Interval.open(9 * alpha / 10, alpha),
        eta: Interval(9 / (10 * N * M ** (2 * N - 2)), 1 / (N * M ** (2 * N - 2))),
        theta: Interval.open(0, 1),
        k: Range(0, 1),
    },
    claim=Implies(And(learned(*POSITIVE) < theta * s, learned(*_POSITIVE_NEXT) >= theta * s), -learned(*_NEGATIVE_NEXT) < theta * s),
    declared="refuted",
    source=f"{PAPER}, order of the two signs under perturbed initialisation, read without a condition on the step size",
    provenance="conjecture",
)
