"""Where expressions have a value, where they are smooth, and what their derivatives are.

A rule of the trusted core asks for these conditions; here stands what they are for everything that a statement may say. What is not listed
has a value nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy
from sympy import Integer

from dmftheory.claims import domains
from dmftheory.claims.formula import And, Formula, Implies, Not, Or, Relation
from dmftheory.claims.observables import EffectiveRank, FirstPassage, FlowTime, ImbalancedTime, LearningStep, LearningTime, Recursive
from dmftheory.model import perturbed

ZERO, ONE = Integer(0), Integer(1)
NEVER = Relation(ZERO, "==", ONE)
PASSAGES = (FirstPassage, LearningStep)
TOTAL = (
    *(sympy.Symbol, sympy.Number, type(sympy.pi), type(sympy.E), type(sympy.EulerGamma)),
    *(sympy.Add, sympy.Mul, sympy.Abs, sympy.Max, sympy.Min, sympy.sign, sympy.floor, sympy.ceiling),
    *(sympy.exp, sympy.atan, sympy.sin, sympy.cos, sympy.sinh, sympy.cosh, sympy.tanh, sympy.asinh),
    *(sympy.MatAdd, sympy.MatMul, sympy.MatPow, sympy.Transpose, sympy.Identity, sympy.MatrixSymbol),
)
"""Has a value wherever its arguments have one."""
SMOOTH = (
    *(sympy.Add, sympy.Mul, sympy.Pow, sympy.log, sympy.exp, sympy.atan, sympy.sin, sympy.cos, sympy.hyper),
    *(FlowTime, LearningTime, ImbalancedTime),
)


def conditions(formula: Formula, sets: dict[Any, Any], smooth: bool = False) -> Iterator[Formula]:
    """What must hold for every expression of the formula to have a value (with `smooth`: a derivative); inside an implication, given
    its premise."""
    match formula:
        case Relation(left, _, right):
            for side in (left, right):
                yield from _term_conditions(side, sets, smooth)
        case And(parts) | Or(parts):
            for part in parts:
                yield from conditions(part, sets, smooth)
        case Not(part):
            yield from conditions(part, sets, smooth)
        case Implies(premise, conclusion):
            yield from conditions(premise, sets, smooth)
            yield from (Implies(premise, c) for c in conditions(conclusion, sets, smooth))


def _term_conditions(expr: Any, sets: dict[Any, Any], smooth: bool) -> Iterator[Formula]:
    for node in sympy.preorder_traversal(expr):
        match node:
            case sympy.Pow():
                yield from _power_conditions(node, sets, smooth)
            case sympy.log():
                yield Relation(node.args[0], ">", ZERO)
            case FlowTime():
                yield _same_side(node.args[1], node.args[2], ONE if node.sign == 1 else None, ONE)
            case LearningTime():
                depth, lam, x, y = node.args
                yield _same_side(x, y, lam, depth)
            case EffectiveRank():
                yield Or(tuple(Relation(w, "!=", ZERO) for w in node.args))
            case ImbalancedTime():
                depth, lam, delta, x, y = node.args
                yield from _natural(depth, 2, sets)
                yield Relation(delta, ">=", ZERO)
                yield And((Relation(x, ">", ZERO), Relation(y, ">", ZERO)))
                # The product grows with a + b, so nothing between two ends on one side of lambda reaches it.
                products = [perturbed.sum_product(depth, delta, s) for s in (x, y)]
                yield Or(tuple(And(tuple(Relation(p, op, lam) for p in products)) for op in ("<", ">")))
            case Recursive() | FirstPassage() | LearningStep():
                yield from _natural(node.args[0], 2, sets)
                if isinstance(node, Recursive):
                    yield from _natural(node.steps, 0, sets)
                elif any(a.has(*PASSAGES) for a in node.args):
                    yield NEVER  # a passage may be infinite, a level may not
            case sympy.hyper() if len(node.ap) == 2 and len(node.bq) == 1:
                # The series has no value where c is 0, -1, -2, ...; above -1 that leaves 0.
                yield And((Relation(node.argument, "<", ONE), Relation(node.bq[0], ">", -ONE), Relation(node.bq[0], "!=", ZERO)))
            case _ if not isinstance(node, (*TOTAL, sympy.Tuple, sympy.core.symbol.Str)):
                yield NEVER


def _natural(expr: Any, least: int, sets: dict[Any, Any]) -> Iterator[Formula]:
    if not expr.is_integer:
        yield NEVER
    elif not domains.is_nonnegative(expr - least, sets):
        yield Relation(expr, ">=", Integer(least))


def _power_conditions(node: Any, sets: dict[Any, Any], smooth: bool) -> Iterator[Formula]:
    base, exponent = node.base, node.exp
    if exponent.is_integer:
        if not domains.is_nonnegative(exponent, sets):
            yield Relation(base, "!=", ZERO)
    else:
        yield Relation(base, ">=" if domains.is_positive(exponent, sets) and not smooth else ">", ZERO)


def _same_side(x: Any, y: Any, level: Any, power: Any) -> Formula:
    positive = (Relation(x, ">", ZERO), Relation(y, ">", ZERO))
    if level is None:
        return And(positive)
    below = And((Relation(x**power, "<", level), Relation(y**power, "<", level)))
    above = And((Relation(x**power, ">", level), Relation(y**power, ">", level)))
    return And((*positive, Or((below, above))))


def smooth_in(expr: Any, symbol: Any) -> bool:
    """Whether every function that the symbol goes through is smooth wherever it has a value."""
    return all(not node.args or symbol not in node.free_symbols or isinstance(node, SMOOTH) for node in sympy.preorder_traversal(expr))


def contiguous(expr: Any) -> tuple[Any, list[Any]]:
    """The derivative of 2F1(1, a; a+1; u) by u F' + a F = a / (1 - u), in place of SymPy's 2F1(2, a+1; a+2; u) a/(a+1).

    Returns the new expression and what must not be 0: the arguments u, and a + 1, without which there is no 2F1(1, a; a+1; u). The
    relation is the series identity (n + a) a / (a + n) = a, term by term, and holds for u < 1 by analytic continuation.
    """
    arguments: list[Any] = []

    def is_derivative(node: Any) -> bool:
        if not isinstance(node, sympy.hyper) or len(node.ap) != 2 or len(node.bq) != 1 or 2 not in node.ap:
            return False
        return bool(sympy.expand(sum(node.ap) - 1 - node.bq[0]) == 0)

    def replaced(node: Any) -> Any:
        a, u = sympy.expand(node.bq[0] - 2), node.argument
        arguments.extend((u, a + 1))
        return (a + 1) / u * (1 / (1 - u) - sympy.hyper((1, a), (a + 1,), u))

    return expr.replace(is_derivative, replaced), arguments
