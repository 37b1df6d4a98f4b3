"""The effective rank falls first and rises then: where that can be said, and where it is false (C4, C5, C6).

r(W(k)) falls first and rises then if it is nowhere larger than at both an earlier and a later step. In the conjectures the largest
eigenvalue is 1, by scaling.

For two eigenvalues it is proved: 1 + (x/y)^N falls in a step exactly if the smaller state x grows by a smaller factor than the larger y,
and the next factor of growth increases with this one and decreases with the state.
"""

import itertools
from typing import Any

from sympy import FiniteSet, Implies, Integer, Interval, Max, Range, Rational, Symbol, oo

from dmftheory.claims import EffectiveRank, Factor, Family, LearningStep, Theorem

N = Symbol("N", integer=True, positive=True)
i, j, k = (Symbol(name, integer=True, nonnegative=True) for name in ("i", "j", "k"))
alpha, eta, r = Symbol("alpha", positive=True), Symbol("eta", positive=True), Symbol("r", positive=True)
s, t = Symbol("s", nonnegative=True), Symbol("t", positive=True)
q, x, y = (Symbol(name, positive=True) for name in ("q", "x", "y"))
u, v, h, g = (Symbol(name, real=True) for name in ("u", "v", "h", "g"))

SOURCE = "effective rank increasing apart from few initial steps, arXiv:2011.13772 (abstract of version 1); precise form ours"
TWO_SOURCE = f"{SOURCE}; the case of two eigenvalues, with its proof, ours"
DEPTHS = Range(2, 6)
SAFE_STEP = Interval.Lopen(0, 1 / N)


def growth(state: Any, root: Any) -> Any:
    """By what one step multiplies a state."""
    return 1 + eta * state ** (N - 2) * (root**N - state**N)


def pull(state: Any, root: Any) -> Any:
    """What the growth is made of: d^(N-2) (lambda - d^N)."""
    return state ** (N - 2) * (root**N - state**N)


def _two(name: str, title: str, given: dict[Any, Any], claim: Any, **more: Any) -> Theorem:
    words = {"declared": "proved", "source": TWO_SOURCE, "provenance": "derived", **more}
    return Theorem(f"chou.rank_curve.{name}", title=title, given=given, claim=claim, **words)


ROOTS = {N: Range(2, oo), r: Interval.open(0, oo), q: Interval.Lopen(0, r)}
"""Two eigenvalues, r^N the larger one, q^N the smaller."""
SAFE_FOR_TWO = Interval.Lopen(0, 1 / (N * r ** (2 * N - 2)))
STATES = {**ROOTS, y: Interval.Lopen(0, r), x: Interval.Lopen(0, y), eta: SAFE_FOR_TWO}

growth_kept = _two(
    "growth_kept",
    "If the smaller state grows by at least the factor g by which the larger one does, its next pull is at least as strong",
    {**STATES, g: FiniteSet(growth(y, r)), h: FiniteSet(growth(x, q))},
    Implies(
        g <= h,
        y ** (N - 2) * g ** (N - 2) * (r**N - y**N * g**N) <= x ** (N - 2) * h ** (N - 2) * (q**N - x**N * h**N),
    ),
    assume=[x <= q],
)

next_step = _two(
    "next_step",
    "If the ratio of the smaller state to the larger one does not fall in a step, the smaller one has the stronger pull afterwards",
    {**STATES, u: FiniteSet(x * growth(x, q)), v: FiniteSet(y * growth(y, r))},
    Implies(x * v <= u * y, pull(v, r) <= pull(u, q)),
    assume=[x <= q],
)


def small(step: Any) -> Any:
    """The factor of the smaller eigenvalue."""
    return Factor(N, q**N, alpha, eta, step)


def large(step: Any) -> Any:
    """The factor of the larger eigenvalue."""
    return Factor(N, r**N, alpha, eta, step)


def no_fall(step: Any) -> Any:
    """The effective rank 1 + (x/y)^N is at the next step no less than at this one."""
    return small(step) * large(step + 1) <= small(step + 1) * large(step)


