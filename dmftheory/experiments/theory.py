"""What the exact theory of diagonal targets says about a setting: passages and plateaus under identical initialisation.

For other starts and for partly seen targets it is a reference to compare with, not a theorem about them.
"""

from dataclasses import dataclass
from fractions import Fraction

from dmftheory.experiments.settings import Setting
from dmftheory.numerics.eigenvalues import Eigenvalue
from dmftheory.passage import transitions
from dmftheory.plateaus import Plateau
from dmftheory.problem import Problem

HALF = Fraction(1, 2)
TOLERANCE = Fraction(1, 10)


@dataclass(frozen=True)
class Predicted:
    """First steps at which each singular value reaches half of its limit (exact), the flow's times over eta, the certified plateaus."""

    steps: tuple[int | None, ...]
    flow: tuple[float | None, ...]
    plateaus: tuple[Plateau, ...]


def predicted(setting: Setting) -> Predicted:
    """From `dmftheory transitions` for depth >= 2; for depth 1, which has no plateaus, from (1 - eta)^k."""
    if setting.depth == 1:
        steps = tuple(unfactored(value, setting.alpha, setting.eta, HALF) for value in setting.spectrum)
        return Predicted(steps, tuple(None for _ in steps), ())
    spectrum = tuple(Eigenvalue.of(value) for value in setting.all_values)
    answer = transitions(Problem(setting.depth, spectrum, setting.alpha, setting.eta), HALF, TOLERANCE)
    learnt = [mode.passage for mode in answer.modes if mode.eigenvalue.sign > 0]
    flow = tuple(None if passage.flow_steps is None else float(passage.flow_steps) for passage in learnt)
    return Predicted(tuple(passage.step for passage in learnt), flow, answer.plateaus)


def unfactored(lam: Fraction, alpha: Fraction, eta: Fraction, threshold: Fraction) -> int:
    """First k with d(k) >= threshold lam for d(k) = lam + (alpha - lam)(1 - eta)^k: no factorisation.

    For 0 < alpha < lam, 0 < threshold < 1, 0 < eta < 1.
    """
    left, goal, k = lam - alpha, (1 - threshold) * lam, 0
    while left > goal:
        left, k = left * (1 - eta), k + 1
    return k


def escape_rate(depth: int, spectrum: tuple[float, ...], lam: float) -> tuple[float, float]:
    """(mu, lambda_b): rounding grows by 1 + eta mu a step along the most unstable direction that pairs `lam` < 0 with learnt lambda_b.

    From the Hessian at the limit of identical initialisation: |lam| for two factors (lambda_b = 0), else the largest
    lambda_b^(1-2/N) (|lam| - lambda_b) over the positive lambda_b; mu <= 0 means that nothing grows. Source: chou (E6), derived.
    """
    if depth == 2:
        return abs(lam), 0.0
    return max((value ** (1 - 2 / depth) * (abs(lam) - value), value) for value in spectrum if value > 0)
