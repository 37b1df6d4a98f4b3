"""Each rule of the trusted core: a correct use is accepted; a wrong use, a neighbouring statement and tampered proof data are rejected."""

from dataclasses import fields, replace
from typing import Any, get_args

import pytest
from engine_statements import LIBRARY
from sympy import (
    And,
    Eq,
    FiniteSet,
    Ge,
    Gt,
    I,
    Implies,
    Integer,
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
    Symbol,
    acosh,
    exp,
    hyper,
    log,
    nan,
    oo,
    pi,
    sqrt,
)

from dmftheory.claims import Diagonal, FirstPassage, Iterate, Orthogonal, Theorem
from dmftheory.claims.proof import (
    Algebra,
    AtPassage,
    Cases,
    Converges,
    Defined,
    Derivative,
    Fact,
    Have,
    Induct,
    Intro,
    Kernel,
    Let,
    LogMonotone,
    LogPower,
    LogProduct,
    NotYet,
    PassageAtLeast,
    PassageAtMost,
    Proof,
    Rewrite,
    Root,
    WithKernel,
    Words,
    algebra,
    lemma,
    split,
)
from dmftheory.engines.symbolic import prove
from dmftheory.trust.check import Checker, ProofError

N = Symbol("N", integer=True, positive=True)
n, k = Symbol("n", integer=True), Symbol("k", integer=True, nonnegative=True)
x, y, z = (Symbol(name, real=True) for name in "xyz")
p, q = Symbol("p", positive=True), Symbol("q", positive=True)
UNIT, POSITIVE = Interval(0, 1), Interval.open(0, oo)
V, W, D = (MatrixSymbol(name, N, N) for name in "VWD")
MATRICES = {N: Range(1, oo), V: Orthogonal(N), W: Orthogonal(N), D: Diagonal(N)}
EASY = Algebra()
PASSAGE = FirstPassage(2, Rational(1, 4), x, Rational(1, 4))
REACHED_AT_START = {x: Interval(Rational(1, 2), 1)}
STATE = Iterate(2, Rational(1, 4), x, k)
orbit = Theorem("orbit", given={k: Range(0, oo), **REACHED_AT_START}, claim=And(STATE >= Rational(1, 2), STATE <= 1))
small = Theorem("small", given={k: Range(0, oo), x: Interval(Rational(1, 10), 1)}, claim=And(STATE >= Rational(1, 10), STATE <= 1))
LEMMAS = {**LIBRARY, "orbit": (orbit, Induct(k, EASY, EASY)), "small": (small, Induct(k, EASY, EASY))}
BELOW = PassageAtMost(k, EASY, algebra(lemma("orbit", k=k, x=x)))


def theorem(claim: Any, given: dict[Any, Any], *assume: Any) -> Theorem:
    return Theorem("t", given=given, claim=claim, assume=assume)


ROOT = algebra(Root(p ** (1 / N), p, N))
BY_SLOPE = Derivative(x, Integer(0), EASY, EASY)
LEMMA = algebra(lemma("lemma.bernoulli", n=N, h=x))

GROWING = {x: Interval(Rational(1, 10), 1)}
CONVERGES = Converges(k, algebra(lemma("small", k=k, x=x)), z, EASY)
NAMED = Let(z, x**2, Rewrite(x**2, z, EASY, Rewrite(z, x**2, EASY, EASY)))

