"""Certified first crossings of levels by an increasing trajectory: two directed runs, one per end.

Hypotheses (checked by the caller): lambda > 0, alpha < r = lambda^(1/N), (H) of `iterate` on [0, r], every level below lambda. The true
iterate lies between the ends, so a level is first reached no earlier than by the upper end and no later than by the lower end; where the
two counts agree the count is exact.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

from flint import arb
from gmpy2 import mpfr

from dmftheory.numerics.iterate import Recursion, bounded, mean_value_step
from dmftheory.numerics.kernels import DOWN, UP, climb, climbable, root, rounded, rounding
from dmftheory.numerics.scalars import Bounds, compare, to_ball, working_precision

Progress = Callable[[int], None]

_TRAP_EVERY, _TRAP_SIZES = 16, 24
_BLOCK = 200_000  # steps between two progress reports


def bracket_crossings(
    recursion: Recursion,
    levels: Sequence[Bounds],
    precision: int,
    max_steps: int,
    progress: Progress | None = None,
    start: Bounds | None = None,
) -> list[tuple[int, int | None]] | None:
    """For each level (lower and upper rational bound of d^N) a bracket of the first k with d(k)^N >= level.

    `start` encloses d(0) where that is not alpha. An upper end None means that `max_steps` ran out. None instead of the list: the
    precision is too low to run at all.
    """
    low, high = recursion.eigenvalue.enclosure(precision + 16)
    if not all(climbable(recursion.depth, level[1], low, precision) for level in levels):
        return None
    first, second = (recursion.alpha, recursion.alpha) if start is None else start
    earliest = _run(recursion, second, high, [level[0] for level in levels], UP, precision, max_steps, progress)
    if all(count is None for count in earliest):
        return [(max_steps, None)] * len(levels)
    latest = _run(recursion, first, low, [level[1] for level in levels], DOWN, precision, max_steps, progress)
    return [(max_steps if early is None else early, late) for early, late in zip(earliest, latest, strict=True)]


def _run(
    recursion: Recursion,
    start: Fraction,
    lam: Fraction,
    levels: Sequence[Fraction],
    direction: int,
    precision: int,
    max_steps: int,
    progress: Progress | None,
) -> list[int | None]:
    """The counts at which one end reaches each level, None where it has not within `max_steps`."""
    counts: list[int | None] = [None] * len(levels)
    with rounding(-direction, precision):
        limits = [_limit(level, recursion.depth) for level in levels]
    with rounding(direction, precision):
        rising = climb(recursion.depth, lam, recursion.eta)
        state = rounded(start) ** rising.power
        order = sorted(range(len(levels)), key=lambda i: limits[i])
        done = 0
        for i in order:
            while True:
                made, state = rising.advance(state, limits[i], min(_BLOCK, max_steps - done))
                done += made
                if state >= limits[i]:
                    counts[i] = done
                if state >= limits[i] or done >= max_steps:
                    break
                if progress is not None:
                    progress(done)
    return counts


def direct_crossing(
    recursion: Recursion,
    threshold: Fraction,
    absolute: bool,
    precision: int,
    max_steps: int,
    progress: Progress | None = None,
    start: Bounds | None = None,
) -> tuple[str, int]:
    """Step by step by the mean value form, for a map that does not keep order: (verdict, k). `start` encloses d(0) if it is not alpha.

    'reached' at k; 'never', seen at k; 'undecided' at k (level and iterate overlap); 'lost' at k (no finite ball); 'unsettled' after k.

    Never: let r < y <= level^(1/N) with eta g(y) <= 2, where g(z) = z^(N-1) (z^N - lambda)/(z - r) increases. Every z >= 0 with
    |z - r| < y - r has |z' - r| = |1 - eta g(z)| |z - r| <= |z - r|; if also |z - r| <= r, the sequence stays there and never comes to y.
    """
    n = recursion.depth
    with working_precision(precision):
        lam, eta, state = recursion.eigenvalue.ball(precision), to_ball(recursion.eta), to_ball(recursion.alpha)
        if start is not None:
            state = to_ball(start[0]).union(to_ball(start[1]))
        level = to_ball(threshold) if absolute else to_ball(threshold) * lam
        trap = _trap(n, lam, eta, level)
        for k in range(max_steps + 1):
            if not bounded(state):
                return "lost", k
            reached = compare(state**n, ">=", level)
            if reached is not False:
                return ("undecided" if reached is None else "reached"), k
            if trap is not None and k % _TRAP_EVERY == 0 and abs(state - trap[0]) < trap[1] and state >= 0:
                return "never", k
            if progress is not None and k % _BLOCK == _BLOCK - 1:
                progress(k)
            state = mean_value_step(n, lam, eta, state)
    return "unsettled", max_steps


def _trap(n: int, lam: arb, eta: arb, level: arb) -> tuple[arb, arb] | None:
    """Centre r and radius min(y - r, r) of the interval that is never left, if there is one."""
    if not (lam > 0 and level > lam):
        return None
    rest, top = lam.root(n), level.root(n)
    for _ in range(_TRAP_SIZES):
        if eta * top ** (n - 1) * (top**n - lam) <= 2 * (top - rest):
            return rest, (top - rest).min(rest)
        top = (top + rest) / 2
    return None


def _limit(level: Fraction, depth: int) -> mpfr:
    """The level as a value of the climbing state."""
    return root(level, depth // 2) if depth in (2, 4) else root(level, depth)
