"""Proofs about a negative eigenvalue: Taylor's formula by three derivatives, and a sum that telescopes."""

from typing import Any

from dmftheory.proofs.lemmas.inequalities import monotone
from sympy import And, Eq, Symbol, diff

from dmftheory.claims import Theorem
from dmftheory.claims.formula import relations
from dmftheory.claims.proof import Derivative, Have, Induct, Let, Proof, Rewrite, algebra, lemma, split
from dmftheory.claims.unfold import unfold
from dmftheory.claims.values import contiguous
from dmftheory.theorems.abel.count import between
from dmftheory.theorems.abel.decay_negative import (
    CURVE,
    RATE,
    STATE,
    STEEP,
    TIME,
    WAY,
    N,
    a,
    bend,
    cost,
    count,
    defect,
    field,
    first_slope,
    k,
    share,
    slope,
    tau,
    x,
    x0,
    y,
    z,
)

E = Symbol("E", real=True)


def _field_change() -> Proof:
    slower = algebra(monotone(N - 2, y, x), monotone(2 * N - 2, y, x))
    return split(Derivative(y, x, algebra(), algebra()), Derivative(y, x, algebra(), slower))


def _relative_change() -> Proof:
    powers = And(y**N <= x**N, a ** (2 * N - 1) <= y ** (2 * N - 1), y ** (2 * N - 2) <= x ** (2 * N - 2))
    ordered = algebra(monotone(N, y, x), monotone(2 * N - 1, a, y), monotone(2 * N - 2, y, x))
    speeds = field(x) * a ** (2 * N - 1) <= field(y) * x ** (2 * N - 1)
    change = between(0, field(x) - field(y), (2 * N - 1) * WAY * field(x) / x)
    known = Have(speeds, algebra(), Have(change, algebra(lemma("abel.decay_negative.field_change", N=N, x=x, a=a, y=y)), algebra()))
    return Have(powers, ordered, known)


def _second_slope() -> Proof:
    relative = (field(x) - field(y)) / field(y)
    bounded = lemma("abel.count.products", a=STEEP, d=WAY, p=slope(y), q=relative, r=bend(y))
    shapes = And(relative <= STEEP * WAY, relative >= 0, (2 * N - 1) / y <= STEEP)
    slopes = algebra(lemma("abel.decay_negative.slope_bounds", N=N, x=y))
    sizes = And(slope(y) >= 0, slope(y) <= STEEP, bend(y) <= STEEP**2, bend(y) >= -(STEEP**2))
    last = Have(sizes, slopes, algebra(bounded))
    return Have(shapes, algebra(lemma("abel.decay_negative.relative_change", N=N, x=x, a=a, y=y)), last)


def _integrated(theorem: Theorem, value: Any, change: Any, below: str) -> Proof:
    """Both bounds by their derivatives: that of `value` is `change`, which the theorem `below` bounds."""
    known = lemma(below, N=N, x=x, a=a, y=y)
    parts = []
    for part in relations(theorem.conclusion):
        raw = unfold(contiguous(diff(part.left - part.right, y))[0])
        left, right = (change if side == value else diff(side, y) for side in (part.left, part.right))
        parts.append(Derivative(y, x, algebra(), Rewrite(raw, left - right, algebra(), algebra(known))))
    return split(*parts)


TAKEN = share(x)
LEFT = 1 - TAKEN
KEPT = And(TAKEN > 0, LEFT > 0, Eq(z, x * LEFT), z > 0, z < x)


def _one_step() -> Proof:
    """The way is x r, and the steepness x^(2N-2)/z^(2N-1) is 1/(x (1-r)^(2N-1))."""
    missed, way = count(x, z) - 1, tau * field(x)
    steep = STEEP.subs(a, z)
    bounded = algebra(lemma("abel.decay_negative.defect", N=N, x=x, a=z, y=z))
    third = between(-(steep**2) * way**2 / 4, E, steep**2 * way**2 / 4)
    same = Eq(steep**2 * way**2 / 4, cost(TAKEN) * TAKEN**2)
    equal = Rewrite(z, x * LEFT, algebra(), algebra())
    last = Have(same, equal, algebra(drop=(0, z)))
    return Have(KEPT, algebra(), Let(E, missed, Have(third, bounded, last)))


def _share_falls() -> Proof:
    """(1-r)^(N-2) (1 + (N-2) r) <= 1."""
    power = LEFT ** (N - 2)
    known = And(power * (1 + (N - 2) * TAKEN) <= 1, power >= 0, z**N <= x**N, z**N >= 0)
    facts = algebra(lemma("lemma.bernoulli_inverse", n=N - 2, h=TAKEN), monotone(N, z, x))
    shrunk = Eq(z ** (N - 2), x ** (N - 2) * power)
    less = Have(share(z) <= TAKEN * power, algebra(), algebra())
    fallen = Have(shrunk, Rewrite(z, x * LEFT, algebra(), algebra()), less)
    return Have(KEPT, algebra(), Have(known, facts, fallen))


def _inside() -> Proof:
    smaller = algebra(monotone(N - 2, STATE, x0), monotone(N, STATE, x0))
    step = Have(And(STATE > 0, STATE <= x0), algebra(), Have(share(STATE) < 1, smaller, algebra()))
    return Induct(k, algebra(), step)


PROOFS: dict[str, Any] = {
    "abel.decay_negative.field_change": _field_change(),
    "abel.decay_negative.slope_bounds": algebra(),
    "abel.decay_negative.relative_change": _relative_change(),
    "abel.decay_negative.second_slope": _second_slope(),
    "abel.decay_negative.first_slope": _integrated(first_slope, RATE, CURVE, "abel.decay_negative.second_slope"),
    "abel.decay_negative.defect": _integrated(defect, TIME, RATE, "abel.decay_negative.first_slope"),
    "abel.decay_negative.one_step": _one_step(),
    "abel.decay_negative.share_falls": _share_falls(),
    "abel.decay_negative.inside": _inside(),
}
