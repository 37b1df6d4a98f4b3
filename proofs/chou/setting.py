"""Proofs about the setting: polynomial identities, and one comparison of step sizes."""

from typing import Any

from dmftheory.claims.proof import Proof, algebra, split


def _gradient(size: int, depth: int) -> Proof:
    return split(*[algebra()] * (2 * size**2))


PROOFS: dict[str, Any] = {
    "chou.setting.gradient": _gradient,
    "chou.setting.recalled_steps": algebra(),
}
