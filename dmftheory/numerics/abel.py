"""The Abel function of gradient descent in balls: A_p(x') = A_p(x) + 1 up to a defect that `abel_defect` bounds.

Normal form x' = x + sigma tau x^(N-1) (1 - u), u = sigma x^N, written once for both signs of lambda; with scale = sigma tau,

    A_p' = sum_{n<=p} scale^(n-1) x^(s_n - 1) P_n(u) / (1-u),     h = scale x^(N-2).

(lambda < 0 is the formal substitution u -> -x^N, tau -> -tau: x du/dx = N u holds as before.) For lambda = 0 the same with depth 2N,
tau = eta and u = 0. Antiderivatives: P_n(u)/(1-u) = (polynomial) + P_n(1)/(1-u), and with s_n = r + q N, 1 <= r <= N,

    int x^(s-1)/(1-u) dx = x^s G_s(u),   G_s(u) = sum_{i>=0} u^i/(s + N i)            (the term with exponent 0 becomes ln x),

as a series for small |u|, else through T_r = int_0^x t^(r-1)/(1 - sigma t^N) dt: x^s G_s = sigma^q (T_r - x^r sum_{i<q} u^i/(r+Ni)) for
q >= 0, and for q = -1 the exponent r - N comes first. T_r = -(1/N) sum_l z_l^r ln(1 - x/z_l) over z_l^N = sigma, so that all
T_r together need one logarithm for each z_l: sum_r t_r T_r = Re sum_l c_l ln(1 - x/z_l), c_l = -(1/N) sum_r t_r z_l^r. The one that is
singular at x = 1 takes 1 - x = (1-u)/(1 + x + ... + x^(N-1)) from a ball of 1 - u that the caller knows without cancellation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from flint import arb, arb_poly, fmpq, fmpq_poly

from dmftheory.numerics.abel_polynomials import antiderivatives, exponent, polynomials
from dmftheory.numerics.scalars import working_precision

_MOST_TERMS = 12  # a power series with more terms costs more than the logarithms
_LOST_BITS = 48  # unless the logarithms lose more than this, at large tau and high order
_MANY_TERMS = 400


@dataclass(frozen=True)
class Point:
    """A state in normal form: x > 0, power = x^N and gap = 1 - sigma x^N (1 for lambda = 0), each a ball around the true value."""

    x: arb
    power: arb
    gap: arb


@dataclass(frozen=True)
class AbelFunction:
    """A_p for depth N, sign of lambda in {1, -1, 0}, and a ball around tau, at `precision` bits (which the caller sets as well)."""

    depth: int
    sign: int
    tau: arb
    order: int
    precision: int

    @property
    def degree(self) -> int:
        """N, or 2N for lambda = 0: the step is tau x^(degree - 1) to leading order."""
        return 2 * self.depth if self.sign == 0 else self.depth

    @property
    def scale(self) -> arb:
        """sigma tau; -tau for lambda = 0, where the state falls too."""
        return self.tau if self.sign > 0 else -self.tau

    def ratio(self, point: Point) -> arb:
        """The signed h = sigma tau x^(N-2)."""
        return self.scale * point.x ** (self.degree - 2)

    def __call__(self, point: Point) -> arb:
        """A ball around A_p; it increases by one per step, up to the defect."""
        h, u = self.ratio(point), self.sign * point.power
        rows = _rows(self.degree, self.order, self.precision)
        value = self._log_weight * point.x.log()
        if self.sign == 0:
            return value + sum((h ** (n - 1) * c for n, c in enumerate(rows.constants)), arb(0))
        terms = self._series_terms(point)
        if terms is None:
            below = 1 / u
            value += _laurent(h, [e(u) - c * t(below) for e, c, t in zip(rows.smooth, rows.at_one, rows.below, strict=True)])
            return value + self._logarithms(point)
        tails = _tails(self.degree, self.order, terms, self.precision)
        value += _laurent(h, [e(u) + c * t(u) for e, c, t in zip(rows.smooth, rows.at_one, tails, strict=True)])
        return value + self._remainder(h, u, terms)

    def slope(self, point: Point) -> arb:
        """1 + sum_{n>=1} h^n P_n(u), by which tau f A_p' differs from 1."""
        h, u = self.ratio(point), self.sign * point.power
        value = arb(0)
        for p in reversed(_rows(self.degree, self.order, self.precision).polynomials):
            value = value * h + p(u)
        return value

    @cached_property
    def _log_weight(self) -> arb:
        """The factor of ln x."""
        total = arb(0)
        for n, (_, _, at_zero) in enumerate(antiderivatives(self.degree, self.order)):
            if exponent(self.degree, n) == 0:
                total += self.scale ** (n - 1) * arb(at_zero)
        return total

    def _series_terms(self, point: Point) -> int | None:
        """How many terms of the power series in u are enough; None where logarithms are cheaper."""
        if not 0 < point.power < fmpq(1, 16):
            return None
        decay = -float(point.power.log()) / 0.6931471805599453
        count = int(self.precision / decay) + 2
        return count if count <= (_MANY_TERMS if self._cancelling else _MOST_TERMS) else None

    @cached_property
    def _cancelling(self) -> bool:
        """Whether the factors tau^(n-1) P_n(1) of the logarithms are so large that the sum loses many bits where it is small."""
        rows = _rows(self.degree, self.order, self.precision)
        return any(self.tau ** (n - 1) * abs(c) > 2**_LOST_BITS for n, c in enumerate(rows.at_one))

    def _remainder(self, h: arb, u: arb, terms: int) -> arb:
        """What the series beyond u^(terms-1) can add: |sum_{i>=K} u^i/(s+Ni)| <= |u|^K/((s+NK)(1-|u|))."""
        size, total = abs(u), arb(0)
        for n, (_, at_one, _) in enumerate(antiderivatives(self.degree, self.order)):
            total += abs(h) ** (n - 1) * abs(arb(at_one)) / (exponent(self.degree, n) + self.degree * terms)
        bound = (total * size**terms / (1 - size)).upper()
        return arb(0, bound)

    @cached_property
    def _weights(self) -> dict[int, arb]:
        """t_r: the factors of T_r."""
        found: dict[int, arb] = {}
        for n, (_, at_one, _) in enumerate(antiderivatives(self.depth, self.order)):
            q, r = divmod(exponent(self.depth, n) - 1, self.depth)
            sign = self.sign if q % 2 else 1
            found[r + 1] = found.get(r + 1, arb(0)) + sign * self.scale ** (n - 1) * arb(at_one)
        return found

    @cached_property
    def _roots(self) -> Sequence[tuple[int, arb, arb]]:
        """(m, Re c, Im c) for the roots exp(i pi m / N) of sigma with 0 <= m <= N; conjugate pairs counted once with twice the factor."""
        n, weights = self.depth, self._weights
        cosines, sines = circle(n, self.precision)
        found = []
        for m in range(0 if self.sign > 0 else 1, n + 1, 2):
            twice = -2 if 0 < m < n else -1
            real = sum((t * cosines[m * r % (2 * n)] for r, t in weights.items()), arb(0))
            imaginary = sum((t * sines[m * r % (2 * n)] for r, t in weights.items()), arb(0))
            found.append((m, real * twice / n, imaginary * twice / n))
        return found

    def _logarithms(self, point: Point) -> arb:
        """sum_r t_r T_r = Re sum_l c_l ln(1 - x/z_l)."""
        n, x, total = self.depth, point.x, arb(0)
        cosines, sines = circle(n, self.precision)
        rest = point.gap / geometric(x, n) if self.sign > 0 else 1 - x
        for m, real, imaginary in self._roots:
            if m == 0:
                total += real * (abs(point.gap).log() - geometric(x, n).log())
            elif m == n:
                total += real * (1 + x).log()
            else:
                # 1 - x/z = (1-x) + 2 x sin^2(phi/2) + i x sin(phi), phi = pi m / N
                along, across = rest + x * (1 - cosines[m]), x * sines[m]
                total += real * (along**2 + across**2).log() / 2 - imaginary * arb.atan2(across, along)
        return total


