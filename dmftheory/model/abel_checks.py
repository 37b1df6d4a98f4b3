"""The Abel series checked against the map itself: by differentiating the densities, and through the derivatives of a general field.

Nothing here uses the recursion for D_{j,m}; a density enters as an expression in x, to be differentiated by SymPy.
"""

from collections.abc import Callable
from functools import cache, reduce
from itertools import pairwise
from math import factorial

import sympy
from sympy.polys.rings import PolyElement, ring

from dmftheory.errors import InputError
from dmftheory.model import abel
from dmftheory.model.identities import Identity, power_normal_form
from dmftheory.model.normal_form import field
from dmftheory.model.symbols import DEPTH, X

Density = Callable[[int, sympy.Expr, sympy.Expr | int, int], sympy.Expr]
"""(n, x, N, sign) -> a_n(x), as `abel.density`."""

MOST_JETS = 24


def step_coefficient(n: int, kept: int, N: sympy.Expr | int = DEPTH, sign: int = 1, density: Density = abel.density) -> sympy.Expr:
    """The coefficient of tau^n in the Taylor series of A(x + tau f) - A(x), where A' = sum of tau^(j-1) a_j over j <= kept.

    sum over m >= 1 with n + 1 - m <= kept of f^m / m! times the derivative of a_{n+1-m} of order m - 1, by SymPy's differentiation.
    """
    f = field(N, X, sign)
    orders = range(max(1, n + 1 - kept), n + 2)
    terms = (f**m / factorial(m) * sympy.diff(density(n + 1 - m, X, N, sign), X, m - 1) for m in orders)
    return reduce(lambda a, b: a + b, terms, sympy.S.Zero)


def verify_equation(order: int, N: sympy.Expr | int = DEPTH, sign: int = 1, density: Density = abel.density) -> list[Identity]:
    """A(x + tau f) - A(x) = 1 up to tau^order: the coefficient of tau^0 is 1, those of tau, ..., tau^order are 0.

    By induction on n it determines a_n, since a_n enters its n-th line as f a_n alone.
    """
    return [
        Identity(f"coefficient of tau^{n}", power_normal_form(step_coefficient(n, order, N, sign, density) - (1 if n == 0 else 0)))
        for n in range(order + 1)
    ]


def verify_defect(order: int, last: int, N: sympy.Expr | int = DEPTH, density: Density = abel.density) -> list[Identity]:
    """With a_0, ..., a_order kept, the coefficient of tau^n is x^(n(N-2)) Q_n(x^N), for n = order + 1, ..., last."""
    return [
        Identity(
            f"coefficient of tau^{n}",
            power_normal_form(
                step_coefficient(n, order, N, 1, density) - X ** sympy.expand(n * (N - 2)) * abel.defect_polynomial(n, order, N, X**N)
            ),
        )
        for n in range(order + 1, last + 1)
    ]


def universal(n: int, derivatives: tuple[sympy.Expr, ...]) -> sympy.Expr:
    """a_n for an arbitrary field, from its value and derivatives (f, f', ..., f^(n) at least).

    a_0 = 1/f, a_1 = f'/(2f), a_2 = -(f f'' + f'^2)/(12 f), ...: f a_n is a polynomial in f, f', ..., f^(n), homogeneous of degree n, the
    same for every field. Raises InputError for n > 24.
    """
    if n > MOST_JETS:
        raise InputError("order", n, f"at most {MOST_JETS}")
    numerator = _jet_row(n)[n]
    unused = numerator.ring.ngens - len(derivatives)
    return numerator.as_expr(*derivatives, *[sympy.S.Zero] * unused) / derivatives[0]


def verify_universal(n: int, N: sympy.Expr | int = DEPTH, sign: int = 1, density: Density = abel.density) -> Identity:
    """a_n equals the general formula at the derivatives of the field."""
    f = field(N, X, sign)
    derivatives = [f]
    for _ in range(n):
        derivatives.append(sympy.diff(derivatives[-1], X))
    return Identity(f"a_{n} from f, f', ...", power_normal_form(universal(n, tuple(derivatives)) - density(n, X, N, sign)))


def from_field(n: int) -> sympy.Expr:
    """P_n(u; N) from the derivatives of the field alone: f^(k) = x^(N-1-k) [(N-1)_k - (2N-1)_k u] put into the polynomial f a_n.

    (a)_k = a (a-1) ... (a-k+1). Each derivative is linear in u and f a_n is homogeneous of degree n in them, so deg P_n <= n for every n.
    """
    u, N = abel.letters(None)
    falling = [[reduce(lambda a, b: a * b, (top - i for i in range(k)), u.ring.one) for k in range(n + 1)] for top in (N - 1, 2 * N - 1)]
    f = [low - high * u for low, high in zip(*falling, strict=True)]
    total = u.ring.zero
    for powers, c in _jet_row(n)[n].terms():
        total += c * reduce(lambda a, b: a * b, (f[k] ** e for k, e in enumerate(powers) if e), u.ring.one)
    return total.as_expr(abel.U, DEPTH)


@cache
def _jet_row(n: int) -> tuple[PolyElement, ...]:
    """G_{0,n}, ..., G_{n,0} with a_j^(m) = G_{j,m} / f^(m+1): polynomials in f and its derivatives, sum_j G_{j,n-j} / (n-j+1)! = 0."""
    jets = ring([f"f{k}" for k in range(MOST_JETS + 1)], sympy.QQ)[1:]
    f = jets[0]
    if n == 0:
        return (f.ring.one,)
    row = []
    for j, G in enumerate(_jet_row(n - 1)):
        slope = sum((G.diff(a) * b for a, b in pairwise(jets)), f.ring.zero)
        row.append(f * slope - (n - j) * jets[1] * G)
    shares = (G * sympy.QQ(1, factorial(n - j + 1)) for j, G in enumerate(row))
    return (*row, -reduce(lambda a, b: a + b, shares))
