"""The inequalities about powers at random rational numbers, in exact arithmetic."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from dmftheory.checks.draws import fill, inside, share
from dmftheory.checks.report import Check, Situation, attack

from dmftheory.claims import Family, Theorem
from dmftheory.theorems.lemmas.inequalities import h, n

LARGEST = 40  # exponents: exact powers grow long


def _numbers(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    assert isinstance(theorem, Theorem)
    while True:
        yield Situation(theorem, fill(theorem, source, far=LARGEST))


def _small_numbers(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """With n |h| <= 1, the hypothesis of `linearisation`."""
    assert isinstance(theorem, Theorem)
    while True:
        exponent = inside(source, theorem.given[n], {}, LARGEST)
        size = source.choice([share(source), Fraction(1)]) * source.choice([-1, 1]) / max(exponent, 1)
        yield Situation(theorem, {n: exponent, h: size})


_anywhere = attack(_numbers, "both sides in exact fractions at random rational numbers")

CHECKS: dict[str, Check] = {
    "lemma.bernoulli": _anywhere,
    "lemma.bernoulli_upper": _anywhere,
    "lemma.bernoulli_inverse": _anywhere,
    "lemma.inverse_power": _anywhere,
    "lemma.linearisation": attack(_small_numbers, "both sides in exact fractions at random rational numbers with n |h| <= 1"),
    "lemma.power_monotone": _anywhere,
    "lemma.power_strict": _anywhere,
    "lemma.power_difference": _anywhere,
    "lemma.chord_slope": _anywhere,
    "lemma.chord_slope_above": _anywhere,
}
