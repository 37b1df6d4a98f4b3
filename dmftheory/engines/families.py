"""One verdict for a family: that of its weakest member, over the range of its indices."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import replace

from dmftheory.claims.theorem import Family, Theorem
from dmftheory.claims.verdict import ORDER, Evidence, Settled, Witness, weakest
from dmftheory.engines.replay import token

Member = tuple[tuple[int, ...], Theorem, Settled]


def combine(family: Family, members: Sequence[Member]) -> Settled:
    """The verdict of the weakest member, with the evidence of all of them; a witness names its member."""
    if not members:
        return Settled(family.id, family.title, "vacuous", family.declared, reason="the family has no members")
    verdict = weakest(settled.verdict for _, _, settled in members)
    index, _, weak = next(m for m in members if m[2].verdict == verdict)
    disagreement = next((f"member {_named(family, i)}: {s.disagreement}" for i, _, s in members if s.disagreement), None)
    slacks = [(s.worst_slack, i, s.worst) for i, _, s in members if s.worst_slack is not None]
    worst_slack, place, worst = min(slacks, key=lambda item: _number(item[0]), default=(None, index, weak.worst))
    if weak.witness is not None:  # what fails by most, of the member that the witness is of
        place, worst = index, weak.worst
    return Settled(
        family.id,
        family.title,
        verdict,
        family.declared,
        _evidence(family, members),
        witness=_placed(family, index, weak.witness),
        worst=_placed(family, place, worst),
        replay=None if weak.witness is None else token(family.id, weak.witness, index),
        samples=sum(s.samples for _, _, s in members),
        worst_slack=worst_slack,
        reason=None if weak.reason is None else f"member {_named(family, index)}: {weak.reason}",
        disagreement=disagreement,
        warnings=next((tuple(f"member {_named(family, i)}: {w}" for w in s.warnings) for i, _, s in members if s.warnings), ()),
    )


def _number(text: str) -> float:
    # Only the order of what is shown depends on it.
    return float(text)


def _evidence(family: Family, members: Sequence[Member]) -> tuple[Evidence, ...]:
    """For each engine that saw every member, its weakest verdict; an engine that was not needed everywhere stands for its members alone."""
    engines = dict.fromkeys(e.engine for _, _, s in members for e in s.evidence)
    found = []
    for engine in engines:
        seen = [(index, e) for index, _, s in members for e in s.evidence if e.engine == engine]
        weak = min((e for _, e in seen), key=lambda e: ORDER.index(e.verdict))
        relies = tuple(sorted({r for _, e in seen for r in e.relies_on}))
        where = _range(family, [index for index, _ in seen])
        domain = f"{where}; {weak.domain}" if weak.domain else where
        found.append(replace(weak, domain=domain, relies_on=relies, seconds=sum(e.seconds for _, e in seen)))
    return tuple(found)


def _names(family: Family) -> list[str]:
    return list(inspect.signature(family.member).parameters)


def _range(family: Family, indices: Sequence[tuple[int, ...]]) -> str:
    """`n = 1..6, L = 1..6`."""
    shown = []
    for name, values in zip(_names(family), zip(*indices, strict=True), strict=False):
        low, high = min(values), max(values)
        shown.append(f"{name} = {low}" if low == high else f"{name} = {low}..{high}")
    return ", ".join(shown) + f" ({len(indices)} of {len(family.indices)} members)"


def _named(family: Family, index: tuple[int, ...]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in zip(_names(family), index, strict=False))


def _placed(family: Family, index: tuple[int, ...], witness: Witness | None) -> Witness | None:
    """The witness with the index of its member in front."""
    if witness is None:
        return None
    taken = {name for name, _ in witness.values}
    front = tuple((f"index {name}" if name in taken else name, str(value)) for name, value in zip(_names(family), index, strict=False))
    return Witness(front + witness.values, witness.slack)
