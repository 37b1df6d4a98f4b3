"""False, ill-posed and vacuous statements, with the most tempting proof where there is one: none comes out proved, certified or supported.

Beside them true statements of the same shape, which do come out, so that nothing here is refused wholesale.
"""

from typing import Any

import pytest
from engine_statements import LIBRARY
from sympy import (
    Abs,
    And,
    Eq,
    FiniteSet,
    Function,
    Ge,
    I,
    Identity,
    Implies,
    Integer,
    Integral,
    Interval,
    Le,
    Lt,
    MatrixSymbol,
    Max,
    Ne,
    Or,
    Piecewise,
    Range,
    Rational,
    Sum,
    Symbol,
    acosh,
    asin,
    atan,
    exp,
    floor,
    gamma,
    hyper,
    log,
    nan,
    oo,
    pi,
    re,
    sign,
    sqrt,
    zoo,
)

from dmftheory.claims import Diagonal, EffectiveRank, Family, FirstPassage, FlowTime, Iterate, Orthogonal, Theorem
from dmftheory.claims.proof import (
    Algebra,
    AtPassage,
    Cases,
    Converges,
    Derivative,
    Have,
    Induct,
    PassageAtMost,
    Rewrite,
    Words,
    algebra,
    lemma,
)
from dmftheory.claims.verdict import Settled
from dmftheory.engines.settle import is_mistake, settle

SQUARES = Theorem("squares", given={Symbol("s"): Interval(-oo, oo)}, claim=Symbol("s") ** 2 >= -1)
LEMMAS = {**LIBRARY, "squares": (SQUARES, Algebra())}
GREEN = ("proved", "certified", "supported")
BUDGET = 3.0
"""Seconds for one statement, far more than any here takes."""

N, m = Symbol("N", integer=True, positive=True), Symbol("m", integer=True, positive=True)
n, k = Symbol("n", integer=True), Symbol("k", integer=True, nonnegative=True)
x, y, z, w = (Symbol(name, real=True) for name in "xyzw")
plain, c = Symbol("s"), Symbol("c", positive=True)
UNIT, AROUND = Interval(0, 1), Interval(-1, 1)
EASY = Algebra()
V, W, D = (MatrixSymbol(name, N, N) for name in "VWD")
SMALL, OBLONG = MatrixSymbol("S", m, m), MatrixSymbol("P", 2, 3)
MATRICES = {N: Range(2, oo), V: Orthogonal(N), W: Orthogonal(N), D: Diagonal(N)}
COMPLEX = (log(n) / pi) ** 2
COUNTS = {n: Range(-1, oo)}
STEPS = Induct(n, EASY, EASY)
PASSAGE = FirstPassage(2, Rational(1, 4), x, y)
PRIMITIVE = Function("U")


def told(name: str = "t", **assumptions: bool) -> Symbol:
    """A symbol that SymPy is told something of."""
    return Symbol(name, **assumptions)


def absolute(symbol: Symbol) -> dict[str, Any]:
    """2 |t| <= 2 t + y, false at t = -1, which SymPy simplifies to y >= 0 if it believes that t is nonnegative."""
    return {"given": {symbol: AROUND, y: UNIT}, "claim": 2 * Abs(symbol) <= 2 * symbol + y}


def negative(symbol: Symbol) -> dict[str, Any]:
    return {"given": {symbol: AROUND, y: UNIT}, "claim": 2 * Abs(symbol) <= y - 2 * symbol}


NZ = told(real=True, nonzero=True)
ODD = told(integer=True, odd=True)

