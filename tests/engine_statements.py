"""Statements that the tests of the engines share: some true, some false, with the lemmas that proofs may cite."""

import json
from dataclasses import asdict
from typing import Any

from sympy import And, Eq, Implies, Interval, Range, Rational, Symbol, Union, cos, exp, log, oo

from dmftheory.claims import FirstPassage, Iterate, Theorem
from dmftheory.claims.proof import Algebra, Induct
from dmftheory.claims.verdict import Settled
from dmftheory.engines.settle import settle

N = Symbol("N", integer=True, positive=True)
n, k = Symbol("n", integer=True, nonnegative=True), Symbol("k", integer=True, nonnegative=True)
tau, x0, p = Symbol("tau", positive=True), Symbol("x0", nonnegative=True), Symbol("p", positive=True)
a, b = Symbol("a", nonnegative=True), Symbol("b", nonnegative=True)
x, y, h = Symbol("x", real=True), Symbol("y", real=True), Symbol("h", real=True)
UNIT = Interval(0, 1)

bernoulli = Theorem("lemma.bernoulli", given={n: Range(0, oo), h: Interval(-1, oo)}, claim=(1 + h) ** n >= 1 + n * h)
monotone = Theorem("lemma.power_monotone", given={n: Range(0, oo), a: Interval(0, oo), b: Interval(a, oo)}, claim=a**n <= b**n)
LIBRARY = {
    bernoulli.id: (bernoulli, Induct(n, Algebra(), Algebra())),
    monotone.id: (monotone, Induct(n, Algebra(), Algebra())),
}


def overshoot(factor: Any, **more: Any) -> Theorem:
    return Theorem(
        "mine.no_overshoot",
        given={N: Range(2, oo), tau: Interval.Lopen(0, factor / N), x0: UNIT},
        claim=x0 + tau * x0 ** (N - 1) * (1 - x0**N) <= 1,
        **more,
    )


def verdict(theorem: Theorem, *engines: str) -> Settled:
    return settle(theorem, engines, library=LIBRARY)


TRUE = [
    ("proved", Theorem("mean", given={x: Interval(0, oo), y: Interval(0, oo)}, claim=4 * x * y <= (x + y) ** 2)),
    ("proved", Theorem("identity", given={x: Interval(-1, 1)}, claim=Eq((x - 1) * (x + 1), x**2 - 1))),
    ("proved", Theorem("depths", given={N: Range(2, oo), p: Interval.open(0, 1)}, claim=p**N <= p)),
    ("proved", Theorem("parts", given={x: UNIT}, claim=And(x**2 <= x, Implies(x >= Rational(1, 2), x**2 >= Rational(1, 4))))),
    ("certified", Theorem("box", given={x: UNIT, y: UNIT}, claim=exp(x) * cos(y) <= 3)),
    ("certified", Theorem("edge", given={x: Interval(0, 1)}, claim=exp(x) >= 1 + x / 2)),
    ("certified", Theorem("unbounded", given={p: Interval.open(0, oo)}, claim=log(p) <= p - 1)),
    (
        "supported",
        Theorem(
            "steps",
            given={N: Range(2, oo), tau: Interval.Lopen(0, 1 / N), x0: UNIT, k: Range(0, oo)},
            claim=Iterate(N, tau, x0, k) <= 1,
        ),
    ),
    (
        "supported",
        Theorem(
            "passage",
            given={tau: Interval(Rational(1, 10), Rational(1, 2)), x0: Interval(Rational(1, 10), 1)},
            claim=FirstPassage(2, tau, x0, Rational(1, 2)) <= 40,
        ),
    ),
]  # fmt: skip

FALSE = [
    Theorem("strict", given={x: Interval(0, oo), y: Interval(0, oo)}, claim=4 * x * y < (x + y) ** 2),
    Theorem("corner", given={x: UNIT, y: UNIT}, claim=x + y <= 2 - Rational(1, 1000)),
    Theorem("inside_a_corner", given={x: Interval.Ropen(0, 1), y: Interval.Ropen(0, 1)}, claim=x * y <= Rational(999, 1000)),
    Theorem("almost_identity", given={x: Interval(-1, 1)}, claim=Eq((x - 1) * (x + 1), x**2 - 1 + (x**2 - 1) * x * (2 * x - 1))),
    Theorem("tangent", given={p: Interval.open(0, oo)}, claim=log(p) <= p - Rational(1001, 1000)),
    Theorem("hypothesis_dropped", given={x: UNIT, y: UNIT}, assume=[x + y >= Rational(1, 2)], claim=x <= y),
    Theorem("union", given={x: Union(Interval(0, 1), Interval(2, 3))}, claim=x <= Rational(3, 2)),
    Theorem("large_depth", given={N: Range(2, oo)}, claim=N <= 40),
]


def answers() -> str:
    """Two statements settled, as JSON without the time it took."""
    found = [
        asdict(settle(item, ("symbolic", "sampling"), seed=7, library=LIBRARY)) for item in (overshoot(Rational(101, 100)), TRUE[3][1])
    ]
    for settled in found:
        settled["evidence"] = [{**evidence, "seconds": 0} for evidence in settled["evidence"]]
    return json.dumps(found)
