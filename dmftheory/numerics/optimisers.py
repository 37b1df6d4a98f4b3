"""Experiments with other optimisers on whole matrices, in double precision and seeded: what is seen, nothing is claimed.

Stage counts follow the definitions of `dmftheory.stages` as far as they carry over: peaks of the squared gradient and of the loss decrease,
by prominence, and the steps at which the target's eigenvalues are passed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dmftheory.errors import InputError

Array = NDArray[np.float64]
Update = Callable[[Array], Array]
"""From the gradient of all factors, shape (N, n, n), to what is subtracted from them; it may remember."""

OPTIMISERS = ("gradient descent", "momentum", "rmsprop", "sgd")
STARTS = ("identical", "gaussian")
_EPSILON = 1e-8


@dataclass(frozen=True)
class Experiment:
    """One run: `depth` factors of size len(`spectrum`), the target diagonal with that spectrum.

    `scale` is alpha for the start "identical", the standard deviation of the entries for "gaussian". `momentum` is heavy-ball's, `decay`
    the averaging of RMSProp's squared gradients, `noise` the standard deviation of the normal noise added to each gradient entry by "sgd".
    """

    optimiser: str
    depth: int
    spectrum: tuple[float, ...]
    scale: float
    eta: float
    steps: int
    start: str = "gaussian"
    momentum: float = 0.9
    decay: float = 0.9
    noise: float = 0.01
    seed: int = 0

    def __post_init__(self) -> None:
        for argument, value, accepted in (("optimiser", self.optimiser, OPTIMISERS), ("start", self.start, STARTS)):
            if value not in accepted:
                raise InputError(argument, value, ", ".join(accepted))
        if self.depth < 2 or self.steps < 2 or not self.spectrum:
            raise InputError("depth, steps, spectrum", f"{self.depth}, {self.steps}, {self.spectrum}", "depth >= 2, steps >= 2, a spectrum")


@dataclass(frozen=True)
class Record:
    """What a run showed at every step: the loss, the squared norm of its full gradient, and the diagonal of the product, (steps, n)."""

    loss: Array
    rate: Array
    diagonal: Array


@dataclass(frozen=True)
class Counts:
    """Stages as seen: peaks of the squared gradient, peaks of the loss decrease, and for each positive eigenvalue in order the first step
    at which the product's diagonal has (N-1)/(2N-1) of it (None: not within the run). `learnt` counts those within a tenth at the end.
    """

    rate_peaks: int
    decrease_peaks: int
    passages: tuple[int | None, ...]
    learnt: int


def run(experiment: Experiment) -> Record:
    """Run one experiment; shapes as in `Record`. A run that diverges keeps its infinities."""
    source = np.random.default_rng(experiment.seed)
    n, target = len(experiment.spectrum), np.diag(np.array(experiment.spectrum, dtype=float))
    factors = _start(experiment, n, source)
    update = _update(experiment, factors.shape, source)
    loss, rate = np.empty(experiment.steps), np.empty(experiment.steps)
    diagonal = np.empty((experiment.steps, n))
    for k in range(experiment.steps):
        gradient, product = gradients(factors, target)
        loss[k] = 0.5 * float(np.sum((product - target) ** 2))
        rate[k] = float(np.sum(gradient**2))
        diagonal[k] = np.diag(product)
        factors = factors - update(gradient)
    return Record(loss, rate, diagonal)


def gradients(factors: Array, target: Array) -> tuple[Array, Array]:
    """The gradient of 1/2 ||W_N ... W_1 - target||_F^2 in every factor, shape (N, n, n), and the product."""
    below = [np.eye(factors.shape[1])]
    for factor in factors:
        below.append(factor @ below[-1])
    error, above = below[-1] - target, np.eye(factors.shape[1])
    found = np.empty_like(factors)
    for j in range(len(factors) - 1, -1, -1):
        found[j] = above.T @ error @ below[j].T
        above = above @ factors[j]
    return found, below[-1]


def _start(experiment: Experiment, n: int, source: np.random.Generator) -> Array:
    shape = (experiment.depth, n, n)
    if experiment.start == "identical":
        return np.broadcast_to(experiment.scale * np.eye(n), shape).copy()
    return experiment.scale * source.standard_normal(shape)


def _update(experiment: Experiment, shape: tuple[int, ...], source: np.random.Generator) -> Update:
    memory = np.zeros(shape)
    eta = experiment.eta

    def momentum(gradient: Array) -> Array:
        memory[...] = experiment.momentum * memory + gradient
        return eta * memory

    def rmsprop(gradient: Array) -> Array:
        memory[...] = experiment.decay * memory + (1 - experiment.decay) * gradient**2
        return eta * gradient / (np.sqrt(memory) + _EPSILON)

    def sgd(gradient: Array) -> Array:
        return eta * (gradient + experiment.noise * source.standard_normal(shape))

    def plain(gradient: Array) -> Array:
        return eta * gradient

    return {"momentum": momentum, "rmsprop": rmsprop, "sgd": sgd}.get(experiment.optimiser, plain)


def counts(experiment: Experiment, record: Record) -> Counts:
    """Count the stages of a run. A peak counts if its prominence is half of what the least positive eigenvalue's peak would have, relative
    to the highest: (lambda_R / lambda_1)^(4-2/N) / 2.
    """
    n = experiment.depth
    positive = [value for value in experiment.spectrum if value > 0]
    share = 0.5 * (min(positive) / max(positive)) ** (4 - 2 / n)
    decrease = -np.diff(record.loss)
    level = (n - 1) / (2 * n - 1)
    reached = [np.flatnonzero(record.diagonal[:, i] >= level * value) for i, value in enumerate(experiment.spectrum) if value > 0]
    passages = tuple(int(steps[0]) if len(steps) else None for steps in reached)
    last = record.diagonal[-1]
    learnt = sum(abs(last[i] - value) <= value / 10 for i, value in enumerate(experiment.spectrum) if value > 0)
    return Counts(peaks(record.rate, share), peaks(decrease, share), passages, int(learnt))


def peaks(values: Sequence[float] | Array, share: float) -> int:
    """How many local maxima inside the sequence rise at least `share` times the largest value above the valleys that part them from higher
    ones (their prominence); equal neighbours count as one.
    """
    flat = [float(value) for value in values]
    series = [one for i, one in enumerate(flat) if i == 0 or one != flat[i - 1]]
    if not series:
        return 0
    turns = [i for i in range(1, len(series) - 1) if series[i - 1] < series[i] > series[i + 1]]
    needed = share * max(series)
    kept: list[float] = []  # heights of peaks and, between two of them, of the valley
    for number, i in enumerate(turns):
        valley = min(series[turns[number - 1] : i + 1]) if number else min(series[: i + 1])
        kept += [valley, series[i]]
    if not turns:
        return 0
    kept.append(min(series[turns[-1] :]))
    return _prominent(kept, needed)


def _prominent(heights: list[float], needed: float) -> int:
    """Valley, peak, valley, ..., peak, valley: drop the least prominent peak, with the higher valley beside it, until all are prominent."""
    while len(heights) > 1:
        rises = [min(heights[i] - heights[i - 1], heights[i] - heights[i + 1]) for i in range(1, len(heights), 2)]
        least = min(range(len(rises)), key=rises.__getitem__)
        if rises[least] >= needed:
            break
        i = 2 * least + 1
        if len(heights) == 3:
            return 0
        drop = i + 1 if heights[i + 1] >= heights[i - 1] else i - 1
        low, high = min(i, drop), max(i, drop)
        del heights[low : high + 1]
    return len(heights) // 2


def spread(passages: Sequence[int | None]) -> float | None:
    """The largest passage over the smallest: how far apart the stages are; None unless all are known and positive."""
    known = [step for step in passages if step]
    return max(known) / min(known) if len(known) == len(passages) and known else None


def in_order(passages: Sequence[int | None]) -> bool:
    """Whether the larger eigenvalues come first, those never reached last."""
    steps = [float("inf") if step is None else float(step) for step in passages]
    return all(one <= other for one, other in pairwise(steps))