WRONG: dict[str, dict[str, Any]] = {
    # What SymPy is told of a symbol
    "declared positive on a set that is not": absolute(told(positive=True)),
    "declared positive or infinite": absolute(told(extended_positive=True)),
    "declared nonnegative or infinite": absolute(told(extended_nonnegative=True)),
    "declared not negative": absolute(told(real=True, negative=False)),
    "declared not positive": negative(told(real=True, positive=False)),
    "declared nonzero": {"given": {NZ: AROUND}, "claim": Piecewise((1, Ne(NZ, 0)), (0, True)) + NZ**2 >= 1},
    "declared odd": {"given": {ODD: Range(0, 9), x: UNIT}, "claim": Implies(x >= 0, (-1) ** ODD <= -x)},
    "declared positive, one element is not": {"given": {told(positive=True): FiniteSet(-1, 1)}, "claim": 2 * Abs(told(positive=True)) <= 2},
    "declared integer on an interval": {"given": {n: Interval(0, 2)}, "claim": Or(n <= 0, n >= 1)},
    "not commutative": {"given": {told(commutative=False): UNIT, x: UNIT}, "claim": Eq(told(commutative=False) * x, x)},
    "two symbols of one name": {"given": {x: UNIT, Symbol("x", positive=True): Interval(1, 2)}, "claim": x <= 1},
    "a symbol without a set": {"given": {x: UNIT}, "claim": x <= 1 + y**2},
    # Constants
    "a constant that shadows a variable": {"given": {x: Interval(0, 10)}, "claim": x <= 5, "constants": {x: 5}},
    "a constant that shadows by name": {"given": {x: Interval(0, 10)}, "claim": Symbol("x") <= 5, "constants": {Symbol("x"): 5}},
    "a constant declared positive that is not": {"given": {x: UNIT}, "claim": 2 * Abs(c) <= 2 * c + x, "constants": {c: -1}},
    "a complex constant": {"given": {x: UNIT}, "claim": z**2 <= x - 1, "constants": {z: I}},
    "an infinite constant": {"given": {x: UNIT}, "claim": x <= c, "constants": {c: oo}},
    # Sets
    "an infinite element": {"given": {w: FiniteSet(oo)}, "claim": Lt(w, w + 1, evaluate=False)},
    "a complex element": {"given": {plain: FiniteSet(I)}, "claim": plain**2 >= -1},
    "an element without a value": {"given": {x: UNIT, y: FiniteSet(1 / x)}, "claim": x**2 <= x},
    "an empty set": {"given": {x: Interval(2, 1)}, "claim": x <= 0},
    "a set that is empty everywhere": {"given": {x: UNIT, y: Interval(2, x)}, "claim": x + y <= -5},
    "not every element": {"given": {x: FiniteSet(Rational(1, 2), 3)}, "claim": x <= 1, "proof": EASY},
    "not every part of a union": {"given": {x: Interval(0, 1) + Interval(2, 3)}, "claim": x <= 1, "proof": EASY},
    "a set made of an infinite passage": {
        "given": {x: UNIT, y: UNIT, z: FiniteSet(1 / PASSAGE)},
        "assume": [PASSAGE >= 1],
        "claim": z > 0,
        "proof": EASY,
    },
    # Hypotheses that nothing satisfies
    "contradictory hypotheses": {"given": {x: UNIT}, "assume": [x >= 2], "claim": x >= 5, "proof": EASY},
    "contradictory for a reason that no engine knows": {"given": {x: Interval(0, 5)}, "assume": [exp(x) <= x], "claim": x >= 7},
    "a hypothesis without a value": {"given": {x: AROUND}, "assume": [1 / x <= 5], "claim": x <= 1},
    "a hypothesis that SymPy finds false": {"given": {x: UNIT}, "assume": [x**2 + 1 < 0], "claim": x >= 7},
    # Functions
    "a function without a meaning": {"given": {x: UNIT}, "claim": Ge(Function("f")(x) ** 2, 0), "proof": EASY},
    "a function called like a primitive": {
        "given": {N: Range(2, oo), x: Interval.open(0, 1), y: Interval.open(0, 1)},
        "claim": Eq(FlowTime(N, x, y), PRIMITIVE(N, Integer(1), y) - PRIMITIVE(N, Integer(1), x)),
        "proof": EASY,
    },
    "an imaginary area cosine": {"given": {x: Interval(0, Rational(1, 2))}, "claim": Ge(acosh(x) ** 2, 0, evaluate=False), "proof": EASY},
    "a complex arc sine": {"given": {x: Interval(-5, 5)}, "claim": Ge(asin(x) ** 2, 0, evaluate=False), "proof": EASY},
    "gamma at its poles": {"given": {n: Range(-5, 5)}, "claim": Ge(gamma(n) ** 2 + n, n, evaluate=False), "proof": EASY},
    "a real part": {"given": {plain: AROUND}, "claim": re(plain) ** 2 + 1 >= 1},
    "a series at its poles": {"given": {x: Interval(-1, 0)}, "claim": Ge(hyper((1, -2), (-1,), x) ** 2, 0, evaluate=False), "proof": EASY},
    "an integral": {"given": {x: UNIT}, "claim": Integral(y, (y, 0, x)) <= x},
    "a sum over a variable": {"given": {k: Range(0, 3), x: UNIT}, "claim": Sum(k, (k, 0, 2)) + x >= 3},
    "a branch that is missing": {"given": {x: AROUND}, "claim": Piecewise((1, x > 0)) + x <= 2, "proof": EASY},
    "the sign of zero": {"given": {x: AROUND}, "claim": sign(x) ** 2 + x**2 >= 1},
    "floor is no identity": {"given": {x: Interval(0, 3)}, "claim": floor(x) >= x - Rational(1, 2)},
    # Values
    "not a number": {"given": {x: UNIT}, "claim": Le(x, nan, evaluate=False)},
    "complex infinity": {"given": {x: UNIT}, "claim": Ne(x, zoo, evaluate=False)},
    "computing with infinity": {"given": {x: Interval.Lopen(0, 1)}, "claim": Ge(x * oo, 0, evaluate=False)},
    "a root of a negative number": {"given": {x: AROUND}, "claim": Ge(sqrt(x) * sqrt(x + 3), 0, evaluate=False), "proof": EASY},
    "a complex number": {"given": {x: UNIT}, "claim": Eq(sqrt(-2) * x, sqrt(2) * I * x, evaluate=False), "proof": EASY},
    "an identity with a gap": {"given": {x: UNIT}, "claim": Eq((x**2 - 1) / (x - 1), x + 1), "proof": EASY},
    "an observable between two steps": {"given": {x: UNIT, y: UNIT}, "claim": Abs(Iterate(2, 1, x, y)) >= -1, "proof": EASY},
    "an observable before its start": {"given": {x: UNIT}, "claim": Abs(Iterate(2, 1, x, -1)) >= -1, "proof": EASY},
    "a flow time across the fixed point": {"given": {x: Interval(2, 3)}, "claim": Abs(FlowTime(2, Rational(1, 2), x)) >= -1, "proof": EASY},
    "the rank of nothing": {"given": {x: UNIT, y: UNIT}, "claim": EffectiveRank(x, y) >= 1},
    # False in a corner
    "0**0": {"given": {x: UNIT, k: Range(0, oo)}, "claim": x**k <= x, "proof": EASY},
    "a power of a negative number": {"given": {x: AROUND, k: Range(0, oo)}, "claim": x**k >= 0, "proof": Induct(k, EASY, EASY)},
    "at a closed end": {"given": {x: UNIT}, "claim": x**2 < 1, "proof": EASY},
    "at one point": {"given": {x: UNIT}, "claim": Ne(4 * x, 1), "proof": EASY},
    "an even root": {"given": {x: Interval(-2, 1)}, "claim": Eq(sqrt((x + 1) ** 2), x + 1), "proof": EASY},
    "true at small numbers only": {"given": {m: Range(1, oo), x: UNIT}, "claim": m + x <= 12},
    "overshoot": {
        "given": {N: Range(2, oo), x: UNIT},
        "claim": x + x ** (N - 1) * (1 - x**N) <= 1,
        "proof": algebra(lemma("lemma.bernoulli", n=N, h=x - 1)),
    },
    "Bernoulli below -2": {
        "given": {k: Range(0, oo), x: Interval(-9, 1)},
        "claim": (1 + x) ** k >= 1 + k * x,
        "proof": algebra(lemma("lemma.bernoulli", n=k, h=x)),
    },
    "a passage that may never come": {"given": {x: UNIT, y: UNIT}, "claim": PASSAGE <= 50, "proof": PassageAtMost(k, EASY, EASY)},
    "a passage as a number": {"given": {x: UNIT, y: UNIT}, "claim": PASSAGE < PASSAGE + 1, "proof": EASY},
    "a passage bounded by infinity": {"given": {x: UNIT, y: UNIT}, "claim": x >= 1, "proof": AtPassage(PASSAGE, oo, EASY, k, EASY)},
    # Rules
    "induction from a complex value": {"given": COUNTS, "claim": n >= 5, "proof": Have(Ge(COMPLEX, 0, evaluate=False), EASY, STEPS)},
    "cases of a complex value": {"given": COUNTS, "claim": n >= 5, "proof": Cases(Ge(COMPLEX, 0, evaluate=False), STEPS, EASY)},
    "rewriting by a complex value": {"given": COUNTS, "claim": n >= 5, "proof": Rewrite(Integer(5), 5 - 6 * Max(0, -COMPLEX), EASY, STEPS)},
    "induction past the end": {"given": {n: Range(0, 6)}, "claim": n <= 4, "proof": STEPS},
    "a slope across a pole": {"given": {x: AROUND}, "claim": 1 / x >= -1, "proof": Derivative(x, Integer(-1), EASY, EASY)},
    "a slope from an open end": {"given": {x: Interval.Lopen(0, 1)}, "claim": log(x) >= -3, "proof": Derivative(x, Integer(0), EASY, EASY)},
    "a slope across a kink": {"given": {x: AROUND}, "claim": Abs(x) <= -x, "proof": Derivative(x, Integer(-1), EASY, EASY)},
    "a slope across a gap in the hypotheses": {
        "given": {x: UNIT},
        "assume": [Or(x <= 0, x >= 1)],
        "claim": x**2 <= x - Rational(1, 2) * x,
        "proof": Derivative(x, Integer(0), EASY, EASY),
    },
    "a lemma at a number that is not real": {"given": {x: UNIT}, "claim": x >= 2, "proof": algebra(lemma("squares", s=2 * I))},
    "a lemma at a root that is not there": {"given": {x: UNIT}, "claim": x >= 2, "proof": algebra(lemma("squares", s=sqrt(x - 5)))},
    "a level that is the limit": {
        "given": {x: Interval(Rational(1, 10), Rational(1, 2))},
        "claim": FirstPassage(2, Rational(1, 4), x, 1) < oo,
        "proof": Converges(k, EASY, z, EASY),
    },
    "itself as a lemma": {"given": {x: UNIT}, "claim": 2 * x <= 1, "proof": algebra(lemma("wrong", x=x))},
    # Matrices
    "orthogonal matrices commute": {"given": MATRICES, "claim": Eq(V * W, W * V, evaluate=False), "proof": EASY},
    "orthogonal and diagonal letters commute": {"given": MATRICES, "claim": Eq(V * D, D * V, evaluate=False), "proof": Words()},
    "a power of a product": {"given": MATRICES, "claim": Eq((V * D) ** 2, V**2 * D**2, evaluate=False), "proof": Words()},
    "identities of two sizes": {
        "given": {**MATRICES, m: Range(2, oo), SMALL: Orthogonal(m)},
        "claim": Eq(V * V.T, SMALL * SMALL.T, evaluate=False),
        "proof": Words(),
    },
    "an oblong orthogonal matrix": {
        "given": {OBLONG: Orthogonal(3)},
        "claim": Eq(OBLONG * OBLONG.T, Identity(2), evaluate=False),
        "proof": Words(),
    },
    "a matrix over zero": {"given": {**MATRICES, x: UNIT}, "claim": Eq(V * V.T / x, Identity(N) / x, evaluate=False), "proof": Words()},
    "a matrix equal to a number": {"given": MATRICES, "claim": Eq(V * V.T, Integer(1), evaluate=False), "proof": Words()},
    # Writing
    "a Python bool": {"given": {x: UNIT}, "claim": True, "proof": EASY},
    "collapsed": {"given": {k: Range(0, oo)}, "claim": k >= 0, "proof": EASY},
    "a float": {"given": {x: UNIT}, "claim": x <= 1.5, "proof": EASY},
    "a variable that is none": {"given": {x + 1: UNIT}, "claim": x <= 1, "proof": EASY},
    "a set that is none": {"given": {x: None}, "claim": x <= 1, "proof": EASY},
}


