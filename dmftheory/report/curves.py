"""What a plot of gradient descent shows, in double precision: good to the width of a line, and never used to decide anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf, log, sqrt

from dmftheory.passage import Transitions

POINTS = 600
WIDE = 30  # a ratio of last to first passage from which a logarithmic axis shows more than a linear one
FALLBACK = 1000  # steps shown where no passage is known


@dataclass(frozen=True)
class Curves:
    """Steps; for each mode, in the order of the spectrum, the target's eigenvalue and the product's at the steps; the effective rank."""

    steps: tuple[int, ...]
    levels: tuple[float, ...]
    products: tuple[tuple[float, ...], ...]
    effective_rank: tuple[float, ...]
    logarithmic: bool

    def share(self, first: int, last: int) -> float:
        """The part of the axis of steps that first .. last takes."""
        return (self._place(last) - self._place(first)) / (self._place(self.steps[-1]) - self._place(self.steps[0]))

    def between(self, first: int, last: int) -> float:
        """The step that is drawn half-way between two."""
        return sqrt(first * last) if self.logarithmic and first else (first + last) / 2

    def _place(self, step: int) -> float:
        return log(max(step, 1)) if self.logarithmic else float(step)


def of(answer: Transitions) -> Curves:
    """The trajectories of all eigenvalues up to a little beyond the last known passage and the last plateau's start."""
    known = [mode.passage.step for mode in answer.modes if mode.passage.step]
    last = max([*known, *(plateau.from_step for plateau in answer.plateaus)], default=FALLBACK)
    logarithmic = bool(known) and max(known) > WIDE * min(known)
    steps = _sampled(last + max(last // 8, 1), max(1, min(known) // 100) if logarithmic else 0)
    problem = answer.problem
    ends = [eigenvalue.enclosure(64) for eigenvalue in problem.spectrum]
    levels = tuple(nearest((lower + upper) / 2) for lower, upper in ends)
    runs = {lam: _run(problem.depth, lam, nearest(problem.alpha), nearest(problem.eta), steps) for lam in set(levels)}
    products = tuple(runs[lam] for lam in levels)
    ranks = tuple(_effective_rank(values) for values in zip(*products, strict=True))
    return Curves(steps, levels, products, ranks, logarithmic)


def nearest(value: Fraction) -> float:
    """The closest double; an infinity where there is none."""
    try:
        return float(value)
    except OverflowError:
        return inf if value > 0 else -inf


def _sampled(last: int, first: int) -> tuple[int, ...]:
    """About POINTS steps from `first` to `last`: evenly spaced, or in equal ratios where `first` > 0."""
    if not first:
        return tuple(sorted({last * i // POINTS for i in range(POINTS + 1)}))
    ratio = last / first
    return tuple(sorted({round(first * ratio ** (i / POINTS)) for i in range(POINTS + 1)}))


def _run(depth: int, lam: float, alpha: float, eta: float, steps: Sequence[int]) -> tuple[float, ...]:
    """d(k)^N at the steps; nan after an overflow. Once d no longer moves, it never will."""
    d, done, products = alpha, 0, []
    low = depth - 1
    try:
        for step in steps:
            for _ in range(step - done):
                moved = d - eta * d**low * (d**depth - lam)
                if moved == d:
                    break
                d = moved
            done = step
            products.append(d**depth)
    except OverflowError:
        products += [float("nan")] * (len(steps) - len(products))
    return tuple(products)


def _effective_rank(values: Sequence[float]) -> float:
    sizes = [abs(value) for value in values]
    return sum(sizes) / max(sizes) if max(sizes) > 0 else float("nan")
