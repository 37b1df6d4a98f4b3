"""Step sizes for identical initialisation: what keeps every eigenvalue monotone, and that the constant is the best one (B1, B3)."""

from typing import Any

from sympy import Abs, And, Implies, Interval, Range, Rational, Symbol, oo

from dmftheory.claims import Factor, Theorem

N = Symbol("N", integer=True, positive=True)
k = Symbol("k", integer=True, nonnegative=True)
M = Symbol("M", positive=True)
r = Symbol("r", positive=True)
s = Symbol("s", real=True)
alpha, eta = Symbol("alpha", positive=True), Symbol("eta", positive=True)
tau = Symbol("tau", positive=True)
x0 = Symbol("x0", nonnegative=True)
c, delta = Symbol("c", positive=True), Symbol("delta", positive=True)
h, d = Symbol("h", real=True), Symbol("d", nonnegative=True)

SOURCE = "step-size condition in the manner of Chou, Gieshoff, Maly, Rauhut, arXiv:2011.13772; form and constant ours"
SAFE_STEP = Interval.Lopen(0, 1 / (N * M ** (2 * N - 2)))


def _factor(lam: Any, at: Any) -> Factor:
    return Factor(N, lam, alpha, eta, at)


increasing = Theorem(
    "chou.step_size.increasing",
    title="From below, each factor increases and never overshoots",
    given={
        N: Range(2, oo),
        M: Interval.open(0, oo),
        r: Interval.Lopen(0, M),
        alpha: Interval.Lopen(0, r),
        eta: Interval.Lopen(0, c / (N * M ** (2 * N - 2))),
        k: Range(0, oo),
    },
    claim=And(alpha <= _factor(r**N, k), _factor(r**N, k) <= _factor(r**N, k + 1), _factor(r**N, k + 1) <= r),
    constants={c: 1},
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

decreasing = Theorem(
    "chou.step_size.decreasing",
    title="From above, each factor of a positive eigenvalue decreases and stays above its limit",
    given={
        N: Range(2, oo),
        M: Interval.open(0, oo),
        alpha: Interval.Lopen(0, M),
        r: Interval.Lopen(0, alpha),
        eta: SAFE_STEP,
        k: Range(0, oo),
    },
    claim=And(r <= _factor(r**N, k + 1), _factor(r**N, k + 1) <= _factor(r**N, k), _factor(r**N, k) <= alpha),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

nonpositive = Theorem(
    "chou.step_size.nonpositive",
    title="The factor of a zero or negative eigenvalue decreases and stays nonnegative",
    given={N: Range(2, oo), M: Interval.open(0, oo), s: Interval(0, M**N), alpha: Interval.Lopen(0, M), eta: SAFE_STEP, k: Range(0, oo)},
    claim=And(0 <= _factor(-s, k + 1), _factor(-s, k + 1) <= _factor(-s, k), _factor(-s, k) <= alpha),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

sharp = Theorem(
    "chou.step_size.sharp",
    title="The constant 1 is the best one: beyond it, starts close below the target overshoot in one step",
    given={N: Range(2, oo), c: Interval.Lopen(1, 2), delta: Interval.Lopen(0, 2 * (c - 1) / (3 * c * N))},
    claim=(1 - delta) + c / N * (1 - delta) ** (N - 1) * (1 - (1 - delta) ** N) > 1,
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

invariant = Theorem(
    "chou.step_size.invariant",
    title="A step of at most 1/N keeps [0, 1]: it never goes back and never overshoots",
    given={N: Range(2, oo), tau: Interval.Lopen(0, 1 / N), x0: Interval(0, 1)},
    claim=And(x0 + tau * x0 ** (N - 1) * (1 - x0**N) >= x0, x0 + tau * x0 ** (N - 1) * (1 - x0**N) <= 1),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

loosened = Theorem(
    "chou.step_size.loosened",
    title="A step of 1.01 times the bound never overshoots (false: the constant 1 is sharp)",
    given={N: Range(2, oo), tau: Interval.Lopen(0, Rational(101, 100) / N), x0: Interval(0, 1)},
    claim=x0 + tau * x0 ** (N - 1) * (1 - x0**N) <= 1,
    declared="refuted",
    source="ours, the sharp bound with its constant moved by one per cent",
    provenance="derived",
)

field_linear = Theorem(
    "chou.stability.field",
    title="Near the fixed point the field is -N h, up to 5 N^2 h^2",
    given={N: Range(2, oo), h: Interval(-1, 1)},
    assume=[(2 * N - 1) * Abs(h) <= 1],
    claim=Abs((1 + h) ** (N - 1) * (1 - (1 + h) ** N) + N * h) <= 5 * N**2 * h**2,
    declared="proved",
    source="ours",
    provenance="derived",
)

multiplier = Theorem(
    "chou.stability.multiplier",
    title="At the fixed point the map has slope 1 - N tau, with an explicit quadratic remainder",
    given={N: Range(2, oo), tau: Interval.open(0, oo), h: Interval(-1 / (2 * N), 1 / (2 * N))},
    claim=Abs((1 + h) + tau * (1 + h) ** (N - 1) * (1 - (1 + h) ** N) - 1 - (1 - N * tau) * h) <= 5 * N**2 * tau * h**2,
    declared="proved",
    source="linear stability of gradient descent at a minimiser, standard; remainder ours",
    provenance="derived",
)

_MOVED = Abs((1 + h) + tau * (1 + h) ** (N - 1) * (1 - (1 + h) ** N) - 1)

threshold = Theorem(
    "chou.stability.threshold",
    title="The target is locally stable below tau = 2/N and repels beyond it",
    given={N: Range(2, oo), tau: Interval.open(0, oo), h: Interval(-1 / (2 * N), 1 / (2 * N))},
    assume=[Abs(h) > 0],
    claim=And(
        Implies(5 * N**2 * tau * Abs(h) < 1 - Abs(1 - N * tau), _MOVED < Abs(h)),
        Implies(5 * N**2 * tau * Abs(h) < N * tau - 2, _MOVED > Abs(h)),
    ),
    declared="proved",
    source="linear stability of gradient descent at a minimiser, standard; region ours",
    provenance="derived",
)

monotone_map = Theorem(
    "chou.step_size.monotone_map",
    title="The map is monotone for every eigenvalue when eta <= 1/((2N-1) M^(2N-2)) (false for negative eigenvalues)",
    given={
        N: Range(2, oo),
        M: Interval.open(0, oo),
        s: Interval(-(M**N), M**N),
        d: Interval(0, M),
        eta: Interval.Lopen(0, 1 / ((2 * N - 1) * M ** (2 * N - 2))),
    },
    claim=1 - eta * ((2 * N - 1) * d ** (2 * N - 2) - (N - 1) * s * d ** (N - 2)) >= 0,
    declared="refuted",
    source="a remark in our notes on order preservation, false at lambda = -M^N, d = M; mended in chou.step_size.monotone_map_positive",
    provenance="derived",
)

monotone_map_positive = Theorem(
    "chou.step_size.monotone_map_positive",
    title="The map is monotone on [0, M] for nonnegative eigenvalues when eta <= 1/((2N-1) M^(2N-2))",
    given={
        N: Range(2, oo),
        M: Interval.open(0, oo),
        s: Interval(0, M**N),
        d: Interval(0, M),
        eta: Interval.Lopen(0, 1 / ((2 * N - 1) * M ** (2 * N - 2))),
    },
    claim=1 - eta * ((2 * N - 1) * d ** (2 * N - 2) - (N - 1) * s * d ** (N - 2)) >= 0,
    declared="proved",
    source="the corrected form of chou.step_size.monotone_map",
    provenance="derived",
)
