"""Proofs about the order of the factors: the map increases where its slope does not change sign, then induction over the steps."""

from typing import Any

from dmftheory.proofs.lemmas.inequalities import monotone
from sympy import And

from dmftheory.claims.proof import Cases, Derivative, Have, Induct, Proof, Rewrite, algebra, lemma
from dmftheory.theorems.chou.order import (
    M,
    N,
    Y,
    a,
    alpha,
    eta,
    factor,
    g,
    k,
    lam,
    lost,
    mu,
    n,
    r,
    s,
    slope_lost,
    step,
    x,
    y,
)

PEAKS = (lemma("chou.order.peak", n=N - 2, w=1 - g), lemma("chou.order.peak", n=2 * N - 2, w=1 - g))


def _first_step() -> Proof:
    """The left side is linear in a: look at a = 0 and a = g, or at a = g and a = 1/N."""
    high = (1 - g) ** (N - 2) * (N - 1) * g
    middle = (2 * N - 1) * g * (1 - g) ** (2 * N - 2)
    end = (1 - g) ** (N - 2) * ((2 * N - 1) * (1 - g) ** N - (N - 1) + N * (N - 1) * g) <= N
    powers = And((1 - g) ** (N - 2) >= 0, (1 - g) ** N >= 0, (1 - g) ** (N - 2) <= 1)
    bounded = And(high <= 1, middle <= 1)
    at_end = algebra(lemma("lemma.bernoulli_upper", n=N, h=g))
    return Have(
        powers,
        algebra(),
        Have(bounded, algebra(*PEAKS), Cases(a <= g, algebra(), Have(end, at_end, algebra()))),
    )


def _after_first_step() -> Proof:
    small = And(0 <= lost, lost <= 1, eta * alpha ** (2 * N - 2) <= 1 / N)
    return Have(
        small,
        algebra(monotone(2 * N - 2, alpha, M), monotone(N - 2, alpha, M), monotone(N, alpha, M)),
        algebra(lemma("chou.order.first_step", N=N, g=lost, a=eta * alpha ** (2 * N - 2))),
    )


def _next(larger: Any, smaller: Any, top: Any, ordered: Proof, more: tuple[Any, ...] = ()) -> Proof:
    """The states at k are ordered and in [0, top], by `ordered`; hence so are the next ones."""
    low, high = factor(smaller, k), factor(larger, k)
    by_step = lemma("chou.order.one_step", N=N, eta=eta, **{"lambda": larger}, mu=smaller, Y=top, x=low, y=high)
    by_sign = lemma("chou.order.stays_nonnegative", N=N, M=M, **{"lambda": smaller}, eta=eta, x=low)
    rest = Have(And(step(low, smaller) >= 0, step(high, larger) <= top), algebra(by_sign, *more), algebra(drop=(N, M, eta, *range(4))))
    return Have(
        And(0 <= low, low <= high, high <= top),
        ordered,
        Have(And(top <= M, smaller <= M**N), algebra(*more), Have(step(low, smaller) <= step(high, larger), algebra(by_step), rest)),
    )


def _below() -> Proof:
    rises = algebra(lemma("chou.step_size.increasing", N=N, M=M, r=r, alpha=alpha, eta=eta, k=k))
    wide = And(slope_lost(r, r**N) <= 1, r**N <= M**N)
    return Have(wide, algebra(monotone(2 * N - 2, r, M), monotone(N, r, M)), Induct(k, algebra(), _next(r**N, mu, r, rises, rises.facts)))


def _later(larger: Any, range_: tuple[Any, ...], falls: Any) -> Proof:
    """Both states are at most `top` from the first step on, where the map of the larger eigenvalue increases."""
    loss = eta * alpha ** (N - 2) * (alpha**N - larger)
    top = alpha - eta * alpha ** (N - 1) * (alpha**N - larger)
    first = lemma("chou.order.after_first_step", N=N, M=M, alpha=alpha, **{"lambda": larger}, eta=eta, g=loss)
    flat = Have(
        And(0 <= loss, loss <= 1, slope_lost(alpha * (1 - loss), larger) <= 1),
        algebra(first, *range_),
        Rewrite(top, alpha * (1 - loss), algebra(), algebra()),
    )
    start = algebra(lemma("chou.order.stays_nonnegative", N=N, M=M, **{"lambda": mu}, eta=eta, x=alpha), *range_)
    return Have(slope_lost(top, larger) <= 1, flat, Induct(k, start, _next(larger, mu, top, algebra(), (*range_, falls))))


PROOFS: dict[str, Proof] = {
    "chou.order.peak": Induct(n, algebra(), algebra()),
    "chou.order.map_increases": Derivative(y, x, algebra(), algebra(monotone(N - 2, y, Y), monotone(N, y, Y))),
    "chou.order.first_step": _first_step(),
    "chou.order.after_first_step": _after_first_step(),
    "chou.order.stays_nonnegative": algebra(monotone(N - 2, x, M), monotone(N, x, M)),
    "chou.order.one_step": algebra(lemma("chou.order.map_increases", N=N, eta=eta, **{"lambda": lam}, Y=Y, x=x, y=y)),
    "chou.order.below": _below(),
    "chou.order.above_later": _later(
        r**N, (monotone(N, r, alpha), monotone(N, alpha, M)), lemma("chou.step_size.decreasing", N=N, M=M, alpha=alpha, r=r, eta=eta, k=k)
    ),
    "chou.order.nonpositive_later": _later(
        -s, (monotone(N, alpha, M),), lemma("chou.step_size.nonpositive", N=N, M=M, s=s, alpha=alpha, eta=eta, k=k)
    ),
    "chou.order.above": Induct(k, algebra(), algebra(lemma("chou.order.above_later", N=N, M=M, alpha=alpha, r=r, mu=mu, eta=eta, k=k + 1))),
    "chou.order.nonpositive": Induct(
        k, algebra(), algebra(lemma("chou.order.nonpositive_later", N=N, M=M, alpha=alpha, s=s, mu=mu, eta=eta, k=k + 1))
    ),
}