ACCEPTED: dict[str, tuple[Theorem, Any]] = {
    "Let": (theorem(x * x <= x, {x: UNIT}), NAMED),
    "Converges": (theorem(PASSAGE < oo, GROWING), CONVERGES),
    "WithKernel": (theorem(x**2 <= x, {x: UNIT}), WithKernel(EASY, Kernel("none", ""))),
    "Algebra": (theorem(x**2 <= x, {x: UNIT}), EASY),
    "Algebra, identity": (theorem(Eq((x + 1) ** 2, x**2 + 2 * x + 1), {x: UNIT}), EASY),
    "Defined": (theorem(Ge(sqrt(1 - x**2), 0, evaluate=False), {x: UNIT}), Defined(EASY, EASY)),
    "Words": (theorem(Eq((V * D * V.T) ** N, V * D**N * V.T, evaluate=False), MATRICES), Words()),
    "Have": (theorem(x**4 <= x, {x: UNIT}), Have(x**2 <= x, EASY, EASY)),
    "Split": (theorem(And(x**2 <= x, x <= 1 + x**2), {x: UNIT}), split(EASY, EASY)),
    "Intro": (theorem(Implies(x >= 1, x**2 >= 1), {x: UNIT}), Intro(EASY)),
    "Cases": (theorem(x**2 >= 2 * x - 1, {x: UNIT}), Cases(x >= 1, EASY, EASY)),
    "Rewrite": (theorem((x + 1) ** 2 <= 4 * x + 1, {x: UNIT}), Rewrite((x + 1) ** 2, x**2 + 2 * x + 1, EASY, EASY)),
    "Induct": (theorem(x**N <= 1, {N: Range(1, oo), x: UNIT}), Induct(N, EASY, EASY)),
    "Induct, bounded": (theorem(n <= 3, {n: Range(0, 4)}), Induct(n, EASY, EASY)),
    "Derivative, upwards": (theorem(log(1 + x) <= x, {x: UNIT}), BY_SLOPE),
    "Derivative, downwards": (theorem(log(x) <= x - 1, {x: Interval.Lopen(0, 1)}), Derivative(x, Integer(1), EASY, EASY)),
    "Root": (theorem(Eq((p ** (1 / N)) ** N * x, p * x, evaluate=False), {N: Range(1, oo), p: POSITIVE, x: UNIT}), ROOT),
    "LogProduct": (theorem(Eq(log(x * y), log(x) + log(y)), {x: POSITIVE, y: POSITIVE}), algebra(LogProduct(x, y))),
    "LogPower": (theorem(Eq(log(x**3), 3 * log(x)), {x: POSITIVE}), algebra(LogPower(x, 3))),
    "LogMonotone": (theorem(log(x) <= log(y), {x: POSITIVE, y: Interval(x, oo)}), algebra(LogMonotone(x, y))),
    "Lemma": (theorem((1 + x) ** N >= 1 + N * x, {N: Range(1, oo), x: UNIT}), LEMMA),
    "PassageAtMost": (theorem(PASSAGE <= 0, REACHED_AT_START), BELOW),
    "PassageAtLeast": (theorem(PASSAGE >= 0, {x: UNIT}), PassageAtLeast(k, EASY)),
    "AtPassage": (theorem(PASSAGE >= 0, REACHED_AT_START), AtPassage(PASSAGE, Integer(0), BELOW, n, EASY)),
    "NotYet": (theorem(Implies(PASSAGE > 0, x < Rational(1, 2)), {x: UNIT}), Intro(algebra(NotYet(PASSAGE, Integer(0))))),
}


def check(statement: Theorem, tree: Any) -> None:
    Checker(LEMMAS).theorem(statement, tree)


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_correct_use_is_accepted(name: str) -> None:
    check(*ACCEPTED[name])


FALSE_NEIGHBOURS: dict[str, Theorem] = {
    "Let": theorem(x * x <= x, {x: Interval(0, 2)}),
    "Converges": theorem(PASSAGE < oo, {x: UNIT}),
    "WithKernel": theorem(x**2 <= x, {x: Interval(0, 2)}),
    "Algebra": theorem(x**2 <= x - Rational(1, 1000), {x: UNIT}),
    "Algebra, identity": theorem(Eq((x + 1) ** 2, x**2 + 2 * x + 2 - x**0 * x), {x: UNIT}),
    "Defined": theorem(Ge(sqrt(1 - x**2), 0, evaluate=False), {x: Interval(0, 2)}),
    "Words": theorem(Eq((V * D * W.T) ** N, V * D**N * W.T, evaluate=False), MATRICES),
    "Have": theorem(x**4 <= x, {x: Interval(0, 2)}),
    "Split": theorem(And(x**2 <= x, x <= Rational(3, 4) + x**2 / 9), {x: UNIT}),
    "Intro": theorem(Implies(x >= 1, x**2 > 1), {x: UNIT}),
    "Cases": theorem(x**2 > 2 * x - 1, {x: UNIT}),
    "Rewrite": theorem((x + 1) ** 2 <= 2 * x + 1, {x: UNIT}),
    "Induct": theorem(x**N <= 1, {N: Range(1, oo), x: Interval(-2, 1)}),
    "Induct, bounded": theorem(n <= 3, {n: Range(0, 5)}),
    "Derivative, upwards": theorem(log(1 + x) <= x * Rational(9, 10), {x: UNIT}),
    "Derivative, downwards": theorem(log(x) <= x - 1 - x / 100, {x: Interval.Lopen(0, 1)}),
    "Root": theorem(Eq((p ** (1 / N)) ** (N + 1), p, evaluate=False), {N: Range(1, oo), p: POSITIVE}),
    "LogProduct": theorem(Eq(log(x + y), log(x) + log(y)), {x: POSITIVE, y: POSITIVE}),
    "LogPower": theorem(Eq(log(x**3), 2 * log(x)), {x: POSITIVE}),
    "LogMonotone": theorem(log(y) <= log(x), {x: POSITIVE, y: Interval(x, oo)}),
    "Lemma": theorem((1 + x) ** N >= 1 + N * x, {N: Range(1, oo), x: Interval(-3, 1)}),
    "PassageAtMost": theorem(PASSAGE <= 0, {x: UNIT}),
    "PassageAtLeast": theorem(PASSAGE >= 1, {x: UNIT}),
    "NotYet": theorem(Implies(PASSAGE > 0, x < Rational(1, 4)), {x: UNIT}),
    "AtPassage": theorem(PASSAGE >= 0, {x: UNIT}),
}


