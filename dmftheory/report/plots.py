"""Eigenvalues and effective rank against steps, with the passages, the flow's predictions and the plateaus."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dmftheory.errors import InputError
from dmftheory.exact import parse_rational
from dmftheory.report import curves
from dmftheory.report.output import brief, clean, write_file

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from dmftheory.passage import Transitions

# Okabe and Ito's palette without its yellow, which is too pale for a line: told apart with every kind of colour vision.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
SHADE, GREY, TARGET = "#D9D9D9", "#666666", "#D55E00"
FEW = 12  # modes that are drawn with every detail
NAMED = 0.07  # share of the width from which a plateau has room for its name
LINE_HEIGHT = 13  # points between two names, at 72 points to the inch
STYLE: dict[Any, Any] = {
    "font.size": 9.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.hashsalt": "dmftheory",
    "svg.fonttype": "none",
}
FORMATS = ("png", "svg", "pdf")
# Nothing in the file may depend on when it was drawn.
TIMELESS: dict[str, dict[str, Any]] = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}


def plot_format(path: str) -> str:
    """png, svg or pdf, by the end of the file's name. Raises InputError for another one, or a folder that is not there."""
    target = Path(path)
    form = target.suffix[1:].lower()
    if form not in FORMATS:
        raise InputError("--plot", path, "a file name that ends in .png, .svg or .pdf")
    if not target.parent.is_dir():
        raise InputError("--plot", path, "a file in a folder that exists")
    return form


def draw_transitions(answer: Transitions, path: str) -> None:
    """Draw the answer into `path`, which appears whole or not at all. Raises InputError."""
    from matplotlib import rc_context

    form = plot_format(path)
    data = BytesIO()
    with rc_context(STYLE):
        figure_of(answer).savefig(data, format=form, dpi=160, metadata=TIMELESS[form])
    write_file(path, data.getvalue(), "--plot")


