"""Proofs about sharpness: Cauchy-Schwarz by squares, differences of powers, and the linear part of a power."""

from typing import Any

from dmftheory.claims.proof import algebra, lemma, split
from dmftheory.theorems.cao.sharpness import N, b, g, r

PROOFS: dict[str, Any] = {
    "cao.sharpness.balanced": algebra(lemma("lemma.linearisation", n=N, h=g)),
    "cao.sharpness.kept": lambda depth: algebra(),
    "cao.sharpness.kept_pair": split(
        algebra(lemma("lemma.power_monotone", n=2 * N, a=b, b=r)),
        algebra(lemma("lemma.power_difference", n=N, a=b**2, b=r**2)),
    ),
    "cao.sharpness.left_out": algebra(),
    "cao.sharpness.four_not_two": split(algebra(), algebra()),
    "cao.sharpness.stability": split(algebra(), algebra()),
    "cao.sharpness.two_weights": split(algebra(), algebra(), algebra()),
}
