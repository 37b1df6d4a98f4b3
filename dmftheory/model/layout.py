"""From a SymPy expression to the arrangement in which an author writes it; the renderers in `printing` only spell it out.

SymPy keeps sums and products in an order of its own, -x^N + 1 for 1 - x^N. Here a product reads number, depth, parameters, states, sums,
functions; a sum never starts with a minus sign that it can avoid; a denominator is gathered into one fraction.
"""

import re
from dataclasses import fields, replace

import sympy
from sympy.concrete.summations import Sum as BigSum

from dmftheory.model.nodes import (
    Call,
    Column,
    Fraction,
    Name,
    Node,
    Norm,
    Number,
    Power,
    Product,
    Relation,
    Root,
    Series,
    Slope,
    Sum,
    Transpose,
)
from dmftheory.model.symbols import DEPTH, TAU

_PARAMETERS = ("N", "k", "tau", "eta", "lambda", "alpha", "beta", "r", "M")
_FUNCTIONS = {
    sympy.log: "ln",
    sympy.atan: "arctan",
    sympy.cos: "cos",
    sympy.sin: "sin",
    sympy.exp: "exp",
    sympy.Abs: "abs",
    sympy.Max: "max",
    sympy.Min: "min",
}
_RELATIONS = {sympy.Eq: "=", sympy.Ne: "!=", sympy.Le: "<=", sympy.Lt: "<", sympy.Ge: ">=", sympy.Gt: ">"}
_TIME = "t"


def arrange(expression: sympy.Basic) -> Node:
    """The author's arrangement of an expression, relation, derivative, tuple or matrix product. Raises TypeError for anything else."""
    node = _arranged(expression)
    return _silenced(node) if expression.has(sympy.Derivative) else node


def _silenced(node: Node) -> Node:
    """A differential equation drops the argument t of its functions."""
    if isinstance(node, Call) and node.arguments == (Name(_TIME, source=_TIME),):
        return replace(node, silent=True)
    parts = {field.name: getattr(node, field.name) for field in fields(node)}
    return replace(node, **{name: _silenced_part(part) for name, part in parts.items()})


def _silenced_part(part: object) -> object:
    if isinstance(part, Node):
        return _silenced(part)
    return tuple(map(_silenced_part, part)) if isinstance(part, tuple) else part


def _arranged(expression: sympy.Basic) -> Node:
    if expression.func in _RELATIONS:
        return Relation(arrange(expression.lhs), _RELATIONS[expression.func], arrange(expression.rhs))
    if isinstance(expression, sympy.Tuple):
        return Column(tuple(arrange(entry) for entry in expression))
    if isinstance(expression, sympy.Derivative):
        return Slope(arrange(expression.expr), arrange(expression.variables[0]))
    if isinstance(expression, BigSum):
        index, first, last = expression.limits[0]
        return Series(arrange(expression.function), arrange(index), arrange(first), arrange(last))
    if expression.is_Symbol or isinstance(expression, sympy.MatrixSymbol | sympy.Indexed):
        return _name(expression)
    if getattr(expression, "is_Matrix", False) or isinstance(expression, sympy.Trace):
        return _matrix(expression)
    return _scalar(expression)


def _scalar(expression: sympy.Expr) -> Node:
    if expression.is_Add:
        return _sum(expression)
    if expression.is_Pow and not _goes_below(expression):
        base = arrange(expression.base)
        return Root(base) if expression.exp == sympy.S.Half else Power(base, arrange(expression.exp))
    if expression.is_Mul or expression.is_Rational or expression.is_Pow:
        return _signed(*_product(expression))
    if expression in (sympy.pi, sympy.oo):
        return Number("pi" if expression == sympy.pi else "oo")
    if isinstance(expression, sympy.hyper):
        return Call("2F1", tuple(arrange(part) for part in (*expression.ap, *expression.bq, expression.argument)))
    if expression.is_Function:
        arguments = tuple(arrange(argument) for argument in expression.args)
        known = _FUNCTIONS.get(expression.func)
        return Call(known or str(expression.func), arguments)
    raise TypeError(f"no way to print {type(expression).__name__}")


def _signed(sign: int, node: Node) -> Node:
    return node if sign == 1 else Sum(((-1, node),))


def _name(symbol: sympy.Basic) -> Name:
    if isinstance(symbol, sympy.Indexed):
        return Name(str(symbol.base), ", ".join(str(index) for index in symbol.indices), f"{symbol.base}[{symbol.indices[0]}]")
    letter, _, subscript = symbol.name.partition("_")
    return Name(letter, subscript.strip("{}"), symbol.name)


