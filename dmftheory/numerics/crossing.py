"""Certified first crossings of levels by an increasing trajectory: two directed runs, one per end.

Hypotheses (checked by the caller): lambda > 0, alpha < r = lambda^(1/N), (H) of `iterate` on [0, r], every level below lambda. The true
iterate lies between the ends, so a level is first reached no earlier than by the upper end and no later than by the lower end; where the
two counts agree the count is exact.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

from gmpy2 import mpfr

from dmftheory.numerics.iterate import Recursion
from dmftheory.numerics.kernels import DOWN, UP, climb, climbable, root, rounded, rounding
from dmftheory.numerics.scalars import Bounds

Progress = Callable[[int], None]

_BLOCK = 200_000  # steps between two progress reports


def bracket_crossings(
    recursion: Recursion, levels: Sequence[Bounds], precision: int, max_steps: int, progress: Progress | None = None
) -> list[tuple[int, int | None]] | None:
    """For each level (lower and upper rational bound of d^N) a bracket of the first k with d(k)^N >= level.

    An upper end None means that `max_steps` ran out. None instead of the list: the precision is too low to run at all.
    """
    low, high = recursion.eigenvalue.enclosure(precision + 16)
    if not all(climbable(recursion.depth, level[1], low, precision) for level in levels):
        return None
    earliest = _run(recursion, high, [level[0] for level in levels], UP, precision, max_steps, progress)
    if all(count is None for count in earliest):
        return [(max_steps, None)] * len(levels)
    latest = _run(recursion, low, [level[1] for level in levels], DOWN, precision, max_steps, progress)
    return [(max_steps if first is None else first, last) for first, last in zip(earliest, latest, strict=True)]


def _run(
    recursion: Recursion,
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
        state = rounded(recursion.alpha) ** rising.power
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


def _limit(level: Fraction, depth: int) -> mpfr:
    """The level as a value of the climbing state."""
    return root(level, depth // 2) if depth in (2, 4) else root(level, depth)
