"""The evaluators of SymPy trees over exact rationals and balls: one builder for each kind of node.

An evaluator is built once per tree and called with a `Setting`: the values of the symbols, the observables and the arithmetic.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache, reduce

import sympy
from flint import arb, fmpq

from dmftheory.numerics.scalars import Arithmetic, DomainGap, NotExact, Value, exact_fraction, gauss, hull, to_ball, unknown
from dmftheory.numerics.ternary import Ternary, all3, any3, not3

Observable = Callable[[tuple[Value, ...], int], Value]

_MAX_TERMS = 100_000  # longest Sum or Product that is unrolled


class DomainError(ArithmeticError):
    """The expression has no real value at these arguments: a division by zero, a logarithm of something non-positive, ..."""

    def __init__(self, expression: sympy.Basic) -> None:
        self.expression = expression
        super().__init__(f"no real value: {expression}")


class ExpressionError(ValueError):
    """The expression cannot be translated exactly: a Float, a symbol without a value, a function that is not known here."""

    def __init__(self, expression: sympy.Basic, remedy: str) -> None:
        self.expression = expression
        super().__init__(f"{expression}: {remedy}")


@dataclass(frozen=True)
class Setting:
    """What an evaluation runs with."""

    values: Mapping[sympy.Symbol, Value]
    functions: Mapping[type, Observable]
    arithmetic: Arithmetic
    precision: int


_Node = Callable[[Setting], Value]
_Condition = Callable[[Setting], Ternary]


@lru_cache(maxsize=4096)
def translate(expr: sympy.Expr) -> _Node:
    """The evaluator of one expression, built once per tree."""
    for kind in type(expr).__mro__:
        if kind in _BUILDERS:
            return _guarded(expr, _BUILDERS[kind](expr))
    if isinstance(expr, sympy.Function):
        return _guarded(expr, _observable(expr))
    raise ExpressionError(expr, "this kind of expression has no exact translation")


def has_meaning(kind: type) -> bool:
    """Whether expressions of this class are translated without being told what they mean."""
    return any(base in _BUILDERS for base in kind.__mro__)


def _guarded(expr: sympy.Expr, node: _Node) -> _Node:
    def run(setting: Setting) -> Value:
        try:
            return node(setting)
        except (ZeroDivisionError, DomainGap):
            raise DomainError(expr) from None

    return run


def _refuse(expr: sympy.Expr) -> _Node:
    raise ExpressionError(expr, "a floating-point number is not exact; write Rational('1/3') or an integer")


def _rational(expr: sympy.Rational) -> _Node:
    value = Fraction(int(expr.p), int(expr.q))
    return lambda setting: value


def _constant(build: Callable[[], arb]) -> Callable[[sympy.Expr], _Node]:
    return lambda expr: lambda setting: setting.arithmetic.ball(build())


def _infinite(build: Callable[[], arb]) -> Callable[[sympy.Expr], _Node]:
    return lambda expr: lambda setting: build()


def _no_value(expr: sympy.Expr) -> _Node:
    raise DomainError(expr)


def _symbol(expr: sympy.Symbol) -> _Node:
    def run(setting: Setting) -> Value:
        try:
            value = setting.values[expr]
        except KeyError:
            raise ExpressionError(expr, "this symbol has no value here") from None
        if isinstance(value, arb):
            return value if setting.arithmetic.balls else _demand_exact(value)
        return Fraction(value)

    return run


def _demand_exact(value: Value) -> Fraction:
    exact = value if isinstance(value, Fraction) else exact_fraction(value)
    if exact is None:
        raise NotExact
    return exact


def _fold(operation: Callable[[Arithmetic, Value, Value], Value]) -> Callable[[sympy.Expr], _Node]:
    def build(expr: sympy.Expr) -> _Node:
        nodes = [translate(arg) for arg in expr.args]

        def run(setting: Setting) -> Value:
            return reduce(lambda a, b: operation(setting.arithmetic, a, b), [node(setting) for node in nodes])

        return run

    return build


def _power(expr: sympy.Pow) -> _Node:
    base, exponent = translate(expr.base), translate(expr.exp)
    return lambda setting: setting.arithmetic.power(base(setting), exponent(setting))


def _logarithm(expr: sympy.Expr) -> _Node:
    argument = translate(expr.args[0])

    def run(setting: Setting) -> Value:
        value = argument(setting)
        if isinstance(value, Fraction):
            if value == 1:
                return Fraction(0)
            if value <= 0:
                raise DomainGap
        ball = setting.arithmetic.ball(value)
        if ball <= 0:
            raise DomainGap
        return ball.log() if ball > 0 else unknown()

    return run


def _smooth(apply: Callable[[arb], arb], at_zero: int | None = None) -> Callable[[sympy.Expr], _Node]:
    """A function without domain gaps (Arb answers nan where it cannot tell), with its exact value at an exact zero."""

    def build(expr: sympy.Expr) -> _Node:
        argument = translate(expr.args[0])

        def run(setting: Setting) -> Value:
            value = argument(setting)
            if at_zero is not None and isinstance(value, Fraction) and value == 0:
                return Fraction(at_zero)
            return apply(setting.arithmetic.ball(value))

        return run

    return build


def _circular(apply: Callable[[arb], arb], of_pi: Callable[[fmpq], arb]) -> Callable[[sympy.Expr], _Node]:
    """cos or sin; a rational multiple of pi keeps the multiple exact."""

    def build(expr: sympy.Expr) -> _Node:
        multiple = expr.args[0].as_coefficient(sympy.pi)
        turns = None if multiple is None else translate(multiple)
        argument = translate(expr.args[0])

        def run(setting: Setting) -> Value:
            if turns is not None:
                value = turns(setting)
                if isinstance(value, Fraction):
                    return setting.arithmetic.ball(of_pi(fmpq(value.numerator, value.denominator)))
            return apply(setting.arithmetic.ball(argument(setting)))

        return run

    return build


def _arctangent2(expr: sympy.Expr) -> _Node:
    vertical, horizontal = (translate(arg) for arg in expr.args)

    def run(setting: Setting) -> Value:
        y, x = vertical(setting), horizontal(setting)
        if x == 0 and y == 0 and isinstance(x, Fraction) and isinstance(y, Fraction):
            raise DomainGap
        if y == 0 and isinstance(y, Fraction) and isinstance(x, Fraction) and x > 0:
            return Fraction(0)
        return arb.atan2(setting.arithmetic.ball(y), setting.arithmetic.ball(x))

    return run


def _absolute(expr: sympy.Expr) -> _Node:
    argument = translate(expr.args[0])

    def run(setting: Setting) -> Value:
        value = argument(setting)
        return abs(value) if isinstance(value, Fraction) else value.__abs__()

    return run


def _sign(expr: sympy.Expr) -> _Node:
    argument = translate(expr.args[0])

    def run(setting: Setting) -> Value:
        value = argument(setting)
        return Fraction((value > 0) - (value < 0)) if isinstance(value, Fraction) else value.sgn()

    return run


def _rounded(exact: Callable[[Fraction], int], apply: Callable[[arb], arb]) -> Callable[[sympy.Expr], _Node]:
    def build(expr: sympy.Expr) -> _Node:
        argument = translate(expr.args[0])

        def run(setting: Setting) -> Value:
            value = argument(setting)
            return Fraction(exact(value)) if isinstance(value, Fraction) else apply(value)

        return run

    return build


def _largest(a: Value, b: Value) -> Value:
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return max(a, b)
    return to_ball(a).max(to_ball(b))


def _smallest(a: Value, b: Value) -> Value:
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return min(a, b)
    return to_ball(a).min(to_ball(b))


def _ordered(pick: Callable[[Value, Value], Value]) -> Callable[[sympy.Expr], _Node]:
    """Max or Min; Arb's own are sound for an unknown order (they enclose both candidates)."""

    def operation(arithmetic: Arithmetic, a: Value, b: Value) -> Value:
        return pick(a, b) if arithmetic.balls else pick(_demand_exact(a), _demand_exact(b))

    return _fold(operation)


