"""The effective rank along whole runs: loops in original variables for random spectra, read at three random steps."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from dmftheory.checks.draws import decreasing, fill, moderate, share, whole
from dmftheory.checks.report import Check, Situation, attack
from dmftheory.checks.simulate import Simulation
from dmftheory.checks.spectra import LAST_DEPTH, members, numbers
from sympy import Symbol

from dmftheory.claims import Family, Theorem
from dmftheory.theorems.chou.rank_curve import N, alpha, eta, i, j, k, q, r, singular_target, t, x, y

HORIZON = 80
LONG_HORIZON = 1200


def _runs(statement: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Eigenvalues from gaps, the largest 1; the start below all of them, or anywhere for the statement that allows it."""
    for member in members(statement, source):
        simulation = Simulation(HORIZON)
        roots = [symbol for symbol in member.given if symbol.name.startswith("r") or symbol == t]
        n = whole(source, 2, 5)
        values = sorted((Fraction(1, 2) + share(source) / 2 for _ in roots), reverse=True)
        known = {N: n, **dict(zip(roots, values, strict=True))}
        if t in member.given:
            known[t] = share(source) / 2
            known[alpha] = Fraction(1, 2) + (known[roots[0]] - Fraction(1, 2)) * share(source)
        else:
            known[alpha] = values[-1] * share(source)
        known[eta] = moderate(source, member.given[eta], known)
        for _ in range(4):
            first, second, third = sorted(source.sample(range(20), 3))
            yield Situation(member, {**known, i: Fraction(first), j: Fraction(second), k: Fraction(third)}, simulation.observables)


def _late(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Two steps long after the positive eigenvalues are learned."""
    assert isinstance(theorem, Theorem)
    while True:
        simulation = Simulation(LONG_HORIZON)
        known = {N: Fraction(2), r: Fraction(3, 4) + share(source) / 4, eta: Fraction(1, 2)}
        known[alpha] = known[r] * Fraction(source.randint(15, 24), 100)
        known |= {j: Fraction(source.randint(500, 600)), Symbol("s", nonnegative=True): Fraction(0)}
        known[k] = known[j] + source.randint(1, 500)
        yield Situation(theorem, fill(theorem, source, known), simulation.observables)


def _two_states(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Two states in order, the larger one often nearly learned, so that the smaller one grows faster."""
    assert isinstance(theorem, Theorem)
    while True:
        high, low = decreasing(source, 2, Fraction(2))
        large = high * share(source)
        known = {N: whole(source, 2, LAST_DEPTH), r: high, q: low, y: large, x: min(large, low) * share(source)}
        yield numbers(theorem, source, {**known, eta: moderate(source, theorem.given[eta], known)})


def _two_runs(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Two eigenvalues from a common start below both, at many steps of one run."""
    assert isinstance(theorem, Theorem)
    while True:
        simulation = Simulation(HORIZON)
        high, low = decreasing(source, 2, Fraction(2))
        known = {N: whole(source, 2, 5), r: high, q: low, alpha: low * share(source)}
        known[eta] = moderate(source, theorem.given[eta], known)
        for _ in range(6):
            steps = {k: whole(source, 0, HORIZON // 2 - 3), j: whole(source, 0, HORIZON // 2)}
            yield Situation(theorem, {**known, **{n: v for n, v in steps.items() if n in theorem.given}}, simulation.observables)


_STATES = attack(_two_states, "one step from pairs of random states")
_RUNS_OF_TWO = attack(_two_runs, f"loops of up to {HORIZON} steps for random pairs of eigenvalues")

CHECKS: dict[str, Check] = {
    "chou.rank_curve.growth_kept": _STATES,
    "chou.rank_curve.next_step": _STATES,
    "chou.rank_curve.two": _RUNS_OF_TWO,
    "chou.rank_curve.two_for_good": _RUNS_OF_TWO,
    "chou.rank_curve.unimodal": attack(_runs, f"loops of up to {HORIZON} steps for random spectra, three steps at a time"),
    "chou.rank_curve.large_start": attack(
        _runs, f"loops of up to {HORIZON} steps from a start between two eigenvalues", share=Fraction(40)
    ),
    singular_target.id: attack(_late, f"loops of up to {LONG_HORIZON} steps, with an eigenvalue 0", share=Fraction(1, 20)),
}
