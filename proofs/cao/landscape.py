"""Proofs about critical points: identities of polynomials and of powers, and the inequalities that follow from them."""

from typing import Any

from dmftheory.claims.proof import Proof, algebra, lemma, split
from dmftheory.theorems.cao.landscape import N, t, z


def _third_order(n: Any) -> Proof:
    """t^n <= t^3 on (0, 1]: t^(n-3) and t^(2n-3) are at most 1."""
    return algebra(lemma("lemma.power_monotone", n=n - 3, a=t, b=1), lemma("lemma.power_monotone", n=2 * n - 3, a=t, b=1))


def _identity(*_: int) -> Proof:
    return algebra()


PROOFS: dict[str, Any] = {
    "cao.landscape.hessian": _identity,
    "cao.landscape.blocks": _identity,
    "cao.landscape.slice": algebra(),
    "cao.landscape.pair": algebra(),
    "cao.landscape.top_subset": algebra(),
    "cao.landscape.wrong_subset": split(algebra(), algebra()),
    "cao.landscape.flat_origin": _third_order(N),
    "cao.landscape.depth_two": split(algebra(), algebra()),
    "cao.landscape.depth_two_floor": algebra(),
    "cao.landscape.multiplicity_simple": algebra(),
    "cao.landscape.two_zeros": split(algebra(), algebra()),
    "cao.landscape.three_zeros": _third_order(z),
}
