"""Reading a statement at one instance: its SymPy tree is walked as written, in exact fractions and outward-rounded intervals.

Nothing is substituted into SymPy objects, so nothing can collapse, and no code is shared with the engines that sample statements.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from typing import Any

import sympy
from dmftheory.checks import matrices
from dmftheory.checks.interval import Interval, Value, bounds, pi, short
from dmftheory.checks.series import hypergeometric
from sympy import MatrixSymbol, Symbol, oo

from dmftheory.claims.formula import And, Formula, Implies, Not, Or, Relation
from dmftheory.claims.observables import Observable

Observables = Mapping[type[Observable], Callable[..., Value | None]]

BITS = 256  # of results that are not exact; observables bring their own


@dataclass
class Reading:
    """One instance: values of the variables, and functions from evaluated arguments to values of the observables (None: not known)."""

    values: Mapping[Any, Any]
    observables: Observables = field(default_factory=dict)
    bits: int = BITS

    def truth(self, formula: Formula) -> bool | None:
        """Whether the formula holds here; None where the enclosures leave it open. Connectives are Kleene's."""
        match formula:
            case Relation():
                return self._relation(formula)
            case And(parts):
                found = [self.truth(p) for p in parts]
                return False if False in found else None if None in found else True
            case Or(parts):
                return self.truth(Not(And(tuple(Not(p) for p in parts))))
            case Not(part):
                inner = self.truth(part)
                return None if inner is None else not inner
            case Implies(premise, conclusion):
                return self.truth(Or((Not(premise), conclusion)))

    def margins(self, formula: Formula) -> tuple[float | None, float | None]:
        """For the eye: the least relative slack of the inequalities that are asserted here, the widest relative gap of the equalities."""
        match formula:
            case Relation(left, op, right):
                if oo in (left, right):
                    return None, None
                return self._margin(self.value(left), op, self.value(right))
            case And(parts) | Or(parts):
                found = [self.margins(p) for p in parts]
                slacks, gaps = [s for s, _ in found if s is not None], [g for _, g in found if g is not None]
                return min(slacks, default=None), max(gaps, default=None)
            case Implies(premise, conclusion):
                return (None, None) if self.truth(premise) is False else self.margins(conclusion)
        return None, None

    def value(self, expr: Any) -> Any:
        """The value of an expression: a Fraction, an Interval, or a matrix (a tuple of rows) of such."""
        found = self._value(expr)
        return short(found, self.bits) if isinstance(found, Fraction) else found

    def _relation(self, relation: Relation) -> bool | None:
        left, right = self.value(relation.left), self.value(relation.right)
        if isinstance(left, tuple):
            found = [_compare(a, relation.op, b) for a, b in matrices.entries(left, right)]
            return False if False in found else None if None in found else True
        return _compare(left, relation.op, right)

    def _margin(self, left: Any, op: str, right: Any) -> tuple[float | None, float | None]:
        if isinstance(left, tuple):
            return None, max(self._margin(a, op, b)[1] or 0.0 for a, b in matrices.entries(left, right))
        difference = right - left if op in ("<", "<=") else left - right
        gap = difference / reduce(_larger, (abs(left), abs(right), Fraction(1)))
        return (None, float(bounds(abs(gap))[1])) if op in ("==", "!=") else (float(bounds(gap)[0]), None)

    def _value(self, expr: Any) -> Any:
        if isinstance(expr, Symbol | MatrixSymbol):
            return self.values[expr]
        if expr.is_Rational:
            return Fraction(int(expr.p), int(expr.q))
        if expr is oo:
            return Interval.infinity(self.bits)
        if expr is sympy.pi:
            return pi(self.bits)
        if isinstance(expr, Observable):
            return self._observable(expr)
        if getattr(expr, "is_Matrix", False) or isinstance(expr, sympy.MatrixExpr):
            return self._matrix(expr)
        return self._operation(expr, [self.value(a) for a in expr.args] if not isinstance(expr, sympy.hyper) else [])

    def _operation(self, expr: Any, args: list[Any]) -> Any:
        match expr:
            case sympy.Add():
                return reduce(lambda a, b: a + b, args)
            case sympy.Mul():
                return reduce(lambda a, b: a * b, args)
            case sympy.Pow():
                return _power(args[0], args[1], self.bits)
            case sympy.Abs():
                return abs(args[0])
            case sympy.Max():
                return reduce(_larger, args)
            case sympy.Min():
                return -reduce(_larger, [-a for a in args])
            case sympy.log() | sympy.exp() | sympy.atan():
                return Interval.of(args[0], self.bits).increasing(type(expr).__name__)
            case sympy.cos() | sympy.sin():
                return Interval.of(args[0], self.bits).wave(type(expr).__name__)
            case sympy.hyper():
                upper, lower = expr.ap, expr.bq
                return hypergeometric([self.value(a) for a in upper], [self.value(b) for b in lower], self.value(expr.argument), self.bits)
        raise NotImplementedError(f"a check cannot read {type(expr).__name__}")

    def _observable(self, expr: Any) -> Value:
        args = [self.value(a) for a in expr.args]
        if type(expr) in self.observables:
            found = self.observables[type(expr)](*args)
            return Interval.everything(self.bits) if found is None else found
        if not hasattr(expr, "unfold"):
            raise NotImplementedError(f"the simulation says nothing about {expr}")
        defined: Value = self.value(expr.unfold())
        return defined

    def _matrix(self, expr: Any) -> Any:
        match expr:
            case sympy.MatAdd():
                return reduce(matrices.plus, (self.value(a) for a in expr.args))
            case sympy.MatMul():
                return reduce(matrices.times, (self.value(a) for a in expr.args))
            case sympy.MatPow():
                exponent = self.value(expr.exp)
                return matrices.power(self.value(expr.base), int(exponent))
            case sympy.Transpose():
                return matrices.transpose(self.value(expr.arg))
        raise NotImplementedError(f"a check cannot read the matrix {type(expr).__name__}")


def _compare(left: Value, op: str, right: Value) -> bool | None:
    (a, b), (c, d) = bounds(left), bounds(right)
    match op:
        case "<":
            return True if b < c else False if a >= d else None
        case "<=":
            return True if b <= c else False if a > d else None
        case ">" | ">=":
            return _compare(right, "<" if op == ">" else "<=", left)
        case "==":
            return False if b < c or d < a else True if a == b == c == d else None
    unequal = _compare(left, "==", right)
    return None if unequal is None else not unequal


def _larger(left: Value, right: Value) -> Value:
    (a, b), (c, d) = bounds(left), bounds(right)
    if a >= d:
        return left
    if c >= b:
        return right
    bits = max(v.bits for v in (left, right) if isinstance(v, Interval))
    one, other = Interval.of(left, bits), Interval.of(right, bits)
    return Interval(max(one.low, other.low), max(one.high, other.high), bits)


def _power(base: Any, exponent: Any, bits: int) -> Any:
    if isinstance(exponent, Fraction) and exponent.denominator == 1:
        whole = int(exponent)
        if isinstance(base, Fraction) and _too_long(base, whole):
            base = Interval.of(base, bits)
        return Interval.everything(bits) if base == 0 and whole < 0 else base**whole
    if base == 0 and bounds(exponent)[0] > 0:
        return Fraction(0)
    return Interval.of(base, bits).power(exponent)


def _too_long(base: Fraction, exponent: int) -> bool:
    return abs(exponent) * (base.numerator.bit_length() + base.denominator.bit_length()) > 1 << 16
