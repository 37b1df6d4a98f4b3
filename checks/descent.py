"""Gradient descent on full matrices from identical initialisation, for targets with a random spectrum in a random eigenbasis."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from dmftheory.checks import matrices
from dmftheory.checks.interval import Interval, Value, bounds
from dmftheory.checks.matrices import Matrix
from dmftheory.checks.reading import BITS
from dmftheory.checks.simulate import Simulation

# Entries are at most M and eta <= 1 / (N M^(2N-2)), so a step widens the enclosures at most 1 + n^(2N-1) (2N-1) / N times: less than 2^13
# for n <= 5 at depth 3 and for n <= 3 at depth 4. Too few bits would show as undecided, never as a wrong decision.
BITS_A_STEP = 13


@dataclass(frozen=True)
class Descent:
    """One run: the target basis diag(spectrum) basis^T, and the factors (W_1, ..., W_N) at every step from 0 on."""

    depth: int
    basis: Matrix
    spectrum: tuple[Fraction, ...]
    alpha: Fraction
    eta: Fraction
    bits: int
    factors: tuple[tuple[Matrix, ...], ...]

    def eigenvalues(self, k: int) -> tuple[Interval, ...]:
        """Of the product W_N ... W_1 at step k, in the order of the spectrum."""
        return matrices.eigenvalues_in(matrices.product(self.factors[k]), self.basis, self.bits)

    def factor_eigenvalues(self, k: int, j: int = 0) -> tuple[Interval, ...]:
        """Of the factor W_(j+1) at step k, in the order of the spectrum."""
        return matrices.eigenvalues_in(self.factors[k][j], self.basis, self.bits)


def descend(source: random.Random, depth: int, spectrum: Sequence[Fraction], alpha: Fraction, eta: Fraction, steps: int) -> Descent:
    """Run all factors of plain gradient descent for so many steps; matrix products throughout, rounded outwards."""
    bits = BITS + steps * BITS_A_STEP
    basis = matrices.orthogonal(source, len(spectrum))
    target = matrices.times(matrices.times(basis, matrices.diagonal(spectrum)), matrices.transpose(basis))
    states = [tuple(matrices.diagonal([alpha] * len(spectrum)) for _ in range(depth))]
    for _ in range(steps):
        states.append(matrices.descend(states[-1], target, eta, bits))
    return Descent(depth, basis, tuple(spectrum), alpha, eta, bits, tuple(states))


class DescentSimulation(Simulation):
    """Factors and passages read off a full-matrix run, where a statement asks for one of its eigenvalues."""

    def __init__(self, descent: Descent) -> None:
        super().__init__(len(descent.factors) - 1)
        self.descent = descent
        rows = [descent.factor_eigenvalues(k) for k in range(self.horizon + 1)]
        self.tracks: dict[Value, tuple[Interval, ...]] = dict(zip(descent.spectrum, zip(*rows, strict=True), strict=True))

    def factor(self, depth: Value, lam: Value, alpha: Value, eta: Value, k: Fraction) -> Value | None:
        """The eigenvalue of W_1 at step k."""
        if not self._is_ours(depth, lam, alpha, eta):
            return super().factor(depth, lam, alpha, eta, k)
        return self.tracks[lam][int(k)]

    def learning_step(self, depth: Value, lam: Value, alpha: Value, eta: Value, theta: Value) -> Value | None:
        """The first step at which that eigenvalue to the power N is at least theta lambda; beyond the run: one step more than it has."""
        if not self._is_ours(depth, lam, alpha, eta):
            return super().learning_step(depth, lam, alpha, eta, theta)
        for k, d in enumerate(self.tracks[lam]):
            power, level = bounds(d**self.descent.depth), bounds(theta * lam)
            if power[0] >= level[1]:
                return Fraction(k)
            if not power[1] < level[0]:
                return None
        return Fraction(self.horizon + 1)

    def _is_ours(self, depth: Value, lam: Value, alpha: Value, eta: Value) -> bool:
        run = self.descent
        return depth == Fraction(run.depth) and alpha == run.alpha and eta == run.eta and lam in self.tracks
