"""Drawing a chart: PNG and SVG, the same bytes for the same numbers."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from dmftheory.report.figures.chart import Chart, Panel, Series
from dmftheory.report.plots import COLOURS, GREY, SHADE, STYLE, TARGET, TIMELESS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = ("png", "svg")
WIDTHS = {2: 4.7, 3: 3.9, 4: 3.5}  # inches of a panel, by panels in a row
HEIGHT = 2.75
LETTER, HANDLE = 0.062, 0.55  # inches of a legend's letter, and of what stands before its text
DPI = 130
SPREAD = 0.16  # of the places between two experiments, between two modes


def render(chart: Chart) -> dict[str, bytes]:
    """The chart as the contents of a file, for each of FORMATS."""
    from matplotlib import rc_context

    found = {}
    with rc_context(STYLE):
        figure = figure_of(chart)
        for form in FORMATS:
            data = BytesIO()
            figure.savefig(data, format=form, dpi=DPI, metadata=TIMELESS[form])
            found[form] = data.getvalue()
    return found


def figure_of(chart: Chart) -> Figure:
    """All panels, one legend below them."""
    from matplotlib.figure import Figure

    rows = -(-len(chart.panels) // chart.columns)
    figure = Figure(figsize=(WIDTHS[chart.columns] * chart.columns, HEIGHT * rows + 0.9), layout="constrained")
    panels = figure.subplots(rows, chart.columns, squeeze=False)
    for place, panel in enumerate(chart.panels):
        _panel(panels[place // chart.columns][place % chart.columns], panel)
    for unused in range(len(chart.panels), rows * chart.columns):
        panels[unused // chart.columns][unused % chart.columns].set_axis_off()
    figure.suptitle(chart.title, x=0.01, ha="left", fontsize="large")
    labels: dict[str, Any] = {}
    for axes in figure.axes:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            labels.setdefault(label, handle)
    if labels:
        fitting = int(figure.get_figwidth() / (LETTER * max(map(len, labels)) + HANDLE))
        columns = max(1, min(len(labels), fitting))
        figure.legend(labels.values(), labels.keys(), loc="outside lower center", ncols=columns, frameon=False, fontsize="small")
    return figure


def _panel(axes: Axes, panel: Panel) -> None:
    axes.set_title(panel.title, loc="left", fontsize="medium")
    axes.grid(axis="y", color=SHADE, linewidth=0.5)
    axes.set_axisbelow(True)
    if panel.logx:
        axes.set_xscale("log")
    if panel.logy:
        axes.set_yscale("log")
    for series in panel.series:
        _draw(axes, series)
    if panel.limits:
        axes.set_ylim(panel.limits)
    if panel.logy:
        from matplotlib.ticker import FormatStrFormatter, LogLocator, NullFormatter

        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter(FormatStrFormatter("%g"))
        axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_ylabel(panel.ylabel)
    axes.set_xlabel(panel.xlabel)
    if panel.places:
        axes.set_xticks(range(len(panel.places)), panel.places, rotation=25, ha="right")
        axes.set_xlim(-0.5, len(panel.places) - 0.5)
        return
    ends = [value for series in panel.series if series.kind in ("curve", "faint") for value in series.x]
    if ends:
        axes.set_xlim(min(value for value in ends if value > 0 or not panel.logx), max(ends))
    if not panel.logx:
        from matplotlib.ticker import FuncFormatter, MaxNLocator

        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.xaxis.set_major_formatter(
            FuncFormatter(lambda step, _: f"{step:,.4g}" if step < 1000 else f"{step:,.0f}".replace(",", "\u2009"))
        )


def _draw(axes: Axes, series: Series) -> None:
    colour = GREY if series.colour < 0 else COLOURS[series.colour % len(COLOURS)]
    label = series.label or None
    x, y = series.x, series.y
    match series.kind:
        case "curve":
            axes.plot(x, y, color=colour, linewidth=1.6, label=label, zorder=3)
        case "faint":
            axes.plot(x, y, color=colour, linewidth=0.9, alpha=0.6, label=label, zorder=3)
        case "reference":
            axes.plot(x, y, color=colour, linewidth=1.1, linestyle=(0, (4, 2)), label=label, zorder=4)
        case "level":
            axes.plot(x, y, color=colour, linewidth=0.9, linestyle=(0, (1, 3)), label=label, zorder=2)
        case "target":
            axes.plot(x, y, color=TARGET, linewidth=1.4, linestyle="--", label=label, zorder=4)
        case "window":
            axes.axvspan(x[0], x[-1], color=SHADE, alpha=0.7, linewidth=0, label=label, zorder=1)
        case "exact":
            axes.plot(x, y, "o", color=colour, markersize=5, label=label, zorder=6)
        case "flow":
            axes.plot(x, y, "D", mfc="white", mec=colour, markersize=9, label=label, zorder=5)
        case "estimate":
            for step in x:
                axes.axvline(step, color=colour, linewidth=1.2, linestyle="-.", label=label, zorder=2)
                label = None
        case "points":
            place = x[0] + SPREAD * (series.colour - 1)
            axes.plot((place, place), (y[0], y[-1]), color=colour, linewidth=1.4, zorder=3)
            axes.plot(place, y[1], "os^D"[series.colour % 4], color=colour, markersize=5, label=label, zorder=4)
        case _:
            raise ValueError(f"no way to draw a series of kind {series.kind!r}")
