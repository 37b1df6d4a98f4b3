"""Critical points and their Hessians, as tables and a picture, drawn from the JSON document `dmftheory.landscape/1`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from dmftheory.landscape import GLOBAL_MINIMUM, WEAK_SADDLE, Classification, Point
from dmftheory.report.output import brief, table, write_file

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from rich.console import RenderableType

    from dmftheory.saddles import Saddle

DIGITS = 8
STYLES = {GLOBAL_MINIMUM: "green", WEAK_SADDLE: "yellow"}
NEGATIVE, ZERO, POSITIVE = "#D55E00", "#666666", "#0072B2"
LARGEST = 150.0  # area of a mark, in square points


def of_saddles(points: Sequence[Saddle], detailed: bool) -> dict[str, Any]:
    """The document of diagonal critical points of one problem; `detailed` adds their blocks."""
    first = points[0]
    problem = {"depth": first.depth, "spectrum": [str(value) for value in first.spectrum], "sizes": None}
    listed = [{**point.to_json(), "blocks": point.blocks_document() if detailed else None} for point in points]
    return {"schema": "dmftheory.landscape/1", "problem": problem, "points": listed}


def of_point(point: Point, answer: Classification) -> dict[str, Any]:
    """The document of a point that was given entry by entry."""
    from dmftheory.saddles import inertia_document

    found = {
        "subset": None,
        "kind": answer.kind,
        "critical": answer.critical,
        "reason": answer.reason,
        "loss": _number(answer.loss),
        "gradient_squared": _number(answer.gradient),
        "inertia": None if answer.inertia is None else inertia_document(answer.inertia),
        "method": answer.method,
        "relies_on": list(answer.relies_on),
        "largest": None,
        "smallest": None,
        "stability_limit": None,
        "blocks": None,
    }
    problem = {"depth": len(point.factors), "spectrum": None, "sizes": list(point.sizes)}
    return {"schema": "dmftheory.landscape/1", "problem": problem, "points": [found]}


def to_table(document: Mapping[str, Any]) -> list[RenderableType]:
    """The problem in a line, one row for each point, one for each kind of block of a single one, and what the answer rests on."""
    problem, points = document["problem"], document["points"]
    where = f"sizes {' x '.join(map(str, problem['sizes']))}" if problem["sizes"] else f"target diag({_listed(problem['spectrum'])})"
    headings = ("kept", "kind", "loss", "negative", "zero", "positive", "smallest eigenvalue", "largest", "stable up to step")
    rows = [_row(point) for point in points]
    styles = [STYLES.get(point["kind"], "") for point in points]
    parts: list[RenderableType] = [
        f"depth {problem['depth']}, {where}; loss 1/2 ||W_N ... W_1 - T||_F^2",
        table(headings, rows, right=headings[2:], styles=styles),
    ]
    if points[0]["blocks"]:
        parts.append(_blocks(points[0]["blocks"]))
    parts += [f"inertia by {method}" for method in dict.fromkeys(point["method"] for point in points)]
    parts += [text for text in dict.fromkeys(point["reason"] for point in points) if text]
    parts += [f"relies on: {text}" for text in dict.fromkeys(text for point in points for text in point["relies_on"])]
    return parts


def draw(document: Mapping[str, Any], values: Sequence[Sequence[tuple[float, int]]], path: str) -> None:
    """One line for each point with the eigenvalues of its Hessian (value, multiplicity), into `path`. Raises InputError."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    from dmftheory.report.plots import STYLE, TIMELESS, plot_format

    form = plot_format(path)
    data = BytesIO()
    with rc_context(STYLE):
        figure = Figure(figsize=(8.6, 1.4 + 0.5 * len(values)), layout="constrained")
        panel = figure.subplots()
        most = max((count for pairs in values for value, count in pairs if value), default=1)
        for place, pairs in enumerate(values):
            _strip(panel, place, pairs, most)
        panel.set_xscale("symlog", linthresh=_threshold(values))
        panel.set_yticks(range(len(values)), [_label(point) for point in document["points"]])
        panel.set_ylim(len(values) - 0.5, -0.5)
        panel.set_xlabel("eigenvalues of the Hessian (area: multiplicity)")
        panel.set_title(f"Critical points at depth {document['problem']['depth']}", loc="left")
        figure.savefig(data, format=form, dpi=160, metadata=TIMELESS[form])
    write_file(path, data.getvalue(), "--plot")


