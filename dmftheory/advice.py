"""When to stop: for each rank the certified window of steps, a step inside it, and what a noisy matrix still tells about the true one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from dmftheory.exact import format_rational
from dmftheory.levels import Level, Passage, passages
from dmftheory.numerics.eigenvalues import Eigenvalue
from dmftheory.plateaus import NoPlateau, Plateau, shortened, small_levels, window
from dmftheory.problem import Problem

_BITS = 128
_LAST_BITS = 4096
_HALVINGS = 256  # alpha / 2^256 is beyond any use
_SEARCHES = 64  # ranks of one problem for which a smaller alpha is looked for
_SEARCH_STEPS = 10**5  # where no jump is possible, a longer run is not worth a piece of advice


@dataclass(frozen=True)
class Noise:
    """What is certain when the matrix is a true target plus noise of spectral norm at most `bound`.

    While eigenvalue number `rank` is learned to within the tolerance, that of the product differs from the true one by at most `error` =
    eps mu + `bound` (None: it is never learned). `gap_survives`: 2 `bound` < mu_L - mu_(L+1), so that the true target has a gap there too
    (None: there is no next eigenvalue, or the two sides could not be told apart).
    """

    bound: str
    error: str | None
    gap_survives: bool | None


@dataclass(frozen=True)
class Advice:
    """Where to stop with `rank` eigenvalues learned: any step of `window`, best at `stop_at`; there r(W) is within `distance` of `target`.

    Without a window `reason` says why, and `alpha` is a smaller start with which there is one, certified (None: none was found).
    """

    rank: int
    window: tuple[int, int | None] | None
    stop_at: int | None
    target: str | None
    distance: str | None
    reason: str | None
    alpha: str | None
    noise: Noise | None


def advise(problem: Problem, eps: Fraction, ranks: Sequence[Plateau | NoPlateau], noise: Fraction | None = None) -> tuple[Advice, ...]:
    """One piece of advice for each rank, from what `plateaus.windows` found; `noise` bounds the spectral norm of the noise in the target.

    The step advised is the middle of the window, farthest from both ends, or the start of a window without end.
    """
    searches = _SEARCHES
    given: list[Advice] = []
    for found in ranks:
        heard = None if noise is None else _noise(problem, eps, found.rank, noise)
        if isinstance(found, Plateau):
            first, last = found.from_step, found.to_step
            stop = first if last is None else (first + last) // 2
            given.append(Advice(found.rank, (first, last), stop, found.target, found.distance, None, None, heard))
            continue
        start = None
        if found.smaller_start and searches:
            searches -= 1
            start = opening(problem, eps, found.rank)
        given.append(Advice(found.rank, None, None, None, None, found.reason, None if start is None else format_rational(start), heard))
    return tuple(given)


def opening(problem: Problem, eps: Fraction, rank: int) -> Fraction | None:
    """Some alpha / 2^j, j <= 256, with which this rank has a certified window at the same step size; None where none was found.

    j grows as 1, 2, 4, ... until the passages of eigenvalues L and L + 1 leave room, then is brought down by bisection; that others than L
    do not arrive later still is checked at the end. A smaller start keeps M, hence the bound on the step size.
    """
    failed, j = 0, 1
    while j <= _HALVINGS and not _room(problem, eps, rank, j):
        failed, j = j, 2 * j
    if j > _HALVINGS:
        return None
    while j - failed > 1:
        middle = (failed + j) // 2
        if _room(problem, eps, rank, middle):
            j = middle
        else:
            failed = middle
    while j <= _HALVINGS and not isinstance(_window(problem, eps, rank, j), Plateau):
        j *= 2
    return problem.alpha / 2**j if j <= _HALVINGS else None


def _room(problem: Problem, eps: Fraction, rank: int, halvings: int) -> bool:
    """Whether eigenvalue L arrives before L + 1 leaves; a guess about the rank, as the arrivals before L are not asked for."""
    posed = replace(problem, alpha=problem.alpha / 2**halvings)
    (arrival,) = _passages(posed, rank - 1, (Level(1 - eps),))
    departures = _passages(posed, rank, _departures(posed, eps, rank)[-1:])
    start = arrival.step
    return bool(start) and all(departure.step is not None and start is not None and departure.step > start for departure in departures)


def _window(problem: Problem, eps: Fraction, rank: int, halvings: int) -> Plateau | NoPlateau:
    posed = replace(problem, alpha=problem.alpha / 2**halvings)
    found = []
    for i in range(min(rank + 1, len(posed.spectrum))):
        levels = (Level(1 - eps),) if i < rank else _departures(posed, eps, rank)
        found.append(dict(zip(levels, _passages(posed, i, levels), strict=True)))
    return window(posed, eps, rank, found)


def _departures(problem: Problem, eps: Fraction, rank: int) -> tuple[Level, ...]:
    """The levels that eigenvalue L + 1 must not have passed; none if it is never learned."""
    if rank == len(problem.spectrum) or problem.spectrum[rank].sign <= 0:
        return ()
    return tuple(Level(delta0, absolute=True) for delta0 in small_levels(problem, rank, eps))


def _passages(problem: Problem, index: int, levels: Sequence[Level]) -> tuple[Passage, ...]:
    if not levels:
        return ()
    return passages(problem.depth, problem.spectrum[index], problem.alpha, problem.eta, levels, max_steps=_SEARCH_STEPS)


def _noise(problem: Problem, eps: Fraction, rank: int, bound: Fraction) -> Noise:
    value = problem.spectrum[rank - 1]
    error = None
    if value.sign > 0 and not problem.beta:
        highest = eps * value.enclosure(_BITS)[1] + bound
        error = format_rational(shortened(highest, exact=value.rational is not None, up=True))
    gap = None if rank == len(problem.spectrum) else _exceeds(value, problem.spectrum[rank], 2 * bound)
    return Noise(format_rational(bound), error, gap)


def _exceeds(larger: Eigenvalue, smaller: Eigenvalue, bound: Fraction) -> bool | None:
    """Whether larger - smaller > bound; None where irrational eigenvalues are too close to it."""
    bits = _BITS
    while bits <= _LAST_BITS:
        (low, high), (least, most) = larger.enclosure(bits), smaller.enclosure(bits)
        if low - most > bound:
            return True
        if high - least <= bound:
            return False
        bits *= 2
    return None
