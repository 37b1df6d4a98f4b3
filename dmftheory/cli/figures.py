"""What `dmftheory figure` does: make a chart, draw it, write PNG, SVG and CSV."""

import sys
import time
from dataclasses import replace
from pathlib import Path

from dmftheory.errors import InputError
from dmftheory.exact import parse_integer
from dmftheory.report.output import PATIENCE, clean, write_file, write_text


def figure(name: str | None, out: str, seed: str, listing: bool) -> int:
    """Write DIR/NAME.png, .svg and .csv and print their names; or print what there is."""
    from dmftheory.report.figures.catalogue import FIGURES, find

    if listing:
        write_text("\n".join(f"{key:<{max(map(len, FIGURES))}}  {entry.shows}" for key, entry in FIGURES.items()))
        return 0
    first = parse_integer(seed, "--seed", 0, 2**32)
    entry = find(name or "")
    folder = Path(out)
    if not folder.is_dir():
        raise InputError("--out", out, "a folder that exists")
    from dmftheory.report.figures.canvas import render
    from dmftheory.report.figures.chart import Plan, to_csv

    chart = entry.chart(replace(Plan(), seed=first, tell=_Teller()))
    files = {**render(chart), "csv": to_csv(chart)}
    for form, data in files.items():
        path = folder / f"{chart.name}.{form}"
        write_file(str(path), data, "--out")
        write_text(clean(str(path)))
    return 0


class _Teller:
    """Passes a line on to standard error where the one before it took more than a moment."""

    def __init__(self) -> None:
        self.due = time.monotonic() + PATIENCE

    def __call__(self, line: str) -> None:
        if time.monotonic() >= self.due:
            sys.stderr.write(f"{clean(line)} ...\n")
            self.due = time.monotonic() + PATIENCE
