"""Proofs of the iteration counts: compare each step with the flow by the monotonicity of the field, then add up the steps."""

from typing import Any

from sympy import And, Eq, Symbol

from dmftheory.claims import FlowTime, Iterate, formula
from dmftheory.claims.formula import Relation
from dmftheory.theorems.chou.passage import LEVEL, STATE, A, N, a, b, field, growth, k, m, tau, theta, x, x0, y, z
from dmftheory.trust.proof import Cases, Defined, Derivative, Have, Induct, Intro, PassageAtLeast, PassageAtMost, Proof, Root, algebra, lemma, split

K = Symbol("K", integer=True, nonnegative=True)
INFLECTION = algebra(Root(z, LEVEL, N))


def _inflection(then: Proof) -> Proof:
    """With what is known of z, which is all that the rest needs of it."""
    level = Relation((2 * N - 1) * z**N, "==", N - 1)
    return Have(formula.And((Relation(z, ">", 0), Relation(z, "<", 1), level)), INFLECTION, then)


def _monotone(n: Any, low: Any, high: Any) -> Any:
    return lemma("lemma.power_monotone", n=n, a=low, b=high)


def _rising(low: Any, high: Any) -> Any:
    return lemma("chou.passage.field_rises", N=N, z=z, a=low, b=high)


def _falling(low: Any, high: Any) -> Any:
    return lemma("chou.passage.field_falls", N=N, z=z, a=low, b=high)


def _compare(on: Any, at: Any, monotone: Any) -> Proof:
    """Time against distance over speed: equal at no distance, and the slopes compare by the monotonicity of the field."""
    return Defined(INFLECTION, _inflection(Derivative(on, at, algebra(), algebra(monotone), smooth=INFLECTION)))


def _stays_below() -> Proof:
    """1 - y >= (1 - N tau)(1 - x), and the chord slope (1 - x^N)/(1 - x) grows from x to y."""
    below = And(field(x) > 0, field(x) < N * (1 - x))
    moved = And(x < y, y < 1, (1 - N * tau) * (1 - x) <= 1 - y)
    chord = (1 - x**N) * (1 - y) <= (1 - y**N) * (1 - x)
    share = (1 - N * tau) * (1 - x**N) <= 1 - y**N
    return Have(
        below,
        algebra(lemma("lemma.bernoulli", n=N, h=x - 1)),
        Have(
            moved,
            algebra(),
            Have(
                chord,
                algebra(lemma("lemma.chord_slope", n=N, a=x, b=y)),
                Have(share, algebra(drop=(0,)), algebra(_monotone(N - 1, x, y), drop=(y,))),
            ),
        ),
    )


PROOFS: dict[str, Proof] = {
    "chou.passage.field_rises": _inflection(Derivative(b, a, algebra(), algebra(_monotone(N, b, z), drop=(z,)))),
    "chou.passage.field_falls": _inflection(Derivative(b, a, algebra(), algebra(_monotone(N, z, b), drop=(z,)))),
    "chou.passage.time_passes": Derivative(b, a, algebra(), algebra()),
    "chou.passage.rising_at_most": _compare(b, a, _rising(a, b)),
    "chou.passage.rising_at_least": _compare(a, b, _rising(a, b)),
    "chou.passage.falling_at_most": _compare(a, b, _falling(a, b)),
    "chou.passage.falling_at_least": _compare(b, a, _falling(a, b)),
    "chou.passage.stays_below": _stays_below(),
}
