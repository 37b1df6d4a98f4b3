"""SymPy expressions over spans: an enclosure of all values on a box, or `MayLackValue`.

What has no rule of its own here is evaluated by Arb on balls around its arguments, when these are bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache, reduce
from typing import Any

import sympy
from flint import arb

from dmftheory.numerics import spans
from dmftheory.numerics.scalars import Arithmetic, Value, working_precision
from dmftheory.numerics.spans import ONE, ZERO, MayLackValue, Span
from dmftheory.numerics.ternary import Ternary
from dmftheory.numerics.translate import DomainError, ExpressionError, Observable, Setting, translate

BITS = 96
_MAX_TERMS = 2000  # longest Sum or Product that is written out on a box

Values = Mapping[Any, Span]
Functions = Mapping[type, Observable]
Node = Callable[[Values, Functions], Span]


def enclose(expr: Any, values: Values, functions: Functions) -> Span:
    """A span of all values of the expression. Raises MayLackValue where it may have none, or where nothing is known of it."""
    with working_precision(BITS):
        return evaluator(expr)(values, functions)


def compare(a: Span, op: str, b: Span) -> Ternary:
    """`x op y` for all x in a and y in b: True or False where every pair agrees, else None."""
    difference = spans.add(b, spans.negative(a))
    match op:
        case "<":
            return _decided(spans.is_positive(difference), spans.is_nonnegative(spans.negative(difference)))
        case "<=":
            return _decided(spans.is_nonnegative(difference), spans.is_positive(spans.negative(difference)))
        case ">" | ">=":
            return compare(b, "<" if op == ">" else "<=", a)
    same = a.is_point and b.is_point and a.low == b.low
    apart = spans.is_positive(difference) or spans.is_positive(spans.negative(difference))
    return _decided(same, apart) if op == "==" else _decided(apart, same)


def _decided(yes: bool, no: bool) -> Ternary:
    return True if yes else False if no else None


@lru_cache(maxsize=8192)
def evaluator(expr: Any) -> Node:
    """The evaluator of one expression, built once per tree; runs at the working precision."""
    match expr:
        case sympy.Rational():
            constant = spans.exactly(Fraction(int(expr.p), int(expr.q)))
            return lambda values, functions: constant
        case sympy.Symbol():
            return lambda values, functions: values[expr]
        case sympy.Add() | sympy.Mul() | sympy.Max() | sympy.Min():
            operation = _FOLDS[type(expr)]
            parts = [evaluator(arg) for arg in expr.args]
            return lambda values, functions: reduce(operation, [node(values, functions) for node in parts])
        case sympy.Pow():
            return _power(expr)
        case sympy.Sum() | sympy.Product() if _is_short(expr):
            return evaluator(expr.doit())
    rule = _RULES.get(type(expr))
    if rule is not None:
        inner = evaluator(expr.args[0])
        return lambda values, functions: rule(inner(values, functions))
    return _by_balls(expr)


def _power(expr: Any) -> Node:
    base, exponent = evaluator(expr.base), evaluator(expr.exp)
    if expr.exp.is_Rational:
        number = Fraction(int(expr.exp.p), int(expr.exp.q))
        return lambda values, functions: spans.rational_power(base(values, functions), number)

    def run(values: Values, functions: Functions) -> Span:
        power = exponent(values, functions)
        if power.low is not None and power.is_point:
            return spans.rational_power(base(values, functions), spans.to_fraction(power.low))
        return spans.real_power(base(values, functions), power)

    return run


def _is_short(expr: Any) -> bool:
    """Whether a Sum or Product over one range between numbers can be written out."""
    return len(expr.limits) == 1 and all(end.is_Integer for end in expr.limits[0][1:]) and -1 <= _count(expr) <= _MAX_TERMS


def _count(expr: Any) -> int:
    _, low, high = expr.limits[0]
    return int(high - low)


def _by_balls(expr: Any) -> Node:
    """Arb's answer for balls around the arguments, or around the variables where an argument is no number."""
    scalar = bool(expr.args) and all(isinstance(arg, sympy.Expr) for arg in expr.args) and isinstance(expr, sympy.Function)
    apart = scalar and not isinstance(expr, sympy.hyper)
    names = [arg if arg.is_Rational else sympy.Dummy() for arg in expr.args] if apart else []
    parts = {name: arg for name, arg in zip(names, expr.args, strict=False) if name != arg}
    opaque = expr.func(*names, evaluate=False) if names else expr
    inner = {name: evaluator(arg) for name, arg in parts.items()} if apart else {s: evaluator(s) for s in expr.free_symbols}

    def run(values: Values, functions: Functions) -> Span:
        given: dict[Any, Value] = {name: _value(node(values, functions)) for name, node in inner.items()}
        return _arb(opaque, given, functions)

    return run


