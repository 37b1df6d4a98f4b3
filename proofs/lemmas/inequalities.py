"""Proofs of the inequalities about powers: induction over the exponent, each step decided in the real closed field."""

from typing import Any

from dmftheory.claims.proof import Induct, Lemma, Proof, algebra, lemma, split
from dmftheory.theorems.lemmas.inequalities import a, b, h, n, q


def monotone(exponent: Any, low: Any, high: Any) -> Lemma:
    """low^exponent <= high^exponent, for 0 <= low <= high."""
    return lemma("lemma.power_monotone", n=exponent, a=low, b=high)


BY_INDUCTION = Induct(n, algebra(), algebra())
MONOTONE = monotone(n, a, b)

PROOFS: dict[str, Proof] = {
    "lemma.bernoulli": BY_INDUCTION,
    "lemma.bernoulli_upper": Induct(n, algebra(), algebra(lemma("lemma.bernoulli", n=n, h=-h))),
    "lemma.bernoulli_inverse": BY_INDUCTION,
    "lemma.inverse_power": algebra(
        lemma("lemma.bernoulli", n=n, h=-h),
        lemma("lemma.bernoulli_inverse", n=n, h=h),
        monotone(n + 1, q, 1 - h),
    ),
    "lemma.linearisation": split(Induct(n, algebra(), algebra()), algebra(lemma("lemma.bernoulli", n=n, h=h))),
    "lemma.power_monotone": BY_INDUCTION,
    "lemma.power_strict": BY_INDUCTION,
    "lemma.power_difference": Induct(n, algebra(), algebra(MONOTONE)),
    "lemma.chord_slope": Induct(n, algebra(), algebra(MONOTONE)),
    "lemma.chord_slope_above": Induct(n, algebra(), algebra(MONOTONE)),
}
