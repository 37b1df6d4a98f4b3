"""Figures: what they show is what the theory and the runs say, the files are whole and the same every time."""

import csv
import io
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from fractions import Fraction
from math import log, sqrt
from pathlib import Path

import numpy as np
import pytest

from dmftheory.cli import main
from dmftheory.experiments.agreement import compare
from dmftheory.experiments.settings import Setting, gissin, ours
from dmftheory.experiments.theory import TOLERANCE, predicted
from dmftheory.numerics.batch_matrices import descend, whole
from dmftheory.report.figures import denoising, flow, rounding
from dmftheory.report.figures.canvas import render
from dmftheory.report.figures.catalogue import FIGURES
from dmftheory.report.figures.chart import KINDS, Chart, Panel, Plan, Series, number, thinned, to_csv

SCALE = {1: Fraction(1, 10), 2: Fraction(1, 10), 3: Fraction(3, 10), 4: Fraction(2, 5)}


def small(name: str, depth: int) -> Setting:
    """A quick version of one of our settings."""
    size = {"rows": 4, "columns": 5, "width": 6} if name == "rectangular" else {"rows": 5, "columns": 5, "width": 5}
    return Setting(**{**vars(ours(name, depth)), **size, "alpha": SCALE[depth], "steps": 260})


def small_gissin(depth: int, start: str) -> Setting:
    """A quick version of the settings of the public code."""
    changed = {"rows": 5, "columns": 5, "width": 5, "alpha": SCALE[depth], "eta": Fraction(1, 500), "steps": 300}
    return Setting(**{**vars(gissin(depth, start)), **changed})


PLAN = Plan(seed=3, seeds=2, ours=small, gissin=small_gissin)


@pytest.fixture(autouse=True)
def shorter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(denoising, "STEPS", {1: 40, 2: 600, 3: 700, 4: 300})
    monkeypatch.setattr(rounding, "STEPS", {1: 40, 2: 600, 3: 100, 4: 100})


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_has_the_same_numbers_twice(name: str) -> None:
    charts = [FIGURES[name].chart(PLAN) for _ in range(2)]
    assert charts[0].name == name and charts[0].title
    assert to_csv(charts[0]) == to_csv(charts[1])
    for panel in charts[0].panels:
        assert {series.kind for series in panel.series} <= set(KINDS)
        assert any(len(series.x) > 1 for series in panel.series)
    depths = {panel.title.split(" (")[0] for panel in charts[0].panels}
    assert depths == {"depth 1", "depth 2", "depth 3", "depth 4"}
    rows = list(csv.reader(io.StringIO(to_csv(charts[0]).decode())))
    assert len(rows) > 20 and len({len(row) for row in rows}) == 1


@pytest.mark.parametrize("name", ["eigenvalues", "denoising", "agreement"])  # between them, every kind of axis
def test_drawing_gives_the_same_bytes_twice(name: str) -> None:
    chart = FIGURES[name].chart(PLAN)
    drawn = render(chart)
    assert drawn["png"].startswith(b"\x89PNG") and ElementTree.fromstring(drawn["svg"]).tag.endswith("svg")
    if name == "eigenvalues":
        assert drawn == render(chart)


def test_another_seed_is_another_matrix() -> None:
    other = Plan(seed=4, seeds=2, ours=small, gissin=small_gissin)
    assert to_csv(FIGURES["random"].chart(PLAN)) != to_csv(FIGURES["random"].chart(other))


def crossing(panel: Panel, place: int) -> tuple[int, float]:
    """Where the drawn curve of an eigenvalue first is at half of its level, and the step that is marked as exact."""
    by_name = {series.name: series for series in panel.series}
    curve, level = by_name[f"eigenvalue {place}, run 1"], by_name[f"limit {place}"].y[0]
    first = next(x for x, y in zip(curve.x, curve.y, strict=True) if y >= level / 2)
    return int(first), by_name[f"exact {place}"].x[0]


def test_exact_marks_lie_where_the_curves_cross() -> None:
    chart = FIGURES["eigenvalues"].chart(PLAN)
    for panel in chart.panels:
        for place in (1, 2, 3):
            drawn, exact = crossing(panel, place)
            assert drawn == exact
    late = Panel("", tuple(Series(s.name, s.kind, tuple(x + 1 for x in s.x), s.y) for s in chart.panels[1].series if s.kind == "exact"))
    moved = Panel("", (*(s for s in chart.panels[1].series if s.kind != "exact"), *late.series))
    assert all(crossing(moved, place)[0] != crossing(moved, place)[1] for place in (1, 2, 3))


def test_perturbed_marks_lie_where_the_curves_cross() -> None:
    chart = FIGURES["perturbed"].chart(PLAN)
    for panel in chart.panels:
        by_name = {series.name: series for series in panel.series}
        for place in (1, 2, 3, 4):
            curve, half = by_name[f"eigenvalue {place}"], by_name[f"limit {place}"].y[0] / 2
            sign = 1 if half > 0 else -1
            later = next(i for i, y in enumerate(curve.y) if sign * y >= sign * half)
            assert curve.x[later - 1] < by_name[f"exact {place}"].x[0] <= curve.x[later]


