"""Proofs of the decay bounds: one step multiplies the factor by 1 - h, and Bernoulli's inequality bounds (1 - h)^-m on both sides."""

from typing import Any

from dmftheory.proofs.lemmas.inequalities import monotone
from sympy import And, Implies, Integer

from dmftheory.claims import Factor
from dmftheory.claims.proof import Defined, Have, Induct, Proof, Rewrite, algebra, lemma
from dmftheory.theorems.chou.decay import STATE, N, alpha, eta, k, s, t


def _inverse_powers(lam: Any, m: Any, force: Any) -> Proof:
    """d' = d (1 - h) with h = eta d^m force(d): by the lemma d'^-m - d^-m lies between m h d^-m and m h d^-m / q^(m+1)."""
    at, after = Factor(N, lam, alpha, eta, k), Factor(N, lam, alpha, eta, k + 1).unfold()
    h, h0 = eta * at**m * force(at), eta * alpha**m * force(alpha)
    q = 1 - h0
    low = at ** (-m) >= alpha ** (-m) + m * eta * force(0) * k
    high = at ** (-m) <= alpha ** (-m) + m * eta * force(alpha) * k / q ** (m + 1)
    inside = And(at > 0, at <= alpha)
    small = And(h > 0, h <= h0, h0 < 1)
    growth = And((1 - h) ** (-m) >= 1 + m * h, (1 - h) ** (-m) <= 1 + m * h / q ** (m + 1))
    step = Have(
        Implies(inside, small),
        algebra(monotone(m, at, alpha), monotone(N, at, alpha)),
        Have(
            Implies(inside, growth),
            algebra(lemma("lemma.inverse_power", n=m, h=h, q=q)),
            Rewrite(after, at * (1 - h), algebra(), algebra()),
        ),
    )
    inside_always = algebra(lemma("chou.decay.positive", N=N, alpha=alpha, t=-lam, eta=eta, k=k))
    return Defined(inside_always, Have(And(inside, low, high), Induct(k, algebra(), step), algebra()))


def _negative_depth_two() -> Proof:
    at = Factor(2, -s, alpha, eta, k)
    low, high = 1 - eta * (s + alpha**2), 1 - eta * s
    bounds = And(at >= 0, at <= alpha, alpha * low**k <= at, at <= alpha * high**k)
    return Have(And(low >= 0, high >= 0), algebra(), Have(bounds, Induct(k, algebra(), algebra()), algebra()))


def _positive() -> Proof:
    at = Factor(N, -t, alpha, eta, k)
    step = algebra(monotone(N - 2, at, alpha), monotone(N, at, alpha))
    return Induct(k, algebra(), step)


PROOFS: dict[str, Proof] = {
    "chou.decay.positive": _positive(),
    "chou.decay.zero": _inverse_powers(Integer(0), 2 * N - 2, lambda d: Integer(1)),
    "chou.decay.negative": _inverse_powers(-s, N - 2, lambda d: d**N + s),
    "chou.decay.negative_depth_two": _negative_depth_two(),
    "chou.decay.loss_left": Have(
        And(STATE >= 0, STATE <= alpha),
        Induct(k, algebra(), algebra(monotone(N - 2, STATE, alpha), monotone(N, STATE, alpha))),
        algebra(monotone(N, STATE, alpha)),
    ),
}
