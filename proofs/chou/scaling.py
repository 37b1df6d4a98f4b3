"""Proofs of the scaling law: induction over the steps for gradient descent, derivative and base point for the flow."""

from dmftheory.claims import Factor, Iterate
from dmftheory.claims.proof import Derivative, Induct, Proof, Rewrite, algebra, split
from dmftheory.theorems.chou.scaling import N, k, r, tau, x, y


def _steps(sign: int) -> Proof:
    before = Factor(N, sign * r**N, r * x, tau * r ** (2 - 2 * N), k)
    by_hypothesis = Rewrite(before, r * Iterate(N, tau, x, k, sign), algebra(), algebra())
    return Induct(k, algebra(), by_hypothesis)


def _flow() -> Proof:
    return Derivative(y, x, algebra(), algebra())


PROOFS: dict[str, Proof] = {
    "chou.scaling.steps": split(_steps(1), _steps(-1)),
    "chou.scaling.flow": split(_flow(), _flow()),
}
