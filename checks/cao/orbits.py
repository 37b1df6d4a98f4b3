"""Orbits of period two: points of the curve with rational x, and single steps at random points."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from dmftheory.checks.draws import share, whole
from dmftheory.checks.report import Check, Situation, attack
from dmftheory.checks.spectra import LAST_DEPTH, numbers

from dmftheory.claims import Family, Theorem
from dmftheory.theorems.cao.orbits import N, q


def _points(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        yield numbers(theorem, source)


def _ratios(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Ratios close to 1, where orbits are born, and up to 4."""
    assert isinstance(theorem, Theorem)
    while True:
        ratio = 1 + 3 * share(source) * source.choice([Fraction(1), Fraction(1, 10)])
        chosen = {q: ratio, **({N: whole(source, 2, LAST_DEPTH)} if N in theorem.given else {})}
        yield numbers(theorem, source, chosen)


_CURVE = attack(_ratios, "two steps from the state that the ratio gives, and their slopes")
_STEP = attack(_points, "single steps and multipliers at random points")

CHECKS: dict[str, Check] = {
    "cao.orbits.curve": _CURVE,
    "cao.orbits.only": attack(_ratios, "single steps from random pairs of states"),
    "cao.orbits.along": _CURVE,
    "cao.orbits.across": _CURVE,
    "cao.orbits.balance": _STEP,
    "cao.orbits.difference": _STEP,
    "cao.orbits.factorisation": _STEP,
    "cao.orbits.depth_two": _CURVE,
    "cao.orbits.depth_two_stable": _STEP,
    "cao.orbits.stable_to_two": _STEP,
}
