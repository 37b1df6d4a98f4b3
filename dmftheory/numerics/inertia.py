"""Inertia of symmetric matrices, certified: exact LDL^T for rationals, interval LDL^T for balls, coefficient signs for algebraic numbers.

By Sylvester's law the inertia is that of the D of any L D L^T; by Descartes' rule it can be read off the signs of the characteristic
polynomial, all of whose roots are real. No eigenvalue is ever approximated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import comb, isqrt
from typing import Any

from flint import arb, arb_mat, ctx, fmpq

MAX_BITS = 1 << 17
"""The highest working precision tried for an algebraic matrix."""

MAX_WORK = 2**34
"""The largest n^4 times bits tried for an n x n block of one: what its characteristic polynomial in balls costs."""

_START_BITS = 128


@dataclass(frozen=True)
class Inertia:
    """How many eigenvalues are positive, negative and zero, with multiplicity; `unknown` of them are not decided."""

    positive: int
    negative: int
    zero: int
    unknown: int = 0

    def __add__(self, other: Inertia) -> Inertia:
        return Inertia(self.positive + other.positive, self.negative + other.negative, self.zero + other.zero, self.unknown + other.unknown)


NONE = Inertia(0, 0, 0)


@dataclass(frozen=True)
class Term:
    """One block of D with its columns of L: `columns` and `block` add columns block columns^T; the block has one or two rows."""

    columns: tuple[tuple[Any, ...], ...]
    block: tuple[tuple[Any, ...], ...]


def ldl(rows: Sequence[Sequence[Fraction]]) -> list[Term]:
    """L D L^T of a symmetric rational matrix as a sum of terms; blocks of two rows have 0 on the diagonal, others are numbers other than 0.

    The columns of all terms are linearly independent (each has a 1 where all later ones have 0), so the blocks give the inertia.
    """
    rest = [[fmpq(x.numerator, x.denominator) for x in map(Fraction, row)] for row in rows]
    left, terms = list(range(len(rest))), []
    while left:
        single = min((i for i in left if rest[i][i] != 0), key=lambda i: _length(rest[i][i]), default=None)
        pair = None if single is not None else next(((i, j) for i in left for j in left if i < j and rest[i][j] != 0), None)
        if single is None and pair is None:
            break
        pivots = (single,) if single is not None else pair or ()
        terms.append(_eliminate(rest, left, pivots))
        left = [i for i in left if i not in pivots]
    return terms


def inertia(rows: Sequence[Sequence[Fraction]]) -> Inertia:
    """The inertia of a symmetric rational matrix, exact; blocks that do not touch are treated one by one."""
    total = NONE
    for block in components(rows):
        terms = ldl(submatrix(rows, block))
        singles = [term.block[0][0] for term in terms if len(term.block) == 1]
        pairs = len(terms) - len(singles)
        positive = sum(d > 0 for d in singles)
        total += Inertia(positive + pairs, len(singles) - positive + pairs, len(block) - len(singles) - 2 * pairs)
    return total


def ball_inertia(rows: Sequence[Sequence[arb]]) -> Inertia:
    """What the inertia of every symmetric matrix inside these balls has in common, at the current working precision.

    `positive` and `negative` are lower bounds (the signs of the pivots, none of whose balls holds 0); a zero eigenvalue can never be seen.
    """
    rest, left = [list(row) for row in rows], list(range(len(rows)))
    positive = negative = 0
    while left:
        single = max((i for i in left if _nonzero(rest[i][i])), key=lambda i: float(abs(rest[i][i]).lower()), default=None)
        if single is not None:
            positive, negative = positive + (rest[single][single] > 0), negative + (rest[single][single] < 0)
            pivots: tuple[int, ...] = (single,)
        else:
            found = next(((i, j) for i in left for j in left if i < j and _indefinite(rest, i, j)), None)
            if found is None:
                break
            positive, negative, pivots = positive + 1, negative + 1, found
        left = [i for i in left if i not in pivots]
        _reduce(rest, left, pivots)
    return Inertia(int(positive), int(negative), 0, len(left))


def algebraic_inertia(ball_rows: Any, places: Sequence[Sequence[int]], bound: Any, clearing: int, degree: int) -> Inertia | None:
    """The exact inertia of a symmetric matrix of algebraic numbers, or None where that is beyond `MAX_BITS` and `MAX_WORK`.

    `ball_rows(bits)` encloses the entries; `places` are its diagonal blocks; `bound(i, j)`, a Fraction, bounds |entry| under every
    embedding of their field, of degree at most `degree`, into the complex numbers; `clearing` times an entry is an algebraic integer.
    A coefficient of the characteristic polynomial, cleared of denominators, has a norm that is an integer: it is 0 or at least
    (bound of its conjugates)^(1 - degree).
    """
    total = NONE
    for block in places:
        largest = max((bound(i, j) for i in block for j in block), default=Fraction(0))
        found = _by_coefficients(ball_rows, block, largest, clearing, degree)
        if found is None:
            return None
        total += found
    return total


def all_zero(enclose: Any, bounds: Sequence[Fraction], clearing: int, degree: int) -> bool | None:
    """Whether algebraic numbers are all 0, decided by the same separation; None beyond `MAX_BITS`.

    `enclose(bits)` is a list of balls; `bounds`, `clearing` and `degree` are as above, a bound for each number.
    """
    gaps = {k: _separation(_ceiling(bound * clearing), degree) for k, bound in enumerate(bounds) if bound}
    bits = _START_BITS
    while bits <= MAX_BITS:
        with ctx.workprec(bits):
            values = enclose(bits)
            signs = [_sign(values[k] * clearing, gap) for k, gap in gaps.items()]
        if any(signs):  # not None, not 0
            return False
        if None not in signs:
            return True
        bits *= 2
    return None


def components(rows: Sequence[Sequence[Any]]) -> list[list[int]]:
    """The finest partition of the indices such that every entry between two parts is 0 (of type int or Fraction, or tested by `!= 0`)."""
    left, found = set(range(len(rows))), []
    while left:
        part, new = set(), {min(left)}
        while new:
            part |= new
            left -= new
            new = {j for i in new for j in left if rows[i][j] != 0}
        found.append(sorted(part))
    return found


def submatrix(rows: Sequence[Sequence[Any]], block: Sequence[int]) -> list[list[Any]]:
    """The entries whose row and column lie in `block`."""
    return [[rows[i][j] for j in block] for i in block]


def _eliminate(rest: list[list[Any]], left: Sequence[int], pivots: tuple[int, ...]) -> Term:
    """Subtract one term from the matrix and return it; `left` are the indices that still count, the pivots among them."""
    size = len(rest)
    if len(pivots) == 1:
        (p,) = pivots
        d = rest[p][p]
        column = [rest[i][p] / d if i in left else fmpq(0) for i in range(size)]
        block: tuple[tuple[Any, ...], ...] = ((d,),)
        columns: tuple[tuple[Any, ...], ...] = (tuple(column),)
    else:
        p, q = pivots
        b = rest[p][q]  # the diagonal is 0: the block is [[0, b], [b, 0]], whose inverse is [[0, 1/b], [1/b, 0]]
        first = [rest[i][q] / b if i in left else fmpq(0) for i in range(size)]
        second = [rest[i][p] / b if i in left else fmpq(0) for i in range(size)]
        block, columns = ((fmpq(0), b), (b, fmpq(0))), (tuple(first), tuple(second))
    for i in left:
        for j in left:
            for k, one in enumerate(columns):
                for m, other in enumerate(columns):
                    if block[k][m] != 0 and one[i] != 0 and other[j] != 0:
                        rest[i][j] -= one[i] * block[k][m] * other[j]
    return Term(columns, block)


def _reduce(rest: list[list[arb]], left: Sequence[int], pivots: tuple[int, ...]) -> None:
    """Schur complement of the pivots, on the indices left, symmetric by construction."""
    before = [{p: rest[i][p] for p in pivots} for i in range(len(rest))]
    if len(pivots) == 1:
        (p,) = pivots
        inverse = {(p, p): 1 / rest[p][p]}
    else:
        p, q = pivots
        a, b, c = rest[p][p], rest[p][q], rest[q][q]
        determinant = a * c - b * b
        inverse = {(p, p): c / determinant, (p, q): -b / determinant, (q, p): -b / determinant, (q, q): a / determinant}
    for i in left:
        for j in left:
            if i <= j:
                rest[i][j] -= sum((before[i][k] * value * before[j][m] for (k, m), value in inverse.items()), arb(0))
                rest[j][i] = rest[i][j]


def _indefinite(rest: list[list[arb]], i: int, j: int) -> bool:
    return bool(rest[i][i] * rest[j][j] - rest[i][j] * rest[i][j] < 0)


def _by_coefficients(ball_rows: Any, block: Sequence[int], largest: Fraction, clearing: int, degree: int) -> Inertia | None:
    size = len(block)
    gaps = [_separation(_minor_bound(size, k, largest * clearing), degree) for k in range(size + 1)]
    bits = _START_BITS
    while bits <= MAX_BITS and size**4 * bits <= MAX_WORK:
        with ctx.workprec(bits):
            scaled = [[entry * clearing for entry in row] for row in submatrix(ball_rows(bits), block)]
            # det(x - H): the coefficient of x^(size - k) is (-1)^k times the sum of the principal minors of size k.
            coefficients = list(arb_mat(scaled).charpoly())
            signs = [_sign(coefficients[size - k], gaps[k]) for k in range(size + 1)]
        if None not in signs:
            return _descartes([s for s in signs if s is not None])
        bits *= 2
    return None


def _descartes(signs: Sequence[int]) -> Inertia:
    """From the signs of the coefficients, the leading one first, of a polynomial all of whose roots are real."""
    size = len(signs) - 1
    zero = next(k for k, s in enumerate(reversed(signs)) if s)
    positive = _changes(signs)
    return Inertia(positive, size - zero - positive, zero)


def _changes(signs: Sequence[int]) -> int:
    kept = [s for s in signs if s]
    return sum(a != b for a, b in pairwise(kept))


def _sign(value: arb, gap: int) -> int | None:
    if value > 0:
        return 1
    if value < 0:
        return -1
    return 0 if abs(value).upper() < arb(2) ** -gap else None


def _minor_bound(size: int, k: int, largest: Fraction) -> int:
    """At least the sum of the principal minors of size k of a matrix with entries up to `largest`, by Hadamard; at least 1."""
    return max(1, comb(size, k) * (isqrt(k**k) + 1) * int(_ceiling(largest) ** k))


def _separation(conjugates: int, degree: int) -> int:
    """g such that an algebraic integer other than 0, of this degree, with conjugates up to the bound, is at least 2^-g."""
    return max(1, (degree - 1) * max(1, conjugates).bit_length())


def _ceiling(value: Fraction) -> int:
    return max(1, -(-value.numerator // value.denominator))


def _nonzero(value: arb) -> bool:
    return bool(value > 0 or value < 0)


def _length(value: fmpq) -> int:
    return int(value.p.bit_length() + value.q.bit_length())
