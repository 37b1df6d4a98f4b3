"""Every experiment beside the theory of diagonal matrices under identical initialisation: what agrees, and by how much.

Nothing passes or fails here. For the experiment 'symmetric' the theory is a theorem, up to rounding; for the others it is a reference.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf

import numpy as np

from dmftheory.experiments.runs import Array, Observed, observe, passages, schedule
from dmftheory.experiments.settings import Setting
from dmftheory.experiments.theory import Predicted, predicted

EVERY = 10  # steps between two records once all predicted transitions are well past


@dataclass(frozen=True)
class Row:
    """One quantity of one experiment at one depth: predicted, and observed over the seeds; inf is 'never', None 'no prediction'.

    `within` is how finely the observation is known, for step counts, and the proved distance, for an effective rank on a plateau.
    """

    experiment: str
    depth: int
    quantity: str
    predicted: float | None
    lowest: float
    median: float
    highest: float
    within: float | None


def compare(setting: Setting, seeds: Sequence[int], tell: Callable[[str], None]) -> list[Row]:
    """All rows of one setting."""
    tell(f"depth {setting.depth}, {setting.name}")
    theory = predicted(setting)
    dense = 2 * max(step for step in theory.steps if step is not None)
    observed = observe(setting, seeds, schedule(setting.steps, dense, EVERY))
    rows = [*_steps(setting, theory, observed, dense), *_ranks(setting, theory, observed)]
    fall = [_largest_fall(observed.effective_rank[:, seed]) for seed in range(len(seeds))]
    rows.append(_row(setting, "largest fall of the effective rank after its minimum", None, np.array(fall)))
    limit = float(sum(setting.spectrum) / setting.spectrum[0])
    rows.append(_row(setting, "effective rank at the end", limit, observed.effective_rank[-1]))
    rows.append(_row(setting, "relative distance to the target at the end", 0.0, observed.error[-1]))
    return rows


def _steps(setting: Setting, theory: Predicted, observed: Observed, dense: int) -> list[Row]:
    found = passages(observed, [float(value) / 2 for value in setting.spectrum])
    rows = []
    for i, (step, counts) in enumerate(zip(theory.steps, found, strict=True)):
        known = 0.0 if max(counts) <= dense else float(EVERY - 1)
        rows.append(_row(setting, f"step at which value {i + 1} reaches half", None if step is None else float(step), counts, known))
    return rows


def _ranks(setting: Setting, theory: Predicted, observed: Observed) -> list[Row]:
    """The largest distance to r(W_L) at the recorded steps of each certified window, and the smallest at any of them after the minimum."""
    rows = []
    for plateau in theory.plateaus:
        level = float(Fraction(plateau.target))
        inside = (observed.steps >= plateau.from_step) & (observed.steps <= (inf if plateau.to_step is None else plateau.to_step))
        distance = np.abs(observed.effective_rank - level)
        if inside.any():
            worst, proved = distance[inside].max(axis=0), float(Fraction(plateau.distance))
            rows.append(_row(setting, f"largest distance of the rank on plateau {plateau.rank}", 0.0, worst, proved))
    for rank in range(1, len(setting.spectrum) + 1):
        level = float(sum(setting.spectrum[:rank]) / setting.spectrum[0])
        closest = np.abs(observed.effective_rank - level)
        starts = observed.effective_rank.argmin(axis=0)
        nearest = np.array([closest[begin:, seed].min() for seed, begin in enumerate(starts)])
        rows.append(_row(setting, f"closest approach of the rank to that of rank {rank}", 0.0, nearest))
    return rows


def _row(setting: Setting, quantity: str, expected: float | None, found: Array, within: float | None = None) -> Row:
    ordered = np.sort(found)
    median = float(ordered[(len(ordered) - 1) // 2])  # one of the values, so that 'never' needs no average
    return Row(setting.name, setting.depth, quantity, expected, float(ordered[0]), median, float(ordered[-1]), within)


def _largest_fall(ranks: Array) -> float:
    """How far the effective rank falls again once it has been at its minimum."""
    after = ranks[int(ranks.argmin()) :]
    return float((np.maximum.accumulate(after) - after).max())
