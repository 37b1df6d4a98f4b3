"""Closed forms of the flow's times against quadrature with proved error; the hypergeometric series are summed term by term."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from dmftheory.checks.report import Check, Situation, attack
from dmftheory.checks.spectra import members, numbers

from dmftheory.claims import Family, Theorem
from dmftheory.theorems.chou.flow_time import a, x, y


def _between(source: random.Random, low: Fraction, high: Fraction) -> Fraction:
    return low + (high - low) * Fraction(source.randint(1, 999), 1000)


def _states(low: Fraction, high: Fraction) -> Any:
    """Pairs of states between two numbers: away from the barrier at 1, where the series needs too many terms."""

    def situations(statement: Theorem | Family, source: random.Random) -> Iterator[Situation]:
        for theorem in members(statement, source):
            chosen: Mapping[Any, Any] = {
                x: _between(source, low, high),
                y: lambda known: _between(source, known[x], high),
                a: _between(source, low, high),
            }
            yield numbers(theorem, source, chosen)

    return situations


_BELOW = _states(Fraction(1, 20), Fraction(19, 20))
_ABOVE = _states(Fraction(21, 20), Fraction(4))
_ANYWHERE = _states(Fraction(1, 20), Fraction(5, 4))
_SERIES = "the series of the integral, summed with a bound on its rest"
_QUADRATURE = "quadrature with proved error between random states"

CHECKS: dict[str, Check] = {
    "chou.flow_time.closed_form": attack(_BELOW, _QUADRATURE),
    "chou.flow_time.closed_form_above": attack(_ABOVE, _QUADRATURE),
    "chou.flow_time.closed_form_negative": attack(_ANYWHERE, _QUADRATURE),
    "chou.flow_time.closed_form_zero": attack(_ANYWHERE, _QUADRATURE),
    "chou.flow_time.elementary": attack(_BELOW, f"{_QUADRATURE}, at random depths of the family"),
    "chou.flow_time.recovery_depth_two": attack(_BELOW, _QUADRATURE),
    "chou.flow_time.tail_bounds": attack(_BELOW, _SERIES),
    "chou.flow_time.recovery": attack(_BELOW, _QUADRATURE),
    "chou.flow_time.recovery_slack": attack(_states(Fraction(1, 20), Fraction(1, 2)), _SERIES),
}
