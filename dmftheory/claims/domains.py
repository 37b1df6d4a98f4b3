"""The sets that variables range over: SymPy's Interval, Range, FiniteSet, Union, and two kinds of matrices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy
from sympy import FiniteSet, Integer, Interval, Range, Symbol, Union, oo

from dmftheory.claims.formula import And, Formula, Or, Relation


@dataclass(frozen=True)
class Orthogonal:
    """The orthogonal matrices of a given size (a number or a symbol)."""

    size: Any


@dataclass(frozen=True)
class Diagonal:
    """The real diagonal matrices of a given size (a number or a symbol)."""

    size: Any


def is_supported(domain: Any) -> bool:
    """Whether the language of statements knows this kind of set."""
    if isinstance(domain, Union):
        return all(is_supported(part) for part in domain.args)
    if isinstance(domain, Range):
        return domain.step == 1 and domain.start.is_extended_real is not False
    return isinstance(domain, Interval | FiniteSet | Orthogonal | Diagonal)


def membership(symbol: Any, domain: Any) -> Formula:
    """The formula 'symbol lies in domain', without integrality (which the symbol's own assumption carries)."""
    match domain:
        case Interval():
            lower = () if domain.start == -oo else (Relation(symbol, ">" if domain.left_open else ">=", domain.start),)
            upper = () if domain.end == oo else (Relation(symbol, "<" if domain.right_open else "<=", domain.end),)
            return And(lower + upper)
        case Range():
            lower = () if domain.start == -oo else (Relation(symbol, ">=", domain.start),)
            upper = () if domain.stop == oo else (Relation(symbol, "<=", domain.stop - 1),)
            return And(lower + upper)
        case FiniteSet():
            return Or(tuple(Relation(symbol, "==", value) for value in sorted(domain.args, key=sympy.default_sort_key)))
        case Union():
            return Or(tuple(membership(symbol, part) for part in domain.args))
    return And(())


def lower_bound(symbol: Any, domains: dict[Any, Any]) -> Any:
    """A rational number that the symbol is nowhere below, or None; read off its set alone."""
    match domains.get(symbol):
        case Interval(start=bound) | Range(start=bound) if bound.is_Rational:
            return bound
    return None


def is_positive(expr: Any, domains: dict[Any, Any]) -> bool:
    """Whether expr > 0 on the whole domain, shown from the sets by signs of sums, products and powers alone (False: not shown)."""
    return _sign(expr, domains) == 1


def is_nonnegative(expr: Any, domains: dict[Any, Any]) -> bool:
    """Whether expr >= 0 on the whole domain, shown as in is_positive."""
    return _sign(expr, domains) >= 0


def _sign(expr: Any, domains: dict[Any, Any]) -> int:
    """1: positive, 0: nonnegative, -1: not shown."""
    if expr.is_Rational:
        return 1 if expr > 0 else 0 if expr == 0 else -1
    if expr.is_Symbol:
        return _set_sign(domains.get(expr), domains)
    if expr.is_Pow:
        base = _sign(expr.base, domains)
        return 1 if base == 1 else 0 if base == 0 and _sign(expr.exp, domains) >= 0 else -1
    if expr.is_Mul:
        return min(_sign(a, domains) for a in expr.args)
    if expr.is_Add:
        constant, rest = expr.as_coeff_Add()
        if constant.is_Rational and constant < 0:
            return _shifted_sign(rest, -constant, domains)
        signs = [_sign(a, domains) for a in expr.args]
        return -1 if -1 in signs else max(signs)
    return -1


def _shifted_sign(expr: Any, amount: Any, domains: dict[Any, Any]) -> int:
    """The sign of expr - amount for expr = c s with c > 0 and a bounded symbol s, such as N - 1 or 2 N - 1."""
    factor, symbol = expr.as_coeff_Mul()
    bound = lower_bound(symbol, domains)
    if bound is None or not factor.is_Rational or factor <= 0:
        return -1
    least = factor * bound - amount
    return 1 if least > 0 else 0 if least == 0 else -1


def _set_sign(domain: Any, domains: dict[Any, Any]) -> int:
    match domain:
        case Interval():
            if domain.start == -oo:
                return -1
            sign = _sign(domain.start, domains)
            return 1 if sign == 0 and domain.left_open else sign
        case Range():
            return -1 if domain.start == -oo else _sign(domain.start, domains)
        case FiniteSet() | Union():
            parts = domain.args
            signs = [_sign(p, domains) if isinstance(domain, FiniteSet) else _set_sign(p, domains) for p in parts]
            return min(signs)
    return -1


def is_empty(domain: Any) -> bool:
    """Whether the set is empty as written (no symbols left in it)."""
    if isinstance(domain, Range) and (domain.start in (oo, -oo) or domain.stop == oo or domain.free_symbols):
        return False  # SymPy knows no size there
    return bool(domain is sympy.EmptySet or (isinstance(domain, Range) and domain.size == Integer(0)))


def depends_on(domain: Any) -> set[Symbol]:
    """The symbols that a set mentions."""
    if isinstance(domain, Orthogonal | Diagonal):
        return set(getattr(domain.size, "free_symbols", ()))
    return {s for a in domain.args if hasattr(a, "free_symbols") for s in a.free_symbols}
