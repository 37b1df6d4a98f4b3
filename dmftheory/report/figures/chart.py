"""What a figure shows, as plain numbers: charts of panels of series, before anything is drawn."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import SupportsFloat

from dmftheory.experiments import settings
from dmftheory.experiments.settings import Setting

KINDS = ("curve", "faint", "reference", "level", "target", "window", "exact", "flow", "estimate", "points")


@dataclass(frozen=True)
class Series:
    """Numbers against steps, drawn by `kind`.

    'curve' of one run, 'faint' of one seed of many, 'reference' of a theory; 'level' and 'target' a height from x[0] to x[-1]; 'window' the
    steps from x[0] to x[-1], at the height y; 'exact' certified points, 'flow' those of gradient flow; 'estimate' steps, drawn upright;
    'points' values (lowest, median, highest) at one place. `label` is the legend's, empty for none.
    """

    name: str
    kind: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    colour: int = 0
    label: str = ""


@dataclass(frozen=True)
class Panel:
    """Series on common axes.

    `limits` are those of the upright axis; `places` names the places 0, 1, ... of an axis that has no steps.
    """

    title: str
    series: tuple[Series, ...]
    ylabel: str = ""
    xlabel: str = "steps of gradient descent"
    logx: bool = False
    logy: bool = False
    limits: tuple[float, float] | None = None
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chart:
    """Panels in rows of `columns`; `table`, heading first, is what the CSV holds instead of the points, if it is not empty."""

    name: str
    title: str
    panels: tuple[Panel, ...]
    columns: int = 2
    table: tuple[tuple[str, ...], ...] = ()


def _silent(line: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True)
class Plan:
    """How a chart is made: the first seed, how many, the settings, and who hears of the progress."""

    seed: int = 0
    seeds: int = 5
    ours: Callable[[str, int], Setting] = settings.ours
    gissin: Callable[[int, str], Setting] = settings.gissin
    tell: Callable[[str], None] = field(default=_silent)

    @property
    def every_seed(self) -> range:
        """All seeds."""
        return range(self.seed, self.seed + self.seeds)


def to_csv(chart: Chart) -> bytes:
    """The chart's numbers, to six significant digits (steps are whole): one line for each point, or the chart's own table."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if chart.table:
        writer.writerows(chart.table)
    else:
        writer.writerow(("panel", "series", "kind", "x", "y"))
        for panel in chart.panels:
            for series in panel.series:
                for x, y in zip(series.x, series.y, strict=True):
                    writer.writerow((panel.title, series.name, series.kind, number(x), number(y)))
    return text.getvalue().encode()


def number(value: float) -> str:
    """A whole number in full, another one to six significant digits; nothing for one that is not finite."""
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    return str(int(value)) if value == int(value) and abs(value) < 2**53 else f"{value:.6g}"


def floats(values: Iterable[SupportsFloat]) -> tuple[float, ...]:
    """Numbers of any array library as plain ones."""
    return tuple(float(value) for value in values)


def thinned(length: int, points: int = 300) -> list[int]:
    """About `points` of the indices 0, ..., length - 1, with both ends."""
    return sorted({round(i * (length - 1) / points) for i in range(points + 1)}) if length > points else list(range(length))


def heading(depth: int) -> str:
    """The title of a panel."""
    return f"depth {depth}" + (" (no factorisation)" if depth == 1 else "")


def span(values: Sequence[float]) -> tuple[float, float]:
    """First and last."""
    return float(values[0]), float(values[-1])
