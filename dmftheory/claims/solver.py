"""Formulas over real unknowns in the terms of z3."""

from __future__ import annotations

from typing import Any

from sympy import Expr

from dmftheory.claims.formula import And, Formula, Implies, Not, Or, Relation


class Translation:
    """Formulas between rational functions of SymPy symbols; `variables` says which z3 variable stands for which symbol.

    An inverse becomes a new variable q with den != 0 => q den = 1, kept in `sides`: of 1/0 nothing is known.
    """

    def __init__(self, z3: Any) -> None:
        self.z3 = z3
        self.variables: dict[Any, Any] = {}
        self.sides: list[Any] = []
        self._inverses: dict[Any, Any] = {}

    def formula(self, formula: Formula) -> Any:
        """A Boolean of z3."""
        match formula:
            case Relation(left, op, right):
                a, b = self.term(left), self.term(right)
                return {"==": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op]
            case And(parts):
                return self.z3.And(*map(self.formula, parts))
            case Or(parts):
                return self.z3.Or(*map(self.formula, parts))
            case Not(part):
                return self.z3.Not(self.formula(part))
            case Implies(premise, conclusion):
                return self.z3.Implies(self.formula(premise), self.formula(conclusion))

    def term(self, expr: Expr) -> Any:
        """A real of z3. Raises TypeError for anything but a rational function."""
        if expr.is_Rational:
            return self.z3.Q(int(expr.p), int(expr.q))
        if expr.is_Symbol:
            return self.variables.setdefault(expr, self.z3.Real(f"v{len(self.variables)}"))
        if expr.is_Add:
            return self.z3.Sum(*map(self.term, expr.args))
        if expr.is_Mul:
            return self.z3.Product(*map(self.term, expr.args))
        if expr.is_Pow and expr.exp.is_Integer:
            base = self.term(expr.base) if expr.exp > 0 else self._inverse(expr.base)
            return self.z3.Product(*[base] * abs(int(expr.exp)))
        raise TypeError(f"not a rational function of unknowns: {expr}")

    def _inverse(self, denominator: Expr) -> Any:
        if denominator not in self._inverses:
            inverse = self.z3.Real(f"q{len(self._inverses)}")
            self._inverses[denominator] = inverse
            value = self.term(denominator)
            self.sides.append(self.z3.Implies(value != 0, inverse * value == 1))
        return self._inverses[denominator]
