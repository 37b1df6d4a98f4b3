"""Proofs of the iteration counts: compare each step with the flow by the monotonicity of the field, then add up the steps."""

from typing import Any

from dmftheory.proofs.lemmas.inequalities import monotone
from sympy import And, Symbol

from dmftheory.claims import FlowTime, Iterate, formula
from dmftheory.claims.formula import Relation
from dmftheory.claims.proof import (
    Cases,
    Converges,
    Defined,
    Derivative,
    Have,
    Induct,
    Intro,
    PassageAtLeast,
    PassageAtMost,
    Proof,
    Rewrite,
    Root,
    algebra,
    lemma,
    split,
)
from dmftheory.theorems.chou.passage import LEVEL, STATE, A, G, N, a, b, field, growth, j, k, m, tau, theta, x, x0, y, z

ROOT_OF_PEAK = ((N - 2) / (2 * N - 2)) ** (1 / N)
K = Symbol("K", integer=True, nonnegative=True)
LIMIT = Symbol("limit", real=True)
INFLECTION = algebra(Root(z, LEVEL, N))


def _inflection(then: Proof) -> Proof:
    """With what is known of z, which is all that the rest needs of it."""
    level = Relation((2 * N - 1) * z**N, "==", N - 1)
    return Have(formula.And((Relation(z, ">", 0), Relation(z, "<", 1), level)), INFLECTION, then)


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
                Have(share, algebra(drop=(0,)), algebra(monotone(N - 1, x, y), drop=(y,))),
            ),
        ),
    )


def _slow_step() -> Proof:
    """Distance over speed bounds each piece of the step: by f(x) below z, by f(y) >= (1 - N tau) f(x) beyond."""
    start, end = field(x), field(y)
    step = And(start > 0, end >= (1 - N * tau) * start, x < y, y < 1)
    below = algebra(lemma("chou.passage.rising_at_most", N=N, z=z, a=x, b=y))
    beyond = Have(
        FlowTime(N, x, y) * end <= y - x,
        algebra(lemma("chou.passage.falling_at_most", N=N, z=z, b=y, a=x), _falling(x, y)),
        algebra(lemma("chou.passage.time_passes", N=N, a=x, b=y), drop=(z,)),
    )
    up_to = algebra(lemma("chou.passage.rising_at_most", N=N, z=z, a=x, b=z))
    from_there = algebra(lemma("chou.passage.falling_at_most", N=N, z=z, b=y, a=z))
    across = Have(
        FlowTime(N, x, z) * start <= z - x,
        up_to,
        Have(
            And(FlowTime(N, z, y) * end <= y - z, FlowTime(N, z, y) >= 0),
            algebra(*from_there.facts, lemma("chou.passage.time_passes", N=N, a=z, b=y)),
            algebra(drop=(z,)),
        ),
    )
    parts = split(Intro(below), Intro(beyond), Intro(across))
    return Defined(
        algebra(Root(z, LEVEL, N), lemma("chou.passage.stays_below", N=N, tau=tau, x=x, y=y)),
        Have(step, algebra(lemma("chou.passage.stays_below", N=N, tau=tau, x=x, y=y)), _inflection(parts)),
    )


AFTER = Iterate(N, tau, x0, k + 1).unfold()
ONE_STEP = lemma("chou.passage.stays_below", N=N, tau=tau, x=STATE, y=AFTER)
INSIDE = lemma("chou.passage.inside", N=N, tau=tau, x0=x0, k=k)


def _step_from(index: Any) -> tuple[Any, ...]:
    at, after = Iterate(N, tau, x0, index), Iterate(N, tau, x0, index + 1).unfold()
    return lemma("chou.passage.inside", N=N, tau=tau, x0=x0, k=index), lemma("chou.passage.stays_below", N=N, tau=tau, x=at, y=after)


def _add_up(one_step: Any) -> Proof:
    """Induction over the steps: the time to the next state is the time to this one and one step."""
    step = algebra(INSIDE, ONE_STEP, one_step)
    return Defined(algebra(Root(z, LEVEL, N), INSIDE), _inflection(Induct(k, algebra(), step)))


PEAK_LEVEL = (N - 2) / (2 * N - 2)


