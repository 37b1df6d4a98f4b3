"""The two decisions that a leaf may rest on: an identity by exact normal form, and the real closed field by z3."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy
from sympy import Expr

from dmftheory.claims.formula import And, Formula, Implies, Not, Or, Relation
from dmftheory.numerics import cyclotomic
from dmftheory.trust.atoms import Abstraction

IDENTITY = f"SymPy {sympy.__version__} polynomial normal form"
RESOURCES = 20_000_000
"""z3's own count of work after which it gives up, the same on every machine; the proofs of the corpus need less than a seventh of it."""
MILLISECONDS = 120_000
"""The clock stops what the count should have stopped."""


def is_identity(goal: Formula, abstraction: Abstraction) -> bool:
    """Whether both sides of an equation are the same rational function of unknowns.

    With rational coefficients the numerator of the difference expands to 0; with other constants, see `numerics.cyclotomic`.
    """
    if not (isinstance(goal, Relation) and goal.op == "=="):
        return False
    difference = abstraction.term(goal.left - goal.right)
    if any(a.is_number and not a.is_Rational for a in sympy.preorder_traversal(difference)):
        return cyclotomic.vanishes(difference)
    return bool(sympy.expand(sympy.fraction(sympy.together(difference))[0]) == 0)


def refutable(formulas: Sequence[Formula], resources: int = RESOURCES, milliseconds: int = MILLISECONDS) -> tuple[str, dict[Any, Any]]:
    """Whether formulas over real unknowns can hold together: ('unsat', {}), ('sat', model) or ('unknown', {}).

    The model gives the value that z3 chose for each unknown, as a z3 number (rational or algebraic).
    """
    import z3

    solver = z3.SolverFor("QF_NRA")
    solver.set("rlimit", resources)
    solver.set("timeout", milliseconds)
    solver.set("random_seed", 0)
    translation = _Translation(z3)
    for formula in formulas:
        solver.add(translation.formula(formula))
    solver.add(*translation.sides)
    answer = str(solver.check())
    if answer != "sat":
        return answer, {}
    model = solver.model()
    return answer, {unknown: model.eval(variable, model_completion=True) for unknown, variable in translation.variables.items()}


def solver_version() -> str:
    """The name and version of the decision procedure, for evidence."""
    import z3

    return f"z3 {z3.get_version_string()} (nonlinear real arithmetic)"


class _Translation:
    """Formulas over SymPy unknowns into z3; a quotient becomes a new unknown q with den != 0 => q den = num."""

    def __init__(self, z3: Any) -> None:
        self.z3 = z3
        self.variables: dict[Any, Any] = {}
        self.sides: list[Any] = []
        self._inverses: dict[Any, Any] = {}

    def formula(self, formula: Formula) -> Any:
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
