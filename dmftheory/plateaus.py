"""Plateaus of the effective rank: the steps between the last learned eigenvalue and the first one still to come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from dmftheory.exact import format_rational
from dmftheory.levels import Level, Passage
from dmftheory.numerics.eigenvalues import compare
from dmftheory.numerics.scalars import end_points, exact_fraction, size, to_ball, working_precision
from dmftheory.numerics.step_bounds import StepBound
from dmftheory.problem import Problem

_BITS = 128
_DIGITS = 20
_HALF = Fraction(1, 2)
_SHORT_BITS = 4096
_TINY = Fraction(1, 10**4000)


@dataclass(frozen=True)
class Plateau:
    """Steps `from_step` .. `to_step` (None: for ever) in which the effective rank of the product is within `distance` of `target` = r(W_L).

    W_L is the best approximation of rank `rank` = L, `eps` the tolerance, `delta0` the level that no eigenvalue beyond L has passed.
    Numbers are exact rationals or decimals rounded to 20 digits (`distance` upward).
    """

    rank: int
    from_step: int
    to_step: int | None
    target: str
    eps: str
    delta0: str
    distance: str


@dataclass(frozen=True)
class NoPlateau:
    """Why no step is certified for rank L = `rank`; `smaller_start` says whether a smaller alpha could change that."""

    rank: int
    reason: str
    smaller_start: bool = False


def small_levels(problem: Problem, rank: int, eps: Fraction) -> tuple[Fraction, ...]:
    """The candidates for delta0 at plateau L = `rank`, smallest first.

    C2 needs delta0 >= alpha^N and bounds the distance by (eps r(W_L) + (n - L) delta0 / lambda_1) / (1 - eps). The candidates are
    f min(lambda_(L+1), (lambda_1 + ... + lambda_L)/(n - L)) for the fractions f = eps, 2 eps, 4 eps, ... up to 1/2: the next eigenvalue has
    grown to no more than the fraction f of its limit, and all those to come weigh together no more than the fraction f of the learned ones.
    At f = eps both terms of the bound are then at most eps r(W_L); coarser ones serve where alpha is so large that the finest is passed
    before the learned eigenvalues have arrived. If nothing positive is still to come, alpha^N itself is never exceeded.
    """
    least = _start(problem)
    if rank == len(problem.spectrum) or problem.spectrum[rank].sign <= 0:
        return (least,)
    following = problem.spectrum[rank].enclosure(_BITS)[0]
    learned = sum((value.enclosure(_BITS)[0] for value in problem.spectrum[:rank]), Fraction(0)) / (len(problem.spectrum) - rank)
    unit = shortened(min(following, learned), exact=all(value.rational is not None for value in problem.spectrum[: rank + 1]))
    fractions = [eps]
    while 2 * fractions[-1] <= _HALF:
        fractions.append(2 * fractions[-1])
    return tuple(fraction * unit for fraction in fractions if fraction * unit > least)


def _start(problem: Problem) -> Fraction:
    """alpha^N if that is short, otherwise something a little larger: 20 digits of it, and never below 10^-4000."""
    if problem.depth * size(problem.alpha) <= _SHORT_BITS:
        return problem.alpha**problem.depth
    with working_precision(_BITS):
        bound = to_ball(problem.alpha) ** problem.depth
        highest = exact_fraction(end_points(bound)[1]) if bound > to_ball(_TINY) else _TINY
    return _TINY if highest is None else shortened(highest, exact=False, up=True)


def wanted_levels(problem: Problem, index: int, eps: Fraction) -> tuple[Level, ...]:
    """The levels of eigenvalue number `index` (from 0) that plateaus ask for: (1 - eps) lambda, and delta0 of the plateau before it."""
    small = small_levels(problem, index, eps) if index else ()
    return (Level(1 - eps), *(Level(delta0, absolute=True) for delta0 in small))


def windows(problem: Problem, eps: Fraction, found: Sequence[Mapping[Level, Passage]]) -> tuple[Plateau | NoPlateau, ...]:
    """For each rank L = 1..n its plateau or why there is none, from exact passages.

    `found[i]` answers `wanted_levels` for each positive eigenvalue. Proved under B1 (eta <= 1/(N M^(2N-2))), alpha^N < (1 - eps) lambda_L
    and lambda_L > lambda_(L+1); a plateau one of whose ends is not known exactly is left out. Of the eigenvalues beyond L only the first is
    asked: for 0 <= d <= e <= r(lambda) and mu <= lambda the step of d towards mu ends below the step of e towards lambda (the map is
    increasing in the state on [0, r(lambda)], and in lambda), so a smaller eigenvalue reaches delta0 no earlier.
    """
    ranks = range(1, len(problem.spectrum) + 1)
    if problem.beta:
        return tuple(NoPlateau(rank, "plateaus are proved for identical initialisation, --beta 0") for rank in ranks)
    if StepBound.of_problem(problem.depth, problem.spectrum, problem.alpha).exceeded_by(problem.eta):
        return tuple(NoPlateau(rank, "plateaus are proved for step sizes up to 1/(N M^(2N-2)), see --eta auto") for rank in ranks)
    return tuple(window(problem, eps, rank, found) for rank in ranks)


def window(problem: Problem, eps: Fraction, rank: int, found: Sequence[Mapping[Level, Passage]]) -> Plateau | NoPlateau:
    """The plateau of one rank; under identical initialisation and a step size that `windows` has checked."""
    spectrum = problem.spectrum
    if spectrum[rank - 1].sign <= 0:
        return NoPlateau(rank, f"{'negative' if spectrum[rank - 1].sign else 'zero'} eigenvalue, never learned")
    if rank < len(spectrum) and compare(spectrum[rank - 1], spectrum[rank]) == 0:
        return NoPlateau(rank, f"eigenvalues {rank} and {rank + 1} are equal and learned together")
    arrivals = [found[i][Level(1 - eps)] for i in range(rank)]
    early = next((i for i, arrival in enumerate(arrivals, 1) if arrival.step == 0), None)
    if early is not None:  # C2 excludes it for lambda_L, hence for all before it.
        return NoPlateau(rank, f"alpha^N is not below (1 - eps) times eigenvalue {early}", smaller_start=True)
    steps = [arrival.step for arrival in arrivals if arrival.step is not None]
    if len(steps) < rank:
        return NoPlateau(rank, "the arrival of a learned eigenvalue is not known to the step")
    levels = small_levels(problem, rank, eps)
    if rank == len(spectrum) or spectrum[rank].sign <= 0:
        return _described(problem, eps, rank, max(steps), None, levels[0])
    for delta0 in levels:
        departure = found[rank][Level(delta0, absolute=True)]
        if departure.step is not None and departure.step - 1 >= max(steps):
            return _described(problem, eps, rank, max(steps), departure.step - 1, delta0)
    return _overlap(rank, max(steps), [found[rank][Level(delta0, absolute=True)] for delta0 in levels])


def _overlap(rank: int, start: int, departures: Sequence[Passage]) -> NoPlateau:
    """The next eigenvalue leaves too early: said of the largest delta0, which it passes last."""
    if not departures:
        return NoPlateau(rank, f"eigenvalue {rank + 1} starts above every delta0 that would do", smaller_start=True)
    last = departures[-1].step
    if last is None:
        return NoPlateau(rank, f"the passage of eigenvalue {rank + 1} to delta0 is not known to the step")
    return NoPlateau(rank, f"eigenvalue {rank + 1} passes delta0 at step {last}, {rank} is learned at {start}", smaller_start=True)


def _described(problem: Problem, eps: Fraction, rank: int, start: int, end: int | None, delta0: Fraction) -> Plateau:
    learned, rest = problem.spectrum[:rank], len(problem.spectrum) - rank
    rationals = [value.rational for value in learned]
    exact = [value for value in rationals if value is not None]
    if len(exact) == rank:
        target = sum(exact, Fraction(0)) / exact[0]
        distance = (eps * target + rest * delta0 / exact[0]) / (1 - eps)
        return Plateau(rank, start, end, format_rational(target), format_rational(eps), format_rational(delta0), format_rational(distance))
    with working_precision(_BITS):
        balls = [value.ball(_BITS) for value in learned]
        ratio = sum(balls[1:], balls[0]) / balls[0]
        bound = (to_ball(eps) * ratio + rest * to_ball(delta0) / balls[0]) / (1 - to_ball(eps))
        highest = exact_fraction(end_points(bound)[1])
        if highest is None:
            raise ArithmeticError("the distance of a plateau is not finite")
        return Plateau(
            rank,
            start,
            end,
            ratio.str(_DIGITS, radius=False),
            format_rational(eps),
            format_rational(delta0),
            format_rational(shortened(highest, exact=False, up=True)),
        )


def shortened(value: Fraction, *, exact: bool, up: bool = False) -> Fraction:
    """A positive rational rounded to 20 significant decimal digits, down or up, unless it is to be kept."""
    if exact:
        return value
    places = _DIGITS - len(str(int(value))) if value >= 1 else _DIGITS + len(str(int(1 / value)))
    scaled = value * Fraction(10) ** places
    digits = -(-scaled.numerator // scaled.denominator) if up else scaled.numerator // scaled.denominator
    return Fraction(digits) / Fraction(10) ** places
