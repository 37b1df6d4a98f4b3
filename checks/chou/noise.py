"""Noise: the statements at random matrices and numbers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from dmftheory.checks.draws import share
from dmftheory.checks.report import Check, Situation, attack
from dmftheory.checks.spectra import numbers

from dmftheory.claims import Family, Theorem
from dmftheory.theorems.chou.noise import e, lam, low, mu, nu


def _points(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        yield numbers(theorem, source)


def _gaps(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Gaps just above what the statement asks for, moved together by as much as the noise can."""
    assert isinstance(theorem, Theorem)
    least = Fraction(2) if theorem.declared == "proved" else Fraction(199, 100)
    while True:
        noise = share(source)
        top = 3 * noise + share(source)
        below = top - least * noise * (1 + share(source) / 100)
        yield numbers(theorem, source, {lam: top, e: noise, low: below, mu: top - noise, nu: below + noise})


_POINTS = attack(_points, "both sides at random matrices and numbers")

CHECKS: dict[str, Check] = {
    "chou.noise.learned": _POINTS,
    "chou.noise.survives": attack(_gaps, "gaps next to the bound, moved together"),
    "chou.noise.survival_sharp": attack(_gaps, "gaps next to the bound, moved together"),
    "chou.noise.delay": _POINTS,
    "chou.noise.triangle": _POINTS,
    "chou.noise.weyl": _POINTS,
}
