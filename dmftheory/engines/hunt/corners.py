"""Points in the corners of a domain: ends, geometric sequences towards them, large integers, nearly equal variables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, islice, product
from typing import Any

from sympy import Integer, Interval, Range, oo

from dmftheory.claims.formula import relations
from dmftheory.claims.observables import Recursive
from dmftheory.engines.depths import DEEP
from dmftheory.engines.draw import EmptySetError, inner_bound
from dmftheory.engines.evaluate import Posed
from dmftheory.engines.hunt.chart import END, Coordinate, Sets, point_at
from dmftheory.numerics.balls import DomainError

_NEAR = (3.0, 8.0, 15.0, 20.0, 23.0, 27.0, 30.0, 34.0, 38.0, 42.0, 50.0, 60.0, 80.0)
_PAIRS = (2, 5, 10, 15, 20, 22, 25, 28, 32, 36, 40, 46, 52, 60)
_SMALL = (0, 1, 2, 3, 5, 7, 10)
_DEPTHS, _EXPONENTS, _STEPS = range(4, 11), range(4, 21), range(4, 41)
_MAX_CORNERS = 32
_MIDDLE, _CLOSE = 0.0, 40.0


def rungs(posed: Posed, sets: Sets) -> list[list[Coordinate]]:
    """Coordinates of middles, with the integers on a ladder: small ones, then powers of two, each alone and all at once.

    Step counts go up to 2^40, depths of observables to 2^10, other integers without bound to 2^20.
    """
    base: list[Coordinate] = [_MIDDLE if isinstance(domain, Interval) else 0 for _, domain in sets]
    ladders = {i: _ladder(posed, sets[i]) for i, (_, domain) in enumerate(sets) if isinstance(domain, Range)}
    together = [list(ladders)] if len(ladders) > 1 else []
    found = [base]
    for height in range(1, max(map(len, ladders.values()), default=0)):
        for chosen in (*([i] for i in ladders), *together):
            if all(height < len(ladders[i]) for i in chosen):
                found.append([ladders[i][height] if i in chosen else c for i, c in enumerate(base)])
    return found


def corners(sets: Sets, base: Sequence[Coordinate], fine: bool = True) -> Iterator[dict[Any, Any]]:
    """Combinations of ends and middles; if `fine`, also one interval at a time towards its ends, and nearly equal pairs."""
    reals = [i for i, (_, domain) in enumerate(sets) if isinstance(domain, Interval)]
    places = (_MIDDLE, END, -END, _CLOSE, -_CLOSE)[: 5 if len(reals) < 3 else 3]
    for ends in islice(product(places, repeat=len(reals)), _MAX_CORNERS):
        yield from _built(sets, _changed(base, dict(zip(reals, ends, strict=True))))
    if not fine:
        return
    for i, j in combinations(reals, 2):
        yield from pairs(sets, base, i, j)
    for i in reals:
        for distance, side in product(_NEAR, (1.0, -1.0)):
            yield from _built(sets, _changed(base, {i: side * distance}))


def pairs(sets: Sets, base: Sequence[Coordinate], i: int, j: int) -> Iterator[dict[Any, Any]]:
    """The second variable at the value of the first, times 1 +- 2^-e."""
    first = point_at(sets[: i + 1], base[: i + 1])
    value = None if first is None else first[sets[i][0]]
    if not isinstance(value, Fraction):
        return
    for e, side in product(_PAIRS, (1, -1)):
        found = point_at(sets, _changed(base, {j: value * (1 + side * Fraction(1, 2**e))}))
        if found is not None and _lies_in(sets[j][1], found[sets[j][0]], found):
            yield found


def _lies_in(domain: Any, value: Fraction, point: dict[Any, Any]) -> bool:
    try:
        low, high = inner_bound(domain.start, point, above=True), inner_bound(domain.end, point, above=False)
    except (EmptySetError, DomainError):
        return False
    return (low is None or low < value) and (high is None or value < high)


def _built(sets: Sets, coordinates: Sequence[Coordinate]) -> Iterator[dict[Any, Any]]:
    point = point_at(sets, coordinates)
    if point is not None:
        yield point


def _changed(base: Sequence[Coordinate], at: dict[int, Coordinate]) -> list[Coordinate]:
    return [at.get(i, c) for i, c in enumerate(base)]


def _ladder(posed: Posed, member: tuple[Any, Any]) -> list[int]:
    symbol, domain = member
    powers = _STEPS if symbol in _inside(posed, _step_count) else _DEPTHS if symbol in _inside(posed, _depth) else _EXPONENTS
    rungs = [*_SMALL, *(2**j for j in powers)]
    if domain.start != -oo and domain.stop != oo and not domain.free_symbols:
        last = int(domain.stop - domain.start) - 1
        return [*(rung for rung in rungs if rung < last), *([last] if last > 0 else [])] or [0]
    return rungs


def _inside(posed: Posed, argument: Callable[[Any], Any]) -> set[Any]:
    """Symbols in one of the arguments of an observable."""
    sides = [side for f in (*posed.hypotheses, posed.claim) for r in relations(f) for side in (r.left, r.right)]
    return {s for side in sides for node in side.atoms(*DEEP) for s in argument(node).free_symbols}


def _step_count(node: Any) -> Any:
    return node.steps if isinstance(node, Recursive) else Integer(0)


def _depth(node: Any) -> Any:
    return node.args[0]
