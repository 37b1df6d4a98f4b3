"""The bracket of a constant, as lines or JSON (`dmftheory.sharpen/1`)."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from dmftheory.exact import format_rational
from dmftheory.report.output import brief, clean

if TYPE_CHECKING:
    from dmftheory.engines.sharpen import End, Sharpened

CLOSED, NOT_CLOSED = 0, 1


def exit_code(found: Sharpened) -> int:
    """0 where the bracket is as narrow as was asked, else 1."""
    return CLOSED if found.closed else NOT_CLOSED


def to_document(found: Sharpened) -> dict[str, Any]:
    """The JSON document `dmftheory.sharpen/1`; the bracket is in increasing order, null where an end was not found."""
    return {
        "schema": "dmftheory.sharpen/1",
        "id": found.id,
        "constant": found.constant,
        "declared": format_rational(found.declared),
        "tolerance": format_rational(found.tolerance),
        "bracket": None if _bracket(found) is None else [format_rational(v) for v in _bracket(found) or ()],
        "closed": found.closed,
        "holds": _end(found.holds),
        "fails": _end(found.fails),
        "undecided": [format_rational(value) for value in found.undecided],
        "trials": found.trials,
        "reason": found.reason,
    }


def to_text(found: Sharpened, file: str | None) -> str:
    """Lines for a person; `file` is that of the statement, None for the corpus."""
    lines = [f"{found.id}: the best value of {found.constant}, declared {format_rational(found.declared)}"]
    bracket = _bracket(found)
    if bracket is not None:
        low, high = map(format_rational, bracket)
        lines.append(f"  between {low} and {high} ({brief(low)}, {brief(high)}), if the truth changes but once in between")
    if found.holds is not None:
        lines.append(f"  holds at {_value(found, found.holds)}: {found.holds.verdict} by {found.holds.engine} ({found.holds.domain})")
    if found.fails is not None and found.fails.witness is not None:
        at = ", ".join(f"{name} = {value}" for name, value in found.fails.witness.values[1:])
        lines.append(f"  fails at {_value(found, found.fails)}: {at} (slack {found.fails.witness.slack})")
        lines.append(f"  replay with: dmftheory replay {shlex.join([found.fails.replay or '', *([file] if file else [])])}")
    if found.undecided:
        lines.append(f"  undecided in between at {', '.join(map(format_rational, found.undecided))}")
    state = "as narrow as asked" if found.closed else f"NOT as narrow as asked: {found.reason}"
    lines.append(f"  {found.trials} values tried, tolerance {format_rational(found.tolerance)}; {state}")
    return "\n".join(map(clean, lines))


def _bracket(found: Sharpened) -> tuple[Any, Any] | None:
    if found.holds is None or found.fails is None:
        return None
    return min(found.holds.value, found.fails.value), max(found.holds.value, found.fails.value)


def _value(found: Sharpened, end: End) -> str:
    return f"{found.constant} = {format_rational(end.value)}"


def _end(end: End | None) -> dict[str, Any] | None:
    if end is None:
        return None
    return {
        "value": format_rational(end.value),
        "verdict": end.verdict,
        "engine": end.engine,
        "domain": end.domain,
        "witness": None if end.witness is None else end.witness.as_dict(),
        "slack": None if end.witness is None else end.witness.slack,
        "replay": end.replay,
    }
