"""A symmetric matrix in random coordinates, from the identity: its eigenvalues and its effective rank, full matrices."""

from dmftheory.experiments.settings import DEPTHS
from dmftheory.experiments.theory import predicted
from dmftheory.report.figures.chart import Chart, Panel, Plan
from dmftheory.report.figures.values import rank, run, values


def eigenvalues(plan: Plan) -> Chart:
    """Eigenvalues against steps, one panel a depth."""
    return Chart("eigenvalues", "A symmetric 16 × 16 matrix is learnt, one eigenvalue after the other", _panels(plan, False))


def effective_rank(plan: Plan) -> Chart:
    """Effective rank against steps, one panel a depth."""
    return Chart(
        "effective-rank",
        "The effective rank falls from 16, then rests near that of the best approximation of each rank",
        _panels(plan, True),
    )


def _panels(plan: Plan, ranks: bool) -> tuple[Panel, ...]:
    panels = []
    for depth in DEPTHS:
        setting = plan.ours("symmetric", depth)
        theory = predicted(setting)
        observed = run(plan, setting, theory, (plan.seed,), 1.4)
        panels.append(rank(setting, theory, observed) if ranks else values(setting, theory, observed, "eigenvalue"))
    return tuple(panels)