def _growth_peak() -> Proof:
    """Beyond m the growth falls; below m, where m is not x0, it rises up to the level (N-2)/(2N-2) of m^N."""
    known = formula.And(
        (
            Relation(m, ">", 0),
            Relation(m, "<", 1),
            Relation(m, ">=", x0),
            Relation((2 * N - 2) * m**N, ">=", N - 2),
            formula.Or((Relation(m, "==", x0), Relation((2 * N - 2) * m**N, "==", N - 2))),
        )
    )
    falls = algebra(lemma("chou.passage.growth_falls", N=N, a=m, b=x), drop=(m,))
    rises = algebra(lemma("chou.passage.growth_rises", N=N, b=m, a=x), drop=(m,))
    level = algebra(Root(ROOT_OF_PEAK, PEAK_LEVEL, N), Root(m, PEAK_LEVEL, N), monotone(N, ROOT_OF_PEAK, m))
    return Have(known, level, Cases(x >= m, falls, rises))


def _field_grows() -> Proof:
    """f'(x) <= (N-1) f(x)/x, and f(x)/x is largest at m."""
    peak = lemma("chou.passage.growth_peak", N=N, x0=x0, m=m, G=G, x=x)
    known = And(G > 0, growth(x) <= G)
    slope = Have(known, algebra(peak), algebra(drop=(m, G, z)))
    return _inflection(Derivative(x, z, algebra(), slope, smooth=algebra(lemma("chou.passage.growth_peak", N=N, x0=x0, m=m, G=G, x=x0))))


def _fast_step() -> Proof:
    """f(y) <= A f(x) on the way up; beyond z the flow is no faster than at the start; across z, A - 1 >= (N-1) tau max f/x makes up."""
    start = field(x)
    moved = lemma("chou.passage.stays_below", N=N, tau=tau, x=x, y=y)
    peak = lemma("chou.passage.growth_peak", N=N, x0=x0, m=m, G=G, x=x)
    step = And(start > 0, x < y, y < 1, growth(x) <= G, G > 0)
    factor = 1 + tau * growth(x)
    below = algebra(lemma("chou.passage.rising_at_least", N=N, z=z, b=y, a=x))
    beyond = algebra(lemma("chou.passage.falling_at_least", N=N, z=z, a=x, b=y))
    across = Have(
        And(FlowTime(N, x, z) * field(z) >= z - x, FlowTime(N, z, y) * field(z) >= y - z),
        algebra(lemma("chou.passage.rising_at_least", N=N, z=z, b=z, a=x), lemma("chou.passage.falling_at_least", N=N, z=z, a=z, b=y)),
        Have(
            field(z) - start <= (N - 1) * G * (z - x),
            algebra(lemma("chou.passage.field_grows", N=N, z=z, x0=x0, m=m, G=G, x=x)),
            Have(
                A * (z - x) + (y - z) >= tau * field(z),
                algebra(drop=(z, m, G, A)),
                Have(field(z) > 0, algebra(drop=(m, G, A)), algebra(drop=(z, m, G, A, y, tau))),
            ),
        ),
    )
    by_bernoulli = algebra(lemma("lemma.bernoulli", n=N - 1, h=tau * G))
    by_powers = Rewrite(
        y,
        x * factor,
        algebra(),
        algebra(monotone(N - 1, factor, 1 + tau * G), monotone(N, x, x * factor), drop=(z, m, G, y)),
    )
    largest = lemma("chou.passage.growth_peak", N=N, x0=x0, m=m, G=G, x=x0)
    defined = algebra(Root(z, LEVEL, N), moved, largest, Root(ROOT_OF_PEAK, PEAK_LEVEL, N))
    parts = split(Intro(beyond), Intro(below), Intro(across))
    return Defined(
        defined,
        Have(
            step,
            algebra(moved, peak),
            Have(A >= 1 + (N - 1) * tau * G, by_bernoulli, Have(field(y) <= A * start, by_powers, _inflection(parts))),
        ),
    )


FAST_STEP = lemma("chou.passage.fast_step", N=N, tau=tau, z=z, x0=x0, m=m, G=G, A=A, x=STATE, y=AFTER)
PEAK_VALUE = Root(ROOT_OF_PEAK, PEAK_LEVEL, N)


def _fast() -> Proof:
    step = Have(
        And(x0 <= STATE, STATE < 1),
        algebra(INSIDE, drop=(z, m, G, A)),
        algebra(ONE_STEP, FAST_STEP),
    )
    return Defined(algebra(Root(z, LEVEL, N), INSIDE, PEAK_VALUE), _inflection(Induct(k, algebra(), step)))


def _level(then: Proof) -> Proof:
    """y^N = theta places y between z and 1."""
    known = formula.And((Relation(y, ">", z), Relation(y, "<", 1), Relation(y**N, "==", theta)))
    return Have(known, algebra(Root(y, theta, N), Root(z, LEVEL, N), monotone(N, y, z)), then)


