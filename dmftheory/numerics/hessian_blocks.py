"""The Hessian at a diagonal critical point, block by block: W_j = diag(w), w_i^N = lambda_i on a set S and w_i = 0 elsewhere.

For the target diag(lambda), the Hessian couples the entries (p, q) and (q, p) of the factors with nothing else. Its eigenvalues
(proved as cao.landscape.* in the corpus; |.| because w may be negative at odd depth), with b, c in S and a, e not:

    kept b              N |lambda_b|^(2-2/N) once, 0
    pair b, c           (lambda_b^2 - lambda_c^2) / (w_b^2 - w_c^2) twice (N |lambda_b|^(2-2/N) if equal in size), 0
    pair a, b           |lambda_b|^(1-2/N) (|lambda_b| + |lambda_a|) and |lambda_b|^(1-2/N) (|lambda_b| - |lambda_a|), 0
    left a, pair a, e   at depth 2: +-lambda_a once for a, and +-lambda_a, +-lambda_e for the pair; beyond: 0
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

from flint import arb, ctx

from dmftheory.numerics.eigenvalues import rational_ball
from dmftheory.numerics.inertia import NONE, Inertia

KEPT, KEPT_PAIR, MIXED_PAIR, LEFT, LEFT_PAIR = "kept", "pair of kept", "left with kept", "left", "pair of left"
KINDS = (KEPT, KEPT_PAIR, MIXED_PAIR, LEFT, LEFT_PAIR)

Law = tuple[str, Fraction, Fraction, int]

BITS = 256
"""Working precision of the values; signs and counts are exact."""


@dataclass(frozen=True)
class Level:
    """One eigenvalue of a block with its sign, `count` times; `outer` and `other` are sizes of eigenvalues of the target.

    By its `law`: outer^(1-2/N) (outer + side other) for "mixed"; N outer^(2-2/N), or where they differ the divided difference of squares
    of outer and other, for "kept"; side outer for "left"; 0 for "zero".
    """

    law: str
    sign: int
    count: int
    outer: Fraction = Fraction(0)
    other: Fraction = Fraction(0)
    side: int = 0

    @property
    def key(self) -> Law:
        """Levels with equal keys are equal numbers."""
        return (self.law, self.outer, self.other, self.side) if self.sign else ("zero", Fraction(0), Fraction(0), 0)

    @property
    def rational(self) -> Fraction:
        """The eigenvalue at depth 2, where every law is rational."""
        laws = {"mixed": self.outer + self.side * self.other, "kept": self.outer + self.other, "left": self.side * self.outer}
        return laws.get(self.law, Fraction(0))

    def value(self, depth: int) -> arb:
        """A ball around the eigenvalue, at the working precision."""
        match self.law:
            case "mixed":
                tail = self.outer + self.side * self.other
                return _power(self.outer, Fraction(depth - 2, depth)) * rational_ball(tail)
            case "kept" if self.outer == self.other:
                return depth * _power(self.outer, Fraction(2 * depth - 2, depth))
            case "kept":
                squares = rational_ball(self.outer**2 - self.other**2)
                return squares / (_power(self.outer, Fraction(2, depth)) - _power(self.other, Fraction(2, depth)))
            case "left":
                return rational_ball(self.side * self.outer)
        return arb(0)


@dataclass(frozen=True)
class Block:
    """The Hessian on the entries (p, q), (q, p) of all factors; `modes` are p and q, or p alone, counted from 1."""

    kind: str
    modes: tuple[int, ...]
    levels: tuple[Level, ...]

    @property
    def inertia(self) -> Inertia:
        """Exact: it needs the order of rational numbers only."""
        counts = {s: sum(level.count for level in self.levels if level.sign == s) for s in (-1, 0, 1)}
        return Inertia(counts[1], counts[-1], counts[0])


def blocks(depth: int, spectrum: Sequence[Fraction], kept: frozenset[int]) -> Iterator[Block]:
    """Every block, modes in order; `kept` holds indices, counted from 0, of eigenvalues other than 0."""
    sizes = [abs(value) for value in spectrum]
    for p, first in enumerate(sizes):
        if p in kept:
            yield Block(KEPT, (p + 1,), _filled([Level("kept", 1, 1, first, first)], depth))
        else:
            yield Block(LEFT, (p + 1,), _filled(_left(depth, first), depth))
        for q in range(p + 1, len(sizes)):
            yield _pair(depth, (p, q), (first, sizes[q]), kept)


def inertia(found: Sequence[Block]) -> Inertia:
    """The sum over the blocks."""
    return reduce(lambda total, block: total + block.inertia, found, NONE)


def extreme(depth: int, found: Sequence[Block], side: int) -> tuple[arb, int | None]:
    """The largest (side = 1) or smallest (-1) eigenvalue and its multiplicity, None where balls do not tell whether two laws agree."""
    laws: dict[Law, Level] = {}
    counts: dict[Law, int] = {}
    for level in (level for block in found for level in block.levels):
        laws.setdefault(level.key, level)
        counts[level.key] = counts.get(level.key, 0) + level.count
    with ctx.workprec(BITS):
        values = {key: level.value(depth) for key, level in laws.items()}
        best = reduce(lambda a, b: a.max(b) if side > 0 else a.min(b), values.values())
        near = [key for key, value in values.items() if value.overlaps(best)]
    if depth == 2:
        exact = [laws[key].rational for key in near]
        top = max(exact) if side > 0 else min(exact)
        return best, sum(counts[key] for key, value in zip(near, exact, strict=True) if value == top)
    return best, counts[near[0]] if len(near) == 1 else None


def _pair(depth: int, places: tuple[int, int], sizes: tuple[Fraction, Fraction], kept: frozenset[int]) -> Block:
    modes = (places[0] + 1, places[1] + 1)
    inside = [size for place, size in zip(places, sizes, strict=True) if place in kept]
    outside = [size for place, size in zip(places, sizes, strict=True) if place not in kept]
    if not outside:
        return Block(KEPT_PAIR, modes, _filled([Level("kept", 1, 2, max(inside), min(inside))], 2 * depth))
    if not inside:
        return Block(LEFT_PAIR, modes, _filled([level for size in outside for level in _left(depth, size)], 2 * depth))
    b, a = inside[0], outside[0]
    return Block(MIXED_PAIR, modes, _filled(_mixed(b, a), 2 * depth))


def _mixed(b: Fraction, a: Fraction) -> list[Level]:
    """What a kept mode b and a mode a that is left out have together."""
    if not a:
        return [Level("mixed", 1, 2, b)]
    return [Level("mixed", 1, 1, b, a, side=1), Level("mixed", (b > a) - (b < a), 1, b, a, side=-1)]


def _left(depth: int, size: Fraction) -> list[Level]:
    """What a mode that is left out brings along with itself or with another one left out."""
    return [Level("left", side, 1, size, side=side) for side in (1, -1)] if depth == 2 and size else []


def _filled(levels: list[Level], size: int) -> tuple[Level, ...]:
    """The levels and as many zeros as the block has room for."""
    rest = size - sum(level.count for level in levels)
    return (*levels, Level("zero", 0, rest)) if rest else tuple(levels)


def _power(base: Fraction, exponent: Fraction) -> arb:
    return rational_ball(base) ** rational_ball(exponent) if exponent else arb(1)
