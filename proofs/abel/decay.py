"""Proofs about a zero eigenvalue: two integrations of an elementary bound, and a sum that telescopes."""

from typing import Any

from dmftheory.proofs.lemmas.inequalities import monotone
from sympy import And, Eq, Symbol, diff

from dmftheory.claims import Iterate, Theorem
from dmftheory.claims.formula import relations
from dmftheory.claims.proof import Defined, Derivative, Have, Induct, Let, LogProduct, Proof, Rewrite, algebra, lemma, split
from dmftheory.theorems.abel.count import between
from dmftheory.theorems.abel.decay import (
    BEND,
    EXCESS,
    SLOPE,
    STATE,
    M,
    N,
    after,
    b,
    cost,
    count,
    excess,
    f,
    g,
    h,
    k,
    m,
    ratio,
    slope,
    tau,
    x,
    x0,
    z,
)


def _integrated(theorem: Theorem, value: Any, change: Any, below: str) -> Proof:
    """Both bounds by their derivatives: that of `value` is `change`, which the theorem `below` bounds."""
    known = lemma(below, m=m, b=b, g=g)
    parts = []
    for part in relations(theorem.conclusion):
        raw = diff(part.left - part.right, g)
        left, right = (change if side == value else diff(side, g) for side in (part.left, part.right))
        parts.append(Derivative(g, 0, algebra(), Rewrite(raw, left - right, algebra(), algebra(known))))
    return split(*parts)


TAKEN = ratio(x)
LEFT = 1 - TAKEN
MOVED = x * LEFT
KEPT = And(TAKEN > 0, LEFT > 0)
E, W = (Symbol(name, real=True) for name in "EW")


def _one_step() -> Proof:
    """E times m g is the excess W of the share that the step takes away."""
    missed, whole = count(x, z) - 1, EXCESS.subs({m: 2 * N - 2, g: TAKEN}, simultaneous=True)
    most = (2 * N - 2) * TAKEN**3 * cost(TAKEN)
    same = Rewrite(E, missed, algebra(), Rewrite(W, whole, algebra(), Rewrite(z, MOVED, algebra(), algebra(LogProduct(x, LEFT)))))
    bounded = algebra(lemma("abel.decay.excess", m=2 * N - 2, b=TAKEN, g=TAKEN))
    last = Have(cost(TAKEN) > 0, algebra(drop=(1, 2, E, W, z)), Rewrite(missed, E, algebra(), algebra(drop=(E, W, z))))
    known = Have(Eq(E * (2 * N - 2) * TAKEN, W), same, Have(between(0, W, most), bounded, last))
    return Have(KEPT, algebra(), Let(E, missed, Let(W, whole, known)))


def _share_falls() -> Proof:
    """(1-g)^m (1 + m g) <= 1."""
    known = And(LEFT ** (2 * N - 2) * (1 + (2 * N - 2) * TAKEN) <= 1, LEFT ** (2 * N - 2) >= 0)
    proof = Have(known, algebra(lemma("lemma.bernoulli_inverse", n=2 * N - 2, h=TAKEN)), Rewrite(z, MOVED, algebra(), algebra()))
    return Have(KEPT, algebra(), proof)


INSIDE = algebra(lemma("abel.decay.inside", N=N, x0=x0, tau=tau, k=k))
AFTER = Iterate(N, tau, x0, k + 1, 0).unfold()


def _telescope() -> Proof:
    pays = M * h**2 <= (1 + M * h) * (h - after)
    dear = Have(And(h - after >= 0, M * h**2 <= (1 + M * f) * (h - after)), algebra(), algebra())
    return Have(pays, algebra(), dear)


def _inside() -> Proof:
    falling = Have(tau * STATE ** (2 * N - 2) < 1, algebra(monotone(2 * N - 2, STATE, x0)), algebra())
    return Induct(k, algebra(), Have(And(STATE > 0, STATE <= x0), algebra(), falling))


def _steps() -> Proof:
    """The cost at a state is at most that at the start."""
    first, here = ratio(x0), ratio(STATE)
    next_ = ratio(AFTER)
    one = lemma("abel.decay.one_step", N=N, x=STATE, tau=tau, z=AFTER)
    paid = lemma("abel.decay.share_falls", N=N, x=STATE, tau=tau, z=AFTER)
    kept = And(STATE > 0, STATE <= x0)
    low = And(here <= first, here > 0, first < 1)
    dear = And(cost(here) <= cost(first), cost(here) >= 0)
    spent = cost(here) * here**2 <= cost(first) * (1 + (2 * N - 2) * first) / (2 * N - 2) * (here - next_)
    prices = lemma("abel.decay.telescope", M=2 * N - 2, C=cost(first), c=cost(here), f=first, h=here, h_after=next_)
    fall = next_ <= here - (2 * N - 2) * here**2 / (1 + (2 * N - 2) * here)
    by_prices = Have(fall, algebra(paid, drop=(0, 3)), algebra(prices, drop=(0, 1)))
    more = algebra(one)
    dearer = Have(dear, algebra(monotone(2 * N + 1, 1 - first, 1 - here)), Have(spent, by_prices, more))
    step = Have(kept, INSIDE, Have(low, algebra(monotone(2 * N - 2, STATE, x0)), dearer))
    return Defined(INSIDE, Induct(k, algebra(), step))


PROOFS: dict[str, Any] = {
    "abel.decay.bend": split(
        algebra(lemma("lemma.bernoulli", n=m, h=-g)),
        algebra(lemma("lemma.inverse_power", n=m + 2, h=g, q=1 - b)),
    ),
    "abel.decay.slope": _integrated(slope, SLOPE, (m + 1) * BEND, "abel.decay.bend"),
    "abel.decay.excess": _integrated(excess, EXCESS, m * SLOPE, "abel.decay.slope"),
    "abel.decay.one_step": _one_step(),
    "abel.decay.share_falls": _share_falls(),
    "abel.decay.telescope": _telescope(),
    "abel.decay.inside": _inside(),
    "abel.decay.steps": _steps(),
}
