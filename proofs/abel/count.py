"""Proofs of the first-order step count: Taylor's formula by three derivatives, a potential for the sum, induction over the steps."""

from typing import Any

from dmftheory.proofs.lemmas.inequalities import monotone
from sympy import And, Symbol, diff, log

from dmftheory.claims import FlowTime, Iterate, Theorem
from dmftheory.claims.formula import relations
from dmftheory.claims.proof import (
    Defined,
    Derivative,
    Have,
    Induct,
    Let,
    LogMonotone,
    PassageAtLeast,
    PassageAtMost,
    Proof,
    Rewrite,
    Root,
    algebra,
    lemma,
    split,
)
from dmftheory.claims.unfold import unfold
from dmftheory.claims.values import contiguous
from dmftheory.theorems.abel.count import (
    CONSTANT,
    CURVE,
    RATE,
    STATE,
    STEEP,
    TIME,
    N,
    b,
    bend,
    between,
    count,
    count_grows,
    defect,
    field,
    first_slope,
    k,
    n,
    slope,
    t,
    tau,
    theta,
    x,
    x0,
    y,
    z,
)


def _strict(low: Any, high: Any) -> Any:
    return lemma("lemma.power_strict", n=N, a=low, b=high)


def _field_change() -> Proof:
    part = Derivative(y, x, algebra(), algebra(monotone(N, y, 1)))
    return split(part, part)


def _second_slope() -> Proof:
    """f'/f, (f(y) - f(x))/f(y) and (f'/f)' are at most A, A (y - x) and A^2 in size, A = N/(y (1 - y^N)); and A <= N/(x (1 - b^N))."""
    size = N / (y * (1 - y**N))
    relative = (field(y) - field(x)) / field(y)
    bounded = lemma("abel.count.products", a=size, d=y - x, p=slope(y), q=relative, r=bend(y))
    weaker = Have(
        between(-3 * K * (y - x) / 2, E, 3 * K * (y - x) / 2),
        algebra(drop=(0, 2, E, K, S, N, b)),
        Rewrite(CURVE, E, algebra(), algebra(drop=(0, 1, 2, 3, E, S))),
    )
    shapes = Have(
        And(relative <= size * (y - x), -size * (y - x) <= relative),
        algebra(lemma("abel.count.field_change", N=N, x=x, y=y)),
        Have(
            between(-3 * S * (y - x) / 2, E, 3 * S * (y - x) / 2),
            Rewrite(E, CURVE, algebra(), Rewrite(S, size**2, algebra(), algebra(bounded, lemma("abel.count.slope_bounds", N=N, x=y)))),
            weaker,
        ),
    )
    inside = And(y**N < 1, y**N <= b**N, b**N < 1)
    named = Let(E, CURVE, Let(K, STEEP, Let(S, size**2, Have(And(size > 0, S <= K), algebra(), shapes))))
    return Have(inside, algebra(_strict(y, 1), _strict(b, 1), monotone(N, y, b)), named)


def _integrated(theorem: Theorem, value: Any, change: Any, below: str) -> Proof:
    """Both bounds by their derivatives: that of `value` is `change`, which the theorem `below` bounds."""
    known = lemma(below, N=N, x=x, b=b, y=y)
    parts = []
    for part in relations(theorem.conclusion):
        raw = unfold(contiguous(diff(part.left - part.right, y))[0])
        left, right = (change if side == value else diff(side, y) for side in (part.left, part.right))
        slope = Rewrite(raw, left - right, algebra(_strict(y, 1)), algebra(known))
        parts.append(Derivative(y, x, algebra(), slope, smooth=DEFINED))
    return split(*parts)


DEFINED = algebra(_strict(x, 1), _strict(y, 1), _strict(b, 1))
STEPPED = algebra(lemma("abel.count.share", N=N, tau=tau, x=x, z=z), _strict(z, 1), _strict(x, 1))
WITHIN = algebra(lemma("abel.count.share", N=N, tau=tau, x=x, z=x + tau * field(x)), _strict(x, 1), _strict(y, 1), monotone(N, x, y))
INSIDE = algebra(lemma("chou.passage.inside", N=N, tau=tau, x0=x0, k=k))
E, K, S, M = (Symbol(name, real=True) for name in "EKSM")


def _share() -> Proof:
    """1 - z >= (1 - N tau)(1 - x), and the chord slope (1 - x^N)/(1 - x) grows from x to z."""
    below = And(field(x) > 0, field(x) < N * (1 - x))
    moved = And(x < z, z < 1, (1 - N * tau) * (1 - x) <= 1 - z)
    chord = (1 - x**N) * (1 - z) <= (1 - z**N) * (1 - x)
    last = Have(chord, algebra(lemma("lemma.chord_slope", n=N, a=x, b=z)), algebra(drop=(0,)))
    return Have(below, algebra(lemma("lemma.bernoulli", n=N, h=x - 1)), Have(moved, algebra(), last))


