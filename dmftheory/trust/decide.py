"""The two decisions that a leaf may rest on: an identity by exact normal form, and the real closed field by z3."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy
from sympy import Expr

from dmftheory.claims.formula import And, Formula, Implies, Not, Or, Relation
from dmftheory.trust.atoms import Abstraction

IDENTITY = f"SymPy {sympy.__version__} polynomial normal form"
DEFAULT_MILLISECONDS = 20_000


def is_identity(goal: Formula, abstraction: Abstraction) -> bool:
    """Whether both sides of an equation are the same rational function of unknowns: the numerator of their difference expands to 0.

    Coefficients may be algebraic numbers (radicals, cosines of rational multiples of pi): they are compared exactly.
    """
    if not (isinstance(goal, Relation) and goal.op == "=="):
        return False
    numerator = sympy.fraction(sympy.together(abstraction.term(goal.left - goal.right)))[0]
    expanded = sympy.expand(numerator)
    if expanded == 0:
        return True
    letters = sorted(expanded.free_symbols, key=str)
    if not letters or not expanded.is_polynomial(*letters):
        return False
    return all(_is_zero_constant(c) for c in sympy.Poly(expanded, *letters, domain="EX").coeffs())


def _is_zero_constant(value: Expr) -> bool:
    """Whether a constant built from rationals and roots of rationals is exactly 0 (False when it is of another kind)."""
    from flint.types import _gr

    field = _gr.gr_complex_qqbar_ctx.new()

    def convert(node: Expr) -> Any:
        if node.is_Rational:
            return field(int(node.p)) / field(int(node.q))
        if node.is_Add:
            total = convert(node.args[0])
            for a in node.args[1:]:
                total = total + convert(a)
            return total
        if node.is_Mul:
            product = convert(node.args[0])
            for a in node.args[1:]:
                product = product * convert(a)
            return product
        if node.is_Pow and node.exp.is_Rational:
            power = convert(node.base) ** int(abs(node.exp.p)) if node.exp.q == 1 else _root(convert(node.base), node.exp)
            return field(1) / power if node.exp.p < 0 else power
        raise NotImplementedError(node)

    def _root(base: Any, exponent: Any) -> Any:
        return base.pow(field(int(abs(exponent.p))) / field(int(exponent.q)))

    try:
        return bool(convert(value).is_zero())
    except (NotImplementedError, AttributeError, TypeError, ValueError):
        return False


def refutable(formulas: Sequence[Formula], milliseconds: int = DEFAULT_MILLISECONDS) -> tuple[str, dict[Any, Any]]:
    """Whether formulas over real unknowns can hold together: ('unsat', {}), ('sat', model) or ('unknown', {}).

    The model gives the value that z3 chose for each unknown, as a z3 number (rational or algebraic).
    """
    import z3

    solver = z3.SolverFor("QF_NRA")
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
