"""Proofs at depth 2: one step from the general theorem, the flow time of a step by its derivative, induction over the steps."""

from typing import Any

from dmftheory.proofs.lemmas.inequalities import monotone
from sympy import And, Symbol

from dmftheory.claims import Iterate
from dmftheory.claims.proof import Defined, Derivative, Have, Induct, PassageAtLeast, PassageAtMost, Proof, Root, algebra, lemma, split
from dmftheory.theorems.abel.count import k, tau, theta, x, x0, y, z
from dmftheory.theorems.abel.count_two import STATE, field

INDEX = Symbol("K", integer=True, nonnegative=True)
AFTER = Iterate(2, tau, x0, k + 1).unfold()
INSIDE = algebra(lemma("chou.passage.inside", N=2, tau=tau, x0=x0, k=k))
WITHIN = algebra(lemma("abel.count.share", N=2, tau=tau, x=x, z=x + tau * field(x)))
STEPPED = algebra(lemma("abel.count.share", N=2, tau=tau, x=x, z=z))


def _time_grows() -> Proof:
    slower = And(field(y) <= (1 + tau) * field(x), field(y) > 0)
    step = Have(slower, algebra(lemma("abel.count.speed", N=2, tau=tau, x=x, y=y), *WITHIN.facts), algebra())
    return Derivative(y, x, algebra(), step, smooth=WITHIN)


def _step_time() -> Proof:
    return Have(And(x < z, z < 1, field(x) > 0), STEPPED, algebra(lemma("abel.count_two.time_grows", tau=tau, x=x, y=z)))


def _steps() -> Proof:
    one = lemma("abel.count.one_step", N=2, tau=tau, x=STATE, z=AFTER)
    paid = lemma("abel.count_two.step_time", tau=tau, x=STATE, z=AFTER)
    step = Have(And(STATE > 0, STATE < 1), INSIDE, algebra(one, paid))
    return Defined(INSIDE, Induct(k, algebra(), step))


def _count_grows() -> Proof:
    part = Derivative(y, x, algebra(), algebra(), smooth=algebra())
    return split(part, part, part)


def _passage() -> tuple[Proof, Proof]:
    at = Iterate(2, tau, x0, INDEX)
    inside = lemma("chou.passage.inside", N=2, tau=tau, x0=x0, k=INDEX)
    counted = lemma("abel.count_two.steps", tau=tau, x0=x0, k=INDEX)
    whole = lemma("abel.count_two.count_grows", tau=tau, x=x0, y=z)
    late = Have(
        And(at > 0, at < 1, at >= z),
        algebra(inside, Root(z, theta, 2)),
        algebra(counted, lemma("abel.count_two.count_grows", tau=tau, x=z, y=at)),
    )
    early = Have(
        And(at > 0, at < 1, at < z),
        algebra(inside, Root(z, theta, 2), monotone(2, z, at)),
        algebra(counted, lemma("abel.count_two.count_grows", tau=tau, x=at, y=z)),
    )
    level = algebra(Root(z, theta, 2))

    def placed(then: Proof) -> Proof:
        return Defined(level, Have(And(z > x0, z < 1), level, then))

    return placed(PassageAtLeast(INDEX, late)), placed(PassageAtMost(INDEX, algebra(whole), early))


PROOFS: dict[str, Any] = {
    "abel.count_two.time_grows": Defined(WITHIN, _time_grows()),
    "abel.count_two.step_time": Defined(STEPPED, _step_time()),
    "abel.count_two.steps": _steps(),
    "abel.count_two.count_grows": _count_grows(),
    "abel.count_two.passage_at_least": _passage()[0],
    "abel.count_two.passage_at_most": _passage()[1],
}
