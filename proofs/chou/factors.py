"""Proofs of the decoupling: both sides are the same matrix word once V^T V = I and diagonal matrices commute."""

from dmftheory.claims.proof import Proof, Words

PROOFS: dict[str, Proof] = {
    "chou.factors.gradient_step": Words(),
    "chou.factors.product": Words(),
}
