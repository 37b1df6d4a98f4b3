"""Stages of one problem: tables from the JSON document `dmftheory.stages/1`, and a plot of the rate against steps."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

from dmftheory.report.output import brief, clean, table, write_file
from dmftheory.report.plots import COLOURS, GREY, SHADE, STYLE, TIMELESS, plot_format
from dmftheory.stages import rate_at

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from rich.console import RenderableType

    from dmftheory.stages import Stages

POINTS = 400
WIDE = 30  # a ratio of last to first stage from which a logarithmic axis shows more than a linear one
SHOWN_DIGITS = 7
_YES = {True: "yes", False: "no", None: "not known"}


def to_table(document: Mapping[str, Any]) -> list[RenderableType]:
    """The problem in a line, one row for each stage, one for each pair of stages that follow each other, and the count."""
    problem = document["problem"]
    setting = ", ".join(f"{name} = {brief(str(problem[name]))}" for name in ("depth", "alpha", "eta")).replace("= ≈", "≈")
    rows = [_stage(stage) for stage in document["stages"]]
    headings = ("stage", "eigenvalue", "ends at step", "factor grows most", "loss falls most", "height")
    parts: list[RenderableType] = [
        f"{setting}; a stage ends at the share (N-1)/(2N-1) of its eigenvalue",
        table(headings, rows, right=headings),
    ]
    if document["pairs"]:
        columns = (
            "stages",
            "separate",
            "high, low, high at",
            "gradient",
            "distance to saddle",
            "negative modes",
            "escape takes",
            "flow between",
        )
        parts.append(table(columns, [_pair(pair) for pair in document["pairs"]], right=columns[3:]))
    parts += [
        f"stages {pair['stages'][0]} and {pair['stages'][1]}: {clean(pair['reason'])}" for pair in document["pairs"] if pair["reason"]
    ]
    parts.append(_count(document))
    return parts


def _stage(stage: Mapping[str, Any]) -> tuple[str, ...]:
    end = str(stage["end"]) if stage["end"] is not None else f"{stage['bracket'][0]} .. {stage['bracket'][1] or '?'}"
    marks = tuple("-" if stage[name] is None else str(stage[name]) for name in ("growth", "decrease"))
    return (str(stage["index"]), brief(stage["eigenvalue"]), end, *marks, _short(stage["height"]))


def _pair(pair: Mapping[str, Any]) -> tuple[str, ...]:
    visit, witness = pair["visit"], pair["witness"]
    first = (f"{pair['stages'][0]}, {pair['stages'][1]}", _YES[pair["separate"]], "-" if witness is None else ", ".join(map(str, witness)))
    if visit is None:
        return (*first, *("-",) * 5)
    flow = visit["flow_escape"]
    bounds = "-" if flow is None else f"{_short(flow[0])} and {_short(flow[1])}"
    return (
        *first,
        _short(visit["gradient"]),
        _short(visit["distance"]),
        str(visit["negative_modes"]),
        str(visit["steps_to_escape"]),
        bounds,
    )


def _short(decimal: str) -> str:
    """A decimal for a table."""
    return f"{float(decimal):.{SHOWN_DIGITS - 2}g}"


def _count(document: Mapping[str, Any]) -> str:
    modes, peaks = len(document["stages"]), document["peaks"]
    if peaks is None:
        return f"{modes} positive eigenvalues; at least {document['peaks_at_least']} peaks of the rate"
    return f"{modes} positive eigenvalues; exactly {peaks} peak{'s' if peaks != 1 else ''} of the rate"


def draw_stages(answer: Stages, path: str) -> None:
    """Draw the rate against steps into `path`, which appears whole or not at all. Raises InputError."""
    from matplotlib import rc_context

    form = plot_format(path)
    data = BytesIO()
    with rc_context(STYLE):
        figure_of(answer).savefig(data, format=form, dpi=160, metadata=TIMELESS[form])
    write_file(path, data.getvalue(), "--plot")


def figure_of(answer: Stages) -> Figure:
    """The rate over a clock of steps, logarithmic in height: the ends of the stages, the certified valleys between them."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.6, 4.4), layout="constrained")
    panel = figure.subplots()
    ends = [stage.end.step for stage in answer.stages if stage.end.step]
    valleys = [pair.witness[1] for pair in answer.pairs if pair.witness]
    last = max(ends, default=1000)
    logarithmic = bool(ends) and last > WIDE * min(ends)
    steps = _sampled(last + last // 8 + 1, min(ends, default=1) if logarithmic else 0, {*ends, *valleys})
    heights = dict(zip(steps, (float(rate.mid()) for rate in rate_at(answer.problem, steps)), strict=True))
    panel.semilogy(steps, list(heights.values()), color="#000000", linewidth=1.4, zorder=3)
    for stage, colour in zip(answer.stages, _colours(len(answer.stages)), strict=True):
        if stage.end.step:
            panel.axvline(stage.end.step, color=colour, linewidth=1, linestyle="--", zorder=2)
            panel.plot(stage.end.step, heights[stage.end.step], "o", color=colour, ms=5, zorder=4, label=f"end of stage {stage.index}")
    if valleys:
        panel.plot(valleys, [heights[step] for step in valleys], "v", mfc="white", mec=GREY, ms=8, zorder=4, label="visit of a saddle")
    if logarithmic:
        panel.set_xscale("log")
    low = min([heights[step] for step in (*ends, *valleys)], default=1e-12)
    panel.set_ylim(bottom=low / 100)
    panel.set_xlim(steps[0] if not logarithmic else max(steps[0], 1), steps[-1])
    panel.grid(axis="y", color=SHADE, linewidth=0.5)
    panel.set_xlabel("steps of gradient descent")
    panel.set_ylabel("rate of the loss = squared gradient")
    panel.set_title(_title(answer), loc="left")
    if len(answer.stages) <= len(COLOURS) + 1:
        panel.legend(frameon=False, fontsize="small", loc="best")
    return figure


def _title(answer: Stages) -> str:
    peaks = f"{answer.peaks}" if answer.peaks is not None else f"at least {answer.peaks_at_least}"
    modes = len(answer.stages)
    return (
        f"Depth {answer.problem.depth}: {modes} positive eigenvalue{'s' if modes != 1 else ''}, {peaks} peak{'s' if peaks != '1' else ''}"
    )


def _sampled(last: int, first: int, wanted: set[int]) -> list[int]:
    """Steps to draw: evenly spaced, on a logarithmic axis from a tenth of the first stage on."""
    if not first:
        even = {last * i // POINTS for i in range(POINTS + 1)}
    else:
        start = max(1, first // 10)
        even = {round(start * (last / start) ** (i / POINTS)) for i in range(POINTS + 1)}
    return sorted(even | wanted)


def _colours(count: int) -> list[str]:
    return [COLOURS[i % len(COLOURS)] for i in range(count)]
