"""The normal form: one eigenvalue is three numbers, the depth N, the step size tau and the start x0.

For lambda != 0 the substitution x = d / |lambda|^(1/N), tau = eta |lambda|^(2 - 2/N) turns the scalar recursion of gradient descent into
x' = x + tau f(x), with f depending on the sign of lambda only; for lambda = 0 nothing needs scaling.
"""

import sympy

from dmftheory.errors import InputError
from dmftheory.model import recursion
from dmftheory.model.identities import Identity, power_normal_form
from dmftheory.model.symbols import DEPTH, TAU, X

SIGNS = (1, 0, -1)


def check_sign(sign: int) -> None:
    """Raise InputError unless `sign` is 1, 0 or -1."""
    if sign not in SIGNS:
        raise InputError("sign", sign, "1, 0 or -1, the sign of the eigenvalue")


def field(N: sympy.Expr | int, x: sympy.Expr, sign: int = 1) -> sympy.Expr:
    """The right-hand side f of the normal form, x per unit of flow time.

    sign 1: x^(N-1) (1 - x^N); sign -1: -x^(N-1) (1 + x^N); sign 0: -x^(2N-1). Raises InputError for another sign.
    """
    check_sign(sign)
    if sign == 0:
        return -(x ** (2 * N - 1))
    return x ** (N - 1) * (1 - x**N) if sign == 1 else -(x ** (N - 1)) * (1 + x**N)


def step(N: sympy.Expr | int, tau: sympy.Expr, x: sympy.Expr, sign: int = 1) -> sympy.Expr:
    """One step x + tau f(x) of gradient descent in the normal form. Raises InputError for a sign other than 1, 0, -1."""
    return x + tau * field(N, x, sign)


def scale(N: sympy.Expr | int, lam: sympy.Expr, d: sympy.Expr, eta: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr]:
    """The normal-form pair (x, tau) of a state d and a step size eta, for lam != 0."""
    size = sympy.Abs(lam)
    return d / size ** (sympy.S.One / N), eta * size ** (2 - sympy.Integer(2) / N)


def unscale(N: sympy.Expr | int, lam: sympy.Expr, x: sympy.Expr, tau: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr]:
    """The pair (d, eta) whose normal form is (x, tau), for lam != 0."""
    size = sympy.Abs(lam)
    return x * size ** (sympy.S.One / N), tau * size ** (sympy.Integer(2) / N - 2)


def verify_scaling(sign: int, N: sympy.Expr | int = DEPTH) -> list[Identity]:
    """The identities by which the recursion of gradient descent becomes the normal form, for symbolic N unless one is given.

    With lambda = sign r^N and r > 0 every power of |lambda| is a power of r, so the residuals are polynomials. DERIVED.
    """
    check_sign(sign)
    if sign == 0:
        residual = recursion.step(N, sympy.S.Zero, TAU, X) - step(N, TAU, X, 0)
        return [Identity("lambda = 0 is its own normal form", power_normal_form(residual))]
    r = sympy.Symbol("r", positive=True)
    lam = sign * r**N
    d, eta = unscale(N, lam, X, TAU)
    x_back, tau_back = scale(N, lam, d, eta)
    moved = recursion.step(N, lam, eta, d)
    return [
        Identity("the recursion at (d, eta) is the normal form at (x, tau)", power_normal_form(moved - r * step(N, TAU, X, sign))),
        Identity("scaling back returns x", power_normal_form(x_back - X)),
        Identity("scaling back returns tau", power_normal_form(tau_back - TAU)),
    ]
