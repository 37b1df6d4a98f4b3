"""Proofs of the thresholds: each time between two multiples of x^(2-N) - a^(2-N), by the slope in the end point."""

from typing import Any

from dmftheory.proofs.lemmas.inequalities import monotone
from sympy import And

from dmftheory.claims.proof import Defined, Derivative, Have, Intro, Proof, algebra, lemma, split
from dmftheory.theorems.related.gissin import N, R, a, b, c, x, y


def _strict(low: Any, high: Any) -> Any:
    return lemma("lemma.power_strict", n=N, a=low, b=high)


INSIDE = algebra(*(_strict(low, y) for low in (x, a, c)), monotone(N, a, c))
AT_ENDS = algebra(_strict(x, y), _strict(a, y))
POINTS = And(x**N < 1, a**N < 1, x**N < R**N, b**N < R**N)
BELOW = algebra(_strict(x, 1), _strict(a, 1), _strict(x, R), _strict(b, R))


def _bounds(name: str) -> tuple[Any, Any]:
    """One bound of the slow time and the other one of the fast time."""
    lower, upper = "related.gissin.time_at_least", "related.gissin.time_at_most"
    if name == "at_most":
        return lemma(upper, N=N, y=1, x=x, c=a, a=a), lemma(lower, N=N, y=R, x=x, a=b)
    return lemma(lower, N=N, y=1, x=x, a=a), lemma(upper, N=N, y=R, x=x, c=b, a=b)


def _threshold(name: str) -> Proof:
    return Defined(BELOW, Have(POINTS, BELOW, algebra(*_bounds(name))))


def _depth_two() -> Proof:
    times = algebra(lemma("related.gissin.odds_grow", R=R, x=x, b=b), lemma("related.gissin.odds_grow", R=1, x=x, b=a))
    return split(Intro(times), Intro(times))


PROOFS: dict[str, Proof] = {
    "related.gissin.odds_grow": Derivative(b, x, algebra(), algebra()),
    "related.gissin.threshold_depth_two": _depth_two(),
    "related.gissin.time_at_most": Defined(INSIDE, Derivative(a, x, algebra(), algebra(*INSIDE.facts), INSIDE)),
    "related.gissin.time_at_least": Defined(AT_ENDS, Derivative(a, x, algebra(), algebra(_strict(a, y)), AT_ENDS)),
    "related.gissin.threshold_at_most": _threshold("at_most"),
    "related.gissin.threshold_at_least": _threshold("at_least"),
    "related.gissin.trapped": split(Derivative(x, y, algebra(), algebra()), Derivative(x, y, algebra(), algebra(monotone(N, x, y)))),
}
