"""Weights under a change of scale: how an expression must scale with its symbols, as linear equations for their weights.

A change of scale multiplies every quantity q by c^w(q), c > 0. A product adds weights, a power multiplies them by its exponent, the
terms of a sum share one. The coefficients of these equations are rational functions of the symbols that occur in exponents, N first of
all: lambda has weight 1, a factor 1/N, the step size 2/N - 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sympy
from sympy.polys.constructor import construct_domain
from sympy.polys.polyerrors import CoercionFailed

from dmftheory.claims import observables

Form = dict[Any, Any]
"""A linear form in the weights of the symbols: symbol -> coefficient; {} is dimensionless."""


@dataclass(frozen=True)
class Condition:
    """What one node of a statement asks: its terms share one weight, or, where `alone`, each has weight 0.

    place   where in the statement;  node: the expression that asks;  terms: expressions with their weights
    model   whether it comes from the recursion behind an observable, not from what is said about it
    """

    place: str
    node: Any
    terms: tuple[tuple[Any, Form], ...]
    alone: bool = False
    model: bool = False

    def rows(self) -> Iterator[Form]:
        """The linear forms that vanish where the condition holds."""
        if self.alone:
            yield from (form for _, form in self.terms)
        else:
            yield from (combine(form, self.terms[0][1], -1) for _, form in self.terms[1:])


def combine(first: Form, second: Form, factor: Any) -> Form:
    """first + factor * second."""
    total = dict(first)
    for symbol, coefficient in second.items():
        total[symbol] = total[symbol] + coefficient * factor if symbol in total else coefficient * factor
    return {symbol: coefficient for symbol, coefficient in total.items() if coefficient != 0}


def coefficients(expressions: Iterable[Any]) -> Any:
    """The field that the exponents in the expressions generate, from which the coefficients are taken."""
    found = {part for expression in expressions for part in _exponents(expression)}
    return construct_domain([*sorted(found, key=sympy.default_sort_key), sympy.Rational(1, 2)], field=True)[0]


def _exponents(expression: Any) -> Iterator[Any]:
    for node in sympy.preorder_traversal(expression):
        if isinstance(node, sympy.Pow | sympy.MatPow):
            yield node.exp
        elif isinstance(node, observables.Observable) and not isinstance(node, observables.EffectiveRank):
            yield from (node.args[0], 1 / node.args[0])


class Reader:
    """Reads expressions: gives their weights and collects the conditions that their parts ask."""

    def __init__(self, field: Any, place: str = "") -> None:
        self.field, self.place = field, place
        self.conditions: list[Condition] = []

    def weight(self, expr: Any) -> Form | None:
        """The weight of an expression; None for 0 and for infinity, which have every weight."""
        if expr in (0, sympy.oo, -sympy.oo) or isinstance(expr, sympy.ZeroMatrix):
            return None
        for kinds, rule in _RULES:
            if isinstance(expr, kinds):
                return rule(self, expr)
        if not getattr(expr, "args", ()) or expr.is_number:
            return {}
        self._alone(expr, [a for a in expr.args if isinstance(a, sympy.Expr)])
        return {}

    def scalar(self, expr: Any) -> Any:
        """The expression as a coefficient, or None where the field does not contain it."""
        try:
            return self.field.from_sympy(expr)
        except (CoercionFailed, ValueError, TypeError, NotImplementedError):
            return None

    def same(self, node: Any, terms: Iterable[Any]) -> Form | None:
        """The weight that the terms share; zeros join any."""
        read = [(term, self.weight(term)) for term in terms]
        known = [(term, form) for term, form in read if form is not None]
        if not known:
            return None
        shared = next((form for _, form in known if form), {})
        if shared and len(known) > 1:
            self.conditions.append(Condition(self.place, node, tuple(known)))
        return shared

    def _alone(self, node: Any, parts: Iterable[Any]) -> None:
        read = [(part, self.weight(part)) for part in parts]
        terms = tuple((part, form) for part, form in read if form)
        if terms:
            self.conditions.append(Condition(self.place, node, terms, alone=True))

    def _symbol(self, symbol: Any) -> Form:
        # Whole numbers cannot be rescaled.
        return {} if getattr(symbol, "is_integer", False) else {symbol: self.field.one}

    def _product(self, expr: Any) -> Form | None:
        total: Form = {}
        for factor in expr.args:
            form = self.weight(factor)
            if form is None:
                return None
            total = combine(total, form, self.field.one)
        return total

    def _power(self, expr: Any) -> Form:
        base = self.weight(expr.base)
        self._alone(expr, [expr.exp])
        if not base:
            return {}
        exponent = self.scalar(expr.exp)
        if exponent is None:
            self.conditions.append(Condition(self.place, expr, ((expr.base, base),), alone=True))
            return {}
        return combine({}, base, exponent)

    def _sum(self, expr: Any) -> Form | None:
        """Terms of one weight; logarithms with the same factor are read together, log a - log b as log(a/b)."""
        logs: dict[Any, list[tuple[Any, Any]]] = {}
        terms = []
        for term in expr.args:
            factors = sympy.Mul.make_args(term)
            inner = [f for f in factors if isinstance(f, sympy.log)]
            if len(inner) != 1:
                terms.append(term)
                continue
            others = [f for f in factors if f is not inner[0]]
            numbers = [f for f in others if self.scalar(f) is not None]
            key = sympy.Mul(*(f for f in others if self.scalar(f) is None))
            logs.setdefault(key, []).append((self.scalar(sympy.Mul(*numbers)), inner[0].args[0]))
        for group in logs.values():
            total: Form = {}
            for coefficient, argument in group:
                total = combine(total, self.weight(argument) or {}, coefficient)
            if total:
                together = sympy.Add(*(self.field.to_sympy(coefficient) * sympy.log(argument) for coefficient, argument in group))
                self.conditions.append(Condition(self.place, expr, ((together, total),), alone=True))
        return self.same(expr, [*terms, *logs])

    def _same(self, expr: Any) -> Form | None:
        return self.same(expr, expr.args)

    def _first(self, expr: Any) -> Form | None:
        return self.weight(expr.args[0])

    def _inverse(self, expr: Any) -> Form | None:
        return combine({}, self.weight(expr.args[0]) or {}, -self.field.one)

    def _sign(self, expr: Any) -> Form:
        self.weight(expr.args[0])
        return {}

    def _angle(self, expr: Any) -> Form:
        self.same(expr, expr.args)
        return {}

    def _normal_form(self, expr: Any) -> Form | None:
        """Iterate, FirstPassage, FlowTime: dimensionless, but for a zero eigenvalue, where x' = x - tau x^(2N-1)."""
        depth, *rest = expr.args
        if expr.sign != 0 or self.scalar(depth) is None:
            self._alone(expr, expr.args)
            return {}
        n, step = self.scalar(depth), self.scalar(2 - 2 * depth)
        if isinstance(expr, observables.FlowTime):
            return combine({}, self.same(expr, rest[:2]) or {}, step)
        start = self.weight(rest[1]) or {}
        self._tied(expr, rest[0], start, step)
        if isinstance(expr, observables.Iterate):
            return start
        self._tied(expr, rest[2], start, n)
        return {}

    def _original(self, expr: Any) -> Form | None:
        """Factor, LearningStep, LearningTime: lambda ~ factor^N, step size and flow time ~ factor^(2 - 2N)."""
        depth, lam, start, other, *rest = expr.args
        n, step = self.scalar(depth), self.scalar(2 - 2 * depth)
        if n is None:
            self._alone(expr, expr.args)
            return {}
        base = self.weight(start) or {}
        self._tied(expr, lam, base, n)
        if isinstance(expr, observables.LearningTime):
            self._tied(expr, other, base, self.field.one)
            return combine({}, base, step)
        self._tied(expr, other, base, step)
        self._alone(expr, rest)
        return base if isinstance(expr, observables.Factor) else {}

    def _pair(self, expr: Any) -> Form | None:
        """FirstFactor, OtherFactor: as `_original`, from two starts of one weight."""
        depth, lam, first, start, eta, steps = expr.args
        n, step = self.scalar(depth), self.scalar(2 - 2 * depth)
        if n is None:
            self._alone(expr, expr.args)
            return {}
        base = self.weight(start) or {}
        self._tied(expr, first, base, self.field.one)
        self._tied(expr, lam, base, n)
        self._tied(expr, eta, base, step)
        self._alone(expr, [steps])
        return base

    def _imbalanced(self, expr: Any) -> Form | None:
        """ImbalancedTime: the imbalance is a square of factors."""
        depth, lam, delta, start, end = expr.args
        n, step = self.scalar(depth), self.scalar(2 - 2 * depth)
        if n is None:
            self._alone(expr, expr.args)
            return {}
        base = self.weight(start) or {}
        self._tied(expr, lam, base, n)
        self._tied(expr, delta, base, self.field.one + self.field.one)
        self._tied(expr, end, base, self.field.one)
        return combine({}, base, step)

    def _tied(self, node: Any, part: Any, base: Form, factor: Any) -> None:
        form = self.weight(part)
        if form is not None:
            difference = combine(form, base, -factor)
            self.conditions.append(Condition(self.place, node, ((part, difference),), alone=True, model=True))


