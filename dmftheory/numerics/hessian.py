"""Gradient and Hessian of 1/2 ||W_N ... W_1 - T||_F^2 in any arithmetic: Fractions, FLINT rationals, balls.

Matrices are sequences of rows; W_j has d_j rows and d_(j-1) columns. The parameters are ordered factor by factor, from W_1, row by row.
With A_j = W_N ... W_(j+1), B_j = W_(j-1) ... W_1 and the misfit E = W_N ... W_1 - T, the gradient in W_j is A_j^T E B_j^T and the second
derivative along X is ||sum_j A_j X_j B_j||^2 + 2 sum_(i<j) <E, A_j X_j M_ji X_i B_i> with M_ji = W_(j-1) ... W_(i+1).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Rows = Sequence[Sequence[Any]]


def multiplied(left: Rows, right: Rows) -> list[list[Any]]:
    """The product of two matrices, neither of them empty."""
    columns = list(zip(*right, strict=True))
    return [[_dot(row, column) for column in columns] for row in left]


def transposed(rows: Rows) -> list[list[Any]]:
    """The transpose."""
    return [list(column) for column in zip(*rows, strict=True)]


def identity(size: int) -> list[list[Any]]:
    """The identity, of integers."""
    return [[int(i == j) for j in range(size)] for i in range(size)]


def chain(factors: Sequence[Rows], size: int) -> list[list[Any]]:
    """W_m ... W_1 of W_1, ..., W_m; the identity of the given size for none."""
    result = identity(size)
    for factor in factors:
        result = multiplied(factor, result)
    return result


def misfit(factors: Sequence[Rows], target: Rows) -> list[list[Any]]:
    """E = W_N ... W_1 - T."""
    product = chain(factors, len(target[0]))
    return [[w - t for w, t in zip(row, goal, strict=True)] for row, goal in zip(product, target, strict=True)]


def gradient(factors: Sequence[Rows], target: Rows) -> list[list[list[Any]]]:
    """The gradient in every factor, W_1 first."""
    error = misfit(factors, target)
    above, below = _above(factors), _below(factors)
    return [multiplied(multiplied(transposed(a), error), transposed(b)) for a, b in zip(above, below, strict=True)]


def hessian(factors: Sequence[Rows], target: Rows) -> list[list[Any]]:
    """The Hessian, a symmetric matrix of sum_j d_j d_(j-1) rows."""
    error = misfit(factors, target)
    above, below = _above(factors), _below(factors)
    starts = offsets(factors)
    result: list[list[Any]] = [[0] * starts[-1] for _ in range(starts[-1])]
    for i in range(len(factors)):
        for j in range(i, len(factors)):
            block = _first_order(above[j], above[i], below[j], below[i])
            if i < j:
                between = chain(factors[i + 1 : j], len(factors[i]))
                bent = multiplied(multiplied(transposed(above[j]), error), transposed(below[i]))
                block = _with_curvature(block, bent, between, len(factors[i][0]))
            for p, row in enumerate(block):
                for q, entry in enumerate(row):
                    result[starts[j] + p][starts[i] + q] = entry
                    result[starts[i] + q][starts[j] + p] = entry
    return result


def offsets(factors: Sequence[Rows]) -> list[int]:
    """Where the entries of each factor begin among the parameters; last, the number of parameters."""
    found = [0]
    for factor in factors:
        found.append(found[-1] + len(factor) * len(factor[0]))
    return found


def _first_order(a_j: Rows, a_i: Rows, b_j: Rows, b_i: Rows) -> list[list[Any]]:
    """The block (W_j, W_i) of ||sum_j A_j X_j B_j||^2 / 2: (A_j^T A_i)[a, c] (B_j B_i^T)[b, d] at (a, b), (c, d)."""
    outer, inner = multiplied(transposed(a_j), a_i), multiplied(b_j, transposed(b_i))
    return [[x * y for x in row for y in line] for row in outer for line in inner]


def _with_curvature(block: list[list[Any]], bent: Rows, between: Rows, columns: int) -> list[list[Any]]:
    """Add (A_j^T E B_i^T)[a, d] M_ji[b, c] at (a, b), (c, d)."""
    rows, inner = len(between), len(between[0])
    for a in range(len(bent)):
        for b in range(rows):
            for c in range(inner):
                for d in range(columns):
                    block[a * rows + b][c * columns + d] += bent[a][d] * between[b][c]
    return block


def _above(factors: Sequence[Rows]) -> list[list[list[Any]]]:
    """A_1, ..., A_N."""
    found = [identity(len(factors[-1]))]
    for factor in reversed(factors[1:]):
        found.append(multiplied(found[-1], factor))
    return found[::-1]


def _below(factors: Sequence[Rows]) -> list[list[list[Any]]]:
    """B_1, ..., B_N."""
    found = [identity(len(factors[0][0]))]
    for factor in factors[:-1]:
        found.append(multiplied(factor, found[-1]))
    return found


def _dot(row: Sequence[Any], column: Sequence[Any]) -> Any:
    return sum((x * y for x, y in zip(row, column, strict=True)), 0)
