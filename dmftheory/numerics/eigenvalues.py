"""Eigenvalues of rational symmetric matrices as exact algebraic numbers.

The characteristic polynomial is computed in integers and factored over the rationals, which settles multiplicities and rational
eigenvalues; the roots of each irreducible factor are isolated, and the isolation is re-checked by exact signs. Nothing here is rounded
but the balls, whose radius is proved.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key, lru_cache
from itertools import pairwise
from math import gcd, lcm
from typing import cast

from flint import acb, arb, ctx, fmpq, fmpz_mat, fmpz_poly

from dmftheory.errors import InputError
from dmftheory.exact import format_rational

MAX_WORK = 2**40
"""The largest n^4 times bits accepted for an n x n matrix of integers of that many bits: what the characteristic polynomial costs."""

_SHOWN_DIGITS = 20
_ISOLATION_BITS = 64
_ROUNDING_BITS = 8


@dataclass(frozen=True)
class Eigenvalue:
    """One eigenvalue, exactly: a root of an integer polynomial, singled out by a bracket.

    `polynomial` has its constant term first, is primitive with a positive leading coefficient, and is irreducible wherever
    `symmetric_eigenvalues` or `Eigenvalue.of` made it; `bracket` is a closed interval that contains exactly one of its roots. A rational
    has a linear polynomial and a bracket with equal ends. `==` compares this description; `compare` compares the numbers.
    Raises ValueError for a polynomial or bracket not of this form (that a sign change brackets only one root is taken on trust here).
    """

    polynomial: tuple[int, ...]
    bracket: tuple[Fraction, Fraction]

    def __post_init__(self) -> None:
        lower, upper = self.bracket
        coefficients = self.polynomial
        if len(coefficients) < 2 or coefficients[-1] <= 0 or gcd(*coefficients) != 1:
            raise ValueError("an eigenvalue needs a primitive polynomial of positive degree with a positive leading coefficient")
        if len(coefficients) == 2:
            if not lower == upper == Fraction(-coefficients[0], coefficients[1]):
                raise ValueError("the bracket of a rational eigenvalue is that number, twice")
        elif coefficients[0] == 0 or not lower < upper or _sign_at(coefficients, lower) * _sign_at(coefficients, upper) >= 0:
            raise ValueError("the bracket of an irrational eigenvalue has opposite signs of its polynomial at its ends")

    @classmethod
    def of(cls, q: Fraction) -> "Eigenvalue":
        """Describe the rational `q` as an eigenvalue."""
        return cls((-q.numerator, q.denominator), (q, q))

    @property
    def rational(self) -> Fraction | None:
        """The value if it is rational, None if it is irrational."""
        lower, upper = self.bracket
        return lower if lower == upper else None

    @property
    def sign(self) -> int:
        """The sign of the number, -1, 0 or 1, decided exactly."""
        lower, upper = self.bracket
        if lower >= 0 or upper <= 0:
            return _sign(lower + upper)
        # The bracket straddles zero: its root is above zero if and only if the polynomial has kept its sign from the lower end to zero.
        return 1 if _sign(self.polynomial[0]) == _sign_at(self.polynomial, lower) else -1

    @property
    def magnitude(self) -> "Eigenvalue":
        """The absolute value of the number, exactly."""
        if self.sign >= 0:
            return self
        mirrored = [c if i % 2 == 0 else -c for i, c in enumerate(self.polynomial)]
        direction = _sign(mirrored[-1])
        return Eigenvalue(tuple(direction * c for c in mirrored), (-self.bracket[1], -self.bracket[0]))

    def ball(self, precision_bits: int) -> arb:
        """Return a ball that contains the number, with a radius of at most 2^-precision_bits times its absolute value.

        Computed once per precision; the working precision of the caller is left alone.
        """
        return _ball(self.polynomial, self.bracket, precision_bits)

    def enclosure(self, bits: int) -> tuple[Fraction, Fraction]:
        """Return rational lower and upper bounds: the ends of `ball(bits)`, or the number itself, twice, if it is rational."""
        return self.bracket if self.rational is not None else _ends(self.ball(bits))

    def __str__(self) -> str:
        """Write a rational exactly, anything else as a decimal of 20 digits (the last one may be off by one)."""
        exact = self.rational
        if exact is not None:
            return format_rational(exact)
        return self.ball(4 * _SHOWN_DIGITS).str(_SHOWN_DIGITS, radius=False)


def compare(a: Eigenvalue, b: Eigenvalue) -> int:
    """Return -1, 0 or 1 as a < b, a = b or a > b; always decided."""
    if a.bracket[1] < b.bracket[0]:
        return -1
    if b.bracket[1] < a.bracket[0]:
        return 1
    if _equal(a, b):
        return 0
    bits = 2 * _ISOLATION_BITS
    while True:  # ends, because the numbers differ and the enclosures shrink to them
        (a_lower, a_upper), (b_lower, b_upper) = a.enclosure(bits), b.enclosure(bits)
        if a_upper < b_lower or b_upper < a_lower:
            return -1 if a_upper < b_lower else 1
        bits *= 2


by_value = cmp_to_key(compare)
"""A sort key that orders eigenvalues as numbers."""


def symmetric_eigenvalues(rows: Sequence[Sequence[Fraction]], argument: str = "--matrix") -> tuple[Eigenvalue, ...]:
    """All n eigenvalues of a symmetric n x n matrix of rationals, in decreasing order, each repeated by its multiplicity.

    Raises InputError, naming `argument`, for a matrix that is empty, not square or not symmetric, or whose exact characteristic polynomial
    is out of reach (`MAX_WORK`).
    """
    size = len(rows)
    if not size or any(len(row) != size for row in rows):
        raise InputError(argument, f"{size} rows of lengths {sorted({len(row) for row in rows})}", "a square matrix of at least one row")
    if any(rows[i][j] != rows[j][i] for i in range(size) for j in range(i)):
        raise InputError(argument, f"a {size} x {size} matrix that differs from its transpose", "a symmetric matrix")
    integers, scale = _integer_matrix(rows, argument)
    if scale == 0:
        return (Eigenvalue.of(Fraction(0)),) * size
    _, factors = fmpz_mat(integers).charpoly().factor()
    found = [(root, count) for factor, count in factors for root in _roots(_rescaled(factor, scale))]
    found.sort(key=lambda item: by_value(item[0]), reverse=True)
    return tuple(root for root, count in found for _ in range(count))


def _integer_matrix(rows: Sequence[Sequence[Fraction]], argument: str) -> tuple[list[list[int]], Fraction]:
    """Return an integer matrix B without common divisor, and the scale c >= 0, such that the matrix is c B."""
    size = len(rows)
    allowed = MAX_WORK // size**4
    accepted = f"a matrix within reach of exact algebra: {size} x {size} integers, after clearing denominators, of at most {allowed} bits"
    denominator = 1
    for q in {entry.denominator for row in rows for entry in row}:
        denominator = lcm(denominator, q)
        if denominator.bit_length() > allowed:
            raise InputError(argument, f"a {size} x {size} matrix with denominators of more than {allowed} bits", accepted)
    integers = [[entry.numerator * (denominator // entry.denominator) for entry in row] for row in rows]
    content = gcd(*(entry for row in integers for entry in row))
    integers = [[entry // content for entry in row] for row in integers] if content else integers
    bits = max(entry.bit_length() for row in integers for entry in row)
    if bits > allowed:
        raise InputError(argument, f"a {size} x {size} matrix that needs integers of {bits} bits", accepted)
    return integers, Fraction(content, denominator)


def _rescaled(polynomial: fmpz_poly, scale: Fraction) -> tuple[int, ...]:
    """Return the primitive polynomial whose roots are those of `polynomial` times `scale` > 0."""
    coefficients = [int(c) for c in polynomial.coeffs()]
    degree = len(coefficients) - 1
    scaled = [c * scale.denominator**i * scale.numerator ** (degree - i) for i, c in enumerate(coefficients)]
    common = gcd(*scaled) * _sign(scaled[-1])
    return tuple(c // common for c in scaled)


def _roots(polynomial: tuple[int, ...]) -> list[Eigenvalue]:
    """Return the roots of an irreducible polynomial that has only real roots.

    As many disjoint brackets as the degree, each with a sign change, hold one root each and leave none out; this is checked exactly, so
    the root finder need not be trusted.
    """
    if len(polynomial) == 2:
        return [Eigenvalue.of(Fraction(-polynomial[0], polynomial[1]))]
    with ctx.workprec(_ISOLATION_BITS):
        roots = cast("list[tuple[acb, int]]", fmpz_poly(list(polynomial)).complex_roots())
    brackets = sorted(_ends(root.real) for root, _ in roots)
    disjoint = all(left[1] < right[0] for left, right in pairwise(brackets))
    if len(brackets) != len(polynomial) - 1 or not disjoint:
        raise ArithmeticError("the roots of a factor of the characteristic polynomial were not separated")
    return [Eigenvalue(polynomial, bracket) for bracket in brackets]


def _equal(a: Eigenvalue, b: Eigenvalue) -> bool:
    """Decide whether two eigenvalues with overlapping brackets are the same number."""
    if a == b:
        return True
    if a.rational is not None and b.rational is not None:
        return a.rational == b.rational
    common = fmpz_poly(list(a.polynomial)).gcd(fmpz_poly(list(b.polynomial)))
    if common.degree() < 1:
        return False
    # Where the brackets overlap the common divisor has at most one root, a simple one: that of both, if it is there.
    coefficients = tuple(int(c) for c in common.coeffs())
    lower, upper = max(a.bracket[0], b.bracket[0]), min(a.bracket[1], b.bracket[1])
    return _sign_at(coefficients, lower) * _sign_at(coefficients, upper) <= 0


def rational_ball(q: Fraction) -> arb:
    """Return a ball around `q` at the current working precision."""
    return arb(_fmpq(q))


def dyadic(exact: arb) -> Fraction:
    """Return the number that a ball of radius 0 is."""
    mantissa, exponent = (int(part) for part in exact.man_exp())
    return Fraction(mantissa << exponent) if exponent >= 0 else Fraction(mantissa, 1 << -exponent)


@lru_cache(maxsize=1024)
def _ball(polynomial: tuple[int, ...], bracket: tuple[Fraction, Fraction], bits: int) -> arb:
    lower, upper = bracket
    if lower == upper:
        with ctx.workprec(bits + _ROUNDING_BITS):
            return rational_ball(lower)
    extra = _ISOLATION_BITS
    while True:  # ends, because an irrational root is not zero, and a simple one
        with ctx.workprec(bits + extra):
            root = _newton(polynomial, lower, upper, bits + 2)
        if root.rel_accuracy_bits() >= bits + 2:
            with ctx.workprec(bits + _ROUNDING_BITS):
                return +root
        extra *= 2


def _newton(polynomial: tuple[int, ...], lower: Fraction, upper: Fraction, bits: int) -> arb:
    """Shrink a bracket to a ball by Newton's method in ball arithmetic at the current precision, as far as that goes.

    For a root r in the ball X and m in X, the mean value theorem puts r into m - p(m)/p'(X) whenever p' has no zero in X.
    """
    p = fmpz_poly(list(polynomial))
    slope = p.derivative()
    root = _ball_between(lower, upper)
    while root.rel_accuracy_bits() < bits:
        middle = root.mid()
        step = p(middle) / slope(root)
        if not step.is_finite():
            lower, upper = _halved(polynomial, lower, upper)
            if lower == upper:
                return rational_ball(lower)
            root = _ball_between(lower, upper)
            continue
        closer = (middle - step).intersection(root)
        if not closer.rad() < root.rad() / 2:
            return closer
        root = closer
    return root


def _halved(polynomial: tuple[int, ...], lower: Fraction, upper: Fraction) -> tuple[Fraction, Fraction]:
    middle = (lower + upper) / 2
    side = _sign_at(polynomial, middle)
    if side == 0:
        return middle, middle
    return (middle, upper) if side == _sign_at(polynomial, lower) else (lower, middle)


def _ball_between(lower: Fraction, upper: Fraction) -> arb:
    return rational_ball(lower).union(arb(_fmpq(upper)))


def _ends(ball: arb) -> tuple[Fraction, Fraction]:
    middle, radius = dyadic(ball.mid()), dyadic(ball.rad())
    return middle - radius, middle + radius


def _fmpq(q: Fraction) -> fmpq:
    return fmpq(q.numerator, q.denominator)


def _sign_at(polynomial: tuple[int, ...], q: Fraction) -> int:
    value = fmpz_poly(list(polynomial))(_fmpq(q))
    return _sign(value.p)


def _sign(value: object) -> int:
    return (value > 0) - (value < 0)  # type: ignore[operator]
