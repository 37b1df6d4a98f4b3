"""Proofs as data: trees of rules. Nothing here runs; `dmftheory.trust` gives each rule its meaning.

Leaves take *facts*: formulas that hold for all real values of their symbols. A fact is an instance of a proved theorem (`Lemma`) or of
one of the schemata below it (`Root`, `LogProduct`, `LogPower`, `LogMonotone`, `NotYet`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import sympy


@dataclass(frozen=True)
class Lemma:
    """The theorem `id` with expressions put for its variables: its membership and hypotheses imply its claim."""

    id: str
    at: tuple[tuple[str, Any], ...]


def lemma(id: str, **at: Any) -> Lemma:
    """`Lemma` with the variables named: lemma("lemma.bernoulli", n=N, h=x - 1)."""
    return Lemma(id, tuple(at.items()))


@dataclass(frozen=True)
class Root:
    """value = base^(1/n), base >= 0, n >= 1 an integer: then value >= 0 and value^n = base (and value > 0 if base > 0)."""

    value: Any
    base: Any
    n: Any


@dataclass(frozen=True)
class LogProduct:
    """log(a b) = log a + log b for a, b > 0."""

    a: Any
    b: Any


@dataclass(frozen=True)
class LogPower:
    """log(a^n) = n log a for a > 0."""

    a: Any
    n: Any


@dataclass(frozen=True)
class LogMonotone:
    """a <= b exactly when log a <= log b, for a, b > 0."""

    a: Any
    b: Any


@dataclass(frozen=True)
class NotYet:
    """At an integer step k >= 0 before the passage its level is not reached."""

    passage: Any
    k: Any


Fact = Lemma | Root | LogProduct | LogPower | LogMonotone | NotYet


@dataclass(frozen=True)
class Algebra:
    """Leaf: the goal follows from the hypotheses and the facts in the real closed field, or is an identity.

    `drop` leaves out hypotheses by number (counted from 0) and sets by variable, to make the decision easier; it can only make less
    provable.
    """

    facts: tuple[Fact, ...] = ()
    drop: tuple[Any, ...] = ()


def algebra(*facts: Fact, drop: tuple[Any, ...] = ()) -> Algebra:
    """`Algebra` with the facts listed."""
    return Algebra(facts, drop)


@dataclass(frozen=True)
class Defined:
    """At the root only: `by` proves that every expression of the statement has a value, where algebra without facts does not."""

    by: Proof
    then: Proof


@dataclass(frozen=True)
class Words:
    """Leaf: an equation of matrix words with orthogonal and diagonal letters holds by normal form."""


@dataclass(frozen=True)
class Have:
    """First prove `claim` by `by`; then the goal with `claim` among the hypotheses by `then`."""

    claim: Any
    by: Proof
    then: Proof


@dataclass(frozen=True)
class Split:
    """The goal is a conjunction: one proof for each part, in order."""

    parts: tuple[Proof, ...]


def split(*parts: Proof) -> Split:
    """`Split` with the parts listed."""
    return Split(parts)


@dataclass(frozen=True)
class Intro:
    """The goal is an implication: its premise becomes a hypothesis."""

    then: Proof


@dataclass(frozen=True)
class Cases:
    """The relation `on` holds, or it does not."""

    on: Any
    yes: Proof
    no: Proof


@dataclass(frozen=True)
class Rewrite:
    """`by` proves left == right; `then` proves the goal, its observables unfolded, with right in place of left."""

    left: Any
    right: Any
    by: Proof
    then: Proof


@dataclass(frozen=True)
class Let:
    """A fresh real symbol for the value of an expression; `drop` the symbol to forget which."""

    symbol: Any
    value: Any
    then: Proof


@dataclass(frozen=True)
class Induct:
    """Induction over the integer variable `on`, from the least element of its Range.

    `base` proves the goal there; `step` proves it at on + 1 from the goal at on (with whatever the hypotheses say of on as its premise).
    """

    on: Any
    base: Proof
    step: Proof


@dataclass(frozen=True)
class Derivative:
    """A relation `<=`, `>=` or `==` between expressions in `on`, whose set is an Interval closed at the end `at`.

    `base` proves the goal at on = at; `slope` proves that the derivative of left - right has the right sign on the set without `at`
    (upwards from a lower end, downwards from an upper one). `smooth` proves that both sides are defined on the whole set, which makes
    them smooth.
    """

    on: Any
    at: Any
    base: Proof
    slope: Proof
    smooth: Proof = Algebra()


@dataclass(frozen=True)
class PassageAtMost:
    """The goal is FirstPassage(...) <= e (or LearningStep). `bound` proves e >= 0; `by` proves index + 1 <= e for an integer index >= 0
    at which the level is not yet reached. If the passage were later than e (or never came), index = min(passage, anything) - 1 refutes it.
    """

    index: Any
    bound: Proof
    by: Proof


@dataclass(frozen=True)
class PassageAtLeast:
    """The goal is e <= FirstPassage(...) (or LearningStep).

    `by` proves e <= index for an integer index >= 0 at which the level is reached.
    """

    index: Any
    by: Proof


@dataclass(frozen=True)
class AtPassage:
    """`by` proves passage <= bound, a finite expression; then `index` is the passage, an integer >= 0 at which the level is reached."""

    passage: Any
    bound: Any
    by: Proof
    index: Any
    then: Proof


@dataclass(frozen=True)
class Converges:
    """Monotone convergence. The goal is FirstPassage(...) < oo (or LearningStep).

    `increases` proves state <= next state at an integer index >= 0 at which the level is not yet reached. Then the states either reach
    the level or converge; `limit`, a fresh real symbol, is at least the start, not above the level and a fixed point of the step;
    `absurd` proves 0 == 1 of it.
    """

    index: Any
    increases: Proof
    limit: Any
    absurd: Proof


@dataclass(frozen=True)
class Kernel:
    """Leaf: the goal, as a statement about the real numbers of Rocq's standard library, is what `name` proves in `source` (a .v text)."""

    name: str
    source: str


@dataclass(frozen=True)
class WithKernel:
    """At the root only: `by` proves the theorem, and `kernel` proves it too, on its own, where there is a kernel to ask."""

    by: Proof
    kernel: Proof


Proof = (
    Defined
    | Algebra
    | Words
    | Have
    | Split
    | Intro
    | Cases
    | Rewrite
    | Let
    | Induct
    | Derivative
    | PassageAtMost
    | PassageAtLeast
    | AtPassage
    | Converges
    | Kernel
    | WithKernel
)


def put_in(part: Any, values: Mapping[Any, Any]) -> Any:
    """A proof, or a part of one, with expressions put for some of its symbols."""
    if not values:
        return part
    if isinstance(part, sympy.Basic):
        return part.xreplace({symbol: sympy.sympify(value, strict=True) for symbol, value in values.items()})
    if isinstance(part, tuple):
        return tuple(put_in(item, values) for item in part)
    if is_dataclass(part) and not isinstance(part, type):
        return type(part)(*(put_in(getattr(part, field.name), values) for field in fields(part)))
    return part
