"""A formula at one exact point: True, False or None.

Balls at growing precision decide almost everything; a tie between rationals is decided by exact arithmetic, a tie at an algebraic
point modulo its minimal polynomials. What none of them decides stays unknown. A variable whose set has a single element is a definition,
not a choice: its expression stands in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy
from flint import arb
from sympy import FiniteSet

from dmftheory.claims import domains
from dmftheory.claims.formula import NEGATED, And, CollapsedError, Formula, Implies, Not, Or, Relation, from_sympy, substitute
from dmftheory.claims.theorem import Theorem
from dmftheory.engines.observables import MEANINGS
from dmftheory.numerics import balls
from dmftheory.numerics.balls import DomainError, ExpressionError
from dmftheory.numerics.eigenvalues import Eigenvalue
from dmftheory.numerics.scalars import Value, compare, to_ball, working_precision
from dmftheory.numerics.ternary import Ternary, all3, any3, implies3, not3
from dmftheory.numerics.zero_test import equal

PRECISIONS = (64, 256, 1024, 4096)
EQUALITY_PRECISIONS = (64, 256)
"""Balls never prove an equality, so what they do not refute early they will not decide."""
SLACK_BITS = 128
NOTHING = Fraction(1, 2**60)
"""A slack that is zero or certainly smaller in size is shown as 0."""
RELIES_ON = ("exact rationals", "Arb")

Point = Mapping[Any, Any]
"""Variable -> Fraction, an algebraic number (Eigenvalue), or an element of its FiniteSet as an exact expression."""
Difference = Callable[[Any, Any, Point], arb]
"""(left, right, point) -> right - left."""


@dataclass(frozen=True)
class Posed:
    """A theorem ready to be evaluated: definitions put in, hypotheses and claim as formulas over the variables that are chosen."""

    theorem: Theorem
    sets: tuple[tuple[Any, Any], ...]
    definitions: tuple[tuple[Any, Any], ...]
    membership: tuple[Formula, ...]
    hypotheses: tuple[Formula, ...]
    claim: Formula


def pose(theorem: Theorem) -> Posed:
    """Put the definitions of a well-formed theorem into its sets, hypotheses and claim."""
    definitions: dict[Any, Any] = {}
    sets: dict[Any, Any] = {}
    for symbol, domain in theorem.given.items():
        closed = domain.xreplace(definitions) if isinstance(domain, sympy.Set) else domain
        if isinstance(closed, FiniteSet) and len(closed.args) == 1:
            definitions[symbol] = closed.args[0]
        else:
            sets[symbol] = closed
    return Posed(
        theorem,
        tuple(sets.items()),
        tuple(definitions.items()),
        tuple(domains.membership(symbol, domain) for symbol, domain in sets.items()),
        tuple(substitute(h, definitions) for h in theorem.hypotheses),
        substitute(theorem.conclusion, definitions),
    )


@dataclass(frozen=True)
class Judgement:
    """What holds at one point: that the variables lie in their sets, each hypothesis, the claim; and where there is no value.

    `reaches_gap` says that the point is allowed but for hypotheses that have no value there.
    """

    membership: Ternary
    hypotheses: tuple[Ternary, ...]
    claim: Ternary
    gap: str | None = None
    reaches_gap: bool = False

    @property
    def allowed(self) -> Ternary:
        """Whether the statement speaks about the point."""
        return all3((self.membership, *self.hypotheses))

    @property
    def fails(self) -> bool:
        """Whether the point certainly is a counterexample."""
        return self.allowed is True and self.gap is None and self.claim is False


def judge(posed: Posed, point: Point, drawn: bool = False) -> Judgement:
    """Decide a statement at a point; a `drawn` point is in its sets by construction."""
    membership = True if drawn else _inside(posed, point)
    if membership is False:
        return Judgement(False, (), None)
    gaps: list[str] = []

    def attempt(formula: Formula) -> Ternary:
        try:
            return decide(formula, point)
        except DomainError as error:
            gaps.append(str(error.expression))
        except ExpressionError:
            pass  # no meaning here, so unknown
        return None

    for _, value in posed.definitions:
        attempt(Relation(value, "==", value))
    before = len(gaps)
    hypotheses = tuple(attempt(h) for h in posed.hypotheses)
    if False in hypotheses:
        return Judgement(membership, hypotheses, None)
    reaches = membership is True and len(gaps) > 0 and hypotheses.count(None) == len(gaps) - before
    claim = attempt(posed.claim)
    return Judgement(membership, hypotheses, claim, gaps[0] if gaps else None, reaches)


def _inside(posed: Posed, point: Point) -> Ternary:
    try:
        integral = all(not s.is_integer or (isinstance(point[s], Fraction) and point[s].denominator == 1) for s, _ in posed.sets)
        # Balls never tell that an irrational element of a finite set is one; it stands there as it was written.
        named = [not isinstance(point[s], Fraction) and isinstance(d, FiniteSet) and point[s] in d.args for s, d in posed.sets]
        return all3((integral, *(known or decide(m, point) for m, known in zip(posed.membership, named, strict=True))))
    except DomainError:
        return False


def decide(formula: Formula, point: Point, precisions: tuple[int, ...] = PRECISIONS) -> Ternary:
    """Whether the formula holds at the point; None where neither balls of up to 4096 bits (256 for an equality) nor exact rationals tell.

    Raises DomainError where an expression has no value. The conclusion of an implication needs a value only where its premise may hold.
    """
    match formula:
        case Relation(left, op, right):
            return _decide_relation(left, op, right, point, precisions)
        case And(parts):
            return all3([decide(part, point, precisions) for part in parts])
        case Or(parts):
            return any3([decide(part, point, precisions) for part in parts])
        case Not(part):
            return not3(decide(part, point, precisions))
        case Implies(premise, conclusion):
            given = decide(premise, point, precisions)
            if given is False:
                return True
            try:
                return implies3(given, decide(conclusion, point, precisions))
            except DomainError:
                if given is None:
                    return None
                raise


def _decide_relation(left: Any, op: str, right: Any, point: Point, precisions: tuple[int, ...]) -> Ternary:
    left, right = _without_cases(left, point), _without_cases(right, point)
    for i, precision in enumerate(EQUALITY_PRECISIONS if op in ("==", "!=") else precisions):
        with working_precision(precision):
            values = at_precision(point, precision)
            answer = compare(_ball(left, values, precision), op, _ball(right, values, precision))
            if answer is None and i == 0:
                answer = _decide_exactly(left, op, right, values)
            if answer is None and i == 0 and _is_algebraic(point) and equal(left, right, point, MEANINGS):
                answer = op in ("==", "<=", ">=")
        if answer is not None:
            return answer
    # At rational points balls and exact arithmetic leave only ties of expressions with transcendental values.
    known = not _is_algebraic(point) and equal(left, right, point, MEANINGS)
    return op in ("==", "<=", ">=") if known else None


def _decide_exactly(left: Any, op: str, right: Any, values: Mapping[Any, Value]) -> Ternary:
    a = balls.exact_value(left, values, MEANINGS)
    b = None if a is None else balls.exact_value(right, values, MEANINGS)
    if a is None or b is None:
        return None
    return {"==": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op]


def _without_cases(expr: Any, point: Point) -> Any:
    """The expression with the branch that applies in place of each Piecewise whose conditions are decided, at an algebraic point.

    Balls never tell that x = sqrt(2)/2, and a condition may say just that.
    """
    if not (_is_algebraic(point) and expr.has(sympy.Piecewise)):
        return expr
    for cases in sorted(expr.atoms(sympy.Piecewise), key=sympy.default_sort_key):
        for value, condition in cases.args:
            holds = True if condition == sympy.true else _case_holds(condition, point)
            if holds is True:
                return _without_cases(expr.xreplace({cases: value}), point)
            if holds is None:
                break
    return expr


def _case_holds(condition: Any, point: Point) -> Ternary:
    try:
        return decide(from_sympy(condition), point)
    except (TypeError, CollapsedError):  # no connective of relations
        return None


def _is_algebraic(point: Point) -> bool:
    return any(isinstance(value, Eigenvalue) for value in point.values())


def at_precision(point: Point, precision: int) -> dict[Any, Value]:
    """The point with every element that is not rational as a ball."""
    return {s: v if isinstance(v, Fraction) else element(v, precision) for s, v in point.items()}


@lru_cache(maxsize=1024)
def element(expr: Any, precision: int) -> Value:
    """The value of an algebraic number, or of an expression without variables: exact where it is rational, else a ball."""
    if isinstance(expr, Eigenvalue):
        return expr.ball(precision) if expr.rational is None else expr.rational
    exact = balls.exact_value(expr, {})
    return exact if exact is not None else balls.evaluate(expr, {}, precision)


def _ball(expr: Any, values: Mapping[Any, Value], precision: int) -> arb:
    return balls.evaluate(expr, values, precision, MEANINGS)


def exact_or_ball(expr: Any, point: Point, precision: int = SLACK_BITS) -> Value:
    """The value of a side of a relation: a rational where it is one, else a ball. Raises DomainError."""
    expr = _without_cases(expr, point)
    values = at_precision(point, precision)
    exact = balls.exact_value(expr, values, MEANINGS)
    return exact if exact is not None else _ball(expr, values, precision)


def difference(left: Any, right: Any, point: Point) -> arb:
    """right - left as a ball that does not contain 0, as 0 where it is that small, as nan where that is not known."""
    left, right = _without_cases(left, point), _without_cases(right, point)
    for precision in (SLACK_BITS, 16 * SLACK_BITS):
        with working_precision(precision):
            values = at_precision(point, precision)
            found = _ball(right, values, precision) - _ball(left, values, precision)
            if found > 0 or found < 0:
                return found
            if abs(found) < to_ball(NOTHING):
                return arb(0)
    return arb.nan()


def slack(formula: Formula, point: Point, negated: bool = False, by: Difference = difference) -> arb:
    """How far the formula is from failing: b - a for a <= b, the least over And, the greatest over Or; nan where there is none.

    The ball of a failing formula is negative; equality has slack -|a - b|. `by` computes the differences.
    """
    match formula:
        case Relation(left, op, right):
            return _relation_slack(left, NEGATED[op] if negated else op, right, point, by)
        case Not(part):
            return slack(part, point, not negated, by)
        case Implies(premise, conclusion):
            return slack(Or((Not(premise), conclusion)), point, negated, by)
        case And(parts) | Or(parts):
            least = isinstance(formula, And) is not negated
            found = [slack(part, point, negated, by) for part in parts]
            with working_precision(SLACK_BITS):
                result = found[0] if found else arb.nan()
                for other in found[1:]:
                    result = result.min(other) if least else result.max(other)
            return result


def _relation_slack(left: Any, op: str, right: Any, point: Point, by: Difference) -> arb:
    try:
        room = by(left, right, point)
    except DomainError:
        return arb.nan()
    if op in ("==", "!="):
        return abs(room) if op == "!=" else -abs(room)
    return room if op in ("<", "<=") else -room
