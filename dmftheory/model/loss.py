"""The loss 1/2 ||W_N ... W_1 - What||_F^2 with explicit symbolic matrices, and the gradient of every factor.

Everything else in the model starts here: the gradient is obtained by differentiating the loss entry by entry, and the closed formula
of the literature is checked against it.
"""

from collections.abc import Sequence

import sympy

from dmftheory.errors import InputError
from dmftheory.model.identities import Identity


def factors(sizes: Sequence[int]) -> list[sympy.Matrix]:
    """W_1, ..., W_N with symbolic entries; W_j maps dimension sizes[j-1] to sizes[j]. Raises InputError for fewer than two sizes."""
    if len(sizes) < 2 or any(size < 1 for size in sizes):
        raise InputError("sizes", sizes, "at least two dimensions, each >= 1")
    return [_matrix(f"w{j}", sizes[j], sizes[j - 1]) for j in range(1, len(sizes))]


def target(rows: int, columns: int) -> sympy.Matrix:
    """What with symbolic entries, rows x columns; no symmetry is assumed."""
    return _matrix("t", rows, columns)


def _matrix(letter: str, rows: int, columns: int) -> sympy.Matrix:
    return sympy.Matrix(rows, columns, lambda i, k: sympy.Symbol(f"{letter}_{i + 1}{k + 1}", real=True))


def product(matrices: Sequence[sympy.Matrix], size: int) -> sympy.Matrix:
    """W_m ... W_1 of the matrices W_1, ..., W_m; the identity of the given size for none."""
    result = sympy.eye(size)
    for matrix in matrices:
        result = matrix * result
    return result


def loss(matrices: Sequence[sympy.Matrix], goal: sympy.Matrix) -> sympy.Expr:
    """1/2 ||W_N ... W_1 - What||_F^2 for W_1, ..., W_N and What."""
    error = product(matrices, goal.cols) - goal
    return sum((entry**2 for entry in error), sympy.S.Zero) / 2


def gradient(matrices: Sequence[sympy.Matrix], goal: sympy.Matrix, index: int) -> sympy.Matrix:
    """The gradient with respect to W_index (counted from 1), by differentiating the loss; the entries of that factor must be symbols."""
    value = loss(matrices, goal)
    return matrices[index - 1].applyfunc(lambda entry: sympy.diff(value, entry))


def gradient_formula(matrices: Sequence[sympy.Matrix], goal: sympy.Matrix, index: int) -> sympy.Matrix:
    """(W_N ... W_{j+1})^T (W_N ... W_1 - What) (W_{j-1} ... W_1)^T with j = index, counted from 1."""
    below = product(matrices[: index - 1], goal.cols)
    above = product(matrices[index:], matrices[index - 1].rows)
    error = product(matrices, goal.cols) - goal
    return above.T * error * below.T


def verify_gradient(sizes: Sequence[int]) -> list[Identity]:
    """For every factor and entry: the derivative of the loss is the closed formula, for factors of the given sizes. Source: chou (A1)."""
    weights = factors(sizes)
    goal = target(sizes[-1], sizes[0])
    identities = []
    for index in range(1, len(sizes)):
        difference = gradient(weights, goal, index) - gradient_formula(weights, goal, index)
        for i in range(difference.rows):
            for k in range(difference.cols):
                identities.append(Identity(f"gradient of W_{index}, entry ({i + 1}, {k + 1})", sympy.expand(difference[i, k])))
    return identities
