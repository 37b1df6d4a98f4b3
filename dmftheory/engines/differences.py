"""Where a mutant says more than its statement: the relation that changed, and the points that are new.

If the statement holds, a counterexample of the mutant lies where the statement says nothing, or less. So it is enough to show that the
changed relation follows from the old one (the other way round in a premise), or that the mutant holds on what was added to its sets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import sympy
from sympy import EmptySet, FiniteSet, Interval, Range, oo
from sympy.core.function import AppliedUndef

from dmftheory.claims.formula import And, Formula, Implies, Not, Or, Relation, map_terms, relations, substitute
from dmftheory.claims.mutants import Mutant
from dmftheory.claims.observables import Factor, FlowTime, Iterate
from dmftheory.claims.proof import Algebra, Lemma, lemma
from dmftheory.claims.theorem import Theorem
from dmftheory.trust.facts import instance, terms

MOST = 12
"""Instances of lemmas that a link is given."""
TIME_PASSES = "chou.passage.time_passes"


def links(mutant: Mutant) -> list[Theorem] | None:
    """Statements from which, and the statement, the mutant follows: one for each relation that changed; None where its form changed too.

    An implication keeps the truth of the whole if its premise grows no weaker and its conclusion no stronger, and so for And and Or.
    """
    theorem = mutant.theorem
    if not mutant.same_domain:
        return None
    try:
        steps = list(_steps(mutant.original.conclusion, theorem.conclusion, True, ()))
    except ValueError:
        return None
    return [Theorem(theorem.id, given=theorem.given, claim=to, assume=[*theorem.hypotheses, *known]) for known, to in steps]


def with_lemmas(link: Theorem, tree: Any, library: Mapping[str, tuple[Theorem, Any]]) -> tuple[Theorem, Algebra]:
    """The link with what the statement's proof takes from lemmas as hypotheses, and that flow times are nonnegative; the leaf to try."""
    known = [fact for fact in dict.fromkeys(_facts(tree)) if all(term.free_symbols <= set(link.given) for term in terms(fact))]
    times = {atom for relation in _every(link) for side in (relation.left, relation.right) for atom in side.atoms(FlowTime)}
    passing = [lemma(TIME_PASSES, N=t.args[0], a=t.args[1], b=t.args[2]) for t in sorted(times, key=str)]
    lemmas = [fact for fact in dict.fromkeys([*known, *passing]) if isinstance(fact, Lemma) and fact.id in library][:MOST]
    told = [instance(library[fact.id][0], {name: sympy.sympify(value, strict=True) for name, value in fact.at}) for fact in lemmas]
    other = tuple(fact for fact in known if not isinstance(fact, Lemma))
    return Theorem(link.id, given=link.given, claim=link.conclusion, assume=[*link.hypotheses, *told]), Algebra(other)


def _every(theorem: Theorem) -> list[Relation]:
    return [relation for formula in (*theorem.hypotheses, theorem.conclusion) for relation in relations(formula)]


def _facts(tree: Any) -> Iterator[Any]:
    """The facts in the leaves of a proof."""
    if isinstance(tree, Algebra):
        yield from tree.facts
    elif isinstance(tree, tuple):
        for part in tree:
            yield from _facts(part)
    elif is_dataclass(tree) and not isinstance(tree, type):
        for item in fields(tree):
            yield from _facts(getattr(tree, item.name))


def is_defined(link: Theorem) -> bool:
    """Whether what has to follow has a value wherever what is known has one: it has no new division, power or function."""
    *_, known = link.hypotheses
    return _partial(link.conclusion) <= _partial(known)


def _partial(formula: Formula) -> set[Any]:
    """The terms that may be without value."""
    sides = [side for relation in relations(formula) for side in (relation.left, relation.right)]
    found = {node for side in sides for node in side.atoms(sympy.Function, AppliedUndef, sympy.Pow)}
    return {node for node in found if not (isinstance(node, sympy.Pow) and node.exp.is_Integer and node.exp.is_positive)}


def _steps(old: Formula, new: Formula, claimed: bool, supposed: tuple[Formula, ...]) -> Iterator[tuple[tuple[Formula, ...], Formula]]:
    """(what is known, what has to follow) for each relation that changed. Raises ValueError where the forms differ."""
    if old == new:
        return
    match old, new:
        case Relation(), Relation():
            yield ((*supposed, old), new) if claimed else ((*supposed, new), old)
        case Not(before), Not(after):
            yield from _steps(before, after, not claimed, supposed)
        case Implies(before, told), Implies(after, tells):
            yield from _steps(before, after, not claimed, supposed)
            yield from _steps(told, tells, claimed, (*supposed, after) if claimed else supposed)
        case (And(before), And(after)) | (Or(before), Or(after)) if len(before) == len(after):
            for one, other in zip(before, after, strict=True):
                yield from _steps(one, other, claimed, supposed)
        case _:
            raise ValueError


