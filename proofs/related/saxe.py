"""Proofs of the learning curves: identities of rational functions, and one time by its slope."""

from dmftheory.claims.proof import Derivative, Proof, algebra
from dmftheory.theorems.related.saxe import x, y

PROOFS: dict[str, Proof] = {
    "related.saxe.curve": algebra(),
    "related.saxe.learning_time": Derivative(y, x, algebra(), algebra()),
    "related.saxe.infinite_depth": algebra(),
    "related.saxe.riccati": algebra(),
    "related.saxe.riccati_zero": algebra(),
}
