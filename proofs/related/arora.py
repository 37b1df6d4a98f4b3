"""Proofs for balanced factors: identities, and one step of the product by the difference of two powers."""

from typing import Any

from dmftheory.proofs.lemmas.inequalities import monotone
from sympy import And

from dmftheory.claims import Factor
from dmftheory.claims.proof import Have, Induct, Rewrite, algebra, lemma, split
from dmftheory.theorems.related.arora import KEPT, M, N, alpha, d, e, eta, k, moved, q, r


def _below() -> Any:
    """d' = d (1 + h), and (1 + h)^N >= 1 + N h."""
    h = eta * d ** (N - 2) * (r**N - d**N)
    grown = lemma("lemma.bernoulli", n=N, h=h)
    return Rewrite(
        moved(d),
        d * (1 + h),
        algebra(),
        Have(h >= 0, algebra(monotone(N, d, r)), algebra(grown, monotone(2 * N - 2, q, d), monotone(N, d, r))),
    )


def _above() -> Any:
    """d^N - e^N >= N e^(N-1) (d - e)."""
    tangent = d**N - e**N >= N * e ** (N - 1) * (d - e)
    powers = And(e ** (N - 1) >= q ** (N - 1), d ** (N - 1) >= q ** (N - 1))
    rest = Have(
        tangent,
        algebra(lemma("lemma.bernoulli", n=N, h=d / e - 1)),
        Have(powers, algebra(monotone(N - 1, q, e), monotone(N - 1, q, d)), algebra()),
    )
    return Have(And(e <= d, e >= q, d**N >= r**N), algebra(monotone(N, r, d)), rest)


def _run(start: Any, known: Any, within: Any, step: Any, error: Any) -> Any:
    """The state stays on its side, by `known`; each step multiplies the error by KEPT at most, which lies in [0, 1]."""
    small = algebra(monotone(2 * N - 2, q, M))
    here = And(0 <= KEPT, KEPT <= 1)
    return Have(here, small, Induct(k, algebra(start), Have(within, known, Have(error, algebra(step), algebra(drop=(N, q, eta))))))


AT = Factor(N, r**N, alpha, eta, k)
RISES = algebra(lemma("chou.step_size.increasing", N=N, M=M, r=r, alpha=alpha, eta=eta, k=k), monotone(N, moved(AT), r))
FALLS = algebra(lemma("chou.step_size.decreasing", N=N, M=M, alpha=alpha, r=r, eta=eta, k=k), monotone(N, r, moved(AT)))


PROOFS: dict[str, Any] = {
    "related.arora.gain": lambda depth: split(algebra(), algebra()),
    "related.arora.step_below": _below(),
    "related.arora.step_above": _above(),
    "related.arora.linear_rate": _run(
        monotone(N, alpha, r),
        RISES,
        And(q <= AT, AT <= r, moved(AT) ** N <= r**N),
        lemma("related.arora.step_below", N=N, r=r, q=q, eta=eta, d=AT),
        r**N - moved(AT) ** N <= KEPT * (r**N - AT**N),
    ),
    "related.arora.linear_rate_above": _run(
        monotone(N, r, alpha),
        FALLS,
        And(r <= AT, r <= moved(AT), moved(AT) ** N >= r**N),
        lemma("related.arora.step_above", N=N, r=r, q=q, eta=eta, d=AT, e=moved(AT)),
        moved(AT) ** N - r**N <= KEPT * (AT**N - r**N),
    ),
}
