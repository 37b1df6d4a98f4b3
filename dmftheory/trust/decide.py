"""The two decisions that a leaf may rest on: an identity by exact normal form, and the real closed field by z3."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy

from dmftheory.claims.formula import Formula, Relation
from dmftheory.claims.solver import Translation
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
    solver.set(rlimit=resources, timeout=milliseconds, random_seed=0)
    translation = Translation(z3)
    for formula in formulas:
        solver.add(translation.formula(formula))
    solver.add(*translation.sides)
    answer = str(solver.check())
    if answer == "unknown" and "keyboard" in solver.reason_unknown():
        raise KeyboardInterrupt  # z3 has taken Ctrl-C for itself
    if answer != "sat":
        return answer, {}
    model = solver.model()
    return answer, {unknown: model.eval(variable, model_completion=True) for unknown, variable in translation.variables.items()}


def solver_version() -> str:
    """The name and version of the decision procedure, for evidence."""
    import z3

    return f"z3 {z3.get_version_string()} (nonlinear real arithmetic)"
