"""A statement about matrices of any size, at size 1: orthogonal matrices are 1 and -1, diagonal ones are numbers, and products commute.

What fails there fails; what holds there need not hold at other sizes.
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy import FiniteSet, Integer, Interval, Range, Symbol, oo

from dmftheory.claims import domains
from dmftheory.claims.formula import map_terms, substitute
from dmftheory.claims.theorem import Theorem

SCALAR = {sympy.MatMul: sympy.Mul, sympy.MatAdd: sympy.Add, sympy.MatPow: sympy.Pow}


def at_size_one(theorem: Theorem) -> Theorem | None:
    """The statement for 1 x 1 matrices, each a number of the same name; None if it has no matrices or does not speak of size 1."""
    sizes = {domain.size for domain in theorem.given.values() if isinstance(domain, domains.Orthogonal | domains.Diagonal)}
    if not sizes or not all(_may_be_one(size, theorem) for size in sizes):
        return None
    one = {size: Integer(1) for size in sizes if isinstance(size, Symbol)}
    names: dict[Any, Any] = {}
    given: dict[Any, Any] = {}
    for symbol, domain in theorem.given.items():
        if isinstance(domain, domains.Orthogonal | domains.Diagonal):
            names[symbol] = Symbol(symbol.name, real=True)
            given[names[symbol]] = FiniteSet(-1, 1) if isinstance(domain, domains.Orthogonal) else Interval(-oo, oo)
        else:
            given[symbol] = FiniteSet(Integer(1)) if symbol in one else domain.xreplace(one)

    def scalar(term: Any) -> Any:
        return _scalar(term, names)

    claim, *assume = (substitute(map_terms(f, scalar), one) for f in (theorem.conclusion, *theorem.hypotheses))
    return Theorem(theorem.id, theorem.title, given, claim, assume)


def _may_be_one(size: Any, theorem: Theorem) -> bool:
    domain = theorem.given.get(size)
    return size == 1 or (isinstance(domain, Range) and domain.start == 1)


def _scalar(term: Any, names: dict[Any, Any]) -> Any:
    """A term over 1 x 1 matrices as a number."""
    if term in names:
        return names[term]
    if isinstance(term, sympy.Identity):
        return Integer(1)
    if isinstance(term, sympy.Transpose):
        return _scalar(term.arg, names)
    kind = SCALAR.get(type(term))
    return term if kind is None else kind(*(_scalar(argument, names) for argument in term.args))
