"""Values that a statement singles out: roots of the sums in it, stationary points of the difference of two sides, numbers it names.

With the other variables at rational values, every sum that is a rational function of one variable has finitely many roots, rational or
algebraic; a statement that fails at a single point usually fails at one of them, or next to one if it is an integer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import floor
from typing import Any

import sympy
from flint import fmpq, fmpq_poly

from dmftheory.claims.formula import Formula, relations
from dmftheory.engines.observables import MEANINGS
from dmftheory.numerics import balls
from dmftheory.numerics.algebraic import Number, roots_between
from dmftheory.numerics.balls import DomainError, ExpressionError

MAX_DEGREE = 24
MAX_SUMS = 24
MAX_NUMBERS = 8
MAX_OPERATIONS = 6
"""Numbers named in a statement that are tried, and the longest of them."""
_FAR = Fraction(2) ** 40  # where an interval has no end

Quotient = tuple[fmpq_poly, fmpq_poly]


class _NoPolynomialError(ArithmeticError):
    """Not a rational function of low degree with rational coefficients."""


def special_values(formula: Formula, symbol: Any, point: Mapping[Any, Any], low: Fraction | None, high: Fraction | None) -> list[Number]:
    """Roots and stationary points in [low, high], in one variable, the others as in `point` (rational)."""
    found: dict[Number, None] = {}
    ends = (-_FAR if low is None else low, _FAR if high is None else high)
    polynomials = [[int(c) for c in above.numer().coeffs()] for above in _numerators(formula, symbol, point)]
    for coefficients in (*polynomials, *_named(formula)):
        for root in roots_between(coefficients, *ends):
            found.setdefault(root)
    return list(found)


def special_integers(formula: Formula, symbol: Any, point: Mapping[Any, Any], low: int | None, high: int | None) -> list[Fraction]:
    """The integers in [low, high] at and next to those values."""
    bounds = (None if low is None else Fraction(low - 1), None if high is None else Fraction(high + 1))
    found: dict[Fraction, None] = {}
    for value in special_values(formula, symbol, point, *bounds):
        below = floor(value if isinstance(value, Fraction) else value.bracket[0])
        for integer in (below, below + 1, below - 1, below + 2):
            if (low is None or low <= integer) and (high is None or integer <= high):
                found.setdefault(Fraction(integer))
    return list(found)


def _named(formula: Formula) -> Iterator[list[int]]:
    """Minimal polynomials of the irrational algebraic numbers that are written in the formula."""
    sides = [side for r in relations(formula) for side in (r.left, r.right)]
    numbers = {node for side in sides for node in sympy.preorder_traversal(side) if _is_surd(node)}
    for number in sorted(numbers, key=sympy.default_sort_key)[:MAX_NUMBERS]:
        polynomial = sympy.minimal_polynomial(number, polys=True)
        if polynomial.degree() <= MAX_DEGREE:
            yield [int(c) for c in reversed(polynomial.all_coeffs())]


def _is_surd(node: Any) -> bool:
    constant = isinstance(node, sympy.Expr) and not node.free_symbols and node.count_ops() <= MAX_OPERATIONS
    return constant and bool(node.is_algebraic) and not node.is_Rational


def _numerators(formula: Formula, symbol: Any, point: Mapping[Any, Any]) -> Iterator[fmpq_poly]:
    for relation in relations(formula):
        try:
            left, right = (_quotient(side, symbol, point) for side in (relation.left, relation.right))
        except _NoPolynomialError:
            continue
        above, below = _add(right, (-left[0], left[1]))
        yield above
        yield below
        yield above.derivative() * below - above * below.derivative()
    for expr in _sums(formula, symbol):
        try:
            yield _quotient(expr, symbol, point)[0]
        except _NoPolynomialError:
            continue


def _sums(formula: Formula, symbol: Any) -> list[Any]:
    """The sums that contain the symbol, the shortest first."""
    sides = [side for r in relations(formula) for side in (r.left, r.right)]
    found = {node for side in sides for node in side.atoms(sympy.Add) if symbol in node.free_symbols}
    return sorted(found, key=lambda node: (node.count_ops(), sympy.default_sort_key(node)))[:MAX_SUMS]


def _quotient(expr: Any, symbol: Any, point: Mapping[Any, Any]) -> Quotient:
    """An expression as a quotient of polynomials in the symbol."""
    if symbol not in expr.free_symbols:
        return _poly(_rational(expr, point)), _poly(Fraction(1))
    if expr == symbol:
        return fmpq_poly([0, 1]), _poly(Fraction(1))
    if expr.is_Add:
        total = _poly(Fraction(0)), _poly(Fraction(1))
        for part in expr.args:
            total = _add(total, _quotient(part, symbol, point))
        return total
    if expr.is_Mul:
        above, below = _poly(Fraction(1)), _poly(Fraction(1))
        for part in expr.args:
            one, other = _quotient(part, symbol, point)
            above, below = _limited(above * one), _limited(below * other)
        return above, below
    if expr.is_Pow and symbol not in expr.exp.free_symbols:
        exponent = _rational(expr.exp, point)
        above, below = _quotient(expr.base, symbol, point)
        if exponent.denominator != 1 or abs(exponent) * max(above.degree(), below.degree(), 1) > MAX_DEGREE:
            raise _NoPolynomialError
        count = int(exponent)
        if count < 0:
            above, below, count = below, above, -count
        if below.is_zero():
            raise _NoPolynomialError
        return above**count, below**count
    raise _NoPolynomialError


def _add(a: Quotient, b: Quotient) -> Quotient:
    if a[1] == b[1]:
        return a[0] + b[0], a[1]
    return _limited(a[0] * b[1] + b[0] * a[1]), _limited(a[1] * b[1])


def _limited(polynomial: fmpq_poly) -> fmpq_poly:
    if polynomial.degree() > MAX_DEGREE:
        raise _NoPolynomialError
    return polynomial


def _rational(expr: Any, point: Mapping[Any, Any]) -> Fraction:
    try:
        value = balls.exact_value(expr, {s: v for s, v in point.items() if isinstance(v, Fraction)}, MEANINGS)
    except (DomainError, ExpressionError):
        value = None
    if value is None or max(value.numerator.bit_length(), value.denominator.bit_length()) > 256:
        raise _NoPolynomialError
    return value


def _poly(value: Fraction) -> fmpq_poly:
    return fmpq_poly([fmpq(value.numerator, value.denominator)])
