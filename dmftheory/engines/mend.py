"""The words of a warning: which term scales differently, and the exponent that would mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import sympy

from dmftheory.claims.formula import Relation
from dmftheory.engines.weights import Condition, Form, Reader, Scales

_MENDS = 2
"""So many mends are named, the simplest ones."""


def sentence(condition: Condition, scales: Scales, measure: Any, fixed: Sequence[Any]) -> str:
    """What scales differently, by how much, and how to mend it.

    measure   the weight of the free symbol in the units of the reader, a field element;  fixed: symbols that range between fixed numbers
    """
    unit = _unit(condition, scales)
    scale = scales.field.one if measure is None else measure

    def weight(form: Form) -> Any:
        return sympy.expand(scales.field.to_sympy(scales.reduce(form).get(unit, scales.field.zero) * scale))

    read = [(term, weight(form)) for term, form in condition.terms]
    odd, wanted = _odd_one(condition, read)
    found = _mends(condition, odd, wanted, read, weight, scales.field)
    mend = " or ".join(found) if found else "no single exponent"
    rider = f"; the range of {', '.join(map(str, fixed))} is fixed, so it may hold all the same" if fixed else ""
    return f"{condition.place}: {_difference(condition, odd, wanted, read)}: {mend} would mend it{rider}"


def _unit(condition: Condition, scales: Scales) -> Any:
    """The free symbol in which the difference is expressed."""
    return next(s for row in condition.rows() for s in scales.reduce(row))


def _odd_one(condition: Condition, read: Sequence[tuple[Any, Any]]) -> tuple[int, Any]:
    """Which term is odd, and the weight that it should have: that of most of the others."""
    if condition.alone:
        return next(i for i, (_, w) in enumerate(read) if w != 0), sympy.Integer(0)
    counts = Counter(w for _, w in read)
    usual = max(counts, key=lambda w: (counts[w], w == read[0][1]))
    return next(i for i, (_, w) in enumerate(read) if w != usual), usual


def _difference(condition: Condition, odd: int, wanted: Any, read: Sequence[tuple[Any, Any]]) -> str:
    term, weight = read[odd]
    if condition.alone:
        return f"in {condition.node} the part {term} has weight {weight} and should have none"
    if len(read) == 2:
        left, right = read[0][1], read[1][1]
        names = ("the symbol", "its bound") if condition.place.startswith("the set") and not isinstance(condition.node, sympy.Add) else None
        if isinstance(condition.node, Relation) or names:
            first, second = names or ("the left side", "the right side")
            what = f"{read[1][0]}" if names else f"{condition.node.left} {condition.node.op} {condition.node.right}"
            return f"{second} has weight {right}, {first} {left} ({what})"
    return f"in {condition.node} the term {term} has weight {weight}, the others {wanted}"


def _mends(condition: Condition, odd: int, wanted: Any, read: Sequence[tuple[Any, Any]], weight: Any, field: Any) -> list[str]:
    """The simplest changes of one exponent, in the odd term first and, where there are two, in the other."""
    options = [(odd, wanted)] if condition.alone or len(read) > 2 else [(odd, wanted), (1 - odd, read[odd][1])]
    found: list[tuple[Any, str]] = []
    for place, target in options:
        term, present = read[place]
        if condition.place.startswith("the set") and place == 0 and not condition.alone:
            continue  # the variable itself
        for base, exponent in _factors(term, sympy.Integer(1)):
            own = weight(Reader(field).weight(base) or {})
            if own == 0:
                continue
            mended = _plain(exponent + (target - present) / own)
            turned = -1 if exponent.is_Rational and exponent < 0 else 1  # printed in the denominator
            instead = "" if turned * exponent == 1 else f" instead of {turned * exponent}"
            rank = isinstance(base, sympy.Add), sympy.count_ops(mended), place != odd, str(base)
            found.append((rank, f"an exponent {_plain(turned * mended)} of `{base}`{instead}"))
    return [words for _, words in sorted(found)[:_MENDS]]


def _plain(exponent: Any) -> Any:
    """2 - 2/N rather than (2*N - 2)/N, but N/(2*N - 2) as it is."""
    quotient = sympy.cancel(exponent)
    return quotient if isinstance(sympy.denom(quotient), sympy.Add) else sympy.expand(quotient)


def _factors(term: Any, outer: Any) -> Iterator[tuple[Any, Any]]:
    """The factors of a term with their exponents, out of nested products and powers."""
    if isinstance(term, sympy.Mul):
        for factor in term.args:
            yield from _factors(factor, outer)
    elif isinstance(term, sympy.Pow):
        yield from _factors(term.base, outer * term.exp)
    elif isinstance(term, sympy.Abs):
        yield from _factors(term.args[0], outer)
    elif term.free_symbols:
        yield term, outer
