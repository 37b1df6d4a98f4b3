"""Abstraction: from expressions to rational functions of real unknowns, with facts that hold of the unknowns.

A power with a symbolic exponent, a logarithm, an observable becomes an unknown; the facts say what is known of it (a power of a
nonnegative number is nonnegative, an absolute value is one of two things). Forgetting the rest only generalises: what holds for all
values of the unknowns that satisfy the facts, holds. The one exception to watch is that equal expressions must give equal unknowns and
different ones different unknowns; both follow from keying the unknown by its abstracted arguments.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sympy
from sympy import Expr, Integer, Pow, Rational, Symbol

from dmftheory.claims import domains
from dmftheory.claims.formula import And, Formula, Implies, Or, Relation, map_terms, relations
from dmftheory.claims.observables import EffectiveRank, Factor, FlowTime, Iterate, LearningTime
from dmftheory.numerics.balls import evaluate
from dmftheory.numerics.scalars import end_points, exact_fraction

CONSTANT_BITS = 64
MOST_STEPS = 4
"""An observable so many steps beyond a symbol, or beyond 0, is not unfolded further: its size grows like 3^steps."""
MOST_FACTORS = {True: 1000, False: 64}
"""The largest power of a symbol, of anything else, that is written out."""


def unfold(expr: Any) -> Any:
    """Observables by their definitions (one step of a recursion at k + 1, a flow time as a difference of one primitive), powers of
    products as products of powers."""
    return expr if getattr(expr, "is_Matrix", False) else sympy.expand_power_base(_unfold(expr))


def _unfold(expr: Any) -> Any:
    if not expr.args:
        return expr
    rebuilt = expr.func(*map(_unfold, expr.args))
    match rebuilt:
        case Iterate() | Factor():
            # A step index of the form j + 1 or 0 unfolds; what comes out may unfold again.
            inner = rebuilt.unfold()
            ahead = rebuilt.args[3 if isinstance(rebuilt, Iterate) else 4].as_coeff_Add()[0]
            return rebuilt if inner == rebuilt or ahead > MOST_STEPS else _unfold(inner)
        case EffectiveRank():
            return rebuilt.unfold()
        case FlowTime():
            depth, x, y, sign = rebuilt.args
            return _primitive("U", depth, sign, y) - _primitive("U", depth, sign, x)
        case LearningTime():
            depth, lam, x, y = rebuilt.args
            return _primitive("U_lambda", depth, lam, y) - _primitive("U_lambda", depth, lam, x)
    return rebuilt


def _primitive(name: str, *args: Expr) -> Expr:
    """A primitive of 1/f: up to a constant per side of the fixed point, which cancels in every flow time."""
    return sympy.Function(name)(*args)


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
            return expr if self.keep_constants else self._constant(expr)
        if expr.is_Symbol:
            return self._unknown(expr)
        if expr.is_Add or expr.is_Mul:
            return expr.func(*(self.term(a) for a in expr.args))
        if expr.is_Pow:
            return self._power(expr.base, expr.exp)
        if isinstance(expr, sympy.hyper):
            return self._unknown((sympy.hyper, expr.ap, expr.bq, sympy.expand(self.term(expr.argument))))
        args = tuple(sympy.expand(self.term(a)) for a in expr.args)
        if isinstance(expr, sympy.Abs):
            return self._absolute(args[0])
        if isinstance(expr, sympy.Max | sympy.Min):
            return self._extremum(args, "<=" if isinstance(expr, sympy.Max) else ">=")
        return self._unknown((expr.func, args))

    def _constant(self, expr: Expr) -> Expr:
        """An irrational constant: an unknown between two rationals."""
        known = expr in self._unknowns
        unknown = self._unknown(expr)
        if not known:
            low, high = (Rational(exact_fraction(end)) for end in end_points(evaluate(expr, {}, CONSTANT_BITS)))
            self.facts += [Relation(unknown, ">=", low), Relation(unknown, "<=", high)]
        return unknown

    def _unknown(self, key: Any) -> Symbol:
        # No symbol of the statement survives, so these names clash with none; fixed names keep the decisions reproducible.
        return self._unknowns.setdefault(key, Symbol(f"a{len(self._unknowns):04d}"))

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
            whole, root = divmod(exponent.p, exponent.q)
            return self.term(base) ** whole * self._root(base, exponent.q) ** root
        split = _linear_exponent(exponent)
        if split is not None:
            slope, symbol, constant = split
            if slope < 0:
                return 1 / self._power(base, sympy.expand(-exponent))
            offset = self._offsets.get((base, symbol), max(0, -(constant // slope)))
            least = domains.lower_bound(symbol, self.sets)
            if least is not None and least >= offset:
                factor = self._integer_power(base, symbol, offset, bool(least > offset))
                return factor**slope * self.term(base) ** (constant + slope * offset)
        if domains.is_positive(base, self.sets):
            return self._positive_power(base, exponent)
        return self._unknown((Pow, (sympy.expand(self.term(base)), sympy.expand(self.term(exponent)))))

    def _root(self, base: Expr, order: int) -> Expr:
        """base^(1/order), with the fact that makes it one."""
        inner = sympy.expand(self.term(base))
        key = (Pow, (inner, Rational(1, order)))
        known = key in self._unknowns
        unknown = self._unknown(key)
        if not known:
            self.facts.append(Implies(Relation(inner, ">=", Integer(0)), And((_at_least(unknown), Relation(unknown**order, "==", inner)))))
        return unknown

    def _integer_power(self, base: Expr, symbol: Expr, offset: int, nonzero_exponent: bool) -> Expr:
        """base^(symbol - offset) for an integer symbol >= offset; 0^0 = 1, so nothing is claimed of base 0 unless the exponent is >= 1."""
        inner = sympy.expand(self.term(base))
        key = (Pow, (inner, sympy.expand(self.term(symbol) - offset)))
        known = key in self._unknowns
        unknown = self._unknown(key)
        if not known:
            zero, one = Integer(0), Integer(1)
            self.facts += [
                Implies(Relation(inner, ">=", zero), _at_least(unknown)),
                Implies(Relation(inner, ">", zero), Relation(unknown, ">", zero)),
                Implies(And((Relation(inner, ">=", zero), Relation(inner, "<=", one))), Relation(unknown, "<=", one)),
                Implies(Relation(inner, ">=", one), Relation(unknown, ">=", one)),
            ]
            if nonzero_exponent:
                self.facts += [
                    Implies(Relation(inner, "==", zero), Relation(unknown, "==", zero)),
                    Implies(And((Relation(inner, ">=", zero), Relation(inner, "<", one))), Relation(unknown, "<", one)),
                    Implies(Relation(inner, ">", one), Relation(unknown, ">", one)),
                ]
        return unknown

    def _positive_power(self, base: Expr, exponent: Expr) -> Expr:
        """A real power of a base that is positive on its whole domain: one unknown for each term of the exponent."""
        inner = sympy.expand(self.term(base))
        result: Expr = Integer(1)
        for term, coefficient in sympy.expand(exponent).as_coefficients_dict().items():
            if term == 1:
                result *= self._power(base, coefficient)
                continue
            key = (Pow, (inner, sympy.expand(self.term(term)) / coefficient.q))
            known = key in self._unknowns
            unknown = self._unknown(key)
            if not known:
                one = Integer(1)
                self.facts += [Relation(unknown, ">", Integer(0)), Implies(Relation(inner, "==", one), Relation(unknown, "==", one))]
            result *= unknown**coefficient.p
        return result

    def _absolute(self, inner: Expr) -> Expr:
        known = (sympy.Abs, inner) in self._unknowns
        unknown = self._unknown((sympy.Abs, inner))
        if not known:
            negative = Relation(inner, "<", Integer(0))
            self.facts += [
                Or((negative, Relation(unknown, "==", inner))),
                Implies(negative, Relation(unknown, "==", -inner)),
            ]
        return unknown

    def _extremum(self, args: tuple[Expr, ...], order: str) -> Expr:
        key = (order, frozenset(args))
        known = key in self._unknowns
        unknown = self._unknown(key)
        if not known:
            self.facts += [Relation(a, order, unknown) for a in args]
            self.facts.append(Or(tuple(Relation(unknown, "==", a) for a in args)))
        return unknown


def _at_least(unknown: Expr) -> Relation:
    return Relation(unknown, ">=", Integer(0))


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
