"""Sharpness: the inequalities at random points, and along the directions where they are equalities or fail."""

from __future__ import annotations

import random
from collections.abc import Iterator

from dmftheory.checks.draws import positive, share, whole
from dmftheory.checks.report import Check, Situation, attack, combined
from dmftheory.checks.spectra import members, numbers

from dmftheory.claims import Family, Theorem
from dmftheory.theorems.cao.sharpness import N, g, x, y

LAST_DEPTH = 12


def _points(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    for member in members(theorem, source):
        yield numbers(member, source)


def _along(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """x = y, where a negative eigenvalue that is left out adds most."""
    assert isinstance(theorem, Theorem)
    while True:
        same = positive(source) * source.choice([-1, 1])
        yield numbers(theorem, source, {x: same, y: same})


def _short(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Steps g with N |g| <= 1."""
    assert isinstance(theorem, Theorem)
    while True:
        n = whole(source, 2, LAST_DEPTH)
        yield numbers(theorem, source, {N: n, g: share(source) / n * source.choice([-1, 1])})


_BOTH_SIDES = "both sides at random points"

CHECKS: dict[str, Check] = {
    "cao.sharpness.balanced": attack(_short, "short steps along the balanced direction"),
    "cao.sharpness.kept": attack(_points, _BOTH_SIDES),
    "cao.sharpness.kept_pair": attack(_points, _BOTH_SIDES),
    "cao.sharpness.left_out": combined(attack(_points, _BOTH_SIDES), attack(_along, "along x = y")),
    "cao.sharpness.any_target": attack(_along, "along x = y"),
    "cao.sharpness.four_not_two": attack(_points, _BOTH_SIDES),
    "cao.sharpness.stability": attack(_points, "the multiplier at random step sizes"),
    "cao.sharpness.two_weights": attack(_points, _BOTH_SIDES),
}