RUN_OF_TWO = {**ROOTS, alpha: Interval.Lopen(0, q), eta: SAFE_FOR_TWO, k: Range(0, oo)}

two = _two(
    "two",
    "Two eigenvalues, start below both: if the effective rank does not fall in a step, it does not fall in the next one",
    RUN_OF_TWO,
    Implies(no_fall(k), no_fall(k + 1)),
)

two_for_good = _two(
    "two_for_good",
    "Two eigenvalues, start below both: the effective rank falls first and rises then; once it does not fall, it never falls again",
    {**RUN_OF_TWO, j: Range(0, oo)},
    Implies(no_fall(k), no_fall(k + j)),
)


def rank_at(step: Any, roots: list[Any], others: tuple[Any, ...] = ()) -> Any:
    """The effective rank of the product at a step; `roots` are N-th roots of eigenvalues, `others` nonpositive eigenvalues."""
    targets = [*(root**N for root in roots), *others]
    return EffectiveRank(*(Factor(N, target, alpha, eta, step) ** N for target in targets))


def _roots(n: int) -> list[Any]:
    return [Integer(1), *(Symbol(f"r{index}", positive=True) for index in range(2, n + 1))]


def _spectrum(roots: list[Any], start: Any) -> dict[Any, Any]:
    decreasing = {low: Interval.open(0, high) for high, low in itertools.pairwise(roots)}
    return {N: DEPTHS, **decreasing, alpha: start, eta: SAFE_STEP, i: Range(0, oo), j: Range(i + 1, oo), k: Range(j + 1, oo)}


def _falls_then_rises(name: str, title: str, roots: list[Any], start: Any, **more: Any) -> Theorem:
    words = {"declared": "supported", "source": SOURCE, "provenance": "conjecture", **more}
    claim = rank_at(j, roots) <= Max(rank_at(i, roots), rank_at(k, roots))
    return Theorem(f"chou.rank_curve.{name}", title=title, given=_spectrum(roots, start), claim=claim, **words)


def _unimodal(n: int) -> Theorem:
    roots = _roots(n)
    return _falls_then_rises(f"unimodal.{n}", f"Starting below all {n} eigenvalues", roots, Interval.open(0, roots[-1]))


unimodal = Family(
    "chou.rank_curve.unimodal",
    title="Starting below all eigenvalues, the effective rank falls first and rises then",
    indices=((2,), (3,), (4,)),
    member=_unimodal,
    declared="supported",
    source=SOURCE,
    provenance="conjecture",
)

large_start = Theorem(
    "chou.rank_curve.large_start",
    title="Starting between two eigenvalues, the effective rank falls first and rises then, over the first 60 steps (false)",
    given={
        N: DEPTHS,
        r: Interval.open(Rational(1, 2), 1),
        alpha: Interval.open(Rational(1, 2), r),
        t: Interval.open(0, Rational(1, 2)),
        eta: SAFE_STEP,
        i: Range(0, 20),
        j: Range(i + 1, i + 20),
        k: Range(j + 1, j + 20),
    },
    claim=rank_at(j, [Integer(1), r, t]) <= Max(rank_at(i, [Integer(1), r, t]), rank_at(k, [Integer(1), r, t])),
    declared="refuted",
    source="ours: chou.rank_curve.unimodal without its hypothesis on the start",
    provenance="derived",
)

singular_target = Theorem(
    "chou.rank_curve.singular_target",
    title="With an eigenvalue 0 or below, the effective rank does not fall once 99 % of the positive ones are learned (false)",
    given={
        N: Range(2, 4),
        r: Interval.open(Rational(1, 2), 1),
        alpha: Interval.open(r / 8, r / 4),
        s: Interval(0, r**N),
        eta: Interval(1 / (2 * N), 1 / N),
        j: Range(500, 1000),
        k: Range(j + 1, 2000),
    },
    claim=rank_at(j, [Integer(1), r], (-s,)) <= rank_at(k, [Integer(1), r], (-s,)),
    assume=[LearningStep(N, r**N, alpha, eta, Rational(99, 100)) <= j],
    declared="refuted",
    source="ours: effective rank increasing apart from few initial steps, for targets that are not positive definite",
    provenance="derived",
)
