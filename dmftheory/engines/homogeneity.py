"""Homogeneity: a true statement about gradient descent does not depend on the units.

The dynamics has a scaling group: lambda -> c lambda, factors -> c^(1/N), step size -> c^(2/N-2), flow time likewise; N, steps, levels and
the normal form do not scale. A statement whose sides scale differently has lost a factor or an exponent, unless its ranges are fixed
numbers: hence a warning, never a verdict. What is dimensional is found out from the statement: from the observables of original variables
or the recursion of another model, and without either from the scaling that all parts but one agree on.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy

from dmftheory.claims import domains
from dmftheory.claims.formula import Formula, Relation, relations, substitute
from dmftheory.claims.observables import Observable
from dmftheory.claims.theorem import Family, Theorem
from dmftheory.claims.verdict import Evidence
from dmftheory.engines.mend import sentence
from dmftheory.engines.weights import Condition, Form, Reader, Scales, coefficients

ENGINE = "homogeneity"
LEAST_WITNESSES = 3
"""Without a model, so many quantities must agree on a scaling, with an equation to spare, before one condition against it is reported."""

ALTERNATIVES = 3
"""So many parts are named where the scaling can be mended in any one of them."""

Recursion = Mapping[Any, Any]


@dataclass(frozen=True)
class _Read:
    """A statement as conditions on weights: those of the model, those of its parts, and the symbols that range between fixed numbers."""

    field: Any
    model: tuple[Condition, ...]
    anchors: tuple[Form, ...]
    parts: tuple[Condition, ...]
    fixed: tuple[Any, ...]


def warnings(item: Theorem | Family, recursion: Recursion | None = None) -> tuple[str, ...]:
    """One sentence for every part of a statement that scales differently from the rest, with the exponent that would mend it.

    recursion   state -> next state, for a model whose observables are not ours: its weights are solved for. The statement must be well
    formed. For a family, the sentences of the first member that has any.
    """
    if isinstance(item, Family):
        found = ((index, warnings(member, recursion)) for index, member in item.members())
        return next((tuple(f"member {', '.join(map(str, index))}: {w}" for w in words) for index, words in found if words), ())
    read = _read(item, recursion or {})
    anchored = _anchored(read) if read.anchors else None
    return tuple(_agreed(read) if anchored is None else anchored)


def weigh(item: Theorem | Family) -> Evidence:
    """What scaling says about a statement: warnings, and never more than undecided."""
    start = time.perf_counter()
    words = warnings(item)
    reason = "; ".join(words) if words else "both sides scale alike, which every true statement does and a false one may"
    return Evidence(ENGINE, "undecided", "changes of scale", ("SymPy",), time.perf_counter() - start, reason=reason)


def scaling(recursion: Recursion, unit: Any) -> dict[Any, Any] | None:
    """The weight of every symbol of a recursion when `unit` has weight 1; None where `unit` cannot be rescaled.

    recursion   state -> next state. A weight that the recursion leaves free is given as a multiple of the symbol it belongs to.
    """
    field = coefficients([*recursion.values()])
    scales = Scales(field).under(_rows(_of_recursion(recursion, field)), unit)
    one = scales.reduce({unit: field.one})
    if unit not in one:
        return None
    symbols = {s for a, b in recursion.items() for s in a.free_symbols | b.free_symbols}
    found = {}
    for symbol in sorted(symbols, key=str):
        form = {} if symbol.is_integer else scales.reduce({symbol: field.one})
        found[symbol] = sympy.expand(sum((field.to_sympy(c) * (1 if s == unit else s) for s, c in form.items()), sympy.Integer(0)))
    return found


def normalised(theorem: Theorem) -> Theorem | None:
    """The same statement with one quantity measured as 1, or None where no quantity can be: equivalent, with a variable less.

    Let s range over (0, oo), and let every condition of the statement (memberships, hypotheses, claim) be homogeneous for weights w with
    w(s) = 1, finite at every depth allowed. A point with s = s1 is carried by c = 1/s1 to one with s = 1, and what each condition says is
    the same at both, since its two sides are multiplied by one positive number: the statement holds at all points if at those with s = 1.
    """
    read = _read(theorem, {}, exact=True)
    sets = dict(theorem.given)
    for unit, domain in sets.items():
        if domain != sympy.Interval.open(0, sympy.oo) or unit.is_integer:
            continue
        scales = Scales(read.field).under(_rows(read.parts), unit)
        if unit in scales.solved:
            continue
        weights = [form[unit] for form in scales.solved.values() if unit in form]
        if weights and all(_finite(read.field.to_sympy(w), sets) for w in weights):
            return _with_unit(theorem, unit)
    return None


def _with_unit(theorem: Theorem, unit: Any) -> Theorem:
    one = {unit: sympy.Integer(1)}
    return Theorem(
        f"{theorem.id}.normalised",
        title=theorem.title,
        given={s: d.xreplace(one) if isinstance(d, sympy.Set) else d for s, d in theorem.given.items() if s != unit},
        assume=tuple(substitute(h, one) for h in theorem.hypotheses),
        claim=substitute(theorem.conclusion, one),
        declared=theorem.declared,
        source=theorem.source,
        provenance=theorem.provenance,
    )


def _finite(weight: Any, sets: Mapping[Any, Any]) -> bool:
    """Whether the denominator of a weight is shown not to vanish: a polynomial in one integer, without a root in its range."""
    below = sympy.denom(sympy.together(weight))
    if not below.free_symbols:
        return True
    if len(below.free_symbols) > 1:
        return False
    (symbol,) = below.free_symbols
    least = domains.lower_bound(symbol, dict(sets))
    roots = sympy.Poly(below, symbol).ground_roots()
    return least is not None and all(root < least or not root.is_integer for root in roots)


def _read(theorem: Theorem, recursion: Recursion, exact: bool = False) -> _Read:
    """The conditions of a statement; `exact`: with the numbers at the ends of sets, and the observables among the parts."""
    formulas = [(f"assume {i}", f) for i, f in enumerate(theorem.hypotheses, 1)] + [("claim", theorem.conclusion)]
    ends = [(f"the set of {s}", s, e) for s, d in theorem.given.items() for e in _ends(d)]
    sides = [side for _, formula in formulas for relation in relations(formula) for side in (relation.left, relation.right)]
    field = coefficients([*sides, *(e for _, _, e in ends), *recursion.values()])
    found = [
        Condition(f"the set of {s}", s, ((s, {s: field.one}),), alone=True)
        for s, d in theorem.given.items()
        if isinstance(d, domains.Orthogonal)
    ]
    for place, symbol, end in ends:
        if exact or end.free_symbols:
            found += _between(field, place, sympy.Symbol(f"{symbol} and its bound"), (symbol, end))
    for place, formula in formulas:
        found += _of_formula(field, place, formula)
    if exact:
        return _Read(field, (), (), tuple(found), ())
    model = [c for c in found if c.model]
    reader = Reader(field)
    bases = [_base(reader, node) for _, formula in formulas for node in _observables(formula)]
    own = _of_recursion(recursion, field)
    anchors = [*(b for b in bases if b), *({s: field.one} for s in recursion)]
    fixed = {s: None for _, s, e in ends if e.is_number and e.is_finite and e != 0 and not s.is_integer}
    return _Read(field, (*model, *own), tuple(anchors), tuple(c for c in found if not c.model), tuple(fixed))


def _between(field: Any, place: str, node: Any, terms: Sequence[Any]) -> list[Condition]:
    reader = Reader(field, place)
    reader.same(node, terms)
    return reader.conditions


def _of_formula(field: Any, place: str, formula: Formula) -> list[Condition]:
    return [c for relation in relations(formula) for c in _between(field, place, relation, (relation.left, relation.right))]


def _of_recursion(recursion: Recursion, field: Any) -> list[Condition]:
    return [c for state, after in recursion.items() for c in _between(field, "the recursion", after, (state, after))]


def _ends(domain: Any) -> Iterator[Any]:
    match domain:
        case sympy.Interval():
            yield from (end for end in (domain.start, domain.end) if end.is_finite is not False)
        case sympy.FiniteSet():
            yield from domain.args
        case sympy.Union():
            for part in domain.args:
                yield from _ends(part)


def _observables(formula: Formula) -> Iterator[Any]:
    for relation in relations(formula):
        for side in (relation.left, relation.right):
            yield from side.atoms(Observable)


def _base(reader: Reader, node: Any) -> Form | None:
    """The weight of the factors of an observable in original variables."""
    from dmftheory.claims import Factor, FirstFactor, ImbalancedTime, LearningStep, LearningTime, OtherFactor

    if isinstance(node, FirstFactor | OtherFactor | ImbalancedTime):
        return reader.weight(node.args[3])
    return reader.weight(node.args[2]) if isinstance(node, Factor | LearningStep | LearningTime) else None


def _rows(conditions: Sequence[Condition]) -> Iterator[Form]:
    for condition in conditions:
        yield from condition.rows()


def _anchored(read: _Read) -> list[str] | None:
    """Conditions that the scaling group of the model does not satisfy, in order; None where the model itself stands in fixed units."""
    unit = next(iter(read.anchors[0]))
    scales = Scales(read.field).under(_rows(read.model), unit)
    anchors = [form for form in read.anchors if scales.reduce(form)]
    if not anchors:
        return None

    def kept(wider: Scales) -> bool:
        return all(wider.reduce(anchor) for anchor in anchors)

    free: list[Any] = []
    for symbol in read.fixed:
        wider = scales.under([{symbol: read.field.one}], unit)
        scales, free = (wider, free) if kept(wider) else (scales, [*free, symbol])
    against: list[Condition] = []
    for condition in read.parts:
        if any(_contains(condition, earlier) for earlier in against):
            continue  # what a broken part contributes is not known
        wider = scales.under(condition.rows(), unit)
        if kept(wider):
            scales = wider
        else:
            against.append(condition)
    if free and len(against) > 1:
        return []  # a misprint spoils one part: where several stand in the units of a fixed range, these are meant
    return [sentence(condition, scales, _lambda(read, scales, unit), free) for condition in against]


def _contains(condition: Condition, other: Condition) -> bool:
    """Whether the expressions of a condition contain the node of another, in the same part of the statement."""
    return condition.place == other.place and any(
        term.has(other.node) for term, _ in condition.terms if isinstance(other.node, sympy.Basic)
    )


def _lambda(read: _Read, scales: Scales, unit: Any) -> Any:
    """The weight of the unit when that of lambda is 1, for the words."""
    for condition in read.model:
        if isinstance(condition.node, Observable):
            return 1 / read.field.from_sympy(condition.node.args[0]) if condition.node.args[2] == unit else read.field.one
    return read.field.one


def _agreed(read: _Read) -> list[str]:
    """Without a model: the condition without which several quantities scale, if the others are more than enough to say how."""
    fixed = [{symbol: read.field.one} for symbol in read.fixed]
    conditions = [*read.model, *read.parts]
    start = Scales(read.field).under(fixed)
    symbols = {s for c in conditions for row in c.rows() for s in row}
    whole = start.under(_rows(conditions))
    lost = {s for s in symbols if start.reduce({s: read.field.one}) and not whole.reduce({s: read.field.one})}
    if len(lost) < LEAST_WITNESSES:
        return []
    found: list[tuple[tuple[int, int], Condition, Scales]] = []
    for condition in read.parts:
        others = [c for c in conditions if c is not condition and not _contains(c, condition)]
        scales = start.under(_rows(others))
        if _is_normalisation(condition) or not any(map(scales.reduce, condition.rows())):
            continue
        back = {s for s in lost if scales.reduce({s: read.field.one})}
        if len(back) >= LEAST_WITNESSES and _spare(others, back, scales) >= 1:
            units = [start.under(_rows(others), unit) for unit in sorted(back, key=str)]
            simplest = min(units, key=lambda option: _intricacy(back, option))
            found.append(((-len(back), _intricacy(back, simplest)), condition, simplest))
    if not found:
        return []
    best = min(rank for rank, _, _ in found)
    alike = [sentence(condition, scales, None, ()) for rank, condition, scales in found if rank == best]
    return ["; or ".join(alike[:ALTERNATIVES])]


def _intricacy(symbols: set[Any], scales: Scales) -> int:
    """How many weights are no plain numbers plus multiples of 1/N: a scaling that only a misprint could need has many."""
    weights = [c for s in symbols for c in scales.reduce({s: scales.field.one}).values()]
    return sum(isinstance(sympy.denom(sympy.together(scales.field.to_sympy(w))), sympy.Add) for w in weights)


def _is_normalisation(condition: Condition) -> bool:
    """A relation that compares with a number, such as x + y <= 1: it chooses the units."""
    return isinstance(condition.node, Relation) and any(not term.free_symbols for term, _ in condition.terms)


def _spare(conditions: Sequence[Condition], symbols: set[Any], scales: Scales) -> int:
    """How many equations about the symbols are more than the least that determine their weights up to what is free."""
    rows = [row for c in conditions for row in c.rows() if symbols & set(row)]
    free = {s for symbol in symbols for s in scales.reduce({symbol: scales.field.one})}
    return len(rows) - (len(symbols) - len(free & symbols))
