"""The rules: each takes a sequent and its node of the proof, and produces the obligations, each with the part that has to meet it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sympy
from sympy import Interval, Range, oo

from dmftheory.claims import domains, proof
from dmftheory.claims.formula import And, Formula, Implies, Not, Relation, free_symbols, from_sympy, map_terms, relations, substitute
from dmftheory.claims.observables import Recursive
from dmftheory.claims.unfold import unfold
from dmftheory.claims.values import NEVER, PASSAGES, ZERO, conditions, contiguous, smooth_in
from dmftheory.claims.vocabulary import foreign, unchecked_assumptions
from dmftheory.trust.sequent import Sequent, mentions

Obligations = Iterator[tuple[str, Sequent, Any]]
"""(where, what is to be shown, its proof)."""
FLIPPED = {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}


class ProofError(Exception):
    """A proof that does not prove its theorem: where (the path of rules) and why."""

    path = ""

    def __str__(self) -> str:
        return f"{self.path}: {self.args[0]}"


def need(truth: Any, why: str) -> None:
    """Reject the proof unless."""
    if not truth:
        raise ProofError(why)


def closed(formula: Formula, sequent: Sequent) -> None:
    """Reject a formula that a proof brings in unless it speaks of the sequent's variables only, in words that have a meaning."""
    strange = free_symbols(formula) - set(sequent.domain)
    need(not strange, f"{', '.join(sorted(map(str, strange)))} is not a variable here")
    mistake = next(foreign(formula, set(sequent.domain)), None)
    need(mistake is None, str(mistake))


def unfolded(formula: Formula, sequent: Sequent) -> Formula:
    """The formula with observables by their definitions. Rejects a recursion whose step before is not shown to be there."""
    sides = (side for relation in relations(formula) for side in (relation.left, relation.right))
    for node in (node for side in sides for node in sympy.preorder_traversal(side) if isinstance(node, Recursive)):
        ahead, least = node.steps.as_coeff_Add()
        need(ahead <= 0 or domains.is_nonnegative(least, sequent.domain), f"{node} may have no step before: {least} may be negative")
    return map_terms(formula, unfold)


def _valued(formula: Formula, sequent: Sequent) -> Obligations:
    """A formula that a proof brings in has a value for all the sequent's variables.

    Without a value it would still be a formula about some real numbers, but SymPy may later put a complex one in their place.
    """
    closed(formula, sequent)
    for condition in conditions(formula, sequent.domain):
        yield "has a value", sequent.show(condition), proof.Algebra()


def _have(sequent: Sequent, rule: Any) -> Obligations:
    claim = from_sympy(rule.claim)
    parts = claim.parts if isinstance(claim, And) else (claim,)
    # The claim is proved, so a part of it may owe its value to another part that has one without help.
    plain = [part for part in parts if not any(True for _ in conditions(part, sequent.domain))]
    for part in parts:
        yield from _valued(part, sequent.suppose(*plain))
    yield "by", sequent.show(claim), rule.by
    yield "then", sequent.suppose(claim), rule.then


def _split(sequent: Sequent, rule: Any) -> Obligations:
    parts = sequent.goal.parts if isinstance(sequent.goal, And) else ()
    need(isinstance(sequent.goal, And) and len(parts) == len(rule.parts), f"the goal is not a conjunction of {len(rule.parts)}")
    for i, (part, tree) in enumerate(zip(parts, rule.parts, strict=True)):
        yield str(i), sequent.show(part), tree


def _intro(sequent: Sequent, rule: Any) -> Obligations:
    if not isinstance(sequent.goal, Implies):
        raise ProofError("the goal is not an implication")
    yield "then", sequent.suppose(sequent.goal.premise).show(sequent.goal.conclusion), rule.then


def _cases(sequent: Sequent, rule: Any) -> Obligations:
    relation = from_sympy(rule.on)
    yield from _valued(relation, sequent)
    yield "yes", sequent.suppose(relation), rule.yes
    yield "no", sequent.suppose(Not(relation)), rule.no


