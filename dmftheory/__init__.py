"""Theorems about gradient descent on deep matrix factorisation, settled; and the exact steps at which a matrix is learnt.

The names below load what they need when they are first used, so that `import dmftheory` costs nothing.
"""

from importlib import import_module
from time import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dmftheory.claims import Family, Theorem
    from dmftheory.passage import first_passage, transitions
    from dmftheory.problem import Problem
    from dmftheory.trajectory import state_at
    from dmftheory.verification import verify

__all__ = ["Family", "Problem", "Theorem", "__version__", "first_passage", "state_at", "transitions", "verify"]
__version__ = "0.1.0"

STARTED = time()
"""When this process began to read our code: what has not changed since is what runs here."""

_HOMES = {
    "Family": "claims",
    "Problem": "problem",
    "Theorem": "claims",
    "first_passage": "passage",
    "state_at": "trajectory",
    "transitions": "passage",
    "verify": "verification",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"dmftheory.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
