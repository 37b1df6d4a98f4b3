"""The sampling engine: exact random instances, certified decisions, and the smallest and worst counterexample."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from flint import arb
from hypothesis import Phase

from dmftheory.claims.theorem import Theorem
from dmftheory.claims.verdict import Evidence, Witness
from dmftheory.engines.draw import Empty, is_drawable, search
from dmftheory.engines.evaluate import RELIES_ON, Judgement, Posed, judge, pose, slack
from dmftheory.engines.simplify import simple_counterexample, simple_points, simplest_failing
from dmftheory.engines.text import as_number, decimal, point_text, ranges, witness_values

ENGINE = "sampling"
ENOUGH = 256
"""Distinct decided instances at which sampling stops."""
LEAST = 200
"""Distinct decided instances that `supported` needs."""
UNKNOWN_SHARE = Fraction(1, 100)
MAX_DRAWS = 1000
HOPELESS_DRAWS = 300
"""Draws after which sampling gives up if fewer than one in 20 was allowed."""
PATIENCE = 24
"""Unknown instances after which `supported` is out of reach: sampling ends if nothing was decided, else at half of ENOUGH."""
SHRINK_CALLS = 400
LOWEST = 4
"""Points of least slack that are handed on."""
SECONDS = 60.0


Point = dict[Any, Any]


@dataclass
class Tally:
    """What was seen so far. `failing` holds the points that certainly fail, `slacks` those that were decided with their slack."""

    decided: int = 0
    unknown: int = 0
    rejected: int = 0
    empty: int = 0
    allowed: list[Point] = field(default_factory=list)
    slacks: list[tuple[arb, Point]] = field(default_factory=list)
    failing: list[Point] = field(default_factory=list)
    gap: tuple[Point, str] | None = None
    seen: set[Any] = field(default_factory=set)

    @property
    def finished(self) -> bool:
        """Whether more draws would not change the verdict."""
        allowed, total = self.decided + self.unknown, self.decided + self.unknown + self.rejected + self.empty
        hopeless = total >= HOPELESS_DRAWS and 20 * allowed < total
        unclear = self.unknown >= PATIENCE and (not self.decided or 2 * allowed >= ENOUGH)
        return self.decided >= ENOUGH or self.gap is not None or hopeless or unclear


@dataclass(frozen=True)
class Sampled:
    """What sampling found: evidence, and what a report shows of it.

    witness and worst are points that fail, the smallest and the worst; where none fails, worst is the point of least slack. `lowest` are
    points of little slack for a hunt to start from.
    """

    evidence: Evidence
    samples: int = 0
    worst_slack: str | None = None
    witness: Witness | None = None
    worst: Witness | None = None
    no_instance: bool = False
    lowest: tuple[Point, ...] = ()


def sample(theorem: Theorem, seed: int = 0, budget: float | None = None) -> Sampled:
    """Try a well-formed theorem on exact random instances; the same seed gives the same answer unless the budget (seconds) runs out."""
    start = time.monotonic()
    posed = pose(theorem)
    reason = is_drawable(posed)
    if reason is not None:
        return Sampled(_evidence("undecided", "", start, f"not applicable: {reason}"), no_instance=True)
    deadline = start + min(SECONDS, SECONDS if budget is None else budget)
    tally = _collect(posed, seed, deadline)
    verdict, reason = _verdict(theorem, tally)
    domain = _domain(posed, tally)
    if tally.gap is not None:
        witness = Witness(witness_values(posed, tally.gap[0]))
        return Sampled(_evidence(verdict, domain, start, reason), tally.decided, None, witness)
    lowest = sorted(tally.slacks, key=lambda item: as_number(item[0]))[:LOWEST]
    worst_slack = decimal(lowest[0][0]) if lowest else None
    evidence = _evidence(verdict, domain, start, reason)
    if tally.failing:
        simple = simple_counterexample(posed) or _shrunk(posed, seed, deadline + SECONDS / 4) or tally.failing[0]
        smallest, lowest_failing = smallest_and_worst(posed, [simple, lowest[0][1] if lowest else simple])
        return Sampled(evidence, tally.decided, worst_slack, smallest, lowest_failing)
    worst = Witness(witness_values(posed, lowest[0][1]), worst_slack) if lowest else None
    return Sampled(
        evidence, tally.decided, worst_slack, worst=worst, no_instance=not tally.allowed, lowest=tuple(point for _, point in lowest)
    )


def smallest_and_worst(posed: Posed, failing: Sequence[Point]) -> tuple[Witness, Witness]:
    """The first of some failing points made as simple as it stays failing, and the one that fails by most."""
    smallest = simplest_failing(posed, failing[0])
    worst = min(failing, key=lambda point: as_number(slack(posed.claim, point)))
    shown = [Witness(witness_values(posed, point), decimal(slack(posed.claim, point))) for point in (smallest, worst)]
    return shown[0], shown[1]


def has_instance(theorem: Theorem, seed: int = 0) -> bool:
    """Whether a simple or a drawn point certainly satisfies the hypotheses; sets of matrices alone always hold one."""
    posed = pose(theorem)
    if is_drawable(posed) is not None:
        return not posed.hypotheses

    def allowed(point: Point | Empty) -> bool:
        return isinstance(point, dict) and judge(posed, point, drawn=True).allowed is True

    return any(map(allowed, simple_points(posed))) or search(posed, allowed, seed, HOPELESS_DRAWS, (Phase.generate,)) is not None


def _collect(posed: Posed, seed: int, deadline: float) -> Tally:
    tally = Tally()

    def enough(drawn: Point | Empty) -> bool:
        """Record one draw; true when there are enough (Hypothesis runs the last one again)."""
        if tally.finished or time.monotonic() > deadline:
            return True
        if isinstance(drawn, Empty):
            tally.empty += 1
            tally.gap = None if drawn.gap is None else (dict(drawn.before), f"the set of {drawn.symbol}: {drawn.gap}")
        else:
            key = tuple(drawn.values())
            if key not in tally.seen:
                tally.seen.add(key)
                _record(tally, drawn, judge(posed, drawn, drawn=True), posed)
        return tally.finished

    search(posed, enough, seed, MAX_DRAWS, (Phase.generate,))
    return tally


def _record(tally: Tally, point: Point, found: Judgement, posed: Posed) -> None:
    if found.allowed is False:
        tally.rejected += 1
        return
    if found.allowed is True:
        tally.allowed.append(point)
    if found.gap is not None:
        if found.allowed is True or found.reaches_gap:
            tally.gap = (point, found.gap)
        else:
            tally.unknown += 1
    elif found.claim is True or found.fails:
        tally.decided += 1
        room = slack(posed.claim, point)
        if not room.is_nan():
            tally.slacks.append((room, point))
        if found.fails:
            tally.failing.append(point)
    else:
        tally.unknown += 1


def _shrunk(posed: Posed, seed: int, deadline: float) -> Point | None:
    """The smallest failing point that Hypothesis finds within a number of tries."""
    known: dict[Any, bool] = {}

    def failing(drawn: Point | Empty) -> bool:
        if isinstance(drawn, Empty):
            return False
        key = tuple(drawn.values())
        if key not in known:
            out_of_tries = any(known.values()) and (sum(known.values()) > SHRINK_CALLS or time.monotonic() > deadline)
            known[key] = not out_of_tries and judge(posed, drawn, drawn=True).fails
        return known[key]

    found = search(posed, failing, seed, MAX_DRAWS, (Phase.generate, Phase.shrink))
    return found if isinstance(found, dict) else None


def _verdict(theorem: Theorem, tally: Tally) -> tuple[str, str | None]:
    if tally.gap is not None:
        point, expression = tally.gap
        return "ill-posed", f"{expression} has no value at {point_text(point)}"
    if tally.failing:
        return "refuted", None
    if not tally.allowed:
        return "undecided", "no drawn point satisfies the hypotheses: give a variable as a function of the others, {y: FiniteSet(...)}"
    total = tally.decided + tally.unknown
    if tally.unknown > UNKNOWN_SHARE * total:
        remedy = "narrower sets, or an inequality in place of an equation, would help"
        return "undecided", f"{tally.unknown} of {total} instances could not be decided (more than 1 %); {remedy}"
    if tally.decided < LEAST:
        return "undecided", f"only {tally.decided} distinct instances were decided, {LEAST} are needed"
    return "supported", None


def _domain(posed: Posed, tally: Tally) -> str:
    parts = [f"{tally.decided} instances", *ranges(posed, tally.allowed)]
    counts = (("undecided", tally.unknown), ("rejected", tally.rejected), ("empty", tally.empty))
    parts += [f"{count} {name}" for name, count in counts if count]
    if tally.slacks:
        ordered = sorted((room for room, _ in tally.slacks), key=as_number)
        low, middle, high = (decimal(ordered[i]) for i in (0, len(ordered) // 2, -1))
        parts.append(f"slack {low} (least), {middle} (median), {high} (most)")
    return "; ".join(parts)


def _evidence(verdict: str, domain: str, start: float, reason: str | None) -> Evidence:
    return Evidence(ENGINE, verdict, domain, RELIES_ON, time.monotonic() - start, reason=reason)
