"""Prints the table of docs/experiments.md from agreement.csv, which `dmftheory figure agreement` writes; the file is the argument."""

import csv
import sys
from pathlib import Path

Row = dict[str, str]

HEAD = ("experiment", "depth", "predicted", "observed, median", "observed / predicted", "closest", "fall", "left")
NEVER = float("inf")


def value(text: str) -> float:
    """A number of the file."""
    return NEVER if text == "never" else float(text)


def short(number: float) -> str:
    """One significant digit; rounding errors are 0."""
    return "0" if abs(number) < 1e-12 else f"{number:.1g}"


def line(name: str, depth: str, rows: list[Row]) -> list[str]:
    """The cells of one experiment at one depth."""
    steps = [row for row in rows if row["quantity"].startswith("step")]
    closest = [value(row["highest"]) for row in rows if row["quantity"].startswith("closest")]
    (fall,) = (value(row["highest"]) for row in rows if row["quantity"].startswith("largest fall"))
    (left,) = (value(row["median"]) for row in rows if row["quantity"].startswith("relative distance"))
    ratios = [value(row[end]) / value(row["predicted"]) for row in steps for end in ("lowest", "highest")]
    highest = "never" if max(ratios) == NEVER else f"{max(ratios):.2f}"
    predicted, median = (", ".join(row[column] for row in steps) for column in ("predicted", "median"))
    return [name, depth, predicted, median, f"{min(ratios):.2f} .. {highest}", ", ".join(map(short, closest)), short(fall), short(left)]


def main(path: Path) -> None:
    """Print the table, experiment by experiment."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
    for name in dict.fromkeys(row["experiment"] for row in rows):
        for depth in sorted({row["depth"] for row in rows}):
            group = [row for row in rows if (row["experiment"], row["depth"]) == (name, depth)]
            print(f"| {' | '.join(line(name, depth, group))} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
