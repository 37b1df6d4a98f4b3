"""Experiments on whole matrices: gradients, starts, measurements, and what they record, against independent computations."""

from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from dmftheory.errors import InputError
from dmftheory.experiments import draws, runs
from dmftheory.experiments.settings import DEPTHS, OURS, Setting, gissin, ours
from dmftheory.experiments.theory import escape_rate, predicted, unfactored
from dmftheory.numerics import batch, batch_matrices
from dmftheory.numerics.batch_matrices import Objective, completed, effective_rank, gradients, sensed, singular_values, whole

UNIT = 2.0**-53
SIZES = (4, 5, 3, 2)  # W_1 is 5 x 4, W_2 3 x 5, W_3 2 x 3


def factors(seed: int = 0, sizes: tuple[int, ...] = SIZES, seeds: int = 2) -> list[np.ndarray]:
    source = np.random.default_rng(seed)
    return [source.normal(size=(seeds, rows, columns)) / 2 for columns, rows in pairwise(sizes)]


def objectives(seeds: int = 2) -> dict[str, Objective]:
    source = np.random.default_rng(9)
    goal = source.normal(size=(seeds, SIZES[-1], SIZES[0]))
    return {
        "whole": whole(goal),
        "sensed": sensed(source.normal(size=(seeds, 6, goal[0].size)), source.normal(size=(seeds, 6))),
        "completed": completed(goal, (source.uniform(size=goal.shape) < 0.6).astype(float), 0.6),
    }


def worst_slope_error(objective: Objective, weights: list[np.ndarray], slopes: list[np.ndarray]) -> float:
    """The largest difference of `slopes` and central differences of the loss, which is quadratic in one entry: they are exact."""
    h, worst = 2.0**-10, 0.0
    for j, slope in enumerate(slopes):
        for entry in np.ndindex(*slope.shape[1:]):
            bump = np.zeros(slope.shape[1:])
            bump[entry] = h
            ends = [gradients([w + sign * bump if i == j else w for i, w in enumerate(weights)], objective)[0].loss for sign in (1, -1)]
            worst = max(worst, float(np.abs((ends[0] - ends[1]) / (2 * h) - slope[:, *entry]).max()))
    return worst


def rounding(objective: Objective, weights: list[np.ndarray]) -> float:
    """A loss below `top` rounds by at most some 100 units of it (two products, at most 8 measurements of 8 entries, the sum), over h."""
    top = float(gradients(weights, objective)[0].loss.max()) + 1
    return 100 * UNIT * top * 2**10


@pytest.mark.parametrize("name", ["whole", "sensed", "completed"])
def test_gradients_are_those_of_the_loss(name: str) -> None:
    objective, weights = objectives()[name], factors()
    _, slopes = gradients(weights, objective)
    assert worst_slope_error(objective, weights, slopes) <= rounding(objective, weights)


@pytest.mark.parametrize("name", ["whole", "sensed", "completed"])
def test_a_gradient_that_forgets_a_factor_is_seen(name: str) -> None:
    objective, weights = objectives()[name], factors()
    state, slopes = gradients(weights, objective)
    _, pulled = objective(state.product)
    forgetful = [*slopes[:1], weights[2].mT @ pulled @ np.ones((2, 4, 5)), *slopes[2:]]  # ones where W_1^T belongs
    doubled = [slopes[0], slopes[1], slopes[2] * (1 + 1e-6)]
    for wrong in (forgetful, doubled):
        assert worst_slope_error(objective, weights, wrong) > rounding(objective, weights)


