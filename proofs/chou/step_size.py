"""Proofs about step sizes: one step at a time by the difference of two powers, then induction over the steps."""

from pathlib import Path

from dmftheory.proofs.lemmas.inequalities import monotone
from sympy import Abs, And, Symbol

from dmftheory.claims import Factor
from dmftheory.claims.proof import Have, Induct, Intro, Kernel, Let, Proof, Rewrite, WithKernel, algebra, lemma, split
from dmftheory.theorems.chou.step_size import M, N, alpha, d, delta, eta, h, k, r, s, tau, x0

SOURCE = Path(__file__).with_suffix(".v").read_text(encoding="utf-8")
u, v = Symbol("u", real=True), Symbol("v", real=True)


def _below() -> Proof:
    at = Factor(N, r**N, alpha, eta, k)
    one_step = algebra(
        lemma("lemma.power_difference", n=N, a=at, b=r),
        monotone(N - 1, at, M),
        monotone(N - 1, r, M),
        monotone(N, at, r),
    )
    return Have(And(alpha <= at, at <= r), Induct(k, algebra(), one_step), one_step)


def _above() -> Proof:
    at = Factor(N, r**N, alpha, eta, k)
    one_step = algebra(
        lemma("lemma.power_difference", n=N, a=r, b=at),
        monotone(N - 1, at, M),
        monotone(N, r, at),
    )
    return Have(And(r <= at, at <= alpha), Induct(k, algebra(), one_step), one_step)


def _nonpositive() -> Proof:
    at = Factor(N, -s, alpha, eta, k)
    one_step = algebra(monotone(N - 2, at, M), monotone(N, at, M))
    return Have(And(at >= 0, at <= alpha), Induct(k, algebra(), one_step), one_step)


def _field() -> Proof:
    """f(1 + h) + N h = u - v with u, v the errors of the linear parts of the two powers in f."""
    field = (1 + h) ** (N - 1) * (1 - (1 + h) ** N) + N * h
    small = Have(
        And(Abs(u) <= (N - 1) ** 2 * h**2, Abs(v) <= (2 * N - 1) ** 2 * h**2),
        split(algebra(lemma("lemma.linearisation", n=N - 1, h=h)), algebra(lemma("lemma.linearisation", n=2 * N - 1, h=h))),
        Rewrite(field, u - v, algebra(), algebra(drop=(u, v))),
    )
    named = Let(u, (1 + h) ** (N - 1) - 1 - (N - 1) * h, Let(v, (1 + h) ** (2 * N - 1) - 1 - (2 * N - 1) * h, small))
    return Have((N - 1) * Abs(h) <= 1, algebra(), named)


def _threshold() -> Proof:
    by_multiplier = algebra(lemma("chou.stability.multiplier", N=N, tau=tau, h=h))
    return split(Intro(by_multiplier), Intro(by_multiplier))


def _invariant() -> Proof:
    """tau N <= 1, x^(N-1) <= 1 and 1 - x^N <= N (1 - x)."""
    return algebra(lemma("lemma.bernoulli", n=N, h=x0 - 1))


PROOFS: dict[str, Proof] = {
    "chou.step_size.increasing": _below(),
    "chou.step_size.decreasing": _above(),
    "chou.step_size.nonpositive": _nonpositive(),
    "chou.step_size.sharp": algebra(lemma("lemma.bernoulli", n=N - 1, h=-delta), lemma("lemma.bernoulli_upper", n=N, h=delta)),
    "chou.stability.field": _field(),
    "chou.stability.multiplier": algebra(lemma("chou.stability.field", N=N, h=h)),
    "chou.stability.threshold": _threshold(),
    "chou.step_size.monotone_map_positive": algebra(monotone(2 * N - 2, d, M)),
    "chou.step_size.invariant": WithKernel(_invariant(), Kernel("invariant", SOURCE)),
}
