"""The symbolic engine: a given proof, or one that is found, checked by the trusted rules. It never says `proved` itself.

Where no proof is given the engine tries, in this order: the real closed field as it stands; with Bernoulli's inequality for every power
with a symbolic exponent; with the monotonicity of such powers. The tries are cheap and the checker is the judge.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from typing import Any

import sympy
from sympy import Integer

from dmftheory.claims.formula import And, Formula, Implies, relations
from dmftheory.claims.proof import Algebra, Intro, Root, Split, algebra, lemma
from dmftheory.claims.theorem import Theorem
from dmftheory.claims.verdict import Evidence
from dmftheory.trust import evidence
from dmftheory.trust.check import Checker, Library, Memory
from dmftheory.trust.evidence import REJECTED, everything
from dmftheory.trust.sequent import Sequent, initial

__all__ = ["ENGINE", "REJECTED", "TRY_RESOURCES", "Library", "everything", "find_proof", "propose", "prove"]

ENGINE = "symbolic"
BERNOULLI, MONOTONE = "lemma.bernoulli", "lemma.power_monotone"
TRY_RESOURCES = 3_000_000
TRY_SECONDS = 6.0
MAX_FACTS = 12


def prove(theorem: Theorem, tree: Any, library: Library, budget: float | None = None, memory: Memory | None = None) -> Evidence:
    """What the checker says of the proof given, or of one that is found where `tree` is None."""
    return propose(theorem, tree, library, budget, memory)[0]


def propose(theorem: Theorem, tree: Any, library: Library, budget: float | None, memory: Memory | None) -> tuple[Evidence, Any]:
    """`prove`, and the proof it speaks of (None where none is found). `memory` keeps what this process has proved."""
    start = time.monotonic()
    if tree is None:
        others = {key: value for key, value in library.items() if key != theorem.id}
        tree = find_proof(theorem, others, start + min(TRY_SECONDS, TRY_SECONDS if budget is None else budget))
    if tree is None:
        reason = "no proof is given, and none was found with polynomial arithmetic, Bernoulli's inequality and monotone powers"
        return Evidence(ENGINE, "undecided", "", (), time.monotonic() - start, reason=reason), None
    found = evidence.prove(theorem, tree, library, memory, ENGINE)
    return replace(found, seconds=time.monotonic() - start), tree


def find_proof(theorem: Theorem, library: Library, deadline: float) -> Any:
    """A proof that the rules may accept, or None."""
    return _attempt(initial(theorem), theorem, library, deadline)


def _attempt(sequent: Sequent, theorem: Theorem, library: Library, deadline: float) -> Any:
    goal = sequent.goal
    if isinstance(goal, And):
        parts = []
        for part in goal.parts:
            tree = _attempt(sequent.show(part), theorem, library, deadline)
            if tree is None:
                return None
            parts.append(tree)
        return Split(tuple(parts))
    if isinstance(goal, Implies):
        tree = _attempt(sequent.suppose(goal.premise).show(goal.conclusion), theorem, library, deadline)
        return None if tree is None else Intro(tree)
    for leaf in _leaves(sequent, library):
        if time.monotonic() > deadline:
            return None
        if _accepted(sequent, leaf, library, theorem.id):
            return leaf
    return None


def _accepted(sequent: Sequent, leaf: Algebra, library: Library, path: str) -> bool:
    # A try has few resources for its own decision; a lemma's proof is checked again, in full, with the theorem.
    checker = Checker(library, TRY_RESOURCES)
    try:
        checker.check(sequent, leaf, path)
    except REJECTED:
        return False
    return True


def _leaves(sequent: Sequent, library: Library) -> Iterator[Algebra]:
    """Leaves to try, the cheapest first; none twice."""
    formulas = (*sequent.membership, *sequent.hypotheses, sequent.goal)
    powers, roots = _powers(formulas), _roots(formulas)
    yield Algebra(tuple(roots))
    if not powers:
        return
    bernoulli = [lemma(BERNOULLI, n=n, h=base - 1) for base, n in powers] if BERNOULLI in library else []
    lower = [lemma(BERNOULLI, n=n - 1, h=base - 1) for base, n in powers] if BERNOULLI in library else []
    monotone = []
    if MONOTONE in library:
        for n in dict.fromkeys(n for _, n in powers):
            bases = [base for base, other in powers if other == n]
            monotone = [lemma(MONOTONE, n=n, a=a, b=b) for a, b in permutations([*bases, Integer(1)], 2)]
    tried = set()
    for facts in (bernoulli, lower, bernoulli + lower, monotone, bernoulli + monotone):
        if facts and len(facts) <= MAX_FACTS and tuple(facts) not in tried:
            tried.add(tuple(facts))
            yield algebra(*roots, *facts)


def _powers(formulas: tuple[Formula, ...]) -> list[tuple[Any, Any]]:
    """(base, n) for every power base^(c n + d) with an integer symbol n, in order of appearance."""
    found: dict[tuple[Any, Any], None] = {}
    for node in _symbolic_powers(formulas):
        symbols = [s for s in node.exp.free_symbols if s.is_integer]
        if len(symbols) == 1 and node.exp.is_integer:
            found.setdefault((node.base, symbols[0]))
        elif len(symbols) == 1 and node.exp == 1 / symbols[0]:
            found.setdefault((node, symbols[0]))
    return list(found)


def _roots(formulas: tuple[Formula, ...]) -> list[Root]:
    """What is known of every root base^(1/n), n an integer symbol."""
    nodes = dict.fromkeys(n for n in _symbolic_powers(formulas) if (1 / n.exp).is_Symbol and (1 / n.exp).is_integer)
    return [Root(node, node.base, 1 / node.exp) for node in nodes]


def _symbolic_powers(formulas: tuple[Formula, ...]) -> Iterator[Any]:
    for formula in formulas:
        for relation in relations(formula):
            for side in (relation.left, relation.right):
                for node in sympy.preorder_traversal(side):
                    if isinstance(node, sympy.Pow) and not node.exp.is_Rational and not node.base.is_Rational:
                        yield node
