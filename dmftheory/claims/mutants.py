"""Mutants: neighbours of a statement, made mechanically, most of which ought to be false.

| rule       | what changes                                                                            |
|------------|-----------------------------------------------------------------------------------------|
| `strict`   | `<=` becomes `<` in what is claimed                                                     |
| `weak`     | `<` becomes `<=` in a hypothesis or premise, an open end of a set becomes closed         |
| `constant` | a rational constant of the claim moves by 1 % up or down; 0 as a bound moves by 1/100    |
| `bound`    | the right side of an inequality is multiplied by 101/100 or 99/100                      |
| `equal`    | the right side of an equation is multiplied by 101/100 or 99/100                        |
| `exponent` | an exponent in the claim grows or shrinks by 1                                          |
| `maxmin`   | `Max` becomes `Min`, `Min` becomes `Max`                                                |
| `drop`     | a hypothesis is left out                                                                |
| `widen`    | an end of a set moves outwards: to twice or half its value, from 0 by 1; integers by 1 |

Exponents (their own rule), integer arguments of functions (depths, steps, signs), the sign of a negative term and the values of
definitions are no constants. Counting begins at 0 and depth at 2: such a range stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sympy
from sympy import FiniteSet, Integer, Interval, Max, Min, Pow, Range, Rational, Symbol, oo
from sympy.matrices.expressions import MatPow

from dmftheory.claims import domains
from dmftheory.claims.formula import (
    And,
    CollapsedError,
    Formula,
    Implies,
    Not,
    Or,
    Relation,
    free_symbols,
    from_sympy,
    relations,
    substitute,
)
from dmftheory.claims.observables import EffectiveRank, Observable
from dmftheory.claims.theorem import Theorem
from dmftheory.claims.wellformed import errors

RULES = ("strict", "weak", "constant", "bound", "equal", "exponent", "maxmin", "drop", "widen")
PERCENT = Rational(1, 100)
MOST = 8
"""Mutants of one rule that a statement has at most; of more sites, evenly spaced ones are taken."""
TEXT = 90
SHALLOW = (Integer(0), Integer(1))
"""What is no depth."""

Change = tuple[str, Formula]
Sets = Mapping[Any, Any]
Parts = tuple[Sets, tuple[Formula, ...], Formula]
"""The sets of the variables, the hypotheses, the claim."""


@dataclass(frozen=True)
class Mutant:
    """A neighbour of `original`: its rule, what was changed in words, the statement itself (id `ID~rule.number`).

    `same_domain` says that it speaks of the same variables in the same sets under the same hypotheses; `renamed` pairs each symbol that
    is told less than before, because its set is larger, with the one that stands for it.
    """

    rule: str
    change: str
    theorem: Theorem
    original: Theorem
    same_domain: bool
    renamed: tuple[tuple[Any, Any], ...] = ()


@dataclass(frozen=True)
class Mutants:
    """The mutants of a statement in order, and how many sites were passed over because a rule had more than `MOST`."""

    each: tuple[Mutant, ...]
    passed_over: int


def mutants(theorem: Theorem) -> Mutants:
    """Every mutant of a well-formed theorem, each once; the same theorem gives the same mutants and ids. Raises ValueError if malformed."""
    if errors(theorem):
        raise ValueError(errors(theorem)[0])
    try:
        parts: Parts = (dict(theorem.given), tuple(map(from_sympy, theorem.assume)), from_sympy(theorem.claim))
    except CollapsedError as error:
        raise ValueError(str(error)) from error
    seen = [parts]
    found: list[Mutant] = []
    passed_over = 0
    for rule in RULES:
        new = []
        for change, constants, changed in _changes(rule, theorem, parts):
            if constants != theorem.constants or changed not in seen:
                seen.append(changed)
                new.append((change, constants, changed))
        chosen = _spread(new)
        passed_over += len(new) - len(chosen)
        for number, (change, constants, changed) in enumerate(chosen, 1):
            found.append(_mutant(theorem, f"{rule}.{number}", change, constants, changed, parts))
    return Mutants(tuple(found), passed_over)


def _mutant(theorem: Theorem, place: str, change: str, constants: Sets, changed: Parts, parts: Parts) -> Mutant:
    given, assume, claim = _honest(*changed)
    mutant = Theorem(
        f"{theorem.id}~{place}",
        title=f"{theorem.title} ({change})" if theorem.title else change,
        given=given,
        claim=claim,
        assume=assume,
        constants=constants,
        source=theorem.source,
        provenance=theorem.provenance,
    )
    object.__setattr__(mutant, "origin", theorem.origin)
    renamed = tuple((old, new) for old, new in zip(changed[0], given, strict=True) if old != new)
    supposed = {symbol for hypothesis in assume for symbol in free_symbols(hypothesis)}
    same = changed[:2] == parts[:2] and (constants == theorem.constants or not supposed & set(constants))
    return Mutant(place.partition(".")[0], change, mutant, theorem, same, renamed)


def _spread(items: list[Any]) -> list[Any]:
    """At most `MOST` of the items, evenly spaced, the first among them."""
    return items if len(items) <= MOST else [items[i * len(items) // MOST] for i in range(MOST)]


def _changes(rule: str, theorem: Theorem, parts: Parts) -> Iterator[tuple[str, Sets, Parts]]:
    """(what changed, constants, the parts) for every site of one rule."""
    given, assume, claim = parts
    constants = dict(theorem.constants)
    if rule == "constant":
        for symbol, value in constants.items():
            for moved in _moved(sympy.sympify(value, strict=True)):
                yield f"the constant {symbol} = {value} becomes {moved}", {**constants, symbol: moved}, parts
    for change, changed in _in_claim(rule, claim):
        yield change, constants, (given, assume, changed)
    if rule in ("weak", "maxmin"):
        for i, hypothesis in enumerate(assume):
            for change, changed in _sharpened(hypothesis, rule, False) if rule == "weak" else _in_claim(rule, hypothesis):
                yield f"hypothesis: {change}", constants, (given, (*assume[:i], changed, *assume[i + 1 :]), claim)
    if rule == "drop":
        for i, hypothesis in enumerate(assume):
            yield f"without the hypothesis {_formula_text(hypothesis)}", constants, (given, (*assume[:i], *assume[i + 1 :]), claim)
    if rule in ("weak", "widen", "maxmin"):
        depths = _depths(parts)
        for symbol, domain in given.items():
            for other in _domains(rule, symbol, domain, dict(given)):
                if isinstance(other, Range) and any(depth.xreplace({symbol: other.start}) in SHALLOW for depth in depths):
                    continue
                change = f"{symbol} in {_short(str(domain))} becomes {_short(str(other))}"
                yield change, constants, ({**given, symbol: other}, assume, claim)


def _in_claim(rule: str, claim: Formula) -> Iterator[Change]:
    match rule:
        case "strict" | "weak":
            yield from _sharpened(claim, rule, True)
        case "constant":
            yield from _terms_changed(claim, _constants)
            yield from _relations_changed(claim, _zero_moved)
        case "bound" | "equal":
            yield from _relations_changed(claim, _bound_moved if rule == "bound" else _equation_moved)
        case "exponent":
            yield from _terms_changed(claim, _exponents)
        case "maxmin":
            yield from _terms_changed(claim, _exchanged)


# Relations


def _sharpened(formula: Formula, rule: str, claimed: bool) -> Iterator[Change]:
    """`strict`: `<=` becomes `<` where it is claimed; `weak`: `<` becomes `<=` where it is supposed. Each makes the statement say more."""
    match formula:
        case Relation(left, op, right):
            sharper = {"<=": "<", ">=": ">"}.get(op) if rule == "strict" else {"<": "<=", ">": ">="}.get(op)
            if sharper is not None and claimed is (rule == "strict"):
                yield f"{op} becomes {sharper} in {_formula_text(formula)}", Relation(left, sharper, right)
        case Not(part):
            yield from ((change, Not(other)) for change, other in _sharpened(part, rule, not claimed))
        case Implies(premise, conclusion):
            yield from ((f"premise: {change}", Implies(other, conclusion)) for change, other in _sharpened(premise, rule, not claimed))
            yield from ((change, Implies(premise, other)) for change, other in _sharpened(conclusion, rule, claimed))
        case And(parts) | Or(parts):
            for i, part in enumerate(parts):
                for change, other in _sharpened(part, rule, claimed):
                    yield change, type(formula)((*parts[:i], other, *parts[i + 1 :]))


def _relations_changed(formula: Formula, change: Callable[[Relation], Iterable[tuple[str, Relation]]]) -> Iterator[Change]:
    """The formula with one relation changed, for every relation and every change of it."""
    match formula:
        case Relation():
            yield from ((f"{words} in {_formula_text(formula)}", other) for words, other in change(formula))
        case Not(part):
            yield from ((words, Not(other)) for words, other in _relations_changed(part, change))
        case Implies(premise, conclusion):
            yield from ((words, Implies(other, conclusion)) for words, other in _relations_changed(premise, change))
            yield from ((words, Implies(premise, other)) for words, other in _relations_changed(conclusion, change))
        case And(parts) | Or(parts):
            for i, part in enumerate(parts):
                for words, other in _relations_changed(part, change):
                    yield words, type(formula)((*parts[:i], other, *parts[i + 1 :]))


def _terms_changed(formula: Formula, change: Callable[[Any], Iterable[tuple[str, Any]]]) -> Iterator[Change]:
    def both_sides(relation: Relation) -> Iterator[tuple[str, Relation]]:
        yield from ((words, Relation(other, relation.op, relation.right)) for words, other in change(relation.left))
        yield from ((words, Relation(relation.left, relation.op, other)) for words, other in change(relation.right))

    yield from _relations_changed(formula, both_sides)


def _bound_moved(relation: Relation) -> Iterator[tuple[str, Relation]]:
    if relation.op in ("==", "!=") or any(side.is_number for side in (relation.left, relation.right)):
        return
    for factor in (1 + PERCENT, 1 - PERCENT):
        yield f"the right side times {factor}", Relation(relation.left, relation.op, factor * relation.right)


def _equation_moved(relation: Relation) -> Iterator[tuple[str, Relation]]:
    if relation.op != "==" or any(getattr(side, "is_number", False) for side in (relation.left, relation.right)):
        return
    for factor in (1 + PERCENT, 1 - PERCENT):
        yield f"the right side times {factor}", Relation(relation.left, "==", factor * relation.right)


def _zero_moved(relation: Relation) -> Iterator[tuple[str, Relation]]:
    """0 alone on a side has no per cent: it moves by 1/100."""
    for moved in (PERCENT, -PERCENT):
        if relation.right.is_zero and relation.right.is_number:
            yield f"0 becomes {moved}", Relation(relation.left, relation.op, moved)
        elif relation.left.is_zero and relation.left.is_number:
            yield f"0 becomes {moved}", Relation(moved, relation.op, relation.right)


# Terms


def _constants(expr: Any) -> Iterator[tuple[str, Any]]:
    """The term with one rational constant moved by 1 %."""
    if expr.is_Rational:
        yield from ((f"{expr} becomes {moved}", moved) for moved in _moved(expr))
    elif isinstance(expr, Pow | MatPow):
        yield from ((words, type(expr)(base, expr.exp)) for words, base in _constants(expr.base))
    else:
        yield from _inside(expr, _constants)


def _moved(number: Any) -> tuple[Any, ...]:
    """The number up and down by 1 %; none for 0 and what is infinite."""
    return () if number.is_zero or not number.is_finite else (number * (1 + PERCENT), number * (1 - PERCENT))


def _exponents(expr: Any) -> Iterator[tuple[str, Any]]:
    """The term with one exponent larger or smaller by 1."""
    if isinstance(expr, Pow | MatPow):
        for moved in (expr.exp + 1, expr.exp - 1):
            yield f"{_short(str(expr))} becomes {_short(str(type(expr)(expr.base, moved)))}", type(expr)(expr.base, moved)
        yield from ((words, type(expr)(base, expr.exp)) for words, base in _exponents(expr.base))
    else:
        yield from _inside(expr, _exponents)


def _exchanged(expr: Any) -> Iterator[tuple[str, Any]]:
    """The term with one Max as Min, or Min as Max."""
    if isinstance(expr, Max | Min):
        other = Min(*expr.args) if isinstance(expr, Max) else Max(*expr.args)
        yield f"{_short(str(expr))} becomes {_short(str(other))}", other
    yield from _inside(expr, _exchanged)


def _inside(expr: Any, change: Callable[[Any], Iterable[tuple[str, Any]]]) -> Iterator[tuple[str, Any]]:
    """The expression with one argument changed; signs, symbols and integer arguments of functions are left alone."""
    if expr.is_Symbol or isinstance(expr, sympy.MatrixSymbol):
        return
    for i, argument in enumerate(expr.args):
        sign = expr.is_Mul and argument == -1
        counted = isinstance(expr, sympy.Function) and not isinstance(expr, Max | Min) and argument.is_integer
        if sign or counted or not isinstance(argument, sympy.Expr):
            continue
        for words, other in change(argument):
            yield words, expr.func(*expr.args[:i], other, *expr.args[i + 1 :])


# Sets


def _domains(rule: str, symbol: Any, domain: Any, sets: dict[Any, Any]) -> Iterator[Any]:
    """The sets that a variable may be given instead."""
    if rule == "maxmin":
        if isinstance(domain, Interval | FiniteSet):
            for i, part in enumerate(domain.args):
                for _, other in _exchanged(part) if isinstance(part, sympy.Expr) else ():
                    yield domain.func(*domain.args[:i], other, *domain.args[i + 1 :])
    elif isinstance(domain, Interval):
        yield from _closed(domain) if rule == "weak" else _widened(domain, sets)
    elif isinstance(domain, Range) and rule == "widen":
        if not domain.start.is_number:
            yield Range(Integer(0) if symbol.is_nonnegative else domain.start - 1, domain.stop)
        elif domain.start != -oo and domain.start != 0:
            yield Range(domain.start - 1, domain.stop)
        if domain.stop != oo:
            yield Range(domain.start, domain.stop + 1)


def _depths(parts: Parts) -> set[Any]:
    """The depths of observables, which have a meaning from 2 on."""
    given, assume, claim = parts
    terms = [side for formula in (*assume, claim) for relation in relations(formula) for side in (relation.left, relation.right)]
    terms += [value for domain in given.values() if isinstance(domain, FiniteSet) for value in domain.args]
    found = {observable for term in terms for observable in term.atoms(Observable) if not isinstance(observable, EffectiveRank)}
    return {observable.args[0] for observable in found if observable.args[0].free_symbols}


def _closed(domain: Interval) -> Iterator[Interval]:
    if domain.left_open and domain.start != -oo:
        yield Interval(domain.start, domain.end, False, domain.right_open)
    if domain.right_open and domain.end != oo:
        yield Interval(domain.start, domain.end, domain.left_open, False)


def _widened(domain: Interval, sets: dict[Any, Any]) -> Iterator[Interval]:
    if domain.start != -oo:
        yield Interval(-_outwards(-domain.start, sets), domain.end, domain.left_open, domain.right_open)
    if domain.end != oo:
        yield Interval(domain.start, _outwards(domain.end, sets), domain.left_open, domain.right_open)


def _outwards(end: Any, sets: dict[Any, Any]) -> Any:
    """An upper end, further up: twice as large, half as negative, or by 1 where it is 0 or its sign is not known."""
    if domains.is_positive(end, sets) or (domains.is_nonnegative(end, sets) and not end.is_number):
        return 2 * end
    if domains.is_positive(-end, sets) or (domains.is_nonnegative(-end, sets) and not end.is_number):
        return end / 2
    return end + 1


def _honest(given: Sets, assume: tuple[Formula, ...], claim: Formula) -> Parts:
    """The same with symbols that are told no more than their new sets justify."""
    weaker: dict[Any, Any] = {}
    sets: dict[Any, Any] = {}
    for symbol, domain in given.items():
        mended = domain.xreplace(weaker) if isinstance(domain, sympy.Set) else type(domain)(domain.size.xreplace(weaker))
        other = _weaker(symbol, {**sets, symbol: mended}) if isinstance(symbol, Symbol) else symbol.xreplace(weaker)
        if other != symbol:
            weaker[symbol] = other
        sets[other] = mended
    return sets, tuple(substitute(h, weaker) for h in assume), substitute(claim, weaker)


def _weaker(symbol: Any, sets: dict[Any, Any]) -> Any:
    """The symbol, declared positive, nonnegative or neither as its set allows."""
    told = {"integer": True} if symbol.is_integer else {"real": True}
    if symbol.is_positive and not domains.is_positive(symbol, sets):
        return Symbol(symbol.name, **told, **({"nonnegative": True} if domains.is_nonnegative(symbol, sets) else {}))
    if symbol.is_nonnegative and not domains.is_nonnegative(symbol, sets):
        return Symbol(symbol.name, **told)
    return symbol


def _formula_text(formula: Formula) -> str:
    texts = [f"{relation.left} {relation.op} {relation.right}" for relation in relations(formula)]
    return _short(", ".join(texts))


def _short(text: str) -> str:
    return text if len(text) <= TEXT else f"{text[: TEXT // 2]} ... {text[-TEXT // 2 + 5 :]}"
