"""Passages and plateaus of one problem, as tables and CSV, drawn from the JSON document `dmftheory.transitions/1`."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dmftheory.report.output import brief, table

if TYPE_CHECKING:
    from rich.console import RenderableType

DIGITS = 12  # of a long number in a table; JSON and CSV have all of them


def to_table(document: Mapping[str, Any]) -> "list[RenderableType]":
    """The problem in a line, one row for each eigenvalue in decreasing order, one for each plateau."""
    problem = document["problem"]
    setting = ", ".join(f"{name} = {brief(str(problem[name]), digits=DIGITS)}" for name in ("depth", "alpha", "beta", "eta")).replace(
        "= ≈", "≈"
    )
    modes = [_mode(mode) for mode in document["modes"]]
    styles = [
        "green" if mode["certified"] and mode["step"] is not None else "" if mode["certified"] else "yellow" for mode in document["modes"]
    ]
    headings = ("mode", "eigenvalue", "first step", "certified", "method", "flow predicts")
    parts: list[RenderableType] = [
        f"{setting}; learnt at {document['threshold']} of the eigenvalue",
        table(headings, modes, right=("mode", "eigenvalue", "first step", "flow predicts"), styles=styles),
    ]
    parts += _remarks(document["modes"])
    plateaus = [_plateau(plateau) for plateau in document["plateaus"]]
    if plateaus:
        columns = ("rank", "from step", "to step", "effective rank is", "within")
        parts.append(table(columns, plateaus, right=("rank", "from step", "to step")))
    else:
        parts.append("no plateau of the effective rank at this tolerance")
    return parts


def to_csv(document: Mapping[str, Any]) -> str:
    """One line for each eigenvalue, all digits; an empty step is 'never' or 'unknown', as the reason says."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("index", "eigenvalue", "step", "lower", "upper", "certified", "method", "flow_steps", "reason"))
    for mode in document["modes"]:
        lower, upper = mode["bracket"] or (None, None)
        certified = "true" if mode["certified"] else "false"
        row = (mode["index"], mode["eigenvalue"], mode["step"], lower, upper, certified, mode["method"], mode["flow_steps"], mode["reason"])
        writer.writerow(["" if cell is None else cell for cell in row])
    return text.getvalue()


def _mode(mode: Mapping[str, Any]) -> tuple[str, ...]:
    lower, upper = mode["bracket"] or (None, None)
    if mode["step"] is not None:
        step = _grouped(mode["step"])
    elif lower is not None and not mode["certified"]:
        step = f"{_grouped(lower)} .. {'?' if upper is None else _grouped(upper)}"
    else:
        step = "-"
    flow = mode["flow_steps"]
    certified = "yes" if mode["certified"] else "no"
    return (
        str(mode["index"]),
        brief(str(mode["eigenvalue"]), digits=DIGITS),
        step,
        certified,
        mode["method"] or "",
        brief(flow or "-", digits=DIGITS),
    )


def _remarks(modes: Sequence[Mapping[str, Any]]) -> list[str]:
    """The reasons, each once, after the modes that it holds for."""
    reasons: dict[str, list[int]] = {}
    for mode in modes:
        if mode["reason"]:
            reasons.setdefault(mode["reason"], []).append(mode["index"])
    return [f"{'mode' if len(found) == 1 else 'modes'} {_ranges(found)}: {reason}" for reason, found in reasons.items()]


def _ranges(numbers: Sequence[int]) -> str:
    """1, 3-5, 9 for 1, 3, 4, 5, 9."""
    starts = [n for n in numbers if n - 1 not in numbers]
    ends = [n for n in numbers if n + 1 not in numbers]
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in zip(starts, ends, strict=True))


def _plateau(plateau: Mapping[str, Any]) -> tuple[str, ...]:
    end = "on" if plateau["to_step"] is None else _grouped(plateau["to_step"])
    return (str(plateau["rank"]), _grouped(plateau["from_step"]), end, brief(plateau["target"]), brief(plateau["distance"]))


def _grouped(step: int | str) -> str:
    """A step count with thin groups of three digits, as printed in a paper."""
    digits = str(step)
    head = len(digits) % 3 or 3
    return " ".join([digits[:head], *(digits[i : i + 3] for i in range(head, len(digits), 3))])
