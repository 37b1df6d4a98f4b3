"""Plain mpmath loops at any number of digits: simulations without a certificate, for cross-checks and for the eye.

Every call works in its own mpmath context, so the global precision is never touched.
"""

from collections.abc import Sequence
from fractions import Fraction

import mpmath

_GUARD_DIGITS = 10


def context(digits: int) -> mpmath.ctx_mp.MPContext:
    """A fresh mpmath context of `digits` decimal digits (and a few guard digits)."""
    own = mpmath.mp.clone()
    own.dps = digits + _GUARD_DIGITS
    return own


def states(depth: int, lam: Fraction, alpha: Fraction, eta: Fraction, at: Sequence[int], digits: int) -> list[mpmath.mpf]:
    """d(k) at each step k of the increasing sequence `at`, d' = d - eta d^(N-1) (d^N - lambda), d(0) = alpha."""
    own = context(digits)
    target, d, step_size = (_number(own, q) for q in (lam, alpha, eta))
    found, done = [], 0
    for step in at:
        for _ in range(step - done):
            power = d ** (depth - 1)
            d = d - step_size * power * (power * d - target)
        done = step
        found.append(d)
    return found


def pairs(
    depth: int, lam: Fraction, alpha: Fraction, beta: Fraction, eta: Fraction, at: Sequence[int], digits: int
) -> list[tuple[mpmath.mpf, mpmath.mpf]]:
    """(a, b) of perturbed identical initialisation at each step of the increasing sequence `at`; a(0) = alpha - beta, b(0) = alpha."""
    own = context(digits)
    target, a, b, step_size = (_number(own, q) for q in (lam, alpha - beta, alpha, eta))
    found, done = [], 0
    for step in at:
        for _ in range(step - done):
            inner = b ** (depth - 2)
            push = step_size * (a * inner * b - target)
            a, b = a - push * inner * b, b - push * a * inner
        done = step
        found.append((a, b))
    return found


def first_passage(
    depth: int, lam: Fraction, alpha: Fraction, eta: Fraction, threshold: Fraction, max_steps: int, digits: int
) -> int | None:
    """The first step whose computed d(k)^N is at least threshold * lambda; None after `max_steps`. Rounding may be off by one at a tie."""
    own = context(digits)
    target, d, step_size = (_number(own, q) for q in (lam, alpha, eta))
    level = _number(own, threshold) * target
    for step in range(max_steps + 1):
        power = d ** (depth - 1)
        if power * d >= level:
            return step
        d = d - step_size * power * (power * d - target)
    return None


def _number(own: mpmath.ctx_mp.MPContext, q: Fraction) -> mpmath.mpf:
    return own.mpf(q.numerator) / q.denominator
