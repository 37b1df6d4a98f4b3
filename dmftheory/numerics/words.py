"""Identity of matrix words: sums of products of orthogonal and diagonal letters and their powers, in one normal form.

Letters: an orthogonal V with V^T V = V V^T = I, and diagonal D, which are symmetric and commute with each other. A power of a
conjugated word opens, (V X V^T)^n = V X^n V^T for integers n >= 0, so powers with symbolic exponents need no induction here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import sympy
from sympy import Integer, MatAdd, MatMul, MatPow, MatrixSymbol, Transpose

Letter = tuple[Any, Any]
Word = tuple[Any, ...]
Polynomial = dict[Word, Any]


class WordError(ValueError):
    """An expression that the normal form does not cover."""


def normal_form(expr: Any, kinds: Mapping[Any, str], nonnegative: Callable[[Any], bool]) -> Polynomial:
    """Word -> scalar coefficient. A word is made of ('V', symbol, transposed) letters and ('D', powers) blocks of commuting letters.

    `kinds` says of each matrix whether it is 'orthogonal' or 'diagonal'; `nonnegative` shows that an exponent is >= 0. Raises WordError
    for an expression that the normal form does not cover.
    """
    match expr:
        case MatAdd():
            return _collect([(word, c) for part in expr.args for word, c in normal_form(part, kinds, nonnegative).items()])
        case MatMul():
            result: Polynomial = {(): Integer(1)}
            for factor in expr.args:
                is_matrix = getattr(factor, "is_Matrix", False)
                result = _product(result, normal_form(factor, kinds, nonnegative) if is_matrix else {(): factor})
            return result
        case Transpose():
            return _collect([(_transposed(word), c) for word, c in normal_form(expr.arg, kinds, nonnegative).items()])
        case MatPow():
            return _power(normal_form(expr.base, kinds, nonnegative), expr.exp, nonnegative)
        case sympy.Identity():
            return {(): Integer(1)}
        case MatrixSymbol():
            return {(_letter(expr, kinds),): Integer(1)}
    raise WordError(f"{expr} is not built from orthogonal and diagonal matrices")


def _letter(symbol: Any, kinds: Mapping[Any, str]) -> Any:
    match kinds.get(symbol):
        case "orthogonal":
            return ("V", symbol, False)
        case "diagonal":
            return ("D", frozenset({symbol: Integer(1)}.items()))
    raise WordError(f"{symbol} is neither orthogonal nor diagonal")


def _power(base: Polynomial, exponent: Any, nonnegative: Callable[[Any], bool]) -> Polynomial:
    if exponent.is_Integer and exponent >= 0:
        result: Polynomial = {(): Integer(1)}
        for _ in range(int(exponent)):
            result = _product(result, base)
        return result
    if not (exponent.is_integer and nonnegative(exponent)):
        raise WordError(f"the exponent {exponent} is not shown to be a nonnegative integer")
    if len(base) != 1:
        raise WordError("a symbolic power of a sum has no normal form")
    ((word, coefficient),) = base.items()
    outer: list[Any] = []
    while len(word) >= 2 and word[-1] == _transposed((word[0],))[0] and word[0][0] == "V":
        outer.append(word[0])
        word = word[1:-1]
    if len(word) > 1 or (word and word[0][0] != "D"):
        raise WordError(f"a power of the word {word} has no normal form")
    inner = tuple(("D", frozenset((s, sympy.expand(e * exponent)) for s, e in block)) for _, block in word)
    left = tuple(outer)
    return {_reduced((*left, *inner, *_transposed(left))): coefficient**exponent}


def _product(a: Polynomial, b: Polynomial) -> Polynomial:
    return _collect([(_reduced(u + v), c * d) for u, c in a.items() for v, d in b.items()])


def _reduced(word: Word) -> Word:
    """Cancel V^T V and V V^T, merge neighbouring diagonal blocks."""
    stack: list[Any] = []
    for letter in word:
        if stack and letter[0] == "V" and stack[-1] == _transposed((letter,))[0]:
            stack.pop()
        elif stack and letter[0] == "D" and stack[-1][0] == "D":
            merged: Counter[Any] = Counter()
            for symbol, exponent in (*stack.pop()[1], *letter[1]):
                merged[symbol] = sympy.expand(merged[symbol] + exponent)
            block = frozenset((s, e) for s, e in merged.items() if e != 0)
            if block:
                stack.append(("D", block))
        else:
            stack.append(letter)
    # A cancelled pair, or a block that became empty, can bring two diagonal blocks or two letters together.
    result = tuple(stack)
    return result if result == word else _reduced(result)


def _transposed(word: Word) -> Word:
    return tuple(("V", letter[1], not letter[2]) if letter[0] == "V" else letter for letter in reversed(word))


def _collect(terms: list[tuple[Word, Any]]) -> Polynomial:
    total: Polynomial = {}
    for word, coefficient in terms:
        total[word] = sympy.expand(total.get(word, Integer(0)) + coefficient)
    return {word: c for word, c in total.items() if c != 0}
