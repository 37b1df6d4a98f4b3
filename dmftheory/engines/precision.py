"""The precision engine: a quick look with mpmath at two precisions. It decides nothing; where it sees a failure, exact arithmetic does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import islice
from random import Random
from typing import Any

import mpmath
import sympy

from dmftheory.claims.formula import And, Formula, Implies, Not, Or, Relation
from dmftheory.claims.theorem import Theorem
from dmftheory.claims.verdict import Evidence
from dmftheory.engines.draw import EmptySetError, draw_from, is_drawable
from dmftheory.engines.evaluate import Posed, judge, pose
from dmftheory.engines.text import point_text
from dmftheory.numerics.balls import DomainError
from dmftheory.numerics.highprec import context

ENGINE = "precision"
POINTS, MOST_DRAWN = 64, 400
DIGITS = (50, 100)
SECONDS = 5.0

Point = dict[Any, Any]
Context = Any
"""An mpmath context of its own precision."""


class NoMeaning(Exception):
    """An expression that plain floating point has no rule for here."""


def look(theorem: Theorem, seed: int = 0, budget: float | None = None) -> tuple[Evidence, Point | None]:
    """Evaluate a well-formed theorem at random points with 50 and 100 digits; `undecided`, or `refuted` where exact arithmetic says so."""
    start = time.monotonic()
    deadline = start + min(SECONDS, SECONDS if budget is None else budget)
    posed = pose(theorem)

    def answer(verdict: str, reason: str | None, domain: str = "") -> Evidence:
        return Evidence(ENGINE, verdict, domain, (f"mpmath {mpmath.__version__}",), time.monotonic() - start, reason=reason)

    why = is_drawable(posed)
    if why is not None:
        return answer("undecided", f"not applicable: {why}"), None
    coarse, fine = map(context, DIGITS)
    least: tuple[Any, Point] | None = None
    seen = 0
    try:
        for point in islice(_points(posed, seed), MOST_DRAWN):
            if seen == POINTS or time.monotonic() > deadline:
                break
            if point is None:
                continue
            rooms = [_room(Implies(And(posed.hypotheses), posed.claim), point, own, False) for own in (coarse, fine)]
            if any(map(mpmath.isnan, rooms)):
                continue
            seen += 1
            if least is None or rooms[1] < least[0]:
                least = rooms[1], point
            if min(rooms) < 0 and judge(posed, point).fails:
                return answer("refuted", None, point_text(point)), point
    except NoMeaning as error:
        return answer("undecided", f"not applicable: {error} has no meaning in plain floating point"), None
    if least is None:
        return answer("undecided", "no point with a value was drawn"), None
    word = "looks true" if least[0] >= 0 else "may be false"
    digits, where = " and ".join(map(str, DIGITS)), point_text(least[1])
    return answer("undecided", f"{word} at {digits} digits on {seen} points, least slack {mpmath.nstr(least[0], 5)} at {where}"), None


def _points(posed: Posed, seed: int) -> Iterator[Point | None]:
    """Random points of the sets, None where an earlier value leaves a later set empty."""
    random = Random(seed)
    while True:
        point: Point = {}
        try:
            for symbol, domain in posed.sets:
                point[symbol] = draw_from(domain, point, random.getrandbits)
        except (EmptySetError, DomainError):
            yield None
        else:
            yield point


def _room(formula: Formula, point: Point, own: Context, negated: bool) -> Any:
    """How far the formula is from failing: b - a for a <= b, the least over And, the greatest over Or."""
    match formula:
        case Relation(left, op, right):
            difference = _value(right, point, own) - _value(left, point, own)
            if op in ("==", "!="):
                near = own.mpf(10) ** -(own.dps - 20)
                size = abs(difference) if abs(difference) > near else own.mpf(0)
                return size if (op == "!=") is not negated else -size
            return difference if (op in ("<", "<=")) is not negated else -difference
        case Not(part):
            return _room(part, point, own, not negated)
        case Implies(premise, conclusion):
            return _room(Or((Not(premise), conclusion)), point, own, negated)
        case And(parts) | Or(parts):
            rooms = [_room(part, point, own, negated) for part in parts]
            if not rooms:
                return own.inf if isinstance(formula, And) is not negated else -own.inf
            if any(map(mpmath.isnan, rooms)):
                return own.nan
            return (min if isinstance(formula, And) is not negated else max)(rooms)


def _value(expr: Any, point: Point, own: Context) -> Any:
    if expr in point:
        value = point[expr]
        return own.mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else _value(value, {}, own)
    if expr.is_Rational:
        return own.mpf(int(expr.p)) / int(expr.q)
    rule = next((rule for kind, rule in _RULES.items() if isinstance(expr, kind)), None)
    if rule is None:
        raise NoMeaning(expr)
    try:
        value = rule(own, *(_value(arg, point, own) for arg in expr.args))
    except ZeroDivisionError:
        return own.nan
    return own.nan if isinstance(value, own.mpc) else value


_RULES: dict[Any, Callable[..., Any]] = {
    type(sympy.pi): lambda own: +own.pi,
    type(sympy.E): lambda own: +own.e,
    sympy.Add: lambda own, *parts: own.fsum(parts),
    sympy.Mul: lambda own, *parts: own.fprod(parts),
    sympy.Pow: lambda own, base, exponent: base**exponent,
    sympy.exp: lambda own, a: own.exp(a),
    sympy.log: lambda own, a: own.log(a),
    sympy.sin: lambda own, a: own.sin(a),
    sympy.cos: lambda own, a: own.cos(a),
    sympy.tan: lambda own, a: own.tan(a),
    sympy.atan: lambda own, a: own.atan(a),
    sympy.sinh: lambda own, a: own.sinh(a),
    sympy.cosh: lambda own, a: own.cosh(a),
    sympy.tanh: lambda own, a: own.tanh(a),
    sympy.Abs: lambda own, a: abs(a),
    sympy.Max: lambda own, *parts: max(parts),
    sympy.Min: lambda own, *parts: min(parts),
}
