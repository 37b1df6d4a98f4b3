"""The effective rank of two eigenvalues: its proofs do not fit false neighbours."""

from dataclasses import replace

import pytest
from dmftheory.proofs import library, proofs
from sympy import Implies, Interval

from dmftheory.claims import Theorem
from dmftheory.theorems.chou.rank_curve import N, alpha, eta, k, next_step, no_fall, q, r, two, two_for_good, u, v, x, y
from dmftheory.trust.check import Checker, ProofError

FALSE = {
    "a start above the smaller eigenvalue": replace(two, given={**two.given, alpha: Interval.Lopen(0, 2 * q)}),
    "a step twenty times as large": replace(two, given={**two.given, eta: Interval.Lopen(0, 20 / (N * r ** (2 * N - 2)))}),
    "rising from the first step": replace(two, claim=no_fall(k)),
    "falling for good": replace(two_for_good, claim=Implies(no_fall(k + 1), no_fall(k))),
    "a state beyond its target": replace(next_step, assume=()),
    "a stronger premise is needed": replace(next_step, claim=Implies(x * v <= 2 * u * y, next_step.claim.args[1])),
}


@pytest.mark.parametrize("name", FALSE)
def test_a_false_neighbour_is_not_proved(name: str) -> None:
    wrong = FALSE[name]
    with pytest.raises(ProofError):
        Checker(library()).theorem(replace(wrong, id=f"{wrong.id}.altered"), proofs()[wrong.id])


@pytest.mark.parametrize("theorem", [next_step, two, two_for_good], ids=lambda theorem: theorem.id)
def test_the_proofs_are_accepted(theorem: Theorem) -> None:
    Checker(library()).theorem(theorem, proofs()[theorem.id])
