"""Exact translation of SymPy expressions to rationals and Arb balls.

The tree is walked as it stands (no `lambdify`, which would turn Rational(1, 3) into a double). Rationals stay exact as long as they are
short, so that a tie between rationals can be decided; everything else becomes a ball that contains the true value.
"""

from collections.abc import Mapping
from fractions import Fraction

import sympy
from flint import arb, ctx

from dmftheory.numerics.scalars import Arithmetic, NotExact, Value, compare, exact_fraction, gauss, to_ball, working_precision
from dmftheory.numerics.ternary import Ternary
from dmftheory.numerics.translate import DomainError, ExpressionError, Observable, Setting, translate, translate_relation

__all__ = ["DomainError", "ExpressionError", "Observable", "compare", "evaluate", "exact_value", "gauss", "holds"]

_SHORT_BITS = 4096  # beyond this a rational inside a ball evaluation becomes a ball
_EXACT_BITS = 1_000_000  # beyond this an exact evaluation gives up


def evaluate(
    expr: sympy.Expr,
    values: Mapping[sympy.Symbol, Value],
    precision: int,
    functions: Mapping[type, Observable] | None = None,
) -> arb:
    """A ball that contains the value of `expr`, computed at `precision` bits.

    `values` gives every free symbol an exact Fraction or a ball; `functions` maps an applied SymPy function class to a callable of
    (arguments as Fractions or balls, precision). A ball that only touches a point without a value gives a ball that is not finite.
    Raises DomainError where there certainly is no value, ExpressionError for a Float, an unknown function or a symbol without value.
    """
    setting = Setting(values, functions or {}, Arithmetic(_SHORT_BITS), precision)
    with working_precision(precision):
        return to_ball(translate(expr)(setting))


def exact_value(
    expr: sympy.Expr,
    values: Mapping[sympy.Symbol, Value],
    functions: Mapping[type, Observable] | None = None,
) -> Fraction | None:
    """The exact rational value of `expr` where every operation stays rational (and short), else None.

    An observable counts when it returns a Fraction or an exact ball. Raises as `evaluate`.
    """
    setting = Setting(values, functions or {}, Arithmetic(_EXACT_BITS, balls=False), ctx.prec)
    try:
        value = translate(expr)(setting)
    except NotExact:
        return None
    return value if isinstance(value, Fraction) else exact_fraction(value)


def holds(
    relation: sympy.Basic,
    values: Mapping[sympy.Symbol, Value],
    precision: int,
    functions: Mapping[type, Observable] | None = None,
) -> Ternary:
    """Whether a SymPy relation, or And / Or / Not / Implies of relations, holds for every point of the given values; None: unknown.

    Equality is decided for exact rationals only. Raises as `evaluate`.
    """
    setting = Setting(values, functions or {}, Arithmetic(_SHORT_BITS), precision)
    with working_precision(precision):
        return translate_relation(relation)(setting)
