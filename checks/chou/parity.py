"""A negative start: both runs of each pair, step by step in original variables."""

from __future__ import annotations

import random
from collections.abc import Iterator

from dmftheory.checks.draws import fill, moderate, positive, share, whole
from dmftheory.checks.report import Check, Situation, attack
from dmftheory.checks.simulate import Simulation

from dmftheory.claims import Family, Theorem
from dmftheory.theorems.chou.parity import M, alpha, eta, k, lam, m, odd_depth, r, s

HORIZON = 60
LAST_HALF_DEPTH = 3


def _runs(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Starts and eigenvalues of one size, so that the runs stay bounded."""
    assert isinstance(theorem, Theorem)
    while True:
        half, start = whole(source, 1, LAST_HALF_DEPTH), positive(source)
        known = {m: half, alpha: start, k: whole(source, 0, HORIZON - 1)}
        if lam in theorem.given:
            depth = 2 * int(half) + (theorem is odd_depth)
            known[lam] = source.choice([-1, 1]) * (start * (1 + share(source))) ** depth
            known[eta] = share(source) / (depth * (2 * start) ** (2 * depth - 2))
        elif r in theorem.given:
            known |= {r: start * (1 + share(source)), M: start * (2 + share(source))}
        else:
            known |= {M: start * (1 + share(source)), s: start ** (2 * int(half) + 1) * share(source)}
        if lam not in theorem.given:
            known[eta] = moderate(source, theorem.given[eta], known)
        yield Situation(theorem, fill(theorem, source, known), Simulation(HORIZON).observables)


_LOOPS = attack(_runs, f"loops of up to {HORIZON} steps from alpha and from -alpha")

CHECKS: dict[str, Check] = {
    "chou.parity.even_depth": _LOOPS,
    "chou.parity.odd_depth": _LOOPS,
    "chou.parity.negative_learned": _LOOPS,
    "chou.parity.positive_lost": _LOOPS,
}