@dataclass(frozen=True)
class _Rows:
    """Exact coefficients as balls of one precision."""

    polynomials: tuple[arb_poly, ...]
    smooth: tuple[arb_poly, ...]
    at_one: tuple[arb, ...]
    below: tuple[arb_poly, ...]
    constants: tuple[arb, ...]


@lru_cache(maxsize=256)
def _rows(degree: int, order: int, precision: int) -> _Rows:
    with working_precision(precision):
        table = antiderivatives(degree, order)
        at_zero = [p / exponent(degree, n) if exponent(degree, n) else fmpq(0) for n, (_, _, p) in enumerate(table)]
        return _Rows(
            tuple(arb_poly(p) for p in polynomials(degree, order)),
            tuple(arb_poly(e) for e, _, _ in table),
            tuple(arb(c) for _, c, _ in table),
            tuple(arb_poly(_below(degree, exponent(degree, n))) for n in range(order + 1)),
            tuple(arb(c) for c in at_zero),
        )


def _below(degree: int, s: int) -> fmpq_poly:
    """In 1/u: x^-s (sigma^q T_r - x^s G_s), the finite sum by which G_s differs from T_r; for q = -1 minus the term in front."""
    q = (s - 1) // degree
    if q < 0:
        return fmpq_poly([fmpq(-1, s)] if s else [0])
    return fmpq_poly([0, *(fmpq(1, s - degree * i) for i in range(1, q + 1))])


@lru_cache(maxsize=256)
def _tails(degree: int, order: int, terms: int, precision: int) -> tuple[arb_poly, ...]:
    """The first terms of G_s in u, without the one that is a logarithm."""
    with working_precision(precision):
        found = []
        for n in range(order + 1):
            s = exponent(degree, n)
            found.append(arb_poly(fmpq_poly([fmpq(1, s + degree * i) if s + degree * i else fmpq(0) for i in range(terms)])))
        return tuple(found)


@lru_cache(maxsize=128)
def circle(depth: int, precision: int) -> tuple[tuple[arb, ...], tuple[arb, ...]]:
    """cos and sin of pi m / N for m = 0..2N-1."""
    with working_precision(precision):
        angles = [fmpq(m, depth) for m in range(2 * depth)]
        pairs = [arb.sin_cos_pi_fmpq(angle) for angle in angles]
        return tuple(c for _, c in pairs), tuple(s for s, _ in pairs)


def geometric(x: arb, count: int) -> arb:
    """1 + x + ... + x^(count-1), by doubling."""
    value, power = arb(1), x
    for bit in bin(count)[3:]:
        value, power = value * (1 + power), power * power
        if bit == "1":
            value, power = value * x + 1, power * x
    return value


def _laurent(h: arb, coefficients: Sequence[arb]) -> arb:
    """sum_n h^(n-1) coefficient_n."""
    value = arb(0)
    for c in reversed(coefficients):
        value = value * h + c
    return value / h
