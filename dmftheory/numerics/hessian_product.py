"""Hessian-vector products without the Hessian, in float64, for sizes where the matrix would not fit. They search; they decide nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def gradient(factors: Sequence[Array], target: Array) -> list[Array]:
    """The gradient in every factor, W_1 first: A_j^T E B_j^T in the letters of `dmftheory.numerics.hessian`."""
    above, below = _above(factors), _below(factors)
    error = above[0] @ factors[0] - target
    return [a.T @ error @ b.T for a, b in zip(above, below, strict=True)]


def product(factors: Sequence[Array], target: Array, direction: Sequence[Array]) -> list[Array]:
    """The Hessian times a direction (X_1, ..., X_N): the derivative of the gradient along it, in O(N) products of matrices.

    The derivatives of A_j and B_j are carried along with them, so nothing larger than a factor or the target is ever formed.
    """
    above, below = _above(factors), _below(factors)
    above_moved, below_moved = _above_moved(factors, direction, above), _below_moved(factors, direction, below)
    error = above[0] @ factors[0] - target
    moved = above_moved[0] @ factors[0] + above[0] @ direction[0]
    return [
        da.T @ error @ b.T + a.T @ moved @ b.T + a.T @ error @ db.T
        for a, da, b, db in zip(above, above_moved, below, below_moved, strict=True)
    ]


def _above(factors: Sequence[Array]) -> list[Array]:
    found: list[Array] = [np.eye(factors[-1].shape[0])]
    for factor in reversed(factors[1:]):
        found.append(found[-1] @ factor)
    return found[::-1]


def _below(factors: Sequence[Array]) -> list[Array]:
    found: list[Array] = [np.eye(factors[0].shape[1])]
    for factor in factors[:-1]:
        found.append(factor @ found[-1])
    return found


def _above_moved(factors: Sequence[Array], direction: Sequence[Array], above: Sequence[Array]) -> list[Array]:
    found: list[Array] = [np.zeros_like(above[-1])]
    for j in range(len(factors) - 1, 0, -1):
        found.append(found[-1] @ factors[j] + above[j] @ direction[j])
    return found[::-1]


def _below_moved(factors: Sequence[Array], direction: Sequence[Array], below: Sequence[Array]) -> list[Array]:
    found: list[Array] = [np.zeros_like(below[0])]
    for j in range(len(factors) - 1):
        found.append(factors[j] @ found[-1] + direction[j] @ below[j])
    return found
