"""The reasons: for each statement that has one, a proof as data (a tree of the rules in `dmftheory.claims.proof`).

`proofs/<source>/<topic>.py` holds a dictionary PROOFS, statement id -> proof, for the statements of
`dmftheory/theorems/<source>/<topic>.py`.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

from dmftheory.claims.proof import put_in
from dmftheory.claims.theorem import Theorem
from dmftheory.theorems import corpus, topics


@cache
def proofs() -> dict[str, Any]:
    """Statement id -> proof; for a family, -> a function from the index to the proof of that member."""
    package = importlib.import_module(__name__)
    return {id: tree for topic in topics(package) for id, tree in importlib.import_module(f"{__name__}.{topic}").PROOFS.items()}


@cache
def library() -> dict[str, tuple[Theorem, Any]]:
    """Id -> (theorem, proof or None) for every single theorem of the corpus: what a proof may cite as a lemma."""
    return {item.id: (item, put_in(proofs().get(item.id), item.constants)) for item in corpus() if isinstance(item, Theorem)}