def _rewrite(sequent: Sequent, rule: Any) -> Obligations:
    equation = Relation(rule.left, "==", rule.right)
    yield from _valued(equation, sequent)
    yield "by", sequent.show(equation), rule.by
    yield "then", sequent.show(substitute(unfolded(sequent.goal, sequent), {rule.left: rule.right})), rule.then


def _let(sequent: Sequent, rule: Any) -> Obligations:
    value = Relation(rule.value, "==", ZERO)
    yield from _valued(value, sequent)
    yield "then", _fresh_real(sequent, rule.symbol, sympy.FiniteSet(value.left)), rule.then


def _induct(sequent: Sequent, rule: Any) -> Obligations:
    n, domain = rule.on, sequent.domain.get(rule.on)
    if not isinstance(domain, Range) or domain.step != 1 or not n.is_integer or domain.start == -oo:
        raise ProofError(f"{n} does not range upwards over integers")
    need(n not in domains.depends_on(domain), f"the range of {n} mentions {n}")
    # There is a first element only if the range is not empty.
    nonempty = () if domain.stop == oo else (Relation(domain.start, "<=", domain.stop - 1),)
    yield "base", sequent.put(n, domain.start).suppose(*nonempty), rule.base
    own = tuple(domains.membership(s, d) for s, d in sequent.sets if s != n and n in domains.depends_on(d))
    about = tuple(h for h in sequent.hypotheses if mentions(h, n))
    following = sequent.put(n, n + 1)
    upper = () if domain.stop == oo else (Relation(n + 1, "<=", domain.stop - 1),)
    hypotheses = (*following.hypotheses, *upper, Implies(And(own + about), sequent.goal))
    yield "step", Sequent(((n, domain), *following.sets), hypotheses, following.goal), rule.step


def _derivative(sequent: Sequent, rule: Any) -> Obligations:
    y, domain, goal = rule.on, sequent.domain.get(rule.on), sequent.goal
    if not isinstance(domain, Interval) or not isinstance(goal, Relation) or goal.op not in ("<=", ">=", "=="):
        raise ProofError("needs a <=, >= or == goal and a variable in an Interval")
    upwards = domain.start == rule.at and not domain.left_open
    need(upwards or (domain.end == rule.at and not domain.right_open), f"{rule.at} is not a closed end of {domain}")
    about = any(mentions(h, y) for h in sequent.hypotheses) or any(y in domains.depends_on(d) for _, d in sequent.sets)
    need(not about, f"a hypothesis or another set mentions {y}")
    need(smooth_in(goal.left, y) and smooth_in(goal.right, y), f"an expression is not smooth in {y}")
    for condition in conditions(goal, sequent.domain):
        yield "smooth", sequent.show(condition), rule.smooth
    # The end is there only if the interval is not empty.
    nonempty = Relation(domain.start, "<" if domain.left_open or domain.right_open else "<=", domain.end)
    yield "base", sequent.put(y, rule.at).suppose(*(() if oo in (domain.end, -domain.start) else (nonempty,))), rule.base
    # The mean value theorem asks for the slope between the ends only.
    opened = sequent.restrict(y, Interval(domain.start, domain.end, upwards or domain.left_open, not upwards or domain.right_open))
    slope, nonzero = contiguous(sympy.diff(goal.left - goal.right, y))
    for condition in (*conditions(goal, sequent.domain, smooth=True), *(Relation(argument, "!=", ZERO) for argument in nonzero)):
        yield "smooth", opened.show(condition), rule.smooth
    op = goal.op if upwards or goal.op == "==" else FLIPPED[goal.op]
    yield "slope", opened.show(Relation(slope, op, ZERO)), rule.slope


def _passage_at_most(sequent: Sequent, rule: Any) -> Obligations:
    passage, bound = _compared(sequent.goal, "<=")
    _finite(bound)
    yield "bound", sequent.show(Relation(bound, ">=", ZERO)), rule.bound
    before = _counted(sequent, rule.index).suppose(Not(from_sympy(passage.level_reached(rule.index))))
    yield "by", before.show(Relation(rule.index + 1, "<=", bound)), rule.by