def figure_of(answer: Transitions) -> Figure:
    """Two panels on one clock: the eigenvalues of the product above, its effective rank below, plateaus shaded in both."""
    from matplotlib.figure import Figure

    shown = curves.of(answer)
    figure = Figure(figsize=(8.6, 6.2), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    for panel in (above, below):
        _shade(panel, answer, shown)
        panel.grid(axis="y", color=SHADE, linewidth=0.5)
        panel.set_axisbelow(True)
    _eigenvalues(above, answer, shown)
    _rank(below, answer, shown)
    _clock(below, shown)
    problem = answer.to_json()["problem"]
    assert isinstance(problem, dict)
    setting = ", ".join(f"{sign} = {brief(str(problem[name]))}" for name, sign in (("alpha", "α"), ("eta", "η"))).replace("= ≈", "≈")
    above.set_title(f"Gradient descent on {answer.problem.depth} factors, {setting}", loc="left")
    return figure


def _shade(panel: Axes, answer: Transitions, shown: curves.Curves) -> None:
    for plateau in answer.plateaus:
        end = shown.steps[-1] if plateau.to_step is None else plateau.to_step
        panel.axvspan(plateau.from_step, end, color=SHADE, alpha=0.6, linewidth=0.8)


def _eigenvalues(panel: Axes, answer: Transitions, shown: curves.Curves) -> None:
    few = len(answer.modes) <= FEW
    size = 1.0 if few else 0.6
    threshold = curves.nearest(answer.threshold)
    colours = _colours(len(answer.modes))
    for mode, colour, level, products in zip(answer.modes, colours, shown.levels, shown.products, strict=True):
        panel.plot(shown.steps, products, color=colour, linewidth=1.6 * size, zorder=3)
        if level <= 0:
            continue
        if few:
            panel.axhline(level, color=colour, linewidth=0.8, linestyle=(0, (1, 3)), zorder=2)
        if mode.passage.flow_steps is not None:
            panel.plot(float(mode.passage.flow_steps), threshold * level, "D", mfc="white", mec=colour, ms=9 * size, zorder=4)
        if mode.passage.step is not None and mode.passage.certified:
            panel.plot(mode.passage.step, threshold * level, "o", color=colour, ms=4.5 * size, zorder=5)
    limits = [level for level in shown.levels if level > 0]
    if limits and max(limits) > curves.WIDE * min(limits):
        panel.set_yscale("log")
        panel.set_ylim(min(limits) * threshold / 10, max(limits) * 3)
    else:
        panel.update_datalim([(shown.steps[0], max(level, 0.0)) for level in shown.levels])
        panel.margins(y=0.06)
    _name_modes(panel, answer, shown, colours)
    _explain_marks(panel, answer)
    panel.set_ylabel("eigenvalues of the product")


def _explain_marks(panel: Axes, answer: Transitions) -> None:
    if any(mode.passage.step is not None for mode in answer.modes):
        panel.plot([], [], "o", color=GREY, ms=4.5, label=f"first step at {brief(str(answer.threshold))} of its limit, certified")
        panel.plot([], [], "D", mfc="white", mec=GREY, ms=9, label="the same, predicted by gradient flow")
    if answer.plateaus:
        panel.fill_between([], [], [], color=SHADE, alpha=0.6, label="plateau of the effective rank")
    if panel.get_legend_handles_labels()[0]:
        panel.legend(
            loc="lower left", bbox_to_anchor=(0, -0.13), ncols=3, frameon=False, fontsize="small", handletextpad=0.4, columnspacing=1.4
        )


def _rank(panel: Axes, answer: Transitions, shown: curves.Curves) -> None:
    panel.plot(shown.steps, shown.effective_rank, color="#000000", linewidth=1.6, zorder=3)
    for plateau in answer.plateaus:
        end = shown.steps[-1] if plateau.to_step is None else min(plateau.to_step, shown.steps[-1])
        level = curves.nearest(parse_rational(plateau.target, "target"))
        panel.hlines(level, plateau.from_step, end, color=TARGET, linewidth=1.2, linestyle="--", zorder=4)
        if shown.share(plateau.from_step, end) > NAMED:
            middle = shown.between(plateau.from_step, end)
            panel.annotate(
                f"rank {plateau.rank}", (middle, level), xytext=(0, 5), textcoords="offset points", ha="center", fontsize="small"
            )
    if answer.plateaus:
        panel.plot([], [], color=TARGET, linewidth=1.2, linestyle="--", label="effective rank of the best approximation of that rank")
        panel.legend(loc="upper right", frameon=False, fontsize="small")
    panel.set_ylabel("effective rank")
    panel.margins(y=0.14)


def _clock(panel: Axes, shown: curves.Curves) -> None:
    from matplotlib.ticker import FuncFormatter

    if shown.logarithmic:
        panel.set_xscale("log")
    else:
        panel.xaxis.set_major_formatter(FuncFormatter(lambda step, _: f"{step:,.0f}".replace(",", "\u2009")))
    panel.set_xlim(shown.steps[0], shown.steps[-1])
    panel.set_xlabel("steps of gradient descent")


def _name_modes(panel: Axes, answer: Transitions, shown: curves.Curves, colours: list[Any]) -> None:
    """The eigenvalues at the right edge, each beside its own limit; of many, only those that fit without touching."""
    figure = panel.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()
    to_screen = panel.transData.transform
    above = float("inf")
    for mode, colour, level in zip(answer.modes, colours, shown.levels, strict=True):
        height = to_screen((shown.steps[-1], max(level, 0.0)))[1] if level > 0 or panel.get_yscale() == "linear" else float("nan")
        if not height <= above - LINE_HEIGHT:
            continue
        above = height
        fate = "" if mode.eigenvalue.sign > 0 else " (never learnt)"
        text = clean(brief(str(mode.eigenvalue), 8, 5).removeprefix("≈ ")).replace("-", "−") + fate
        place: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "xytext": (5, 0), "textcoords": "offset points"}
        panel.annotate(text, (1.0, max(level, 0.0)), color=colour, va="center", **place)


def _colours(count: int) -> list[Any]:
    if count <= len(COLOURS):
        return list(COLOURS[:count])
    from matplotlib import colormaps

    return [colormaps["viridis"](0.92 * i / (count - 1)) for i in range(count)]
