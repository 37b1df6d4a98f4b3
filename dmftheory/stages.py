"""Stages of saddle-point escaping: when each eigenvalue's stage ends, which stages are separate, and the saddles visited in between.

Everything is about identical initialisation. The rate sum N d_i^(2N-2) (lambda_i - d_i^N)^2 is the squared norm of the gradient; it is what
the flow lowers the loss by per unit of time. Theorems: cao.stages in the corpus.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from flint import arb

from dmftheory.errors import InputError
from dmftheory.exact import format_rational
from dmftheory.levels import Level, Passage, passages
from dmftheory.numerics.access import along
from dmftheory.numerics.iterate import Recursion
from dmftheory.numerics.scalars import to_ball, working_precision
from dmftheory.numerics.step_bounds import StepBound
from dmftheory.numerics.ternary import Ternary
from dmftheory.problem import Problem

__all__ = ["Pair", "Stage", "Stages", "Visit", "rate_at", "stages"]

SCHEMA = "dmftheory.stages/1"
MOST_STEPS = 20_000
"""Steps that are compared one by one; beyond, only witnesses are looked for."""

_BITS = 192
_DIGITS = 12
_AROUND = 2
_POINTS, _PASSES = 12, 2
_LARGEST_JSON_INTEGER = 2**53 - 1


@dataclass(frozen=True)
class Stage:
    """The stage of one positive eigenvalue, which ends at `end`: the first step with d^N >= (N-1)/(2N-1) lambda.

    That is where its curvature changes sign, exactly. `growth` is the step that moves the factor most, `decrease` the one that lowers its
    part of the loss most (None: not decided). `height` is the largest rate that it can contribute.
    """

    index: int
    eigenvalue: str
    end: Passage
    growth: int | None
    decrease: int | None
    height: str


@dataclass(frozen=True)
class Visit:
    """The lowest rate found between two stages, at `step`: a visit of the saddle that has learned `rank` eigenvalues.

    `gradient` is the norm of the gradient there, `distance` that to the saddle, over all factors. The escape takes `steps` to the end of
    the next stage; the flow needs between `escape[0]` and `escape[1]` (in steps) for it, and gradient descent no less than the first.
    """

    rank: int
    step: int
    gradient: str
    distance: str
    negative_modes: int
    steps: int | None
    escape: tuple[str, str] | None


@dataclass(frozen=True)
class Pair:
    """Whether the stages `first` and `first` + 1 (counted from 1) are separate peaks of the rate.

    True: at the steps of `witness`, in order, the rate is high, lower, high. False: it rises and falls only once from a little before the
    first end to a little after the second. None: neither is shown, as `reason` says.
    """

    first: int
    separate: Ternary
    witness: tuple[int, int, int] | None
    visit: Visit | None
    reason: str | None


@dataclass(frozen=True)
class Stages:
    """All stages of a problem; `peaks` is the exact number of local maxima of the rate after step 0, None where it is not counted."""

    problem: Problem
    stages: tuple[Stage, ...]
    pairs: tuple[Pair, ...]
    peaks: int | None
    peaks_at_least: int

    @property
    def one_each(self) -> Ternary:
        """Whether there are exactly as many peaks as positive eigenvalues."""
        return None if self.peaks is None else self.peaks == len(self.stages)

    def to_json(self) -> dict[str, object]:
        """Plain lists, dicts, strings and integers, schema dmftheory.stages/1."""
        problem = self.problem
        return {
            "schema": SCHEMA,
            "problem": {
                "depth": problem.depth,
                "spectrum": [str(value) for value in problem.spectrum],
                "alpha": format_rational(problem.alpha),
                "eta": format_rational(problem.eta),
            },
            "stages": [_stage_json(stage) for stage in self.stages],
            "pairs": [_pair_json(pair) for pair in self.pairs],
            "peaks": self.peaks,
            "peaks_at_least": self.peaks_at_least,
            "one_stage_each": self.one_each,
        }


def _integer(value: int | None) -> int | str | None:
    return str(value) if value is not None and abs(value) > _LARGEST_JSON_INTEGER else value


def _stage_json(stage: Stage) -> dict[str, object]:
    return {
        "index": stage.index,
        "eigenvalue": stage.eigenvalue,
        "end": _integer(stage.end.step),
        "bracket": [_integer(end) for end in stage.end.bracket],
        "certified": stage.end.certified,
        "method": stage.end.method,
        "growth": _integer(stage.growth),
        "decrease": _integer(stage.decrease),
        "height": stage.height,
        "reason": stage.end.reason,
    }


def _pair_json(pair: Pair) -> dict[str, object]:
    visit = pair.visit
    return {
        "stages": [pair.first, pair.first + 1],
        "separate": pair.separate,
        "witness": None if pair.witness is None else [_integer(step) for step in pair.witness],
        "reason": pair.reason,
        "visit": None
        if visit is None
        else {
            "rank": visit.rank,
            "step": _integer(visit.step),
            "gradient": visit.gradient,
            "distance": visit.distance,
            "negative_modes": visit.negative_modes,
            "steps_to_escape": _integer(visit.steps),
            "flow_escape": None if visit.escape is None else list(visit.escape),
        },
    }


@dataclass(frozen=True)
class _Clock:
    """Certified states of all eigenvalues at chosen steps."""

    problem: Problem

    @cached_property
    def recursions(self) -> tuple[Recursion, ...]:
        problem = self.problem
        return tuple(Recursion(problem.depth, value, problem.alpha, problem.eta) for value in problem.spectrum)

    def states(self, steps: Sequence[int]) -> list[list[arb]]:
        """For each eigenvalue, balls around d(k) at the increasing steps."""
        return [[_ball(bounds) for bounds in self._along(recursion, steps)] for recursion in self.recursions]

    def _along(self, recursion: Recursion, steps: Sequence[int]) -> list[tuple[Fraction, Fraction] | None]:
        return [found for found, _ in zip(along(recursion, steps, _BITS), steps, strict=False)]

    def rates(self, steps: Sequence[int]) -> list[arb]:
        """Balls around the total rate at the increasing steps."""
        with working_precision(_BITS):
            n, totals = self.problem.depth, [arb(0)] * len(steps)
            for value, states in zip(self.problem.spectrum, self.states(steps), strict=True):
                lam = value.ball(_BITS)
                totals = [total + n * (d ** (n - 1) * (lam - d**n)) ** 2 for total, d in zip(totals, states, strict=True)]
        return totals


def _ball(bounds: tuple[Fraction, Fraction] | None) -> arb:
    return arb.nan() if bounds is None else to_ball(bounds[0]).union(to_ball(bounds[1]))


def rate_at(problem: Problem, steps: Sequence[int]) -> list[arb]:
    """Balls around the rate sum N f_i(d_i)^2, the squared norm of the gradient, at the increasing steps."""
    return _Clock(problem).rates(steps)


def stages(problem: Problem, *, most: int = MOST_STEPS) -> Stages:
    """The stages of a problem with identical initialisation, exact and certified; at most `most` steps are compared one by one.

    Raises InputError for beta > 0 and where no eigenvalue is positive.
    """
    if problem.beta:
        raise InputError("--beta", format_rational(problem.beta), "0: stages are about identical initialisation")
    positive = [i for i, value in enumerate(problem.spectrum) if value.sign > 0]
    if not positive:
        raise InputError("--spectrum", ",".join(str(value) for value in problem.spectrum[:8]), "at least one positive eigenvalue")
    clock = _Clock(problem)
    found = tuple(_stage(clock, i) for i in positive)
    pairs = tuple(_pair(clock, one, other, most) for one, other in pairwise(found))
    peaks = _peaks(clock, found, most)
    return Stages(problem, found, pairs, peaks, _at_least(clock, found, pairs) if peaks is None else peaks)


def inflection(depth: int) -> Fraction:
    """(N-1)/(2N-1), the share of its eigenvalue at which a stage ends."""
    return Fraction(depth - 1, 2 * depth - 1)


def _stage(clock: _Clock, index: int) -> Stage:
    problem, value = clock.problem, clock.problem.spectrum[index]
    n, level = problem.depth, inflection(problem.depth)
    (end,) = passages(n, value, problem.alpha, problem.eta, (Level(level),))
    growth = decrease = None
    if end.step:
        first = max(0, end.step - 3)
        steps = range(first, end.step + 3)
        with working_precision(_BITS):
            lam, states = value.ball(_BITS), [_ball(b) for b in clock._along(clock.recursions[index], steps)]
            growth = _largest([abs(d ** (n - 1) * (lam - d**n)) for d in states], first)
            losses = [(lam - d**n) ** 2 for d in states]
            decrease = _largest([one - other for one, other in pairwise(losses)], first)
    with working_precision(_BITS):
        share = to_ball(level)
        height = n * share ** (2 - arb(2) / n) * (1 - share) ** 2 * value.ball(_BITS) ** (4 - arb(2) / n)
    return Stage(index + 1, str(value), end, growth, decrease, _decimal(height))


def _largest(values: Sequence[arb], first: int) -> int | None:
    """The step, counted from `first`, with the largest value; None where balls overlap."""
    best = [i for i, one in enumerate(values) if all(i == j or one > other for j, other in enumerate(values))]
    return first + best[0] if best else None


def _pair(clock: _Clock, one: Stage, other: Stage, most: int) -> Pair:
    start, end = one.end.step, other.end.step
    if start is None or end is None:
        return Pair(one.index, None, None, None, "the end of a stage is not known exactly")
    if start == 0:
        return Pair(one.index, None, None, None, "the larger eigenvalue starts beyond the end of its stage, which has no peak")
    start, end = min(start, end), max(start, end)  # with a large start the smaller eigenvalue may end its stage first
    first, last = max(0, start - _AROUND), end + _AROUND
    if last - first <= most:
        separate, witness = _compared(clock, first, last)
    else:
        separate, witness = _witnessed(clock, start, end)
    reason = None
    if separate is None:
        reason = (
            "no witness found, and more steps than are compared one by one" if last - first > most else "rates too close to be told apart"
        )
    return Pair(one.index, separate, witness, _visit(clock, one, witness[1], end) if witness else None, reason)


def _compared(clock: _Clock, first: int, last: int) -> tuple[Ternary, tuple[int, int, int] | None]:
    """All steps of a window: is there a valley with higher rates on both sides?"""
    steps = range(first, last + 1)
    rates = clock.rates(steps)
    signs = _signs(rates)
    falls = [i for i, sign in enumerate(signs) if sign == -1]
    if falls:
        left = falls[0]
        rises = [i for i in range(left, len(signs)) if signs[i] == 1]
        if rises:
            bottom = min(range(left, rises[-1] + 1), key=lambda i: rates[i].mid())
            right = max(range(bottom, len(rates)), key=lambda i: rates[i].mid())
            top = max(range(bottom + 1), key=lambda i: rates[i].mid())
            if rates[bottom] < rates[top] and rates[bottom] < rates[right]:
                return True, (first + top, first + bottom, first + right)
            return None, None
    decided = all(sign is not None for sign in signs)
    return (False if decided else None), None


def _signs(rates: Sequence[arb]) -> list[int | None]:
    return [1 if one < other else -1 if one > other else None for one, other in pairwise(rates)]


def _witnessed(clock: _Clock, start: int, end: int) -> tuple[Ternary, tuple[int, int, int] | None]:
    """Far apart: the lowest rate among geometric distances from the first end, finer once; the peaks near the ends; balls decide."""
    low, high = 1.0, float(end - start)
    bottom = start
    for _ in range(_PASSES):
        ratio = (high / low) ** (1 / _POINTS)
        steps = sorted({min(start + round(low * ratio**i), end) for i in range(_POINTS + 1)})
        rates = clock.rates(steps)
        bottom = steps[min(range(len(steps)), key=lambda i: rates[i].mid())]
        low, high = (bottom - start) / ratio, min((bottom - start) * ratio, end - start)
    tops = [sorted({max(0, start - 1), start, min(start + 1, bottom)}), sorted({max(bottom, end - 1), end, end + 1})]
    best = [max(zip(clock.rates(steps), steps, strict=True), key=lambda found: found[0].mid()) for steps in tops]
    (rate,) = clock.rates((bottom,))
    if best[0][1] < bottom < best[1][1] and rate < best[0][0] and rate < best[1][0]:
        return True, (best[0][1], bottom, best[1][1])
    return None, None


def _visit(clock: _Clock, stage: Stage, step: int, end: int) -> Visit:
    problem, n, rank = clock.problem, clock.problem.depth, stage.index
    states = [row[0] for row in clock.states((step,))]
    (rate,) = clock.rates((step,))
    with working_precision(_BITS):
        balls = [value.ball(_BITS) for value in problem.spectrum]
        away = [d - lam.root(n) if i < rank else d for i, (d, lam) in enumerate(zip(states, balls, strict=True))]
        distance = (n * sum((a**2 for a in away), arb(0))).sqrt()
        level = to_ball(inflection(n))
        negative = sum(1 for d, lam in zip(states, balls, strict=True) if lam > 0 and d**n < level * lam)
        escape = _escape(n, balls[rank], states[rank], to_ball(problem.eta))
        return Visit(rank, step, _decimal(rate.sqrt()), _decimal(distance), negative, end - step, escape)


def _escape(n: int, lam: arb, start: arb, eta: arb) -> tuple[str, str] | None:
    """Bounds of the flow's time from d = start to the end of the stage, over eta (corpus: cao.stages.escape, escape_depth_two)."""
    root = lam.root(n)
    x, y = start / root, to_ball(inflection(n)).root(n)
    if not x < y:
        return None
    unit = eta * root ** (2 * n - 2)
    if n == 2:
        low, more = (y / x).log(), -(1 - y**2).log() / 2
    else:
        low, more = (x ** (2 - n) - y ** (2 - n)) / (n - 2), y**2 / (2 * (1 - y**n))
    return _decimal(low / unit), _decimal((low + more) / unit)