def _at_least() -> Proof:
    """At the passage the state is beyond y, and the flow needs at least the time to y to get there."""
    at = Iterate(N, tau, x0, K)
    inside = algebra(lemma("chou.passage.inside", N=N, tau=tau, x0=x0, k=K))
    used = FlowTime(N, x0, z) + (1 - N * tau) * FlowTime(N, z, at)
    close = Have(
        used <= K * tau,
        algebra(lemma("chou.passage.slow", N=N, tau=tau, z=z, x0=x0, k=K)),
        algebra(lemma("chou.passage.time_passes", N=N, a=y, b=at), drop=(z, y, theta)),
    )
    reached = Have(
        And(x0 <= at, at < 1),
        inside,
        Have(at >= y, algebra(lemma("lemma.power_strict", n=N, a=at, b=y), drop=(z,)), close),
    )
    return Defined(algebra(Root(z, LEVEL, N), Root(y, theta, N), monotone(N, y, z)), _inflection(_level(PassageAtLeast(K, reached))))


def _at_most() -> Proof:
    """Before the passage the state is below y, and k steps have used at least the time k tau, stretched by A below z."""
    at = Iterate(N, tau, x0, K)
    whole = A * FlowTime(N, x0, z) + FlowTime(N, z, y)
    positive = And(FlowTime(N, x0, z) >= 0, FlowTime(N, z, y) >= 0)
    times = algebra(lemma("chou.passage.time_passes", N=N, a=x0, b=z), lemma("chou.passage.time_passes", N=N, a=z, b=y))
    used = Have(
        K * tau <= whole,
        algebra(
            lemma("chou.passage.fast", N=N, tau=tau, z=z, x0=x0, m=m, G=G, A=A, k=K),
            lemma("chou.passage.time_passes", N=N, a=at, b=z),
            lemma("chou.passage.time_passes", N=N, a=at, b=y),
        ),
        algebra(drop=(z, y, m, G, A, theta)),
    )
    unreached = Have(
        And(x0 <= at, at < 1),
        algebra(lemma("chou.passage.inside", N=N, tau=tau, x0=x0, k=K)),
        Have(at < y, algebra(monotone(N, y, at), drop=(z,)), used),
    )
    stretch = algebra(
        lemma("chou.passage.growth_peak", N=N, x0=x0, m=m, G=G, x=x0), lemma("lemma.bernoulli", n=N - 1, h=tau * G), drop=(z, y)
    )
    counted = PassageAtMost(K, algebra(drop=(z, y, m, G, A)), unreached)
    defined = algebra(Root(z, LEVEL, N), Root(y, theta, N), monotone(N, y, z), PEAK_VALUE)
    return Defined(defined, _inflection(_level(Have(positive, times, Have(A > 0, stretch, counted)))))


PROOFS: dict[str, Proof] = {
    "chou.passage.field_rises": _inflection(Derivative(b, a, algebra(), algebra(monotone(N, b, z), drop=(z,)))),
    "chou.passage.field_falls": _inflection(Derivative(b, a, algebra(), algebra(monotone(N, z, b), drop=(z,)))),
    "chou.passage.time_passes": Derivative(b, a, algebra(), algebra()),
    "chou.passage.rising_at_most": _compare(b, a, _rising(a, b)),
    "chou.passage.rising_at_least": _compare(a, b, _rising(a, b)),
    "chou.passage.falling_at_most": _compare(a, b, _falling(a, b)),
    "chou.passage.falling_at_least": _compare(b, a, _falling(a, b)),
    "chou.passage.stays_below": _stays_below(),
    "chou.passage.slow_step": _slow_step(),
    "chou.passage.growth_falls": Derivative(b, a, algebra(), algebra(monotone(N, a, b))),
    "chou.passage.growth_rises": Derivative(a, b, algebra(), algebra(monotone(N, a, b))),
    "chou.passage.growth_peak": _growth_peak(),
    "chou.passage.field_grows": _field_grows(),
    "chou.passage.fast_step": _fast_step(),
    "chou.passage.fast": _fast(),
    "chou.passage.at_least": _at_least(),
    "chou.passage.at_most": _at_most(),
    "chou.passage.inside": Induct(k, algebra(), algebra(ONE_STEP)),
    "chou.passage.increases": Induct(j, algebra(), algebra(*_step_from(j))),
    "chou.passage.slow": _add_up(lemma("chou.passage.slow_step", N=N, tau=tau, z=z, x=STATE, y=AFTER)),
    "chou.passage.finite": Converges(K, algebra(*_step_from(K)), LIMIT, algebra()),
}
