"""The smt engine: the real closed field at each fixed depth. Exact: z3 decides, and a counterexample is confirmed in exact arithmetic."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import Any

from dmftheory.claims.formula import Not, map_terms
from dmftheory.claims.proof import Algebra
from dmftheory.claims.theorem import Theorem
from dmftheory.claims.unfold import unfold
from dmftheory.claims.verdict import Evidence
from dmftheory.engines.depths import MAX_INSTANCES, Instance, described, instances, not_restrictable, obstacle, restricted
from dmftheory.engines.evaluate import judge, pose
from dmftheory.engines.symbolic import REJECTED
from dmftheory.engines.text import point_text
from dmftheory.trust import decide
from dmftheory.trust.atoms import Abstraction
from dmftheory.trust.check import Checker
from dmftheory.trust.sequent import initial

ENGINE = "smt"
SECONDS = 10.0
INSTANCE_RESOURCES = 6_000_000

Point = dict[Any, Any]


def decide_each_depth(theorem: Theorem, budget: float | None = None) -> tuple[Evidence, Point | None]:
    """Decide a well-formed theorem at each depth from 2 to 12; with it, a counterexample where one is found and confirmed."""
    start = time.monotonic()
    deadline = start + min(SECONDS, SECONDS if budget is None else budget)
    relies: set[str] = set()

    def answer(verdict: str, domain: str, reason: str | None = None) -> Evidence:
        return Evidence(ENGINE, verdict, domain, tuple(sorted(relies)), time.monotonic() - start, reason=reason)

    why = obstacle(theorem)
    if why is not None:
        return answer("undecided", "", f"not applicable: {why}"), None
    done: list[Instance] = []
    for instance in instances(theorem):
        left = int(1000 * (deadline - time.monotonic()))
        if left <= 0 or len(done) == MAX_INSTANCES:
            why = f"{len(done)} instances are settled, then the time or number allowed ran out"
            return answer("undecided", described(theorem, done), why), None
        checker = Checker({}, INSTANCE_RESOURCES, left)
        try:
            checker.theorem(instance.theorem, Algebra())
        except REJECTED as error:
            point = _counterexample(theorem, instance, left)
            if point is not None:
                return answer("refuted", point_text(point)), point
            return answer("undecided", described(theorem, done), f"{_at(instance)}{error}"), None
        relies |= checker.relies_on
        done.append(instance)
    if not done:
        return answer("undecided", "", "no integers lie in the sets"), None
    why = not_restrictable(theorem)
    if why is not None:
        return answer("undecided", described(theorem, done), why), None
    return answer("certified" if restricted(theorem) else "proved", described(theorem, done)), None


def _at(instance: Instance) -> str:
    values = point_text({s: Fraction(v) for s, v in instance.values}) if instance.values else ""
    return f"at {values}: " if values else ""


def _counterexample(theorem: Theorem, instance: Instance, milliseconds: int) -> Point | None:
    """The values that z3 gives the variables, as rationals, if the statement certainly fails there."""
    sequent = initial(instance.theorem)
    try:
        goal = map_terms(sequent.goal, unfold)
        premises = [map_terms(f, unfold) for f in (*sequent.membership, *sequent.hypotheses)]
        abstraction = Abstraction(sequent.domain, [*premises, goal])
        formulas = [abstraction.formula(f) for f in (*premises, Not(goal))]
        answer, model = decide.refutable([*formulas, *abstraction.facts], INSTANCE_RESOURCES, milliseconds)
    except REJECTED:
        return None
    if answer != "sat":
        return None
    posed = pose(theorem)
    fixed = {s: Fraction(v) for s, v in instance.values}
    for digits in (3, 10, 30):
        values = {s: fixed[s] if s in fixed else _rational(model.get(abstraction.term(s)), digits) for s, _ in posed.sets}
        if judge(posed, values).fails:
            return values
    return None


def _rational(value: Any, digits: int) -> Fraction:
    """A rational model value as it is, an algebraic one to some digits; 0 for a variable that does not matter."""
    if value is None:
        return Fraction(0)
    if hasattr(value, "approx"):
        value = value.approx(digits)
    return Fraction(value.numerator_as_long(), value.denominator_as_long())
