"""Step sizes and states that structure the dynamics: the safe and the critical step size, the inflection, the imbalance.

Each is stated here and checked against the recursion or the field by exact differentiation.
"""

import sympy

from dmftheory.model import recursion
from dmftheory.model.identities import Identity, power_normal_form
from dmftheory.model.symbols import DEPTH, ETA


def safe_step_size(N: sympy.Expr | int, M: sympy.Expr) -> sympy.Expr:
    """1 / (N M^(2N-2)) with M = max(alpha, ||What||^(1/N)): below it no eigenvalue overshoots. DERIVED (B1); sharp."""
    return 1 / (N * M ** (2 * N - 2))


def sharpness(N: sympy.Expr | int, lam: sympy.Expr) -> sympy.Expr:
    """N lambda^(2 - 2/N), the slope of -f at the fixed point d = lambda^(1/N), lambda > 0. DERIVED (B3)."""
    return N * lam ** (2 - sympy.Integer(2) / N)


def stability_threshold(N: sympy.Expr | int, lam: sympy.Expr) -> sympy.Expr:
    """The step size 2 / (N lambda^(2 - 2/N)) beyond which the fixed point is unstable. DERIVED (B3)."""
    return 2 / sharpness(N, lam)


def inflection_fraction(N: sympy.Expr | int) -> sympy.Expr:
    """(N - 1) / (2N - 1), the fraction of lambda at which the product's eigenvalue leaves the slow phase. DERIVED (B5)."""
    return (N - sympy.S.One) / (2 * N - 1)


def imbalance_factor(N: sympy.Expr | int, lam: sympy.Expr, eta: sympy.Expr, a: sympy.Expr, b: sympy.Expr) -> sympy.Expr:
    """The factor 1 - eta^2 b^(2N-4) (a b^(N-1) - lambda)^2 by which one step multiplies b^2 - a^2. DERIVED (E3)."""
    return 1 - eta**2 * b ** (2 * N - 4) * (a * b ** (N - 1) - lam) ** 2


def verify_landmarks(N: sympy.Expr | int = DEPTH) -> list[Identity]:
    """The identities behind the statements above, for symbolic N unless one is given; r stands for lambda^(1/N)."""
    a, b, d, r = (sympy.Symbol(letter, positive=True) for letter in "abdr")
    lam = r**N
    moved = recursion.step(N, lam, ETA, d)
    slope = sympy.diff(moved, d)
    # f' vanishes at d^N = k lambda: divide f' by its power of d, then put u = d^N.
    curvature = (slope - 1) / ETA / d ** (N - 2) - ((N - 1) * lam - (2 * N - 1) * d**N)
    a_next, b_next = recursion.perturbed_step(N, lam, ETA, a, b)
    imbalance = b_next**2 - a_next**2 - (b**2 - a**2) * imbalance_factor(N, lam, ETA, a, b)
    return [
        Identity("lambda^(1/N) is a fixed point", power_normal_form(moved.subs(d, r) - r)),
        Identity("multiplier at the fixed point", power_normal_form(slope.subs(d, r) - (1 - ETA * sharpness(N, lam)))),
        Identity("multiplier -1 at the stability threshold", power_normal_form(1 - stability_threshold(N, lam) * sharpness(N, lam) + 1)),
        Identity("slope of the field", power_normal_form(curvature)),
        Identity("zero of the slope", power_normal_form((N - 1) * lam - (2 * N - 1) * inflection_fraction(N) * lam)),
        Identity("decay of the imbalance", power_normal_form(imbalance)),
    ]
