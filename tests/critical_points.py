"""Random rational critical points: a subset of modes, embedded in rectangular layers and turned by orthogonal matrices."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise
from typing import Any

from dmftheory.landscape import Point
from dmftheory.numerics.hessian import identity, multiplied, transposed

ROOTS = (Fraction(1), Fraction(2), Fraction(1, 2), Fraction(3, 2), Fraction(1))


def rotation(source: random.Random, size: int) -> list[list[Fraction]]:
    """A product of plane rotations (3, 4, 5) and a permutation of signs: orthogonal, with small rationals."""
    result: list[list[Any]] = [[Fraction(x) for x in row] for row in identity(size)]
    for _ in range(2 if size > 1 else 0):
        i, j = source.sample(range(size), 2)
        turn: list[list[Any]] = [[Fraction(x) for x in row] for row in identity(size)]
        c, s = source.choice([(Fraction(3, 5), Fraction(4, 5)), (Fraction(0), Fraction(1)), (Fraction(5, 13), Fraction(-12, 13))])
        turn[i][i], turn[j][j], turn[i][j], turn[j][i] = c, c, -s, s
        result = multiplied(turn, result)
    return result


def critical_point(source: random.Random, *, depth: int | None = None, square: bool = False) -> Point:
    """W_j = Q_j D_j Q_(j-1)^T with D_j rectangular diagonal, w_i on a random subset of the modes; the target keeps every mode."""
    n = depth or source.randint(2, 4)
    size = source.randint(1, 3)
    sizes = [size] * (n + 1) if square else [source.randint(1, 3) for _ in range(n + 1)]
    modes = min(sizes[0], sizes[-1])
    kept = [i for i in range(min(sizes)) if source.random() < 0.6]
    roots = [source.choice(ROOTS) for _ in range(modes)]
    values = [root**n if i in kept or source.random() < 0.7 else Fraction(0) for i, root in enumerate(roots)]
    values = [value if i in kept else value * source.choice([1, 1, -1]) for i, value in enumerate(values)]
    turns = [rotation(source, d) for d in sizes]
    factors = []
    for j, (below, above) in enumerate(pairwise(sizes), 1):
        core = [[roots[i] if i == k and i in kept else Fraction(0) for k in range(below)] for i in range(above)]
        factors.append(_turned(core, turns[j], turns[j - 1]))
    core = [[values[i] if i == k else Fraction(0) for k in range(sizes[0])] for i in range(sizes[-1])]
    return Point(tuple(factors), _turned(core, turns[-1], turns[0]))


def _turned(core: list[list[Fraction]], left: Any, right: Any) -> tuple[tuple[Fraction, ...], ...]:
    return tuple(map(tuple, multiplied(multiplied(left, core), transposed(right))))
