"""float64 simulation with numpy: many scalar trajectories at once, and gradient descent on full matrices.

Nothing here certifies anything; it is for exploration, plots and attempts to break a statement.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

_LONGEST_CHAIN = 24
_BLOCK = 8192  # trajectories that are run to the end together: their state and scratch arrays stay in the cache


@dataclass(frozen=True)
class MatrixRun:
    """Observables of one run of matrix gradient descent at the recorded `steps` (length m).

    `eigenvalues` (m x n, decreasing) are those of the symmetric part of W = W_N ... W_1; `effective_rank` (m) is ||W||_* / ||W||;
    `loss` (m) is ||W - target||_F^2 / 2.
    """

    steps: NDArray[np.int64]
    eigenvalues: Array
    effective_rank: Array
    loss: Array


def scalar_trajectories(depth: int, lam: ArrayLike, alpha: ArrayLike, eta: ArrayLike, at: Sequence[int]) -> Array:
    """d(k) of many scalar recursions at the steps of the increasing sequence `at`; arguments broadcast to m trajectories.

    Returns an array of shape (len(at), m).
    """
    target, start, step_size = _columns(lam, alpha, eta)
    found = np.empty((len(at), start.size))
    for block in _blocks(start.size):
        d, advance = start[block].copy(), _stepper(depth, target[block], step_size[block])
        done = 0
        for row, step in enumerate(at):
            for _ in range(step - done):
                advance(d)
            done = step
            found[row, block] = d
    return found


def first_passages(depth: int, lam: ArrayLike, alpha: ArrayLike, eta: ArrayLike, threshold: ArrayLike, max_steps: int) -> NDArray[np.int64]:
    """First steps at which the computed d(k)^N is at least threshold * lambda, -1 where that takes more than `max_steps`; shape (m,)."""
    target, start, step_size, fraction = _columns(lam, alpha, eta, threshold)
    level = fraction * target
    found = np.full(start.size, -1, dtype=np.int64)
    for block in _blocks(start.size):
        d, advance = start[block].copy(), _stepper(depth, target[block], step_size[block])
        counts, goal = found[block], level[block]
        for step in range(max_steps + 1):
            arrived = (counts < 0) & (d**depth >= goal)
            counts[arrived] = step
            if (counts >= 0).all():
                break
            advance(d)
    return found


def matrix_descent(target: ArrayLike, depth: int, alpha: float, eta: float, steps: int, *, beta: float = 0.0, every: int = 1) -> MatrixRun:
    """Gradient descent on ||W_N ... W_1 - target||_F^2 / 2 from W_1 = (alpha - beta) I, W_j = alpha I, for an n x n symmetric target.

    Full matrix products, no use of the decoupling that exact arithmetic would keep. Records step 0 and every `every`-th step.
    """
    goal = np.asarray(target, dtype=np.float64)
    identity = np.eye(goal.shape[0])
    factors = [(alpha - beta) * identity, *(alpha * identity for _ in range(depth - 1))]
    recorded: list[tuple[int, Array, float, float]] = []
    for step in range(steps + 1):
        before = _products(factors)
        if step % every == 0:
            recorded.append((step, *_observables(before[-1], goal)))
        if step < steps:
            _descend(factors, before, before[-1] - goal, eta)
    counts, eigenvalues, ranks, losses = zip(*recorded, strict=True)
    return MatrixRun(np.array(counts), np.array(eigenvalues), np.array(ranks), np.array(losses))


def _columns(*arguments: ArrayLike) -> list[Array]:
    arrays = np.broadcast_arrays(*(np.atleast_1d(np.asarray(value, dtype=np.float64)) for value in arguments))
    return [np.ascontiguousarray(array) for array in arrays]


def _blocks(size: int) -> Iterator[slice]:
    return (slice(start, min(start + _BLOCK, size)) for start in range(0, size, _BLOCK))


def _stepper(depth: int, target: Array, eta: Array) -> Callable[[Array], None]:
    """One step in place, d += eta d^(N-1) (lambda - d^N), without allocating."""
    power, gap = np.empty_like(target), np.empty_like(target)

    def raise_to_power(d: Array) -> Array:
        """d^(N-1); numpy's own power is many multiplications dear, except for squares."""
        if depth == 2:
            return d
        if depth > _LONGEST_CHAIN:
            return np.power(d, depth - 1, out=power)
        np.multiply(d, d, out=power)
        for _ in range(depth - 3):
            np.multiply(power, d, out=power)
        return power

    def advance(d: Array) -> None:
        below = raise_to_power(d)
        np.multiply(below, d, out=gap)
        np.subtract(target, gap, out=gap)
        np.multiply(gap, below, out=gap)
        np.multiply(gap, eta, out=gap)
        np.add(d, gap, out=d)

    return advance


def _products(factors: Sequence[Array]) -> list[Array]:
    """W_1, W_2 W_1, ..., W_N ... W_1."""
    products = [factors[0]]
    for factor in factors[1:]:
        products.append(factor @ products[-1])
    return products


def _descend(factors: list[Array], before: Sequence[Array], residual: Array, eta: float) -> None:
    """W_j -= eta (W_N ... W_(j+1))^T residual (W_(j-1) ... W_1)^T for every j at once."""
    pulled = residual  # (W_N ... W_(j+1))^T residual
    for j in range(len(factors) - 1, -1, -1):
        gradient = pulled @ before[j - 1].T if j else pulled
        pulled = factors[j].T @ pulled
        factors[j] = factors[j] - eta * gradient


def _observables(product: Array, goal: Array) -> tuple[Array, float, float]:
    singular = np.linalg.svd(product, compute_uv=False)
    eigenvalues: Array = np.linalg.eigvalsh((product + product.T) / 2).astype(np.float64)[::-1]
    rank = float(singular.sum() / singular[0]) if singular[0] > 0 else float("nan")
    return eigenvalues, rank, float(((product - goal) ** 2).sum() / 2)