def _one_step() -> Proof:
    """|tau f (A(z) - A(x) - 1)| <= V^2 tau f / 4 with V = N h (1 - x^N)/(1 - z^N) <= N h/(1 - N tau)."""
    f, after = field(x), 1 - z**N
    v = N * tau * f / (x * after)
    h = N * tau * x ** (N - 2) / (1 - N * tau)
    time = TIME.xreplace({y: z})
    moved = And(x < z, z < 1, f > 0, after > 0, (1 - N * tau) * (1 - x**N) <= after)
    third = N**2 / (x**2 * after**2) * (z - x) ** 3 / 4
    return Have(
        moved,
        algebra(lemma("abel.count.share", N=N, tau=tau, x=x, z=z), _strict(z, 1), _strict(x, 1)),
        Have(
            between(-third, time, third),
            algebra(lemma("abel.count.defect", N=N, x=x, b=z, y=z)),
            Have(
                And(v >= 0, v <= h),
                algebra(drop=(1,)),
                Let(
                    E,
                    count(x, z) - 1,
                    Have(
                        between(-(v**2) / 4, E, v**2 / 4),
                        algebra(),
                        Rewrite(count(x, z) - 1, E, algebra(), algebra()),
                    ),
                ),
            ),
        ),
    )


def _speed() -> Proof:
    inside = And(field(x) > 0, field(x) <= x, y <= x * (1 + tau), x**N <= y**N, y**N <= 1)
    moved = lemma("abel.count.share", N=N, tau=tau, x=x, z=x + tau * field(x))
    known = algebra(_strict(x, 1), monotone(N - 2, x, 1), monotone(N, x, y), moved, monotone(N, y, 1))
    return Have(inside, known, algebra(monotone(N - 1, y, x * (1 + tau))))


def _potential_grows() -> Proof:
    """tau f Phi' >= h^2, and f and h^2/f at the start against those at y."""
    inside = And(x**N < 1, y**N < 1, y**N >= x**N, x < 1, y < 1)
    ratio = y ** (N - 1) * (1 - y**N) <= (1 + tau) ** (N - 1) * x ** (N - 1) * (1 - x**N)
    powers = x ** (2 * N - 4) <= y ** (2 * N - 4)
    share_ = tau * x ** (N - 3) / (1 - x**N) <= (1 + tau) ** (N - 1) * tau * y ** (N - 3) / (1 - y**N)
    step = Have(
        inside,
        WITHIN,
        Have(
            ratio,
            algebra(lemma("abel.count.speed", N=N, tau=tau, x=x, y=y)),
            Have(
                powers,
                algebra(monotone(2 * N - 4, x, y)),
                Have(
                    share_,
                    algebra(),
                    Have(log(1 - y**N) <= 0, algebra(LogMonotone(1 - y**N, 1)), algebra()),
                ),
            ),
        ),
    )
    return Derivative(y, x, algebra(), step, smooth=WITHIN)


def _potential_step() -> Proof:
    return Have(
        And(x < z, z < 1, x**N < 1, z**N < 1),
        STEPPED,
        algebra(lemma("abel.count.potential_grows", N=N, tau=tau, x=x, y=z)),
    )


AFTER = Iterate(N, tau, x0, k + 1).unfold()


def _steps() -> Proof:
    one = lemma("abel.count.one_step", N=N, tau=tau, x=STATE, z=AFTER)
    paid = lemma("abel.count.potential_step", N=N, tau=tau, x=STATE, z=AFTER)
    inside = And(STATE > 0, STATE < 1)
    step = Have(inside, INSIDE, algebra(one, paid))
    return Defined(algebra(*INSIDE.facts, _strict(STATE, 1), _strict(x0, 1)), Induct(k, algebra(), step))


def _against(part: Any) -> Proof:
    """The slope E of the count against S = C times the slope K of the potential, both in units of M = 1/(tau f).

    The hypotheses here are, in order: inside, slopes, logs, small, then low, high and flat.
    """
    raw = unfold(contiguous(diff(part.left - part.right, y))[0])
    rise = tau * y ** (N - 3) * (1 / (1 - y**N) - (N - 2) * log(1 - y**N) / N)
    pace = 1 / (tau * field(y)) + slope(y) / 2
    unit = 1 / (tau * y ** (N - 1) * (1 - y**N))
    low = And(E >= (1 - N * tau / 2) * unit, unit > 0)
    high = K <= 2 * tau**2 * y ** (2 * N - 4) * unit
    flat = y ** (2 * N - 4) <= 1
    compared = Let(M, unit, Have(S * K <= E, _chain(), algebra(drop=(0, 1, 2, 3, 4, 5, 6, M))))
    bounds = Have(low, algebra(), Have(high, algebra(drop=(4, E, S)), Have(flat, algebra(drop=(2, 3, 4, 5, E, K, S)), compared)))
    return Rewrite(raw, pace - CONSTANT * rise, algebra(_strict(y, 1)), Let(E, pace, Let(K, rise, Let(S, CONSTANT, bounds))))


