"""Proofs by symmetry: one step commutes with the change of sign, then induction over the steps."""

from typing import Any

from sympy import Eq

from dmftheory.claims import Factor
from dmftheory.claims.proof import Have, Induct, Proof, Rewrite, algebra, lemma
from dmftheory.theorems.chou.parity import M, alpha, eta, k, lam, m, r, s


def _mirror(depth: Any, mirrored: Any) -> Proof:
    """The step of -d is the negative of the step of d; with the states replaced, the product follows."""
    here, there = Factor(depth, lam, -alpha, eta, k), Factor(depth, mirrored, alpha, eta, k)
    step = Rewrite(here, -there, algebra(), algebra())
    return Have(Eq(here, -there), Induct(k, algebra(), step), Rewrite(here, -there, algebra(), algebra()))


def _mirrored(value: Any, known: Any) -> Proof:
    """Each of the two states is the negative of one that the step-size theorem speaks of."""
    facts = [lemma("chou.parity.odd_depth", m=m, **{"lambda": value}, alpha=alpha, eta=eta, k=at) for at in (k, k + 1)]
    return algebra(*facts, known)


PROOFS: dict[str, Proof] = {
    "chou.parity.even_depth": _mirror(2 * m, lam),
    "chou.parity.odd_depth": _mirror(2 * m + 1, -lam),
    "chou.parity.negative_learned": _mirrored(
        -(r ** (2 * m + 1)), lemma("chou.step_size.increasing", N=2 * m + 1, M=M, r=r, alpha=alpha, eta=eta, k=k)
    ),
    "chou.parity.positive_lost": _mirrored(s, lemma("chou.step_size.nonpositive", N=2 * m + 1, M=M, s=s, alpha=alpha, eta=eta, k=k)),
}
