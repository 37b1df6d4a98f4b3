"""Random exact problems for the tests of the Abel function, and the plain MPFR loops that they are compared with."""

import math
import random
from dataclasses import dataclass
from fractions import Fraction

import gmpy2
from gmpy2 import mpfr
from hypothesis import settings

from dmftheory.numerics.eigenvalues import Eigenvalue
from dmftheory.numerics.flow import crossing_bracket
from dmftheory.numerics.iterate import Recursion, monotone

DEPTHS = (2, 3, 4, 5, 6, 8, 10, 12)


@dataclass(frozen=True)
class Question:
    """One recursion, and a level for d^N (absolute)."""

    recursion: Recursion
    level: Fraction

    @property
    def lam(self) -> Fraction:
        rational = self.recursion.eigenvalue.rational
        assert rational is not None
        return rational


def effort(quick: int) -> int:
    """A number of cases: `quick` in the quick profile, twice as many in ci, nine times in deep."""
    return quick * round((settings().max_examples / 25) ** 0.5)


def rounded(value: float, bits: int = 40) -> Fraction:
    """A short exact number near `value` > 0."""
    exponent = math.floor(math.log2(value))
    return Fraction(round(value * 2.0 ** (bits - exponent)), 2 ** (bits - exponent)) if exponent <= bits else Fraction(round(value))


def rising(rng: random.Random, most_steps: int = 20_000) -> Question:
    """lambda > 0 from below: N tau from 1e-6 to 1, theta up to 1 - 1e-9, at least 200 steps and at most about `most_steps`."""
    while True:
        n, lam = rng.choice(DEPTHS), Fraction(rng.randint(20, 500), 100)
        eta = rounded(10 ** rng.uniform(-6, 0) / n / float(lam) ** (2 - 2 / n))
        theta = 1 - rounded(10 ** rng.uniform(-9, -0.05)) if rng.random() < 0.7 else Fraction(rng.randint(1, 99), 100)
        x = 10 ** rng.uniform(-8, -0.1) if n == 2 else rng.uniform(0.02, 0.9)
        alpha = rounded(x * float(lam) ** (1 / n))
        if not alpha**n < theta * lam:
            continue
        recursion = Recursion(n, Eigenvalue.of(lam), alpha, eta)
        bracket = crossing_bracket(n, recursion.eigenvalue, alpha, eta, theta)
        if bracket is not None and bracket[1] is not None and 200 <= bracket[0] and bracket[1] <= most_steps and monotone(recursion):
            return Question(recursion, theta * lam)


def falling(rng: random.Random) -> Question:
    """lambda <= 0, or lambda > 0 from above, with a level on the way down."""
    while True:
        n, kind = rng.choice(DEPTHS), rng.choice((-1, 0, 1))
        lam = kind * Fraction(rng.randint(20, 300), 100)
        x = {0: rng.uniform(0.05, 2), -1: rng.uniform(0.05, 1.8), 1: rng.uniform(1.01, 1.6)}[kind]
        d = x * (float(abs(lam)) ** (1 / n) if kind else 1)
        eta = rounded(10 ** rng.uniform(-5, 0) / ((2 * n - 1) * d ** (2 * n - 2) + (n - 1) * float(abs(lam)) * d ** (n - 2)))
        alpha = rounded(d)
        recursion = Recursion(n, Eigenvalue.of(lam), alpha, eta)
        if kind > 0:
            level = lam + rounded(float(alpha**n - lam) * 10 ** rng.uniform(-6, -0.01)) if alpha**n > lam else lam
        else:
            level = rounded(float(alpha**n) * 10 ** rng.uniform(-2, -0.05))
        if max(lam, Fraction(0)) < level < alpha**n and monotone(recursion):
            return Question(recursion, level)


def plain_states(recursion: Recursion, steps: int, bits: int = 300) -> mpfr:
    """d(steps) by MPFR, rounded to nearest."""
    lam = recursion.eigenvalue.rational
    assert lam is not None
    with gmpy2.context(precision=bits):
        d, target, eta = (mpfr(gmpy2.mpq(v.numerator, v.denominator)) for v in (recursion.alpha, lam, recursion.eta))
        below = recursion.depth - 1
        for _ in range(steps):
            power = d**below
            d = d + eta * power * (target - power * d)
        return d


def plain_count(question: Question, *, most: int = 10**6, bits: int = 200) -> int | None:
    """The first step at or beyond the level by MPFR, rounded to nearest; None after `most` steps."""
    recursion = question.recursion
    with gmpy2.context(precision=bits):
        values = (recursion.alpha, question.lam, recursion.eta, question.level)
        d, target, eta, level = (mpfr(gmpy2.mpq(v.numerator, v.denominator)) for v in values)
        below, k = recursion.depth - 1, 0
        up = d**recursion.depth < level
        while k < most:
            power = d**below
            if (power * d >= level) if up else (power * d <= level):
                return k
            d, k = d + eta * power * (target - power * d), k + 1
    return None


def exact(value: mpfr) -> Fraction:
    """The rational that an mpfr stands for."""
    return Fraction(*(int(part) for part in value.as_integer_ratio()))
