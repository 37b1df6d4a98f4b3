"""Random bases, starts and measurements; everything about one seed follows from the seed alone."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dmftheory.experiments.settings import Setting
from dmftheory.numerics.batch_matrices import Objective, completed, sensed, whole

Array = NDArray[np.float64]

_TARGET, _SEEN, _START, _NOISE = range(4)  # independent streams of one seed: the target is the same at every depth


def orthogonal(source: np.random.Generator, size: int) -> Array:
    """A random orthogonal matrix, Haar distributed: Q of a Gaussian matrix, its columns' signs set by the diagonal of R."""
    basis, triangle = np.linalg.qr(source.normal(size=(size, size)))
    return np.asarray(basis * np.where(np.diagonal(triangle) < 0, -1.0, 1.0))


def symmetric(eigenvalues: Sequence[float], seed: int) -> Array:
    """V diag(eigenvalues) V^T for a random orthogonal V, exactly symmetric."""
    basis = orthogonal(np.random.default_rng((seed, _TARGET)), len(eigenvalues))
    full = basis * np.asarray(eigenvalues, dtype=np.float64) @ basis.T
    return np.asarray((full + full.T) / 2)


def noise(size: int, seed: int) -> Array:
    """A symmetric Gaussian matrix of spectral norm 1."""
    half = np.random.default_rng((seed, _NOISE)).normal(size=(size, size))
    full = half + half.T
    return np.asarray(full / np.linalg.norm(full, 2))


def target(setting: Setting, seed: int) -> Array:
    """The matrix to be learnt, rows x columns; symmetric where it is square."""
    values = [float(value) for value in setting.all_values]
    if not setting.rotated:
        return np.asarray(np.eye(setting.rows, setting.columns) * np.array([*values, *[0.0] * (setting.columns - len(values))]))
    if setting.rows == setting.columns:
        return symmetric(values, seed)
    source = np.random.default_rng((seed, _TARGET))
    left, right = orthogonal(source, setting.rows), orthogonal(source, setting.columns)
    return np.asarray(left[:, : len(values)] * values @ right[:, : len(values)].T)


def start(setting: Setting, seed: int) -> list[Array]:
    """W_1, ..., W_N."""
    source, alpha = np.random.default_rng((seed, _START)), float(setting.alpha)
    shapes = list(zip(setting.sizes[1:], setting.sizes[:-1], strict=True))
    if setting.start == "identity":
        return [np.asarray(alpha * np.eye(*shape)) for shape in shapes]
    return [np.asarray(alpha / np.sqrt(shape[1]) * source.normal(size=shape)) for shape in shapes]


def objective(setting: Setting, goals: Array, seeds: Sequence[int]) -> Objective:
    """The loss of these seeds' targets (seeds x rows x columns) under what is seen of them."""
    if setting.seen == "whole":
        return whole(goals)
    sources = [np.random.default_rng((seed, _SEEN)) for seed in seeds]
    entries, m = setting.rows * setting.columns, setting.measurements
    if setting.seen == "completion":
        kept = np.stack([source.permutation(entries) < m for source in sources]).reshape(goals.shape)
        return completed(goals, kept.astype(np.float64), m / entries)
    measurements = np.stack([source.normal(size=(m, entries)) / np.sqrt(m) for source in sources])
    return sensed(measurements, (measurements @ goals.reshape(len(seeds), entries, 1))[..., 0])
