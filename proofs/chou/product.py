"""Proofs about the product: identities, and the field on either side of its inflection point."""

from typing import Any

from dmftheory.proofs.lemmas.inequalities import monotone
from sympy import And

from dmftheory.claims.proof import Cases, Have, Intro, Root, algebra, lemma, split
from dmftheory.theorems.chou.passage import LEVEL, field
from dmftheory.theorems.chou.product import N, x, y, z

ROOT = Root(z, LEVEL, N)


def _inflection() -> Any:
    inside = (monotone(N, x, 1), monotone(N, y, 1), ROOT)
    rising = algebra(lemma("chou.passage.field_rises", N=N, z=z, a=x, b=y), *inside)
    falling = algebra(lemma("chou.passage.field_falls", N=N, z=z, a=x, b=y), *inside)
    low = Have(And(0 <= field(x), field(x) <= field(y)), rising, algebra(drop=(z, x, y, 0)))
    high = Have(And(0 <= field(y), field(y) <= field(x)), falling, algebra(drop=(z, x, y, 0)))
    below, above = algebra(ROOT, monotone(N, x, z)), algebra(ROOT, monotone(N, z, x))
    return split(Intro(split(above, high)), Intro(split(below, low)))


def _peak() -> Any:
    below, above = (lemma("chou.product.inflection", N=N, z=z, x=low, y=high) for low, high in ((x, z), (z, x)))
    inside = algebra(ROOT, monotone(N, 1, z))
    return Have(z < 1, inside, split(Cases(x <= z, algebra(below), algebra(above)), algebra(ROOT)))


PROOFS: dict[str, Any] = {
    "chou.product.flow": algebra(),
    "chou.product.inflection": _inflection(),
    "chou.product.peak": _peak(),
    "chou.product.rank_change": lambda n: algebra(),
    "chou.product.first_drop": lambda n: algebra(),
}
