"""A statement about real numbers and natural exponents, as a proposition over the reals of Rocq's standard library.

Polynomial relations, with quotients, integer powers and absolute values; real variables and integer variables that are nowhere negative.
Everything else is refused. `x ^ n` is the power with a natural exponent, 1 for n = 0, as here; `/ x` means what it means here wherever x is
not 0, which whoever uses the translation has to show.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy

from dmftheory.claims import domains
from dmftheory.claims.formula import And, Formula, Implies, Not, Or, Relation

HEADER = "From Coq Require Import Reals.\nLocal Open Scope R_scope.\n"


class InexpressibleError(ValueError):
    """Something that the translation does not cover."""


def statement(sets: Sequence[tuple[Any, Any]], hypotheses: Sequence[Formula], goal: Formula, name: str = "statement") -> str:
    """The text of a file that defines `name`: for all variables in their sets, the hypotheses imply the goal."""
    names = {symbol: f"v{i}" for i, (symbol, _) in enumerate(sets)}
    translation = _Translation(names, dict(sets))
    lines = []
    for symbol, domain in sets:
        if not isinstance(symbol, sympy.Symbol):
            raise InexpressibleError(f"{symbol} is no number")
        lines.append(f"forall {names[symbol]} : {'nat' if translation.natural(symbol) else 'R'},")
        lines.append(f"{translation.formula(domains.membership(symbol, domain))} ->")
    lines += [f"{translation.formula(h)} ->" for h in hypotheses]
    body = "\n  ".join([*lines, translation.formula(goal)])
    return f"{HEADER}Definition {name} : Prop :=\n  {body}.\n"


class _Translation:
    def __init__(self, names: dict[Any, str], sets: dict[Any, Any]) -> None:
        self.names, self.sets = names, sets

    def natural(self, symbol: Any) -> bool:
        """Whether a variable is a natural number (otherwise it is real)."""
        if symbol.is_integer and not domains.is_nonnegative(symbol, self.sets):
            raise InexpressibleError(f"the integer {symbol} is not shown to be nonnegative")
        return bool(symbol.is_integer)

    def formula(self, formula: Formula) -> str:
        match formula:
            case Relation(left, op, right):
                shown = {"==": "=", "!=": "<>"}.get(op, op)
                return f"({self.term(left)} {shown} {self.term(right)})"
            case And(parts):
                return self._joined(" /\\ ", parts) if parts else "True"
            case Or(parts):
                return self._joined(" \\/ ", parts) if parts else "False"
            case Not(part):
                return f"(~ {self.formula(part)})"
            case Implies(premise, conclusion):
                return f"({self.formula(premise)} -> {self.formula(conclusion)})"

    def _joined(self, connective: str, parts: Sequence[Formula]) -> str:
        return f"({connective.join(map(self.formula, parts))})"

    def term(self, expr: Any) -> str:
        """A real number."""
        if expr.is_Integer:
            return f"({int(expr)})"
        if expr.is_Rational:
            return f"({int(expr.p)} / {int(expr.q)})"
        if expr.is_Symbol:
            return f"(INR {self.names[expr]})" if self.natural(expr) else self.names[expr]
        if expr.is_Add:
            return f"({' + '.join(map(self.term, expr.args))})"
        if expr.is_Mul:
            return f"({' * '.join(map(self.term, expr.args))})"
        if expr.is_Pow and expr.exp.is_integer:
            if expr.exp.is_Integer and expr.exp < 0:
                return f"(/ {self.term(expr.base**-expr.exp)})"
            return f"({self.term(expr.base)} ^ {self.exponent(expr.exp)})"
        if isinstance(expr, sympy.Abs):
            return f"(Rabs {self.term(expr.args[0])})"
        raise InexpressibleError(f"{expr} has no counterpart among polynomials with natural exponents")

    def exponent(self, expr: Any) -> str:
        """A natural number; a difference of naturals stops at 0 in Rocq, so it must be shown not to get there."""
        if not domains.is_nonnegative(expr, self.sets):
            raise InexpressibleError(f"the exponent {expr} is not shown to be nonnegative")
        constant, rest = sympy.expand(expr).as_coeff_Add()
        if rest == 0:
            return f"{int(constant)}"
        total = " + ".join(self._count(part) for part in sympy.Add.make_args(rest))
        shift = "" if constant == 0 else f" - {-int(constant)}" if constant < 0 else f" + {int(constant)}"
        return f"({total}{shift})%nat"

    def _count(self, part: Any) -> str:
        """slope * variable, both natural."""
        slope, symbol = part.as_coeff_Mul()
        if not (slope.is_Integer and slope > 0 and symbol.is_Symbol and self.natural(symbol)):
            raise InexpressibleError(f"the exponent {part} is no multiple of a natural variable")
        return self.names[symbol] if slope == 1 else f"{int(slope)} * {self.names[symbol]}"
