"""Linear convergence after an eigenvalue has started to grow, from both sides, and how many steps it takes (B4, B10).

In the normal form (N, tau, x0); g is the secant slope (f(a) - f(1)) / (1 - a) = a^(N-1) (1 - a^N) / (1 - a).
"""

from typing import Any

from sympy import And, FiniteSet, Interval, Range, Symbol, log, oo

from dmftheory.claims import FirstPassage, Iterate, Theorem

N = Symbol("N", integer=True, positive=True)
k = Symbol("k", integer=True, nonnegative=True)
tau = Symbol("tau", positive=True)
a, x0 = Symbol("a", positive=True), Symbol("x0", positive=True)
eps = Symbol("epsilon", positive=True)

SOURCE = "linear rates in the manner of Chou, Gieshoff, Maly, Rauhut, arXiv:2011.13772; form recalled, constants ours"


def secant_slope(z: Any) -> Any:
    """f(z) / (1 - z) for z in (0, 1)."""
    return z ** (N - 1) * (1 - z**N) / (1 - z)


g = Symbol("g", real=True)
STATE = Iterate(N, tau, x0, k)
BELOW = {N: Range(2, oo), tau: Interval.Lopen(0, 1 / N), a: Interval.open(0, 1), g: FiniteSet(secant_slope(a)), x0: Interval.Ropen(a, 1)}
ABOVE = {N: Range(2, oo), x0: Interval.open(1, oo), g: FiniteSet(secant_slope(x0)), tau: Interval.Lopen(0, 1 / (N * x0 ** (2 * N - 2)))}

secant_bounds = Theorem(
    "chou.rates.secant_bounds",
    title="Between a and 1 the field lies between its secant and N (1 - x)",
    given={N: Range(2, oo), a: Interval.open(0, 1), x0: Interval(a, 1)},
    claim=And(secant_slope(a) * (1 - x0) <= x0 ** (N - 1) * (1 - x0**N), x0 ** (N - 1) * (1 - x0**N) <= N * (1 - x0)),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

from_below = Theorem(
    "chou.rates.from_below",
    title="From any point a on, the error 1 - x shrinks at least by 1 - tau g(a) and at most by 1 - N tau a step",
    given={**BELOW, k: Range(0, oo)},
    claim=And((1 - N * tau) ** k * (1 - x0) <= 1 - STATE, 1 - STATE <= (1 - tau * g) ** k * (1 - x0)),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

secant_bounds_above = Theorem(
    "chou.rates.secant_bounds_above",
    title="Between 1 and a the field lies between N (1 - x) and the secant of a",
    given={N: Range(2, oo), a: Interval.open(1, oo), x0: Interval(1, a)},
    claim=And(N * (x0 - 1) <= x0 ** (N - 1) * (x0**N - 1), x0 ** (N - 1) * (x0**N - 1) <= secant_slope(a) * (x0 - 1)),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

from_above = Theorem(
    "chou.rates.from_above",
    title="From above, the error x - 1 shrinks at least by 1 - N tau and at most by 1 - tau g(x0) a step",
    given={**ABOVE, k: Range(0, oo)},
    claim=And((1 - tau * g) ** k * (x0 - 1) <= STATE - 1, STATE - 1 <= (1 - N * tau) ** k * (x0 - 1)),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

step_count = Theorem(
    "chou.rates.step_count",
    title="Steps from x0 to 1 - epsilon, between two logarithms",
    given={
        N: Range(2, oo),
        tau: Interval.open(0, 1 / N),
        a: Interval.open(0, 1),
        g: FiniteSet(secant_slope(a)),
        x0: Interval.Ropen(a, 1),
        eps: Interval.Lopen(0, 1 - x0),
    },
    claim=And(
        FirstPassage(N, tau, x0, (1 - eps) ** N) >= log((1 - x0) / eps) / -log(1 - N * tau),
        FirstPassage(N, tau, x0, (1 - eps) ** N) <= log((1 - x0) / eps) / -log(1 - tau * g) + 1,
    ),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

convergence = Theorem(
    "chou.rates.convergence",
    title="A positive eigenvalue is learned: the relative error of the product tends to 0 at an explicit linear rate",
    given={N: Range(2, oo), tau: Interval.Lopen(0, 1 / N), x0: Interval.open(0, 1), g: FiniteSet(secant_slope(x0)), k: Range(0, oo)},
    claim=And(STATE**N <= 1, 1 - STATE**N <= N * (1 - tau * g) ** k * (1 - x0)),
    declared="proved",
    source="convergence theorem of Chou, Gieshoff, Maly, Rauhut, arXiv:2011.13772; rate ours",
    provenance="derived",
)

convergence_above = Theorem(
    "chou.rates.convergence_above",
    title="From above as well: the relative error of the product tends to 0 at the linear rate 1 - N tau",
    given={**ABOVE, k: Range(0, oo)},
    claim=And(STATE**N >= 1, STATE**N - 1 <= N * x0 ** (N - 1) * (1 - N * tau) ** k * (x0 - 1)),
    declared="proved",
    source="convergence theorem of Chou, Gieshoff, Maly, Rauhut, arXiv:2011.13772; rate ours",
    provenance="derived",
)
