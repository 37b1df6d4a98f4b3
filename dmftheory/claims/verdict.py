"""Verdicts, and the evidence and witnesses they rest on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ORDER = ("refuted", "ill-posed", "vacuous", "undecided", "supported", "certified", "proved")
RANKED = ("undecided", "supported", "certified", "proved")


@dataclass(frozen=True)
class Evidence:
    """What one engine found, over which domain, relying on what.

    seconds is wall time; verdict is one of ORDER; reason says in a full sentence why it is not more; digest, where the verdict is
    `proved`, is that of the statement and its proof.
    """

    engine: str
    verdict: str
    domain: str
    relies_on: tuple[str, ...] = ()
    seconds: float = 0.0
    cached: bool = False
    reason: str | None = None
    digest: str = ""


@dataclass(frozen=True)
class Witness:
    """Exact values at which a statement fails: symbol name -> 'p/q' (or the name of an algebraic number)."""

    values: tuple[tuple[str, str], ...]
    slack: str | None = None

    def as_dict(self) -> dict[str, str]:
        """The values by symbol name, in the order of the statement."""
        return dict(self.values)


@dataclass(frozen=True)
class Settled:
    """The answer to one statement: its verdict and everything that supports it; warnings change no verdict."""

    id: str
    title: str
    verdict: str
    declared: str
    evidence: tuple[Evidence, ...] = ()
    witness: Witness | None = None
    worst: Witness | None = None
    replay: str | None = None
    samples: int = 0
    worst_slack: str | None = None
    reason: str | None = None
    disagreement: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def as_declared(self) -> bool:
        """Whether the verdict is at least the declared one (refuted, vacuous and ill-posed must match exactly)."""
        return passes(self.verdict, self.declared)


def passes(verdict: str, declared: str) -> bool:
    """Whether a verdict is what was declared, or better."""
    if declared in RANKED and verdict in RANKED:
        return RANKED.index(verdict) >= RANKED.index(declared)
    return verdict == declared


def weakest(verdicts: Iterable[str]) -> str:
    """The verdict of a family: that of its weakest member."""
    return min(verdicts, key=ORDER.index)