def _passage_at_least(sequent: Sequent, rule: Any) -> Obligations:
    passage, bound = _compared(sequent.goal, ">=")
    _finite(bound)
    reached = _counted(sequent, rule.index).suppose(from_sympy(passage.level_reached(rule.index)))
    yield "by", reached.show(Relation(bound, "<=", rule.index)), rule.by


def _at_passage(sequent: Sequent, rule: Any) -> Obligations:
    need(isinstance(rule.passage, PASSAGES), "needs a passage and a finite bound")
    _finite(rule.bound)
    finite = Relation(rule.passage, "<=", rule.bound)
    yield from _valued(finite, sequent)
    yield "by", sequent.show(finite), rule.by
    reached = from_sympy(rule.passage.level_reached(rule.index))
    yield "then", _counted(sequent, rule.index).suppose(Relation(rule.index, "==", rule.passage), reached), rule.then


def _converges(sequent: Sequent, rule: Any) -> Obligations:
    """The states would increase for ever below the level, hence converge, and the recursion is continuous: the limit is a fixed point."""
    passage, bound = _compared(sequent.goal, "<")
    need(bound == oo, "the goal is not 'passage < oo'")
    now, following, level = (passage.state(rule.index), passage.state(rule.index + 1), passage.level_reached(rule.index))
    before = _counted(sequent, rule.index).suppose(Not(from_sympy(level)))
    yield "increases", before.show(Relation(now, "<=", following)), rule.increases
    at = {now: rule.limit}
    fixed, below = Relation(rule.limit, "==", following.unfold().xreplace(at)), Relation(level.lhs.xreplace(at), "<=", level.rhs)
    limit = _fresh_real(sequent, rule.limit, Interval(passage.state(ZERO).unfold(), oo))
    yield "absurd", limit.suppose(below, fixed).show(NEVER), rule.absurd


def _compared(goal: Formula, op: str) -> tuple[Any, Any]:
    """(passage, bound) of a goal 'passage op bound', written either way round."""
    if isinstance(goal, Relation) and goal.op in (op, FLIPPED[op]):
        left, right = (goal.left, goal.right) if goal.op == op else (goal.right, goal.left)
        if isinstance(left, PASSAGES):
            return left, right
    raise ProofError(f"the goal is not 'passage {op} expression'")


def _finite(bound: Any) -> None:
    need(not bound.has(*PASSAGES, oo), "needs a finite bound")


def _unused(sequent: Sequent, symbol: Any) -> bool:
    used = {s for _, d in sequent.sets for s in domains.depends_on(d)}.union(sequent.domain, free_symbols(sequent.goal))
    return symbol.name not in {s.name for s in used.union(*map(free_symbols, sequent.hypotheses))}


def _fresh_real(sequent: Sequent, symbol: Any, domain: Any) -> Sequent:
    plain = symbol == sympy.Symbol(symbol.name, real=True) and _unused(sequent, symbol)
    need(plain and not domain.has(*PASSAGES), f"{symbol} is not a fresh symbol that is assumed real and no more, of a finite value")
    return sequent.let(symbol, domain)


def _counted(sequent: Sequent, index: Any) -> Sequent:
    plain = index.is_Symbol and index.is_integer and index.is_positive is None and not unchecked_assumptions(index)
    need(plain and _unused(sequent, index), f"{index} is not a fresh integer symbol")
    return sequent.let(index, Range(0, oo))


RULES: dict[type, Callable[[Sequent, Any], Obligations]] = {
    proof.Have: _have,
    proof.Split: _split,
    proof.Intro: _intro,
    proof.Cases: _cases,
    proof.Rewrite: _rewrite,
    proof.Let: _let,
    proof.Induct: _induct,
    proof.Derivative: _derivative,
    proof.PassageAtMost: _passage_at_most,
    proof.PassageAtLeast: _passage_at_least,
    proof.AtPassage: _at_passage,
    proof.Converges: _converges,
}
