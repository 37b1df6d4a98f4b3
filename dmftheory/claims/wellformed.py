"""What a person may get wrong in a statement, each as one line with its remedy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy
from sympy import Expr, Float, Symbol, oo

from dmftheory.claims import domains
from dmftheory.claims.formula import CollapsedError, Formula, from_sympy, relations
from dmftheory.claims.theorem import PROVENANCES, Theorem
from dmftheory.claims.verdict import ORDER
from dmftheory.claims.vocabulary import foreign, unchecked_assumptions


def errors(theorem: Theorem) -> list[str]:
    """Mistakes in the writing of the statement: each one sentence that says how to mend it. Empty: well formed."""
    found = [*_field_errors(theorem), *_variable_errors(theorem)] or [*_formula_errors(theorem), *_constant_errors(theorem)]
    if not found:
        found = [*_symbol_errors(theorem), *_assumption_errors(theorem), *_vocabulary_errors(theorem)]
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
    if not isinstance(theorem.id, str) or not theorem.id or not all(c.isalnum() or c in "._-~" for c in theorem.id):
        yield f"id {theorem.id!r}: use letters, digits, '.', '_', '-' and '~'"
    if theorem.declared not in ORDER:
        yield f"declared={theorem.declared!r}: use one of {', '.join(reversed(ORDER))}"
    if theorem.provenance and theorem.provenance.split("(")[0] not in PROVENANCES:
        yield f"provenance={theorem.provenance!r}: use one of {', '.join(PROVENANCES)}"
    if theorem.claim is None:
        yield "the theorem has no claim"


def _variable_errors(theorem: Theorem) -> Iterator[str]:
    for symbol, domain in theorem.given.items():
        if not isinstance(symbol, Symbol | sympy.MatrixSymbol):
            yield f"given {symbol}: a variable is a Symbol or a MatrixSymbol"
        elif isinstance(domain, domains.Orthogonal | domains.Diagonal) and isinstance(domain.size, str):
            yield f"given {symbol}: the size {domain.size!r} is a text: write a number or a Symbol"
        elif isinstance(domain, domains.Orthogonal | domains.Diagonal):
            size = sympy.sympify(domain.size, strict=True)
            if not isinstance(symbol, sympy.MatrixSymbol) or symbol.shape != (size, size):
                yield f"given {symbol}: declare it MatrixSymbol({symbol.name!r}, {size}, {size})"
        elif isinstance(symbol, sympy.MatrixSymbol):
            yield f"given {symbol}: the set of a matrix is Orthogonal(n) or Diagonal(n)"
        elif not domains.is_supported(domain) and not domains.is_empty(domain):
            yield f"given {symbol}: {domain!r} is not an Interval, Range (step 1), FiniteSet or Union of them"


def _constant_errors(theorem: Theorem) -> Iterator[str]:
    """A constant stands for one real number, is no variable, and has the properties that SymPy was told of its symbol."""
    variables = {s.name for s in theorem.given}
    for symbol, value in theorem.constants.items():
        if isinstance(value, str):
            yield f"constants {symbol}: {value!r} is a text: write a SymPy number, such as Rational(1, 2)"
            continue
        number = sympy.sympify(value, strict=True)
        if not isinstance(symbol, Symbol) or symbol.name in variables:
            yield f"constants {symbol}: a constant is a Symbol, and none of the variables"
        elif not (number.is_number and number.is_real and number.is_finite) or number.has(Float):
            yield f"constants {symbol}: {value} is not an exact real number"
        elif any(getattr(number, f"is_{name}") is not truth for name, truth in symbol._assumptions_orig.items() if name != "commutative"):
            yield f"constants {symbol}: {value} does not have the properties that the symbol was declared with"


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
        for name in unchecked_assumptions(symbol):
            yield f"symbol {symbol}: the assumption {name} cannot be checked here: drop it"


def _vocabulary_errors(theorem: Theorem) -> Iterator[str]:
    """Expressions without a meaning here; infinity stands alone on a side of a relation or at the end of a set."""
    if collapsed(theorem):
        return
    for formula in (theorem.conclusion, *theorem.hypotheses):
        yield from foreign(formula, set(theorem.given))
    for symbol, domain in theorem.given.items():
        if not isinstance(domain, sympy.Set):
            continue
        yield from (f"given {symbol}: {mistake}" for mistake in foreign(domains.membership(symbol, domain), set(theorem.given)))
        if any(not (a.is_integer or a in (oo, -oo)) for r in domain.atoms(sympy.Range) for a in (r.start, r.stop)):
            yield f"given {symbol}: the ends of a Range are integers"
        if any(a in (oo, -oo) for finite in domain.atoms(sympy.FiniteSet) for a in finite.args):
            yield f"given {symbol}: an element of a set is a number, not oo"


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
