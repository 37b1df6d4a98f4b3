"""Proofs about two eigenvalues: from one step to the next, then by induction. The other statements are a conjecture, and two false ones."""

from typing import Any

from dmftheory.proofs.lemmas.inequalities import monotone
from sympy import And

from dmftheory.claims.proof import Have, Induct, Intro, Proof, Rewrite, algebra, lemma, split
from dmftheory.theorems.chou.rank_curve import (
    N,
    alpha,
    eta,
    g,
    growth,
    h,
    j,
    k,
    large,
    next_step,
    pull,
    q,
    r,
    small,
    two,
    u,
    v,
    x,
    y,
)

SETS = (N, r, q, y, x, eta, g, h)


def _growth_kept() -> Proof:
    """With D = x^(2N-2): eta D (h^N - g^N) <= eta D N h^(N-1) (h - g) <= h - g, since x h <= q; and D <= y^(2N-2)."""
    left, right = x ** (N - 2) * (q**N - x**N * h**N), y ** (N - 2) * (r**N - y**N * g**N)
    lost = x ** (2 * N - 2)
    basic = And(1 <= g, 1 <= h, N * eta * q ** (2 * N - 2) <= 1)
    grown = And(g ** (N - 2) <= h ** (N - 2), g ** (N - 2) >= 0)
    no_overshoot = lemma("chou.order.map_increases", N=N, eta=eta, Y=q, x=x, y=q, **{"lambda": q**N})
    steps = (
        (basic, split(*(algebra(monotone(N, y, r), monotone(N, x, q), monotone(2 * N - 2, q, r)) for _ in basic.args))),
        (x * h <= q, algebra(no_overshoot)),
        (N * eta * lost * h ** (N - 1) <= 1, algebra(monotone(N - 1, x * h, q), monotone(N - 1, x, q))),
        (left >= 0, algebra(monotone(N, x * h, q))),
        (h**N - g**N <= N * h ** (N - 1) * (h - g), algebra(lemma("lemma.power_difference", n=N, a=g, b=h))),
        (eta * lost * (h**N - g**N) <= h - g, algebra()),
        (right <= left, algebra(monotone(2 * N - 2, x, y), monotone(N, 1, g))),
        (grown, split(*(algebra(monotone(N - 2, g, h)) for _ in grown.args))),
        (g ** (N - 2) * left <= h ** (N - 2) * left, algebra(drop=(*SETS, 0, 1, 2, 3, 4, 6, 7, 8))),
        (g ** (N - 2) * right <= g ** (N - 2) * left, algebra(drop=(*SETS, 0, 1, 2, 3, 4, 5, 6, 7, 10))),
    )
    tree: Proof = algebra(drop=(*SETS, *range(10)))
    for fact, shown in reversed(steps):
        tree = Have(fact, shown, tree)
    return Intro(tree)


def _next_step() -> Proof:
    slow, fast = growth(y, r), growth(x, q)
    kept = algebra(lemma("chou.rank_curve.growth_kept", N=N, r=r, q=q, y=y, x=x, eta=eta, g=slow, h=fast))
    return Intro(Have(slow <= fast, algebra(), Rewrite(u, x * fast, algebra(), Rewrite(v, y * slow, algebra(), kept))))


def _two() -> Proof:
    before, after = (small(k), large(k)), (small(k + 1), large(k + 1))
    known = And(0 < before[0], before[0] <= before[1], before[1] <= r, before[0] <= q, 0 < after[0], 0 < after[1])
    rising = [lemma("chou.step_size.increasing", N=N, M=r, r=root, alpha=alpha, eta=eta, k=k) for root in (r, q)]
    ordered = lemma("chou.order.below", N=N, M=r, r=r, mu=q**N, alpha=alpha, eta=eta, k=k)
    step = lemma(next_step.id, N=N, r=r, q=q, y=before[1], x=before[0], eta=eta, u=after[0], v=after[1])
    shown = split(*(algebra(monotone(N, q, r), *rising, ordered) for _ in known.args))
    return Intro(Have(known, shown, Have(pull(after[1], r) <= pull(after[0], q), algebra(step), algebra(drop=(r, q, N, alpha, 0)))))


PROOFS: dict[str, Any] = {
    "chou.rank_curve.growth_kept": _growth_kept(),
    "chou.rank_curve.next_step": _next_step(),
    "chou.rank_curve.two": _two(),
    "chou.rank_curve.two_for_good": Induct(j, algebra(), Intro(algebra(lemma(two.id, N=N, r=r, q=q, alpha=alpha, eta=eta, k=k + j)))),
}
