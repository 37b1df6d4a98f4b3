"""Passages, plateaus and when to stop, as tables and CSV, drawn from the JSON document `dmftheory.transitions/1`."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dmftheory.report.output import brief, table

if TYPE_CHECKING:
    from rich.console import RenderableType

WHY = "no window now, because"
DIGITS = 12  # of a long number in a table; JSON and CSV have all of them


def to_table(document: Mapping[str, Any]) -> "list[RenderableType]":
    """The problem in a line, one row for each eigenvalue in decreasing order, one for each rank that can be had."""
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
    return parts + _advice(document["advice"])


def _advice(advice: Sequence[Mapping[str, Any]]) -> "list[RenderableType]":
    """One row for each rank with a window or an alpha that would open one; the reasons of the others, each once, in a line."""
    rows = [entry for entry in advice if entry["window"] or entry["alpha"]]
    noisy = [entry for entry in advice if entry["noise"]]
    parts: list[RenderableType] = []
    if not any(entry["window"] for entry in advice):
        parts.append("no plateau of the effective rank at this tolerance")
    if rows:
        columns = ["rank", "from step", "to step", "effective rank is", "within", "stop at"]
        columns += ["error", "gap"] if noisy else []
        columns += ["opens at alpha", WHY] if any(entry["alpha"] for entry in rows) else []
        cells = [_advised(entry)[: len(columns)] for entry in rows]
        parts.append(table(columns, cells, right=("rank", "from step", "to step", "stop at"), wrap=(WHY,)))
    reasons: dict[str, list[int]] = {}
    for entry in advice:
        if not entry["window"] and not entry["alpha"]:
            reasons.setdefault(entry["reason"], []).append(entry["rank"])
    parts += [f"no window at rank {_ranges(found)}: {reason}" for reason, found in reasons.items()]
    survivors = [entry["rank"] for entry in noisy if entry["noise"]["gap_survives"]]
    if noisy:
        parts.append(
            "error: how far the learned eigenvalue is at most from the true one; gap: whether the next one is farther than twice the noise"
        )
        kept = f"after rank {_ranges(survivors)}" if survivors else "nowhere"
        parts.append(f"noise up to {brief(noisy[0]['noise']['bound'])}: the true target certainly has a gap {kept}")
    return parts


def _advised(entry: Mapping[str, Any]) -> tuple[str, ...]:
    if entry["window"]:
        first, last = entry["window"]
        end = "on" if last is None else _grouped(last)
        cells = [_grouped(first), end, brief(entry["target"]), brief(entry["distance"]), _grouped(entry["stop_at"])]
    else:
        cells = ["-"] * 5
    if entry["noise"]:
        gap = {True: "yes", False: "no", None: "-"}[entry["noise"]["gap_survives"]]
        cells += [brief(entry["noise"]["error"] or "-"), gap]
    return (str(entry["rank"]), *cells, brief(entry["alpha"] or ""), entry["reason"] or "")


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


def _grouped(step: int | str) -> str:
    """A step count with thin groups of three digits, as printed in a paper."""
    digits = str(step)
    head = len(digits) % 3 or 3
    return " ".join([digits[:head], *(digits[i : i + 3] for i in range(head, len(digits), 3))])
