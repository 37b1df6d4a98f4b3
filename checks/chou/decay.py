"""Zero and negative eigenvalues: loops in original variables, all nonpositive eigenvalues of random spectra on one clock."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from dmftheory.checks.draws import decreasing, fill, positive, share, whole
from dmftheory.checks.report import Check, Situation, attack
from dmftheory.checks.simulate import Simulation
from dmftheory.checks.spectra import LAST_DEPTH

from dmftheory.claims import Family, Theorem
from dmftheory.theorems.chou.decay import N, alpha, eta, k, s, t

HORIZON = 120


def _runs(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """-s for every s of a decreasing list: eta is drawn for the most negative one, which suits the others; zero too where it is allowed."""
    assert isinstance(theorem, Theorem)
    size = next((symbol for symbol in (s, t) if symbol in theorem.given), None)
    while True:
        simulation = Simulation(HORIZON)
        start = positive(source)
        scale = start ** int(whole(source, 1, LAST_DEPTH))
        sizes = [scale * v for v in decreasing(source, 2, Fraction(1))]
        sizes += [Fraction(0)] if size == t else []
        chosen = {alpha: start, **({N: whole(source, int(theorem.given[N].start), LAST_DEPTH)} if N in theorem.given else {})}
        largest = fill(theorem, source, {**chosen, **({size: sizes[0]} if size else {})}, far=HORIZON - 1)
        clock = {**chosen, eta: largest[eta], k: largest[k] + source.choice([0, 1])}
        for value in sizes if size else [share(source)]:
            yield Situation(theorem, fill(theorem, source, {**clock, **({size: value} if size else {})}), simulation.observables)


_LOOPS = attack(_runs, f"loops of up to {HORIZON} steps, all nonpositive eigenvalues of random spectra")

CHECKS: dict[str, Check] = {
    "chou.decay.positive": _LOOPS,
    "chou.decay.zero": _LOOPS,
    "chou.decay.negative": _LOOPS,
    "chou.decay.negative_depth_two": _LOOPS,
    "chou.decay.loss_left": _LOOPS,
}
