"""Identities of rational functions whose coefficients are cosines and sines of rational multiples of pi, as SymPy writes them.

SymPy turns some of them into radicals of 2, 3 and 5: cos(pi/12) = sqrt(2)/4 + sqrt(6)/4, sin(pi/5) = sqrt(5/8 - sqrt(5)/8).

All of these lie in one cyclotomic field Q(zeta). A rational function P/Q over it is 0 when P vanishes on a grid with more points on each
side than its degree in that letter, so the function is evaluated exactly on a grid of integers without poles; nothing is expanded.
"""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from functools import reduce
from typing import Any

import sympy
from flint import fmpq, fmpq_poly, fmpz_poly
from sympy import Expr

ORDERS = {2: 16, 3: 12, 5: 20}
FIRST_POINT = 3
MOST_POINTS = 20_000


def vanishes(expr: Expr) -> bool:
    """Whether a rational function is identically 0 (False too where a constant is of another kind, or the grid would be too large)."""
    letters = sorted(expr.free_symbols, key=str)
    try:
        field = _Field(expr)
        sides = [range(FIRST_POINT, FIRST_POINT + _degrees(expr, letter)[0] + 1) for letter in letters]
        if math.prod(map(len, sides)) > MOST_POINTS:
            return False
        return all(field.value(expr, dict(zip(letters, point, strict=True))) == 0 for point in itertools.product(*sides))
    except (NotImplementedError, ZeroDivisionError):
        return False


def _degrees(expr: Expr, letter: Any) -> tuple[int, int]:
    """Bounds for the degrees in one letter of numerator and denominator when the expression is written over one denominator."""
    if letter not in expr.free_symbols:
        return 0, 0
    if expr.is_Symbol:
        return 1, 0
    parts = [_degrees(a, letter) for a in expr.args]
    if expr.is_Add:
        return reduce(lambda a, b: (max(a[0] + b[1], b[0] + a[1]), a[1] + b[1]), parts)
    if expr.is_Mul:
        return reduce(lambda a, b: (a[0] + b[0], a[1] + b[1]), parts)
    if expr.is_Pow and expr.exp.is_Integer:
        numerator, denominator = (d * abs(int(expr.exp)) for d in parts[0])
        return (numerator, denominator) if expr.exp > 0 else (denominator, numerator)
    raise NotImplementedError(f"not a rational function: {expr}")


class _Field:
    """Q(zeta) with zeta = exp(2 pi i / order), of an order that holds i and every constant of an expression."""

    def __init__(self, expr: Expr) -> None:
        angles = [_turn(c) for c in expr.atoms(sympy.cos, sympy.sin)]
        radicands = [a.base for a in expr.atoms(sympy.Pow) if a.exp == sympy.S.Half and a.base.is_Integer]
        orders = [order for prime, order in ORDERS.items() if any(r % prime == 0 for r in radicands)]
        self.order = math.lcm(4, *orders, *(2 * turn.denominator for turn in angles))
        letter = sympy.Symbol("z")
        coefficients = sympy.Poly(sympy.cyclotomic_poly(self.order, letter), letter).all_coeffs()
        self.modulus = fmpq_poly(fmpz_poly([int(c) for c in reversed(coefficients)]))

    def value(self, expr: Expr, point: dict[Any, int]) -> Any:
        """The expression at a point. Raises ZeroDivisionError at a pole, NotImplementedError for a constant of another kind."""
        if expr.is_Rational:
            return fmpq_poly([fmpq(int(expr.p), int(expr.q))])
        if expr in point:
            return fmpq_poly([point[expr]])
        if isinstance(expr, sympy.cos):
            return self._cosine(_turn(expr))
        if isinstance(expr, sympy.sin):
            return self._cosine(Fraction(1, 2) - _turn(expr))
        if expr.is_Add:
            return reduce(lambda a, b: a + b, (self.value(a, point) for a in expr.args))
        if expr.is_Mul:
            return reduce(lambda a, b: a * b % self.modulus, (self.value(a, point) for a in expr.args))
        if expr.is_Pow and expr.exp.is_Rational and expr.exp.q <= 2:
            base = self.value(expr.base, point) if expr.exp.q == 1 else self._square_root(expr.base, point)
            factor = base if expr.exp > 0 else self._inverse(base)
            return reduce(lambda a, b: a * b % self.modulus, [factor] * abs(int(expr.exp.p)))
        raise NotImplementedError(f"not a constant of a cyclotomic field: {expr}")

    def _cosine(self, turn: Fraction) -> Any:
        """cos(pi turn) as (zeta^m + zeta^-m) / 2."""
        power = int(turn * self.order / 2) % self.order
        return sum((fmpq_poly([0] * m + [fmpq(1, 2)]) for m in (power, -power % self.order)), fmpq_poly([])) % self.modulus

    def _square_root(self, radicand: Expr, point: dict[Any, int]) -> Any:
        """The positive root: sqrt(2) = 2 cos(pi/4), sqrt(3) = 2 cos(pi/6), sqrt(5) = 1 + 4 cos(2 pi/5); else t cos(pi q)."""
        if radicand.is_Integer:
            parts = [fmpq_poly([1])]
            for prime, exponent in sympy.factorint(radicand).items():
                if exponent != 1 or prime not in ORDERS:
                    raise NotImplementedError(f"sqrt({radicand})")
                turn = {2: Fraction(1, 4), 3: Fraction(1, 6), 5: Fraction(2, 5)}[prime]
                parts.append(2 * self._cosine(turn) if prime < 5 else 1 + 4 * self._cosine(turn))
            return reduce(lambda a, b: a * b % self.modulus, parts)
        square = self.value(radicand, point)
        for j in range(self.order // 4):
            cosine = self._cosine(Fraction(2 * j, self.order))
            ratio = square * self._inverse(cosine * cosine % self.modulus) % self.modulus
            if ratio.degree() <= 0 and ratio[0] > 0 and all(sympy.integer_nthroot(int(i), 2)[1] for i in (ratio[0].p, ratio[0].q)):
                t = fmpq(*(sympy.integer_nthroot(int(i), 2)[0] for i in (ratio[0].p, ratio[0].q)))
                return t * cosine
        raise NotImplementedError(f"sqrt({radicand})")

    def _inverse(self, value: Any) -> Any:
        if value == 0:
            raise ZeroDivisionError
        # The modulus is irreducible, so the greatest common divisor is 1.
        return value.xgcd(self.modulus)[1] % self.modulus


def _turn(constant: Expr) -> Fraction:
    """q of cos(pi q) or sin(pi q)."""
    q = constant.args[0] / sympy.pi
    if not q.is_Rational:
        raise NotImplementedError(f"not a rational multiple of pi: {constant}")
    return Fraction(int(q.p), int(q.q))
