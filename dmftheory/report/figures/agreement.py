"""Observed over predicted steps for every experiment; the CSV is the table of `experiments.agreement`."""

from math import isfinite

from dmftheory.experiments.agreement import Row, compare
from dmftheory.experiments.settings import DEPTHS, OURS
from dmftheory.report.figures.chart import Chart, Panel, Plan, Series, heading, number

HEADINGS = ("experiment", "depth", "quantity", "predicted", "lowest", "median", "highest", "within")
STEP = "step at which value"
GISSIN = ("identity", "gaussian")  # both starts of the public code, one seed each


def chart(plan: Plan) -> Chart:
    """Ratios of step counts, one panel a depth; all rows in the CSV."""
    rows: list[Row] = []
    for depth in DEPTHS:
        for name in OURS:
            rows += compare(plan.ours(name, depth), plan.every_seed, plan.tell)
        for start in GISSIN:
            rows += compare(plan.gissin(depth, start), (plan.seed,), plan.tell)
    title = "Observed step at which half of a singular value is reached, over the predicted one (lowest, median, highest)"
    return Chart("agreement", title, tuple(_panel(rows, depth) for depth in DEPTHS), table=(HEADINGS, *(_cells(row) for row in rows)))


def _panel(rows: list[Row], depth: int) -> Panel:
    experiments = tuple(dict.fromkeys(row.experiment for row in rows))
    series = [Series("as predicted", "level", (-0.5, len(experiments) - 0.5), (1.0, 1.0), 6)]
    named: set[int] = set()
    for row in rows:
        if row.depth != depth or not row.quantity.startswith(STEP) or not row.predicted:
            continue
        mode = int(row.quantity.removeprefix(STEP).split()[0]) - 1
        ratios = tuple(value / row.predicted for value in (row.lowest, row.median, row.highest))
        if not all(isfinite(ratio) for ratio in ratios):
            continue
        place = float(experiments.index(row.experiment))
        label = "" if mode in named else f"singular value {mode + 1}"
        series.append(Series(f"{row.experiment}, {mode + 1}", "points", (place,) * 3, ratios, mode, label))
        named.add(mode)
    return Panel(heading(depth), tuple(series), "observed / predicted", xlabel="", places=experiments)


def _cells(row: Row) -> tuple[str, ...]:
    """Text cells; 'never' for an infinite step count, empty where there is no prediction."""
    numbers = (row.predicted, row.lowest, row.median, row.highest, row.within)
    cells = ("" if value is None else number(value) if isfinite(value) else "never" for value in numbers)
    return (row.experiment, str(row.depth), row.quantity, *cells)
