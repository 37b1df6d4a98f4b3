"""States of gradient descent at chosen steps, as certified enclosures to a chosen number of digits."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from flint import arb

from dmftheory.errors import InputError
from dmftheory.numerics.access import along, iterate
from dmftheory.numerics.iterate import Recursion
from dmftheory.numerics.perturbed import pairs_along
from dmftheory.numerics.scalars import Bounds, end_points, exact_fraction, to_ball, working_precision
from dmftheory.problem import Problem

__all__ = ["Enclosure", "Snapshot", "effective_rank_at", "iterate", "snapshots", "state_at", "trajectory"]

_GUARD_BITS = 32
_LAST_BITS = 16384
_VANISHED = Fraction(1, 2**1_000_000)
_BITS_PER_DIGIT = Fraction(3322, 1000)  # a little more than log2(10)


@dataclass(frozen=True)
class Enclosure:
    """Dyadic rationals `lower` <= value <= `upper`, proved when `certified`.

    Not certified means that no precision that was tried kept the iteration under control; the bounds then are (0, 0) and mean nothing.
    """

    lower: Fraction
    upper: Fraction
    certified: bool = True

    @property
    def middle(self) -> Fraction:
        """The midpoint."""
        return (self.lower + self.upper) / 2

    def accurate_to(self, digits: int) -> bool:
        """Whether the width is at most 10^-digits times the larger end in absolute value."""
        return self.certified and (self.upper - self.lower) * 10**digits <= max(abs(self.lower), abs(self.upper))


_LOST = Enclosure(Fraction(0), Fraction(0), certified=False)


@dataclass(frozen=True)
class Snapshot:
    """All modes at one step, in the order of the spectrum.

    `factors` encloses the eigenvalues of the factors W_2..W_N (d, or b for perturbed initialisation), `first` those of W_1 (the same for
    identical initialisation), `products` those of W = W_N ... W_1, `effective_rank` ||W||_* / ||W||.
    """

    step: int
    factors: tuple[Enclosure, ...]
    first: tuple[Enclosure, ...]
    products: tuple[Enclosure, ...]
    effective_rank: Enclosure


def state_at(problem: Problem, index: int, step: int, digits: int = 30, *, quantity: str = "factor") -> Enclosure:
    """The state of one mode at one step, to `digits` certified significant digits where that can be had.

    `index` counts from 1 in decreasing order, as in the JSON of transitions. `quantity` is "factor" (d; b for perturbed initialisation),
    "first" (the eigenvalue of W_1) or "product" (that of W). Raises InputError for an index, step, digits or quantity outside its range.
    """
    if not 1 <= index <= len(problem.spectrum):
        raise InputError("index", index, f"an integer from 1 to {len(problem.spectrum)}")
    if quantity not in _QUANTITIES:
        raise InputError("quantity", quantity, ", ".join(_QUANTITIES))
    _checked((step,), digits)
    return _QUANTITIES[quantity](next(_states(problem, index - 1, (step,), digits)))


def trajectory(problem: Problem, steps: int, digits: int = 30, *, every: int = 1) -> Iterator[Snapshot]:
    """Snapshots at steps 0, `every`, 2 `every`, ... up to and including `steps`."""
    if every < 1:
        raise InputError("every", every, "an integer >= 1")
    return snapshots(problem, range(0, steps + 1, every), digits)


def snapshots(problem: Problem, at: Sequence[int], digits: int = 30) -> Iterator[Snapshot]:
    """Snapshots at the steps of the increasing sequence `at`, one at a time, each to `digits` certified digits where that can be had."""
    _checked(at, digits)
    modes = [_states(problem, i, at, digits) for i in range(len(problem.spectrum))]
    for step, states in zip(at, zip(*modes, strict=True), strict=True):
        products = tuple(state.product for state in states)
        rank = _effective_rank(products, digits)
        yield Snapshot(step, tuple(s.factor for s in states), tuple(s.first for s in states), products, rank)


def effective_rank_at(problem: Problem, step: int, digits: int = 30) -> Enclosure:
    """The effective rank ||W||_* / ||W|| of the product at one step."""
    return next(snapshots(problem, (step,), digits)).effective_rank


@dataclass(frozen=True)
class _State:
    factor: Enclosure
    first: Enclosure
    product: Enclosure

    @property
    def vanished(self) -> bool:
        """Whether everything is certainly so small that more digits are out of the question."""
        parts = (self.factor, self.first, self.product)
        return all(part.certified and max(abs(part.lower), abs(part.upper)) <= _VANISHED for part in parts)


def _better(one: _State | None, other: _State) -> _State:
    """The later state, unless certainty was lost on the way to it."""
    return one if one is not None and one.factor.certified and not other.factor.certified else other


_QUANTITIES: dict[str, Callable[[_State], Enclosure]] = {
    "factor": lambda state: state.factor,
    "first": lambda state: state.first,
    "product": lambda state: state.product,
}


def _checked(steps: Sequence[int], digits: int) -> None:
    if any(step < 0 for step in steps[:1]) or any(b <= a for a, b in pairwise(steps)):
        raise InputError("steps", list(steps[:8]), "increasing integers >= 0")
    if not 1 <= digits <= 4000:
        raise InputError("digits", digits, "an integer from 1 to 4000")


def _states(problem: Problem, index: int, steps: Sequence[int], digits: int) -> Iterator[_State]:
    """States at each step; where the digits run out, everything is run again from step 0 at twice the precision."""
    precision = int(digits * _BITS_PER_DIGIT) + 2 * _GUARD_BITS
    served = 0
    best: _State | None = None
    while served < len(steps):
        remaining = steps[served:]
        for state in _run(problem, index, remaining, precision):
            enough = state.factor.accurate_to(digits) and state.first.accurate_to(digits) and state.product.accurate_to(digits - 1)
            if not enough and precision < _LAST_BITS and not state.vanished:
                best = _better(best, state)
                precision *= 2
                break
            yield state if enough else _better(best, state)
            best = None
            served += 1


def _run(problem: Problem, index: int, steps: Sequence[int], precision: int) -> Iterator[_State]:
    n, eigenvalue = problem.depth, problem.spectrum[index]
    if not problem.beta:
        for ends in along(Recursion(n, eigenvalue, problem.alpha, problem.eta), steps, precision):
            if ends is None:
                yield _State(_LOST, _LOST, _LOST)
            else:
                state = Enclosure(*ends)
                yield _State(state, state, _power(ends, n, precision))
        return
    for pair in pairs_along(n, eigenvalue, problem.alpha, problem.beta, problem.eta, steps, precision):
        if pair is None:
            yield _State(_LOST, _LOST, _LOST)
        else:
            yield _State(Enclosure(*pair.b), Enclosure(*pair.a), Enclosure(*pair.product))


def _power(ends: Bounds, n: int, precision: int) -> Enclosure:
    with working_precision(precision):
        low, high = (to_ball(end) ** n for end in ends)
        ball = low.union(high) if n % 2 or not ends[0] < 0 < ends[1] else low.union(high).union(to_ball(0))
        return _enclosure(*end_points(ball))


def _effective_rank(products: Sequence[Enclosure], digits: int) -> Enclosure:
    """Sum over largest, of absolute values, from independent enclosures."""
    if not all(product.certified for product in products):
        return _LOST
    with working_precision(int(digits * _BITS_PER_DIGIT) + 2 * _GUARD_BITS):
        sizes = [abs(to_ball(product.lower).union(to_ball(product.upper))) for product in products]
        largest = sizes[0]
        for value in sizes[1:]:
            largest = largest.max(value)
        rank = sum(sizes[1:], sizes[0]) / largest
        return _enclosure(*end_points(rank)) if rank.is_finite() else _LOST


def _enclosure(low: arb, high: arb) -> Enclosure:
    lower, upper = exact_fraction(low), exact_fraction(high)
    return _LOST if lower is None or upper is None else Enclosure(lower, upper)
