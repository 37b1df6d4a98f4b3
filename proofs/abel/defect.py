"""Proofs about summed defects: the potential by its derivative, the bracket by linear arithmetic."""

from typing import Any

from dmftheory.proofs.abel.count import WITHIN
from dmftheory.proofs.lemmas.inequalities import monotone
from sympy import And, log

from dmftheory.claims.proof import Defined, Derivative, Have, LogMonotone, Proof, algebra, lemma
from dmftheory.theorems.abel.count import N, tau, x, y


def _potential_grows(p: int) -> Proof:
    """tau f Phi_p' >= h^(p+1), and f and h^(p+1)/f at the start against those at y."""
    inside = And(x**N < 1, y**N < 1, y**N >= x**N, x < 1, y < 1)
    ratio = y ** (N - 1) * (1 - y**N) <= (1 + tau) ** (N - 1) * x ** (N - 1) * (1 - x**N)
    powers = x ** ((p + 1) * (N - 2)) <= y ** ((p + 1) * (N - 2))
    share = tau**p * x ** (p * N - 2 * p - 1) / (1 - x**N) <= (1 + tau) ** (N - 1) * tau**p * y ** (p * N - 2 * p - 1) / (1 - y**N)
    logs = Have(log(1 - y**N) <= 0, algebra(LogMonotone(1 - y**N, 1)), algebra())
    by_powers = Have(powers, algebra(monotone((p + 1) * (N - 2), x, y)), Have(share, algebra(), logs))
    by_speed = Have(ratio, algebra(lemma("abel.count.speed", N=N, tau=tau, x=x, y=y)), by_powers)
    return Defined(WITHIN, Derivative(y, x, algebra(), Have(inside, WITHIN, by_speed), smooth=WITHIN))


PROOFS: dict[str, Any] = {"abel.defect.potential_grows": _potential_grows, "abel.defect.bracket": algebra()}
