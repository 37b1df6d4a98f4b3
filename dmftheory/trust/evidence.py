"""The word `proved`: said here and nowhere else, and only of a proof that has just been checked."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from dmftheory.claims.digest import digest
from dmftheory.claims.theorem import Theorem
from dmftheory.claims.verdict import Evidence
from dmftheory.trust.check import Checker, Library, Memory

REJECTED = (Exception,)
"""A proof is data that anyone may write, so whatever the checker trips over (ProofError, or an attribute that is not there) rejects it."""


def prove(theorem: Theorem, tree: Any, library: Library, memory: Memory | None = None, engine: str = "symbolic") -> Evidence:
    """Check that `tree` proves `theorem`: evidence with the verdict `proved`, or `undecided` and why. Raises nothing.

    `library` holds the lemmas that may be cited, never the theorem itself; `memory` what this process has proved, so that a lemma is
    checked once.
    """
    start = time.monotonic()
    others = {key: value for key, value in library.items() if key != theorem.id}
    checker = Checker(others, memory={} if memory is None else memory)
    try:
        content = digest(theorem, tree, others)
        checker.theorem(theorem, tree)
    except REJECTED as error:
        return Evidence(engine, "undecided", "", (), time.monotonic() - start, reason=f"the proof fails: {error}")
    return Evidence(engine, "proved", everything(theorem), tuple(sorted(checker.relies_on)), time.monotonic() - start, digest=content)


def recheck(evidence: Evidence, theorem: Theorem, tree: Any, library: Library, memory: Memory | None = None) -> Evidence:
    """The evidence as it may be printed: `proved` stands only if `tree` proves `theorem` here and now, and says what the evidence says.

    Anything but `proved` passes as it is. Without a proof, or where the evidence names another statement, proof or domain than the checker
    finds, or relies on less, what is left is `undecided`.
    """
    if evidence.verdict != "proved":
        return evidence
    found = prove(theorem, tree, library, memory, evidence.engine)
    if found.verdict != "proved":
        return replace(found, seconds=evidence.seconds, reason=f"said to be proved, but {found.reason}")
    same = (found.domain, found.digest) == (evidence.domain, evidence.digest) and set(found.relies_on) <= set(evidence.relies_on)
    if not same:
        reason = "said to be proved, but the evidence is not that of this statement and this proof"
        return Evidence(evidence.engine, "undecided", "", (), evidence.seconds, reason=reason)
    return evidence


def everything(theorem: Theorem) -> str:
    """The domain of a proof: all values of all variables."""
    return f"all {', '.join(map(str, theorem.given))}" if theorem.given else "no variables"