@pytest.mark.parametrize(("end", "depth"), [(0.3, 2), (0.9, 2), (0.3, 3), (0.95, 3), (0.5, 4), (0.7, 1)])
def test_flow_times(end: float, depth: int) -> None:
    """Depth 2 in closed form (chou, B6), the others by Simpson's rule in ln z, whose error is far below 10^-8 here (N z'''' h^4 / 180)."""
    start, z = flow.SCALE, end ** (1 / depth)
    if depth == 2:
        expected = 0.5 * log(end * (1 - start**2) / (start**2 * (1 - end)))
    else:
        points = np.exp(np.linspace(log(start), log(z), 4001))
        heights = points / (points ** (depth - 1) * (1 - points**depth))
        weights = np.array([1, *[4, 2] * 1999, 4, 1])
        expected = float((weights * heights).sum() * log(z / start) / 4000 / 3)
    assert abs(flow.time(depth, end) - expected) < 1e-8


@pytest.mark.parametrize("depth", [2, 3])
def test_the_window_to_stop_in_keeps_what_the_plateau_promises(depth: int) -> None:
    """On the plateau of rank 3: |d_i^N - lambda_i| <= eps lambda_i for i <= 3 and 0 <= d_i^N <= delta0 beyond, up to rounding."""
    _, rows = denoising.noisy(5)
    seen = np.array(rows, dtype=float)
    (plateau,) = (plateau for plateau in denoising.plateaus(depth, rows) if plateau.rank == 3)
    assert plateau.to_step is not None and plateau.from_step < plateau.to_step
    values, vectors = np.linalg.eigh(seen)
    best = vectors[:, -3:] * values[-3:] @ vectors[:, -3:].T
    promised = sqrt(float(TOLERANCE) ** 2 * float((values[-3:] ** 2).sum()) + 5 * float(Fraction(plateau.delta0)) ** 2)
    start = [float(denoising.SMALL[depth]) * np.eye(8)[None]] * depth
    at = [plateau.from_step // 2, plateau.from_step, plateau.to_step]
    distances = [float(np.linalg.norm(state.product[0] - best)) for state in descend(start, whole(seen[None]), float(denoising.ETA), at)]
    assert max(distances[1:]) <= promised + 1e-9 < distances[0]


def test_exact_arithmetic_learns_no_negative_eigenvalue_and_rounding_does() -> None:
    chart = FIGURES["rounding"].chart(PLAN)
    by_name = {series.name: series for series in chart.panels[1].series}
    assert min(by_name["exact arithmetic 5"].y) >= 0 > -0.9 > min(by_name["full matrices 5"].y)
    assert rounding.escape(3, Fraction(-1, 4)) is None


def test_the_table_compares_with_the_theory() -> None:
    setting = small("symmetric", 2)
    rows = {row.quantity: row for row in compare(setting, (1, 2), lambda line: None)}
    for i, step in enumerate(predicted(setting).steps, 1):
        row = rows[f"step at which value {i} reaches half"]
        assert (row.predicted, row.lowest, row.median, row.highest, row.within) == (step, step, step, step, 0)
    on_plateau = [row for row in rows.values() if "on plateau" in row.quantity]
    assert on_plateau and all(row.within is not None and row.highest <= row.within for row in on_plateau)
    unfactored = compare(small("sensing", 1), (1,), lambda line: None)
    assert any(row.quantity.startswith("relative distance") and row.lowest > 0.1 for row in unfactored)


def test_numbers_are_written_plainly() -> None:
    assert [number(x) for x in (3.0, 0.1, 1e-9, float("nan"), float("inf"), -2e20)] == ["3", "0.1", "1e-09", "", "", "-2e+20"]
    assert thinned(4) == [0, 1, 2, 3] and len(thinned(10_000)) == 301 and thinned(10_000)[-1] == 9999
    with pytest.raises(ValueError, match="no way to draw"):
        render(Chart("a", "b", (Panel("c", (Series("d", "cloud", (0.0,), (0.0,)),)),)))


def test_command_writes_three_files(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dmftheory.report.figures.canvas.render", lambda chart: {"png": b"1", "svg": b"2"})
    assert main(["figure", "flow", "--out", str(tmp_path)]) == 0
    assert capsys.readouterr().out.split() == [str(tmp_path / f"flow.{form}") for form in ("png", "svg", "csv")]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["flow.csv", "flow.png", "flow.svg"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["figure", "nope"], "eigenvalues, effective-rank"),
        (["figure"], "eigenvalues, effective-rank"),
        (["figure", "flow", "--out", "no/such/folder"], "--out"),
        (["figure", "flow", "--seed", "x"], "--seed"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == "" and said in shown.err and shown.err.count("\n") == 1


def test_listing_loads_neither_numpy_nor_matplotlib() -> None:
    heavy = "{'numpy', 'matplotlib', 'flint'}"
    code = f"import sys; from dmftheory.cli import main; main(['figure', '--list']); print(sorted({heavy} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.splitlines()
    assert shown[-1] == "[]" and [line.split()[0] for line in shown[:-1]] == list(FIGURES)