def _chain() -> Proof:
    """S K <= 2 S tau^2 M <= (1 - N tau/2) M <= E, once each bound is freed of what its letters stand for."""
    high = K <= 2 * tau**2 * y ** (2 * N - 4) * M
    low = And(E >= (1 - N * tau / 2) * M, M > 0)
    cheap = And(S >= 0, 2 * S * tau**2 <= 1 - N * tau / 2)
    combined = algebra(drop=(0, 1, 2, 3, 4, 5, E, K, M, S))
    third = Have(cheap, algebra(drop=(0, 1, 2, 4, 5, E, K)), combined)
    second = Have(low, algebra(drop=(0, 1, 2, 3, 5, S, K)), third)
    return Have(high, algebra(drop=(0, 1, 2, 3, 4, S, E)), second)


def _count_grows() -> Proof:
    """tau f (A_1)' >= 1 - N tau/2, and tau f Phi' <= 2 (tau y^(N-2))^2 <= 2 tau^2."""
    inside = And(y**N < 1, y ** (N - 2) <= 1, y > 0)
    slopes = between(-N / (y * (1 - y**N)), slope(y), N / (y * (1 - y**N)))
    logs = And(log(1 - y**N) <= 0, -log(1 - y**N) * (1 - y**N) <= y**N)
    small = And(CONSTANT >= 0, 2 * CONSTANT * tau**2 <= 1 - N * tau / 2)
    facts = (
        algebra(_strict(y, 1), monotone(N - 2, y, 1)),
        algebra(lemma("abel.count.slope_bounds", N=N, x=y)),
        algebra(LogMonotone(1 - y**N, 1), lemma("abel.count.log_below", t=y**N)),
        algebra(lemma("abel.count.stretch", n=N - 1, t=tau)),
    )

    def known(then: Proof) -> Proof:
        for claim, by in reversed(list(zip((inside, slopes, logs, small), facts, strict=True))):
            then = Have(claim, by, then)
        return then

    smooth = algebra(_strict(x, 1), _strict(y, 1))
    parts = [
        Derivative(y, x, algebra(), known(_against(part) if part.left.has(FlowTime) and part.right.has(log) else algebra()), smooth=smooth)
        for part in relations(count_grows.conclusion)
    ]
    return Defined(smooth, split(*parts))


INDEX = Symbol("K", integer=True, nonnegative=True)


def _level(then: Proof) -> Proof:
    """z^N = theta places z between x0 and 1."""
    known = And(z > x0, z < 1)
    return Have(known, algebra(Root(z, theta, N), monotone(N, z, x0), monotone(N, 1, z)), then)


def _passage() -> tuple[Proof, Proof]:
    at = Iterate(N, tau, x0, INDEX)
    inside = algebra(lemma("chou.passage.inside", N=N, tau=tau, x0=x0, k=INDEX))
    counted = lemma("abel.count.steps", N=N, tau=tau, x0=x0, k=INDEX)
    whole = lemma("abel.count.count_grows", N=N, tau=tau, x=x0, y=z)
    late = Have(
        And(at > 0, at < 1, at >= z),
        algebra(*inside.facts, Root(z, theta, N), lemma("lemma.power_strict", n=N, a=at, b=z)),
        algebra(counted, lemma("abel.count.count_grows", N=N, tau=tau, x=z, y=at)),
    )
    early = Have(
        And(at > 0, at < 1, at < z),
        algebra(*inside.facts, Root(z, theta, N), monotone(N, z, at)),
        algebra(counted, lemma("abel.count.count_grows", N=N, tau=tau, x=at, y=z)),
    )
    defined = algebra(Root(z, theta, N), monotone(N, z, x0), monotone(N, 1, z), _strict(z, 1), _strict(x0, 1))
    at_least = Defined(defined, _level(PassageAtLeast(INDEX, late)))
    at_most = Defined(defined, _level(PassageAtMost(INDEX, algebra(whole), early)))
    return at_least, at_most


PROOFS: dict[str, Proof] = {
    "abel.count.field_change": _field_change(),
    "abel.count.slope_bounds": Defined(algebra(_strict(x, 1)), split(*[algebra(_strict(x, 1))] * 4)),
    "abel.count.products": algebra(),
    "abel.count.second_slope": Defined(DEFINED, _second_slope()),
    "abel.count.first_slope": Defined(DEFINED, _integrated(first_slope, RATE, CURVE, "abel.count.second_slope")),
    "abel.count.share": _share(),
    "abel.count.one_step": Defined(STEPPED, _one_step()),
    "abel.count.speed": _speed(),
    "abel.count.potential_grows": Defined(WITHIN, _potential_grows()),
    "abel.count.potential_step": Defined(STEPPED, _potential_step()),
    "abel.count.steps": _steps(),
    "abel.count.stretch": Induct(n, algebra(), algebra()),
    "abel.count.log_below": Derivative(t, 0, algebra(), algebra(LogMonotone(1 - t, 1)), smooth=algebra()),
    "abel.count.count_grows": _count_grows(),
    "abel.count.passage_at_least": _passage()[0],
    "abel.count.passage_at_most": _passage()[1],
    "abel.count.defect": Defined(DEFINED, _integrated(defect, TIME, RATE, "abel.count.first_slope")),
}
