"""What a person may get wrong in a statement, each as one line with its remedy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import Any

import sympy
from sympy import Expr, Float, Symbol, oo

from dmftheory.claims import domains
from dmftheory.claims.formula import CollapsedError, Formula, from_sympy, relations
from dmftheory.claims.observables import FirstPassage, LearningStep
from dmftheory.claims.source import line_of
from dmftheory.claims.theorem import PROVENANCES, Theorem
from dmftheory.claims.verdict import ORDER
from dmftheory.claims.vocabulary import foreign, unchecked_assumptions

ID_MARKS = "._-~"
"""What an id may contain besides letters and digits."""
SHOWN = 3
"""So many mistakes of one statement are shown at once."""
MOST_DIGITS = 7
"""A fraction with more digits below the line is not what somebody meant who wrote a float."""


@dataclass(frozen=True)
class Mistake:
    """What is wrong, in one sentence with its remedy, and where: the argument of Theorem, and the variable or the place in its list."""

    part: str
    text: str
    at: Any = None


def mistakes(theorem: Theorem) -> list[Mistake]:
    """What a person got wrong in writing the statement. Empty: well formed."""
    try:
        found = [*_field_errors(theorem), *_variable_errors(theorem)] or [*_formula_errors(theorem), *_constant_errors(theorem)]
        return found or [*_symbol_errors(theorem), *_assumption_errors(theorem), *_vocabulary_errors(theorem)]
    except Exception as error:  # whatever a stranger puts there, the other statements of the file are to be read
        return [Mistake("claim", f"the statement cannot be read ({type(error).__name__}: {error}): write it with SymPy's own objects")]


def errors(theorem: Theorem) -> list[str]:
    """The sentences of `mistakes`."""
    return [mistake.text for mistake in mistakes(theorem)]


def placed(theorem: Theorem, found: Iterable[Mistake]) -> str:
    """The first few mistakes, each as FILE:LINE: SENTENCE with the line of the argument that is meant."""
    file = theorem.origin[0]
    lines = [f"{file}:{line_of(theorem.origin, mistake.part, mistake.at)}: {mistake.text}" for mistake in found]
    return "; ".join(lines[:SHOWN]) + (f"; and {len(lines) - SHOWN} more" if len(lines) > SHOWN else "")


def collapsed(theorem: Theorem) -> str | None:
    """Why the statement was evaluated by SymPy before we saw it, or None."""
    return next((mistake.text for mistake in collapses(theorem)), None)


def collapses(theorem: Theorem) -> Iterator[Mistake]:
    """The parts that SymPy evaluated before we saw them."""
    for part, at, name, statement in _parts(theorem):
        try:
            from_sympy(statement)
        except CollapsedError as error:
            yield Mistake(part, f"{name}: {error}; often an assumption of a symbol (positive, nonnegative) says it already", at)
        except TypeError:
            continue


def _parts(theorem: Theorem) -> Iterator[tuple[str, Any, str, Any]]:
    """Argument, place in it, name for a person, statement: of the claim and of each hypothesis."""
    yield "claim", None, "claim", theorem.claim
    for place, statement in enumerate(theorem.assume):
        yield "assume", place, "assume" if len(theorem.assume) == 1 else f"assume, number {place + 1}", statement


def _field_errors(theorem: Theorem) -> Iterator[Mistake]:
    if theorem.mistake:
        yield Mistake("id", theorem.mistake)
        return
    if not theorem.id or not all(c.isalnum() or c in ID_MARKS for c in theorem.id):
        yield Mistake("id", f"id {theorem.id!r}: use letters, digits, {', '.join(map(repr, ID_MARKS[:-1]))} and {ID_MARKS[-1]!r}")
    if theorem.declared not in ORDER:
        yield Mistake("declared", f"declared={theorem.declared!r}: use one of {', '.join(reversed(ORDER))}")
    if theorem.provenance and theorem.provenance.split("(")[0] not in PROVENANCES:
        yield Mistake("provenance", f"provenance={theorem.provenance!r}: use one of {', '.join(PROVENANCES)}")
    if theorem.claim is None:
        yield Mistake("claim", "the theorem has no claim: give it one, claim=...")


def _variable_errors(theorem: Theorem) -> Iterator[Mistake]:
    for symbol, domain in theorem.given.items():
        if not isinstance(symbol, Symbol | sympy.MatrixSymbol):
            yield Mistake("given", f"given {symbol}: write given={{symbol: set}}, where a symbol is a Symbol or a MatrixSymbol", symbol)
        elif isinstance(domain, domains.Orthogonal | domains.Diagonal) and isinstance(domain.size, str):
            yield Mistake("given", f"given {symbol}: the size {domain.size!r} is a text: write a number or a Symbol", symbol)
        elif isinstance(domain, domains.Orthogonal | domains.Diagonal):
            size = sympy.sympify(domain.size, strict=True)
            if not isinstance(symbol, sympy.MatrixSymbol) or symbol.shape != (size, size):
                name = getattr(symbol, "name", str(symbol))
                yield Mistake("given", f"given {symbol}: declare it MatrixSymbol({name!r}, {size}, {size})", symbol)
        elif isinstance(symbol, sympy.MatrixSymbol):
            yield Mistake("given", f"given {symbol}: the set of a matrix is Orthogonal(n) or Diagonal(n)", symbol)
        elif not domains.is_supported(domain) and not domains.is_empty(domain):
            yield Mistake("given", f"given {symbol}: {domain!r} is no set that is known here: write {_set_meant(domain)}", symbol)


def _set_meant(domain: Any) -> str:
    """The set that somebody who wrote this may have meant."""
    if isinstance(domain, range):
        return f"Range({domain.start}, {domain.stop})"
    if domain in (sympy.S.Naturals, sympy.S.Naturals0, sympy.S.Integers):
        return {sympy.S.Naturals: "Range(1, oo)", sympy.S.Naturals0: "Range(0, oo)"}.get(domain, "Range(-oo, oo)")
    if isinstance(domain, tuple | list) and len(domain) == 2:
        return f"Interval({domain[0]}, {domain[1]}), or Interval.open where the ends do not belong to it"
    return "an Interval, a Range (step 1), a FiniteSet or a Union of them"


def _constant_errors(theorem: Theorem) -> Iterator[Mistake]:
    """A constant stands for one real number, is no variable, and has the properties that SymPy was told of its symbol."""
    variables = {s.name for s in theorem.given}
    for symbol, value in theorem.constants.items():
        if isinstance(value, str):
            yield Mistake("constants", f"constants {symbol}: {value!r} is a text: write a SymPy number, such as Rational(1, 2)", symbol)
            continue
        number = sympy.sympify(value, strict=True)
        if not isinstance(symbol, Symbol) or symbol.name in variables:
            yield Mistake("constants", f"constants {symbol}: a constant is a Symbol, and none of the variables", symbol)
        elif not (number.is_number and number.is_real and number.is_finite) or number.has(Float):
            yield Mistake("constants", f"constants {symbol}: {value} is not an exact real number", symbol)
        elif any(getattr(number, f"is_{name}") is not truth for name, truth in symbol._assumptions_orig.items() if name != "commutative"):
            yield Mistake(
                "constants", f"constants {symbol}: {value} does not have the properties that the symbol was declared with", symbol
            )


def _formula_errors(theorem: Theorem) -> Iterator[Mistake]:
    for part, at, name, statement in _parts(theorem):
        if isinstance(statement, str):
            yield Mistake(part, f"{name}: {statement!r} is a text: write the relation itself, without quotes", at)
            continue
        try:
            formula = from_sympy(statement)
        except CollapsedError:
            continue
        except TypeError as error:
            shown = statement if isinstance(statement, sympy.Basic) else f"an object of type {type(statement).__name__}"
            whole = f"{shown} is not a relation: write Eq(a, b), a <= b, ..., or And, Or, Not, Implies of relations"
            yield Mistake(part, f"{name}: {error if isinstance(statement, bool) else whole}", at)
            continue
        for number in sorted({a for t in _terms(formula) for a in t.atoms(Float)}, key=str):
            yield Mistake(part, f"{name}: {_float(number)}", at)
    for symbol, domain in theorem.given.items():
        for number in sorted(getattr(domain, "atoms", lambda *_: ())(Float), key=str):
            yield Mistake("given", f"given {symbol}: {_float(number)}", symbol)


def _float(number: Any) -> str:
    """What to write for a float: the simplest fraction that rounds to it, if there is a simple one."""
    value = float(number)
    for digits in range(1, MOST_DIGITS) if isfinite(value) else ():
        simple = Fraction(value).limit_denominator(10**digits)
        if float(simple) == value:
            return f"{value!r} is a float: write {_exact(simple)} if that is what you mean"
    return f"{value!r} is a float: write an exact number, such as Rational(1, 3), sqrt(2) or pi/4"


def _exact(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"Rational({value.numerator}, {value.denominator})"


def _symbol_errors(theorem: Theorem) -> Iterator[Mistake]:
    if collapsed(theorem):
        return
    names: dict[str, Any] = {}
    where = {s: (part, at) for part, at, f in reversed([*_read(theorem)]) for t in _terms(f) for s in t.free_symbols}
    for symbol in (*theorem.given, *sorted(where.keys() - set(theorem.given), key=str)):
        part, at = ("given", symbol) if symbol in theorem.given else where[symbol]
        known = names.setdefault(symbol.name, symbol)
        if known != symbol:
            text = f"two different symbols are both called {symbol.name} ({_told(known)}; {_told(symbol)}): define it once and use that"
            yield Mistake(part, text, at)
        elif symbol not in theorem.given:
            yield Mistake(part, f"symbol {symbol} has no set: add it to given=, for instance {symbol}: Interval.open(0, oo)", at)
    before: set[Any] = set()
    for symbol, domain in theorem.given.items():
        for other in sorted(domains.depends_on(domain) - before, key=str):
            if not isinstance(domain, domains.Orthogonal | domains.Diagonal):
                later = "after it: move it up" if other in theorem.given and other != symbol else "not given before it: give it a set first"
                yield Mistake("given", f"given {symbol}: its set uses {other}, which is {later}", symbol)
        before.add(symbol)


def _read(theorem: Theorem) -> Iterator[tuple[str, Any, Formula]]:
    """The claim and the hypotheses as formulas with the constants put in, each with its argument and place."""
    yield "claim", None, theorem.conclusion
    for place, formula in enumerate(theorem.hypotheses):
        yield "assume", place, formula


def _told(symbol: Any) -> str:
    """The assumptions of a symbol, as they were written."""
    told = [name if truth else f"not {name}" for name, truth in getattr(symbol, "_assumptions_orig", {}).items() if name != "commutative"]
    return f"one declared {', '.join(told)}" if told else "one declared without assumptions"


def _assumption_errors(theorem: Theorem) -> Iterator[Mistake]:
    """SymPy simplifies with a symbol's assumptions, so each must be provable on the symbol's whole set (an empty one is vacuous)."""
    sets = dict(theorem.given)
    for symbol, domain in sets.items():
        if not isinstance(symbol, Symbol) or domains.is_empty(domain):
            continue
        found = []
        if symbol.is_integer and not _is_integer_set(domain):
            found.append(f"symbol {symbol} is declared integer but its set {domain} is not a set of integers: write Range(a, b)")
        if not symbol.is_integer and isinstance(domain, sympy.Range):
            found.append(f"symbol {symbol} ranges over integers: declare it Symbol({symbol.name!r}, integer=True)")
        for name, shown in (("positive", domains.is_positive), ("nonnegative", domains.is_nonnegative)):
            if getattr(symbol, f"is_{name}") and not shown(symbol, sets):
                remedy = "drop the assumption or mend the set"
                found.append(f"symbol {symbol} is declared {name} but its set {domain} is not shown to be: {remedy}")
                break
        found += [f"symbol {symbol}: the assumption {name} cannot be checked here: drop it" for name in unchecked_assumptions(symbol)]
        yield from (Mistake("given", text, symbol) for text in found)


def _vocabulary_errors(theorem: Theorem) -> Iterator[Mistake]:
    """Expressions without a meaning here; infinity stands alone on a side of a relation or at the end of a set."""
    if collapsed(theorem):
        return
    variables = set(theorem.given)
    for part, at, formula in _read(theorem):
        yield from (Mistake(part, f"{part}: {text}", at) for text in foreign(formula, variables))
    for symbol, domain in theorem.given.items():
        if not isinstance(domain, sympy.Set):
            continue
        found = [*foreign(domains.membership(symbol, domain), variables)]
        if any(not (a.is_integer or a in (oo, -oo)) for r in domain.atoms(sympy.Range) for a in (r.start, r.stop)):
            found.append("the ends of a Range are integers")
        elements = [a for finite in domain.atoms(sympy.FiniteSet) for a in finite.args]
        if any(a in (oo, -oo) or a.has(FirstPassage, LearningStep) for a in elements):
            found.append("an element of a set is a number, and neither oo nor a passage, which may be infinite")
        yield from (Mistake("given", f"given {symbol}: {text}", symbol) for text in found)


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
