"""Real algebraic numbers as text, and the real roots of an integer polynomial: `root(-2,0,1;1,2)` is the root of x^2 - 2 in [1, 2].

A root is an `Eigenvalue`: an irreducible polynomial, constant term first, and a bracket. That the bracket holds exactly one root is
counted by Sturm's theorem, so neither a text nor a root finder is trusted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from flint import arb, fmpq, fmpq_poly, fmpz_mat, fmpz_poly

from dmftheory.errors import InputError
from dmftheory.exact import format_rational, parse_integer, parse_rational
from dmftheory.numerics.eigenvalues import Eigenvalue, dyadic
from dmftheory.numerics.scalars import to_ball, working_precision

MAX_DEGREE = 40
MAX_TEXT = 2000
"""Characters of a text that names a root: what it takes to factor the polynomial grows with its coefficients."""
ROOT = f"root(C0,C1,...;LOW,HIGH), the one root between LOW and HIGH of C0 + C1 x + ... with integers C, of degree 1 to {MAX_DEGREE}"
Number = Fraction | Eigenvalue

_TEXT = re.compile(r"root\((?P<coefficients>[^;()]*);(?P<low>[^,;()]*),(?P<high>[^,;()]*)\)")
MAX_FIELD = 12
"""Degree of a number in terms of which another one is looked for."""
_FIELD_BITS = 96  # for each power
_SCALES = 64  # binary places tried for a short bracket


def to_text(number: Eigenvalue) -> str:
    """`root(C0,C1,...;LOW,HIGH)`, which `from_text` reads back as the same number; a rational as p/q."""
    if number.rational is not None:
        return format_rational(number.rational)
    low, high = map(format_rational, number.bracket)
    return f"root({','.join(map(str, number.polynomial))};{low},{high})"


def is_root_text(text: str) -> bool:
    """Whether a text is meant as a root."""
    return text.startswith("root(")


def from_text(text: str, argument: str) -> Number:
    """The number that `root(C0,C1,...;LOW,HIGH)` names. Raises InputError, naming `argument`, unless there is exactly one such root."""
    found = _TEXT.fullmatch(text) if len(text) <= MAX_TEXT else None
    if found is None:
        raise InputError(argument, text[:80], ROOT)
    parts = found["coefficients"].split(",")
    if not 2 <= len(parts) <= MAX_DEGREE + 1:
        raise InputError(argument, text[:80], ROOT)
    coefficients = [parse_integer(part, argument) for part in parts]
    low, high = parse_rational(found["low"], argument), parse_rational(found["high"], argument)
    if coefficients[-1] == 0 or not low <= high:
        raise InputError(argument, text[:80], ROOT)
    roots = roots_between(coefficients, low, high)
    if len(roots) != 1:
        raise InputError(argument, text[:80], f"{ROOT}; there are {len(roots)}")
    return roots[0]


def roots_between(coefficients: Sequence[int], low: Fraction, high: Fraction) -> list[Number]:
    """Every real root in [low, high] of a polynomial that is not 0, once each."""
    if len(coefficients) < 2 or not any(coefficients):
        return []
    found: list[Number] = []
    _, factors = fmpz_poly(list(coefficients)).factor()
    for factor, _ in factors:
        integers = [int(c) for c in factor.coeffs()]
        if len(integers) == 2:
            root = Fraction(-integers[0], integers[1])
            found += [root] if low <= root <= high else []
        else:
            found += _irrational(integers, low, high)
    return found


def count_roots(coefficients: Sequence[int], low: Fraction, high: Fraction) -> int:
    """How many real roots a squarefree polynomial has in the half-open interval (low, high], by Sturm's theorem."""
    first = fmpq_poly([fmpq(c) for c in coefficients])
    chain = [first, first.derivative()]
    while chain[-1].degree() > 0:
        chain.append(-(chain[-2] % chain[-1]))
    return _changes(chain, low) - _changes(chain, high)