@pytest.mark.parametrize("name", FALSE_NEIGHBOURS)
def test_the_proof_of_a_neighbouring_statement_is_rejected(name: str) -> None:
    with pytest.raises(ProofError):
        check(FALSE_NEIGHBOURS[name], ACCEPTED[name][1])


COMPLEX = (log(n) / pi) ** 2  # -1 at n = -1, where SymPy evaluates it
STEPS = Induct(n, EASY, EASY)
FIVE = theorem(n >= 5, {n: Range(-1, oo)})
LEVEL = FirstPassage(2, Rational(1, 4), x, -6 * COMPLEX)
HOSTILE = Symbol("h", integer=True, nonzero=True)

NEVER = FirstPassage(2, Rational(1, 4), x, 1)
NESTED = FirstPassage(2, Rational(1, 4), x, PASSAGE)

PLAIN = Symbol("s")
SQUARES = Theorem("squares", given={PLAIN: Interval(-oo, oo)}, claim=PLAIN**2 >= -1)
ORDER = Theorem("order", given={PLAIN: Interval(-oo, oo)}, claim=Lt(PLAIN, PLAIN + 1, evaluate=False))
LEMMAS |= {"squares": (SQUARES, EASY), "order": (ORDER, EASY)}
TWO = theorem(x >= 2, {x: UNIT})
"""False, and what every contradiction among the facts would prove."""
TOO_HIGH = FirstPassage(2, Rational(1, 4), x, 2)
"""A passage that never comes: the states stay below 1."""
REACHES = theorem(Implies(TOO_HIGH <= z, x >= 2), {x: UNIT, z: Interval(-oo, oo)})
AT_TOO_HIGH = AtPassage(TOO_HIGH, z, EASY, k, algebra(lemma("below_one", x=x, k=k)))
BELOW_ONE = theorem(And(Iterate(2, Rational(1, 4), x, k) >= 0, Iterate(2, Rational(1, 4), x, k) <= 1), {x: UNIT, k: Range(0, oo)})
LEMMAS |= {"never": (REACHES, Intro(AT_TOO_HIGH)), "below_one": (BELOW_ONE, Induct(k, EASY, EASY))}
BELOW = sqrt(n - 5) * sqrt(n - 6)
"""Without a value at n = 0, but -sqrt(30) for SymPy."""


def _cited(name: str, value: Any) -> tuple[Theorem, Any]:
    return TWO, algebra(lemma(name, s=value))


