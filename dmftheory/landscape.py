"""What kind of critical point is this? Global minimum, strict saddle or non-strict saddle, with the inertia of the Hessian certified.

The loss is 1/2 ||W_N ... W_1 - T||_F^2 for factors of any sizes. Criticality, rank and inertia are decided in exact arithmetic (rationals;
algebraic numbers by separation bounds) or by balls; what neither decides is None, with the reason. No float takes part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import lcm, prod
from typing import Any

from flint import arb, ctx, fmpq, fmpq_mat

from dmftheory.errors import InputError
from dmftheory.numerics import hessian as derivatives
from dmftheory.numerics.algebraic import simplest_between
from dmftheory.numerics.eigenvalues import Eigenvalue, compare, dyadic, rational_ball, symmetric_eigenvalues
from dmftheory.numerics.inertia import Inertia, algebraic_inertia, all_zero, ball_inertia, components, inertia

GLOBAL_MINIMUM, STRICT_SADDLE, WEAK_SADDLE, NOT_CRITICAL = "global minimum", "strict saddle", "non-strict saddle", "not critical"
MAX_PARAMETERS = 200
"""Entries of all factors together, for a Hessian that is formed."""
MAX_WORK = 2**38
"""The largest P^4 b accepted for P parameters whose Hessian has entries of b bits: what exact elimination costs."""
MAX_DEGREE = 144
"""Of the field that an algebraic point is known to lie in."""

NO_SPURIOUS = "that a critical point which is no global minimum is a saddle: deep linear networks have no other local minima (recalled)"
_SEPARATION = "signs of the characteristic polynomial, zero by a separation bound"
_TOO_FINE = "the separation bound asks for more precision than allowed"
_ALGEBRAIC_BITS = 128

Matrix = tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Point:
    """Factors W_1, ..., W_N and a target, entries all Fraction or Eigenvalue (exact), or with some balls (arb). Raises InputError."""

    factors: tuple[Matrix, ...]
    target: Matrix

    def __post_init__(self) -> None:
        if len(self.factors) < 2:
            raise InputError("factors", f"{len(self.factors)} matrices", "at least two")
        for matrix in (*self.factors, self.target):
            if not matrix or not matrix[0] or any(len(row) != len(matrix[0]) for row in matrix):
                raise InputError("factors", "rows of several lengths, or none", "matrices with at least one row and one column")
        for j, (one, other) in enumerate(pairwise(self.factors), 1):
            if len(one) != len(other[0]):
                raise InputError("factors", f"W_{j} with {len(one)} rows, W_{j + 1} with {len(other[0])} columns", "sizes that fit")
        if (len(self.target), len(self.target[0])) != (self.sizes[-1], self.sizes[0]):
            shown = f"{len(self.target)} x {len(self.target[0])}"
            raise InputError("target", shown, f"{self.sizes[-1]} x {self.sizes[0]}, as the factors say")
        if self.parameters > MAX_PARAMETERS:
            raise InputError("factors", f"{self.parameters} entries", f"at most {MAX_PARAMETERS} entries in all factors together")

    @property
    def sizes(self) -> tuple[int, ...]:
        """d_0, ..., d_N."""
        return (len(self.factors[0][0]), *map(len, self.factors))

    @property
    def parameters(self) -> int:
        """The size of the Hessian."""
        return sum(a * b for a, b in pairwise(self.sizes))


@dataclass(frozen=True)
class Classification:
    """The answer about one point.

    kind        one of the four names above; None where it is undecided, and `reason` says why
    critical    whether the gradient is 0; None where unknown
    inertia     of the Hessian at a critical point; with `unknown` > 0 the counts are lower bounds; None where it was not asked for
    loss        exact, or a ball
    gradient    the squared norm of the gradient, exact or a ball
    method      how the inertia was certified
    relies_on   theorems that the kind rests on beside this computation
    """

    kind: str | None
    critical: bool | None
    inertia: Inertia | None
    loss: Fraction | arb
    gradient: Fraction | arb
    method: str
    reason: str | None = None
    relies_on: tuple[str, ...] = ()


def classify(point: Point, *, critical: bool = False) -> Classification:
    """The kind of a point. `critical=True` is the caller's word that the gradient is 0, which balls can never show.

    Raises InputError where exact arithmetic is out of reach (`MAX_WORK`, `MAX_DEGREE`).
    """
    entries = [entry for matrix in (*point.factors, point.target) for row in matrix for entry in row]
    if any(isinstance(entry, arb) for entry in entries):
        return _by_balls(point, critical)
    if any(isinstance(entry, Eigenvalue) and entry.rational is None for entry in entries):
        return _algebraic(point)
    return _rational(_mapped(point, _fraction))


def attains_least_loss(product: Matrix, target: Matrix, narrowest: int) -> bool:
    """Whether a rational product W of factors attains the least loss that a narrowest layer of size d allows; exact.

    With E = W - T: where rank T <= d the least loss is 0. Otherwise (Eckart, Young) W must be T with its d largest singular values kept:
    W^T E = 0, W E^T = 0, rank W = d, and no singular value of E above the least one of W.
    """
    error = [[w - t for w, t in zip(row, goal, strict=True)] for row, goal in zip(product, target, strict=True)]
    if not any(entry for row in error for entry in row):
        return True
    if _rank(target) <= narrowest or _rank(product) != narrowest:
        return False
    crossed = [
        *derivatives.multiplied(derivatives.transposed(product), error),
        *derivatives.multiplied(product, derivatives.transposed(error)),
    ]
    if any(entry for row in crossed for entry in row):
        return False
    kept, lost = _squared_singular_values(product), _squared_singular_values(error)
    return compare(kept[narrowest - 1], lost[0]) >= 0


def _rational(point: Point) -> Classification:
    loss = sum((Fraction(e) ** 2 for e in _misfit_row(point)), Fraction(0)) / 2
    slope = sum((Fraction(g) ** 2 for g in _gradient_row(point)), Fraction(0))
    if slope:
        return Classification(NOT_CRITICAL, False, None, loss, slope, "exact gradient", f"the gradient has squared norm {_about(slope)}")
    rows = derivatives.hessian(point.factors, point.target)
    _within_reach(rows)
    product = derivatives.chain(point.factors, point.sizes[0])
    least = attains_least_loss(_frozen(product), point.target, min(point.sizes))
    return _judged(inertia(rows), least, loss, slope, "exact LDL^T")


def _judged(found: Inertia, least: bool | None, loss: Fraction | arb, slope: Fraction | arb, method: str) -> Classification:
    """The kind of a critical point from the exact inertia, and whether it is known to be a global minimum."""
    if found.negative:
        return Classification(STRICT_SADDLE, True, found, loss, slope, method)
    if least is None:
        reason = "no negative eigenvalue; whether its loss is the least for this bottleneck is decided only where the product is rational"
        return Classification(None, True, found, loss, slope, method, reason)
    if least:
        return Classification(GLOBAL_MINIMUM, True, found, loss, slope, method)
    return Classification(WEAK_SADDLE, True, found, loss, slope, method, relies_on=(NO_SPURIOUS,))


def _algebraic(point: Point) -> Classification:
    """Every number is enclosed as sharply as it takes to tell it from 0 by a bound on its conjugates."""
    field = _Field.of(point)
    depth = len(point.factors)
    majorant = _mapped(point, _conjugate_bound)
    majorant = Point(majorant.factors, tuple(tuple(-entry for entry in row) for row in majorant.target))
    with ctx.workprec(_ALGEBRAIC_BITS):
        at = field.enclosed(_ALGEBRAIC_BITS)
        loss, slope = _half_square(_misfit_row(at)), 2 * _half_square(_gradient_row(at))
    still = _all_zero(field, _gradient_row, _gradient_row(majorant), 2 * depth - 1)
    if not still:
        kind, reason = (None, _TOO_FINE) if still is None else (NOT_CRITICAL, f"the gradient has squared norm {_about(slope)}")
        return Classification(kind, still, None, loss, slope, _SEPARATION, reason)
    bounds = derivatives.hessian(majorant.factors, majorant.target)

    def enclosed(bits: int) -> list[list[Any]]:
        at = field.enclosed(bits)
        return derivatives.hessian(at.factors, at.target)

    clearing = field.denominator ** (2 * depth - 2)
    found = algebraic_inertia(enclosed, components(bounds), lambda i, j: Fraction(bounds[i][j]), clearing, field.degree)
    if found is None:
        return Classification(None, True, None, loss, Fraction(0), _SEPARATION, _TOO_FINE)
    fits = _all_zero(field, _misfit_row, _misfit_row(majorant), depth)
    narrow = min(point.sizes) < min(point.sizes[0], point.sizes[-1])
    least = _least_by_recognition(field, majorant) if fits is False and narrow and not found.negative else fits
    return _judged(found, least, Fraction(0) if fits else loss, Fraction(0), _SEPARATION)


def _least_by_recognition(field: _Field, majorant: Point) -> bool | None:
    """Whether the loss is the least, where the target is rational and so is the product: guessed from balls, then confirmed exactly."""
    point, depth = field.point, len(field.point.factors)
    if any(isinstance(entry, Eigenvalue) for row in point.target for entry in row):
        return None
    with ctx.workprec(_ALGEBRAIC_BITS):
        at = field.enclosed(_ALGEBRAIC_BITS)
        product = [[_simple(entry) for entry in row] for row in derivatives.chain(at.factors, point.sizes[0])]
    guessed = replace(field, point=Point(point.factors, _frozen(product)))
    guessed = replace(guessed, denominator=lcm(field.denominator, *(entry.denominator for row in product for entry in row)))
    bounds = _misfit_row(Point(majorant.factors, tuple(tuple(-abs(entry) for entry in row) for row in product)))
    if not _all_zero(guessed, _misfit_row, bounds, depth):
        return None
    return attains_least_loss(_frozen(product), point.target, min(point.sizes))


def _by_balls(point: Point, critical: bool) -> Classification:
    """Balls show that a gradient is not 0 and that eigenvalues are not; never that something is 0."""
    with ctx.workprec(_ALGEBRAIC_BITS):
        at = _mapped(point, lambda entry: entry if isinstance(entry, arb) else _ball(entry, _ALGEBRAIC_BITS))
        loss, row = _half_square(_misfit_row(at)), _gradient_row(at)
        slope = 2 * _half_square(row)
        if any(g > 0 or g < 0 for g in row if isinstance(g, arb)):
            return Classification(NOT_CRITICAL, False, None, loss, slope, "balls", f"the gradient has squared norm {_about(slope)}")
        if not critical:
            reason = "balls cannot show that the gradient is 0: give exact entries"
            return Classification(None, None, None, loss, slope, "balls", reason)
        found = ball_inertia([[arb(entry) for entry in line] for line in derivatives.hessian(at.factors, at.target)])
    if found.negative:
        return Classification(STRICT_SADDLE, True, found, loss, slope, "interval LDL^T", relies_on=("that the point is critical (given)",))
    reason = "balls show neither that an eigenvalue is 0 nor that the loss is least: give exact entries"
    return Classification(None, True, found, loss, slope, "interval LDL^T", reason)


@dataclass(frozen=True)
class _Field:
    """An algebraic point: a common denominator of its entries, and a bound on the degree of the field that they generate."""

    point: Point
    denominator: int
    degree: int

    @classmethod
    def of(cls, point: Point) -> _Field:
        numbers = {entry for matrix in (*point.factors, point.target) for row in matrix for entry in row}
        polynomials = [entry.polynomial for entry in numbers if isinstance(entry, Eigenvalue)]
        degree = prod(len(p) - 1 for p in polynomials)
        if degree > MAX_DEGREE:
            raise InputError("factors", f"entries in a field of degree up to {degree}", f"a field of degree at most {MAX_DEGREE}")
        rational = [_fraction(entry).denominator for entry in numbers if not isinstance(entry, Eigenvalue)]
        return cls(point, lcm(*(p[-1] for p in polynomials), *rational), degree)

    def enclosed(self, bits: int) -> Point:
        """The same point in balls."""
        return _mapped(self.point, lambda entry: _ball(entry, bits))


def _all_zero(field: _Field, row: Callable[[Point], list[Any]], bounds: Sequence[Any], weight: int) -> bool | None:
    """Whether every entry of `row`, polynomials of total degree at most `weight` in the entries of the point, is 0."""
    return all_zero(lambda bits: row(field.enclosed(bits)), [Fraction(b) for b in bounds], field.denominator**weight, field.degree)


def _gradient_row(point: Point) -> list[Any]:
    return [g for matrix in derivatives.gradient(point.factors, point.target) for row in matrix for g in row]


def _misfit_row(point: Point) -> list[Any]:
    return [e for row in derivatives.misfit(point.factors, point.target) for e in row]


def _half_square(entries: Sequence[Any]) -> arb:
    """Half the sum of squares."""
    return arb(sum((entry * entry for entry in entries), arb(0)) / 2)


def _mapped(point: Point, change: Callable[[Any], Any]) -> Point:
    *factors, target = (tuple(tuple(change(entry) for entry in row) for row in matrix) for matrix in (*point.factors, point.target))
    return Point(tuple(factors), target)


def _fraction(entry: Any) -> Fraction:
    value = entry.rational if isinstance(entry, Eigenvalue) else entry
    if not isinstance(value, int | Fraction):
        raise InputError("factors", value, "Fraction, Eigenvalue or arb entries")
    return Fraction(value)


def _ball(entry: Any, bits: int) -> arb:
    return entry.ball(bits) if isinstance(entry, Eigenvalue) else rational_ball(_fraction(entry))


def _conjugate_bound(entry: Any) -> Fraction:
    """At least the size of every conjugate of a number (Cauchy)."""
    if not isinstance(entry, Eigenvalue):
        return abs(_fraction(entry))
    *lower, leading = entry.polynomial
    return 1 + Fraction(max(map(abs, lower)), leading)


def _simple(entry: Any) -> Fraction:
    """The simplest rational in a ball."""
    ball = arb(entry)
    return simplest_between(dyadic(ball.lower()), dyadic(ball.upper()))


def _frozen(rows: Sequence[Sequence[Any]]) -> Matrix:
    return tuple(map(tuple, rows))


def _rank(rows: Sequence[Sequence[Fraction]]) -> int:
    return int(fmpq_mat([[fmpq(entry.numerator, entry.denominator) for entry in row] for row in rows]).rank())


def _squared_singular_values(rows: Sequence[Sequence[Fraction]]) -> tuple[Eigenvalue, ...]:
    """Those of the product with the transpose, in decreasing order, exact."""
    gram = derivatives.multiplied(rows, derivatives.transposed(rows))
    return symmetric_eigenvalues(gram, "factors")


def _within_reach(rows: Sequence[Sequence[Fraction]]) -> None:
    bits = max(max(Fraction(x).numerator.bit_length(), Fraction(x).denominator.bit_length()) for row in rows for x in row)
    allowed = MAX_WORK // len(rows) ** 4
    if bits > allowed:
        shown = f"a Hessian of {len(rows)} rows with entries of {bits} bits"
        raise InputError("factors", shown, f"entries of at most {allowed} bits there")


def _about(value: Fraction | arb) -> str:
    return f"{float(value):.6g}"


def nearest(entry: Any) -> float:
    """A float near an entry: for pictures and searches."""
    return float(_ball(entry, _ALGEBRAIC_BITS)) if not isinstance(entry, arb) else float(entry)