def _matrix(expression: sympy.Expr) -> Node:
    if isinstance(expression, sympy.Trace):
        factors = expression.arg.args
        if len(factors) != 2 or factors[0] != factors[1].T:
            raise TypeError("no way to print this trace")
        return Norm(arrange(factors[1]))
    if isinstance(expression, sympy.MatMul):
        return Product(tuple(arrange(factor) for factor in expression.args))
    if isinstance(expression, sympy.MatAdd):
        signed = [(-1, term.args[1:]) if term.args[0] == -1 else (1, (term,)) for term in expression.args]
        terms = [(sign, arrange(factors[0]) if len(factors) == 1 else Product(tuple(map(arrange, factors)))) for sign, factors in signed]
        return Sum(tuple(sorted(terms, key=lambda term: -term[0])))
    if isinstance(expression, sympy.Transpose):
        return Transpose(arrange(expression.arg))
    raise TypeError(f"no way to print {type(expression).__name__}")


def _product(expression: sympy.Expr) -> tuple[int, Node]:
    """The sign of a product, quotient or power, and its arrangement without that sign."""
    upper: list[sympy.Expr] = []
    lower: list[sympy.Expr] = []
    rational = sympy.S.One
    for factor in _flat(expression):
        if factor.is_Rational:
            rational *= factor
        elif factor.is_Pow and _goes_below(factor):
            lower.append(sympy.Pow(factor.base, -factor.exp))
        else:
            upper.append(factor)
    rational, upper, lower = _with_surds_below(rational, upper, lower)
    sign = -1 if rational < 0 else 1
    numbers = [sympy.Integer(part) for part in (abs(rational.p), rational.q)]
    return sign, _quotient(numbers[0], sorted(upper, key=_factor_key), numbers[1], sorted(lower, key=_factor_key))


def _flat(expression: sympy.Expr) -> list[sympy.Expr]:
    if not expression.is_Mul:
        return [expression]
    return [part for factor in expression.args for part in _flat(factor)]


def _goes_below(power: sympy.Pow) -> bool:
    """Whether a power is written as a divisor: 1/M^(2N-2) for a parameter, but x^(2-N) for a state."""
    if _is_denominator(power.exp):
        return True
    parameter = power.base.is_Symbol and _letter_rank(power.base.name) < len(_PARAMETERS)
    return bool(parameter and power.exp.is_Add and power.exp.free_symbols == {DEPTH} and power.exp.subs(DEPTH, 10).is_negative)


def _is_denominator(exponent: sympy.Expr) -> bool:
    return bool(exponent.is_negative) if exponent.is_Rational else exponent.is_Mul and exponent.could_extract_minus_sign()


def _with_surds_below(
    rational: sympy.Rational, upper: list[sympy.Expr], lower: list[sympy.Expr]
) -> tuple[sympy.Rational, list[sympy.Expr], list[sympy.Expr]]:
    """SymPy's sqrt(3)/3 back to 1/sqrt(3)."""
    for factor in upper:
        if factor.is_Pow and factor.exp == sympy.S.Half and factor.base.is_Integer and rational.q % factor.base == 0:
            return rational * factor.base, [other for other in upper if other != factor], [*lower, factor]
    return rational, upper, lower


def _quotient(top: sympy.Integer, upper: list[sympy.Expr], bottom: sympy.Integer, lower: list[sympy.Expr]) -> Node:
    """Everything in one fraction, except that sums and functions follow it instead of sitting in a tall numerator."""
    below = [*([bottom] if bottom != 1 else []), *lower]
    if not below:
        return _row(top, upper)
    tall = [factor for factor in upper if _is_tall(factor)]
    short = [factor for factor in upper if not _is_tall(factor)]
    denominator = _row(bottom, lower)
    if len(tall) == 1 and top == 1 and not short and tall[0].is_Add and not _has_fraction(tall[0]):
        return Fraction(arrange(tall[0]), denominator)
    if tall and all(factor.is_Add and not _has_fraction(factor) for factor in tall) and lower:
        return Fraction(_row(top, upper), denominator)
    front = Fraction(_row(top, short), denominator)
    return Product((front, *map(arrange, tall))) if tall else front


