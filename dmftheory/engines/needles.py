"""What a hunt adds to sampling: an exact counterexample in a corner, or a point of less slack than random draws found."""

from __future__ import annotations

import time
from dataclasses import replace

from dmftheory.claims.theorem import Theorem
from dmftheory.claims.verdict import Witness
from dmftheory.engines.draw import is_drawable
from dmftheory.engines.evaluate import judge, pose, slack
from dmftheory.engines.hunt import LONG, SHORT, Effort, hunt
from dmftheory.engines.sampling import Sampled, smallest_and_worst
from dmftheory.engines.text import as_number, decimal, point_text, witness_values
from dmftheory.numerics.balls import ExpressionError

__all__ = ["LONG", "SHORT", "Effort", "deepened"]


def deepened(theorem: Theorem, sampled: Sampled, effort: Effort, seed: int = 0, budget: float | None = None) -> Sampled:
    """What sampling found, after a hunt of a well-formed theorem in which no instance fails so far.

    effort   `LONG` where nothing is shown, `SHORT` where there is a proof;  budget: seconds at most
    """
    start = time.monotonic()
    posed = pose(theorem)
    if sampled.evidence.verdict in ("refuted", "ill-posed") or is_drawable(posed) is not None or not posed.sets:
        return sampled
    if budget is not None:
        effort = replace(effort, seconds=min(effort.seconds, budget))
    try:
        room = hunt(posed, sampled.lowest, effort, seed)
    except ExpressionError:
        return sampled
    evidence = replace(sampled.evidence, seconds=sampled.evidence.seconds + time.monotonic() - start)
    domain = f"{evidence.domain}; a hunt of {room.count} points".removeprefix("; ")
    if room.gap is not None:
        point, expression = room.gap
        evidence = replace(evidence, verdict="ill-posed", domain=domain, reason=f"{expression} has no value at {point_text(point)}")
        return replace(sampled, evidence=evidence, witness=Witness(witness_values(posed, point)), worst=None, no_instance=False)
    if room.failing:
        witness, worst = smallest_and_worst(posed, [point for _, point in room.failing])
        evidence = replace(evidence, verdict="refuted", domain=domain, reason=None)
        return Sampled(evidence, sampled.samples, worst.slack, witness, worst)
    # Midpoints led here; what is shown is computed afresh, and only of points of which the statement certainly speaks.
    points = [*sampled.lowest, *(point for _, point in room.lowest)]
    rooms = [(slack(posed.claim, point), point) for point in points if judge(posed, point).allowed is True]
    known = [(room_at, point) for room_at, point in rooms if not room_at.is_nan()]
    if not known:
        return replace(sampled, evidence=evidence)
    shown = decimal(min((room_at for room_at, _ in known), key=as_number))
    lowest = min((point for room_at, point in known if decimal(room_at) == shown), key=lambda point: len(point_text(point)))
    values = Witness(witness_values(posed, lowest), shown)
    return replace(sampled, evidence=evidence, worst_slack=values.slack, worst=values, no_instance=False)