def block_values(point: Saddle) -> list[tuple[float, int]]:
    """For the eye: every eigenvalue of a diagonal critical point with its multiplicity."""
    counts: dict[float, int] = {}
    for block in point.blocks:
        for level in block.levels:
            value = float(level.value(point.depth)) if level.sign else 0.0
            counts[value] = counts.get(value, 0) + level.count
    return sorted(counts.items())


def point_values(point: Point) -> list[tuple[float, int]]:
    """For the eye: the eigenvalues of the Hessian in float64."""
    import numpy as np

    from dmftheory.landscape import nearest
    from dmftheory.numerics.hessian import hessian

    factors = [[[nearest(entry) for entry in row] for row in matrix] for matrix in point.factors]
    found = np.linalg.eigvalsh(np.array(hessian(factors, [[nearest(entry) for entry in row] for row in point.target]), dtype=float))
    noise = float(np.finfo(float).eps * len(found) * max(1.0, abs(found).max()))
    return [(0.0 if abs(value) < noise else float(value), 1) for value in found]


def _row(point: Mapping[str, Any]) -> tuple[str, ...]:
    counts = point["inertia"] or {}
    signs = [str(counts.get(name, "-")) for name in ("negative", "zero", "positive")]
    if counts.get("unknown"):
        signs = [signs[0] + "+", "?", signs[2] + "+"]
    kept = "given" if point["subset"] is None else ",".join(map(str, point["subset"])) or "none"
    limit = point["stability_limit"]
    return (
        kept,
        point["kind"] or "undecided",
        brief(point["loss"]) if point["loss"] and "e" not in point["loss"] else point["loss"],
        *signs,
        _extreme(point["smallest"]),
        _extreme(point["largest"]),
        "-" if limit is None else brief(limit, 12, DIGITS),
    )


def _extreme(found: Mapping[str, Any] | None) -> str:
    if found is None:
        return "-"
    times = f" ({found['multiplicity']} times)" if found["multiplicity"] not in (None, 1) else ""
    return brief(found["value"], 12, DIGITS) + times


def _blocks(blocks: Sequence[Mapping[str, Any]]) -> RenderableType:
    """One row for each kind of block."""
    rows = []
    for kind in dict.fromkeys(block["kind"] for block in blocks):
        own = [block for block in blocks if block["kind"] == kind]
        levels = [level for block in own for level in block["eigenvalues"]]
        counts = [sum(level["multiplicity"] for level in levels if level["sign"] == sign) for sign in (-1, 0, 1)]
        values = sorted((level["value"] for level in levels), key=float)
        ends = [brief(value, 12, DIGITS) for value in (values[0], values[-1])]
        rows.append((kind, str(len(own)), *map(str, counts), *ends))
    headings = ("modes", "blocks", "negative", "zero", "positive", "smallest eigenvalue", "largest")
    return table(headings, rows, right=headings[1:])


def _strip(panel: Axes, place: int, pairs: Sequence[tuple[float, int]], most: int) -> None:
    """Positive and negative eigenvalues by area, the zero ones by number: there are far more of them."""
    for colour, chosen in ((NEGATIVE, [pair for pair in pairs if pair[0] < 0]), (POSITIVE, [pair for pair in pairs if pair[0] > 0])):
        areas = [LARGEST * count / most for _, count in chosen]
        panel.scatter([value for value, _ in chosen], [place] * len(chosen), s=areas, color=colour, alpha=0.6, linewidths=0)
    zeros = sum(count for value, count in pairs if value == 0)
    panel.annotate(f"{zeros} × 0", (0, place), ha="center", va="center", color=ZERO, fontsize="small")


def _threshold(values: Sequence[Sequence[tuple[float, int]]]) -> float:
    """Where the axis turns from linear to logarithmic: the least eigenvalue other than 0."""
    return min((abs(value) for pairs in values for value, _ in pairs if value), default=1.0)


def _label(point: Mapping[str, Any]) -> str:
    kept = "given point" if point["subset"] is None else f"kept {','.join(map(str, point['subset'])) or 'none'}"
    return f"{kept}: {point['kind'] or 'undecided'}"


def _number(value: Any) -> str:
    from fractions import Fraction

    from dmftheory.exact import format_rational
    from dmftheory.saddles import shown

    return format_rational(value) if isinstance(value, Fraction) else shown(value)


def _listed(spectrum: Sequence[str], most: int = 12) -> str:
    return ", ".join(spectrum[:most]) + (", ..." if len(spectrum) > most else "")
