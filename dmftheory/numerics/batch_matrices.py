"""Gradient descent on products of factors of any shape, many seeds at once, in any library that follows the Python array API standard.

Arrays carry a leading axis of seeds, and the library is taken from the arrays themselves (NumPy 2, CuPy, JAX, array-api-strict ...).
Nothing here certifies anything: it is for experiments.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dmftheory.errors import InputError

Objective = Callable[[Any], tuple[Any, Any]]
"""Product (seeds x rows x columns) -> loss (seeds) and the loss's gradient in the product (seeds x rows x columns)."""


@dataclass(frozen=True)
class State:
    """One recorded step: the product W_N ... W_1 (seeds x rows x columns) and its loss (seeds)."""

    step: int
    product: Any
    loss: Any


def namespace(array: Any) -> Any:
    """The array library that `array` belongs to. Raises InputError for one that does not say."""
    if not hasattr(array, "__array_namespace__"):
        raise InputError("array", type(array).__name__, "an array that has __array_namespace__ (NumPy >= 2, CuPy, JAX, array-api-strict)")
    return array.__array_namespace__()


def whole(target: Any) -> Objective:
    """||W - target||_F^2 / 2. Source: chou (A1)."""

    def objective(product: Any) -> tuple[Any, Any]:
        gap = product - target
        return _half_square(gap), gap

    return objective


def sensed(measurements: Any, values: Any) -> Objective:
    """|A vec(W) - y|^2 / 2, for A (seeds x m x rows*columns, vec row by row) and y (seeds x m)."""
    xp = namespace(measurements)

    def objective(product: Any) -> tuple[Any, Any]:
        gap = measurements @ xp.reshape(product, (product.shape[0], -1, 1)) - values[..., None]
        return _half_square(gap), xp.reshape(measurements.mT @ gap, product.shape)

    return objective


def completed(target: Any, observed: Any, share: float) -> Objective:
    """||P(W - target)||_F^2 / (2 share), P keeping the entries where `observed` is 1 (else 0), about `share` of all."""

    def objective(product: Any) -> tuple[Any, Any]:
        gap = observed * (product - target)
        return _half_square(gap) / share, gap / share

    return objective


def gradients(factors: Sequence[Any], objective: Objective) -> tuple[State, list[Any]]:
    """The product and loss of W_1, ..., W_N, and the loss's gradient in each: (W_N ... W_(j+1))^T G (W_(j-1) ... W_1)^T."""
    below = [factors[0]]
    for factor in factors[1:]:
        below.append(factor @ below[-1])
    loss, pulled = objective(below[-1])
    found: list[Any] = []
    for j in range(len(factors) - 1, -1, -1):
        found.append(pulled @ below[j - 1].mT if j else pulled)
        pulled = factors[j].mT @ pulled
    return State(0, below[-1], loss), found[::-1]


def descend(factors: Sequence[Any], objective: Objective, eta: float, at: Sequence[int]) -> Iterator[State]:
    """Gradient descent on all factors at once with step size eta; the states at the increasing steps `at`, as they are reached.

    Raises ArithmeticError where a recorded loss is not finite.
    """
    current, done = list(factors), 0
    xp = namespace(current[0])
    for step in at:
        while done < step:
            _, slopes = gradients(current, objective)
            current = [factor - eta * slope for factor, slope in zip(current, slopes, strict=True)]
            done += 1
        state, _ = gradients(current, objective)
        if not bool(xp.all(xp.isfinite(state.loss))):
            raise ArithmeticError(f"gradient descent has diverged by step {step}: take a smaller step size")
        yield State(step, state.product, state.loss)


def singular_values(product: Any) -> Any:
    """Those of every seed's product, decreasing: seeds x min(rows, columns)."""
    return namespace(product).linalg.svdvals(product)


def effective_rank(singular: Any) -> Any:
    """||W||_* / ||W|| from decreasing singular values, for each seed; nan for W = 0. Source: chou (A6)."""
    xp = namespace(singular)
    largest = singular[..., 0]
    safe = xp.where(largest > 0, largest, xp.ones_like(largest))
    return xp.where(largest > 0, xp.sum(singular, axis=-1) / safe, xp.full_like(largest, float("nan")))


def _half_square(gap: Any) -> Any:
    return namespace(gap).sum(gap * gap, axis=(-2, -1)) / 2