def _repeated(operation: Callable[[Arithmetic, Value, Value], Value], start: int) -> Callable[[sympy.Expr], _Node]:
    """Sum or Product over one or more integer ranges of exactly known ends, first limit innermost."""

    def build(expr: sympy.Expr) -> _Node:
        body, *limits = expr.args
        node = translate(body)
        for index, low, high in limits:
            node = _one_range(expr, node, index, translate(low), translate(high), operation, start)
        return node

    return build


def _one_range(
    expr: sympy.Expr,
    body: _Node,
    index: sympy.Symbol,
    low: _Node,
    high: _Node,
    operation: Callable[[Arithmetic, Value, Value], Value],
    start: int,
) -> _Node:
    def run(setting: Setting) -> Value:
        first, last = (_demand_exact(end(setting)) for end in (low, high))
        if first.denominator != 1 or last.denominator != 1 or last < first - 1 or last - first > _MAX_TERMS:
            raise ExpressionError(expr, f"a range needs integer ends, in order, and at most {_MAX_TERMS} terms")
        total: Value = Fraction(start)
        for k in range(int(first), int(last) + 1):
            term = body(replace(setting, values={**setting.values, index: Fraction(k)}))
            total = operation(setting.arithmetic, total, term)
        return total

    return run


def _piecewise(expr: sympy.Piecewise) -> _Node:
    branches = [(translate(value), translate_relation(condition)) for value, condition in expr.args]

    def run(setting: Setting) -> Value:
        possible: list[_Node] = []
        for node, condition in branches:
            verdict = condition(setting)
            if verdict is not False:
                possible.append(node)
            if verdict is True:
                break
        else:
            if not possible:
                raise DomainGap
            return unknown()
        if len(possible) == 1:
            return possible[0](setting)
        try:
            return reduce(hull, (setting.arithmetic.ball(node(setting)) for node in possible))
        except DomainError:
            return unknown()

    return run


