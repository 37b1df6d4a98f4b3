"""Proofs of the closed forms: both sides have the same derivative, and agree where the two ends meet."""

from typing import Any

from sympy import Eq

from dmftheory.claims import FlowTime
from dmftheory.claims.proof import Derivative, Have, LogProduct, Proof, algebra, lemma, split
from dmftheory.theorems.chou.flow_time import N, _tail, a, x, y

SAME_SLOPE = Derivative(y, x, algebra(), algebra())


LOGS = (LogProduct(x**2 / (1 - x**2), 1 - x**2), LogProduct(1 / x, x), LogProduct(x, x))


def _elementary(depth: int) -> Proof:
    return split(SAME_SLOPE, SAME_SLOPE)


def _recovery() -> Proof:
    exact = Eq(FlowTime(N, x, y), x ** (2 - N) / (N - 2) - y ** (2 - N) / (N - 2) + _tail(y) - _tail(x))
    rest = algebra(lemma("chou.flow_time.tail_bounds", N=N, a=x))
    return Have(exact, SAME_SLOPE, split(rest, rest))


PROOFS: dict[str, Any] = {
    "chou.flow_time.closed_form": SAME_SLOPE,
    "chou.flow_time.closed_form_above": SAME_SLOPE,
    "chou.flow_time.closed_form_negative": SAME_SLOPE,
    "chou.flow_time.closed_form_zero": SAME_SLOPE,
    "chou.flow_time.elementary": _elementary,
    "chou.flow_time.recovery_depth_two": Derivative(y, x, algebra(*LOGS), algebra()),
    "chou.flow_time.tail_bounds": split(Derivative(a, 0, algebra(), algebra()), Derivative(a, 0, algebra(), algebra())),
    "chou.flow_time.recovery": _recovery(),
}
