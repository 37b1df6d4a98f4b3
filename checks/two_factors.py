"""Perturbed identical initialisation, simulated plainly: the loop of both factors, rounded outwards, and flow times by quadrature in a."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import flint
from dmftheory.checks.interval import Interval, Value, short
from dmftheory.checks.reading import BITS, Observables
from dmftheory.checks.simulate import QUADRATURE_BITS, Simulation

from dmftheory.claims import FirstFactor, ImbalancedTime, OtherFactor
from dmftheory.numerics.scalars import working_precision

# A step widens enclosures at most 1 + 4 N eta R^(2N-2) times while both factors stay below R: less than 8 for the step sizes drawn here.
# Too few bits would show as undecided, never as a wrong decision.
BITS_A_STEP = 3


def pair_step(depth: int, lam: Value, eta: Value, a: Value, b: Value) -> tuple[Value, Value]:
    """a - eta b^(N-1) e and b - eta a b^(N-2) e, e = a b^(N-1) - lambda."""
    inner = b ** (depth - 2)
    error = a * inner * b - lam
    return a - eta * inner * b * error, b - eta * a * inner * error


@dataclass
class PairRun:
    """(a, b) at every step up to `horizon`, computed as they are asked for."""

    depth: int
    lam: Value
    start: tuple[Value, Value]
    eta: Value
    horizon: int
    states: list[tuple[Value, Value]] = field(default_factory=list)

    def at(self, k: int) -> tuple[Value, Value] | None:
        """The state after k steps; None beyond the horizon."""
        if k > self.horizon:
            return None
        bits = BITS + 64 + BITS_A_STEP * self.horizon
        if not self.states:
            self.states.append(self.start)
        while len(self.states) <= k:
            a, b = (short(v, bits) for v in self.states[-1])
            if len(self.states) > 2:  # exact fractions grow 2N - 1 times in length a step
                a, b = Interval.of(a, bits), Interval.of(b, bits)
            self.states.append(pair_step(self.depth, self.lam, self.eta, a, b))
        return self.states[k]


@dataclass
class PairSimulation(Simulation):
    """Also what both factors of perturbed initialisation come out as."""

    pairs: dict[tuple[Value, ...], PairRun] = field(default_factory=dict)

    @property
    def observables(self) -> Observables:
        """The functions that a Reading asks."""
        return {**super().observables, FirstFactor: self.first, OtherFactor: self.other, ImbalancedTime: imbalanced_time}

    def first(self, depth: Fraction, lam: Value, a: Value, b: Value, eta: Value, k: Fraction) -> Value | None:
        """a(k)."""
        found = self._pair(depth, lam, a, b, eta).at(int(k))
        return None if found is None else found[0]

    def other(self, depth: Fraction, lam: Value, a: Value, b: Value, eta: Value, k: Fraction) -> Value | None:
        """b(k)."""
        found = self._pair(depth, lam, a, b, eta).at(int(k))
        return None if found is None else found[1]

    def _pair(self, depth: Fraction, lam: Value, a: Value, b: Value, eta: Value) -> PairRun:
        key = (depth, lam, a, b, eta)
        if key not in self.pairs:
            self.pairs[key] = PairRun(int(depth), lam, (a, b), eta, self.horizon)
        return self.pairs[key]


def imbalanced_time(depth: Fraction, lam: Fraction, delta: Fraction, x: Fraction, y: Fraction) -> Interval:
    """The integral of da / ((a^2 + delta)^((N-1)/2) (lambda - a (a^2 + delta)^((N-1)/2))), with Arb's proved error."""
    n = int(depth)
    with working_precision(QUADRATURE_BITS):
        level, offset = (flint.arb(flint.fmpq(v.numerator, v.denominator)) for v in (lam, delta))

        def integrand(a: flint.acb, analytic: bool) -> flint.acb:
            power = (a * a + offset).sqrt(analytic=analytic) ** (n - 1)
            return 1 / (power * (level - a * power))

        start, end = ((s - delta / s) / 2 for s in (x, y))
        ends = [flint.acb(flint.arb(flint.fmpq(v.numerator, v.denominator))) for v in (start, end)]
        total = flint.acb.integral(integrand, ends[0].mid(), ends[1].mid()).real
        for point in ends:
            total += flint.arb(0, point.real.rad()) * abs(integrand(point, False)).upper()
        if not total.is_finite():
            return Interval.everything(QUADRATURE_BITS)
        low, high = (Fraction(int(e.p), int(e.q)) for e in (total.lower().fmpq(), total.upper().fmpq()))
    return Interval.of(low, QUADRATURE_BITS).hull(Interval.of(high, QUADRATURE_BITS))
