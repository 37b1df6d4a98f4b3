"""Proofs about the recursion: its value at a point put in, then an identity of polynomials."""

from typing import Any

from dmftheory.claims.proof import Proof, Rewrite, algebra
from dmftheory.theorems.abel.recursion import N, u


def _at(values: dict[Any, int]) -> Proof:
    """The value of each letter put in."""
    proof: Proof = algebra()
    for letter, value in values.items():
        proof = Rewrite(letter, value, algebra(), proof)
    return proof


PROOFS: dict[str, Any] = {
    "abel.recursion.degree": algebra(),
    "abel.recursion.leading": algebra(),
    "abel.recursion.constant": algebra(),
    "abel.recursion.pole": algebra(),
    "abel.recursion.pole_power": algebra(),
    "abel.recursion.origin": algebra(),
    "abel.recursion.gregory_term": algebra(),
    "abel.recursion.pole_sum": lambda n: _at({u: 1}),
    "abel.recursion.residue": lambda n: _at({u: 1}),
    "abel.recursion.origin_sum": lambda n: _at({N: 2, u: 0}),
    "abel.recursion.origin_residue": lambda n: _at({N: 2, u: 0}),
}