def test_both_simulators_of_full_matrices_agree() -> None:
    """The same arithmetic in another order: equal up to the rounding bound of tests/test_batch.py."""
    goal = draws.symmetric([1.0, 0.5, -0.25, 0.0], 3)
    run = batch.matrix_descent(goal, 3, 0.5, 1 / 64, 40, every=10)
    start = [0.5 * np.eye(4)[None]] * 3
    found = list(batch_matrices.descend(start, whole(goal[None]), 1 / 64, [0, 10, 20, 30, 40]))
    q = 1 + 3 * 7 / 64
    bound = 2 * 3 * 6 * 9 * 16 * UNIT * (q**40 - 1) / (q - 1)
    assert bound < 1e-6
    for i, state in enumerate(found):
        assert abs(float(state.loss[0]) - run.loss[i]) <= 8 * bound
        assert abs(float(effective_rank(singular_values(state.product))[0]) - run.effective_rank[i]) <= 8 * bound


@pytest.mark.parametrize("depth", DEPTHS)
def test_the_symmetric_experiment_has_the_predicted_steps(depth: int) -> None:
    """A4: full matrices with a random basis, from the identity, pass each level at the exact step of the scalar theory."""
    setting = small("symmetric", depth)
    expected = predicted(setting).steps
    observed = runs.observe(setting, range(3), range(2 * max(step or 0 for step in expected)))
    found = runs.passages(observed, [float(value) / 2 for value in setting.spectrum])
    assert found.tolist() == [[step] * 3 for step in expected]


def small(name: str, depth: int) -> Setting:
    """A quick version of one of our settings."""
    scale = {1: "1/100", 2: "1/100", 3: "1/5", 4: "3/10"}[depth]
    changed = {"rows": 6, "columns": 6, "width": 6} if ours(name, depth).rows == 16 else {"rows": 5, "columns": 7, "width": 6}
    return Setting(**{**vars(ours(name, depth)), **changed, "alpha": Fraction(scale), "steps": 300})


def test_plateaus_are_kept_by_the_experiment() -> None:
    """Within each certified window the observed effective rank is as close as proved, up to rounding (far below the distance)."""
    setting = ours("symmetric", 2)
    theory = predicted(setting)
    assert len(theory.plateaus) == 3
    observed = runs.observe(setting, range(2), range(330))
    for plateau in theory.plateaus:
        inside = observed.effective_rank[plateau.from_step : 1 + (329 if plateau.to_step is None else plateau.to_step)]
        assert np.abs(inside - float(Fraction(plateau.target))).max() <= float(Fraction(plateau.distance))


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("depth", DEPTHS)
def test_every_setting_descends_and_repeats(name: str, depth: int, monkeypatch: pytest.MonkeyPatch) -> None:
    setting = small(name, depth)
    at = runs.schedule(60, 3, 20)
    assert at == [0, 1, 2, 3, 20, 40, 60]
    together = runs.observe(setting, (5, 6), at)
    assert together.values.shape == (7, 2, 4) and together.error.shape == (7, 2)
    assert (np.diff(together.loss, axis=0) <= 0).all() and (together.effective_rank >= 1).all()
    monkeypatch.setattr(runs, "_BLOCK", 1)
    apart = runs.observe(setting, (5, 6), at)
    assert np.array_equal(together.values, apart.values) and np.array_equal(together.loss, apart.loss)


def test_settings_of_the_public_code() -> None:
    setting = gissin(3, "gaussian")
    assert (setting.rows, setting.columns, setting.measurements, setting.spectrum) == (50, 50, 1000, (12, 6, 4, 3))
    assert abs(setting.alpha**3 - Fraction(1, 10_000)) < Fraction(1, 10**12)
    goal = draws.target(setting, 0)
    assert np.array_equal(goal, np.diag([12.0, 6, 4, 3] + [0.0] * 46))


def test_targets_have_their_spectrum_and_noise_its_size() -> None:
    goal = draws.target(ours("rectangular", 2), 4)
    assert goal.shape == (12, 20)
    expected = [1, 0.5, 0.25, *[0] * 9]
    assert np.abs(np.linalg.svd(goal, compute_uv=False) - expected).max() < 12 * 20 * 8 * UNIT
    assert abs(np.linalg.norm(draws.noise(8, 1), 2) - 1) < 8 * 8 * 8 * UNIT
    basis = draws.orthogonal(np.random.default_rng(0), 6)
    assert np.abs(basis @ basis.T - np.eye(6)).max() < 6 * 8 * 8 * UNIT


