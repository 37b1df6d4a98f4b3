"""The kernel engine: where a proof has a second one for the kernel of Rocq, the two are checked apart. It never says `proved` itself."""

from __future__ import annotations

from typing import Any

from dmftheory.claims.proof import Kernel, WithKernel
from dmftheory.claims.theorem import Theorem
from dmftheory.claims.verdict import Evidence
from dmftheory.trust import evidence, kernel
from dmftheory.trust.check import Memory

ENGINE = "kernel"


def proof_for_kernel(tree: Any) -> Any:
    """The part of a proof that the kernel is asked about, or None."""
    if isinstance(tree, WithKernel):
        return tree.kernel
    return tree if isinstance(tree, Kernel) else None


def prove(theorem: Theorem, tree: Any, memory: Memory | None = None) -> Evidence:
    """What the checker says of a proof for the kernel; `undecided` where there is none, or no kernel to ask."""
    absent = kernel.missing()
    if absent is not None:
        return Evidence(ENGINE, "undecided", "", reason=absent)
    if tree is None:
        return Evidence(ENGINE, "undecided", "", reason="not applicable: no proof for the kernel is given")
    return evidence.prove(theorem, tree, {}, memory, ENGINE)