_RULES: tuple[tuple[Any, Callable[[Reader, Any], Form | None]], ...] = (
    ((sympy.Symbol, sympy.MatrixSymbol), Reader._symbol),
    (sympy.Add, Reader._sum),
    ((sympy.Mul, sympy.MatMul), Reader._product),
    ((sympy.Pow, sympy.MatPow), Reader._power),
    ((sympy.MatAdd, sympy.Max, sympy.Min), Reader._same),
    ((sympy.Abs, sympy.Transpose, sympy.Sum), Reader._first),
    (sympy.Inverse, Reader._inverse),
    (sympy.sign, Reader._sign),
    ((sympy.atan2, observables.EffectiveRank), Reader._angle),
    ((observables.Iterate, observables.FirstPassage, observables.FlowTime), Reader._normal_form),
    ((observables.Factor, observables.LearningStep, observables.LearningTime), Reader._original),
    ((observables.FirstFactor, observables.OtherFactor), Reader._pair),
    (observables.ImbalancedTime, Reader._imbalanced),
)


class Scales:
    """The changes of scale that satisfy some conditions: the solutions of linear equations, kept solved."""

    def __init__(self, field: Any, solved: Mapping[Any, Form] | None = None) -> None:
        self.field, self.solved = field, dict(solved or {})

    def reduce(self, form: Form) -> Form:
        """The form in terms of the symbols whose weights are free; {} where it vanishes for every change of scale."""
        total: Form = {}
        for symbol, coefficient in form.items():
            known = self.solved.get(symbol)
            total = combine(total, {symbol: self.field.one} if known is None else known, coefficient)
        return total

    def under(self, rows: Iterable[Form], keep: Any = None) -> Scales:
        """Those that satisfy further equations as well; the weight of `keep` stays free as long as it can."""
        found = Scales(self.field, self.solved)
        for row in rows:
            left = found.reduce(row)
            if not left:
                continue
            pivot = next((symbol for symbol in left if symbol != keep), keep)
            value = {s: -coefficient / left[pivot] for s, coefficient in left.items() if s != pivot}
            found.solved = {s: found._replaced(form, pivot, value) for s, form in found.solved.items()} | {pivot: value}
        return found

    @staticmethod
    def _replaced(form: Form, pivot: Any, value: Form) -> Form:
        if pivot not in form:
            return form
        rest = {s: coefficient for s, coefficient in form.items() if s != pivot}
        return combine(rest, value, form[pivot])