def _row(number: sympy.Integer, factors: list[sympy.Expr]) -> Node:
    shown = [*([Number(str(number))] if number != 1 or not factors else []), *map(arrange, factors)]
    return shown[0] if len(shown) == 1 else Product(tuple(shown))


def _is_tall(factor: sympy.Expr) -> bool:
    base = factor.base if factor.is_Pow else factor
    return bool(base.is_Add or isinstance(base, sympy.log | sympy.atan | sympy.hyper | sympy.cos | sympy.sin | BigSum | sympy.Trace))


def _has_fraction(expression: sympy.Expr) -> bool:
    return any(
        isinstance(node, sympy.log | sympy.atan | sympy.hyper)
        or (node.is_Pow and _is_denominator(node.exp))
        or (node.is_Rational and node.q != 1)
        for node in _outside_exponents(expression)
    )


def _outside_exponents(expression: sympy.Expr) -> list[sympy.Expr]:
    if isinstance(expression, sympy.cos | sympy.sin):
        return []
    children = expression.args[:1] if expression.is_Pow else expression.args
    return [expression, *(node for child in children for node in _outside_exponents(child))]


def _natural(text: str) -> tuple[object, ...]:
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in re.split(r"(\d+)", text))


def _letter_rank(text: str) -> int:
    letter = text.split("_")[0].split("[")[0]
    return _PARAMETERS.index(letter) if letter in _PARAMETERS else len(_PARAMETERS)


def _factor_key(factor: sympy.Expr) -> tuple[object, ...]:
    base = factor.base if factor.is_Pow else factor
    if base.is_number:
        group = 5 if base.has(sympy.cos, sympy.sin) else 0
    elif base.is_Add and base.free_symbols == {DEPTH}:
        group = 1
    elif base.is_Symbol or isinstance(base, sympy.Indexed):
        group = 2
    elif isinstance(base, sympy.Abs | sympy.Max):
        group = 3
    elif base.is_Add:
        group = 6
    elif isinstance(base, sympy.log | sympy.atan | sympy.hyper | sympy.exp | BigSum | sympy.Trace):
        group = 7
    else:
        group = 4
    return group, _letter_rank(str(base)), sympy.count_ops(factor), _natural(str(factor))


def _sum(expression: sympy.Expr) -> Sum:
    terms = [(*_product(term), term) for term in expression.args]
    ordered = _by_degree(terms) or sorted(terms, key=_term_key)
    return Sum(tuple((sign, node) for sign, node, _ in ordered))


_Term = tuple[int, Node, sympy.Expr]


def _term_key(term: _Term) -> tuple[object, ...]:
    sign, _, expression = term
    kinds = ((sympy.atan, 3), (sympy.log, 2), (sympy.hyper, 1))
    kind = next((rank for function, rank in kinds if expression.has(function)), 0)
    size = 1 if expression.is_number else sympy.count_ops(expression)
    # An expansion in the step size goes by its powers.
    order = int(expression.as_powers_dict().get(TAU, 0))
    return order, kind, -sign, size, _letter_rank(str(expression)), _natural(str(expression))


def _by_degree(terms: list[_Term]) -> list[_Term] | None:
    """Falling powers of the one letter that a polynomial is about; rising ones where that avoids a leading minus sign; else None.

    None also where the step size occurs, by whose powers the terms are sorted.
    """
    if any(term.has(TAU) for *_, term in terms):
        return None
    letters = {symbol for *_, term in terms for symbol in term.free_symbols if _letter_rank(symbol.name) == len(_PARAMETERS)}
    if not letters:
        letters = {symbol for *_, term in terms for symbol in term.free_symbols if symbol.name in ("N", "k")}
    if len(letters) != 1:
        return None
    letter = letters.pop()
    polynomials = [sympy.Poly(term, letter) for *_, term in terms if term.is_polynomial(letter)]
    ranked = sorted(zip((int(p.degree()) for p in polynomials), terms, strict=False), key=lambda pair: -pair[0])
    if len(polynomials) < len(terms) or len({degree for degree, _ in ranked}) < len(terms):
        return None
    falling = [term for _, term in ranked]
    # 1 + x and 1 + x^2, but 2x + 1 and k + 1.
    bare = letter.name not in ("N", "k") and (ranked[0][0] > 1 or falling[0][2] == letter)
    constant_first = len(terms) == 2 and falling[1][2].is_Rational and bare
    return falling[::-1] if (constant_first or falling[0][0] < 0) and falling[-1][0] > 0 else falling