def answer(statement: dict[str, Any], name: str = "wrong") -> Settled:
    return settle(Theorem(name, **statement), budget=BUDGET, library=LEMMAS)


@pytest.mark.parametrize("name", WRONG)
def test_what_is_false_ill_posed_or_vacuous_never_comes_out(name: str) -> None:
    settled = answer(WRONG[name])
    assert settled.verdict not in GREEN
    assert settled.disagreement is None


def test_there_are_enough_of_them() -> None:
    assert len(WRONG) >= 40


FALSE_AT_FIXED_DEPTH = {
    "an unbounded integer that is no depth": {"given": {m: Range(1, oo), x: UNIT}, "claim": m + x <= 100},
    "a definition without a value": {"given": {x: UNIT, y: FiniteSet(1 / x)}, "claim": x**2 <= x},
    "hypotheses that nothing satisfies": {"given": {x: Interval(0, 5)}, "assume": [exp(x) <= x], "claim": x >= 7},
}


@pytest.mark.parametrize("engine", ["symbolic", "smt", "boxes"])
@pytest.mark.parametrize("name", FALSE_AT_FIXED_DEPTH)
def test_no_engine_alone_lets_it_pass(name: str, engine: str) -> None:
    settled = settle(Theorem("wrong", **FALSE_AT_FIXED_DEPTH[name]), (engine,), budget=BUDGET, library=LIBRARY)
    assert settled.verdict not in GREEN


