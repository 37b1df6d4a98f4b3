"""Sequents: what is to be shown, for which variables, from what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import sympy

from dmftheory.claims import domains
from dmftheory.claims.formula import Formula, free_symbols, relations, substitute
from dmftheory.claims.theorem import Theorem
from dmftheory.claims.values import PASSAGES


@dataclass(frozen=True)
class Sequent:
    """For all variables in their sets that satisfy the hypotheses: the goal."""

    sets: tuple[tuple[Any, Any], ...]
    hypotheses: tuple[Formula, ...]
    goal: Formula

    @property
    def domain(self) -> dict[Any, Any]:
        """Variable -> set."""
        return dict(self.sets)

    @property
    def membership(self) -> tuple[Formula, ...]:
        """Every variable lies in its set."""
        return tuple(domains.membership(symbol, domain) for symbol, domain in self.sets)

    def show(self, goal: Formula) -> Sequent:
        """The same sequent with another goal."""
        return replace(self, goal=goal)

    def suppose(self, *formulas: Formula) -> Sequent:
        """The same sequent with more hypotheses."""
        return replace(self, hypotheses=self.hypotheses + formulas)

    def let(self, symbol: Any, domain: Any) -> Sequent:
        """The same sequent with one more variable."""
        return replace(self, sets=(*self.sets, (symbol, domain)))

    def restrict(self, symbol: Any, domain: Any) -> Sequent:
        """The same sequent with a smaller set for one variable."""
        return replace(self, sets=tuple((s, domain if s == symbol else d) for s, d in self.sets))

    def put(self, symbol: Any, value: Any) -> Sequent:
        """An expression for a variable everywhere, the variable's own set kept out."""
        at = {symbol: value}
        sets = tuple((s, d.xreplace(at) if isinstance(d, sympy.Set) else d) for s, d in self.sets if s != symbol)
        return Sequent(sets, tuple(substitute(h, at) for h in self.hypotheses), substitute(self.goal, at))


def initial(theorem: Theorem) -> Sequent:
    """The sequent that a theorem states."""
    return Sequent(tuple(theorem.given.items()), theorem.hypotheses, theorem.conclusion)


def mentions(formula: Formula, symbol: Any) -> bool:
    """Whether the symbol occurs in the formula."""
    return symbol in free_symbols(formula)


def bare_passages(formula: Formula) -> bool:
    """Whether passages, which may be oo, stand only alone on a side of a relation.

    Then every comparison keeps its truth value when oo is replaced by one real number larger than all the finite terms, so reasoning
    about real numbers covers the infinite case too.
    """
    sides = (side for relation in relations(formula) for side in (relation.left, relation.right))
    return all(not any(a.has(*PASSAGES) for a in (side.args if isinstance(side, PASSAGES) else (side,))) for side in sides)
