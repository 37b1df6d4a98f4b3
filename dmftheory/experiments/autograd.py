"""The same gradient descent by PyTorch: its own matrix products, automatic differentiation and optimiser (extra `torch`).

Nothing of `numerics.batch_matrices` is used, so that agreement means something.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dmftheory.errors import InputError

Array = NDArray[np.float64]
Loss = Callable[[Any], Any]
"""The product, a float64 tensor rows x columns -> the loss, a tensor with one entry."""


def torch() -> Any:
    """The library. Raises InputError where it is not installed."""
    try:
        import torch as library
    except ImportError:
        raise InputError("torch", "not installed", "pip install dmftheory[torch]") from None
    return library


def half_square(target: Array) -> Loss:
    """||W - target||_F^2 / 2."""
    goal = torch().as_tensor(target)
    return lambda product: ((product - goal) ** 2).sum() / 2


def measured(measurements: Array, values: Array) -> Loss:
    """|A vec(W) - y|^2 / 2, for A (m x rows*columns, vec row by row) and y (m)."""
    library = torch()
    rows, numbers = library.as_tensor(measurements), library.as_tensor(values)
    return lambda product: ((rows @ product.reshape(-1) - numbers) ** 2).sum() / 2


def kept(target: Array, observed: Array, share: float) -> Loss:
    """The squares of W - target where `observed` is true, summed, over 2 share."""
    library = torch()
    goal, mask = library.as_tensor(target), library.as_tensor(observed).bool()
    return lambda product: (product - goal)[mask].square().sum() / (2 * share)


def gradients(factors: Sequence[Array], loss: Loss) -> list[Array]:
    """The gradient of the loss of W_N ... W_1 in each of W_1, ..., W_N, by automatic differentiation."""
    weights = _weights(factors)
    found = torch().autograd.grad(loss(_product(weights)), weights)
    return [np.asarray(slope.numpy()) for slope in found]


def descend(factors: Sequence[Array], loss: Loss, eta: float, at: Sequence[int]) -> Array:
    """Products W_N ... W_1 at the increasing steps `at` (m x rows x columns) of torch.optim.SGD with learning rate eta."""
    weights = _weights(factors)
    optimiser = torch().optim.SGD(weights, lr=eta)
    found, done = [], 0
    for step in at:
        while done < step:
            optimiser.zero_grad()
            loss(_product(weights)).backward()
            optimiser.step()
            done += 1
        # A single factor is its own product, and the optimiser changes it in place.
        found.append(_product(weights).detach().clone().numpy())
    return np.array(found)


def _weights(factors: Sequence[Array]) -> list[Any]:
    return [torch().tensor(factor, dtype=torch().float64, requires_grad=True) for factor in factors]


def _product(weights: Sequence[Any]) -> Any:
    result = weights[0]
    for weight in weights[1:]:
        result = weight @ result
    return result