def test_measurements_see_the_target_and_only_their_share() -> None:
    for name in ("sensing", "completion"):
        setting = small(name, 2)
        goals = draws.target(setting, 1)[None]
        objective = draws.objective(setting, goals, [1])
        loss, slope = objective(goals)
        assert float(loss[0]) < 1e-25 and np.abs(slope).max() < 1e-12  # squares, and sums, of some 40 roundings
        blind = np.linalg.matrix_rank(np.array([objective(goals + bump)[1].ravel() for bump in np.eye(36).reshape(36, 1, 6, 6)]))
        assert blind == setting.measurements == 25


@pytest.mark.parametrize(("threshold", "eta"), [("1/2", "1/10"), ("99/100", "1/3"), ("1/1000", "1/2")])
def test_passages_without_factorisation(threshold: str, eta: str) -> None:
    lam, alpha, theta, step = Fraction(2), Fraction(1, 100), Fraction(threshold), Fraction(eta)
    d, k = alpha, 0
    while d < theta * lam:
        d, k = d - step * (d - lam), k + 1
    assert unfactored(lam, alpha, step, theta) == k


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_escape_rate_is_the_most_negative_curvature(depth: int) -> None:
    """The Hessian of the loss at the limit of identical initialisation, by central differences of the gradient."""
    spectrum = (1.0, 0.3, -0.9)
    goal = np.diag(spectrum)[None]
    limit = [np.diag([max(value, 0.0) ** (1 / depth) for value in spectrum])[None]] * depth
    h, columns = 2.0**-16, []
    for j in range(depth):
        for bump in np.eye(9).reshape(9, 1, 3, 3) * h:
            ends = [gradients([w + sign * bump if i == j else w for i, w in enumerate(limit)], whole(goal))[1] for sign in (1, -1)]
            columns.append(np.concatenate([(up - down).ravel() for up, down in zip(*ends, strict=True)]) / (2 * h))
    hessian = np.array(columns)
    rate, _ = escape_rate(depth, spectrum, -0.9)
    # Differences are exact to the third derivative times h^2 / 6, below 100 h^2, and to some 100 units over h.
    assert abs(float(np.linalg.eigvalsh((hessian + hessian.T) / 2)[0]) + rate) <= 27 * (100 * h**2 + 100 * UNIT / h)
    assert rate > 0 and (depth == 2 or escape_rate(depth, spectrum, -0.2)[0] < 0)


def test_bad_input_is_named() -> None:
    with pytest.raises(InputError, match="__array_namespace__"):
        batch_matrices.namespace([1.0])
    with pytest.raises(ArithmeticError, match="diverged by step"), np.errstate(all="ignore"):
        list(batch_matrices.descend(factors(), objectives()["whole"], 1e6, [0, 50]))


def test_another_array_library_gives_the_same_states() -> None:
    """array-api-strict offers nothing beyond the standard, and hands the arithmetic to NumPy."""
    strict = pytest.importorskip("array_api_strict", reason="array-api-strict is not installed")

    def states(convert: Any) -> list[tuple[np.ndarray, ...]]:
        source = np.random.default_rng(2)
        goal, mask = source.normal(size=(2, 2, 4)), (source.uniform(size=(2, 2, 4)) < 0.6).astype(float)
        rows, values = source.normal(size=(2, 6, 8)), source.normal(size=(2, 6))
        found = []
        for objective in (
            whole(convert(goal)),
            sensed(convert(rows), convert(values)),
            completed(convert(goal), convert(mask), 0.6),
        ):
            for state in batch_matrices.descend([convert(w) for w in factors()], objective, 0.01, [0, 7]):
                rank = effective_rank(singular_values(state.product))
                found.append(tuple(np.asarray(part) for part in (state.product, state.loss, rank)))
        return found

    for one, other in zip(states(np.asarray), states(strict.asarray), strict=True):
        for part, same in zip(one, other, strict=True):
            assert np.array_equal(part, same)
