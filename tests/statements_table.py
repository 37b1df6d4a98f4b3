"""Hand-made statements with what is known of each: half of them false, in a corner, at one point, at large depth, after many steps only.

`CASES` lists (truth, statement, why); truth is 'true', 'false', 'vacuous' or 'ill-posed'. The tests settle every one and print the table.
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy import (
    Abs,
    And,
    Eq,
    Implies,
    Interval,
    Max,
    Min,
    Ne,
    Or,
    Range,
    Rational,
    Symbol,
    Union,
    cos,
    exp,
    log,
    oo,
    sqrt,
)

from dmftheory.claims import EffectiveRank, Factor, FirstPassage, FlowTime, Iterate, LearningStep, Theorem

N = Symbol("N", integer=True, positive=True)
n, k, j = (Symbol(name, integer=True, nonnegative=True) for name in "nkj")
tau, p, r, c = (Symbol(name, positive=True) for name in ("tau", "p", "r", "c"))
alpha, eta, M, theta = (Symbol(name, positive=True) for name in ("alpha", "eta", "M", "theta"))
x0 = Symbol("x0", nonnegative=True)
x, y, z, h = (Symbol(name, real=True) for name in "xyzh")
a, b = Symbol("a", nonnegative=True), Symbol("b", nonnegative=True)
u, v, w = (Symbol(name, positive=True) for name in "uvw")

UNIT, LINE, POSITIVE, DEPTH = Interval(0, 1), Interval(-oo, oo), Interval.open(0, oo), Range(2, oo)
SAFE = Interval.Lopen(0, 1 / N)
HALF = Rational(1, 2)

CASES: list[tuple[str, Theorem, str]] = []


def _state(truth: str, name: str, why: str, given: dict[Any, Any], claim: Any, *assume: Any) -> None:
    CASES.append((truth, Theorem(name, title=why, given=given, claim=claim, assume=assume), why))


def _pair(name: str, given: dict[Any, Any], true: Any, false: Any, why: str, *assume: Any) -> None:
    """A true claim and a false one over the same domain."""
    _state("true", f"{name}.true", "the neighbour that holds", given, true, *assume)
    _state("false", f"{name}.false", why, given, false, *assume)


def _step(bound: Any) -> dict[Any, Any]:
    return {N: DEPTH, tau: Interval.Lopen(0, bound), x0: UNIT}


# Boundaries and constants of the recursion.
STEPPED = x0 + tau * x0 ** (N - 1) * (1 - x0**N)
_state("true", "overshoot.sharp", "the sharp constant", _step(1 / N), STEPPED <= 1)
_state("false", "overshoot.constant", "the constant one part in 1000 too large", _step(Rational(1001, 1000) / N), STEPPED <= 1)
_state("false", "overshoot.strict", "equality at the fixed point x0 = 1", _step(1 / N), STEPPED < 1)
_state("true", "overshoot.open", "strict, without the fixed point", {N: DEPTH, tau: SAFE, x0: Interval.Ropen(0, 1)}, STEPPED < 1)
_state(
    "false",
    "overshoot.exponent",
    "the exponent of M is 2 N - 1: too large a step for M < 1",
    {N: DEPTH, r: Interval.Lopen(0, 1), eta: Interval.Lopen(0, 1 / (N * r ** (2 * N - 1))), alpha: Interval.Lopen(0, r)},
    Factor(N, r**N, alpha, eta, 1) <= r,
)
_state(
    "true",
    "overshoot.original",
    "one step in original variables",
    {N: Range(2, 5), r: POSITIVE, eta: Interval.Lopen(0, 1 / (N * r ** (2 * N - 2))), alpha: Interval.Lopen(0, r)},
    Factor(N, r**N, alpha, eta, 1) <= r,
)

# Runs: after many steps, off by one step, never.
_state(
    "false",
    "run.many_steps",
    "the level 99/100 is passed only after hundreds of steps",
    {x0: Interval(Rational(1, 10), HALF), k: Range(0, oo)},
    Iterate(2, Rational(1, 100), x0, k) <= Rational(99, 100),
)
_pair(
    "run.monotone",
    {N: DEPTH, tau: SAFE, x0: UNIT, k: Range(0, 6)},
    Iterate(N, tau, x0, k) <= Iterate(N, tau, x0, k + 1),
    Iterate(N, tau, x0, k) < Iterate(N, tau, x0, k + 1),
    "the two fixed points 0 and 1 do not move",
)
_pair(
    "run.decay",
    {tau: Interval.Lopen(0, HALF), x0: Interval.Lopen(0, 1), k: Range(0, 4)},
    Iterate(3, tau, x0, k, -1) >= 0,
    Iterate(3, tau, x0, k, -1) > 0,
    "tau = 1/2, x0 = 1 falls to 0 in one step",
)
_state("true", "passage.two_steps", "two steps suffice", {x0: Interval(HALF, 1)}, FirstPassage(2, HALF, x0, HALF) <= 2)
_state(
    "false", "passage.one_step", "one step too few, for x0 below 0.52 only", {x0: Interval(HALF, 1)}, FirstPassage(2, HALF, x0, HALF) <= 1
)
_state(
    "true",
    "passage.finite",
    "a positive start is learned",
    {x0: Interval(Rational(1, 10), 1)},
    FirstPassage(2, Rational(1, 4), x0, HALF) <= 20,
)
_state("false", "passage.never", "the start 0 is never learned", {x0: UNIT}, FirstPassage(2, Rational(1, 4), x0, HALF) < oo)
_state(
    "true",
    "passage.not_at_once",
    "a start below the level needs a step",
    {N: DEPTH, tau: SAFE, x0: Interval.Ropen(HALF, 1)},
    FirstPassage(N, tau, x0, 1) >= 1,
)
_state(
    "false", "passage.at_once", "x0 = 1 is there at once", {N: DEPTH, tau: SAFE, x0: Interval(HALF, 1)}, FirstPassage(N, tau, x0, 1) >= 1
)
_pair(
    "passage.levels",
    {eta: Interval(Rational(1, 10), HALF), alpha: Interval(Rational(1, 4), HALF)},
    LearningStep(2, 1, alpha, eta, Rational(1, 3)) <= LearningStep(2, 1, alpha, eta, Rational(2, 3)),
    LearningStep(2, 1, alpha, eta, Rational(1, 3)) < LearningStep(2, 1, alpha, eta, Rational(1, 3) + Rational(1, 50)),
    "two near levels are passed in one step",
)
_pair(
    "passage.order",
    {u: Interval(1, 2), v: Interval.Lopen(u, 2)},
    LearningStep(2, v, Rational(1, 10), Rational(1, 10), HALF) <= LearningStep(2, u, Rational(1, 10), Rational(1, 10), HALF),
    LearningStep(2, v, Rational(1, 10), Rational(1, 10), HALF) < LearningStep(2, u, Rational(1, 10), Rational(1, 10), HALF),
    "nearly equal eigenvalues are learned in the same step",
)
_state(
    "true",
    "passage.lags",
    "below the inflection point the discrete run lags the flow",
    {tau: Interval(Rational(1, 10), HALF), x0: Interval(Rational(1, 10), HALF), theta: Interval(x0**2, Rational(1, 3))},
    FirstPassage(2, tau, x0, theta) >= FlowTime(2, x0, sqrt(theta)) / tau,
)
_state(
    "false",
    "passage.leads",
    "above the inflection point it leads",
    {tau: Interval(Rational(1, 10), HALF), x0: Interval(HALF, Rational(9, 10)), theta: Interval.Ropen(x0**2, 1)},
    FirstPassage(2, tau, x0, theta) >= FlowTime(2, x0, sqrt(theta)) / tau,
)
_state(
    "true",
    "flow.slow",
    "the field never exceeds 2/(3 sqrt 3)",
    {x: Interval(Rational(1, 10), Rational(9, 10)), y: Interval(x, Rational(9, 10))},
    FlowTime(2, x, y) >= Rational(259, 100) * (y - x),
)
_state(
    "false",
    "flow.needle",
    "13/5 for 3 sqrt(3)/2 = 2.598: false only for x and y near 0.577",
    {x: Interval(Rational(1, 10), Rational(9, 10)), y: Interval(x, Rational(9, 10))},
    FlowTime(2, x, y) >= Rational(13, 5) * (y - x),
)

# Depths and other integers.
_state("true", "depth.root", "e from below", {N: DEPTH}, (1 + 1 / N) ** N <= Rational(272, 100))
_state("false", "depth.large", "fails from N = 165 on", {N: DEPTH}, (1 + 1 / N) ** N <= Rational(271, 100))
_state("true", "depth.four_on", "from 4 on", {N: Range(4, oo)}, N**2 <= 2**N)
_state("false", "depth.three", "fails at N = 3 alone", {N: DEPTH}, N**2 <= 2**N)
_state("false", "depth.middle", "fails between N = 32 and N = 58 alone", {N: DEPTH}, N**10 <= 2**N + 10**15)
_state("true", "depth.power", "p^N <= p", {N: Range(1, oo), p: Interval.open(0, 1)}, p**N <= p)
_state("false", "depth.zero", "fails at n = 0 alone", {n: Range(0, oo), p: Interval.open(0, 1)}, p**n <= p)
_pair(
    "power.zero_to_zero",
    {N: DEPTH, x0: Interval.Ropen(0, 1)},
    x0 ** (N - 2) <= 1,
    x0 ** (N - 2) < 1,
    "0^0 = 1, and x^0 = 1: fails at depth 2 alone",
)
_state("true", "bernoulli.three", "from h = -3 on up to n = 3", {n: Range(0, 4), h: Interval(-3, oo)}, (1 + h) ** n >= 1 + n * h)
_pair("bernoulli.end", {h: Interval(-3, -1)}, (1 + h) ** 3 >= 1 + 3 * h, (1 + h) ** 3 > 1 + 3 * h, "equality at the end h = -3 alone")
_state("false", "bernoulli.five", "h = -3 is too far from n = 5 on", {n: Range(0, 6), h: Interval(-3, oo)}, (1 + h) ** n >= 1 + n * h)
_pair(
    "secant",
    {N: DEPTH, x0: UNIT},
    x0 ** (N - 1) * (1 - x0**N) <= N * (1 - x0),
    x0 ** (N - 1) * (1 - x0**N) <= (N - Rational(1, 1000)) * (1 - x0),
    "the slope at 1 is N: false just below 1",
)

# One point, one line, one corner.
_pair("log.tangent", {p: POSITIVE}, log(p) <= p - 1, log(p) < p - 1, "equality at p = 1")
_state("false", "log.constant", "one part in a million", {p: Interval(Rational(1, 2), 2)}, log(p) <= p - Rational(1000001, 1000000))
_state("false", "square.rational", "equality at 3/7", {x: UNIT}, (7 * x - 3) ** 2 > 0)
_state("false", "square.algebraic", "x = sqrt(2) is allowed", {x: Interval(1, 2)}, Ne(x**2, 2))
_state("false", "square.algebraic_strict", "equality at sqrt(2)", {x: Interval(1, 2)}, (x**2 - 2) ** 2 > 0)
_pair(
    "motzkin",
    {x: Interval(-2, 2), y: Interval(-2, 2)},
    x**4 * y**2 + x**2 * y**4 - 3 * x**2 * y**2 + 1 >= 0,
    x**4 * y**2 + x**2 * y**4 - 3 * x**2 * y**2 + Rational(9999, 10000) >= 0,
    "a ten-thousandth too little near (1, 1)",
)
_pair(
    "cubic",
    {x: Interval(Rational(-2001, 1000), 3)},
    x**3 - 3 * x + Rational(201, 100) >= 0,
    x**3 - 3 * x + 2 >= 0,
    "negative left of -2 alone",
)
_pair(
    "means",
    {u: POSITIVE, v: POSITIVE, w: POSITIVE},
    (u + v + w) ** 3 >= 27 * u * v * w,
    (u + v + w) ** 3 >= Rational(27001, 1000) * u * v * w,
    "nearly equal values",
)
_pair(
    "nesbitt",
    {u: POSITIVE, v: POSITIVE, w: POSITIVE},
    u / (v + w) + v / (u + w) + w / (u + v) >= Rational(3, 2),
    u / (v + w) + v / (u + w) + w / (u + v) > Rational(3, 2),
    "equality on the diagonal",
)
_pair(
    "eigenvalues",
    {x: LINE, y: LINE, z: LINE},
    (x + y) ** 2 - 4 * (x * y - z**2) >= 0,
    (x + y) ** 2 - 4 * (x * y - z**2) > 0,
    "equal eigenvalues: x = y, z = 0",
)
BOX = {u: Interval(1, 2), v: Interval(1, 2), w: Interval(1, 2)}
_pair("rank.least", BOX, EffectiveRank(u, v, w) >= 2, EffectiveRank(u, v, w) > 2, "the corner (1, 1, 2)")
_pair("rank.largest", BOX, EffectiveRank(u, v, w) <= 3, EffectiveRank(u, v, w) < 3, "equal eigenvalues")
_pair("exp.parabola", {x: UNIT}, exp(x) >= 1 + x + x**2 / 2, exp(x) >= 1 + x + Rational(501, 1000) * x**2, "false near 0 alone")
_state("true", "cos.parabola", "two terms", {x: Interval(-3, 3)}, cos(x) >= 1 - x**2 / 2)
_pair(
    "logic.halves",
    {x: Interval(-1, 1)},
    Implies(x >= HALF, x**2 >= Rational(1, 4)),
    Implies(x**2 >= Rational(1, 4), x >= HALF),
    "the converse, false for negative x",
)
_pair("logic.cover", {x: UNIT}, Or(x <= HALF, x >= HALF), Or(x < HALF, x > HALF), "1/2 itself")
_pair("line", {x: LINE, y: LINE}, x * y <= Rational(1, 4), x * y < Rational(1, 4), "equality at x = y = 1/2", Eq(x + y, 1))
_pair("union", {x: Union(UNIT, Interval(2, 3))}, (x - 1) * (x - 2) >= 0, (x - 1) * (x - 2) > 0, "the inner ends of the union")
_state("true", "spread", "max and min", {x: UNIT, y: UNIT}, And(Max(x, y) - Min(x, y) <= 1, Eq(Max(x, y) - Min(x, y), Abs(x - y))))

# Hypotheses that nothing satisfies.
_state("vacuous", "vacuous.squares", "no such x and y", {x: LINE, y: LINE}, x > y, x**2 + y**2 < 2 * x * y)
_state("vacuous", "vacuous.order", "x < y < x", {x: UNIT, y: UNIT}, x > 5, x < y, y < x)
_state("vacuous", "vacuous.set", "an empty set", {x: Interval(2, 1)}, x > 5)
_state("vacuous", "vacuous.depths", "no integers there", {N: Range(5, 5), x: UNIT}, x**N > 5)
_state("vacuous", "vacuous.step", "a step above 2/N and below 1/N", {N: DEPTH, tau: Interval(2 / N, 1 / N), x0: UNIT}, STEPPED > 5)
_state("vacuous", "vacuous.depth_bound", "N^2 < 2 N at no depth", {N: DEPTH, x: UNIT}, x**N > 5, N**2 < 2 * N)

# Expressions without a value somewhere, and statements written wrongly.
_state("ill-posed", "ill_posed.pole", "1/x at 0", {x: UNIT}, 1 / x >= 1)
_state("ill-posed", "ill_posed.log", "log 0", {x: UNIT}, log(x) <= 0)
_state("ill-posed", "ill_posed.root", "the root of a negative number", {x: UNIT, y: UNIT}, sqrt(x - y) >= 0)
_state("ill-posed", "ill_posed.one_depth", "a pole at N = 5", {N: DEPTH}, 1 / (N - 5) ** 2 > 0)
_state("ill-posed", "ill_posed.limit", "the logarithm at tau = 1/N", {N: DEPTH, tau: SAFE}, -log(1 - N * tau) >= N * tau)
_state(
    "ill-posed",
    "ill_posed.flow",
    "no flow crosses the fixed point",
    {x: Interval(HALF, Rational(9, 10)), y: Interval(x, 2)},
    FlowTime(2, x, y) >= 0,
)
_state("ill-posed", "ill_posed.collapsed", "SymPy has decided it", {x0: UNIT}, x0 >= 0)
_state("ill-posed", "ill_posed.no_set", "y has no set", {x: UNIT}, x + y <= 2)
_state("ill-posed", "ill_posed.float", "0.5 is no exact number", {x: UNIT}, x * sympy.Float("0.5") <= 1)
