"""Proofs of the distance: what the count says of the time, times a speed of at most 1."""

from typing import Any

from dmftheory.proofs.lemmas.inequalities import monotone
from sympy import And, log

from dmftheory.claims import FlowTime
from dmftheory.claims.proof import Defined, Derivative, Have, Intro, Proof, algebra, lemma
from dmftheory.theorems.abel.count import REMAINDER, STATE, N, field, k, tau, x0
from dmftheory.theorems.chou.flow_distance import x, y

INSIDE = lemma("chou.passage.inside", N=N, tau=tau, x0=x0, k=k)
COUNT = lemma("abel.count.steps", N=N, tau=tau, x0=x0, k=k)
DEFINED = algebra(INSIDE, *(lemma("lemma.power_strict", n=N, a=point, b=1) for point in (STATE, x0, y)))


def _apart(low: Any, high: Any) -> Proof:
    """The count times tau; then the difference of the two times bounds the distance."""
    within = And(x0 <= STATE, STATE < 1)
    used = FlowTime(N, x0, STATE) + tau * (log(field(STATE)) - log(field(x0))) / 2 - k * tau
    timed = And(used <= tau * REMAINDER, used >= -tau * REMAINDER)
    distance = algebra(lemma("chou.flow_distance.speed", N=N, x=low, y=high))
    rest = Intro(Have(high - low <= FlowTime(N, low, high), distance, algebra(drop=(N, y, x0, k))))
    return Defined(DEFINED, Have(within, algebra(INSIDE), Have(timed, algebra(COUNT), rest)))


PROOFS: dict[str, Proof] = {
    "chou.flow_distance.speed": Derivative(y, x, algebra(), algebra(monotone(N - 1, y, 1))),
    "chou.flow_distance.behind": _apart(STATE, y),
    "chou.flow_distance.ahead": _apart(y, STATE),
}
