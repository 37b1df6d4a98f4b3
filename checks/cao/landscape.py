"""Critical points: both sides at random matrices, the loss of explicit factors beside its formula, and directions of descent."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from math import isqrt
from typing import Any

from dmftheory.checks import matrices
from dmftheory.checks.draws import positive, share, whole
from dmftheory.checks.reading import Reading
from dmftheory.checks.report import Check, Report, Situation, attack, combined
from dmftheory.checks.spectra import members, numbers

from dmftheory.claims import Family, Theorem
from dmftheory.claims.formula import relations
from dmftheory.theorems.cao.landscape import N, m, p, r, s, u, x, y

LAST_DEPTH = 8


def _points(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    for member in members(theorem, source):
        yield numbers(member, source)


def _wrong(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """A left-out eigenvalue above the kept one, and a step along x = y that is short enough."""
    assert isinstance(theorem, Theorem)
    while True:
        n, root = whole(source, 2, LAST_DEPTH), positive(source)
        value = root ** int(n) * (1 + positive(source))
        room = 2 * (value - root ** int(n)) / root ** (int(n) - 2)
        yield numbers(theorem, source, {N: n, r: root, s: value, u: share(source) * _root_below(room)})


def _tied(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Along x = y; where the statement speaks of a largest eigenvalue m, now and then one that is as large."""
    assert isinstance(theorem, Theorem)
    while True:
        along = positive(source) * source.choice([-1, 1])
        largest = {m: positive(source), s: lambda known: known[m]} if m in theorem.given and source.random() < 0.5 else {}
        yield numbers(theorem, source, {**largest, x: along, y: along})


def _falling(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    """Two weights moved so that s p x y lies between 0 and 2 s^2 (p = 1 at depth 2)."""
    assert isinstance(theorem, Theorem)
    while True:
        value, others, first = positive(source), positive(source), positive(source)
        if p in theorem.given:
            value, others = value * source.choice([-1, 1]), others * source.choice([-1, 1])
        else:
            others = Fraction(1)
        first *= source.choice([-1, 1])
        chosen = {s: value, x: first, y: 2 * share(source) * value / (others * first)}
        yield numbers(theorem, source, {**chosen, p: others} if p in theorem.given else chosen)


def _slices(statement: Theorem | Family, seed: int, effort: int) -> Report:
    """The loss of explicit 2 x 2 factors beside the right-hand side."""
    assert isinstance(statement, Theorem)
    source = random.Random(f"{statement.id} factors {seed}")
    (relation,) = relations(statement.conclusion)
    for _ in range(effort):
        values = numbers(statement, source, {N: whole(source, 2, LAST_DEPTH)}).values
        formula, loss = Reading(values).value(relation.right), _loss(values)
        if formula != loss:
            return Report("explicit factors", effort, 0, 0, None, 0.0, f"{statement.id}: the loss is {loss}, the formula {formula}")
    return Report("explicit factors", effort, 0, 0, None, 0.0, None)


def _loss(values: Any) -> Fraction:
    """Mode a left out, mode b kept; the entry (a, b) of the last factor is x, the entry (b, a) of the first one y."""
    depth, root, zero = int(values[N]), values[r], Fraction(0)
    factors = [[[zero, zero], [zero, root]] for _ in range(depth)]
    factors[0][1][0], factors[-1][0][1] = values[y], values[x]
    product: Any = tuple(map(tuple, factors[0]))
    for factor in factors[1:]:
        product = matrices.times(tuple(map(tuple, factor)), product)
    target = ((values[s], zero), (zero, root**depth))
    return sum(((product[i][k] - target[i][k]) ** 2 for i in range(2) for k in range(2)), zero) / 2


def _root_below(square: Fraction) -> Fraction:
    """A positive rational at most the square root of a positive one."""
    scale = 10 ** (6 + len(str(square.denominator)))
    return Fraction(isqrt(square.numerator * scale**2 // square.denominator), scale)


_BOTH_SIDES = "both sides at random points"

CHECKS: dict[str, Check] = {
    "cao.landscape.hessian": attack(_points, "both sides at random matrices"),
    "cao.landscape.blocks": attack(_points, "both sides at random matrices"),
    "cao.landscape.slice": combined(attack(_points, _BOTH_SIDES), _slices),
    "cao.landscape.pair": attack(_points, _BOTH_SIDES),
    "cao.landscape.top_subset": combined(attack(_points, _BOTH_SIDES), attack(_tied, "along x = y")),
    "cao.landscape.wrong_subset": attack(_wrong, "short steps along x = y"),
    "cao.landscape.every_subset": attack(_tied, "along x = y"),
    "cao.landscape.flat_origin": attack(_points, _BOTH_SIDES),
    "cao.landscape.depth_two": attack(_falling, "steps along which the loss falls"),
    "cao.landscape.depth_two_floor": combined(attack(_points, _BOTH_SIDES), attack(_tied, "along x = y")),
    "cao.landscape.multiplicity": attack(_tied, "along x = y, with equal eigenvalues among them"),
    "cao.landscape.multiplicity_simple": attack(_points, _BOTH_SIDES),
    "cao.landscape.two_zeros": attack(_falling, "steps along which the loss falls"),
    "cao.landscape.three_zeros": attack(_points, _BOTH_SIDES),
}
