"""Gradient descent and gradient flow, simulated plainly: the loop in the original variables, a first passage by looking at every step.

Nothing is assumed about the map: every operation is rounded outwards, with bits enough for the widening. One step maps an interval of
states within [-X, X] to one at most 1 + eta ((N-1) X^(N-2) (X^N + |lambda|) + N X^(2N-2)) times as wide, by the product rule, so that many
bits more a step keep the precision that the statement is read with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from math import ceil, log2

import flint
from dmftheory.checks.interval import Interval, Value, bounds, short
from dmftheory.checks.reading import BITS, Observables

from dmftheory.claims import Factor, FirstPassage, FlowTime, Iterate, LearningStep, LearningTime
from dmftheory.numerics.scalars import working_precision

QUADRATURE_BITS = 128
_SPARE_BITS = 64  # for the rounding of single operations


def gradient_step(depth: int, lam: Value, eta: Value, d: Value) -> Value:
    """d - eta d^(N-1) (d^N - lambda)."""
    power = d ** (depth - 1)
    return d - eta * power * (power * d - lam)


@dataclass
class Run:
    """One eigenvalue under identical initialisation, at most `horizon` steps, computed as they are asked for."""

    depth: int
    lam: Value
    alpha: Value
    eta: Value
    horizon: int
    states: list[Value] = field(default_factory=list)

    def at(self, k: int) -> Value | None:
        """d(k); None beyond the horizon."""
        if k > self.horizon:
            return None
        if not self.states:
            self.states.append(self.alpha)
            self.bits = BITS + _SPARE_BITS + ceil(self.horizon * self._bits_a_step())
        while len(self.states) <= k:
            d = short(self.states[-1], self.bits)
            if len(self.states) > 2:  # exact fractions double in length N times a step
                d = Interval.of(d, self.bits)
            self.states.append(gradient_step(self.depth, self.lam, self.eta, d))
        return self.states[k]

    def passage(self, level: Value) -> Value | None:
        """The first k with d(k)^N >= level; infinite after a step that certainly moves nothing; None when a comparison is open or the
        horizon comes first."""
        for k in range(self.horizon + 1):
            d = self.at(k)
            assert d is not None
            power = d**self.depth
            if bounds(power)[0] >= bounds(level)[1]:
                return Fraction(k)
            if not bounds(power)[1] < bounds(level)[0]:
                return None
            if k and isinstance(d, Fraction) and d == self.states[k - 1]:
                return Interval.infinity(self.bits)
        return None

    def _bits_a_step(self) -> float:
        n = self.depth
        lam, eta = (max(abs(float(end)) for end in bounds(v)) for v in (self.lam, self.eta))
        x = max(*(abs(float(end)) for end in bounds(self.alpha)), lam ** (1 / n))
        return log2(1 + eta * ((n - 1) * x ** (n - 2) * (x**n + lam) + n * x ** (2 * n - 2)))


@dataclass(frozen=True)
class Scaled:
    """A run in original variables, as what a run in the normal form claims to be: x(k) = d(k) / root."""

    run: Run
    root: Fraction


@dataclass
class Simulation:
    """What the observables of a statement come out as, up to `horizon` steps.

    `scaled` holds runs that stand for normal-form runs, by (N, tau, x0); a normal-form run that is not there is simulated as one with
    eigenvalue 1, 0 or -1.
    """

    horizon: int
    scaled: Mapping[tuple[Value, ...], Scaled] = field(default_factory=dict)
    runs: dict[tuple[Value, ...], Run] = field(default_factory=dict)

    @property
    def observables(self) -> Observables:
        """The functions that a Reading asks."""
        return {
            Factor: self.factor,
            LearningStep: self.learning_step,
            Iterate: self.iterate,
            FirstPassage: self.first_passage,
            FlowTime: flow_time,
            LearningTime: learning_time,
        }

    def factor(self, depth: Value, lam: Value, alpha: Value, eta: Value, k: Fraction) -> Value | None:
        """d(k)."""
        return self._run(depth, lam, alpha, eta).at(int(k))

    def learning_step(self, depth: Value, lam: Value, alpha: Value, eta: Value, theta: Value) -> Value | None:
        """The first k with d(k)^N >= theta lambda."""
        return self._run(depth, lam, alpha, eta).passage(theta * lam)

    def iterate(self, depth: Value, tau: Value, start: Value, k: Fraction, sign: Fraction) -> Value | None:
        """x(k)."""
        known = self.scaled.get((depth, tau, start)) if sign == 1 else None
        if known is None:
            return self._run(depth, sign, start, tau).at(int(k))
        d = known.run.at(int(k))
        return None if d is None else d / known.root

    def first_passage(self, depth: Value, tau: Value, start: Value, theta: Value, sign: Fraction) -> Value | None:
        """The first k with x(k)^N >= theta."""
        known = self.scaled.get((depth, tau, start)) if sign == 1 else None
        if known is None:
            return self._run(depth, sign, start, tau).passage(theta)
        return known.run.passage(theta * known.run.lam)

    def _run(self, depth: Value, lam: Value, alpha: Value, eta: Value) -> Run:
        key = (depth, lam, alpha, eta)
        if key not in self.runs:
            assert isinstance(depth, Fraction)
            self.runs[key] = Run(int(depth), lam, alpha, eta, self.horizon)
        return self.runs[key]


def flow_time(depth: Fraction, x: Value, y: Value, sign: Fraction) -> Interval:
    """The integral of dz / f(z) from x to y in the normal form."""
    return learning_time(depth, sign, x, y)


def learning_time(depth: Fraction, lam: Value, x: Value, y: Value) -> Interval:
    """The integral of dz / (z^(N-1) (lambda - z^N)) from x to y, by quadrature with Arb's proved error.

    An end that is only enclosed adds its width times the integrand over it (mean value theorem).
    """
    if x == y:
        return Interval.of(Fraction(0), QUADRATURE_BITS)
    n = int(depth)
    with working_precision(QUADRATURE_BITS):
        target = _ball(lam)

        def integrand(z: flint.acb, analytic: bool) -> flint.acb:
            return 1 / (z ** (n - 1) * (target - z**n))

        ends = [_ball(v) for v in (x, y)]
        total = flint.arb(0)
        for start, end in pairwise(_octaves(*(e.mid() for e in ends))):
            total += flint.acb.integral(integrand, flint.acb(start), flint.acb(end)).real
        for end in ends:
            total += flint.arb(0, end.rad()) / (end ** (n - 1) * (target - end**n))
        if not total.is_finite():
            return Interval.everything(QUADRATURE_BITS)
        low, high = (Fraction(int(e.p), int(e.q)) for e in (total.lower().fmpq(), total.upper().fmpq()))
    return Interval.of(low, QUADRATURE_BITS).hull(Interval.of(high, QUADRATURE_BITS))


def _octaves(start: flint.arb, end: flint.arb) -> list[flint.arb]:
    """start, 2 start, 4 start, ..., end (or downwards): on each piece the integrand has one size."""
    factor = 2 if bool(end > start) else flint.arb("0.5")
    points = [start]
    while bool(abs(points[-1] * factor - start) < abs(end - start)):
        points.append(points[-1] * factor)
    return [*points, end]


def _ball(value: Value) -> flint.arb:
    ends = (value, value) if isinstance(value, Fraction) else value.ends
    low, high = (flint.arb(flint.fmpq(e.numerator, e.denominator)) for e in ends)
    return low.union(high)
