"""First passages as exact integers: the first step k at which an eigenvalue of the product reaches a level."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from dmftheory.errors import InputError
from dmftheory.numerics.abel_falling import falling_count, root_bounds
from dmftheory.numerics.abel_passage import Goal, far_state, rising_count
from dmftheory.numerics.crossing import Progress, bracket_crossings, direct_crossing
from dmftheory.numerics.flow import crossing_bracket, flow_steps
from dmftheory.numerics.iterate import Recursion, increasing_to, monotone
from dmftheory.numerics.perturbed import confined, pair_crossing
from dmftheory.numerics.perturbed_flow import perturbed_flow_steps
from dmftheory.numerics.scalars import Bounds, size, to_ball
from dmftheory.numerics.ties import exact_decision, tie_excluded

if TYPE_CHECKING:
    from dmftheory.numerics.eigenvalues import Eigenvalue

MAX_STEPS = 10**7
MAX_DIRECT_STEPS = 10**6  # a step of the mean value form costs about ten times as much

_FIRST_BITS, _LAST_BITS = 64, 4096
_ITERATED = "certified iteration: too few steps, or too large a step size, for a jump by the Abel function"
_PAIRS = "certified iteration of both factors"
_UNORDERED_FAR = "a jump by the Abel function to step {}, then certified iteration: further up the map does not keep order"
_UNORDERED = "certified iteration: the step size is too large for the map to keep order, which a jump needs"


@dataclass(frozen=True)
class Level:
    """A level for the product: `threshold` * lambda, or `threshold` itself when `absolute`."""

    threshold: Fraction
    absolute: bool = False


@dataclass(frozen=True)
class Passage:
    """The answer to one passage question.

    `step` is the exact first step, None if there is none or it is not known. `bracket` encloses it (upper end None: no upper bound is
    known, or there is none). `never` says that the level is certainly never reached. `method` is 'direct' (certified iteration), 'abel'
    (a jump by the Abel function), 'abel+direct' (a jump, then iteration) or 'exact' (settled in rational or algebraic arithmetic).
    `reason` says why `step` is None, `why` why the method was taken and what it rests on. `flow_steps` is gradient flow's time / eta.
    """

    step: int | None
    bracket: tuple[int, int | None]
    certified: bool
    method: str
    never: bool = False
    flow_steps: str | None = None
    reason: str | None = None
    why: str | None = None


def first_passage(
    depth: int,
    eigenvalue: "Eigenvalue",
    alpha: Fraction,
    eta: Fraction,
    threshold: Fraction,
    *,
    absolute: bool = False,
    max_steps: int = MAX_STEPS,
    progress: Progress | None = None,
) -> Passage:
    """The first step k with d(k)^N >= threshold * lambda (or >= threshold when `absolute`), d(0) = alpha, certified.

    Steps of gradient descent with step size eta; `flow_steps` is the flow's time divided by eta. Without `absolute` the question has no
    meaning for lambda <= 0 and the answer is null by definition, with the reason. Raises InputError for depth < 2, alpha < 0 or eta < 0.
    """
    level = Level(threshold, absolute)
    (found,) = passages(depth, eigenvalue, alpha, eta, (level,), max_steps=max_steps, progress=progress)
    if found.never or (found.step == 0) or (eigenvalue.sign <= 0 and not absolute) or not alpha:
        return found
    return replace(found, flow_steps=flow_steps(depth, eigenvalue, alpha, eta, threshold, absolute))


def passages(
    depth: int,
    eigenvalue: "Eigenvalue",
    alpha: Fraction,
    eta: Fraction,
    levels: Sequence[Level],
    *,
    max_steps: int = MAX_STEPS,
    progress: Progress | None = None,
) -> tuple[Passage, ...]:
    """First passages of one trajectory to several levels, in one sweep; the same answers as `first_passage`, without `flow_steps`."""
    if depth < 2 or alpha < 0 or eta < 0:
        argument, value = ("depth", depth) if depth < 2 else ("alpha", alpha) if alpha < 0 else ("eta", eta)
        raise InputError(argument, str(value), "depth >= 2, alpha >= 0, eta >= 0")
    recursion = Recursion(depth, eigenvalue, alpha, eta)
    found = [_without_iterating(recursion, level) for level in levels]
    todo = [i for i, answer in enumerate(found) if answer is None]
    if todo:
        reached = _sweep(recursion, [levels[i] for i in todo], max_steps, progress)
        for i, answer in zip(todo, reached, strict=True):
            found[i] = answer
    return tuple(answer for answer in found if answer is not None)


def steps_between(depth: int, eigenvalue: "Eigenvalue", eta: Fraction, start: Level, end: Level, *, max_steps: int = MAX_STEPS) -> Passage:
    """How many steps of size eta lead from d^N = `start` to `end` or beyond, in whichever direction gradient descent moves.

    Rising: 0 < start < end < lambda. Falling: start > end > max(lambda, 0). The map has to keep order between them (see
    `numerics.iterate`). Raises InputError for levels that no trajectory joins in this order, and for a step size beyond that.
    """
    recursion = Recursion(depth, eigenvalue, Fraction(0), eta)
    origin, goal = Goal(start.threshold, start.absolute), Goal(end.threshold, end.absolute)
    low, high = root_bounds(recursion, origin, 2 * _FIRST_BITS)
    ordered = [_sign_between(eigenvalue, one, other) for one, other in ((start, end), (end, Level(Fraction(1))))]
    if start.threshold > 0 and end.threshold > 0 and eta > 0 and eigenvalue.sign > 0 and ordered == [-1, -1]:
        rising, recursion = True, replace(recursion, alpha=low)
    elif start.threshold > 0 and end.threshold > 0 and eta > 0 and ordered[0] == 1 and (eigenvalue.sign <= 0 or ordered[1] == 1):
        rising, recursion = False, replace(recursion, alpha=high)
    else:
        raise InputError("levels", f"{start.threshold} to {end.threshold}", "0 < start < end < lambda, or start > end > max(lambda, 0)")
    if monotone(recursion) is not True:
        raise InputError("eta", str(eta), "a step size with which the map keeps order between the levels")
    count = None
    for count in rising_count(recursion, goal, origin=origin) if rising else falling_count(recursion, goal, origin):
        if count.first == count.last:
            return Passage(count.first, (count.first, count.first), True, count.method, why=count.why)
    if rising and (count is None or count.last <= max_steps):
        return _counted(recursion, origin, goal, max_steps)
    if count is None:
        return _unknown((1, None), "too many steps to iterate, and the step size is too large for a jump")
    return _unknown((count.first, count.last), f"the level and an iterate are too close to be told apart: {count.why}", count.method)


def _sign_between(eigenvalue: "Eigenvalue", one: Level, other: Level) -> int | None:
    """The sign of the difference of two levels; None where it is not decided."""
    if one.absolute == other.absolute:
        sign = (one.threshold > other.threshold) - (one.threshold < other.threshold)
        return sign if one.absolute else sign * eigenvalue.sign
    if one.absolute:
        return Recursion(1, eigenvalue, one.threshold, Fraction(0)).against(other.threshold)
    flipped = _sign_between(eigenvalue, other, one)
    return None if flipped is None else -flipped


def _counted(recursion: Recursion, origin: Goal, goal: Goal, max_steps: int) -> Passage:
    """Iteration from an enclosure of the state at a level, at growing precision."""
    precision, bracket = 2 * _FIRST_BITS, None
    while precision <= _LAST_BITS:
        ends = root_bounds(recursion, origin, precision)
        found = bracket_crossings(recursion, [goal.bounds(recursion, precision)], precision, max_steps, start=ends)
        bracket = bracket if found is None else found[0]
        if found is not None and bracket is not None and bracket[0] == bracket[1]:
            return Passage(bracket[0], bracket, True, "direct", why=_ITERATED)
        precision *= 2
    return _unknown(bracket or (0, None), "the last step ends too close to the level to be told apart from it")


def _never(reason: str) -> Passage:
    return Passage(None, (0, None), True, "exact", never=True, reason=reason)


def _unknown(bracket: tuple[int, int | None], reason: str, method: str = "direct") -> Passage:
    return Passage(None, bracket, False, method, reason=reason)


def _without_iterating(recursion: Recursion, level: Level) -> Passage | None:
    """The answers that need no iteration: by definition, step 0, and the levels that order preservation puts out of reach.

    Where the map is increasing on [0, max(alpha, r)] (see `iterate`), alpha < r gives d(k) < r for every k, because r is a fixed point and
    an increasing map that is nowhere constant keeps the strict order; every other start gives a nonincreasing sequence.
    """
    sign = recursion.eigenvalue.sign
    if sign <= 0 and not level.absolute:
        reason = f"{'negative' if sign else 'zero'} eigenvalue: identical initialisation never learns it, so no level is set"
        return Passage(None, (0, None), True, "exact", reason=reason)
    start = recursion.against(level.threshold, level.absolute)
    if start is None:
        return _unknown((0, None), "alpha^N and the level could not be told apart; write shorter numbers")
    if start >= 0:
        return Passage(0, (0, 0), True, "exact")
    if recursion.alpha == 0 or recursion.eta == 0:
        return _never("the iteration does not move: alpha or eta is zero")
    if monotone(recursion) is not True:
        falling = "the sequence never increases and starts below the level"
        return _never(falling) if _falls(recursion) else None
    if sign <= 0 or recursion.against(Fraction(1)) != -1:
        return _never("the sequence is nonincreasing and starts below the level")
    reachable = _below_lambda(recursion, level)
    if reachable is None:
        return _unknown((1, None), "the level could not be told apart from the eigenvalue")
    return None if reachable else _never("the sequence increases to lambda^(1/N) without reaching it, and the level is not below lambda")


def _falls(recursion: Recursion) -> bool:
    """Whether the sequence is certainly nonincreasing and nonnegative although the map may not be increasing (B1 with M = alpha).

    alpha >= r > 0: r - d' = (r - d)(1 - eta g(d)) with 0 <= eta g(d) <= N eta alpha^(2N-2) <= 1 keeps d above r. lambda <= 0:
    d' = d (1 - q) with 0 <= q <= eta alpha^(N-2) (alpha^N - lambda) <= 1 keeps d >= 0.
    """
    n, alpha, eta = recursion.depth, recursion.alpha, recursion.eta
    if recursion.eigenvalue.sign > 0:
        return recursion.against(Fraction(1)) in (0, 1) and n * eta * alpha ** (2 * n - 2) <= 1
    sign = recursion.sign_of(
        lambda lam: 1 - to_ball(eta) * to_ball(alpha) ** (n - 2) * (to_ball(alpha) ** n - lam),
        lambda lam: 1 - eta * alpha ** (n - 2) * (alpha**n - lam),
        (2 * n - 2) * size(alpha) + size(eta),
    )
    return sign in (0, 1)


def _below_lambda(recursion: Recursion, level: Level) -> bool | None:
    if not level.absolute:
        return level.threshold < 1
    sign = Recursion(1, recursion.eigenvalue, level.threshold, recursion.eta).against(Fraction(1))
    return None if sign is None else sign < 0


def _bounds(recursion: Recursion, level: Level, precision: int) -> Bounds:
    if level.absolute:
        return level.threshold, level.threshold
    low, high = recursion.eigenvalue.enclosure(precision + 16)
    return level.threshold * low, level.threshold * high


def _sweep(recursion: Recursion, levels: Sequence[Level], max_steps: int, progress: Progress | None) -> list[Passage]:
    """Certified iteration at growing precision until every level is decided."""
    if monotone(recursion) is not True:
        return [_directly(recursion, level, max_steps, progress) for level in levels]
    answers = {i: answer for i, level in enumerate(levels) if (answer := _jumped(recursion, level, max_steps, progress)) is not None}
    answers |= {
        i: answer for i, level in enumerate(levels) if i not in answers and (answer := _too_far(recursion, level, max_steps)) is not None
    }
    undecided = [i for i in range(len(levels)) if i not in answers]
    precision = _FIRST_BITS + _amplification(recursion)
    last_precision = max(_LAST_BITS, 4 * precision)
    while undecided:
        precision *= 2
        bounds = [_bounds(recursion, levels[i], precision) for i in undecided]
        brackets = bracket_crossings(recursion, bounds, precision, max_steps, progress)
        if brackets is None:
            continue  # a level very close to lambda; more bits tell them apart
        for i, (first, last) in zip(tuple(undecided), brackets, strict=True):
            answer = _settled(recursion, levels[i], first, last, max_steps, precision >= last_precision)
            if answer is not None:
                answers[i] = answer
                undecided.remove(i)
    return [answers[i] for i in range(len(levels))]


def _jumped(recursion: Recursion, level: Level, max_steps: int, progress: Progress | None) -> Passage | None:
    """The answer of the Abel function; None where iterating is as good or has to decide."""
    count = None
    for count in rising_count(recursion, Goal(level.threshold, level.absolute), progress):
        if count.first == count.last:
            return Passage(count.first, (count.first, count.first), True, count.method, why=count.why)
        if count.last == count.first + 1:
            reached = exact_decision(recursion, level.threshold, level.absolute, count.first)
            if reached is not None:
                step = count.first if reached else count.last
                return Passage(step, (step, step), True, "exact")
    if count is None or count.first <= max_steps:
        return None
    return _unknown((count.first, count.last), f"the level and an iterate are too close to be told apart: {count.why}", count.method)


def _too_far(recursion: Recursion, level: Level, max_steps: int) -> Passage | None:
    start = (recursion.depth, recursion.eigenvalue, recursion.alpha, recursion.eta)
    bracket = crossing_bracket(*start, level.threshold, level.absolute)
    if bracket is None or bracket[0] <= max_steps:
        return None
    reason = "the bracket comes from flow times, raise max_steps to iterate" if bracket[1] is not None else "too many to be written out"
    return _unknown(bracket, f"more than {max_steps} steps; {reason}")


def _settled(recursion: Recursion, level: Level, first: int, last: int | None, max_steps: int, final: bool) -> Passage | None:
    """The answer that a bracket of counts allows, None where more precision is wanted."""
    if first == last:
        return Passage(first, (first, first), True, "direct", why=_ITERATED)
    if last is None:
        if first < max_steps and not final:
            return None
        return _unknown((first, None), f"not reached within {max_steps} steps; raise max_steps")
    if last == first + 1:
        reached = exact_decision(recursion, level.threshold, level.absolute, first)
        if reached is not None:
            step = first if reached else last
            return Passage(step, (step, step), True, "exact")
        if tie_excluded(recursion, level.threshold, level.absolute, first):
            return None
    return _unknown((first, last), f"a tie at step {first} is neither proved nor excluded; another threshold decides") if final else None


def _directly(recursion: Recursion, level: Level, max_steps: int, progress: Progress | None) -> Passage:
    """A step size beyond order preservation: certified iteration while it lasts."""
    allowed, precision = min(max_steps, MAX_DIRECT_STEPS), 2 * _FIRST_BITS
    rising = recursion.eigenvalue.sign > 0 and recursion.against(Fraction(1)) == -1 and _below_lambda(recursion, level) is True
    if rising and increasing_to(recursion, root_bounds(recursion, Goal(level.threshold, level.absolute), precision)[1]) is True:
        answer = _jumped(recursion, level, max_steps, progress)
        if answer is not None:
            return answer
    while True:
        skipped = far_state(recursion, Goal(level.threshold, level.absolute), -precision // 2) if rising else None
        done, start = (0, None) if skipped is None else skipped
        verdict, k = direct_crossing(recursion, level.threshold, level.absolute, precision, allowed, progress, start)
        k += done
        if verdict == "reached":
            method, why = ("direct", _UNORDERED) if start is None else ("abel+direct", _UNORDERED_FAR.format(done))
            return Passage(k, (k, k), True, method, why=why)
        if verdict == "never":
            return _never(f"from step {k} on the iterates stay closer to lambda^(1/N) than the level is")
        if verdict == "unsettled":
            return _unknown((k, None), f"not reached within {k} steps, and eta is too large for a monotone sequence; take a smaller eta")
        if verdict == "undecided":
            reached = exact_decision(recursion, level.threshold, level.absolute, k)
            if reached:
                return Passage(k, (k, k), True, "exact")
        precision *= 2
        if precision > _LAST_BITS:
            reason = f"{verdict} at step {k} with {precision // 2} bits, eta is too large for a stable run; take a smaller eta"
            return _unknown((k, None), reason)


def perturbed_passage(
    depth: int,
    eigenvalue: "Eigenvalue",
    alpha: Fraction,
    beta: Fraction,
    eta: Fraction,
    threshold: Fraction,
    *,
    max_steps: int = MAX_STEPS,
    progress: Progress | None = None,
) -> Passage:
    """The first step k at which a(k) b(k)^(N-1) is the share `threshold` of lambda, a(0) = alpha - beta, b(0) = alpha.

    Perturbed identical initialisation: a negative eigenvalue is learned too, its product falls through 0 to it. Certified by iterating a
    disc (see `numerics.perturbed`), with twice the bits wherever it grew too wide to decide; null by definition for lambda = 0.
    """
    if eigenvalue.sign == 0:
        return Passage(None, (0, None), True, "exact", reason="zero eigenvalue: no level is set")
    if threshold > 1 and confined(depth, eigenvalue, alpha, beta, eta):
        return _never("the product never passes its eigenvalue at this step size, and the level lies beyond it")
    precision = 2 * _FIRST_BITS
    while True:
        verdict, k = pair_crossing(depth, eigenvalue, alpha, beta, eta, threshold, precision, min(max_steps, MAX_DIRECT_STEPS), progress)
        if verdict == "reached":
            flow = perturbed_flow_steps(depth, eigenvalue, alpha, beta, eta, threshold) if k else None
            return Passage(k, (k, k), True, "direct", flow_steps=flow, why=_PAIRS)
        if verdict == "unsettled":
            return _unknown((k, None), f"not reached within {k} steps; a larger alpha or eta brings it closer")
        rational = eigenvalue.rational
        if k == 0 and rational is not None and rational > 0 and (alpha - beta) * alpha ** (depth - 1) >= threshold * rational:
            return Passage(0, (0, 0), True, "exact")
        precision *= 2
        if precision > _LAST_BITS:
            return _unknown((k, None), f"{verdict} at step {k} with {precision // 2} bits; another threshold or a smaller eta decides")


def _amplification(recursion: Recursion) -> int:
    """Bits lost on the way up: relative errors grow like (r / alpha)^(N-2), that is (lambda / alpha^N)^((N-2)/N)."""
    top, alpha = recursion.eigenvalue.enclosure(_FIRST_BITS)[1], recursion.alpha
    bits = max(0, _log2(top) + 1 - recursion.depth * (_log2(alpha) - 1))
    return -(-bits * (recursion.depth - 2) // recursion.depth // 32) * 32


def _log2(value: Fraction) -> int:
    """The binary logarithm of a positive rational, with an error of at most 1."""
    return value.numerator.bit_length() - value.denominator.bit_length()
