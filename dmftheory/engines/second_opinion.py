"""A second solver for what z3 decides: cvc5, where it is installed (`pip install dmftheory[cvc5]`).

The question is written as SMT-LIB 2 text (QF_NRA) from our own formulas, so it shares with z3 neither the solver nor the translation.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from importlib.util import find_spec
from typing import Any

from sympy import Expr

from dmftheory.claims.formula import And, Formula, Implies, Not, Or, Relation
from dmftheory.workers import Tell, run_each

ABSENT = "no second opinion: cvc5 is not installed"
MILLISECONDS = 2000
"""For one question."""

_RELATIONS = {"==": "(= {} {})", "!=": "(not (= {} {}))", "<": "(< {} {})", "<=": "(<= {} {})", ">": "(> {} {})", ">=": "(>= {} {})"}


class SolversDisagree(Exception):
    """Two solvers gave opposite answers to one question: one of them, or a translation, is wrong."""

    def __init__(self, where: str, first: str, second: str) -> None:
        super().__init__(f"{where}: z3 says {first}, cvc5 says {second}")


def is_installed() -> bool:
    """Whether there is a second solver."""
    return find_spec("cvc5") is not None


def version() -> str:
    """The name and version of the second solver, for evidence."""
    import cvc5

    return f"cvc5 {cvc5.__version__} (second opinion)"


def answer(formulas: Sequence[Formula], milliseconds: int = MILLISECONDS) -> str:
    """Whether formulas over real unknowns can hold together: 'sat', 'unsat' or 'unknown'. Call only where it `is_installed`.

    It is asked in a copy of this process that is killed: cvc5 does not always keep to the time that it is given.
    """
    import cvc5  # noqa: F401  so that no copy has to load it

    seconds = max(1, milliseconds) / 1000
    with closing(run_each(_asked, None, [to_smtlib(formulas)], 1, seconds)) as outcomes:
        said = next(outcomes).answer
    return said if said in ("sat", "unsat") else "unknown"


def _asked(question: str, tell: Tell) -> str:
    import cvc5

    solver = cvc5.Solver(cvc5.TermManager())
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, question, "question")
    symbols, said = parser.getSymbolManager(), ""
    while not (command := parser.nextCommand()).isNull():
        said = str(command.invoke(solver, symbols)).strip() or said
    return said


def to_smtlib(formulas: Sequence[Formula]) -> str:
    """The question as SMT-LIB 2 text. Raises TypeError for what is no rational function of symbols."""
    writer = _Writer()
    asserted = [writer.formula(formula) for formula in formulas]
    names = [f"(declare-const {name} Real)" for name in (*writer.names.values(), *writer.inverses.values())]
    lines = ["(set-logic QF_NRA)", *names, *(f"(assert {line})" for line in (*asserted, *writer.sides)), "(check-sat)"]
    return "\n".join(lines) + "\n"


class _Writer:
    """Formulas as text; a quotient becomes an unknown q with den != 0 => q den = 1."""

    def __init__(self) -> None:
        self.names: dict[Any, str] = {}
        self.inverses: dict[Any, str] = {}
        self.sides: list[str] = []

    def formula(self, formula: Formula) -> str:
        match formula:
            case Relation(left, op, right):
                return _RELATIONS[op].format(self.term(left), self.term(right))
            case And(parts):
                return _joined("and", [self.formula(p) for p in parts], "true")
            case Or(parts):
                return _joined("or", [self.formula(p) for p in parts], "false")
            case Not(part):
                return f"(not {self.formula(part)})"
            case Implies(premise, conclusion):
                return f"(=> {self.formula(premise)} {self.formula(conclusion)})"

    def term(self, expr: Expr) -> str:
        if expr.is_Rational:
            size = f"(/ {abs(int(expr.p))} {int(expr.q)})" if expr.q != 1 else str(abs(int(expr.p)))
            return f"(- {size})" if expr.p < 0 else size
        if expr.is_Symbol:
            return self.names.setdefault(expr, f"v{len(self.names)}")
        if expr.is_Add or expr.is_Mul:
            return _joined("+" if expr.is_Add else "*", [self.term(a) for a in expr.args], "0")
        if expr.is_Pow and expr.exp.is_Integer:
            base = self.term(expr.base) if expr.exp > 0 else self._inverse(expr.base)
            return _joined("*", [base] * abs(int(expr.exp)), "1")
        raise TypeError(f"not a rational function of unknowns: {expr}")

    def _inverse(self, denominator: Expr) -> str:
        if denominator not in self.inverses:
            inverse = self.inverses[denominator] = f"q{len(self.inverses)}"
            value = self.term(denominator)
            self.sides.append(f"(=> (not (= {value} 0)) (= (* {inverse} {value}) 1))")
        return self.inverses[denominator]


def _joined(operator: str, parts: Sequence[str], empty: str) -> str:
    return empty if not parts else parts[0] if len(parts) == 1 else f"({operator} {' '.join(parts)})"
