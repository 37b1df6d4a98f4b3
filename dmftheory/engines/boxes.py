"""The boxes engine: branch and bound on balls over the continuous variables, at each fixed depth.

Every variable in an interval [a, b], whose ends may use earlier variables, becomes a + t (b - a) with t in [0, 1], so the region is a unit
cube, open ends included. A box is settled when the hypotheses certainly fail on it, or the claim certainly holds and every expression has
a value. Where plain evaluation cannot tell, a certain sign of a partial derivative moves that variable to the end where the slack is
least (there it is an exact number, so that a bound attained on an edge is decided), and the mean value form is tried.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy
from flint import arb
from sympy import Dummy, Interval, oo

from dmftheory.claims.formula import And, Formula, Implies, Not, Or, Relation, to_sympy
from dmftheory.claims.theorem import Theorem
from dmftheory.claims.verdict import Evidence
from dmftheory.engines.depths import MAX_INSTANCES, Instance, described, instances, not_restrictable, obstacle
from dmftheory.engines.evaluate import judge, pose
from dmftheory.engines.observables import MEANINGS
from dmftheory.engines.text import point_text
from dmftheory.numerics import balls
from dmftheory.numerics.balls import DomainError, ExpressionError
from dmftheory.numerics.scalars import Value, to_ball, working_precision
from dmftheory.numerics.ternary import Ternary, all3, any3, implies3, not3
from dmftheory.trust.sequent import smooth_in

ENGINE = "boxes"
SECONDS = 10.0
MAX_BOXES = 4000
"""Boxes looked at in one instance before it counts as undecided."""
BITS = 96
RELIES_ON = ("Arb",)

Box = tuple[tuple[Fraction, Fraction], ...]
Point = dict[Any, Any]


@dataclass(frozen=True)
class Region:
    """One instance over the unit cube: parameters t, each variable as an expression in them, definitions, hypotheses => claim."""

    parameters: tuple[Any, ...]
    variables: tuple[tuple[Any, Any], ...]
    definitions: tuple[Any, ...]
    formula: Formula


def cover(theorem: Theorem, budget: float | None = None) -> tuple[Evidence, Point | None]:
    """Cover the region of a well-formed theorem with settled boxes at each depth from 2 to 12, or find a counterexample."""
    start = time.monotonic()
    deadline = start + min(SECONDS, SECONDS if budget is None else budget)

    def answer(verdict: str, domain: str, reason: str | None = None) -> Evidence:
        return Evidence(ENGINE, verdict, domain, RELIES_ON, time.monotonic() - start, reason=reason)

    why = obstacle(theorem)
    done: list[Instance] = []
    for instance in () if why else instances(theorem):
        why = shape_obstacle(instance.theorem) if len(done) < MAX_INSTANCES else f"there are more than {MAX_INSTANCES} instances"
        if why is not None:
            break
        outcome, box, region = _cover_instance(instance.theorem, deadline)
        if outcome is False:
            point = _counterexample(theorem, instance, region, box)
            if point is not None:
                return answer("refuted", point_text(point)), point
        if outcome is not True:
            return answer("undecided", described(theorem, done), _unsettled(instance, region, box)), None
        done.append(instance)
    if why is not None:
        return answer("undecided", "", f"not applicable: {why}"), None
    if not done:
        return answer("undecided", "", "no integers lie in the sets"), None
    why = not_restrictable(theorem)
    if why is not None:
        return answer("undecided", described(theorem, done), why), None
    return answer("certified", described(theorem, done)), None


def shape_obstacle(theorem: Theorem) -> str | None:
    """Why an instance is not a compact box, or None."""
    for symbol, domain in pose(theorem).sets:
        if not isinstance(domain, Interval):
            return f"{symbol} does not range over an interval"
        if domain.start == -oo or domain.end == oo:
            return f"the set of {symbol} is unbounded"
    return None


def _region(theorem: Theorem) -> Region:
    posed = pose(theorem)
    at: dict[Any, Any] = {}
    parameters = []
    for symbol, domain in posed.sets:
        t = Dummy(f"t_{symbol}", real=True)
        low, high = domain.start.xreplace(at), domain.end.xreplace(at)
        at[symbol] = low + t * (high - low)
        parameters.append(t)

    def put(formula: Formula) -> Formula:
        match formula:
            case Relation(left, op, right):
                return Relation(left.xreplace(at), op, right.xreplace(at))
            case And(parts):
                return And(tuple(map(put, parts)))
            case Or(parts):
                return Or(tuple(map(put, parts)))
            case Not(part):
                return Not(put(part))
            case Implies(premise, conclusion):
                return Implies(put(premise), put(conclusion))

    claim = put(posed.claim)
    formula = Implies(And(tuple(map(put, posed.hypotheses))), claim) if posed.hypotheses else claim
    definitions = tuple(value.xreplace(at) for _, value in posed.definitions)
    return Region(tuple(parameters), tuple(at.items()), definitions, formula)


def _cover_instance(theorem: Theorem, deadline: float) -> tuple[Ternary, Box, Region]:
    """(True, last box), (False, a box on which the statement fails), or (None, one of the largest boxes left); breadth first."""
    region = _region(theorem)
    whole: Box = ((Fraction(0), Fraction(1)),) * len(region.parameters)
    waiting = deque([whole])
    for _ in range(MAX_BOXES):
        box = waiting.popleft()
        holds = _settled(region, box)
        if holds is False:
            return False, box, region
        if holds is None:
            if not box or time.monotonic() > deadline:
                waiting.appendleft(box)
                break
            waiting.extend(_halves(box))
        if not waiting:
            return True, box, region
    return None, waiting[0], region


def _halves(box: Box) -> list[Box]:
    """The box cut across its longest side."""
    widths = [high - low for low, high in box]
    i = widths.index(max(widths))
    low, high = box[i]
    middle = (low + high) / 2
    return [(*box[:i], (low, middle), *box[i + 1 :]), (*box[:i], (middle, high), *box[i + 1 :])]


def _settled(region: Region, box: Box) -> Ternary:
    """True only where the formula certainly holds, and it and the definitions have a value, on the whole box."""
    with working_precision(BITS):
        truth, defined = _truth(region.formula, region.parameters, box)
        return truth if truth is False or (defined and _have_values(region, box)) else None


def _have_values(region: Region, box: Box) -> bool:
    values = {t: _hull(low, high) for t, (low, high) in zip(region.parameters, box, strict=True)}
    try:
        return all(balls.evaluate(value, values, BITS, MEANINGS).is_finite() for value in region.definitions)
    except (DomainError, ExpressionError):
        return False


def _truth(formula: Formula, parameters: Sequence[Any], box: Box) -> tuple[Ternary, bool]:
    """(truth on the box, whether every expression that matters certainly has a value)."""
    match formula:
        case Relation():
            return _relation_truth(formula, tuple(parameters), box)
        case Not(part):
            truth, defined = _truth(part, parameters, box)
            return not3(truth), defined
        case Implies(premise, conclusion):
            given, known = _truth(premise, parameters, box)
            if given is False and known:
                return True, True
            truth, defined = _truth(conclusion, parameters, box)
            return implies3(given, truth), known and defined
        case And(parts) | Or(parts):
            found = [_truth(part, parameters, box) for part in parts]
            join = all3 if isinstance(formula, And) else any3
            return join([truth for truth, _ in found]), all(defined for _, defined in found)


def _relation_truth(relation: Relation, parameters: tuple[Any, ...], box: Box) -> tuple[Ternary, bool]:
    values = {t: _hull(low, high) for t, (low, high) in zip(parameters, box, strict=True)}
    try:
        sides = [balls.evaluate(side, values, BITS, MEANINGS) for side in (relation.left, relation.right)]
        if not all(side.is_finite() for side in sides):
            return None, False
        truth = _holds(relation, values)
        if truth is None and relation.op not in ("==", "!="):
            truth = _by_slopes(relation, parameters, box, values)
    except (DomainError, ExpressionError):
        return None, False
    return truth, True


def _hull(low: Fraction, high: Fraction) -> Value:
    return low if low == high else to_ball(low).union(to_ball(high))


def _holds(relation: Relation, values: Mapping[Any, Value]) -> Ternary:
    return balls.holds(_relational(relation), values, BITS, MEANINGS)


@lru_cache(maxsize=512)
def _relational(relation: Relation) -> Any:
    return to_sympy(relation)


@lru_cache(maxsize=512)
def _gradient(relation: Relation, parameters: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """The partial derivatives of right - left; None where a side is not smooth."""
    difference = relation.right - relation.left
    if not all(smooth_in(difference, t) for t in parameters):
        return None
    return tuple(sympy.diff(difference, t) for t in parameters)


def _by_slopes(relation: Relation, parameters: tuple[Any, ...], box: Box, values: dict[Any, Value]) -> Ternary:
    """Whether the relation certainly holds, from the signs of the partial derivatives and the mean value form; never False."""
    gradient = _gradient(relation, parameters)
    if gradient is None:
        return None
    rising = relation.op in ("<", "<=")  # the slack is right - left
    slopes = [balls.evaluate(g, values, BITS, MEANINGS) for g in gradient]
    reduced = dict(values)
    for t, (low, high), slope in zip(parameters, box, slopes, strict=True):
        if slope >= 0:
            reduced[t] = low if rising else high
        elif slope <= 0:
            reduced[t] = high if rising else low
    if _holds(relation, reduced) is True:
        return True
    return _mean_value(relation, parameters, box, slopes)


def _mean_value(relation: Relation, parameters: tuple[Any, ...], box: Box, slopes: list[arb]) -> Ternary:
    """slack(box) lies in slack(m) + sum slope_i (box_i - m_i), m the midpoint."""
    middle: dict[Any, Value] = {t: (low + high) / 2 for t, (low, high) in zip(parameters, box, strict=True)}
    left, right = (balls.evaluate(side, middle, BITS, MEANINGS) for side in (relation.left, relation.right))
    slack = right - left
    for (low, high), slope in zip(box, slopes, strict=True):
        half = (high - low) / 2
        slack += slope * to_ball(-half).union(to_ball(half))
    if relation.op in (">", ">="):
        slack = -slack
    strict = relation.op in ("<", ">")
    return True if (slack > 0 if strict else slack >= 0) else None


def _counterexample(theorem: Theorem, instance: Instance, region: Region, box: Box) -> Point | None:
    """The midpoint of the box as exact values of the variables, if the statement certainly fails there."""
    middle: dict[Any, Value] = {t: (low + high) / 2 for t, (low, high) in zip(region.parameters, box, strict=True)}
    values: Point = {symbol: Fraction(value) for symbol, value in instance.values}
    for symbol, expr in region.variables:
        exact = balls.exact_value(expr, middle)
        if exact is None:
            return None
        values[symbol] = exact
    posed = pose(theorem)
    point = {symbol: values[symbol] for symbol, _ in posed.sets}
    return point if judge(posed, point).fails else None


def _unsettled(instance: Instance, region: Region, box: Box) -> str:
    """Where the boxes ran out."""
    at = point_text({s: Fraction(v) for s, v in instance.values}) + ": " if instance.values else ""
    sides = []
    for (symbol, expr), _ in zip(region.variables, box, strict=False):
        with working_precision(BITS):
            values = {t: _hull(low, high) for t, (low, high) in zip(region.parameters, box, strict=True)}
            low_end, high_end = (str(end.str(5, radius=False)) for end in _ends(balls.evaluate(expr, values, BITS)))
        sides.append(f"{symbol} in [{low_end}, {high_end}]")
    return f"{at}boxes ran out; one of the largest left is {', '.join(sides)}"


def _ends(ball: arb) -> tuple[arb, arb]:
    return ball.lower(), ball.upper()