def _arb(expr: Any, given: Mapping[Any, Value], functions: Functions) -> Span:
    try:
        value = translate(expr)(Setting(given, functions, Arithmetic(spans.LONG_BITS), BITS))
    except (DomainError, ExpressionError):
        raise MayLackValue from None
    return spans.exactly(value) if isinstance(value, Fraction) else spans.of_ball(value)


def _value(span: Span) -> Value:
    return spans.to_fraction(span.low) if span.is_point and span.low is not None else spans.to_ball(span)


def _circular(apply: Callable[[arb], arb], at_zero: int) -> Callable[[Span], Span]:
    """cos or sin: between -1 and 1 however wide the argument."""
    whole = Span(-ONE, ONE)

    def run(a: Span) -> Span:
        if a.low is None or a.high is None:
            return whole
        if a.is_point and a.low == 0:
            return spans.exactly(at_zero)
        return spans.meet(whole, spans.of_ball(apply(spans.to_ball(a))))

    return run


def _cosh(a: Span) -> Span:
    return spans.increasing(spans.magnitude(a), lambda end: ONE if end == 0 else arb(end).cosh())


def _odd(apply: Callable[[arb], arb], limit: Callable[[], arb] | None = None) -> Callable[[Span], Span]:
    """An increasing odd function, with its limit at infinity."""

    def run(a: Span) -> Span:
        above = None if limit is None else spans.of_ball(limit()).high
        return spans.increasing(a, lambda end: ZERO if end == 0 else apply(arb(end)), None if above is None else -above, above)

    return run


def _atanh(a: Span) -> Span:
    inside = spans.is_positive(spans.add(Span(ONE, ONE), spans.negative(spans.magnitude(a))))
    if not inside or a.low in (-1, 1) or a.high in (-1, 1):
        raise MayLackValue
    return _odd(arb.atanh)(a)


def _acosh(a: Span) -> Span:
    if a.low is None or a.low < 1:
        raise MayLackValue
    return spans.increasing(a, lambda end: ZERO if end == 1 else arb(end).acosh())


def _sign(a: Span) -> Span:
    if spans.is_positive(a):
        return Span(ONE, ONE)
    if spans.is_positive(spans.negative(a)):
        return Span(-ONE, -ONE)
    if a.is_point:
        return Span(ZERO, ZERO)
    low = ZERO if spans.is_nonnegative(a) else -ONE
    return Span(low, ZERO if a.high is not None and a.high <= 0 else ONE)


def _floor(a: Span) -> Span:
    low, high = (None if end is None else _whole(end) for end in (a.low, a.high))
    return Span(low, high, low is None, high is None)


def _whole(end: Any) -> Any:
    """The floor of a rational end, as a rational."""
    return end.floor() * ONE


def _ceiling(a: Span) -> Span:
    return spans.negative(_floor(spans.negative(a)))


_FOLDS: dict[type, Callable[[Span, Span], Span]] = {
    sympy.Add: spans.add,
    sympy.Mul: spans.multiply,
    sympy.Max: spans.largest,
    sympy.Min: spans.smallest,
}

_RULES: dict[type, Callable[[Span], Span]] = {
    sympy.exp: spans.exponential,
    sympy.log: spans.logarithm,
    sympy.atan: _odd(arb.atan, lambda: arb.pi() / 2),
    sympy.tanh: _odd(arb.tanh, lambda: arb(1)),
    sympy.sinh: _odd(arb.sinh),
    sympy.asinh: _odd(arb.asinh),
    sympy.cosh: _cosh,
    sympy.atanh: _atanh,
    sympy.acosh: _acosh,
    sympy.cos: _circular(arb.cos, 1),
    sympy.sin: _circular(arb.sin, 0),
    sympy.Abs: spans.magnitude,
    sympy.sign: _sign,
    sympy.floor: _floor,
    sympy.ceiling: _ceiling,
}
