"""The product under gradient flow: the statements at random points, for random spectra."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from dmftheory.checks.draws import decreasing, positive, share, whole
from dmftheory.checks.report import Check, Situation, attack
from dmftheory.checks.spectra import LAST_DEPTH, members, numbers
from sympy import Symbol

from dmftheory.claims import Family, Theorem
from dmftheory.theorems.chou.product import N, alpha


def _points(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    for member in members(theorem, source):
        yield numbers(member, source)


def _first_steps(family: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Random decreasing targets and a step size at which every factor stays positive."""
    for member in members(family, source):
        targets = [symbol for symbol in member.given if symbol.name.startswith("lambda")]
        n, start = whole(source, 2, LAST_DEPTH), positive(source)
        values = [v * source.choice([Fraction(1), Fraction(-1)]) for v in decreasing(source, len(targets), Fraction(1))]
        values.sort(reverse=True)
        lost = start ** (int(n) - 2) * (start ** int(n) + abs(values[-1]))
        chosen = {N: n, alpha: start, Symbol("eta", positive=True): share(source) / lost}
        yield numbers(member, source, {**chosen, **dict(zip(targets, values, strict=True))})


_POINTS = attack(_points, "the identity or the field at random points")

CHECKS: dict[str, Check] = {
    "chou.product.flow": _POINTS,
    "chou.product.inflection": _POINTS,
    "chou.product.peak": _POINTS,
    "chou.product.rank_change": _POINTS,
    "chou.product.first_drop": attack(_first_steps, "one step for random spectra"),
}
