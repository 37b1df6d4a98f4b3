"""Levels hit exactly: decided in exact arithmetic for the first steps, excluded by p-adic valuations beyond.

Balls never decide an equality. Exact iteration, in the rationals or in the field of an algebraic eigenvalue, is affordable for a few steps
only (numbers grow by a factor 2N - 1 each step).

**Valuations.** If v(d) = -s < 0, v(eta) < (2N-2) s and v(lambda) > -N s for a prime p, then eta d^(2N-1) alone has the least valuation in
d' = d - eta d^(2N-1) + eta lambda d^(N-1), so v(d') = v(eta) - (2N-1) s < -s: the hypothesis holds again, and v(d(k)) falls strictly and is
known exactly from there on. A tie d(k)^N = level needs N v(d(k)) = v(level). For an algebraic lambda, v is any extension to its field, and
the Newton polygon of its polynomial bounds v(lambda) from below.
"""

from collections.abc import Iterator
from fractions import Fraction

from flint import fmpq, fmpq_poly, fmpz_poly

from dmftheory.numerics.iterate import Recursion
from dmftheory.numerics.scalars import size
from dmftheory.numerics.ternary import Ternary

_EXACT_BITS = 200_000
_EXACT_STEPS = 64
_LARGEST_PRIME = 10_000


def exact_decision(recursion: Recursion, threshold: Fraction, absolute: bool, step: int) -> bool | None:
    """Whether d(step)^N >= level, in exact arithmetic; None where the numbers grow too long, or lambda is irrational and it is no tie."""
    lam = recursion.eigenvalue.rational
    if lam is None:
        return True if _tie_in_field(recursion, threshold, absolute, step) else None
    for k, d in enumerate(_exact_states(recursion, lam)):
        if k == step:
            return d**recursion.depth >= (threshold if absolute else threshold * lam)
    return None


def tie_excluded(recursion: Recursion, threshold: Fraction, absolute: bool, step: int) -> bool:
    """Whether d(step)^N = level is certainly impossible: in the field of lambda, or by valuations from alpha or an exact early iterate."""
    lam = recursion.eigenvalue.rational
    if lam is None and _tie_in_field(recursion, threshold, absolute, step) is False:
        return True
    states = iter((recursion.alpha,)) if lam is None else _exact_states(recursion, lam)
    for k, d in enumerate(states):
        if k > step:
            return False
        if any(_excluded_at(recursion, p, d, threshold, absolute, step - k) for p in _small_primes(d.denominator)):
            return True
    return False


def valuation(q: Fraction, p: int) -> int:
    """The exponent of the prime p in a nonzero rational."""
    count, top, bottom = 0, abs(q.numerator), q.denominator
    while top % p == 0:
        top, count = top // p, count + 1
    while bottom % p == 0:
        bottom, count = bottom // p, count - 1
    return count


def _exact_states(recursion: Recursion, lam: Fraction) -> Iterator[Fraction]:
    d, n = recursion.alpha, recursion.depth
    for _ in range(_EXACT_STEPS):
        if n * size(d) > _EXACT_BITS:
            return
        yield d
        if (2 * n - 1) * size(d) > _EXACT_BITS:
            return
        d = d + recursion.eta * d ** (n - 1) * (lam - d**n)


def _excluded_at(recursion: Recursion, p: int, d: Fraction, threshold: Fraction, absolute: bool, steps: int) -> bool:
    n, s, v_eta = recursion.depth, -valuation(d, p), valuation(recursion.eta, p)
    v_lam = _least_valuation(recursion.eigenvalue.polynomial, p)
    if not (s > 0 and v_eta < (2 * n - 2) * s and v_lam > -n * s):
        return False
    rational = recursion.eigenvalue.rational is not None or absolute
    v_level = valuation(threshold, p) + (0 if absolute else v_lam)
    for _ in range(steps):
        if -n * s < v_level:
            return True
        s = (2 * n - 1) * s - v_eta
    return -n * s < v_level or (rational and -n * s != v_level)


def _least_valuation(polynomial: tuple[int, ...], p: int) -> Fraction:
    """A lower bound of v(root) for every root (the least slope of the Newton polygon); exact for a linear polynomial."""
    degree, top = len(polynomial) - 1, valuation(Fraction(polynomial[-1]), p)
    return min(Fraction(valuation(Fraction(c), p) - top, degree - i) for i, c in enumerate(polynomial[:-1]) if c)


def _small_primes(number: int) -> Iterator[int]:
    """The prime divisors up to a limit; a larger one is not worth the search."""
    p = 2
    while number > 1 and p <= _LARGEST_PRIME:
        if number % p == 0:
            yield p
            while number % p == 0:
                number //= p
        p += 1


def _tie_in_field(recursion: Recursion, threshold: Fraction, absolute: bool, step: int) -> Ternary:
    """Whether d(step)^N = level, computed with polynomials in lambda modulo its polynomial; None where they grow too long.

    A remainder prime to the polynomial excludes the tie; a common factor (of a reducible polynomial) leaves the question open.
    """
    minimal, n = fmpq_poly(fmpz_poly(list(recursion.eigenvalue.polynomial))), recursion.depth
    lam, eta, d = fmpq_poly([0, 1]) % minimal, _fmpq(recursion.eta), fmpq_poly([_fmpq(recursion.alpha)])
    for _ in range(step):
        if (2 * n - 1) * _bits(d) > _EXACT_BITS:
            return None
        below = _power(d, n - 1, minimal)
        d = (d + eta * below * (lam - below * d)) % minimal
    if n * _bits(d) > _EXACT_BITS:
        return None
    level = fmpq_poly([_fmpq(threshold)]) if absolute else _fmpq(threshold) * lam
    difference = (_power(d, n, minimal) - level) % minimal
    if difference.degree() < 0:
        return True
    return False if difference.gcd(minimal).degree() == 0 else None


def _power(base: fmpq_poly, exponent: int, modulus: fmpq_poly) -> fmpq_poly:
    result = fmpq_poly([1])
    for bit in bin(exponent)[2:]:
        result = result * result % modulus
        if bit == "1":
            result = result * base % modulus
    return result


def _bits(polynomial: fmpq_poly) -> int:
    """A bound of the bits in all coefficients together."""
    longest = max((int(c).bit_length() for c in polynomial.numer().coeffs()), default=0)
    return (polynomial.degree() + 1) * (longest + int(polynomial.denom()).bit_length())


def _fmpq(q: Fraction) -> fmpq:
    return fmpq(q.numerator, q.denominator)