WRONG_USES: dict[str, tuple[Theorem, Any]] = {
    "Algebra: a step before the start": (
        theorem(Eq(Iterate(2, Rational(1, 4), x, n + 1), Iterate(2, Rational(1, 4), x, n + 1).unfold()), {x: UNIT, n: Range(-1, oo)}),
        EASY,
    ),
    "Rewrite: a step before the start": (
        theorem(Iterate(2, Rational(1, 4), x, n + 1) <= 9, {x: UNIT, n: Range(-1, oo)}),
        Rewrite(x, x + 0 * y, EASY, EASY),
    ),
    "Lemma: at a number that is not real": _cited("squares", 2 * I),
    "Lemma: at a root of a negative number": _cited("squares", sqrt(x - 5)),
    "Lemma: at a logarithm of a negative number": _cited("squares", log(-7 - x)),
    "Lemma: at a power of a negative number": _cited("squares", (x - 5) ** (x / 3)),
    "Lemma: at infinity": _cited("order", oo),
    "Lemma: below all numbers": _cited("order", -oo),
    "Lemma: at what is no number": _cited("order", nan),
    "Lemma: at a matrix": _cited("order", V),
    "Lemma: at a text": _cited("squares", "2*I"),
    "Lemma: at a passage, which may be infinite": (TWO, algebra(lemma("never", x=x, z=TOO_HIGH))),
    "Let: a passage, which may be infinite": (TWO, Let(z, TOO_HIGH, AT_TOO_HIGH)),
    "AtPassage: a bound that is a passage by its set": (theorem(x >= 2, {x: UNIT, z: FiniteSet(TOO_HIGH)}), AT_TOO_HIGH),
    "Derivative: a series without a value beside it": (
        theorem(y * hyper((2, 0), (1,), z) <= 0, {z: Interval.open(0, Rational(1, 2)), y: UNIT}),
        Derivative(y, Integer(0), EASY, EASY),
    ),
    "Defined: a hypothesis is false where it has no value": (theorem(n >= 6, {n: Range(0, 1)}, BELOW >= 0), Defined(STEPS, STEPS)),
    "Defined: a set is empty where it has no value": (
        theorem(n >= 6, {n: Range(0, 1), x: UNIT, y: Interval(x, BELOW)}),
        Defined(STEPS, STEPS),
    ),
    "LogPower: an exponent that is not real": (TWO, algebra(LogPower(exp(1), 2 * I * pi))),
    "LogMonotone: infinity": (TWO, algebra(LogMonotone(oo, oo))),
    "Root: of a negative number": (TWO, algebra(Root(2 * I, Integer(-4), Integer(2)))),
    "Root: the other root": (TWO, algebra(Root(Integer(-2), Integer(4), Integer(2)))),
    "NotYet: before the start": (TWO, algebra(NotYet(PASSAGE, Integer(-1)))),
    "Converges: the level is the limit": (theorem(NEVER < oo, {x: Interval(Rational(1, 10), Rational(1, 2))}), CONVERGES),
    "Converges: a fixed point below the level": (theorem(PASSAGE < oo, {x: UNIT}), Converges(k, EASY, z, EASY)),
    "Converges: states that fall": (
        theorem(FirstPassage(2, Rational(1, 4), x, 2) < oo, {x: Interval(Rational(5, 4), Rational(13, 10))}),
        Converges(k, EASY, z, EASY),
    ),
    "Converges: a finite bound": (theorem(PASSAGE < 5, GROWING), CONVERGES),
    "Converges: no passage": (theorem(x < oo, GROWING), CONVERGES),
    "Converges: an equation": (theorem(Ne(PASSAGE, oo, evaluate=False), GROWING), CONVERGES),
    "Converges: a limit in use": (theorem(PASSAGE < oo, {**GROWING, z: UNIT}), CONVERGES),
    "Converges: a limit called like a variable": (theorem(PASSAGE < oo, GROWING), Converges(k, EASY, Symbol("x"), EASY)),
    "Converges: a limit that is told more": (theorem(PASSAGE < oo, {x: UNIT}), Converges(k, EASY, Symbol("z", positive=True), EASY)),
    "Converges: an index that is no integer": (theorem(PASSAGE < oo, GROWING), Converges(y, EASY, z, EASY)),
    "Converges: a level that may be infinite": (theorem(NESTED < oo, {x: UNIT}), Converges(k, EASY, z, EASY)),
    "Defined: a value that is not there": (theorem(Ge(sqrt(x), -1, evaluate=False), {x: Interval(-1, 1)}), Defined(EASY, EASY)),
    "Defined: below the root": (theorem(And(x**2 <= x, x <= 1 + x**2), {x: UNIT}), split(Defined(EASY, EASY), EASY)),
    "LogProduct: of negative numbers": (
        theorem(Eq(log(x * y), log(x) + log(y)), {x: Interval.Ropen(-1, 0), y: Interval.Ropen(-1, 0)}),
        algebra(LogProduct(x, y)),
    ),
    "LogPower: of a negative number": (theorem(Eq(log(x**2), 2 * log(x)), {x: Interval.Ropen(-1, 0)}), algebra(LogPower(x, 2))),
    "LogMonotone: of negative numbers": (theorem(log(x + 1) <= log(y + 1), {x: UNIT, y: UNIT}), algebra(LogMonotone(x, y))),
    "PassageAtLeast: not the step at which it is reached": (theorem(PASSAGE >= 2, {x: UNIT}), PassageAtLeast(k, EASY)),
    "PassageAtLeast: an infinite bound": (theorem(PASSAGE >= oo, {x: UNIT}), PassageAtLeast(k, EASY)),
    "PassageAtLeast: another passage": (
        theorem(PASSAGE >= FirstPassage(2, Rational(1, 4), x, Rational(1, 2)), {x: UNIT}),
        PassageAtLeast(k, EASY),
    ),
    "WithKernel: below the root": (theorem(And(x**2 <= x, x <= 1 + x**2), {x: UNIT}), split(WithKernel(EASY, EASY), EASY)),
    "WithKernel: only the other proof holds": (theorem(x**3 <= x**2, {x: UNIT}), WithKernel(Words(), EASY)),
    "Let: a name in use": (theorem(x * x <= x, {x: UNIT, z: UNIT}), NAMED),
    "Kernel: no such proof": (theorem(x**2 <= x, {x: UNIT}), Kernel("none", "Definition other := 1.")),
    "Algebra: 0**0 is 1": (theorem(x**k <= x, {k: Range(0, oo), x: UNIT}), EASY),
    "Algebra: 0**0 is not 0": (theorem(Implies(x <= 0, x**k <= 0), {k: Range(0, oo), x: UNIT}), Intro(EASY)),
    "Algebra: a function that may have no real value": (
        theorem(Ge(acosh(x) ** 2, 0, evaluate=False), {x: Interval(0, Rational(1, 2))}),
        EASY,
    ),
    "Algebra: a power of a negative number": (theorem(x**k >= 0, {k: Range(0, oo), x: Interval(-1, 1)}), EASY),
    "Algebra: an even root is not its base": (theorem(Eq(sqrt(x**2 + 2 * x + 1), x + 1), {x: Interval(-2, 1)}), EASY),
    "Algebra: an identity where a denominator vanishes": (theorem(Eq((x**2 - 1) / (x - 1), x + 1), {x: Interval(0, 1)}), EASY),
    "Algebra: matrices do not commute": (theorem(Eq(V * W, W * V, evaluate=False), MATRICES), EASY),
    "Words: no relation but equality": (theorem(x <= 1, {x: UNIT}), Words()),
    "Words: diagonal and orthogonal letters do not commute": (theorem(Eq(V * D, D * V, evaluate=False), MATRICES), Words()),
    "Words: transposition turns products around": (theorem(Eq((V * W).T, V.T * W.T, evaluate=False), MATRICES), Words()),
    "Words: a power of a product": (theorem(Eq((V * D) ** 2, V**2 * D**2, evaluate=False), MATRICES), Words()),
    "Words: a coefficient without a value": (theorem(Eq(V * V.T / x, W * W.T / x, evaluate=False), {**MATRICES, x: UNIT}), Words()),
    "Have: without a value": (FIVE, Have(Ge(COMPLEX, 0, evaluate=False), EASY, STEPS)),
    "Have: not closed": (theorem(x <= 1, {x: UNIT}), Have(y <= 1, EASY, EASY)),
    "Cases: without a value": (FIVE, Cases(Ge(COMPLEX, 0, evaluate=False), STEPS, EASY)),
    "Cases: not closed": (theorem(x <= 1, {x: UNIT}), Cases(y <= 1, EASY, EASY)),
    "Rewrite: without a value": (FIVE, Rewrite(Integer(5), 5 - 6 * Max(0, -COMPLEX), EASY, STEPS)),
    "Rewrite: not closed": (theorem(x <= 1, {x: UNIT}), Rewrite(x, y, EASY, EASY)),
    "Split: too few parts": (theorem(And(x >= -1, x <= 1), {x: UNIT}), split(EASY)),
    "Intro: no implication": (theorem(x <= 1, {x: UNIT}), Intro(EASY)),
    "Induct: no integer": (theorem(x >= 0, {x: Interval(0, oo)}), Induct(x, EASY, EASY)),
    "Induct: no start": (theorem(n >= 0, {n: Range(-oo, 5)}), Induct(n, EASY, EASY)),
    "Induct: a hypothesis at n is none at n + 1": (theorem(n <= 3, {n: Range(0, oo)}, Ne(n, 4)), STEPS),
    "Induct: a gap in the hypotheses": (theorem(n <= 3, {n: Range(0, oo)}, Or(n <= 3, n >= 5)), STEPS),
    "Derivative: a gap in the hypotheses": (theorem(x * (3 - 2 * x) <= 0, {x: UNIT}, Or(x <= 0, x >= 1)), BY_SLOPE),
    "Derivative: an end outside the set": (theorem(log(1 + x) <= x, {x: Interval.Lopen(0, 1)}), BY_SLOPE),
    "Derivative: an open end": (theorem(log(x) >= -5, {x: Interval.Lopen(0, 1)}), Derivative(x, Integer(0), EASY, EASY)),
    "Derivative: across a pole": (theorem(1 / x >= -1, {x: Interval(-1, 1)}), Derivative(x, Integer(-1), EASY, EASY)),
    "Derivative: not smooth": (theorem(Max(x, -x) <= -x, {x: Interval(-1, 1)}), Derivative(x, Integer(-1), EASY, EASY)),
    "Derivative: a hypothesis that mentions it": (theorem(x <= 0, {x: UNIT}, Ne(x, Rational(1, 2))), BY_SLOPE),
    "Derivative: strict": (theorem(log(1 + x) < x, {x: UNIT}), BY_SLOPE),
    "Root: not an integer": (theorem(p ** (1 / q) >= 0, {p: POSITIVE, q: POSITIVE}), algebra(Root(p ** (1 / q), p, q))),
    "Lemma: a premise that fails": (theorem((1 + x) ** 3 >= 1 + 3 * x, {x: Interval(-5, 5)}), algebra(lemma("lemma.bernoulli", n=3, h=x))),
    "Lemma: not an integer": (theorem((1 + x) ** y >= 1 + y * x, {x: UNIT, y: UNIT}), algebra(lemma("lemma.bernoulli", n=y, h=x))),
    "Lemma: a variable without a value": (theorem(x <= 1, {x: UNIT}), algebra(lemma("lemma.bernoulli", n=3))),
    "Lemma: unknown": (theorem(x <= 1, {x: UNIT}), algebra(lemma("lemma.none", n=3))),
    "PassageAtMost: infinite": (theorem(PASSAGE <= 5, {x: UNIT}), PassageAtMost(k, EASY, EASY)),
    "PassageAtMost: an index in use": (theorem(PASSAGE <= k, {x: UNIT, k: Range(0, oo)}), PassageAtMost(k, EASY, EASY)),
    "PassageAtMost: an index with an assumption": (
        theorem(PASSAGE <= 0, REACHED_AT_START),
        PassageAtMost(HOSTILE, EASY, algebra(lemma("orbit", k=HOSTILE, x=x))),
    ),
    "AtPassage: an infinite bound": (theorem(x <= 2, {x: UNIT}), AtPassage(PASSAGE, oo, EASY, n, EASY)),
    "AtPassage: a level without a value": (
        theorem(n >= 5, {n: Range(-1, oo), x: UNIT}),
        AtPassage(LEVEL, Integer(0), PassageAtMost(k, EASY, EASY), Symbol("j", integer=True), STEPS),
    ),
    "NotYet: no passage": (theorem(x <= 1, {x: UNIT}), algebra(NotYet(x, Integer(0)))),
    "arithmetic with a passage": (theorem(Gt(2 * PASSAGE, PASSAGE - 1, evaluate=False), {x: UNIT}), EASY),
    "a branch that SymPy knows": (theorem(Piecewise((x, Ne(x, 0)), (1, True)) >= 0, {x: UNIT}), EASY),
}