def changed_relations(old: Formula, new: Formula) -> list[Relation]:
    """The relations that differ, old and new, and the premises that they stand under; those without a counterpart are left out."""
    match old, new:
        case _ if old == new:
            return []
        case Relation(), Relation():
            return [old, new]
        case Not(before), Not(after):
            return changed_relations(before, after)
        case Implies(before, told), Implies(after, tells):
            under = [] if told == tells else _relations_of(after)
            return [*under, *changed_relations(before, after), *changed_relations(told, tells)]
        case (And(before), And(after)) | (Or(before), Or(after)) if len(before) == len(after):
            return [r for one, other in zip(before, after, strict=True) for r in changed_relations(one, other)]
    return []


def _relations_of(formula: Formula) -> list[Relation]:
    match formula:
        case Relation():
            return [formula]
        case And(parts) | Or(parts):
            return [relation for part in parts for relation in _relations_of(part)]
    return []


def added(mutant: Mutant) -> list[Theorem]:
    """The mutant on what was added to its sets or let in by a weaker hypothesis; empty where that is not how it differs.

    Statements about matrices are not looked at.
    """
    theorem, names = mutant.theorem, dict(mutant.renamed)
    if not all(isinstance(domain, sympy.Set) for domain in theorem.given.values()):
        return []
    old = {symbol: domain.xreplace(names) for symbol, domain in zip(theorem.given, mutant.original.given.values(), strict=True)}
    larger = [symbol for symbol, domain in theorem.given.items() if domain != old[symbol]]
    hypotheses = [substitute(h, names) for h in mutant.original.hypotheses]
    lost = [h for h in hypotheses if h not in theorem.hypotheses]
    if substitute(mutant.original.conclusion, names) != theorem.conclusion or len(larger) + len(lost) != 1:
        return []
    if lost:
        return [_restricted(theorem, dict(theorem.given), Not(lost[0]))]
    (symbol,) = larger
    parts = _beyond(old[symbol], theorem.given[symbol])
    return [_restricted(theorem, {**theorem.given, symbol: part}) for part in parts]


def _restricted(theorem: Theorem, given: dict[Any, Any], *more: Formula) -> Theorem:
    return Theorem(theorem.id, given=given, claim=theorem.conclusion, assume=[*theorem.hypotheses, *more])


def _beyond(old: Any, new: Any) -> list[Any]:
    """The parts of the new set outside the old one."""
    if isinstance(old, Interval) and isinstance(new, Interval):
        if old.start == new.start and old.end == new.end:
            closed = [(old.start, old.left_open, new.left_open), (old.end, old.right_open, new.right_open)]
            return [FiniteSet(end) for end, before, after in closed if before and not after]
        if old.end == new.end and old.start != -oo:
            return [Interval(new.start, old.start, new.left_open, not old.left_open)]
        if old.start == new.start and old.end != oo:
            return [Interval(old.end, new.end, not old.right_open, new.right_open)]
    if isinstance(old, Range) and isinstance(new, Range):
        if old.stop == new.stop:
            return [Range(new.start, old.start)]
        if old.start == new.start:
            return [Range(old.stop, new.stop)]
    return []


def pinned(part: Theorem) -> Theorem | None:
    """The statement with its variables that have one value only replaced by it; None where a set is empty then."""
    values: dict[Any, Any] = {}
    given: dict[Any, Any] = {}
    for symbol, domain in part.given.items():
        there = domain.xreplace(values)
        if there is EmptySet:
            return None
        value = _only(there)
        if value is None:
            given[symbol] = there
        else:
            values[symbol] = value
    claim, *assume = (map_terms(substitute(formula, values), _without_rest) for formula in (part.conclusion, *part.hypotheses))
    return Theorem(part.id, given=given, claim=claim, assume=assume)


def hides_a_gap(part: Theorem) -> bool:
    """Whether a power of negative exponent could cancel, and with it a point without value, as `pinned` puts numbers in."""
    values = {symbol: value for symbol, domain in part.given.items() if (value := _only(domain)) is not None}
    powers = {node for relation in _every(part) for side in (relation.left, relation.right) for node in side.atoms(sympy.Pow)}
    return any(node.exp.free_symbols & set(values) and not node.exp.xreplace(values).is_nonnegative for node in powers)


def _without_rest(term: Any) -> Any:
    """The term with the start of every recursion that does not move from it, by its step size or its start, in place of its states."""
    still = {state: state.args[2] for state in term.atoms(Iterate, Factor) if _stands(state)}
    return term.xreplace(still)


def _stands(state: Any) -> bool:
    """Whether a step from the start, at a depth of at least 2, leads to the start."""
    if isinstance(state, Iterate):
        depth, step, start, _, target = state.args
    else:
        depth, target, start, step, _ = state.args
    return bool(step == 0 or start == 0 or start**depth == target)


def _only(domain: Any) -> Any:
    """The number that is a set's only element, or None."""
    if isinstance(domain, FiniteSet) and len(domain.args) == 1 and domain.args[0].is_Rational:
        return domain.args[0]
    if isinstance(domain, Range) and domain.start.is_Integer and domain.stop == domain.start + 1:
        return domain.start
    return None
