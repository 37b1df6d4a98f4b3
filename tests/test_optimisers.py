"""The optimiser experiments: gradients by differences, plain gradient descent against the scalar recursion, peaks against a slow count."""

import random

import numpy as np
import pytest

from dmftheory.errors import InputError
from dmftheory.numerics.optimisers import OPTIMISERS, Experiment, counts, gradients, in_order, peaks, run, spread


def slow_peaks(values: list[float], share: float) -> int:
    """Prominence by its definition: down to the higher of the lowest points on both sides, before anything higher."""
    needed, found = share * max(values), 0
    for i in range(1, len(values) - 1):
        if not values[i - 1] < values[i] > values[i + 1]:
            continue
        sides = []
        for side in (values[i - 1 :: -1], values[i + 1 :]):
            lowest = values[i]
            for value in side:
                if value > values[i]:
                    break
                lowest = min(lowest, value)
            sides.append(lowest)
        found += values[i] - max(sides) >= needed
    return found


def test_peaks_agree_with_the_definition_of_prominence() -> None:
    source = random.Random(0)
    for _ in range(2000):
        values = [source.random() + 0.01 for _ in range(source.randint(1, 14))]
        share = source.random()
        assert peaks(values, share) == slow_peaks(values, share)
    assert peaks([0, 1, 1, 0], 0.5) == 1
    assert peaks([3, 2, 1], 0.1) == 0
    assert peaks([], 0.1) == 0


def test_gradients_agree_with_differences() -> None:
    source = np.random.default_rng(0)
    factors, target = source.standard_normal((3, 3, 3)), np.diag([1.0, 0.5, 0.0])

    def loss(at: np.ndarray) -> float:
        return 0.5 * float(np.sum((at[2] @ at[1] @ at[0] - target) ** 2))

    found, _ = gradients(factors, target)
    step = 1e-6
    for index in np.ndindex(factors.shape):
        moved = np.zeros_like(factors)
        moved[index] = step
        assert abs((loss(factors + moved) - loss(factors - moved)) / (2 * step) - found[index]) < 1e-6


def test_plain_gradient_descent_is_the_scalar_recursion() -> None:
    experiment = Experiment("gradient descent", 3, (1.0, 0.5), 0.1, 0.05, 400, start="identical")
    record = run(experiment)
    d = 0.1
    for k in range(400):
        assert abs(record.diagonal[k, 0] - d**3) < 1e-12
        d += 0.05 * d**2 * (1 - d**3)


def test_stages_of_gradient_descent_are_counted_and_equal_ones_merge() -> None:
    separate = Experiment("gradient descent", 2, (1.0, 0.5, 0.25, 0.0), 1e-3, 0.05, 1500, start="identical")
    found = counts(separate, run(separate))
    assert found.rate_peaks == found.decrease_peaks == 3
    assert found.learnt == 3
    assert in_order(found.passages)
    merged = Experiment("gradient descent", 2, (1.0, 1.0, 1.0, 0.0), 1e-3, 0.05, 1500, start="identical")
    assert counts(merged, run(merged)).rate_peaks == 1


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_same_seed_same_run(optimiser: str) -> None:
    one, other = (run(Experiment(optimiser, 2, (1.0, 0.0), 0.1, 1e-3, 50, seed=seed)) for seed in (3, 3))
    assert np.array_equal(one.loss, other.loss)
    assert not np.array_equal(one.loss, run(Experiment(optimiser, 2, (1.0, 0.0), 0.1, 1e-3, 50, seed=4)).loss)


def test_spread_and_order() -> None:
    assert spread((10, 20, None)) is None
    assert spread((10, 20)) == 2
    assert in_order((10, 20, None))
    assert not in_order((None, 20))


def test_refused() -> None:
    with pytest.raises(InputError, match="optimiser"):
        Experiment("adam", 2, (1.0,), 0.1, 0.1, 10)
    with pytest.raises(InputError):
        Experiment("sgd", 1, (1.0,), 0.1, 0.1, 10)
