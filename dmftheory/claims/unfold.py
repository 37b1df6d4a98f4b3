"""Observables by their definitions, as the rules read them."""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Expr

from dmftheory.claims.observables import EffectiveRank, FlowTime, ImbalancedTime, LearningTime, Recursive

MOST_STEPS = 4
"""An observable so many steps beyond a symbol, or beyond 0, is not unfolded further: its size grows like 3^steps."""


def unfold(expr: Any) -> Any:
    """One step of a recursion at k + 1, a flow time as a difference of one primitive; powers of products as products of powers."""
    return expr if getattr(expr, "is_Matrix", False) else sympy.expand_power_base(_unfold(expr))


def _unfold(expr: Any) -> Any:
    if not expr.args:
        return expr
    rebuilt = expr.func(*map(_unfold, expr.args))
    match rebuilt:
        case Recursive():
            # A step index of the form j + 1 or 0 unfolds; what comes out may unfold again.
            inner = rebuilt.unfold()
            ahead = rebuilt.steps.as_coeff_Add()[0]
            return rebuilt if inner == rebuilt or ahead > MOST_STEPS else _unfold(inner)
        case EffectiveRank():
            return rebuilt.unfold()
        case FlowTime():
            depth, x, y, sign = rebuilt.args
            return _primitive("U", depth, sign, y) - _primitive("U", depth, sign, x)
        case LearningTime():
            depth, lam, x, y = rebuilt.args
            return _primitive("U_lambda", depth, lam, y) - _primitive("U_lambda", depth, lam, x)
        case ImbalancedTime():
            *run, x, y = rebuilt.args
            return _primitive("U_delta", *run, y) - _primitive("U_delta", *run, x)
    return rebuilt


def _primitive(name: str, *args: Expr) -> Expr:
    """A primitive of 1/f: up to a constant per side of the fixed point, which cancels in every flow time."""
    return sympy.Function(name)(*args)
