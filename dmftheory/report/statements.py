"""The corpus as a list, and one statement as a page, JSON (`dmftheory.statement/1`) or LaTeX."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from dmftheory.claims import Family, Theorem
from dmftheory.claims.formula import to_sympy
from dmftheory.report.output import clean, table

if TYPE_CHECKING:
    from rich.console import RenderableType


def to_table(statements: Sequence[Theorem | Family]) -> list[RenderableType]:
    """One line for each statement."""
    rows = [(statement.id, statement.declared, statement.provenance, statement.title) for statement in statements]
    return [
        table(("id", "declared", "provenance", "title"), rows, wrap=("title",)),
        f"{len(statements)} statements; `dmftheory show ID` prints one",
    ]


def to_list(statements: Sequence[Theorem | Family]) -> dict[str, Any]:
    """The JSON document `dmftheory.list/1`."""
    return {"schema": "dmftheory.list/1", "theorems": [_head(statement) for statement in statements]}


def to_document(statement: Theorem | Family) -> dict[str, Any]:
    """The JSON document `dmftheory.statement/1`; a family is shown by its last member."""
    shown = _shown(statement)
    document = {"schema": "dmftheory.statement/1", **_head(statement), "file": _place(statement), "latex": statement.latex()}
    if isinstance(statement, Family):
        document["indices"] = [list(index) for index in statement.indices]
    document["given"] = {str(symbol): str(domain) for symbol, domain in shown.given.items()}
    document["assume"] = [str(to_sympy(hypothesis)) for hypothesis in shown.hypotheses]
    document["claim"] = str(to_sympy(shown.conclusion))
    document["constants"] = {str(symbol): str(value) for symbol, value in shown.constants.items()}
    return document


def to_page(statement: Theorem | Family) -> str:
    """The statement as lines of plain text."""
    document = to_document(statement)
    lines = [document["id"], *([document["title"]] if document["title"] else []), ""]
    lines += [f"{name + ':':<12}{document[name]}" for name in ("declared", "provenance", "source", "file") if document[name]]
    if isinstance(statement, Family):
        lines.append(f"{'family:':<12}{len(statement.indices)} members, the last one {statement.indices[-1]} is shown")
    lines += ["", *(f"  for all {symbol} in {domain}" for symbol, domain in document["given"].items())]
    lines += [f"  with {hypothesis}" for hypothesis in document["assume"]]
    lines += [f"  holds {document['claim']}", "", document["latex"]]
    return "\n".join(clean(line) for line in lines)


def to_latex(statement: Theorem | Family) -> str:
    """The statement in LaTeX, without dollar signs."""
    return statement.latex()


def _head(statement: Theorem | Family) -> dict[str, Any]:
    return {
        "id": statement.id,
        "title": statement.title,
        "declared": statement.declared,
        "source": statement.source,
        "provenance": statement.provenance,
    }


def _shown(statement: Theorem | Family) -> Theorem:
    return statement.member(*statement.indices[-1]) if isinstance(statement, Family) else statement


def _place(statement: Theorem | Family) -> str:
    """File and line, the file relative to the package where it is ours, so that the answer is the same on every machine."""
    path, line = statement.origin
    parts = PurePath(path).parts
    start = max((place for place, part in enumerate(parts) if part == "dmftheory"), default=len(parts) - 1)
    return f"{'/'.join(parts[start:])}:{line}"
