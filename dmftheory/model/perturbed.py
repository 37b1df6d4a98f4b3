"""Perturbed identical initialisation: the two-variable system of one eigenvalue, symbolic (A3, A5, E1, E3, E4, E6).

W_1 has the eigenvalue a, every other factor b. With p = a b^(N-1) and u = eta b^(N-2) (lambda - p) one step of gradient descent is

    a' = a + b u,  b' = b + a u,   that is   b' + a' = (1 + u)(b + a),  b' - a' = (1 - u)(b - a),

so the imbalance b^2 - a^2 is multiplied by 1 - u^2, and the flow conserves it. On b^2 - a^2 = delta the sum s = a + b says everything.
"""

from dataclasses import dataclass
from fractions import Fraction

import sympy

from dmftheory.errors import InputError
from dmftheory.model.identities import Identity, power_normal_form
from dmftheory.model.loss import factors, loss, target
from dmftheory.model.symbols import DEPTH


def on_hyperbola(delta: sympy.Expr, s: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr]:
    """(a, b) with a + b = s and b^2 - a^2 = delta."""
    return (s - delta / s) / 2, (s + delta / s) / 2


def sum_product(N: sympy.Expr | int, delta: sympy.Expr, s: sympy.Expr) -> sympy.Expr:
    """p = a b^(N-1), the eigenvalue of the product of all factors, at a + b = s on b^2 - a^2 = delta."""
    a, b = on_hyperbola(delta, s)
    return a * b ** (N - 1)


def sum_field(N: sympy.Expr | int, lam: sympy.Expr, delta: sympy.Expr, s: sympy.Expr) -> sympy.Expr:
    """ds/dt = s b^(N-2) (lambda - p) along gradient flow. Source: DERIVED (E4, in the variable s = a + b)."""
    a, b = on_hyperbola(delta, s)
    return s * b ** (N - 2) * (lam - a * b ** (N - 1))


def scaled_loss(N: sympy.Expr | int, lam: sympy.Expr, a: sympy.Expr, B: sympy.Expr, q: sympy.Expr) -> sympy.Expr:
    """(a b^(N-1) - lambda)^2 / 2 in the coordinates (a, B), B = q b with q = sqrt(N-1), in which the recursion is gradient descent."""
    return (a * (B / q) ** (N - 1) - lam) ** 2 / 2


def hessian(N: sympy.Expr | int, lam: sympy.Expr, a: sympy.Expr, b: sympy.Expr, q: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr, sympy.Expr]:
    """H11, H12, H22 of `scaled_loss` at (a, q b), q^2 = N - 1. DERIVED, as `numerics.perturbed` uses them."""
    p = a * b ** (N - 1)
    return b ** (2 * N - 2), q * b ** (N - 2) * (2 * p - lam), a * b ** (N - 3) * ((2 * N - 3) * p - (N - 2) * lam)


@dataclass(frozen=True)
class Root:
    """A real algebraic number: a polynomial with integer coefficients and an isolating interval with rational ends."""

    polynomial: sympy.Poly
    low: Fraction
    high: Fraction

    def enclosure(self, digits: int) -> tuple[Fraction, Fraction]:
        """Rationals around the number at most 10^-digits apart."""
        root = next(r for r in self.polynomial.real_roots() if self.low <= _fraction(r.eval_rational(n=15)) <= self.high)
        middle = _fraction(root.eval_rational(dx=sympy.Rational(1, 4 * 10**digits)))
        return middle - Fraction(1, 4 * 10**digits), middle + Fraction(1, 4 * 10**digits)


def bound_constant(depth: int) -> Root:
    """c(N), the largest real root of (c - 1)^N c^(N-1) = 1, from (c - 1) c^(1 - 1/N) = 1. Form RECALLED (E1); see chou.perturbed.constant.

    Raises InputError for depth < 2.
    """
    if depth < 2:
        raise InputError("depth", depth, "an integer >= 2")
    c = sympy.Symbol("c")
    polynomial = sympy.Poly((c - 1) ** depth * c ** (depth - 1) - 1, c)
    (low, high), _ = polynomial.intervals()[-1]
    while not (low > 1 and high < 2):
        low, high = polynomial.refine_root(low, high, steps=1)
    return Root(polynomial, _fraction(low), _fraction(high))


def _fraction(value: sympy.Rational) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def verify_balancedness(depth: int, dimension: int = 2) -> list[Identity]:
    """d/dt (W_{j+1}^T W_{j+1} - W_j W_j^T) = 0 along gradient flow of the loss, for factors and target without any symmetry (E3)."""
    weights, goal = factors([dimension] * (depth + 1)), target(dimension, dimension)
    value = loss(weights, goal)
    velocity = [weight.applyfunc(lambda entry: -sympy.diff(value, entry)) for weight in weights]
    identities = []
    for j in range(depth - 1):
        above = velocity[j + 1].T * weights[j + 1] + weights[j + 1].T * velocity[j + 1]
        below = velocity[j] * weights[j].T + weights[j] * velocity[j].T
        change = above - below
        identities += [
            Identity(f"imbalance of W_{j + 2} and W_{j + 1}, entry ({i + 1}, {k + 1})", sympy.expand(change[i, k]))
            for i in range(dimension)
            for k in range(dimension)
        ]
    return identities


def verify_sum(N: sympy.Expr | int = DEPTH) -> list[Identity]:
    """The change of variable behind `sum_field`: ds/dt = da/dt + db/dt of the flow, and (a, b) are what they are named for."""
    s, delta, lam = (sympy.Symbol(name, positive=True) for name in ("s", "delta", "lambda"))
    a, b = on_hyperbola(delta, s)
    big, small = sympy.symbols("b a", positive=True)
    flow = (big ** (N - 1) + small * big ** (N - 2)) * (lam - small * big ** (N - 1))
    stated = (small + big) * big ** (N - 2) * (lam - small * big ** (N - 1))
    return [
        Identity("sum", sympy.expand(a + b - s)),
        Identity("imbalance", sympy.expand(b**2 - a**2 - delta)),
        Identity("flow of the sum", power_normal_form(sympy.expand(flow - stated))),
    ]
