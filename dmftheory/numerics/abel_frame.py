"""One recursion in normal form at one precision: states, levels, and the coordinate in which the Abel function is inverted.

For a state x in normal form let z increase by N |h| (1 + O(h)) per step:

    lambda > 0, x < 1: z = ln(u/(1-u));    x > 1: z = ln(u/(u-1));    lambda < 0: z = ln(1 + x^-N);    lambda = 0: z = -2N ln x.

In each case dA/dz = (1 + sum_{n>=1} h^n P_n(u)) / (degree |h|), so that a difference of Abel functions is a difference in z.
"""

from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from dmftheory.numerics.abel import AbelFunction, Point
from dmftheory.numerics.iterate import Recursion
from dmftheory.numerics.scalars import size, to_ball

_SHORT_BITS = 20_000


@dataclass(frozen=True)
class Frame:
    """Normal form of `recursion`; every ball is computed at `precision` bits, which the caller has set as working precision."""

    recursion: Recursion
    precision: int
    sign: int
    tau: arb
    unit: arb  # |lambda|^(1/N), 1 for lambda = 0

    @classmethod
    def of(cls, recursion: Recursion, precision: int) -> "Frame":
        """The normal form at the current working precision, which is `precision`."""
        sign, n = recursion.eigenvalue.sign, recursion.depth
        if sign == 0:
            return cls(recursion, precision, 0, to_ball(recursion.eta), arb(1))
        lam = abs(recursion.eigenvalue.ball(precision))
        unit = lam.root(n)
        return cls(recursion, precision, sign, to_ball(recursion.eta) * lam * lam / unit**2, unit)

    @property
    def degree(self) -> int:
        """N, or 2N for lambda = 0."""
        return self.recursion.depth if self.sign else 2 * self.recursion.depth

    def function(self, order: int) -> AbelFunction:
        """The Abel function of this order."""
        return AbelFunction(self.recursion.depth, self.sign, self.tau, order, self.precision)

    def at_state(self, d: Fraction) -> Point:
        """The point of a state d > 0 in original variables."""
        n = self.recursion.depth
        if n * size(d) <= _SHORT_BITS:
            return self.at_level(d**n, True, to_ball(d))
        return self._point(to_ball(d) ** n, to_ball(d))

    def at_ball(self, d: arb) -> Point:
        """The point of a ball around a state."""
        return self._point(d**self.recursion.depth, d)

    def between(self, low: Fraction, high: Fraction) -> tuple[Point, tuple[Point, Point] | None]:
        """The point of all states from low to high, and those of both ends where they differ."""
        if low == high:
            return self.at_state(low), None
        return self.at_ball(to_ball(low).union(to_ball(high))), (self.at_state(low), self.at_state(high))

    def at_level(self, threshold: Fraction, absolute: bool, state: arb | None = None) -> Point:
        """The point where d^N = threshold * lambda (or threshold); 1 - u is exact before it is rounded wherever it is rational."""
        lam = self.recursion.eigenvalue.rational
        if absolute or self.sign == 0:
            level = to_ball(threshold)
            state = level.root(self.recursion.depth) if state is None else state
            return self._point(level, state, None if not lam else to_ball((lam - threshold) / lam))
        power = to_ball(threshold)
        return Point(power.root(self.recursion.depth), power, to_ball(1 - threshold))

    def at(self, z: arb, above: bool = False) -> Point:
        """The point with coordinate z; `above` for x > 1."""
        if self.sign == 0:
            return self._at_zero((-z / self.degree).exp())
        if self.sign < 0:
            power, gap = 1 / z.expm1(), 1 / (1 - (-z).exp())
        elif above:
            power, gap = -1 / (-z).expm1(), -1 / z.expm1()
        else:
            power, gap = 1 / (1 + (-z).exp()), 1 / (1 + z.exp())
        return Point(power.root(self.degree), power, gap)

    def coordinate(self, point: Point) -> arb:
        """z of a point."""
        if self.sign == 0:
            return -self.degree * point.x.log()
        if self.sign < 0:
            return (point.gap / point.power).log()
        return (point.power / abs(point.gap)).log()

    def state(self, point: Point) -> arb:
        """d of a point."""
        return point.x * self.unit

    def _point(self, product: arb, state: arb, gap: arb | None = None) -> Point:
        """From balls around d^N and d; for a rational lambda the caller may know 1 - u better."""
        x = state / self.unit
        if self.sign == 0:
            return self._at_zero(x)
        lam = self.recursion.eigenvalue.ball(self.precision)
        return Point(x, product / abs(lam), (lam - product) / lam if gap is None else gap)

    @staticmethod
    def _at_zero(x: arb) -> Point:
        return Point(x, arb(0), arb(1))


def value_between(fn: AbelFunction, point: Point, ends: tuple[Point, Point] | None) -> arb:
    """A(point) where A is monotone: from the ends of the ball, since A of a ball loses what its large terms cancel."""
    return fn(point) if ends is None else fn(ends[0]).union(fn(ends[1]))


def log2(value: arb) -> float:
    """The binary logarithm of the midpoint of a positive ball, for estimates only."""
    return float(value.mid().log()) / 0.6931471805599453


def log2_rational(value: Fraction) -> float:
    """The binary logarithm of a positive rational to within 1, for estimates only."""
    return float(value.numerator.bit_length() - value.denominator.bit_length())
