"""The simulations that try to break the statements.

`checks/<source>/<topic>.py` holds a dictionary CHECKS, statement id -> check, for the statements of its file in `dmftheory/theorems`. A
check takes the statement itself, a seed and an effort (situations to try), and hands back a `dmftheory.checks.report.Report`.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

from dmftheory.theorems import topics


@cache
def checks() -> dict[str, Any]:
    """Statement id -> check."""
    package = importlib.import_module(__name__)
    return {id: check for topic in topics(package) for id, check in importlib.import_module(f"{__name__}.{topic}").CHECKS.items()}