def _hypergeometric(expr: sympy.hyper) -> _Node:
    (upper, lower), argument = (tuple(expr.args[0]), tuple(expr.args[1])), translate(expr.args[2])
    if len(upper) != 2 or len(lower) != 1:
        raise ExpressionError(expr, "only the Gauss function 2F1 is translated")
    parameters = [translate(p) for p in (*upper, *lower)]

    def run(setting: Setting) -> Value:
        a, b, c = (node(setting) for node in parameters)
        z = argument(setting)
        if isinstance(c, Fraction) and c.denominator == 1 and c <= 0:
            raise DomainGap
        exact = [v for v in (a, b, c) if isinstance(v, Fraction)]
        if z == Fraction(1) and len(exact) == 3 and _diverges(*exact):
            raise DomainGap
        return gauss(a, b, c, setting.arithmetic.ball(z))

    return run


def _diverges(a: Fraction, b: Fraction, c: Fraction) -> bool:
    """Whether 2F1(a, b; c; .) has no finite value at 1 (Gauss): c <= a + b, and it is no polynomial."""
    polynomial = any(v.denominator == 1 and v <= 0 for v in (a, b))
    return not polynomial and c <= a + b


def _observable(expr: sympy.Function) -> _Node:
    arguments = [translate(arg) for arg in expr.args]

    def run(setting: Setting) -> Value:
        function = setting.functions.get(type(expr))
        if function is None:
            raise ExpressionError(expr, "no meaning is known for this function")
        value = function(tuple(node(setting) for node in arguments), setting.precision)
        return value if setting.arithmetic.balls else _demand_exact(value)

    return run


@lru_cache(maxsize=4096)
def translate_relation(relation: sympy.Basic) -> _Condition:
    """The evaluator of a relation or a connective of relations, built once per tree."""
    if relation in (sympy.true, sympy.false):
        truth = relation == sympy.true
        return lambda setting: truth
    if isinstance(relation, sympy.And | sympy.Or | sympy.Not | sympy.Implies):
        parts = [translate_relation(arg) for arg in relation.args]
        if isinstance(relation, sympy.And):
            return lambda setting: all3(part(setting) for part in parts)
        if isinstance(relation, sympy.Or):
            return lambda setting: any3(part(setting) for part in parts)
        if isinstance(relation, sympy.Not):
            return lambda setting: not3(parts[0](setting))
        return lambda setting: any3((not3(parts[0](setting)), parts[1](setting)))
    if type(relation) not in _OPERATORS:
        raise ExpressionError(relation, "not a relation between real numbers")
    left, right, op = translate(relation.lhs), translate(relation.rhs), _OPERATORS[type(relation)]
    return lambda setting: setting.arithmetic.compare(left(setting), op, right(setting))


_OPERATORS: dict[type, str] = {sympy.Lt: "<", sympy.Le: "<=", sympy.Gt: ">", sympy.Ge: ">=", sympy.Eq: "==", sympy.Ne: "!="}

_BUILDERS: dict[type, Callable[[sympy.Expr], _Node]] = {
    sympy.Float: _refuse,
    sympy.Rational: _rational,
    type(sympy.pi): _constant(arb.pi),
    type(sympy.E): _constant(arb.const_e),
    type(sympy.EulerGamma): _constant(arb.const_euler),
    type(sympy.oo): _infinite(arb.pos_inf),
    type(-sympy.oo): _infinite(arb.neg_inf),
    type(sympy.zoo): _no_value,
    type(sympy.nan): _no_value,
    sympy.Symbol: _symbol,
    sympy.Add: _fold(Arithmetic.add),
    sympy.Mul: _fold(Arithmetic.multiply),
    sympy.Pow: _power,
    sympy.log: _logarithm,
    sympy.exp: _smooth(arb.exp, at_zero=1),
    sympy.atan: _smooth(arb.atan, at_zero=0),
    sympy.sinh: _smooth(arb.sinh, at_zero=0),
    sympy.cosh: _smooth(arb.cosh, at_zero=1),
    sympy.tanh: _smooth(arb.tanh, at_zero=0),
    sympy.asinh: _smooth(arb.asinh, at_zero=0),
    sympy.atanh: _smooth(arb.atanh, at_zero=0),
    sympy.acosh: _smooth(arb.acosh),
    sympy.gamma: _smooth(arb.gamma),
    sympy.cos: _circular(arb.cos, arb.cos_pi_fmpq),
    sympy.sin: _circular(arb.sin, arb.sin_pi_fmpq),
    sympy.tan: _smooth(arb.tan, at_zero=0),
    sympy.atan2: _arctangent2,
    sympy.Abs: _absolute,
    sympy.sign: _sign,
    sympy.floor: _rounded(lambda q: q.numerator // q.denominator, arb.floor),
    sympy.ceiling: _rounded(lambda q: -(-q.numerator // q.denominator), arb.ceil),
    sympy.Max: _ordered(_largest),
    sympy.Min: _ordered(_smallest),
    sympy.Sum: _repeated(Arithmetic.add, 0),
    sympy.Product: _repeated(Arithmetic.multiply, 1),
    sympy.Piecewise: _piecewise,
    sympy.hyper: _hypergeometric,
}
