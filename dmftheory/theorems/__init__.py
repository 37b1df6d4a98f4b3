"""The corpus: what the papers state, and what we derived, each statement once.

`theorems/<source>/<topic>.py` says it, `proofs/<source>/<topic>.py` proves it, `checks/<source>/<topic>.py` tries to break it.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

from dmftheory.claims.theorem import Family, Theorem, collect


def topics(package: ModuleType) -> list[str]:
    """The '<source>.<topic>' names of the modules two levels below a package of the corpus, sorted."""
    sources = [m.name for m in pkgutil.iter_modules(package.__path__) if m.ispkg]
    return sorted(
        f"{source}.{topic.name}"
        for source in sources
        for topic in pkgutil.iter_modules(importlib.import_module(f"{package.__name__}.{source}").__path__)
    )


def corpus() -> tuple[Theorem | Family, ...]:
    """Every statement of the corpus, topic by topic."""
    package = importlib.import_module(__name__)
    modules = [importlib.import_module(f"{__name__}.{topic}") for topic in topics(package)]
    own = [item for module in modules for item in collect(vars(module).values()) if item.origin[0] == module.__file__]
    return tuple({item.id: item for item in own}.values())