def _peaks(clock: _Clock, found: Sequence[Stage], most: int) -> int | None:
    """The number of local maxima of the rate after step 0, counted over all steps up to the last stage's end.

    From there on every contribution falls: those of positive eigenvalues by cao.stages.rate, the others because their factors do. Needs the
    step size of those theorems, alpha below every positive root, and that no two rates overlap.
    """
    problem = clock.problem
    last = _last(found)
    if last is None or last + _AROUND > most or not _safe(problem):
        return None
    if any(recursion.against(Fraction(1)) != -1 for recursion in clock.recursions if recursion.eigenvalue.sign > 0):
        return None
    signs = _signs(clock.rates(range(last + _AROUND + 1)))
    if any(sign is None for sign in signs):
        return None
    return sum(one == 1 and other == -1 for one, other in pairwise(signs))


def _last(found: Sequence[Stage]) -> int | None:
    ends = [stage.end.step for stage in found]
    known = [end for end in ends if end is not None]
    return max(known) if len(known) == len(ends) else None


def _safe(problem: Problem) -> bool:
    return not StepBound.of_problem(problem.depth, problem.spectrum, problem.alpha).exceeded_by(problem.eta)


def _at_least(clock: _Clock, found: Sequence[Stage], pairs: Sequence[Pair]) -> int:
    """Certified rises that are followed by certified falls, among step 0, the ends and the witnesses; at a safe step size the rate tends
    to 0, which ends the last rise.
    """
    wanted = {0, *(stage.end.step for stage in found if stage.end.step), *(step for pair in pairs for step in pair.witness or ())}
    rates = clock.rates(sorted(wanted))
    count, rising, turn = 0, False, rates[0]
    for rate in rates[1:]:
        if rate > turn:
            rising, turn = True, rate
        elif rate < turn:
            count, rising, turn = count + rising, False, rate
    return count + (rising and _safe(clock.problem))


def _decimal(value: arb) -> str:
    return str(value.str(_DIGITS, radius=False))
