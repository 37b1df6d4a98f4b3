"""What an expression may be made of: numbers, variables, functions that have a meaning in exact and ball arithmetic, observables.

Whatever else SymPy knows (a function without a meaning here, complex numbers, integrals, unevaluated derivatives, an infinity in the middle
of an expression) is refused, because a rule about real numbers could say something false of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy
from sympy import oo

from dmftheory.claims.formula import Formula, relations
from dmftheory.claims.observables import Observable
from dmftheory.numerics.translate import DomainError, ExpressionError, has_meaning, translate

CHECKED = ("real", "finite", "complex", "extended_real", "commutative", "integer", "positive", "nonnegative")
"""What SymPy may be told of a symbol: what its set can be seen to imply."""

KNOWN = (
    "powers, roots, exp, log, sin, cos, tan, sinh, cosh, tanh, atan, gamma, Abs, sign, floor, ceiling, Max, Min, Sum, Product, Piecewise"
)
"""The functions that a person may want to be told of."""

MATRIX_NODES = (
    sympy.MatAdd,
    sympy.MatMul,
    sympy.MatPow,
    sympy.Transpose,
    sympy.Inverse,
    sympy.Identity,
    sympy.ZeroMatrix,
    sympy.MatrixSymbol,
)


def unchecked_assumptions(symbol: Any) -> list[str]:
    """The assumptions of a symbol, true or false, that its set cannot be seen to imply."""
    return [f"{name}={truth}" for name, truth in symbol._assumptions_orig.items() if name not in CHECKED or truth is not True]


def foreign(formula: Formula, variables: set[Any]) -> Iterator[str]:
    """What in the formula has no meaning here, each as one sentence."""
    for relation in relations(formula):
        left, right = relation.left, relation.right
        shapes = [getattr(side, "shape", None) if getattr(side, "is_Matrix", False) else None for side in (left, right)]
        if shapes[0] != shapes[1] or (shapes[0] is not None and relation.op not in ("==", "!=")):
            yield f"{left} and {right} cannot be compared: two numbers, or two matrices of one size under Eq"
        for side in (left, right):
            if side not in (oo, -oo):
                yield from _foreign_parts(side, variables)


def _foreign_parts(expr: Any, variables: set[Any]) -> Iterator[str]:
    if getattr(expr, "is_Matrix", False):
        if not isinstance(expr, MATRIX_NODES):
            yield f"{expr} has no meaning here: matrices are sums, products and powers of given matrices"
            return
        if not isinstance(expr, sympy.MatrixSymbol | sympy.Identity | sympy.ZeroMatrix):
            for part in expr.args:
                yield from _foreign_parts(part, variables)
        return
    for node in sympy.preorder_traversal(expr):
        if isinstance(node, sympy.Function) and not isinstance(node, Observable) and not has_meaning(type(node)):
            yield f"{type(node).__name__} has no meaning in ball arithmetic here ({node}): use {KNOWN}, or the observables"
            return
        if node in (oo, -oo):
            yield f"{expr} computes with infinity, which can only be compared"
            return
        bound = set(getattr(node, "bound_symbols", ())) & variables
        if bound:
            yield f"{node} binds {', '.join(sorted(map(str, bound)))}, a variable of the statement: take another letter"
            return
    try:
        translate(expr)
    except (DomainError, ExpressionError) as error:
        yield str(error)
