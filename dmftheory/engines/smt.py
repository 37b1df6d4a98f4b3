"""The smt engine: the real closed field at each fixed depth.

z3 decides; cvc5, where it is installed, decides the same questions again, and opposite answers stop everything. A counterexample that z3
proposes, rational or algebraic, counts only when exact arithmetic confirms it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from dmftheory.claims import domains
from dmftheory.claims.formula import Formula, Not, map_terms
from dmftheory.claims.proof import Algebra
from dmftheory.claims.theorem import Theorem
from dmftheory.claims.unfold import unfold
from dmftheory.claims.values import conditions
from dmftheory.claims.verdict import Evidence
from dmftheory.engines import second_opinion
from dmftheory.engines.depths import Instance, covered, instances, not_restrictable, obstacle, restricted
from dmftheory.engines.evaluate import RELIES_ON, Posed, judge, pose
from dmftheory.engines.second_opinion import SolversDisagree
from dmftheory.engines.symbolic import REJECTED
from dmftheory.engines.text import point_text
from dmftheory.numerics.algebraic import roots_between
from dmftheory.trust import decide, evidence
from dmftheory.trust.atoms import Abstraction
from dmftheory.trust.check import Checker
from dmftheory.trust.sequent import Sequent, initial

ENGINE = "smt"
SECONDS = 10.0
INSTANCE_RESOURCES = 6_000_000
MOST_TRIED = 40
"""Instances in which a point that satisfies the hypotheses is looked for."""

Point = dict[Any, Any]
Question = tuple[list[Formula], Abstraction]


def decide_each_depth(theorem: Theorem, budget: float | None = None) -> tuple[Evidence, Point | None]:
    """Decide a well-formed theorem at each depth; with it, a counterexample where one is found and confirmed.

    Raises SolversDisagree where z3 and cvc5 give opposite answers.
    """
    start = time.monotonic()
    deadline = start + min(SECONDS, SECONDS if budget is None else budget)
    relies: set[str] = set()
    doubts: set[str] = set()
    found: list[Point] = []

    def answer(verdict: str, domain: str, reason: str | None = None) -> Evidence:
        return Evidence(ENGINE, verdict, domain, tuple(sorted(relies)), time.monotonic() - start, reason=reason)

    def settled(instance: Instance) -> str | None:
        left = max(1, int(1000 * (deadline - time.monotonic())))
        checker = Checker({}, INSTANCE_RESOURCES, left)
        try:
            checker.theorem(instance.theorem, Algebra())
        except REJECTED as error:
            point, why = _counterexample(theorem, instance, left)
            found.extend([] if point is None else [point])
            return why or str(error)
        relies.update(checker.relies_on)
        doubts.update(_confirm(instance, deadline))
        return None

    why = obstacle(theorem)
    if why is not None:
        return answer("undecided", "", f"not applicable: {why}"), None
    progress = covered(theorem, settled, deadline)
    if found:
        relies.update(RELIES_ON)
        return answer("refuted", point_text(found[0])), found[0]
    if not progress.enough:
        return answer("undecided", progress.domain, progress.reason), None
    if not doubts and decide.solver_version() in relies:
        relies.add(second_opinion.version())
    why = not_restrictable(theorem)
    if why is not None:
        return answer("undecided", progress.domain, why), None
    remark = "; ".join([*([progress.reason] if progress.reason else []), *sorted(doubts)]) or None
    if restricted(theorem):
        return answer("certified", progress.domain, remark), None
    proved = evidence.prove(theorem, Algebra(), {}, engine=ENGINE)  # nobody else may say so
    return replace(proved, relies_on=tuple(sorted({*proved.relies_on, *relies})), reason=proved.reason or remark), None


def find_instance(theorem: Theorem, budget: float) -> Point | None:
    """A point that certainly satisfies the hypotheses, proposed by z3 at some depth and checked in exact arithmetic; None: none found."""
    deadline = time.monotonic() + budget
    if obstacle(theorem) is not None:
        return None
    posed = pose(theorem)
    for place, instance in enumerate(instances(theorem)):
        left = int(1000 * (deadline - time.monotonic()))
        if left <= 0 or place == MOST_TRIED:
            return None
        try:
            formulas, abstraction = _question(initial(instance.theorem), None)
            answer, model = decide.refutable(formulas, INSTANCE_RESOURCES, left)
        except REJECTED:
            return None
        for point in _points(posed, instance, abstraction, model) if answer == "sat" else ():
            if judge(posed, point).allowed is True:
                return point
    return None


def _question(sequent: Sequent, goal: Formula | None) -> Question:
    """The formulas that hold together where the goal (None: nothing) fails within the sequent, as the checker of proofs poses them."""
    premises = [map_terms(f, unfold) for f in (*sequent.membership, *sequent.hypotheses)]
    wanted = [] if goal is None else [Not(map_terms(goal, unfold))]
    abstraction = Abstraction(sequent.domain, [*premises, *wanted])
    formulas = [abstraction.formula(f) for f in (*premises, *wanted)]
    return [*formulas, *abstraction.facts], abstraction


def _questions(theorem: Theorem) -> Iterator[list[Formula]]:
    """Everything that z3 was asked: each condition for a value, and the goal. Identities never came to z3."""
    sequent = initial(theorem)
    everything = (*(domains.membership(s, d) for s, d in sequent.sets), *sequent.hypotheses, sequent.goal)
    for goal in (*(c for formula in everything for c in conditions(formula, sequent.domain)), sequent.goal):
        plain = map_terms(goal, unfold)
        if not decide.is_identity(plain, Abstraction(sequent.domain, [plain], keep_constants=True)):
            yield _question(sequent, goal)[0]


def _confirm(instance: Instance, deadline: float) -> Iterator[str]:
    """Ask cvc5 what z3 was asked; yields why there is no second opinion. Raises SolversDisagree."""
    if not second_opinion.is_installed():
        yield second_opinion.ABSENT
        return
    for formulas in _questions(instance.theorem):
        left = min(second_opinion.MILLISECONDS, int(1000 * (deadline - time.monotonic())))
        said = second_opinion.answer(formulas, left) if left > 0 else "unknown"
        if said == "sat":
            first, _ = decide.refutable(formulas, INSTANCE_RESOURCES)
            if first == "unsat":
                raise SolversDisagree(_named(instance), first, said)
        if said != "unsat":
            yield "cvc5 gives no second opinion on all of it"


def _named(instance: Instance) -> str:
    values = point_text({s: Fraction(v) for s, v in instance.values}) if instance.values else ""
    return f"{instance.theorem.id} at {values}" if values else instance.theorem.id


def _counterexample(theorem: Theorem, instance: Instance, milliseconds: int) -> tuple[Point | None, str | None]:
    """The values that z3 gives the variables, if the statement certainly fails there; else what is to be said of its model, if anything."""
    sequent = initial(instance.theorem)
    try:
        formulas, abstraction = _question(sequent, sequent.goal)
        answer, model = decide.refutable(formulas, INSTANCE_RESOURCES, milliseconds)
    except REJECTED:
        return None, None
    if answer != "sat":
        return None, None
    posed = pose(theorem)
    for point in _points(posed, instance, abstraction, model):
        if judge(posed, point).fails:
            return point, None
    if second_opinion.is_installed() and second_opinion.answer(formulas) == "unsat":
        raise SolversDisagree(_named(instance), answer, "unsat")
    return None, "z3 knows too little of the functions in it: the point that it proposes is no counterexample in exact arithmetic"


def _points(posed: Posed, instance: Instance, abstraction: Abstraction, model: dict[Any, Any]) -> Iterator[Point]:
    """The model's point, an algebraic value first to a few digits, then to more, then exactly."""
    fixed = {s: Fraction(v) for s, v in instance.values}
    for digits in (3, 10, 30, None):
        point = {s: fixed[s] if s in fixed else _number(model.get(abstraction.term(s)), digits) for s, _ in posed.sets}
        if None not in point.values():
            yield point


def _number(value: Any, digits: int | None) -> Any:
    """A value of a model: a rational as it is, an algebraic number to some digits or (None) exactly; 0 for a variable that is free."""
    if value is None:
        return Fraction(0)
    if not hasattr(value, "approx"):
        return _rational(value)
    if digits is not None:
        return _rational(value.approx(digits))
    coefficients, near = [c.as_long() for c in value.poly()], _rational(value.approx(30))
    for places in (1 << k for k in range(0, 96, 4)):
        roots = roots_between(coefficients, Fraction(near * places // 1, places), Fraction(near * places // 1 + 1, places))
        if len(roots) == 1:
            return roots[0]
    return None


def _rational(value: Any) -> Fraction:
    return Fraction(value.numerator_as_long(), value.denominator_as_long())
