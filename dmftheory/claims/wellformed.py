"""What a person may get wrong in a statement, each as one line with its remedy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy
from sympy import Expr, Float, Symbol

from dmftheory.claims import domains
from dmftheory.claims.formula import CollapsedError, Formula, from_sympy, relations
from dmftheory.claims.theorem import PROVENANCES, Theorem
from dmftheory.claims.verdict import ORDER


def errors(theorem: Theorem) -> list[str]:
    """Mistakes in the writing of the statement: each one sentence that says how to mend it. Empty: well formed."""
    found = [*_field_errors(theorem), *_formula_errors(theorem)]
    if not found:
        found = [*_symbol_errors(theorem), *_assumption_errors(theorem)]
    return found


def collapsed(theorem: Theorem) -> str | None:
    """Why the statement was evaluated by SymPy before we saw it, or None."""
    for part, statement in (("claim", theorem.claim), *(("assume", a) for a in theorem.assume)):
        try:
            from_sympy(statement)
        except CollapsedError as error:
            return f"{part}: {error}"
        except TypeError:
            continue
    return None


def _field_errors(theorem: Theorem) -> Iterator[str]:
    if not theorem.id or not all(c.isalnum() or c in "._-" for c in theorem.id):
        yield f"id {theorem.id!r}: use letters, digits, '.', '_' and '-'"
    if theorem.declared not in ORDER:
        yield f"declared={theorem.declared!r}: use one of {', '.join(reversed(ORDER))}"
    if theorem.provenance and theorem.provenance.split("(")[0] not in PROVENANCES:
        yield f"provenance={theorem.provenance!r}: use one of {', '.join(PROVENANCES)}"
    if theorem.claim is None:
        yield "the theorem has no claim"
    for symbol, domain in theorem.given.items():
        if not domains.is_supported(domain) and not domains.is_empty(domain):
            yield f"given {symbol}: {domain!r} is not an Interval, Range (step 1), FiniteSet or Union of them"


def _formula_errors(theorem: Theorem) -> Iterator[str]:
    for part, statement in (("claim", theorem.claim), *(("assume", a) for a in theorem.assume)):
        if statement is None:
            continue
        try:
            formula = from_sympy(statement)
        except CollapsedError:
            continue
        except TypeError as error:
            yield f"{part}: {error}"
            continue
        for atom in sorted({a for t in _terms(formula) for a in t.atoms(Float)}, key=str):
            yield f"{part}: {atom} is a float: write Rational({sympy.Rational(str(atom))!s}) if that is what you mean"
    for symbol, domain in theorem.given.items():
        for atom in getattr(domain, "atoms", lambda *_: ())(Float):
            yield f"given {symbol}: {atom} is a float: write Rational({sympy.Rational(str(atom))!s}) if that is what you mean"


def _symbol_errors(theorem: Theorem) -> Iterator[str]:
    if collapsed(theorem):
        return
    names: dict[str, Any] = {}
    used = {s for f in (theorem.conclusion, *theorem.hypotheses) for t in _terms(f) for s in t.free_symbols}
    for symbol in (*theorem.given, *sorted(used - set(theorem.given), key=str)):
        if names.setdefault(symbol.name, symbol) != symbol:
            yield f"two different symbols are both called {symbol.name}: define it once and use that"
        elif symbol not in theorem.given:
            yield f"symbol {symbol} has no set: add it to given=, for instance {symbol}: Interval.open(0, oo)"
    known: set[Any] = set()
    for symbol, domain in theorem.given.items():
        for other in sorted(domains.depends_on(domain) - known, key=str):
            if not isinstance(domain, domains.Orthogonal | domains.Diagonal):
                yield f"given {symbol}: its set uses {other}, which must be given before it"
        known.add(symbol)


def _assumption_errors(theorem: Theorem) -> Iterator[str]:
    """SymPy simplifies with a symbol's assumptions, so each must be provable on the symbol's whole set."""
    sets = dict(theorem.given)
    for symbol, domain in sets.items():
        if not isinstance(symbol, Symbol):
            continue
        if symbol.is_integer and not _is_integer_set(domain):
            yield f"symbol {symbol} is declared integer but its set {domain} is not a set of integers"
        if not symbol.is_integer and isinstance(domain, sympy.Range):
            yield f"symbol {symbol} ranges over integers: declare it Symbol({symbol.name!r}, integer=True)"
        if symbol.is_positive and not domains.is_positive(symbol, sets):
            yield f"symbol {symbol} is declared positive but its set {domain} is not shown to be: drop the assumption or mend the set"
        elif symbol.is_nonnegative and not domains.is_nonnegative(symbol, sets):
            yield f"symbol {symbol} is declared nonnegative but its set {domain} is not shown to be: drop the assumption or mend the set"
        for name in ("negative", "nonpositive", "zero", "rational", "irrational", "prime", "even", "odd", "algebraic", "transcendental"):
            if symbol._assumptions_orig.get(name) is not None:
                yield f"symbol {symbol}: the assumption {name} cannot be checked here: drop it"


def _is_integer_set(domain: Any) -> bool:
    match domain:
        case sympy.Range():
            return True
        case sympy.FiniteSet():
            return all(a.is_integer for a in domain.args)
        case sympy.Union():
            return all(_is_integer_set(a) for a in domain.args)
    return False


def _terms(formula: Formula) -> Iterator[Expr]:
    for relation in relations(formula):
        yield relation.left
        yield relation.right
