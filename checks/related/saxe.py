"""Learning curves: both sides at random points, times by quadrature."""

from __future__ import annotations

import random
from collections.abc import Iterator

from dmftheory.checks.report import Check, Situation, attack
from dmftheory.checks.spectra import numbers

from dmftheory.claims import Family, Theorem


def _points(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        yield numbers(theorem, source)


_POINTS = attack(_points, "both sides at random points; times by quadrature, with proved error")

CHECKS: dict[str, Check] = {
    "related.saxe.curve": _POINTS,
    "related.saxe.learning_time": _POINTS,
    "related.saxe.infinite_depth": _POINTS,
    "related.saxe.riccati": _POINTS,
    "related.saxe.riccati_zero": _POINTS,
}