def simplest_between(low: Fraction, high: Fraction) -> Fraction:
    """The rational of least denominator in [low, high], low <= high, found by walking down the Stern-Brocot tree."""
    if low <= 0 <= high:
        return Fraction(0)
    if high < 0:
        return -simplest_between(-high, -low)
    whole = -(-low.numerator // low.denominator)
    if whole <= high:
        return Fraction(whole)
    return whole - 1 + 1 / simplest_between(1 / (high - whole + 1), 1 / (low - whole + 1))


def recognise(value: Fraction, bits: int, degree: int = 6) -> Number | None:
    """The rational or algebraic number of low degree with short coefficients that lies within 2^-bits of `value`, or None.

    Found by lattice reduction; it is a guess about what `value` was meant to be, for an exact test to confirm.
    """
    for size in range(1, degree + 1):
        coefficients = _relation(value, bits, size)
        if coefficients is None:
            continue
        near = Fraction(1, 2 ** (bits // 2))
        for root in roots_between(coefficients, value - 1, value + 1):
            if abs((root if isinstance(root, Fraction) else dyadic(root.ball(bits).mid())) - value) < near:
                return root
    return None


def in_terms_of(value: Eigenvalue, known: Eigenvalue) -> list[Fraction] | None:
    """Rationals c with value = sum c_i known^i exactly, or None where there are none or none were found.

    Lattice reduction proposes them. They count only if the sum is a root of the polynomial of `value`, which is tested modulo that of
    `known`, and lies in the bracket of `value`, which holds no other root.
    """
    degree = len(known.polynomial) - 1
    if degree > MAX_FIELD or degree % (len(value.polynomial) - 1):
        return None
    bits = _FIELD_BITS * (degree + 1)
    at, goal = (dyadic(number.ball(bits).mid()) for number in (known, value))
    found = _shortest([*(at**i for i in range(degree)), goal], bits)
    if found is None or found[-1] == 0:
        return None
    coefficients = [Fraction(-c, found[-1]) for c in found[:-1]]
    here = fmpq_poly([fmpq(c.numerator, c.denominator) for c in coefficients])
    modulus, image = fmpq_poly([fmpq(c) for c in known.polynomial]), fmpq_poly([])
    for c in reversed(value.polynomial):
        image = (image * here + c) % modulus
    if not image.is_zero():
        return None
    ball, power = arb(0), arb(1)
    with working_precision(bits):
        for coefficient in coefficients:
            ball, power = ball + power * to_ball(coefficient), power * known.ball(bits)
        low, high = value.bracket
        return coefficients if to_ball(low) < ball and ball < to_ball(high) else None


def _relation(value: Fraction, bits: int, degree: int) -> list[int] | None:
    """Integers c, short against 2^bits, with sum c_i value^i about 0."""
    coefficients = _shortest([value**i for i in range(degree + 1)], bits)
    if coefficients is None or not any(coefficients[1:]):
        return None
    while coefficients[-1] == 0:
        coefficients.pop()
    return coefficients


def _shortest(values: Sequence[Fraction], bits: int) -> list[int] | None:
    """Integers c, short against 2^bits, with sum c_i values_i about 0."""
    scale, count = 1 << bits, len(values)
    rows = [[int(i == j) for j in range(count)] + [round(scale * value)] for i, value in enumerate(values)]
    shortest = [int(entry) for entry in fmpz_mat(rows).lll().tolist()[0]]
    # A vector that is there by chance has about bits / (count + 1) bits in each place; one that means something has far fewer.
    return None if max(map(abs, shortest)).bit_length() * (count + 1) * 2 > bits else shortest[:-1]


def _irrational(integers: list[int], low: Fraction, high: Fraction) -> list[Number]:
    """The roots in [low, high] of an irreducible polynomial of degree 2 or more: no rational is one, so an end never is."""
    direction = 1 if integers[-1] > 0 else -1
    polynomial = tuple(direction * c for c in integers)
    return [Eigenvalue(polynomial, _shortened(polynomial, bracket)) for bracket in _isolated(polynomial, low, high)]


def _isolated(polynomial: tuple[int, ...], low: Fraction, high: Fraction) -> list[tuple[Fraction, Fraction]]:
    count = count_roots(polynomial, low, high)
    if count < 2:
        return [(low, high)] * count
    middle = (low + high) / 2
    return _isolated(polynomial, low, middle) + _isolated(polynomial, middle, high)


def _shortened(polynomial: tuple[int, ...], bracket: tuple[Fraction, Fraction]) -> tuple[Fraction, Fraction]:
    """The first of the intervals [i, i + 1] / 2^k that lies in a bracket of one root and holds that root."""
    middle = dyadic(Eigenvalue(polynomial, bracket).ball(_SCALES).mid())
    for k in range(_SCALES):
        low = Fraction(middle * 2**k // 1, 2**k)
        high = low + Fraction(1, 2**k)
        if bracket[0] <= low and high <= bracket[1] and count_roots(polynomial, low, high) == 1:
            return low, high
    return bracket


def _changes(chain: list[fmpq_poly], at: Fraction) -> int:
    signs = [value > 0 for value in (p(fmpq(at.numerator, at.denominator)) for p in chain) if value != 0]
    return sum(a != b for a, b in pairwise(signs))
