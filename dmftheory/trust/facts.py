"""The schemata of facts: formulas that hold for all real values of their symbols, each with its own premises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import sympy

from dmftheory.claims import domains, proof
from dmftheory.claims.formula import And, Formula, Implies, Not, Relation, from_sympy, substitute
from dmftheory.claims.theorem import Theorem
from dmftheory.claims.values import ONE, PASSAGES, ZERO
from dmftheory.trust.rules import ProofError, need


def schema(fact: Any, sets: dict[Any, Any]) -> Formula:
    """The formula that a fact other than a lemma stands for."""
    match type(fact)(*terms(fact)):
        case proof.Root(value, base, n):
            need(n.is_integer and domains.is_positive(n, sets), f"Root needs an integer n >= 1, got {n}")
            positive = Implies(_positive(base), _positive(value))
            root = And((Relation(value, ">=", ZERO), Relation(value**n, "==", base), positive))
            return Implies(And((Relation(base, ">=", ZERO), Relation(value, "==", base ** (ONE / n)))), root)
        case proof.LogProduct(a, b):
            return Implies(_positive(a, b), Relation(sympy.log(a * b), "==", sympy.log(a) + sympy.log(b)))
        case proof.LogPower(a, n):
            return Implies(_positive(a), Relation(sympy.log(a**n), "==", n * sympy.log(a)))
        case proof.LogMonotone(a, b):
            smaller, image = Relation(a, "<=", b), Relation(sympy.log(a), "<=", sympy.log(b))
            return Implies(_positive(a, b), And((Implies(smaller, image), Implies(image, smaller))))
        case proof.NotYet(passage, k) if isinstance(passage, PASSAGES):
            need(k.is_integer, f"{k} is not shown to be an integer")
            return Implies(And((Relation(k, ">=", ZERO), Relation(k, "<", passage))), Not(from_sympy(passage.level_reached(k))))
    raise ProofError(f"{fact!r} is not a fact")


def terms(fact: Any) -> tuple[Any, ...]:
    """The expressions that a fact is about."""
    given = (value for _, value in fact.at) if isinstance(fact, proof.Lemma) else (getattr(fact, f.name) for f in fields(fact))
    return tuple(sympy.sympify(value, strict=True) for value in given)


def instance(theorem: Theorem, values: Mapping[str, Any]) -> Formula:
    """What a theorem says at expressions put for its variables: its membership and hypotheses imply its claim."""
    names = [s.name for s in theorem.given]
    need(set(values) == set(names), f"{theorem.id} needs values for {', '.join(names)}")
    at = {s: values[s.name] for s in theorem.given}
    for symbol, value in at.items():
        need(not symbol.is_integer or value.is_integer, f"{value} is not shown to be an integer")
    premises = tuple(substitute(p, at) for p in (theorem.membership, *theorem.hypotheses))
    return Implies(And(premises), substitute(theorem.conclusion, at))


def _positive(*terms: Any) -> Formula:
    return And(tuple(Relation(t, ">", ZERO) for t in terms))
