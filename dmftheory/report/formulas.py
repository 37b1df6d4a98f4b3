"""One formula as text or as the JSON document `dmftheory.formula/1`."""

from collections.abc import Callable
from typing import Any

import sympy

from dmftheory.model.formulas import USUAL_ORDER, Formula
from dmftheory.model.printing import to_latex, to_mathml, to_python, to_unicode

PRINTERS: dict[str, Callable[[sympy.Basic], str]] = {"latex": to_latex, "mathml": to_mathml, "unicode": to_unicode, "python": to_python}


def to_text(relation: sympy.Rel, form: str) -> str:
    """The relation as latex, mathml, unicode or python."""
    return PRINTERS[form](relation)


def to_document(name: str, formula: Formula, depth: int | None, order: int | None, relation: sympy.Rel) -> dict[str, Any]:
    """The relation in every notation, with its title, the meaning of its letters and how it is known; an expansion names its order."""
    head: dict[str, Any] = {"schema": "dmftheory.formula/1", "name": name, "title": formula.title}
    head |= {"note": formula.note, "provenance": formula.provenance}
    if formula.orders:
        head["order"] = USUAL_ORDER if order is None else order
    return {**head, "depth": "symbolic" if depth is None else depth, **{form: print_(relation) for form, print_ in PRINTERS.items()}}
