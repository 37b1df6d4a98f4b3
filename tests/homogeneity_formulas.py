"""Printed formulas, each as a function of one exponent: with the right one the statement is covariant, with the altered one it is not.

`FORMULAS` lists (name, statement of the exponent, right exponent, altered exponent, what the warning must name).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Abs, And, Interval, Range, Symbol, exp, log, oo, sqrt

from dmftheory.claims import Factor, LearningStep, LearningTime, Theorem

N = Symbol("N", integer=True, positive=True)
L, k = Symbol("L", integer=True, positive=True), Symbol("k", integer=True, nonnegative=True)
lam, alpha, eta, M, r, s, nu, t, c, f, x = (
    Symbol(name, positive=True) for name in ("lambda", "alpha", "eta", "M", "r", "s", "nu", "t", "c", "f", "x")
)
eps, delta, phi, sigma = (Symbol(name, positive=True) for name in ("epsilon", "delta", "Phi", "sigma"))
a, b, p, q, gap = (Symbol(name, real=True) for name in ("a", "b", "p", "q", "gap"))
POSITIVE, LINE, DEPTH, STEPS = Interval.open(0, oo), Interval(-oo, oo), Range(2, oo), Range(0, oo)
Formula = tuple[str, Callable[[Any], Theorem], Any, Any, str]


def _theorem(name: str, given: dict[Any, Any], claim: Any, *assume: Any) -> Theorem:
    return Theorem(name, given=given, claim=claim, assume=assume)


def step_size(e: Any) -> Theorem:
    """B1: eta <= 1/(N M^(2N-2)) keeps every factor below its target."""
    given = {N: DEPTH, M: POSITIVE, r: Interval.Lopen(0, M), alpha: Interval.Lopen(0, r), eta: Interval.Lopen(0, 1 / (N * M**e)), k: STEPS}
    return _theorem("B1", given, Factor(N, r**N, alpha, eta, k) <= r)


def flow_time(e: Any) -> Theorem:
    """B6 at depth 2: a logarithm over twice the eigenvalue."""
    given = {lam: POSITIVE, alpha: Interval.open(0, sqrt(lam)), x: Interval.open(alpha, sqrt(lam))}
    return _theorem("B6", given, LearningTime(2, lam, alpha, x) <= log(x**2 * (lam - alpha**2) / (alpha**2 * (lam - x**2))) / (2 * lam**e))


def two_phases(e: Any) -> Theorem:
    """B8: the discrete run needs at most the flow time, stretched below the inflection point, and two steps more."""
    z = r * ((N - 1) / (2 * N - 1)) ** (1 / N)
    given = {N: Range(3, oo), r: POSITIVE, alpha: Interval.open(0, z), M: POSITIVE, eta: Interval.Lopen(0, 1 / (N * r ** (2 * N - 2)))}
    reached = LearningStep(N, r**N, alpha, eta, 1 - eps)
    first, second = LearningTime(N, r**N, alpha, z), LearningTime(N, r**N, z, r * (1 - eps) ** (1 / N))
    return _theorem(
        "B8",
        {**given, eps: Interval.open(0, 1 / N)},
        reached <= (1 + eta * M) ** (N - 1) * first / eta + second / eta + 2,
        M >= alpha ** (N - 2) * (r**e - alpha**N),
    )


def linear_rate(e: Any) -> Theorem:
    """B10: from above, the distance shrinks by 1 - eta N lambda^(2-2/N) at most."""
    given = {N: DEPTH, lam: POSITIVE, alpha: Interval.open(lam ** (1 / N), oo), eta: Interval.open(0, 1 / (N * lam**e)), k: STEPS}
    distance = Factor(N, lam, alpha, eta, k) - lam ** (1 / N)
    return _theorem("B10", given, distance <= (alpha - lam ** (1 / N)) * (1 - eta * N * lam ** (2 - 2 / N)) ** k)


def zero_decay(e: Any) -> Theorem:
    """B11: the factor of a zero eigenvalue decays like k^(-1/(2N-2))."""
    given = {N: DEPTH, alpha: POSITIVE, eta: Interval.open(0, alpha ** (2 - 2 * N)), k: STEPS}
    return _theorem("B11", given, Factor(N, 0, alpha, eta, k) ** (2 - 2 * N) >= alpha**e + (2 * N - 2) * eta * k)


def negative_decay(e: Any) -> Theorem:
    """B11 at depth 3 and more, for a negative eigenvalue."""
    given = {N: Range(3, oo), alpha: POSITIVE, s: POSITIVE, eta: POSITIVE, k: STEPS}
    return _theorem("B11-", given, Factor(N, -s, alpha, eta, k) ** (2 - N) >= alpha ** (2 - N) + (N - 2) * eta * s**e * k)


def recovery(e: Any) -> Theorem:
    """B12 at depth 3 and more: the time is alpha^(2-N)/((N-2) lambda) and a constant times lambda^(2/N-2)."""
    given = {N: Range(3, oo), lam: POSITIVE, alpha: Interval.open(0, lam ** (1 / N)), f: Interval.open(0, 1), p: LINE}
    time = LearningTime(N, lam, alpha, (f * lam) ** (1 / N))
    return _theorem("B12", given, time <= alpha ** (2 - N) / ((N - 2) * lam**e) + p * lam ** (2 / N - 2), Abs(p) <= N)


def depth_two_recovery(e: Any) -> Theorem:
    """B12 at depth 2: logarithms of alpha and of lambda, which scale away together."""
    given = {lam: POSITIVE, alpha: Interval.open(0, sqrt(lam)), f: Interval.open(0, 1)}
    time = LearningTime(2, lam, alpha, sqrt(f * lam))
    return _theorem("B12.2", given, time <= (log(1 / alpha) + log(lam * f / (1 - f)) / e) / lam)


def loss_rate(e: Any) -> Theorem:
    """Min et al., Corollary 2: the rate sqrt(D^2 + (L nu^(2-2/L))^2), printed with (L nu)^2; D is of the order of L - 1 squared factors."""
    return _loss_rate(sqrt(delta**2 + L**2 * nu**e))


def balanced_loss_rate(e: Any) -> Theorem:
    """The same for balanced factors, D = 0."""
    return _loss_rate(L * nu**e)


def _loss_rate(rate: Any) -> Theorem:
    given = {L: DEPTH, lam: POSITIVE, alpha: Interval.open(0, lam ** (1 / L)), x: Interval.open(alpha, lam ** (1 / L))}
    given |= {nu: Interval.Lopen(0, alpha**L), delta: Interval.open(0, alpha ** (2 * L - 2))}
    ratio = (lam - x**L) ** 2 / (lam - alpha**L) ** 2
    return _theorem("9.3", given, ratio <= exp(-rate * LearningTime(L, lam, alpha, x)))


def rank_one_landscape(e: Any) -> Theorem:
    """Jin et al., Lemma G.1, in two dimensions: the premise g - g* <= tau1^2 / 2, printed with tau1."""
    loss = ((p**2 - a**2) ** 2 + 2 * p**2 * q**2 + (q**2 - b**2) ** 2) / 4 - b**4 / 4
    given = {a: LINE, b: LINE, p: LINE, q: LINE}
    return _theorem("1.3", given, (p - a) ** 2 + q**2 <= 20 * loss / (a**2 - b**2), loss <= (a**2 - b**2) ** e / 2, a**2 > b**2)


def absorbing_start(e: Any) -> Theorem:
    """Chen et al., section 2.1: |x0|^2 < 2 lambda_1, printed with |x0|."""
    given = {lam: POSITIVE, eta: Interval.Lopen(0, 1 / (12 * lam)), x: POSITIVE, c: Interval(lam, 2 * lam)}
    return _theorem("0.7", given, x * (1 + eta * (lam - x**2)) <= sqrt(2 * c), x**e <= 2 * lam)


def perturbed_bound(e: Any) -> Theorem:
    """E2: the perturbed factors stay below (c |lambda|)^(1/N) for eta < 1/(9 N (c lambda)^(2-2/N))."""
    top = (c * lam) ** (1 / N)
    given = {N: DEPTH, c: Interval.open(1, oo), lam: POSITIVE, eta: Interval.open(0, 1 / (9 * N * (c * lam) ** e)), a: Interval(0, top)}
    return _theorem("E2", {**given, b: Interval(0, top)}, a - eta * b ** (N - 1) * (a * b ** (N - 1) - lam) <= top)


def linear_convergence(e: Any) -> Theorem:
    """Arora, Cohen, Golowich, Hu: rate 1 - eta c^(2(N-1)/N) for eta <= c^((4N-2)/N)/(6144 N^3 |Phi|^((6N-4)/N))."""
    bound = c ** ((4 * N - 2) / N) / (6144 * N**3 * phi ** ((6 * N - 4) / N))
    given = {N: DEPTH, phi: POSITIVE, sigma: Interval.Lopen(0, phi), c: Interval.Lopen(0, sigma), gap: Interval(0, sigma - c)}
    return _theorem("F4", {**given, eta: Interval.Lopen(0, bound), k: STEPS}, (1 - eta * c**e) ** k * gap <= sigma)


def rescaled_unit(e: Any) -> Theorem:
    """A waiting eigenvalue of the product stays below delta before its passage."""
    given = {N: DEPTH, r: POSITIVE, alpha: Interval.Lopen(0, r), eta: POSITIVE, delta: POSITIVE, k: STEPS}
    state = Factor(N, r**N, alpha, eta, k)
    return _theorem("C2", given, And(state**e < delta, state <= r), k < LearningStep(N, r**N, alpha, eta, delta / r**N))


FORMULAS: list[Formula] = [
    ("B1, step size", step_size, 2 * N - 2, 2 * N - 1, "2 - 2*N of `M` instead of 1 - 2*N"),
    ("B6, flow time", flow_time, 1, 2, "1 of `lambda`"),
    ("B8, two phases", two_phases, N, N - 1, "N of `r`"),
    ("B10, linear rate", linear_rate, 2 - 2 / N, 2 - 1 / N, "-2 + 2/N of `lambda`"),
    ("B11, zero eigenvalue", zero_decay, 2 - 2 * N, 1 - 2 * N, "2 - 2*N of `alpha`"),
    ("B11, negative eigenvalue", negative_decay, 1, 2, "1 of `s`"),
    ("B12, recovery time", recovery, 1, 2 - 2 / N, "1 of `lambda`"),
    ("B12, depth 2", depth_two_recovery, 2, 3, "log"),
    ("9.3, rate of the loss", loss_rate, 4 - 4 / L, 2, "4 - 4/L of `nu` instead of 2"),
    ("9.3, balanced", balanced_loss_rate, 2 - 2 / L, 1, "2 - 2/L of `nu`"),
    ("1.3, premise", rank_one_landscape, 2, 1, "2 of `a**2/2 - b**2/2`"),
    ("0.7, start", absorbing_start, 2, 1, "2 of `x`"),
    ("E2, perturbed", perturbed_bound, 2 - 2 / N, 2 - 1 / N, "of `lambda`"),
    ("Arora et al., rate", linear_convergence, 2 * (N - 1) / N, 2, "of `c`"),
    ("C2, waiting", rescaled_unit, N, N - 1, "N of `"),
]
