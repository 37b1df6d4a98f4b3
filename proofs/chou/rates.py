"""Proofs of the linear rates: one step between two secants, then induction; logarithms turn powers into step counts."""

from typing import Any

from dmftheory.proofs.lemmas.inequalities import monotone
from sympy import And, Implies, Symbol, log

from dmftheory.claims import Iterate
from dmftheory.claims.proof import (
    Defined,
    Have,
    Induct,
    LogMonotone,
    LogPower,
    LogProduct,
    PassageAtLeast,
    PassageAtMost,
    Proof,
    algebra,
    lemma,
    split,
)
from dmftheory.theorems.chou.rates import STATE, N, a, eps, g, k, tau, x0

FIELD = STATE ** (N - 1) * (1 - STATE**N)
K = Symbol("K", integer=True, nonnegative=True)
LOW, HIGH = 1 - N * tau, 1 - tau * g


def _from_below() -> Proof:
    """Every step multiplies 1 - x by a factor between 1 - N tau and 1 - tau g, and stays between a and 1."""
    steep = lemma("chou.rates.secant_bounds", N=N, a=a, x0=a)
    one_step = And(g * (1 - STATE) <= FIELD, FIELD <= N * (1 - STATE))
    bounds = And(a <= STATE, STATE <= 1, LOW**k * (1 - x0) <= 1 - STATE, 1 - STATE <= HIGH**k * (1 - x0))
    step = Have(
        Implies(And(a <= STATE, STATE <= 1), one_step),
        algebra(lemma("chou.rates.secant_bounds", N=N, a=a, x0=STATE)),
        algebra(drop=(g,)),
    )
    return Have(And(g >= 0, tau * g <= 1), algebra(steep), Have(bounds, Induct(k, algebra(), step), algebra(drop=(g,))))


def _from_above() -> Proof:
    """With a = x0: the slope at the start bounds every later one, and tau g(x0) <= 1 by the step size."""
    small = algebra(
        lemma("chou.rates.secant_bounds_above", N=N, a=x0, x0=x0),
        lemma("lemma.power_difference", n=N, a=1, b=x0),
        monotone(2 * N - 2, 1, x0),
    )
    one_step = And(N * (STATE - 1) <= -FIELD, -FIELD <= g * (STATE - 1))
    bounds = And(STATE >= 1, STATE <= x0, HIGH**k * (x0 - 1) <= STATE - 1, STATE - 1 <= LOW**k * (x0 - 1))
    step = Have(
        Implies(And(STATE >= 1, STATE <= x0), one_step),
        algebra(lemma("chou.rates.secant_bounds_above", N=N, a=x0, x0=STATE)),
        algebra(drop=(g,)),
    )
    return Have(And(g >= 0, tau * g <= 1, N * tau <= 1), small, Have(bounds, Induct(k, algebra(), step), algebra(drop=(g,))))


def _convergence() -> Proof:
    slow = And(g >= 0, tau * g <= 1)
    by_secant = algebra(lemma("chou.rates.secant_bounds", N=N, a=x0, x0=x0))
    error = And(STATE <= 1, 1 - STATE <= HIGH**k * (1 - x0))
    rate = algebra(lemma("chou.rates.from_below", N=N, tau=tau, a=x0, g=g, x0=x0, k=k))
    return Have(slow, by_secant, Have(error, rate, algebra(lemma("lemma.bernoulli", n=N, h=STATE - 1), drop=(g,))))


def _convergence_above() -> Proof:
    small = algebra(monotone(2 * N - 2, 1, x0))
    error = And(STATE >= 1, STATE - 1 <= LOW**k * (x0 - 1))
    rate = algebra(
        lemma("chou.rates.from_above", N=N, tau=tau, g=g, x0=x0, k=k),
        lemma("chou.rates.secant_bounds_above", N=N, a=x0, x0=x0),
        lemma("lemma.power_difference", n=N, a=1, b=x0),
    )
    close = algebra(lemma("lemma.power_difference", n=N, a=1, b=STATE), monotone(N - 1, STATE, x0), drop=(g, tau))
    return Have(N * tau <= 1, small, Have(error, rate, Have(STATE <= x0, algebra(drop=(g,)), close)))


def _step_count() -> Proof:
    """Compare (1 - N tau)^K and (1 - tau g)^K with epsilon / (1 - x0) through logarithms."""
    at, ratio = Iterate(N, tau, x0, K), eps / (1 - x0)
    both = lemma("chou.rates.from_below", N=N, tau=tau, a=a, g=g, x0=x0, k=K)

    def logs(rate: Any) -> tuple[Any, ...]:
        return LogPower(rate, K), LogProduct(ratio, 1 / ratio), LogMonotone(1, rate)

    late = Have(
        at >= 1 - eps,
        algebra(both, lemma("lemma.power_strict", n=N, a=at, b=1 - eps)),
        Have(
            LOW**K <= ratio,
            algebra(both),
            Have(
                And(log(LOW) < 0, log(1 / ratio) <= -K * log(LOW)),
                algebra(*logs(LOW), LogMonotone(LOW**K, ratio), drop=(g,)),
                algebra(drop=(g, 0, 1)),
            ),
        ),
    )
    early = Have(
        at < 1 - eps,
        algebra(monotone(N, 1 - eps, at)),
        Have(
            HIGH**K > ratio,
            algebra(both),
            Have(
                And(log(HIGH) < 0, log(1 / ratio) > -K * log(HIGH)),
                algebra(*logs(HIGH), LogMonotone(HIGH**K, ratio), drop=(g,)),
                algebra(drop=(g,)),
            ),
        ),
    )
    steep = algebra(lemma("chou.rates.secant_bounds", N=N, a=a, x0=a))
    positive = algebra(LogMonotone(1, 1 / ratio), LogMonotone(1, HIGH))
    counted = split(PassageAtLeast(K, late), PassageAtMost(K, positive, early))
    defined = algebra(*steep.facts, LogMonotone(1, LOW), LogMonotone(1, HIGH))
    return Defined(defined, Have(And(g > 0, tau * g < 1), steep, counted))


PROOFS: dict[str, Proof] = {
    "chou.rates.secant_bounds": algebra(
        lemma("lemma.chord_slope", n=N, a=a, b=x0), monotone(N - 1, a, x0), lemma("lemma.bernoulli", n=N, h=x0 - 1)
    ),
    "chou.rates.secant_bounds_above": algebra(
        lemma("lemma.chord_slope_above", n=N, a=x0, b=a),
        monotone(N - 1, x0, a),
        monotone(N - 1, 1, x0),
        lemma("lemma.bernoulli", n=N, h=x0 - 1),
    ),
    "chou.rates.from_below": _from_below(),
    "chou.rates.from_above": _from_above(),
    "chou.rates.convergence": _convergence(),
    "chou.rates.convergence_above": _convergence_above(),
    "chou.rates.step_count": _step_count(),
}
