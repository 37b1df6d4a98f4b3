"""No proofs yet: one conjecture, and two statements that are false."""

from typing import Any

PROOFS: dict[str, Any] = {}
