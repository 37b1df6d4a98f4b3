"""Verdicts, as a table, JSON (`dmftheory.verify/1`), JUnit XML, and the exit code that they mean."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from dmftheory.report.output import clean, table

if TYPE_CHECKING:
    from rich.console import RenderableType

    from dmftheory.claims.verdict import Evidence, Settled, Witness

WIDE = 130  # characters that the whole table needs
FEW = 5  # statements of which a table also says where the least slack is
AS_DECLARED, NOT_AS_DECLARED, DISAGREEMENT = 0, 1, 3
BEST_FIRST = ("proved", "certified", "supported", "undecided", "vacuous", "ill-posed", "refuted")
COLOURS = {"proved": "green", "certified": "green", "supported": "cyan", "undecided": "yellow"}


def exit_code(results: Sequence[Settled]) -> int:
    """0 all as declared, 1 some not, 3 two engines disagree."""
    if any(result.disagreement for result in results):
        return DISAGREEMENT
    return AS_DECLARED if all(result.as_declared for result in results) else NOT_AS_DECLARED


def summary(results: Sequence[Settled]) -> dict[str, int]:
    """How many statements reached each verdict, best first; verdicts that nobody reached are left out."""
    counts = Counter(result.verdict for result in results)
    return {verdict: counts[verdict] for verdict in BEST_FIRST if counts[verdict]}


def to_document(results: Sequence[Settled]) -> dict[str, Any]:
    """The JSON document `dmftheory.verify/1`."""
    return {"schema": "dmftheory.verify/1", "theorems": [_entry(result) for result in results], "summary": summary(results)}


def to_table(results: Sequence[Settled], files: Sequence[str | None], width: int) -> list[RenderableType]:
    """One line for each statement, what is to be known about those that need words, and a closing line.

    `files` are the files of the statements, None for the corpus: what `dmftheory replay` needs besides the token. On a narrow screen
    (`width` in characters) the domains and slacks are left to the JSON.
    """
    rows = [_row(result) for result in results]
    styles = ["bold red" if result.disagreement or not result.as_declared else COLOURS.get(result.verdict, "") for result in results]
    headings: tuple[str, ...] = ("", "id", "verdict", "declared", "settled by", "over", "worst slack", "seconds")
    if width < WIDE:
        kept = [place for place, heading in enumerate(headings) if heading not in ("over", "worst slack")]
        headings, rows = tuple(headings[place] for place in kept), [tuple(row[place] for place in kept) for row in rows]
    drawn = table(headings, rows, right=("worst slack", "seconds"), styles=styles)
    detail = len(results) <= FEW
    notes = (note for result, file in zip(results, files, strict=True) for note in (*_notes(result, file), *_least(result, detail)))
    return [drawn, *notes, _closing(results)]


def to_junit(results: Sequence[Settled]) -> str:
    """JUnit XML: a statement is a test case, which fails when its verdict is not as declared."""
    suite = ElementTree.Element("testsuite", name="dmftheory", tests=str(len(results)))
    failures = 0
    for result in results:
        source, _, name = result.id.rpartition(".")
        case = ElementTree.SubElement(
            suite, "testcase", classname=clean(source or "dmftheory"), name=clean(name), time=f"{_seconds(result):.3f}"
        )
        if result.disagreement or not result.as_declared:
            failures += 1
            message = clean(f"{result.verdict}, declared {result.declared}")
            ElementTree.SubElement(case, "failure", message=message).text = "\n".join(_notes(result, None))
        else:
            ElementTree.SubElement(case, "system-out").text = clean(f"{result.verdict}, declared {result.declared}")
    suite.set("failures", str(failures))
    suite.set("time", f"{sum(map(_seconds, results)):.3f}")
    ElementTree.indent(suite)
    body: str = ElementTree.tostring(suite, encoding="us-ascii", xml_declaration=False).decode()
    return f'<?xml version="1.0" encoding="us-ascii"?>\n{body}\n'


def _entry(result: Settled) -> dict[str, Any]:
    return {
        "id": result.id,
        "verdict": result.verdict,
        "declared": result.declared,
        "evidence": [_evidence(evidence) for evidence in result.evidence],
        "witness": _values(result.witness),
        "worst": _values(result.worst),
        "replay": result.replay,
        "samples": result.samples,
        "worst_slack": result.worst_slack,
        "reason": result.disagreement or result.reason,
        **({"warnings": list(result.warnings)} if result.warnings else {}),
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "engine": evidence.engine,
        "verdict": evidence.verdict,
        "domain": evidence.domain,
        "relies_on": list(evidence.relies_on),
        "seconds": round(evidence.seconds, 3),
        "cached": evidence.cached,
    }


def _values(witness: Witness | None) -> dict[str, str] | None:
    return None if witness is None else witness.as_dict()


def _row(result: Settled) -> tuple[str, ...]:
    decisive = [evidence for evidence in result.evidence if evidence.verdict == result.verdict]
    mark = "!!" if result.disagreement else "ok" if result.as_declared else "NO"
    domain = decisive[0].domain if decisive else ""
    engines = ", ".join(dict.fromkeys(evidence.engine for evidence in decisive)) or "-"
    cached = any(evidence.cached for evidence in result.evidence)
    return (
        mark,
        result.id,
        result.verdict,
        result.declared,
        f"{engines} (cached)" if cached else engines,
        _short(domain),
        _short(result.worst_slack or "", 14),
        f"{_seconds(result):.1f}",
    )


def _least(result: Settled, detail: bool) -> list[str]:
    """Where the slack is least of a statement that nothing fails, if wanted."""
    if not detail or result.worst is None or result.witness is not None:
        return []
    return [clean(f"{result.id}: least slack seen {_short(result.worst.slack or '?', 24)} at {_at(result.worst)}")]


def _at(witness: Witness) -> str:
    return ", ".join(f"{symbol} = {_short(value, 60)}" for symbol, value in witness.as_dict().items()) or "its only instance"


def _notes(result: Settled, file: str | None) -> list[str]:
    """The lines that a statement needs beyond its row: witnesses, replay, and the reason where it is not as declared."""
    notes = []
    if result.disagreement:
        notes.append(f"engines disagree: {result.disagreement}")
    for name, witness in (("fails at", result.witness), ("fails worst at", result.worst)) if result.witness is not None else ():
        if witness is not None and not (name == "fails worst at" and witness == result.witness):
            notes.append(f"{name} {_at(witness)}" + (f" (slack {_short(witness.slack, 24)})" if witness.slack else ""))
    if result.replay:
        notes.append(f"replay with: dmftheory replay {shlex.join([result.replay, *([file] if file else [])])}")
    if result.reason and not result.as_declared:
        notes.append(result.reason)
    notes += [f"warning: {warning}" for warning in result.warnings]
    return [clean(f"{result.id}: {note}") for note in notes]


def _closing(results: Sequence[Settled]) -> str:
    counts = ", ".join(f"{count} {verdict}" for verdict, count in summary(results).items())
    wrong = sum(not result.as_declared for result in results)
    disagree = sum(result.disagreement is not None for result in results)
    state = "all as declared" if not wrong else f"{wrong} NOT as declared"
    noun = "statement" if len(results) == 1 else "statements"
    return f"{len(results)} {noun}: {counts or 'none'}; {state}" + (f"; engines disagree on {disagree}" if disagree else "")


def _seconds(result: Settled) -> float:
    return sum(evidence.seconds for evidence in result.evidence)


def _short(text: str, limit: int = 44) -> str:
    return text if len(text) <= limit else text[: limit - 3] + "..."
