"""Proofs about separation: flow times by their slope in the end point, steps by Bernoulli's inequality."""

from typing import Any

from sympy import And, Symbol, log

from dmftheory.claims import Factor, FlowTime, LearningStep, LearningTime
from dmftheory.claims.proof import (
    AtPassage,
    Defined,
    Derivative,
    Have,
    Induct,
    Intro,
    LogMonotone,
    LogProduct,
    NotYet,
    Proof,
    Rewrite,
    algebra,
    lemma,
    split,
)
from dmftheory.theorems.chou.separation import N, alpha, eta, k, lam, phi, r, theta, x, y, z

J = Symbol("J", integer=True, nonnegative=True)
INSIDE = tuple(lemma("lemma.power_strict", n=N, a=point, b=r) for point in (x, z))
BELOW_TARGET = algebra(*INSIDE)


def _slope() -> Proof:
    return Derivative(z, x, algebra(), algebra(lemma("lemma.power_strict", n=N, a=z, b=r)), algebra(*INSIDE))


def _elapsed(depth: Any) -> tuple[Any, ...]:
    """What is known of the time that the eigenvalue 1 takes."""
    if depth == 2:
        return (lemma("chou.flow_time.recovery_depth_two", x=x, y=y), LogProduct(1 / x, x))
    return (lemma("chou.flow_time.recovery", N=N, x=x, y=y), lemma("chou.flow_time.tail_bounds", N=N, a=y))


WAITED = (N - 2) * r**N * LearningTime(N, r**N, x, z) >= x ** (2 - N) - z ** (2 - N)
LATE = FlowTime(N, x, y) <= x ** (2 - N) / (N - 2) - y ** (2 - N) / (N - 2) + y**2 / (2 * (1 - y**N))


def _deep(then: Proof) -> Proof:
    """What the waiting eigenvalue needs at least, what the learned one needs at most."""
    waited = algebra(lemma("chou.separation.waiting_flow", N=N, r=r, x=x, z=z))
    both = Have(LATE, algebra(*_elapsed(N)), Have(WAITED, waited, then))
    return Defined(BELOW_TARGET, Have(And(x**N < r**N, z**N < r**N), BELOW_TARGET, both))


def _depth_two() -> Proof:
    known = algebra(lemma("chou.separation.linear_odds", r=r, x=x, z=z), *_elapsed(2), *ODDS)
    return split(Intro(known), Intro(known))


ODDS = (LogProduct(x**2 / (1 - x**2), 1 - x**2), LogProduct(x, x))
SOONER = (N - 2) * FlowTime(N, x, y) >= x ** (2 - N) - y ** (2 - N)


def _step_function() -> Proof:
    late = Have(LATE, algebra(*_elapsed(N)), Intro(algebra()))
    return Have(SOONER, Derivative(y, x, algebra(), algebra()), split(Intro(algebra()), late))


def _step_function_depth_two() -> Proof:
    sooner = FlowTime(2, x, y) >= log(y / x)
    early = Have(sooner, Derivative(y, x, algebra(), algebra()), Intro(algebra(LogProduct(y, 1 / x), LogProduct(x, 1 / x))))
    return split(early, Intro(algebra(*_elapsed(2), LogMonotone(1 - x**2, 1))))


def _waiting_steps() -> Proof:
    """d'/d = 1 + h with h at most eta r^N d^(N-2), and (1 + h)^(2-N) >= 1 - (N-2) h."""
    at = Factor(N, r**N, alpha, eta, k)
    known = algebra(
        lemma("chou.step_size.increasing", N=N, M=r, r=r, alpha=alpha, eta=eta, k=k), lemma("lemma.power_monotone", n=N, a=at, b=r)
    )
    h = eta * at ** (N - 2) * (r**N - at**N)
    step = at - eta * at ** (N - 1) * (at**N - r**N)
    slow = Have((1 + h) ** (N - 2) * (1 - (N - 2) * h) <= 1, algebra(lemma("abel.count.stretch", n=N - 2, t=h)), algebra())
    move = Rewrite(step, at * (1 + h), algebra(), Have(h >= 0, algebra(), slow))
    return Defined(known, Induct(k, algebra(), Have(And(at > 0, at**N <= r**N), known, move)))


def _levels_in_order() -> Proof:
    """The higher level is reached at its passage J <= k, hence the lower one; so the lower one cannot come after J."""
    lower = LearningStep(N, lam, alpha, eta, phi)
    return AtPassage(LearningStep(N, lam, alpha, eta, theta), k, algebra(), J, algebra(NotYet(lower, J)))


PROOFS: dict[str, Proof] = {
    "chou.separation.waiting_flow": Defined(BELOW_TARGET, _slope()),
    "chou.separation.waiting_flow_depth_two": Derivative(z, x, algebra(), algebra()),
    "chou.separation.linear_odds": Derivative(z, x, algebra(), algebra()),
    "chou.separation.separated": _deep(algebra()),
    "chou.separation.window": _deep(algebra()),
    "chou.separation.separated_depth_two": _depth_two(),
    "chou.separation.window_depth_two": Have(
        r**2 * LearningTime(2, r**2, x, z) >= log(z / x),
        algebra(lemma("chou.separation.waiting_flow_depth_two", r=r, x=x, z=z)),
        algebra(*_elapsed(2), LogMonotone(1 - x**2, 1), LogProduct(z, 1 / x)),
    ),
    "chou.separation.step_function": _step_function(),
    "chou.separation.step_function_depth_two": _step_function_depth_two(),
    "chou.separation.waiting_steps": _waiting_steps(),
    "chou.separation.waiting_steps_depth_two": Induct(
        k, algebra(), algebra(lemma("chou.step_size.increasing", N=2, M=r, r=r, alpha=alpha, eta=eta, k=k))
    ),
    "chou.separation.levels_in_order": _levels_in_order(),
}
