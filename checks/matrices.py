"""Square matrices of fractions and intervals, as tuples of rows, in the plainest way; full-matrix gradient descent."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from dmftheory.checks.interval import Interval, Value, bounds, short

Matrix = tuple[tuple[Any, ...], ...]


def plus(a: Matrix, b: Matrix) -> Matrix:
    """a + b."""
    return tuple(tuple(x + y for x, y in zip(row, other, strict=True)) for row, other in zip(a, b, strict=True))


def times(a: Any, b: Any) -> Matrix:
    """The product of two matrices, or of a number and a matrix."""
    if not isinstance(a, tuple):
        return tuple(tuple(a * x for x in row) for row in b)
    if not isinstance(b, tuple):
        return times(b, a)
    columns = tuple(zip(*b, strict=True))
    return tuple(tuple(_dot(row, column) for column in columns) for row in a)


def power(a: Matrix, exponent: int) -> Matrix:
    """a^exponent for an integer >= 0, factor by factor."""
    result = diagonal([Fraction(1)] * len(a))
    for _ in range(exponent):
        result = times(result, a)
    return result


def entries(a: Matrix, b: Matrix) -> list[tuple[Any, Any]]:
    """The pairs of entries in the same place."""
    return [pair for row, other in zip(a, b, strict=True) for pair in zip(row, other, strict=True)]


def transpose(a: Matrix) -> Matrix:
    """The transposed matrix."""
    return tuple(zip(*a, strict=True))


def diagonal(values: Sequence[Value]) -> Matrix:
    """The matrix with these values on its diagonal."""
    return tuple(tuple(v if i == j else Fraction(0) for j in range(len(values))) for i, v in enumerate(values))


def rounded(a: Matrix, bits: int) -> Matrix:
    """The same matrix, its long fractions as intervals."""
    return tuple(tuple(short(x, bits) for x in row) for row in a)


def orthogonal(source: random.Random, size: int) -> Matrix:
    """A random orthogonal matrix with rational entries: a product of reflections I - 2 v v^T / (v^T v) with integer v."""
    result = diagonal([Fraction(1)] * size)
    for _ in range(2):
        v = [Fraction(source.choice([-3, -2, -1, 1, 2, 3])) for _ in range(size)]
        square = sum(x * x for x in v)
        result = times(result, tuple(tuple((i == j) - 2 * x * y / square for j, y in enumerate(v)) for i, x in enumerate(v)))
    return result


def gradient(factors: Sequence[Matrix], target: Matrix, j: int) -> Matrix:
    """The gradient of |W_N ... W_1 - target|^2 / 2 with respect to W_j (j from 0): (W_N ... W_(j+1))^T E (W_(j-1) ... W_1)^T."""
    residual = plus(product(factors), times(Fraction(-1), target))
    return times(times(transpose(product(factors[j + 1 :], len(target))), residual), transpose(product(factors[:j], len(target))))


def product(factors: Sequence[Matrix], size: int = 0) -> Matrix:
    """W_N ... W_1 for (W_1, ..., W_N); the identity of the given size for no factors."""
    result = diagonal([Fraction(1)] * (len(factors[0]) if factors else size))
    for factor in factors:
        result = times(factor, result)
    return result


def descend(factors: Sequence[Matrix], target: Matrix, eta: Fraction, bits: int) -> tuple[Matrix, ...]:
    """One step of gradient descent on all factors at once, without any use of what they have in common."""
    return tuple(rounded(plus(w, times(-eta, gradient(factors, target, j))), bits) for j, w in enumerate(factors))


def eigenvalues_in(a: Matrix, basis: Matrix, bits: int) -> tuple[Interval, ...]:
    """Enclosures of the eigenvalues of a symmetric matrix that is nearly diagonal in an orthonormal basis (the columns).

    By Gershgorin's theorem, for basis^T a basis: the diagonal, give or take the sum of the rest of its row. Enclosures that touch can have
    swapped their eigenvalues.
    """
    turned = times(times(transpose(basis), a), basis)
    found = []
    for i, row in enumerate(turned):
        spread = Interval.of(Fraction(0), bits)
        for j, x in enumerate(row):
            if i != j:
                spread = spread + abs(Interval.of(x, bits))
        reach = Interval(bounds(-spread)[0], spread.high, bits)
        found.append(Interval.of(row[i], bits) + reach)
    return tuple(found)


def _dot(a: Sequence[Any], b: Sequence[Any]) -> Any:
    total: Any = Fraction(0)
    for x, y in zip(a, b, strict=True):
        total = total + x * y
    return total
