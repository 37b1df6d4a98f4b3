"""Abstraction: from expressions to rational functions of real unknowns, with facts that hold of the unknowns.

A power with a symbolic exponent, a logarithm, an observable becomes an unknown; the facts say what is known of it (a power of a
nonnegative number is nonnegative, an absolute value is one of two things). Forgetting the rest only generalises: what holds for all
values of the unknowns that satisfy the facts, holds. The one exception to watch is that equal expressions must give equal unknowns and
different ones different unknowns; both follow from keying the unknown by its abstracted arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sympy
from sympy import Expr, Integer, Pow, Rational, Symbol

from dmftheory.claims import domains
from dmftheory.claims.formula import And, Formula, Implies, Or, Relation, map_terms, relations
from dmftheory.claims.values import ONE, ZERO
from dmftheory.numerics.balls import evaluate
from dmftheory.numerics.scalars import end_points, exact_fraction

CONSTANT_BITS = 64
MOST_FACTORS = {True: 1000, False: 64}
"""The largest power of a symbol, of anything else, that is written out."""


class Abstraction:
    """Turns the formulas of one sequent into formulas over fresh real unknowns.

    `sets` gives the set of each variable (for signs and least values); `facts` collects what holds of the unknowns met so far. Algebraic
    constants stay as they are with `keep_constants`, and become enclosed unknowns without.
    """

    def __init__(self, sets: Mapping[Any, Any], formulas: Iterable[Formula], keep_constants: bool = False) -> None:
        self.keep_constants = keep_constants
        self.sets = dict(sets)
        self.facts: list[Formula] = []
        self._unknowns: dict[Any, Symbol] = {}
        self._offsets: dict[tuple[Expr, Expr], int] = {}
        for formula in formulas:
            for relation in relations(formula):
                self._scan(relation.left)
                self._scan(relation.right)

    def formula(self, formula: Formula) -> Formula:
        """The abstracted formula; new facts may be added."""
        return map_terms(formula, self.term)

    def term(self, expr: Any) -> Expr:
        """The expression as a rational function of unknowns."""
        if expr.is_Rational:
            return expr
        if expr.is_number and expr.is_algebraic:
            return expr if self.keep_constants else self._unknown(expr, lambda unknown: _enclosed(unknown, expr))
        if expr.is_Symbol:
            return self._unknown(expr)
        if expr.is_Add or expr.is_Mul:
            return expr.func(*(self.term(a) for a in expr.args))
        if expr.is_Pow:
            return self._power(expr.base, expr.exp)
        if isinstance(expr, sympy.hyper):
            return self._unknown((sympy.hyper, expr.ap, expr.bq, self._inner(expr.argument)))
        args = tuple(map(self._inner, expr.args))
        if isinstance(expr, sympy.Abs):
            return self._unknown((sympy.Abs, args), lambda unknown: _absolute(unknown, args[0]))
        if isinstance(expr, sympy.Max | sympy.Min):
            order = "<=" if isinstance(expr, sympy.Max) else ">="
            return self._unknown((order, frozenset(args)), lambda unknown: _extremum(unknown, args, order))
        return self._unknown((expr.func, args))

    def _inner(self, expr: Expr) -> Expr:
        return sympy.expand(self.term(expr))

    def _unknown(self, key: Any, facts: Callable[[Symbol], list[Formula]] = lambda _: []) -> Symbol:
        """The unknown for a key; when it is new, with what holds of it."""
        if key not in self._unknowns:
            # No symbol of the statement survives, so these names clash with none; fixed names keep the decisions reproducible.
            self._unknowns[key] = Symbol(f"a{len(self._unknowns):04d}")
            self.facts += facts(self._unknowns[key])
        return self._unknowns[key]

    def _scan(self, expr: Any) -> None:
        """Collect, for each base and symbolic exponent m, the offset o that makes all its powers polynomial in base^(m - o)."""
        for node in sympy.preorder_traversal(expr):
            if isinstance(node, Pow) and not node.exp.is_Rational:
                split = _linear_exponent(node.exp)
                if split is not None:
                    slope, symbol, constant = split if split[0] > 0 else (-split[0], split[1], -split[2])
                    key = (node.base, symbol)
                    self._offsets[key] = max(self._offsets.get(key, 0), -(constant // slope))

    def _power(self, base: Expr, exponent: Expr) -> Expr:
        if exponent.is_Integer:
            if abs(exponent) > MOST_FACTORS[bool(base.is_Symbol)]:
                raise ValueError(f"the power {base}**{exponent} is too large to be written out")
            return self.term(base) ** exponent
        if exponent.is_Rational:
            (whole, root), inner, order = divmod(exponent.p, exponent.q), self._inner(base), exponent.q
            unknown = self._unknown((Pow, (inner, Rational(1, order))), lambda unknown: _root(unknown, inner, order))
            return self.term(base) ** whole * unknown**root
        split = _linear_exponent(exponent)
        if split is not None:
            slope, symbol, constant = split
            if slope < 0:
                return 1 / self._power(base, sympy.expand(-exponent))
            offset = self._offsets.get((base, symbol), max(0, -(constant // slope)))
            least = domains.lower_bound(symbol, self.sets)
            if least is not None and least >= offset:
                inner, known = self._inner(base), least > offset
                unknown = self._unknown((Pow, (inner, self._inner(symbol - offset))), lambda unknown: _integer_power(unknown, inner, known))
                return unknown**slope * self.term(base) ** (constant + slope * offset)
        if domains.is_positive(base, self.sets):
            return self._positive_power(base, exponent)
        return self._unknown((Pow, (self._inner(base), self._inner(exponent))))

    def _positive_power(self, base: Expr, exponent: Expr) -> Expr:
        """A real power of a base that is positive on its whole domain: one unknown for each term of the exponent."""
        inner, result = self._inner(base), ONE
        for term, coefficient in sympy.expand(exponent).as_coefficients_dict().items():
            if term == 1:
                result *= self._power(base, coefficient)
                continue
            unknown = self._unknown((Pow, (inner, self._inner(term) / coefficient.q)), lambda unknown: _real_power(unknown, inner))
            result *= unknown**coefficient.p
        return result


def _enclosed(unknown: Expr, constant: Expr) -> list[Formula]:
    """An irrational constant lies between two rationals."""
    low, high = (Rational(exact_fraction(end)) for end in end_points(evaluate(constant, {}, CONSTANT_BITS)))
    return [Relation(unknown, ">=", low), Relation(unknown, "<=", high)]


def _absolute(unknown: Expr, inner: Expr) -> list[Formula]:
    negative = Relation(inner, "<", ZERO)
    return [Or((negative, Relation(unknown, "==", inner))), Implies(negative, Relation(unknown, "==", -inner))]


def _extremum(unknown: Expr, args: tuple[Expr, ...], order: str) -> list[Formula]:
    return [*(Relation(a, order, unknown) for a in args), Or(tuple(Relation(unknown, "==", a) for a in args))]


def _root(unknown: Expr, inner: Expr, order: int) -> list[Formula]:
    """inner^(1/order) is what makes it a root."""
    return [Implies(Relation(inner, ">=", ZERO), And((Relation(unknown, ">=", ZERO), Relation(unknown**order, "==", inner))))]


def _real_power(unknown: Expr, inner: Expr) -> list[Formula]:
    return [Relation(unknown, ">", ZERO), Implies(Relation(inner, "==", ONE), Relation(unknown, "==", ONE))]


def _integer_power(unknown: Expr, inner: Expr, nonzero: bool) -> list[Formula]:
    """inner^m for an integer m >= 0; 0^0 = 1, so nothing is claimed of base 0 unless m is known to be `nonzero`."""
    at_least, at_most = Relation(inner, ">=", ZERO), Relation(inner, "<=", ONE)
    facts = [
        Implies(at_least, Relation(unknown, ">=", ZERO)),
        Implies(Relation(inner, ">", ZERO), Relation(unknown, ">", ZERO)),
        Implies(And((at_least, at_most)), Relation(unknown, "<=", ONE)),
        Implies(Relation(inner, ">=", ONE), Relation(unknown, ">=", ONE)),
    ]
    strict = [
        Implies(Relation(inner, "==", ZERO), Relation(unknown, "==", ZERO)),
        Implies(And((at_least, Relation(inner, "<", ONE))), Relation(unknown, "<", ONE)),
        Implies(Relation(inner, ">", ONE), Relation(unknown, ">", ONE)),
    ]
    return [*facts, *strict] if nonzero else [*facts]


def _linear_exponent(exponent: Expr) -> tuple[int, Expr, int] | None:
    """(a, m, c) with exponent = a m + c, a and c integers, m one integer-valued product of symbols; None for any other exponent."""
    terms = dict(sympy.expand(exponent).as_coefficients_dict())
    constant = terms.pop(sympy.S.One, Integer(0))
    if len(terms) != 1 or not constant.is_Integer:
        return None
    ((symbol, slope),) = terms.items()
    if not (slope.is_Integer and symbol.is_Symbol and symbol.is_integer):
        return None
    return int(slope), symbol, int(constant)
