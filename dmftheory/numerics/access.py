"""States at chosen steps: certified iteration for near steps, jumps by the Abel function for far ones."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from flint import arb

from dmftheory.numerics import iterate as iteration
from dmftheory.numerics.abel_state import place
from dmftheory.numerics.iterate import Ends, Recursion, monotone
from dmftheory.numerics.scalars import Bounds, to_ball, working_precision

if TYPE_CHECKING:
    from dmftheory.numerics.eigenvalues import Eigenvalue

JUMP = 1500
"""So many steps cost about as much as a jump."""

MAX_STEPS = 10**7
"""Steps that are iterated at most, one after the other, between two answers."""


def iterate(
    depth: int, eigenvalue: "Eigenvalue", alpha: Fraction, eta: Fraction, step: int, precision: int, *, most: int = MAX_STEPS
) -> arb | None:
    """A ball around d(step), any step, computed with `precision` bits; None when no certified answer was found at this precision.

    No more than `most` steps are iterated one after the other.
    """
    found = next(along(Recursion(depth, eigenvalue, alpha, eta), (step,), precision, most=most))
    if found is None:
        return None
    with working_precision(precision):
        return to_ball(found[0]).union(to_ball(found[1]))


def along(recursion: Recursion, steps: Iterable[int], precision: int, *, most: int = MAX_STEPS) -> Iterator[Bounds | None]:
    """Lower and upper bounds of d(k) for each k of the increasing sequence `steps`; None where no certified answer is within reach."""
    ends = Ends.at_start(recursion, precision) if monotone(recursion) is True else None
    if ends is None:
        yield from iteration.along(recursion, _within_reach(steps, most), precision)
        while True:
            yield None
    for step in steps:
        if step - ends.done > JUMP and place(ends, recursion, step, most):
            yield ends.bounds
        elif step - ends.done > most:
            yield None
        else:
            ends.push(step - ends.done)
            yield ends.bounds


def _within_reach(steps: Iterable[int], most: int) -> Iterator[int]:
    done = 0
    for step in steps:
        if step - done > most:
            return
        yield step
        done = step
