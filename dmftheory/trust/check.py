"""The checker: walks a proof rule by rule; the leaves are decided, and a lemma that is cited is checked first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy

from dmftheory.claims import domains, proof
from dmftheory.claims.formula import And, Formula, Implies, Not, Relation, relations
from dmftheory.claims.theorem import Theorem
from dmftheory.claims.values import PASSAGES, ZERO, conditions
from dmftheory.claims.wellformed import collapsed, errors
from dmftheory.numerics import words
from dmftheory.trust import decide, facts, kernel
from dmftheory.trust.atoms import Abstraction
from dmftheory.trust.rules import RULES, ProofError, closed, need, unfolded
from dmftheory.trust.sequent import Sequent, bare_passages, initial

__all__ = ["Checker", "Library", "Memory", "ProofError"]

Library = Mapping[str, tuple[Theorem, Any]]
Memory = dict[Any, tuple[Theorem, Any, frozenset[str]]]
"""(theorem, proof, what the proof relies on) of what has been proved; an entry is found by, and keeps, these very objects only."""


@dataclass
class Checker:
    """Checks proofs against a library of lemmas; collects what they rely on. `memory` may be shared by the checkers of one process."""

    library: Library
    resources: int = decide.RESOURCES
    milliseconds: int = decide.MILLISECONDS
    memory: Memory = field(default_factory=dict)
    relies_on: set[str] = field(default_factory=set)
    _open: list[str] = field(default_factory=list)

    def theorem(self, theorem: Theorem, tree: Any) -> None:
        """Check that `tree` proves `theorem`, and that every expression in it has a value. Raises ProofError."""
        key = (id(theorem), id(tree))
        if key in self.memory:
            self.relies_on |= self.memory[key][2]
            return
        outside, self.relies_on = self.relies_on, set()
        self._open.append(theorem.id)
        try:
            self._whole(theorem, tree)
            self.memory[key] = (theorem, tree, frozenset(self.relies_on))
        except ProofError as error:
            error.path = error.path or theorem.id
            raise
        finally:
            self._open.pop()
            self.relies_on |= outside

    def _whole(self, theorem: Theorem, tree: Any) -> None:
        need(not (mistakes := errors(theorem) or [m for m in (collapsed(theorem),) if m]), "; ".join(mistakes))
        tree = tree.by if isinstance(tree, proof.WithKernel) else tree
        values, tree = (tree.by, tree.then) if isinstance(tree, proof.Defined) else (proof.Algebra(), tree)
        sequent = initial(theorem)
        # Nothing helps itself to a value: one that is not there may make a hypothesis false as soon as a number is put in.
        owes = {f: any(True for _ in conditions(f, sequent.domain)) for f in (*sequent.membership, *sequent.hypotheses)}
        for i, formula in enumerate((*sequent.membership, *(supposed := sorted(sequent.hypotheses, key=owes.__getitem__)), sequent.goal)):
            sets = tuple((s, d if j < i or not owes[domains.membership(s, d)] else sympy.Reals) for j, (s, d) in enumerate(sequent.sets))
            known = Sequent(sets, tuple(supposed[: max(0, i - len(sets))]), formula)
            for condition in conditions(formula, sequent.domain):
                self.check(known.show(condition), values, f"{theorem.id}: every expression has a value")
        self.check(sequent, tree, theorem.id)

    def check(self, sequent: Sequent, tree: Any, path: str) -> None:
        """Check one node. Raises ProofError."""
        kind, path = type(tree), f"{path}/{type(tree).__name__}"
        leaves = {proof.Algebra: self._algebra, proof.Words: self._words, proof.Kernel: self._kernel}
        try:
            if kind in leaves:
                leaves[kind](sequent, tree, path)
                return
            need(kind in RULES, f"{tree!r} is not a rule")
            for label, obligation, part in RULES[kind](sequent, tree):
                self.check(obligation, part, f"{path}.{label}")
        except ProofError as error:
            error.path = error.path or path
            raise

    def _algebra(self, sequent: Sequent, leaf: Any, path: str) -> None:
        goal = unfolded(sequent.goal, sequent)
        _comparable(goal)
        if decide.is_identity(goal, Abstraction(sequent.domain, [goal], keep_constants=True)):
            # An identity of rational functions says nothing where a denominator vanishes.
            for condition in conditions(goal, sequent.domain):
                self.check(sequent.show(condition), leaf, f"{path}: denominators")
            self.relies_on.add(decide.IDENTITY)
            return
        kept = tuple(h for i, h in enumerate(sequent.hypotheses) if i not in leaf.drop)
        known = tuple(self._fact(fact, sequent) for fact in leaf.facts)
        members = tuple(domains.membership(symbol, domain) for symbol, domain in sequent.sets if symbol not in leaf.drop)
        premises = [unfolded(f, sequent) for f in (*members, *kept, *known)]
        _comparable(*premises)
        abstraction = Abstraction(sequent.domain, [*premises, goal])
        formulas = [abstraction.formula(f) for f in (*premises, Not(goal))]
        answer, _ = decide.refutable([*formulas, *abstraction.facts], self.resources, self.milliseconds)
        need(answer == "unsat", f"not shown, {'the facts given do not imply it' if answer == 'sat' else 'no answer with these resources'}")
        self.relies_on.add(decide.solver_version())

    def _words(self, sequent: Sequent, leaf: Any, path: str) -> None:
        goal = sequent.goal
        if not (isinstance(goal, Relation) and goal.op == "=="):
            raise ProofError("the goal is not an equation")

        def nonnegative(exponent: Any) -> bool:
            self.check(sequent.show(Relation(exponent, ">=", ZERO)), proof.Algebra(), f"{path}: exponent {exponent}")
            return True

        kinds = {symbol: type(domain).__name__.lower() for symbol, domain in sequent.sets}
        try:
            left, right = (words.normal_form(side, kinds, nonnegative) for side in (goal.left, goal.right))
        except words.WordError as error:
            raise ProofError(str(error)) from error
        need(left == right, "the two sides have different normal forms")
        self.relies_on.add("matrix word normal form")

    def _kernel(self, sequent: Sequent, leaf: Any, path: str) -> None:
        self.relies_on |= kernel.accept(sequent, leaf)

    def _fact(self, fact: Any, sequent: Sequent) -> Formula:
        """The formula that a fact stands for; its expressions may use the sequent's variables only."""
        if not isinstance(fact, proof.Lemma):
            formula = facts.schema(fact, sequent.domain)
        else:
            need(fact.id in self.library, f"there is no theorem {fact.id}")
            need(fact.id not in self._open, f"circular, {fact.id} is being proved")
            theorem, tree = self.library[fact.id]
            need(tree is not None, f"{fact.id} has no proof")
            self.theorem(theorem, tree)
            formula = facts.instance(theorem, dict(zip((name for name, _ in fact.at), facts.terms(fact), strict=True)))
        closed(formula, sequent)
        # SymPy may put a complex number or oo where an expression has no real value, so nothing is said of where it has none.
        about = tuple(Relation(term, "==", ZERO) for term in facts.terms(fact))
        for value in about:
            closed(value, sequent)
            # A passage may be infinite.
            need(not value.left.has(sympy.oo, -sympy.oo, *(() if type(fact) is proof.NotYet else PASSAGES)), "a fact is about real numbers")
        valued = tuple(c for value in about for c in conditions(value, sequent.domain))
        return Implies(And(valued), formula) if valued else formula


def _comparable(*formulas: Formula) -> None:
    matrix = any(getattr(side, "is_Matrix", False) for f in formulas for r in relations(f) for side in (r.left, r.right))
    need(not matrix, "matrices have no place in the arithmetic of real numbers")
    need(all(map(bare_passages, formulas)), "a passage may be infinite, so it can only be compared, not computed with")