def _kinds(union: Any) -> set[str]:
    return {kind.__name__ for kind in get_args(union)}


@pytest.mark.parametrize("cases", [ACCEPTED, FALSE_NEIGHBOURS, WRONG_USES], ids=["right", "neighbour", "wrong"])
def test_no_rule_is_left_out(cases: dict[str, Any]) -> None:
    """The right use of `Kernel`, and neighbours of its statements, are in test_trust_kernel."""
    spoken_of = {name.partition(":")[0].partition(",")[0] for name in cases}
    assert (_kinds(Proof) | _kinds(Fact)) - spoken_of <= {"Kernel"}


@pytest.mark.parametrize("name", WRONG_USES)
def test_a_wrong_use_is_rejected(name: str) -> None:
    statement, tree = WRONG_USES[name]
    assert prove(statement, tree, LEMMAS).verdict == "undecided"


@pytest.mark.parametrize("name", ["squares", "order", "never", "below_one"])
def test_the_lemmas_of_the_wrong_uses_are_proved(name: str) -> None:
    check(*LEMMAS[name])


def test_a_fact_about_a_root_is_one_where_the_root_is_there() -> None:
    check(theorem(x >= 4, {x: Interval(5, 9)}), algebra(lemma("squares", s=sqrt(x - 5))))


