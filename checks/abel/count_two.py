"""The first-order step count at depth 2: single steps against quadrature of the flow, whole runs and passages step by step."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from dmftheory.checks.draws import fill
from dmftheory.checks.report import Check, Situation, attack
from dmftheory.checks.simulate import Simulation
from dmftheory.checks.spectra import numbers, starting_share

from dmftheory.claims import Family, Theorem
from dmftheory.theorems.abel.count import tau, x0

HORIZON = 150
LONG_HORIZON = 3000


def _points(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        yield numbers(theorem, source)


def _runs(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        chosen = {x0: starting_share(source, 2), tau: Fraction(str(theorem.given[tau].end)) * source.randint(20, 99) / 100}
        yield Situation(theorem, fill(theorem, source, chosen, far=HORIZON // 2), Simulation(LONG_HORIZON).observables)


_FLOW = attack(_points, "random states within one step, against quadrature of the flow")
_LOOPS = attack(_runs, f"loops of up to {LONG_HORIZON} steps; the flow by quadrature")

CHECKS: dict[str, Check] = {
    "abel.count_two.time_grows": _FLOW,
    "abel.count_two.step_time": _FLOW,
    "abel.count_two.steps": _LOOPS,
    "abel.count_two.count_grows": _FLOW,
    "abel.count_two.passage_at_least": _LOOPS,
    "abel.count_two.passage_at_most": _LOOPS,
}
