"""float64 simulations agree with certified states within their own rounding error, and the decoupling A4 holds in full matrices."""

import random
from fractions import Fraction

import numpy as np
import pytest

from dmftheory.levels import first_passage
from dmftheory.numerics import batch
from dmftheory.numerics.batch import first_passages, matrix_descent, scalar_trajectories
from dmftheory.numerics.eigenvalues import Eigenvalue
from dmftheory.problem import Problem
from dmftheory.trajectory import snapshots

UNIT = 2.0**-53


def scalar_bound(depth: int, eta: float, top: float, steps: int) -> float:
    """A bound of |computed - true| after `steps` float64 steps with d, d^N, lambda <= top (top >= 1).

    A step makes at most depth + 4 roundings, of numbers below 2 top^2 (the last sum is below 2 top, what it adds below eta 2 top^2), and
    stretches an error by at most q = 1 + eta (3N - 2) top^2; the errors of all steps add up to c (q^steps - 1)/(q - 1).
    """
    q = 1 + eta * (3 * depth - 2) * top**2
    return 2 * (depth + 4) * UNIT * top**2 * (q**steps - 1) / (q - 1)


def matrix_bound(size: int, depth: int, eta: float, top: float, steps: int) -> float:
    """The same for full matrices, in the spectral norm of the factors stacked: products of n x n matrices round by n units an entry, at
    most 3 N^2 of them are formed a step, and the gradient of N factors stretches by at most 1 + eta N (3N - 2) top^2; eigenvalues of the
    product move by at most N top times the error of a factor."""
    q = 1 + eta * depth * (3 * depth - 2) * top**2
    return depth * top * 6 * depth**2 * size**2 * UNIT * top**2 * (q**steps - 1) / (q - 1)


@pytest.mark.parametrize("depth", [2, 3, 5, 14])
def test_scalar_batches_stay_within_their_rounding_error(depth: int) -> None:
    problem = Problem.parse(depth=depth, spectrum="1,1/2,0,-3/4", alpha="3/4", eta=Fraction(1, 40 * depth))
    at, lam = (0, 1, 30, 200), [1.0, 0.5, 0.0, -0.75]
    found = scalar_trajectories(depth, lam, 0.75, float(problem.eta), at)
    assert found.shape == (4, 4)
    for row, snapshot in zip(found, snapshots(problem, at, 20), strict=True):
        # eta is not a double: its relative error of one unit acts like one more rounding a step.
        bound = 2 * scalar_bound(depth, float(problem.eta), 1.0, snapshot.step)
        assert bound < 1e-6
        for value, enclosure in zip(row, snapshot.factors, strict=True):
            assert enclosure.lower - Fraction(bound) <= Fraction(value) <= enclosure.upper + Fraction(bound)


def test_blocks_do_not_change_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    lam, alpha = rng.uniform(-1, 2, 50), rng.uniform(0.1, 1, 50)
    whole = scalar_trajectories(3, lam, alpha, 0.05, (0, 7, 100))
    counts = first_passages(3, abs(lam), 0.05, 0.05, 0.5, 10_000)
    monkeypatch.setattr(batch, "_BLOCK", 7)
    assert np.array_equal(whole, scalar_trajectories(3, lam, alpha, 0.05, (0, 7, 100)))
    assert np.array_equal(counts, first_passages(3, abs(lam), 0.05, 0.05, 0.5, 10_000))


def test_counted_passages_are_those_of_the_certified_iteration() -> None:
    """Dyadic data are exact in float64. A count can differ only where a state comes within its rounding error of the level."""
    rng = random.Random(4)
    problems = [(Fraction(rng.randint(64, 256), 128), Fraction(rng.randint(8, 24), 64)) for _ in range(60)]
    lam, alpha = (np.array([float(p[i]) for p in problems]) for i in (0, 1))
    counts = first_passages(3, lam, alpha, 1 / 64, 0.5, 10_000)
    exact = [first_passage(3, Eigenvalue.of(p[0]), p[1], Fraction(1, 64), Fraction(1, 2)).step for p in problems]
    assert counts.tolist() == exact
    assert first_passages(3, 1.0, 0.01, 1 / 64, 0.5, 50).tolist() == [-1]


def rotation(size: int, seed: int) -> np.ndarray:
    orthogonal, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(size, size)))
    return orthogonal


@pytest.mark.parametrize("depth", [2, 3, 4])
@pytest.mark.parametrize("beta", ["0", "1/16"])
def test_matrix_descent_decouples_into_scalar_recursions(depth: int, beta: str) -> None:
    """A4 and A5: the eigenvalues of full-matrix gradient descent are the scalar products, up to rounding. The target is diagonal in a
    rotated basis whose own rounding moves eigenvalues by at most n^2 units."""
    problem = Problem.parse(depth=depth, spectrum="1,1/2,0,-1/4", alpha="1/2", eta="1/64", beta=beta)
    basis = rotation(4, depth)
    target = basis @ np.diag([1.0, 0.5, 0.0, -0.25]) @ basis.T
    steps = 60 if depth == 2 else 40 // (depth - 1)
    run = matrix_descent((target + target.T) / 2, depth, 0.5, 1 / 64, steps, beta=float(Fraction(beta)), every=10)
    bound = 2 * matrix_bound(4, depth, 1 / 64, 1.0, steps)
    assert bound < 1e-6
    assert run.eigenvalues.shape == (len(run.steps), 4)
    for i, snapshot in enumerate(snapshots(problem, run.steps.tolist(), 20)):
        truth = sorted((float(product.middle) for product in snapshot.products), reverse=True)
        assert np.abs(run.eigenvalues[i] - truth).max() <= bound
        assert abs(run.effective_rank[i] - float(snapshot.effective_rank.middle)) <= 8 * bound / max(truth)  # A6, r <= 4
        loss = sum((float(w.middle) - lam) ** 2 for w, lam in zip(snapshot.products, (1, 0.5, 0, -0.25), strict=True)) / 2
        assert abs(run.loss[i] - loss) <= 8 * bound


def test_matrix_descent_follows_the_gradient_of_the_loss() -> None:
    """One step against central differences of the loss: a polynomial of degree 2N = 6 per entry, differences exact to O(h^2)."""
    size, depth, alpha, eta, h = 3, 3, 0.7, 1e-3, 2.0**-12
    rng = np.random.default_rng(2)
    half = rng.normal(size=(size, size)) / 4
    target = half + half.T
    factors = [np.eye(size) * (alpha - 0.1), np.eye(size) * alpha, np.eye(size) * alpha]

    def loss(changed: list[np.ndarray]) -> float:
        return float(((changed[2] @ changed[1] @ changed[0] - target) ** 2).sum() / 2)

    stepped = []
    for j in range(depth):
        gradient = np.zeros((size, size))
        for entry in np.ndindex(size, size):
            bump = np.zeros((size, size))
            bump[entry] = h
            ends = [loss([w + sign * bump if i == j else w for i, w in enumerate(factors)]) for sign in (1, -1)]
            gradient[entry] = (ends[0] - ends[1]) / (2 * h)
        stepped.append(factors[j] - eta * gradient)
    product = stepped[2] @ stepped[1] @ stepped[0]
    run = matrix_descent(target, depth, alpha, eta, 1, beta=0.1)
    expected = np.linalg.eigvalsh((product + product.T) / 2)[::-1]
    # The loss is quadratic in each entry of one factor, so central differences are exact up to rounding: |loss| < 4 units over 2h.
    assert np.abs(run.eigenvalues[1] - expected).max() <= depth * eta * size**2 * 4 * 4 * UNIT / h