def test_a_set_made_of_a_passage_is_rejected() -> None:
    """z = 1/(1 + T) is 0 where the passage T never comes, so z > 0 is false."""
    statement = Theorem("t", given={x: UNIT, z: Interval(1 / (1 + PASSAGE), 1)}, claim=z > 0)
    with pytest.raises(ProofError, match="infinite"):
        check(statement, EASY)


def test_lemmas_cannot_cite_each_other_in_a_circle() -> None:
    false = theorem(x <= Rational(1, 2), {x: UNIT})
    other = Theorem("u", given={x: UNIT}, claim=2 * x <= 1)
    library = {"t": (false, algebra(lemma("u", x=x))), "u": (other, algebra(lemma("t", x=x)))}
    with pytest.raises(ProofError, match="circular"):
        Checker(library).theorem(false, library["t"][1])


def test_a_lemma_that_is_not_proved_is_no_fact() -> None:
    false = Theorem("u", given={x: UNIT}, claim=2 * x <= 1)
    for tree in (None, EASY, algebra(lemma("u", x=x))):
        with pytest.raises(ProofError):
            Checker({"u": (false, tree)}).theorem(theorem(x <= Rational(1, 2), {x: UNIT}), algebra(lemma("u", x=x)))


@pytest.mark.parametrize("name", ACCEPTED)
@pytest.mark.parametrize("junk", [None, 7, "x", x, Le(x, 2 + y)], ids=["None", "7", "text", "x", "relation"])
def test_tampered_proof_data_never_proves_a_false_neighbour(name: str, junk: Any) -> None:
    """Every field of the outermost rule replaced by something else: rejected, and no exception but a rejection leaves the engine."""
    tree = ACCEPTED[name][1]
    for field in fields(tree):
        broken = replace(tree, **{field.name: junk})
        assert prove(FALSE_NEIGHBOURS[name], broken, LEMMAS).verdict == "undecided"


