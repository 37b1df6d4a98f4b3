"""The scaling law: the loop in original variables against the loop in the normal form, and quadrature against quadrature."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from dmftheory.checks.draws import decreasing, fill, positive, share, whole
from dmftheory.checks.report import Check, Situation, attack
from dmftheory.checks.simulate import Simulation
from dmftheory.checks.spectra import LAST_DEPTH, numbers

from dmftheory.claims import Family, Theorem
from dmftheory.theorems.chou.scaling import N, r, tau, x

HORIZON = 40


def _runs(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Every root of a spectrum, from either side of its limit; the step is small enough for the states to stay bounded."""
    assert isinstance(theorem, Theorem)
    while True:
        n, start = whole(source, 2, LAST_DEPTH), share(source) * source.choice([1, 2])
        largest = 1 / (n * max(start, Fraction(1)) ** int(2 * n - 2))
        simulation = Simulation(HORIZON)
        for root in decreasing(source, 3, positive(source)):
            chosen = {N: n, r: root, tau: largest * share(source), x: start}
            yield Situation(theorem, fill(theorem, source, chosen, far=HORIZON), simulation.observables)


def _times(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        yield numbers(theorem, source, {r: lambda _: positive(source)})


CHECKS: dict[str, Check] = {
    "chou.scaling.steps": attack(_runs, f"loops of up to {HORIZON} steps in both kinds of variables, all eigenvalues of random spectra"),
    "chou.scaling.flow": attack(_times, "quadrature of both integrands, with proved error"),
}
