"""Formulas: relations between SymPy expressions, joined by and, or, not, implies.

SymPy's own Boolean classes evaluate as they are rebuilt (`x >= 0` on a nonnegative symbol becomes True), so a substitution into one
can decide a claim behind our back. These classes only hold their parts: whoever reads a formula decides it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanAtom, Equivalent

OPERATORS = {sympy.Eq: "==", sympy.Ne: "!=", sympy.Lt: "<", sympy.Le: "<=", sympy.Gt: ">", sympy.Ge: ">="}
NEGATED = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class CollapsedError(ValueError):
    """A part of a statement that SymPy had already turned into true or false before we saw it."""


@dataclass(frozen=True)
class Relation:
    """`left op right`, with op one of == != < <= > >=; both sides are SymPy expressions (scalars, or matrices under ==)."""

    left: Any
    op: str
    right: Any

    def __post_init__(self) -> None:
        for side in ("left", "right"):
            object.__setattr__(self, side, sympy.sympify(getattr(self, side), strict=True))


@dataclass(frozen=True)
class And:
    """All parts hold; of no parts: true."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True)
class Or:
    """Some part holds; of no parts: false."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: Formula


@dataclass(frozen=True)
class Implies:
    """The conclusion holds wherever the premise does."""

    premise: Formula
    conclusion: Formula


Formula = Relation | And | Or | Not | Implies


def from_sympy(statement: Any) -> Formula:
    """Read a SymPy relation, or And / Or / Not / Implies / Equivalent of relations.

    Raises CollapsedError for true and false, TypeError for anything else (a Python bool among them).
    """
    if isinstance(statement, Relation | And | Or | Not | Implies):
        return statement
    if isinstance(statement, bool):
        raise TypeError(f"a Python {statement} is not a claim: write Eq(a, b) where you wrote a == b")
    if isinstance(statement, BooleanAtom):
        raise CollapsedError(f"collapsed by SymPy to {str(bool(statement)).lower()}: pose it so that it does not evaluate as it is built")
    if isinstance(statement, Relational):
        return Relation(statement.lhs, OPERATORS[statement.func], statement.rhs)
    if isinstance(statement, Equivalent):
        first, *rest = (from_sympy(a) for a in statement.args)
        return And(tuple(part for other in rest for part in (Implies(first, other), Implies(other, first))))
    parts = tuple(from_sympy(a) for a in getattr(statement, "args", ()))
    match statement:
        case sympy.And():
            return And(parts)
        case sympy.Or():
            return Or(parts)
        case sympy.Not():
            return Not(parts[0])
        case sympy.Implies():
            return Implies(*parts)
    raise TypeError(f"{statement!r} is not a relation, nor And, Or, Not, Implies of relations")


def relations(formula: Formula) -> Iterator[Relation]:
    """Every relation in the formula, in order."""
    match formula:
        case Relation():
            yield formula
        case And(parts) | Or(parts):
            for part in parts:
                yield from relations(part)
        case Not(part):
            yield from relations(part)
        case Implies(premise, conclusion):
            yield from relations(premise)
            yield from relations(conclusion)


def map_relations(formula: Formula, change: Callable[[Relation], Formula]) -> Formula:
    """The same formula with every relation changed."""
    match formula:
        case Relation():
            return change(formula)
        case And(parts):
            return And(tuple(map_relations(p, change) for p in parts))
        case Or(parts):
            return Or(tuple(map_relations(p, change) for p in parts))
        case Not(part):
            return Not(map_relations(part, change))
        case Implies(premise, conclusion):
            return Implies(map_relations(premise, change), map_relations(conclusion, change))


def map_terms(formula: Formula, change: Callable[[Any], Any]) -> Formula:
    """The same formula with both sides of every relation changed."""
    return map_relations(formula, lambda r: Relation(change(r.left), r.op, change(r.right)))


def substitute(formula: Formula, values: Mapping[Any, Any]) -> Formula:
    """Simultaneous substitution of expressions for symbols."""
    return map_terms(formula, lambda term: term.xreplace(dict(values)))


def free_symbols(formula: Formula) -> set[sympy.Symbol]:
    """Every symbol that occurs, matrix symbols included."""
    return {s for r in relations(formula) for s in r.left.free_symbols | r.right.free_symbols}


def to_sympy(formula: Formula) -> Any:
    """The formula as unevaluated SymPy, for printing."""
    classes = {op: cls for cls, op in OPERATORS.items()}
    match formula:
        case Relation(left, op, right):
            return classes[op](left, right, evaluate=False)
        case And(parts):
            return sympy.And(*(to_sympy(p) for p in parts), evaluate=False)
        case Or(parts):
            return sympy.Or(*(to_sympy(p) for p in parts), evaluate=False)
        case Not(part):
            return sympy.Not(to_sympy(part), evaluate=False)
        case Implies(premise, conclusion):
            return sympy.Implies(to_sympy(premise), to_sympy(conclusion), evaluate=False)
