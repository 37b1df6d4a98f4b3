"""Full matrices in double precision: rounding breaks the symmetry of identical initialisation, and negative eigenvalues are learnt.

In exact arithmetic they never are. Rounding of relative size 2^-53 grows by 1 + eta mu a step (`experiments.theory.escape_rate`) from
the step at which the eigenvalue it is paired with is learnt; the estimate is when it has grown to 1. It is no theorem.
"""

from fractions import Fraction
from math import log, log1p

import numpy as np

from dmftheory.experiments.draws import orthogonal
from dmftheory.experiments.settings import DEPTHS
from dmftheory.experiments.theory import escape_rate
from dmftheory.levels import first_passage
from dmftheory.numerics.batch import matrix_descent, scalar_trajectories
from dmftheory.numerics.eigenvalues import Eigenvalue
from dmftheory.report.figures.chart import Chart, Panel, Plan, Series, floats, heading, span
from dmftheory.report.figures.values import named

SPECTRUM = (Fraction(1), Fraction(3, 5), Fraction(3, 10), Fraction(-1, 2), Fraction(-1))
ALPHA, ETA = Fraction(3, 10), Fraction(1, 10)
STEPS = {1: 80, 2: 1100, 3: 1600, 4: 2000}
DIGITS = 53 * log(2)  # growth from 2^-53 to 1, in natural logarithms


def chart(plan: Plan) -> Chart:
    """Eigenvalues of full matrices, those of the exact recursion, and the estimated steps of the escape."""
    title = "Full matrices in double precision, identical start: rounding learns what exact arithmetic never would"
    return Chart("rounding", title, tuple(_panel(plan, depth) for depth in DEPTHS))


def escape(depth: int, lam: Fraction) -> float | None:
    """The step at which rounding has grown to 1 in the direction of `lam` < 0, roughly; None where nothing grows."""
    rate, partner = escape_rate(depth, floats(SPECTRUM), float(lam))
    if rate <= 0:
        return None
    start = 0
    if partner:
        learnt = next(value for value in SPECTRUM if float(value) == partner)
        start = first_passage(depth, Eigenvalue.of(learnt), ALPHA, ETA, Fraction(1, 2)).step or 0
    return start + DIGITS / log1p(float(ETA) * rate)


def _panel(plan: Plan, depth: int) -> Panel:
    plan.tell(heading(depth))
    last = STEPS[depth]
    run = matrix_descent(_target(plan.seed), depth, float(ALPHA), float(ETA), last, every=max(1, last // 300))
    steps, series = floats(run.steps), []
    exact = _exact(depth, run.steps.tolist())
    for i, lam in enumerate(SPECTRUM):
        series.append(Series(f"full matrices {i + 1}", "curve", steps, floats(run.eigenvalues[:, i]), i, f"eigenvalue {named(lam)}"))
        series.append(Series(f"limit {i + 1}", "level", span(steps), (float(lam), float(lam)), i))
        if lam < 0:
            label = "" if lam != SPECTRUM[-1] else "exact arithmetic"
            series.append(Series(f"exact arithmetic {i + 1}", "reference", steps, floats(exact[:, i]), 6, label))
            found = escape(depth, lam) if depth > 1 else None
            if found is not None and found < last:
                series.append(Series(f"estimate {i + 1}", "estimate", (found,), (float(lam),), i, f"estimated escape of {named(lam)}"))
    return Panel(heading(depth), tuple(series), "eigenvalues of the product")


def _target(seed: int) -> np.ndarray:
    """V diag V^T as it is rounded, not quite symmetric. From an exactly symmetric one, W_2 = W_1^T for ever at depth 2: W stays >= 0."""
    basis = orthogonal(np.random.default_rng(seed), len(SPECTRUM))
    return np.asarray(basis * np.array(floats(SPECTRUM), dtype=np.float64) @ basis.T)


def _exact(depth: int, steps: list[int]) -> np.ndarray:
    """The scalar recursion, whose symmetry no rounding can break; without factorisation, the closed form."""
    lam = np.array(floats(SPECTRUM), dtype=np.float64)
    if depth == 1:
        return np.asarray(lam + (float(ALPHA) - lam) * (1 - float(ETA)) ** np.array(steps)[:, None])
    return np.asarray(scalar_trajectories(depth, lam, float(ALPHA), float(ETA), steps) ** depth)