@pytest.mark.parametrize("junk", [True, 0, "Algebra()", [], Algebra, x], ids=str)
def test_what_is_no_rule_proves_nothing(junk: Any) -> None:
    assert prove(theorem(x**2 <= x, {x: UNIT}), junk, LEMMAS).verdict == "undecided"


SQUARE = theorem(x * x <= x, {x: UNIT})


def test_let_names_a_value() -> None:
    check(SQUARE, Let(z, x**2, Rewrite(x**2, z, algebra(), Rewrite(z, x**2, algebra(), algebra()))))


@pytest.mark.parametrize(
    ("symbol", "value"),
    [
        pytest.param(x, Integer(1), id="a variable of the statement"),
        pytest.param(Symbol("z", positive=True), x, id="assumed more than real"),
        pytest.param(Symbol("z"), x, id="not assumed real"),
        pytest.param(z, log(x), id="a value that is not there at x = 0"),
        pytest.param(z, y, id="a value in an unknown variable"),
    ],
)
def test_let_with_a_wrong_name_or_value_is_rejected(symbol: Any, value: Any) -> None:
    with pytest.raises(ProofError):
        check(SQUARE, Let(symbol, value, algebra()))


def test_memory_counts_for_the_same_theorem_and_proof_only() -> None:
    memory: dict[str, Any] = {}
    Checker(LEMMAS, memory=memory).theorem(SQUARE, algebra())
    false = replace(SQUARE, claim=x * x >= 1)
    with pytest.raises(ProofError):
        Checker(LEMMAS, memory=memory).theorem(false, algebra())
    with pytest.raises(ProofError):
        Checker(LEMMAS, memory=memory).theorem(SQUARE, Words())


def test_a_constant_that_is_a_text_is_a_mistake_in_the_file() -> None:
    with pytest.raises(ProofError, match="is a text"):
        check(replace(SQUARE, constants={Symbol("c"): "1/2"}), algebra())
