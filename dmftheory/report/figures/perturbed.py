"""Perturbed identical initialisation: one factor starts at (alpha - beta) I, and eigenvalues of both signs are learnt."""

from fractions import Fraction

from dmftheory.experiments.draws import symmetric
from dmftheory.experiments.settings import DEPTHS
from dmftheory.levels import perturbed_passage
from dmftheory.numerics.batch import matrix_descent
from dmftheory.numerics.eigenvalues import Eigenvalue
from dmftheory.report.figures.chart import Chart, Panel, Plan, Series, floats, heading, span
from dmftheory.report.figures.values import named

SPECTRUM = (Fraction(1), Fraction(1, 2), Fraction(-1, 2), Fraction(-1))
ALPHA, BETA, ETA, HALF = Fraction(1, 5), Fraction(1, 10), Fraction(1, 20), Fraction(1, 2)
STEPS = {1: 160, 2: 260, 3: 800, 4: 3600}
EXACT = "half of its limit is reached: certified step"


def chart(plan: Plan) -> Chart:
    """Eigenvalues of full matrices, with the certified steps and those of gradient flow."""
    title = "One factor starts at I/10, the others at I/5: negative eigenvalues are learnt, later than positive ones"
    return Chart("perturbed", title, tuple(_panel(plan, depth) for depth in DEPTHS))


def _panel(plan: Plan, depth: int) -> Panel:
    plan.tell(heading(depth))
    last = STEPS[depth]
    target = symmetric(floats(SPECTRUM), plan.seed)
    run = matrix_descent(target, depth, float(ALPHA), float(ETA), last, beta=float(BETA), every=max(1, last // 300))
    steps, series = floats(run.steps), []
    for i, lam in enumerate(SPECTRUM):
        series.append(Series(f"eigenvalue {i + 1}", "curve", steps, floats(run.eigenvalues[:, i]), i, f"eigenvalue {named(lam)}"))
        series.append(Series(f"limit {i + 1}", "level", span(steps), (float(lam), float(lam)), i))
        step, flow = _passage(depth, lam)
        if flow is not None:
            series.append(Series(f"flow {i + 1}", "flow", (flow,), (float(lam) / 2,), i, "" if i else "the same, by gradient flow"))
        series.append(Series(f"exact {i + 1}", "exact", (float(step),), (float(lam) / 2,), i, "" if i else EXACT))
    return Panel(heading(depth), tuple(series), "eigenvalues of the product")


def _passage(depth: int, lam: Fraction) -> tuple[int, float | None]:
    if depth == 1:  # lam + (alpha - beta - lam) (1 - eta)^k, exactly
        left, k = abs(lam - (ALPHA - BETA)), 0
        while left > HALF * abs(lam):
            left, k = left * (1 - ETA), k + 1
        return k, None
    found = perturbed_passage(depth, Eigenvalue.of(lam), ALPHA, BETA, ETA, HALF)
    if found.step is None:
        raise ArithmeticError(f"no certified step for the eigenvalue {lam} at depth {depth}: {found.reason}")
    return found.step, None if found.flow_steps is None else float(found.flow_steps)
