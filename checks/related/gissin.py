"""Thresholds of incremental learning: both times by quadrature of the flow, starts just where the hypotheses allow them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from dmftheory.checks.draws import share, whole
from dmftheory.checks.interval import bounds
from dmftheory.checks.report import Check, Situation, attack
from dmftheory.checks.simulate import learning_time
from dmftheory.checks.spectra import LAST_DEPTH, numbers

from dmftheory.claims import Family, Theorem
from dmftheory.theorems.related.gissin import N, R, a, b, f, q, recalled_upper, s, start, threshold_at_most, x

HALVINGS = 10


def _points(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        yield numbers(theorem, source)


def _near_threshold(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """A start that is barely early enough (for `threshold_at_most`) or that barely satisfies the sufficient condition."""
    assert isinstance(theorem, Theorem)
    while True:
        n = int(whole(source, 3, LAST_DEPTH))
        top = 2 + 3 * share(source)
        known = {N: Fraction(n), R: top, b: 1 + (top - 1) * share(source), a: share(source)}
        low, high = Fraction(0), known[a]
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if _allowed(theorem, {**known, x: middle}) else (low, middle)
        if low > 0:
            yield numbers(theorem, source, {**known, x: low})


def _allowed(theorem: Theorem, at: dict[object, Fraction]) -> bool:
    n, top, end, low, begin = int(at[N]), at[R], at[b], at[a], at[x]
    if theorem is threshold_at_most:
        fast = bounds(learning_time(Fraction(n), top**n, begin, end))[1]
        return bool(fast <= bounds(learning_time(Fraction(n), Fraction(1), begin, low))[0])
    gap = top**n - end**n
    return begin ** (2 - n) * (gap - 1) >= gap * low ** (2 - n) - end ** (2 - n)


def _remembered(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """The start follows from the shares; for the refuted bound just beyond it, where the true threshold lies."""
    assert isinstance(theorem, Theorem)
    while True:
        known = {N: whole(source, 3, LAST_DEPTH), R: 1 + share(source), s: share(source) / 4, f: 1 - share(source) / 4}
        if theorem is recalled_upper:
            room = (known[R] ** int(known[N]) - known[s]) / (known[R] ** int(known[N]) - 1)
            known[q] = 1 + (min(room, Fraction(101, 100)) - 1) * share(source)
        situation = numbers(theorem, source, known)
        if bounds(situation.values[start])[1] < bounds(situation.values[a])[0]:
            yield situation


_FLOW = attack(_points, "quadrature of the flow, with proved error, between random states")
_NEAR = attack(_near_threshold, "both times by quadrature, from starts next to the threshold", share=Fraction(1, 2))

CHECKS: dict[str, Check] = {
    "related.gissin.odds_grow": _FLOW,
    "related.gissin.threshold_depth_two": _FLOW,
    "related.gissin.time_at_most": _FLOW,
    "related.gissin.time_at_least": _FLOW,
    "related.gissin.threshold_at_most": _NEAR,
    "related.gissin.threshold_at_least": _NEAR,
    "related.gissin.recalled_upper": attack(_remembered, "both times by quadrature, just beyond the bound", share=Fraction(2)),
    "related.gissin.recalled_lower": attack(_remembered, "both times by quadrature, below the bound"),
    "related.gissin.trapped": _FLOW,
}
