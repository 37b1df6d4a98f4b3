"""Whether two expressions are exactly equal at an algebraic point, where balls never tell.

Each becomes a quotient of polynomials in the algebraic numbers, reduced modulo their minimal polynomials, and in whatever is no
polynomial (a root, a logarithm, an observable), which stands for itself: what has difference 0 there is equal. The converse
is not claimed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import sympy
from flint import arb

from dmftheory.numerics import balls
from dmftheory.numerics.algebraic import MAX_DEGREE, in_terms_of, roots_between
from dmftheory.numerics.eigenvalues import Eigenvalue, compare
from dmftheory.numerics.scalars import Value
from dmftheory.numerics.translate import DomainError, Observable

_BITS = 256
_MAX_TERMS = 400
_MAX_EXPONENT = 400

Monomial = tuple[tuple[Any, int], ...]
Polynomial = dict[Monomial, Fraction]
Point = Mapping[Any, Any]


class _TooLargeError(ArithmeticError):
    """A polynomial with more terms, or a power higher, than is worth its while."""


@dataclass(frozen=True)
class _Quotient:
    """above / below, with `below` certainly not 0."""

    above: Polynomial
    below: Polynomial


@dataclass
class _Field:
    """The values of the symbols, the numbers met so far, and the names given to what is no polynomial."""

    point: Point
    functions: Mapping[type, Observable]
    names: dict[Any, int] = field(default_factory=dict)
    numbers: list[Eigenvalue] = field(default_factory=list)

    def number(self, value: Fraction | Eigenvalue) -> _Quotient:
        """The value, under one name however it is written; in terms of a number met before where it is a polynomial in that."""
        if isinstance(value, Fraction):
            return _constant(value)
        for known in self.numbers:
            powers = [Fraction(0), Fraction(1)] if compare(known, value) == 0 else in_terms_of(value, known)
            if powers is not None:
                return _Quotient({((known, i),) if i else (): c for i, c in enumerate(powers) if c}, _ONE)
        self.numbers.append(value)
        return _Quotient({((value, 1),): Fraction(1)}, _ONE)

    def ball(self, expr: Any) -> arb:
        values: dict[Any, Value] = {s: v.ball(_BITS) if isinstance(v, Eigenvalue) else v for s, v in self.point.items()}
        return balls.evaluate(expr, values, _BITS, self.functions)


def equal(left: Any, right: Any, point: Point, functions: Mapping[type, Observable]) -> bool:
    """Whether both expressions certainly have a value and the same one at the point (Fractions and Eigenvalues). False: not shown.

    Raises DomainError where a denominator is certainly 0.
    """
    if not all(isinstance(value, Fraction | Eigenvalue) for value in point.values()):
        return False
    here = _Field(point, functions)
    try:
        # Each side by itself: SymPy's own difference would cancel what has no value.
        return not _add(_reduced(left, here), _multiply(_constant(Fraction(-1)), _reduced(right, here))).above
    except _TooLargeError:
        return False


def _reduced(expr: Any, here: _Field) -> _Quotient:
    if expr.is_Rational:
        return _constant(Fraction(int(expr.p), int(expr.q)))
    if expr.is_Symbol and isinstance(here.point.get(expr), Fraction):
        return _constant(here.point[expr])
    if expr.is_Symbol and isinstance(here.point.get(expr), Eigenvalue):
        return here.number(here.point[expr])
    if expr.is_Add:
        total = _constant(Fraction(0))
        for part in expr.args:
            total = _add(total, _reduced(part, here))
        return total
    if expr.is_Mul:
        product = _constant(Fraction(1))
        for part in expr.args:
            product = _multiply(product, _reduced(part, here))
        return product
    if expr.is_Pow:
        return _power(expr, here)
    if isinstance(expr, sympy.Abs):
        return _magnitude(expr, here)
    if isinstance(expr, sympy.Piecewise):
        raise _TooLargeError  # which case applies is for the caller to decide
    return _named(expr, here)


def _power(expr: Any, here: _Field) -> _Quotient:
    exponent = _as_constant(_reduced(expr.exp, here))
    if exponent is None or exponent.denominator != 1:
        return _named(expr, here)
    if abs(exponent) > _MAX_EXPONENT:
        raise _TooLargeError
    base, count = _reduced(expr.base, here), abs(int(exponent))
    if exponent < 0:
        base = _inverse(expr, base, here)
    power = _constant(Fraction(1))
    for bit in bin(count)[2:]:
        power = _multiply(power, power)
        power = _multiply(power, base) if bit == "1" else power
    return power


def _inverse(expr: Any, value: _Quotient, here: _Field) -> _Quotient:
    if not value.above:
        raise DomainError(expr)
    if _as_constant(value) is None and not _differs_from_zero(here.ball(expr.base)):
        raise _TooLargeError
    return _Quotient(value.below, value.above)


def _magnitude(expr: Any, here: _Field) -> _Quotient:
    inner = _reduced(expr.args[0], here)
    if not inner.above:
        return inner
    ball = here.ball(expr.args[0])
    if not _differs_from_zero(ball):
        return _named(expr, here)
    return inner if ball > 0 else _multiply(_constant(Fraction(-1)), inner)


def _named(expr: Any, here: _Field) -> _Quotient:
    """A value that stands for itself; the same function of the same values has the same name."""
    arguments = tuple(_reduced(arg, here) for arg in expr.args)
    constants = [_as_constant(value) for value in arguments]
    rational = [sympy.Rational(c.numerator, c.denominator) for c in constants if c is not None]
    if expr.args and len(rational) == len(arguments):
        exact: Fraction | Eigenvalue | None = _exactly(expr, rational, here)
        if exact is None and expr.is_Pow:
            exact = _root(*(Fraction(int(a.p), int(a.q)) for a in rational))
        if exact is not None:
            return here.number(exact)
    if not here.ball(expr).is_finite():
        raise _TooLargeError
    key = (expr.func, tuple((_frozen(v.above), _frozen(v.below)) for v in arguments)) if arguments else (expr,)
    return _Quotient({((here.names.setdefault(key, len(here.names)), 1),): Fraction(1)}, _ONE)


def _exactly(expr: Any, arguments: list[Any], here: _Field) -> Fraction | None:
    function = expr.func
    if function.is_Pow:
        base, exponent = (Fraction(int(a.p), int(a.q)) for a in arguments)
        if base < 0 or (base == 0 and exponent < 0):
            return None
    node = function(*arguments, evaluate=False) if function.is_Pow or function is sympy.exp else function(*arguments)
    try:
        return balls.exact_value(node, {}, here.functions)
    except DomainError:
        raise DomainError(expr) from None


def _root(base: Fraction, exponent: Fraction) -> Fraction | Eigenvalue | None:
    """base^exponent as an algebraic number, if its polynomial is short."""
    if base <= 0 or exponent.denominator > MAX_DEGREE or abs(exponent.numerator) > MAX_DEGREE:
        return None
    power, degree = base**exponent.numerator, exponent.denominator
    (root,) = roots_between([-power.numerator, *([0] * (degree - 1)), power.denominator], Fraction(0), max(power, Fraction(1)))
    return root


def _as_constant(value: _Quotient) -> Fraction | None:
    if set(value.above) <= {()} and set(value.below) == {()}:
        return value.above.get((), Fraction(0)) / value.below[()]
    return None


def _differs_from_zero(ball: arb) -> bool:
    return bool(ball > 0 or ball < 0)


def _frozen(polynomial: Polynomial) -> frozenset[Any]:
    return frozenset(polynomial.items())


_ONE: Polynomial = {(): Fraction(1)}


def _constant(value: Fraction) -> _Quotient:
    return _Quotient({(): value} if value else {}, _ONE)


def _add(a: _Quotient, b: _Quotient) -> _Quotient:
    left, right = (a.above, b.above) if a.below == b.below else (_times(a.above, b.below), _times(b.above, a.below))
    total = dict(left)
    for monomial, c in right.items():
        total[monomial] = total.get(monomial, Fraction(0)) + c
    below = a.below if a.below == b.below else _times(a.below, b.below)
    return _Quotient({m: c for m, c in total.items() if c}, below)


def _multiply(a: _Quotient, b: _Quotient) -> _Quotient:
    return _Quotient(_times(a.above, b.above), _times(a.below, b.below))


def _times(a: Polynomial, b: Polynomial) -> Polynomial:
    product: Polynomial = {}
    for one, c in a.items():
        for other, d in b.items():
            exponents = dict(one)
            for name, e in other:
                exponents[name] = exponents.get(name, 0) + e
            for monomial, f in _lowered(exponents).items():
                product[monomial] = product.get(monomial, Fraction(0)) + c * d * f
        if len(product) > _MAX_TERMS:
            raise _TooLargeError
    return {m: c for m, c in product.items() if c}


def _lowered(exponents: dict[Any, int]) -> Polynomial:
    """A monomial with every power of an algebraic number below the degree of its polynomial."""
    result: Polynomial = {(): Fraction(1)}
    for name, e in exponents.items():
        powers = _remainder(name.polynomial, e) if isinstance(name, Eigenvalue) else [(e, Fraction(1))]
        result = {
            tuple(sorted((*monomial, *(((name, k),) if k else ())), key=lambda item: repr(item[0]))): c * d
            for monomial, c in result.items()
            for k, d in powers
        }
    return result


def _remainder(polynomial: tuple[int, ...], exponent: int) -> list[tuple[int, Fraction]]:
    """x^exponent modulo the polynomial, as (power, coefficient)."""
    degree = len(polynomial) - 1
    row = [Fraction(0)] * degree
    if exponent < degree:
        return [(exponent, Fraction(1))]
    row[degree - 1] = Fraction(1)
    for _ in range(exponent - degree + 1):
        top = row[-1]
        row = [lower - top * Fraction(c, polynomial[-1]) for lower, c in zip([Fraction(0), *row[:-1]], polynomial[:-1], strict=True)]
    return [(k, c) for k, c in enumerate(row) if c]
