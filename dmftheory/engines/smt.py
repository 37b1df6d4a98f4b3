"""The smt engine."""
from __future__ import annotations

from typing import Any

from dmftheory.claims.verdict import Evidence


def decide_each_depth(theorem: Any, budget: float|None) -> tuple[Evidence, dict[Any,Any]|None]:
    return Evidence("smt","undecided","",reason="not built"), None
