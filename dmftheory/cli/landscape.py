"""The command `landscape`: critical points of the loss, and what kind they are."""

from __future__ import annotations

from dmftheory.cli import commands
from dmftheory.errors import InputError
from dmftheory.exact import parse_depth, parse_integer, parse_list
from dmftheory.report.output import busy, to_json, write_text


def landscape(depth: str, spectrum: str | None, point: str | None, subset: str | None, format: str | None, plot: str | None) -> int:
    """Print one critical point (`point` a file, or `subset` of the spectrum), or those that keep the k largest eigenvalues, for all k."""
    form = commands._format(format, ("table", "json"))
    layers = parse_depth(depth)
    if point is not None and subset is not None:
        raise InputError("--point, --subset", "both", "at most one of the two")
    if plot is not None:
        from dmftheory.report.plots import plot_format

        plot_format(plot)
    with busy("classifying"):
        document, values = _saddles(layers, spectrum, subset) if point is None else _given(layers, spectrum, point)
    from dmftheory.report import landscape as report

    if plot is not None:
        with busy("drawing"):
            report.draw(document, values, plot)
    if form == "table":
        commands._draw(report.to_table(document), None)
    else:
        write_text(to_json(document))
    return 0


Answer = tuple[dict[str, object], list[list[tuple[float, int]]]]


def _saddles(depth: int, spectrum: str | None, subset: str | None) -> Answer:
    if spectrum is None:
        raise InputError("--spectrum", "", "the eigenvalues of the target")
    from dmftheory.report import landscape as report
    from dmftheory.saddles import ladder, saddle

    eigenvalues = parse_list(spectrum, "--spectrum")
    points = ladder(depth, eigenvalues) if subset is None else [saddle(depth, eigenvalues, _indices(subset))]
    return report.of_saddles(points, subset is not None), [report.block_values(found) for found in points]


def _given(depth: int, spectrum: str | None, path: str) -> Answer:
    from fractions import Fraction

    from dmftheory.landscape import Point, classify
    from dmftheory.numerics.point_file import read_point
    from dmftheory.report import landscape as report

    factors, target = read_point(path)
    if len(factors) != depth:
        raise InputError("--point", f"{path} with {len(factors)} factors", f"a file with as many factors as --depth {depth}")
    if (target is None) == (spectrum is None):
        raise InputError("--spectrum, --point", "no target" if target is None else "two targets", "--spectrum, or a target in the file")
    if target is None:
        eigenvalues = parse_list(spectrum or "", "--spectrum")
        target = tuple(tuple(value if i == j else Fraction(0) for j in range(len(eigenvalues))) for i, value in enumerate(eigenvalues))
    posed = Point(factors, target)
    return report.of_point(posed, classify(posed)), [report.point_values(posed)]


def _indices(subset: str) -> list[int]:
    """The indices named, counted from 1; nothing for an empty text, which keeps no eigenvalue."""
    return [parse_integer(part, "--subset", 1) for part in subset.split(",")] if subset.strip(" \t") else []
