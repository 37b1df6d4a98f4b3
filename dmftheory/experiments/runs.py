"""Running a setting over seeds, in blocks that stay in the cache, and what is recorded of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dmftheory.experiments import draws
from dmftheory.experiments.settings import Setting
from dmftheory.numerics.batch_matrices import descend, effective_rank, singular_values

Array = NDArray[np.float64]
Tell = Callable[[int, int], None]

_BLOCK = 2**22  # bytes of measurements and factors of the seeds that run together


@dataclass(frozen=True)
class Observed:
    """At the recorded `steps` (m), for every seed: the leading singular values of the product (m x seeds x rank + 1), its effective
    rank, its loss, and its distance to the target relative to the target, in the Frobenius norm (each m x seeds)."""

    steps: NDArray[np.int64]
    values: Array
    effective_rank: Array
    loss: Array
    error: Array


def schedule(last: int, dense: int, every: int = 10) -> list[int]:
    """Every step up to `dense`, then every `every`-th one up to `last`, and `last`."""
    return sorted({*range(min(dense, last) + 1), *range(0, last + 1, every), last})


def observe(setting: Setting, seeds: Sequence[int], at: Sequence[int], tell: Tell | None = None) -> Observed:
    """Run all seeds and record the steps `at`; `tell` hears (steps done so far, steps of all blocks)."""
    weight = 8 * (sum(a * b for a, b in zip(setting.sizes[1:], setting.sizes[:-1], strict=True)) * 4)
    if setting.seen == "sensing":
        weight += 8 * setting.measurements * setting.rows * setting.columns
    size = max(1, _BLOCK // weight)
    blocks = [seeds[i : i + size] for i in range(0, len(seeds), size)]
    parts = []
    for number, block in enumerate(blocks):
        parts.append(_run(setting, block, at, tell, number * at[-1], len(blocks) * at[-1]))
    return Observed(np.array(at), *(np.concatenate(arrays, axis=1) for arrays in zip(*parts, strict=True)))


def _run(setting: Setting, seeds: Sequence[int], at: Sequence[int], tell: Tell | None, before: int, total: int) -> tuple[Array, ...]:
    goals = np.stack([draws.target(setting, seed) for seed in seeds])
    factors = [np.stack(group) for group in zip(*(draws.start(setting, seed) for seed in seeds), strict=True)]
    sizes = np.linalg.norm(goals, axis=(-2, -1))
    leading = len(setting.spectrum) + 1
    values, ranks, losses, errors = [], [], [], []
    for state in descend(factors, draws.objective(setting, goals, seeds), float(setting.eta), at):
        singular = singular_values(state.product)
        values.append(singular[:, :leading])
        ranks.append(effective_rank(singular))
        losses.append(state.loss)
        errors.append(np.linalg.norm(state.product - goals, axis=(-2, -1)) / sizes)
        if tell is not None:
            tell(before + state.step, total)
    return tuple(np.array(column) for column in (values, ranks, losses, errors))


def passages(observed: Observed, goals: Sequence[float]) -> Array:
    """The first recorded step at which singular value i is at least goals[i], for each i and seed; inf where it never is."""
    found = np.full((len(goals), observed.values.shape[1]), np.inf)
    for i, goal in enumerate(goals):
        reached = observed.values[:, :, i] >= goal
        arrived = reached.any(axis=0)
        found[i, arrived] = observed.steps[reached.argmax(axis=0)[arrived]]
    return found
