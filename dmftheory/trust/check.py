"""The checker: each rule takes a sequent, produces the obligations itself, and hands them to the parts of the proof."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import sympy
from sympy import Interval, Range, oo

from dmftheory.claims import domains, proof
from dmftheory.claims.formula import And, Formula, Implies, Not, Relation, free_symbols, from_sympy, map_terms, relations, substitute
from dmftheory.claims.observables import FirstPassage, LearningStep
from dmftheory.claims.theorem import Theorem
from dmftheory.claims.vocabulary import foreign, unchecked_assumptions
from dmftheory.claims.wellformed import collapsed, errors
from dmftheory.trust import decide, words
from dmftheory.trust.atoms import Abstraction, unfold
from dmftheory.trust.sequent import ONE, ZERO, Sequent, bare_passages, conditions, contiguous, initial, mentions, smooth_in

Library = Mapping[str, tuple[Theorem, Any]]
Memory = dict[str, tuple[Theorem, Any, frozenset[str]]]
"""Id -> (theorem, proof, what the proof relies on), of what has been proved; an entry counts for these very objects only."""


class ProofError(Exception):
    """A proof that does not prove its theorem: where (the path of rules) and why."""


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
        known = self.memory.get(theorem.id)
        if known is not None and known[0] is theorem and known[1] is tree:
            self.relies_on |= known[2]
            return
        outside, self.relies_on = self.relies_on, set()
        try:
            self._whole(theorem, tree)
            self.memory[theorem.id] = (theorem, tree, frozenset(self.relies_on))
        finally:
            self.relies_on |= outside

    def _whole(self, theorem: Theorem, tree: Any) -> None:
        mistakes = errors(theorem) or [m for m in (collapsed(theorem),) if m]
        if mistakes:
            raise ProofError(f"{theorem.id}: {mistakes[0]}")
        values, tree = (tree.by, tree.then) if isinstance(tree, proof.Defined) else (proof.Algebra(), tree)
        sequent = initial(theorem)
        self._open.append(theorem.id)
        try:
            for condition in (*self._hypothesis_conditions(sequent), *conditions(sequent.goal, sequent.domain)):
                self._algebra(sequent.show(condition), values, f"{theorem.id}: every expression has a value")
            self.check(sequent, tree, theorem.id)
        finally:
            self._open.pop()

    def check(self, sequent: Sequent, tree: Any, path: str) -> None:
        """Check one node. Raises ProofError."""
        rules: dict[type, Callable[[Sequent, Any, str], None]] = {
            proof.Algebra: self._algebra,
            proof.Words: self._words,
            proof.Have: self._have,
            proof.Split: self._split,
            proof.Intro: self._intro,
            proof.Cases: self._cases,
            proof.Rewrite: self._rewrite,
            proof.Let: self._let,
            proof.Induct: self._induct,
            proof.Derivative: self._derivative,
            proof.PassageAtMost: self._passage_at_most,
            proof.PassageAtLeast: self._passage_at_least,
            proof.AtPassage: self._at_passage,
        }
        rule = rules.get(type(tree))
        if rule is None:
            raise ProofError(f"{path}: {tree!r} is not a rule")
        rule(sequent, tree, f"{path}/{type(tree).__name__}")

    def _hypothesis_conditions(self, sequent: Sequent) -> tuple[Formula, ...]:
        return tuple(c for h in (*sequent.membership, *sequent.hypotheses) for c in conditions(h, sequent.domain))

    # Leaves

    def _algebra(self, sequent: Sequent, leaf: Any, path: str) -> None:
        goal = map_terms(sequent.goal, unfold)
        self._comparable(path, goal)
        if decide.is_identity(goal, Abstraction(sequent.domain, [goal], keep_constants=True)):
            # An identity of rational functions says nothing where a denominator vanishes.
            for condition in conditions(goal, sequent.domain):
                self._algebra(sequent.show(condition), leaf, f"{path}: denominators")
            self.relies_on.add(decide.IDENTITY)
            return
        kept = tuple(h for i, h in enumerate(sequent.hypotheses) if i not in leaf.drop)
        facts = tuple(self._fact(fact, sequent, path) for fact in leaf.facts)
        self._comparable(path, *kept, *facts)
        members = tuple(domains.membership(symbol, domain) for symbol, domain in sequent.sets if symbol not in leaf.drop)
        self._comparable(path, *members)
        premises = [map_terms(f, unfold) for f in (*members, *kept, *facts)]
        abstraction = Abstraction(sequent.domain, [*premises, goal])
        formulas = [abstraction.formula(f) for f in (*premises, Not(goal))]
        answer, _ = decide.refutable([*formulas, *abstraction.facts], self.resources, self.milliseconds)
        if answer != "unsat":
            why = "the facts given do not imply it" if answer == "sat" else "no answer with the resources given"
            raise ProofError(f"{path}: not shown, {why}")
        self.relies_on.add(decide.solver_version())

    def _comparable(self, path: str, *formulas: Formula) -> None:
        if any(getattr(side, "is_Matrix", False) for f in formulas for r in relations(f) for side in (r.left, r.right)):
            raise ProofError(f"{path}: matrices have no place in the arithmetic of real numbers")
        if not all(map(bare_passages, formulas)):
            raise ProofError(f"{path}: a passage may be infinite, so it can only be compared, not computed with")

    def _words(self, sequent: Sequent, leaf: Any, path: str) -> None:
        goal = sequent.goal
        if not (isinstance(goal, Relation) and goal.op == "=="):
            raise ProofError(f"{path}: the goal is not an equation")

        def nonnegative(exponent: Any) -> bool:
            self._algebra(sequent.show(Relation(exponent, ">=", ZERO)), proof.Algebra(), f"{path}: exponent {exponent}")
            return True

        try:
            left, right = (words.normal_form(side, sequent.domain, nonnegative) for side in (goal.left, goal.right))
        except words.WordError as error:
            raise ProofError(f"{path}: {error}") from error
        if left != right:
            raise ProofError(f"{path}: the two sides have different normal forms")
        self.relies_on.add("matrix word normal form")

    def _fact(self, fact: Any, sequent: Sequent, path: str) -> Formula:
        """The formula that a fact stands for; its expressions may use the sequent's variables only."""
        if not isinstance(fact, proof.Lemma):
            fact = type(fact)(*(sympy.sympify(getattr(fact, f.name), strict=True) for f in fields(fact)))
        match fact:
            case proof.Lemma():
                formula = self._instance(fact, sequent, path)
            case proof.Root(value, base, n):
                self._integer(n, sequent, path)
                if not domains.is_positive(n, sequent.domain):
                    raise ProofError(f"{path}: Root needs n >= 1, got {n}")
                positive = Implies(Relation(base, ">", ZERO), Relation(value, ">", ZERO))
                root = And((Relation(value, ">=", ZERO), Relation(value**n, "==", base), positive))
                formula = Implies(And((Relation(base, ">=", ZERO), Relation(value, "==", base ** (ONE / n)))), root)
            case proof.LogProduct(a, b):
                formula = Implies(_positive(a, b), Relation(sympy.log(a * b), "==", sympy.log(a) + sympy.log(b)))
            case proof.LogPower(a, n):
                formula = Implies(_positive(a), Relation(sympy.log(a**n), "==", n * sympy.log(a)))
            case proof.LogMonotone(a, b):
                smaller, image = Relation(a, "<=", b), Relation(sympy.log(a), "<=", sympy.log(b))
                formula = Implies(_positive(a, b), And((Implies(smaller, image), Implies(image, smaller))))
            case proof.NotYet(passage, k) if isinstance(passage, FirstPassage | LearningStep):
                self._integer(k, sequent, path)
                formula = Implies(And((Relation(k, ">=", ZERO), Relation(k, "<", passage))), Not(from_sympy(passage.level_reached(k))))
            case _:
                raise ProofError(f"{path}: {fact!r} is not a fact")
        self._closed(formula, sequent, path)
        return formula

    def _instance(self, fact: Any, sequent: Sequent, path: str) -> Formula:
        if fact.id not in self.library:
            raise ProofError(f"{path}: there is no theorem {fact.id}")
        if fact.id in self._open:
            raise ProofError(f"{path}: circular, {fact.id} is being proved")
        theorem, tree = self.library[fact.id]
        if tree is None:
            raise ProofError(f"{path}: {fact.id} has no proof")
        self.theorem(theorem, tree)
        values = dict(fact.at)
        if set(values) != {s.name for s in theorem.given}:
            raise ProofError(f"{path}: {fact.id} needs values for {', '.join(s.name for s in theorem.given)}")
        at = {s: sympy.sympify(values[s.name], strict=True) for s in theorem.given}
        for symbol, value in at.items():
            if symbol.is_integer:
                self._integer(value, sequent, path)
        premises = tuple(substitute(p, at) for p in (theorem.membership, *theorem.hypotheses))
        return Implies(And(premises), substitute(theorem.conclusion, at))

    def _integer(self, value: Any, sequent: Sequent, path: str) -> None:
        if not value.is_integer:
            raise ProofError(f"{path}: {value} is not shown to be an integer")

    def _closed(self, formula: Formula, sequent: Sequent, path: str) -> None:
        strange = free_symbols(formula) - set(sequent.domain)
        if strange:
            raise ProofError(f"{path}: {', '.join(sorted(map(str, strange)))} is not a variable here")
        mistake = next(foreign(formula, set(sequent.domain)), None)
        if mistake:
            raise ProofError(f"{path}: {mistake}")

    def _meaningful(self, formula: Formula, sequent: Sequent, path: str) -> None:
        """A formula that a proof brings in speaks of the sequent's variables only, and has a value for all of them.

        Without a value it would still be a formula about some real numbers, but SymPy may later put a complex one in their place.
        """
        self._closed(formula, sequent, path)
        for condition in conditions(formula, sequent.domain):
            self._algebra(sequent.show(condition), proof.Algebra(), f"{path}: has a value")

    # Bookkeeping rules

    def _have(self, sequent: Sequent, rule: Any, path: str) -> None:
        claim = from_sympy(rule.claim)
        parts = claim.parts if isinstance(claim, And) else (claim,)
        # The claim is proved, so a part of it may owe its value to another part that has one without help.
        plain = [part for part in parts if not any(True for _ in conditions(part, sequent.domain))]
        for part in parts:
            self._meaningful(part, sequent.suppose(*plain), path)
        self.check(sequent.show(claim), rule.by, f"{path}.by")
        self.check(sequent.suppose(claim), rule.then, f"{path}.then")

    def _split(self, sequent: Sequent, rule: Any, path: str) -> None:
        goal = sequent.goal
        if not isinstance(goal, And) or len(goal.parts) != len(rule.parts):
            raise ProofError(f"{path}: the goal is not a conjunction of {len(rule.parts)}")
        for i, (part, tree) in enumerate(zip(goal.parts, rule.parts, strict=True)):
            self.check(sequent.show(part), tree, f"{path}[{i}]")

    def _intro(self, sequent: Sequent, rule: Any, path: str) -> None:
        if not isinstance(sequent.goal, Implies):
            raise ProofError(f"{path}: the goal is not an implication")
        self.check(sequent.suppose(sequent.goal.premise).show(sequent.goal.conclusion), rule.then, path)

    def _cases(self, sequent: Sequent, rule: Any, path: str) -> None:
        relation = from_sympy(rule.on)
        self._meaningful(relation, sequent, path)
        self.check(sequent.suppose(relation), rule.yes, f"{path}.yes")
        self.check(sequent.suppose(Not(relation)), rule.no, f"{path}.no")

    def _rewrite(self, sequent: Sequent, rule: Any, path: str) -> None:
        equation = Relation(rule.left, "==", rule.right)
        self._meaningful(equation, sequent, path)
        self.check(sequent.show(equation), rule.by, f"{path}.by")
        goal = substitute(map_terms(sequent.goal, unfold), {rule.left: rule.right})
        self.check(sequent.show(goal), rule.then, f"{path}.then")

    def _let(self, sequent: Sequent, rule: Any, path: str) -> None:
        named = Relation(rule.symbol, "==", rule.value)
        if rule.symbol in sequent.domain or rule.symbol != sympy.Symbol(rule.symbol.name, real=True):
            raise ProofError(f"{path}: {rule.symbol} is not a fresh symbol that is assumed real and no more")
        self._meaningful(Relation(named.right, "==", ZERO), sequent, path)
        extended = Sequent((*sequent.sets, (rule.symbol, sympy.FiniteSet(named.right))), sequent.hypotheses, sequent.goal)
        self.check(extended, rule.then, path)

    # Rules of the mathematics

    def _induct(self, sequent: Sequent, rule: Any, path: str) -> None:
        n, domain = rule.on, sequent.domain.get(rule.on)
        if not isinstance(domain, Range) or domain.step != 1 or not n.is_integer or domain.start == -oo:
            raise ProofError(f"{path}: {n} does not range upwards over integers")
        if n in domains.depends_on(domain):
            raise ProofError(f"{path}: the range of {n} mentions {n}")
        self.check(_start(sequent, n, domain), rule.base, f"{path}.base")
        own = tuple(domains.membership(s, d) for s, d in sequent.sets if s != n and n in domains.depends_on(d))
        about = tuple(h for h in sequent.hypotheses if mentions(h, n))
        assumption = Implies(And(own + about), sequent.goal)
        following = sequent.put(n, n + 1)
        upper = () if domain.stop == oo else (Relation(n + 1, "<=", domain.stop - 1),)
        step = Sequent(((n, domain), *following.sets), (*following.hypotheses, *upper, assumption), following.goal)
        self.check(step, rule.step, f"{path}.step")

    def _derivative(self, sequent: Sequent, rule: Any, path: str) -> None:
        y, domain, goal = rule.on, sequent.domain.get(rule.on), sequent.goal
        if not isinstance(domain, Interval) or not isinstance(goal, Relation) or goal.op not in ("<=", ">=", "=="):
            raise ProofError(f"{path}: needs a <=, >= or == goal and a variable in an Interval")
        upwards = domain.start == rule.at and not domain.left_open
        if not upwards and not (domain.end == rule.at and not domain.right_open):
            raise ProofError(f"{path}: {rule.at} is not a closed end of {domain}")
        if any(mentions(h, y) for h in sequent.hypotheses) or any(y in domains.depends_on(d) for _, d in sequent.sets):
            raise ProofError(f"{path}: a hypothesis or another set mentions {y}")
        if not (smooth_in(goal.left, y) and smooth_in(goal.right, y)):
            raise ProofError(f"{path}: an expression is not smooth in {y}")
        for condition in conditions(goal, sequent.domain):
            self._algebra(sequent.show(condition), rule.smooth, f"{path}.smooth")
        self.check(sequent.put(y, rule.at).suppose(*_nonempty(domain)), rule.base, f"{path}.base")
        # The mean value theorem asks for the slope between the ends only.
        opened = sequent.restrict(y, Interval(domain.start, domain.end, upwards or domain.left_open, not upwards or domain.right_open))
        for condition in conditions(goal, sequent.domain, smooth=True):
            self._algebra(opened.show(condition), rule.smooth, f"{path}.smooth")
        slope, nonzero = contiguous(sympy.diff(goal.left - goal.right, y))
        for argument in nonzero:
            self._algebra(opened.show(Relation(argument, "!=", ZERO)), rule.smooth, f"{path}.smooth")
        op = goal.op if upwards or goal.op == "==" else {"<=": ">=", ">=": "<="}[goal.op]
        self.check(opened.show(Relation(slope, op, ZERO)), rule.slope, f"{path}.slope")

    def _passage_at_most(self, sequent: Sequent, rule: Any, path: str) -> None:
        passage, bound = self._passage(sequent, "<=", path)
        self.check(sequent.show(Relation(bound, ">=", ZERO)), rule.bound, f"{path}.bound")
        fresh = self._fresh(sequent, rule.index, path).suppose(Not(from_sympy(passage.level_reached(rule.index))))
        self.check(fresh.show(Relation(rule.index + 1, "<=", bound)), rule.by, f"{path}.by")

    def _passage_at_least(self, sequent: Sequent, rule: Any, path: str) -> None:
        passage, bound = self._passage(sequent, ">=", path)
        fresh = self._fresh(sequent, rule.index, path).suppose(from_sympy(passage.level_reached(rule.index)))
        self.check(fresh.show(Relation(bound, "<=", rule.index)), rule.by, f"{path}.by")

    def _at_passage(self, sequent: Sequent, rule: Any, path: str) -> None:
        if not isinstance(rule.passage, FirstPassage | LearningStep) or rule.bound.has(FirstPassage, LearningStep, oo):
            raise ProofError(f"{path}: needs a passage and a finite bound")
        finite = Relation(rule.passage, "<=", rule.bound)
        self._meaningful(finite, sequent, path)
        self.check(sequent.show(finite), rule.by, f"{path}.by")
        reached = from_sympy(rule.passage.level_reached(rule.index))
        fresh = self._fresh(sequent, rule.index, path).suppose(Relation(rule.index, "==", rule.passage), reached)
        self.check(fresh, rule.then, f"{path}.then")

    def _passage(self, sequent: Sequent, op: str, path: str) -> tuple[Any, Any]:
        """(passage, bound) of a goal 'passage op bound', written either way round."""
        goal = sequent.goal
        if isinstance(goal, Relation) and goal.op in ("<=", ">="):
            left, right = (goal.left, goal.right) if goal.op == op else (goal.right, goal.left)
            if isinstance(left, FirstPassage | LearningStep) and not right.has(FirstPassage, LearningStep, oo):
                return left, right
        raise ProofError(f"{path}: the goal is not 'passage {op} expression'")

    def _fresh(self, sequent: Sequent, index: Any, path: str) -> Sequent:
        plain = index.is_Symbol and index.is_integer and index.is_positive is None and not unchecked_assumptions(index)
        if not plain or index in sequent.domain or any(index in domains.depends_on(d) for _, d in sequent.sets):
            raise ProofError(f"{path}: {index} is not a fresh integer symbol")
        return Sequent((*sequent.sets, (index, Range(0, oo))), sequent.hypotheses, sequent.goal)


def _start(sequent: Sequent, n: Any, domain: Any) -> Sequent:
    """The sequent at the first element of the range, which is there only if the range is not empty."""
    nonempty = () if domain.stop == oo else (Relation(domain.start, "<=", domain.stop - 1),)
    return sequent.put(n, domain.start).suppose(*nonempty)


def _nonempty(domain: Any) -> tuple[Formula, ...]:
    if oo in (domain.end, -domain.start):
        return ()
    return (Relation(domain.start, "<" if domain.left_open or domain.right_open else "<=", domain.end),)


def _positive(*terms: Any) -> Formula:
    return And(tuple(Relation(t, ">", ZERO) for t in terms))
