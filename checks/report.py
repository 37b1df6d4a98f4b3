"""What a check hands back, and the loop that every check is: draw a situation, simulate it, read the statement, look for a violation."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice
from typing import Any

from dmftheory.checks.interval import Interval
from dmftheory.checks.reading import Observables, Reading

from dmftheory.claims import Family, Theorem
from dmftheory.claims.formula import And

DRAWS_FOR_EACH = 3  # situations that may be drawn for each one that the effort asks for


@dataclass(frozen=True)
class Situation:
    """One instance of a statement: values of its variables, and what the simulation says about its observables."""

    theorem: Theorem
    values: Mapping[Any, Any]
    observables: Observables = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """The outcome of one check.

    simulated   what was run, in one sentence
    trials      situations inside the hypotheses in which the claim came out true or false
    undecided   those in which two enclosures met (at a tie, as for every equality of real numbers: then see `gap`)
    outside     those that the hypotheses exclude, so that they said nothing
    slack, gap  for the eye: the least relative slack of an inequality, the widest relative gap that enclosures leave of an equality
    violation   the first situation in which the claim is certainly false, or None
    """

    simulated: str
    trials: int
    undecided: int
    outside: int
    slack: float | None
    gap: float | None
    violation: str | None

    @property
    def margin(self) -> str:
        """The worst case met, as text."""
        found = ((name, getattr(self, name)) for name in ("slack", "gap"))
        return ", ".join(f"{name} {value:.3g}" for name, value in found if value is not None) or "none"


Check = Callable[[Theorem | Family, int, int], Report]
Draw = Callable[[Theorem | Family, random.Random], Iterator[Situation]]


def attack(draw: Draw, simulated: str, *, share: Fraction = Fraction(1)) -> Check:
    """The check that looks at `share` of the effort in situations (at least one), all from one seed."""

    def check(statement: Theorem | Family, seed: int, effort: int) -> Report:
        source = random.Random(f"{statement.id} {seed}")
        wanted = max(1, int(effort * share))
        tally = _Tally()
        for situation in islice(draw(statement, source), wanted * DRAWS_FOR_EACH):
            tally.look_at(situation)
            if tally.violation or tally.trials + tally.undecided >= wanted:
                break
        return tally.report(simulated)

    return check


def combined(*checks: Check) -> Check:
    """Several checks as one: counts add up, the first violation is the violation."""

    def check(statement: Theorem | Family, seed: int, effort: int) -> Report:
        reports = [one(statement, seed, effort) for one in checks]
        return Report(
            "; ".join(r.simulated for r in reports),
            sum(r.trials for r in reports),
            sum(r.undecided for r in reports),
            sum(r.outside for r in reports),
            min((r.slack for r in reports if r.slack is not None), default=None),
            max((r.gap for r in reports if r.gap is not None), default=None),
            next((r.violation for r in reports if r.violation), None),
        )

    return check


class _Tally:
    def __init__(self) -> None:
        self.trials = self.undecided = self.outside = 0
        self.slack: float | None = None
        self.gap: float | None = None
        self.violation: str | None = None

    def look_at(self, situation: Situation) -> None:
        reading = Reading(situation.values, situation.observables)
        theorem = situation.theorem
        assumed = reading.truth(And(theorem.hypotheses))
        if assumed is False or reading.truth(theorem.membership) is False:
            self.outside += 1
            return
        holds = reading.truth(theorem.conclusion) if assumed else None
        if holds is None:
            self.undecided += 1
        else:
            self.trials += 1
        if holds is False:
            values = ", ".join(f"{name} = {shown(value)}" for name, value in situation.values.items())
            self.violation = f"{theorem.id}: fails at {values}"
        slack, gap = reading.margins(theorem.conclusion)
        self.slack = slack if self.slack is None else self.slack if slack is None else min(slack, self.slack)
        self.gap = gap if self.gap is None else self.gap if gap is None else max(gap, self.gap)

    def report(self, simulated: str) -> Report:
        return Report(simulated, self.trials, self.undecided, self.outside, self.slack, self.gap, self.violation)


def shown(value: Any) -> str:
    """A value on one line: a rational as p/q, an interval by its lower end, a matrix row by row."""
    if isinstance(value, Interval):
        return f"{float(value.low):.17g}..."
    if isinstance(value, tuple):
        return "[" + ", ".join(map(shown, value)) + "]"
    return str(value)
