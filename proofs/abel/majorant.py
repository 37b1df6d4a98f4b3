"""Proofs about majorants: powers of h against powers of H, and products of bounds."""

from typing import Any

from dmftheory.proofs.lemmas.inequalities import monotone

from dmftheory.claims.proof import Proof, algebra, lemma
from dmftheory.theorems.abel.majorant import H, c, h, n, p, terms


def _tail(length: int) -> Proof:
    """Term by term."""
    return algebra(*(lemma("abel.majorant.tail_term", p=p, n=p + 1 + i, H=H, h=h, c=c) for i, c in enumerate(terms(length))))


PROOFS: dict[str, Any] = {
    "abel.majorant.tail_term": algebra(monotone(n - p - 1, h, H)),
    "abel.majorant.one_more": algebra(lemma("abel.majorant.tail_term", p=p, n=n, H=H, h=h, c=c)),
    "abel.majorant.tail": _tail,
    "abel.majorant.limit": algebra(),
    "abel.majorant.add": algebra(),
    "abel.majorant.multiply": algebra(),
    "abel.majorant.reciprocal": algebra(),
    "abel.majorant.negative_power": algebra(),
    "abel.majorant.positive_power": algebra(),
    "abel.majorant.integral": algebra(),
    "abel.majorant.without_constant": algebra(),
}
