"""Experiments beyond the theory, beside it: random starts, rectangular matrices, sensing, completion."""

from collections.abc import Callable, Sequence

from dmftheory.experiments.settings import DEPTHS, Setting
from dmftheory.experiments.theory import predicted
from dmftheory.report.figures.chart import Chart, Plan
from dmftheory.report.figures.values import rank, run, values


def random(plan: Plan) -> Chart:
    """Gaussian start of square factors."""
    return _chart(plan, "random", "Gaussian start, 16 × 16", _ours(plan, "gaussian"), plan.every_seed)


def rectangular(plan: Plan) -> Chart:
    """Gaussian start of rectangular factors."""
    return _chart(plan, "rectangular", "Gaussian start, 12 × 20 target, hidden width 24", _ours(plan, "rectangular"), plan.every_seed)


def sensing(plan: Plan) -> Chart:
    """Gaussian measurements, from the identity."""
    return _chart(plan, "sensing", "Matrix sensing, 16 × 16, 179 Gaussian measurements", _ours(plan, "sensing"), plan.every_seed)


def completion(plan: Plan) -> Chart:
    """Seen entries, from the identity."""
    return _chart(plan, "completion", "Matrix completion, 179 of 16 × 16 entries", _ours(plan, "completion"), plan.every_seed)


def gissin(plan: Plan) -> Chart:
    """The settings of Gissin et al., one seed, from the identity."""
    title = "Matrix sensing, 50 × 50, 1000 Gaussian measurements (settings of the code of Gissin et al.)"
    return _chart(plan, "gissin", title, lambda depth: plan.gissin(depth, "identity"), (plan.seed,))


def _ours(plan: Plan, name: str) -> Callable[[int], Setting]:
    return lambda depth: plan.ours(name, depth)


def _chart(plan: Plan, name: str, title: str, setting_of: Callable[[int], Setting], seeds: Sequence[int]) -> Chart:
    """Singular values above, effective rank below, one column a depth."""
    above, below = [], []
    for depth in DEPTHS:
        setting = setting_of(depth)
        theory = predicted(setting)
        observed = run(plan, setting, theory, seeds)
        above.append(values(setting, theory, observed, "singular value"))
        below.append(rank(setting, theory, observed))
    return Chart(name, title, (*above, *below), columns=len(DEPTHS))
