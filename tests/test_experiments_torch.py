"""PyTorch, which nobody here wrote, differentiates the loss by itself and descends by its own optimiser: the same numbers."""

import random
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from dmftheory.checks import matrices as exact

from dmftheory.experiments import autograd, draws
from dmftheory.experiments.settings import Setting, ours
from dmftheory.model import loss as symbolic
from dmftheory.numerics import batch_matrices
from dmftheory.numerics.batch import matrix_descent

torch = pytest.importorskip("torch", reason="torch is not installed")

UNIT = 2.0**-53
DEPTHS = (1, 2, 3, 4)


def problem(name: str, depth: int) -> tuple[Setting, list[np.ndarray], np.ndarray, Any]:
    """A small setting with a Gaussian start of size 1/2: its factors, its target, and its loss for PyTorch, built by hand."""
    size = {"rows": 5, "columns": 4, "width": 6} if name == "rectangular" else {"rows": 5, "columns": 5, "width": 6}
    setting = Setting(**{**vars(ours(name, depth)), **size, "alpha": Fraction(1, 2), "start": "gaussian"})
    goal, weights = draws.target(setting, 7), draws.start(setting, 7)
    source, m = np.random.default_rng((7, 1)), setting.measurements
    if setting.seen == "sensing":
        rows = source.normal(size=(m, goal.size)) / np.sqrt(m)
        return setting, weights, goal, autograd.measured(rows, rows @ goal.reshape(-1))
    if setting.seen == "completion":
        return setting, weights, goal, autograd.kept(goal, (source.permutation(goal.size) < m).reshape(goal.shape), m / goal.size)
    return setting, weights, goal, autograd.half_square(goal)


def gradient_bound(weights: list[np.ndarray]) -> float:
    """Both sides form at most 2N products of matrices of norm at most `top`, each with relative rounding of at most 64 units an entry."""
    top = max(1.0, *(float(np.linalg.norm(w, 2)) for w in weights))
    return 2 * (2 * len(weights) + 4) * 64 * UNIT * top ** (2 * len(weights)) * 10


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("name", ["rectangular", "sensing", "completion"])
def test_gradients(name: str, depth: int) -> None:
    setting, weights, goal, loss = problem(name, depth)
    _, ours_ = batch_matrices.gradients([w[None] for w in weights], draws.objective(setting, goal[None], [7]))
    theirs = autograd.gradients(weights, loss)
    bound = gradient_bound(weights)
    assert bound < 1e-8
    assert max(float(np.abs(a[0] - b).max()) for a, b in zip(ours_, theirs, strict=True)) <= bound
    if depth > 1:  # the mutant: a gradient that takes the product of all factors for that of the others
        mutant = ours_[0][0] @ weights[0].T @ weights[0]
        assert float(np.abs(mutant - theirs[0]).max()) > bound


@pytest.mark.parametrize("depth", [2, 3])
def test_closed_formulas_of_the_model_and_of_the_checks(depth: int) -> None:
    """Rational factors with small denominators: symbolic and exact gradients, rounded once, beside autograd's."""
    source = random.Random(depth)
    sizes = (2,) * (depth + 1)
    weights = [tuple(tuple(Fraction(source.randint(-8, 8), 8) for _ in range(c)) for _ in range(r)) for c, r in pairwise(sizes)]
    goal = tuple(tuple(Fraction(source.randint(-8, 8), 8) for _ in range(2)) for _ in range(2))
    letters, target = symbolic.factors(sizes), symbolic.target(2, 2)
    values = {
        letter: value
        for matrix, numbers in zip([*letters, target], [*weights, goal], strict=True)
        for letter, value in zip(matrix, [x for row in numbers for x in row], strict=True)
    }
    theirs = autograd.gradients([np.array(w, dtype=float) for w in weights], autograd.half_square(np.array(goal, dtype=float)))
    for j, slope in enumerate(theirs):
        by_checks = np.array(exact.gradient(weights, goal, j), dtype=float)
        by_model = np.array(symbolic.gradient_formula(letters, target, j + 1).subs(values).tolist(), dtype=float)
        # Entries are multiples of 2^-21 below 2^10: float64 holds every sum and product exactly.
        assert np.array_equal(by_checks, slope) and np.array_equal(by_model, slope)


def trajectory_bound(steps: int, weights: list[np.ndarray], top: float) -> float:
    """Errors of a step of size 1/64, times its stretch q = 1 + eta N (3N - 2) top^2 (tests/test_batch.py), summed; measurements at most
    double the gradient."""
    n = len(weights)
    q = 1 + n * (3 * n - 2) * top**2 / 32
    return 2 * n * gradient_bound(weights) * top * (q**steps - 1) / (q - 1)


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("name", ["symmetric", "rectangular", "sensing", "completion"])
def test_trajectories(name: str, depth: int) -> None:
    setting, weights, goal, loss = problem(name, depth)
    at, eta = (0, 1, 5, 10), 1 / 64
    found = autograd.descend(weights, loss, eta, at)
    states = list(batch_matrices.descend([w[None] for w in weights], draws.objective(setting, goal[None], [7]), eta, at))
    top = max(1.5, *(float(np.linalg.norm(w, 2)) for w in weights))
    worst = [float(np.abs(state.product[0] - product).max()) for state, product in zip(states, found, strict=True)]
    assert trajectory_bound(at[-1] + 1, weights, top) < 1e-2
    for step, difference in zip(at, worst, strict=True):
        assert difference <= trajectory_bound(step + 1, weights, top)
    slower = autograd.descend(weights, loss, eta * (1 - 1e-3), at)  # the mutant: another step size
    assert float(np.abs(slower[-1] - states[-1].product[0]).max()) > 1e3 * max(worst)


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_the_simulator_of_symmetric_targets(depth: int) -> None:
    """numerics.batch.matrix_descent, perturbed start: eigenvalues of PyTorch's products."""
    goal = draws.symmetric([1.0, 0.5, 0.0, -0.5], 2)
    run = matrix_descent(goal, depth, 0.5, 1 / 64, 30, beta=0.125, every=10)
    start = [0.375 * np.eye(4), *(0.5 * np.eye(4) for _ in range(depth - 1))]
    products = autograd.descend(start, autograd.half_square(goal), 1 / 64, (0, 10, 20, 30))
    for i, (step, product) in enumerate(zip((0, 10, 20, 30), products, strict=True)):
        expected = np.linalg.eigvalsh((product + product.T) / 2)[::-1]
        assert np.abs(run.eigenvalues[i] - expected).max() <= 4 * trajectory_bound(step + 1, start, 1.0)