RIGHT: dict[str, tuple[str, dict[str, Any]]] = {
    "an absolute value": ("proved", {"given": {x: AROUND, y: UNIT}, "claim": Abs(x) >= x - y}),
    "declared positive on a positive set": ("proved", {"given": {c: Interval(1, 2), y: UNIT}, "claim": 2 * Abs(c) <= 2 * c + y}),
    "a constant": ("proved", {"given": {x: UNIT}, "claim": x <= c, "constants": {c: Rational(3, 2)}}),
    "each element": ("proved", {"given": {x: FiniteSet(Rational(1, 2), 3)}, "claim": x <= 3}),
    "both parts of a union": ("proved", {"given": {x: Interval(0, 1) + Interval(2, 3)}, "claim": (x - 1) * (x - 2) >= 0}),
    "a definition": ("proved", {"given": {x: Interval(1, 2), y: FiniteSet(1 / x)}, "claim": x * y <= 1}),
    "hypotheses that one point satisfies": ("proved", {"given": {x: UNIT}, "assume": [x >= 1], "claim": x**2 >= 1}),
    "an identity without a gap": ("proved", {"given": {x: UNIT}, "claim": Eq((x**2 - 4) / (x - 2), x + 2)}),
    "a root": ("proved", {"given": {x: AROUND}, "claim": Eq(sqrt((x + 1) ** 2), x + 1)}),
    "a total function": ("proved", {"given": {x: AROUND}, "claim": atan(x) ** 2 + 1 >= 2 * atan(x)}),
    "Bernoulli": ("proved", {"given": {k: Range(0, oo), x: Interval(-1, 9)}, "claim": (1 + x) ** k >= 1 + k * x}),
    "an integer without a bound": ("proved", {"given": {m: Range(1, oo), x: UNIT}, "claim": m + x >= 1}),
    "a passage": (
        "supported",
        {"given": {x: Interval(Rational(1, 2), 1), y: Interval(0, Rational(1, 4))}, "claim": PASSAGE <= 0},
    ),
    "a slope": ("proved", {"given": {x: UNIT}, "claim": log(1 + x) <= x, "proof": Derivative(x, Integer(0), EASY, EASY)}),
    "an induction": ("proved", {"given": {n: Range(0, 6)}, "claim": And(n <= 5, n + 1 <= 6), "proof": STEPS}),
    "matrices": ("proved", {"given": MATRICES, "claim": Eq((V * D * V.T) ** N, V * D**N * V.T, evaluate=False), "proof": Words()}),
    "a finite sum": ("supported", {"given": {x: UNIT}, "claim": Sum(x**k, (k, 0, 3)) <= 4}),
    "branches": ("supported", {"given": {x: AROUND}, "claim": Piecewise((x, x > 0), (-x, True)) >= x}),
    "a chain of cases": ("proved", {"given": {x: UNIT}, "claim": x**2 >= 2 * x - 1, "proof": Cases(x >= 1, EASY, EASY)}),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_true_comes_out(name: str) -> None:
    verdict, statement = RIGHT[name]
    engines = ("sampling",) if verdict == "supported" else ("symbolic",)
    settled = settle(Theorem("right", **statement), engines, library=LIBRARY)
    assert settled.verdict == verdict, settled.reason
    assert settled.disagreement is None


HARD = {
    "a power with an exponent of ten digits": {"given": {x: UNIT}, "claim": x ** (10**9) <= 1},
    "a long run of the recursion": {"given": {x: UNIT}, "claim": Iterate(2, Rational(1, 4), x, 50) <= 1},
    "a number of 6000 digits": {"given": {x: UNIT}, "claim": x <= Integer(10) ** 6000},
    "a range whose end is no integer variable": {"given": {x: UNIT, k: Range(0, floor(x) + 2)}, "claim": k <= 5},
}


@pytest.mark.parametrize("name", HARD)
def test_large_or_strange_statements_are_answered(name: str) -> None:
    assert answer(HARD[name]).verdict != "refuted"


@pytest.mark.parametrize("member", [lambda i: 1 // (i - 1), lambda i: i], ids=["raises", "no theorem"])
def test_a_family_with_a_broken_member_is_a_mistake(member: Any) -> None:
    settled = settle(Family("broken", "", ((1,), (2,)), member))
    assert settled.verdict == "ill-posed"
    assert is_mistake(settled)
