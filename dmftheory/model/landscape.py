"""The Hessian of the loss, symbolically: by differentiation for explicit sizes, in closed form, and its eigenvalues at diagonal points.

The second derivative along X = (X_1, ..., X_N) is ||sum_j A_j X_j B_j||^2 + 2 sum_(i<j) <E, A_j X_j M_ji X_i B_i>, with
A_j = W_N ... W_(j+1), B_j = W_(j-1) ... W_1, M_ji = W_(j-1) ... W_(i+1) and E = W_N ... W_1 - T.
"""

from collections.abc import Sequence

import sympy

from dmftheory.model.identities import Identity
from dmftheory.model.loss import factors, loss, product, target
from dmftheory.model.symbols import DEPTH

KEPT = sympy.Symbol("lambda_b", positive=True)
"""An eigenvalue that the point keeps."""

OTHER = sympy.Symbol("lambda_c", positive=True)
"""Another one that it keeps."""

LEFT = sympy.Symbol("lambda_a", nonnegative=True)
"""An eigenvalue that it leaves out."""


def hessian(matrices: Sequence[sympy.Matrix], goal: sympy.Matrix) -> sympy.Matrix:
    """The Hessian by differentiating the loss; entries of the factors must be symbols, and come from W_1 on, row by row."""
    parameters = [entry for matrix in matrices for entry in matrix]
    return sympy.hessian(sympy.expand(loss(matrices, goal)), parameters)


def second_derivative(matrices: Sequence[sympy.Matrix], goal: sympy.Matrix, direction: Sequence[sympy.Matrix]) -> sympy.Expr:
    """d^2/dt^2 of the loss at W + t X, t = 0, in closed form."""
    columns, depth = goal.cols, len(matrices)
    error = product(matrices, columns) - goal
    above = [product(matrices[j + 1 :], matrices[j].rows) for j in range(depth)]
    below = [product(matrices[:j], columns) for j in range(depth)]
    first = sum((a * x * b for a, x, b in zip(above, direction, below, strict=True)), sympy.zeros(*goal.shape))
    bent = sympy.zeros(*goal.shape)
    for i in range(depth):
        for j in range(i + 1, depth):
            between = product(matrices[i + 1 : j], matrices[i].rows)
            bent += above[j] * direction[j] * between * direction[i] * below[i]
    return sum((p**2 + 2 * e * q for p, e, q in zip(first, error, bent, strict=True)), sympy.S.Zero)


def verify_hessian(sizes: Sequence[int]) -> list[Identity]:
    """The closed form is the quadratic form of the second derivatives of the loss, for factors of the given sizes."""
    weights, goal = factors(sizes), target(sizes[-1], sizes[0])
    direction = [sympy.Matrix(w.rows, w.cols, lambda i, k, j=j: sympy.Symbol(f"x{j}_{i + 1}{k + 1}")) for j, w in enumerate(weights, 1)]
    entries = sympy.Matrix([entry for matrix in direction for entry in matrix])
    form = (entries.T * hessian(weights, goal) * entries)[0]
    return [Identity(f"second derivative at sizes {tuple(sizes)}", sympy.expand(form - second_derivative(weights, goal, direction)))]


def block_eigenvalues() -> dict[str, sympy.Expr]:
    """The eigenvalues other than 0 of the Hessian at W_j = diag(lambda^(1/N) or 0), any depth; "depth 2" where they exist there only."""
    outer = KEPT ** (1 - 2 / DEPTH)
    return {
        "kept": DEPTH * KEPT ** (2 - 2 / DEPTH),
        "pair of kept, twice": (KEPT**2 - OTHER**2) / (KEPT ** (2 / DEPTH) - OTHER ** (2 / DEPTH)),
        "left with kept, plus": outer * (KEPT + LEFT),
        "left with kept, minus": outer * (KEPT - LEFT),
        "left at depth 2, plus": LEFT,
        "left at depth 2, minus": -LEFT,
    }


def sharpness() -> sympy.Expr:
    """The largest eigenvalue of the Hessian at the balanced minimiser; lambda_b is the largest one of a positive semidefinite target."""
    return block_eigenvalues()["kept"]


def stability_limit() -> sympy.Expr:
    """2 / sharpness: the step size beyond which that minimiser is linearly unstable."""
    return 2 / sharpness()
