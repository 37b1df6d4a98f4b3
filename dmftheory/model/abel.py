"""The Abel function of gradient descent: its density as a power series in the step size, to any order and for symbolic depth.

A solves A(x + tau f(x)) = A(x) + 1, so the number of steps from x to y is A(y) - A(x). With A' = sum_n tau^(n-1) a_n, matching powers of
tau in the Taylor series of A(x + tau f) gives a_0 = 1/f and sum_{m=1}^{n+1} f^m/m! a_{n+1-m}^(m-1) = 0. Put u = x^N, s_n = (n-1)(N-2). Then

    a_n = x^(s_n - 1) P_n(u) / (1 - u),        a_j^(m) = x^(s_j - 1 - m) D_{j,m}(u) / (1 - u)^(m+1),

    D_{j,0} = P_j,   D_{j,m+1} = (s_j - 1 - m)(1 - u) D_{j,m} + N u (1 - u) D_{j,m}' + (m+1) N u D_{j,m},
    P_0 = 1,         P_n = - sum_{j<n} D_{j,n-j} / (n-j+1)!,

because f^(m+1) a_j^(m) = x^(s_{j+m+1}) D_{j,m}: every power of x is the same. By induction D_{j,m} is a polynomial in u of degree at most
j + m, with coefficients polynomial in N; so is P_n, of degree at most n. Source: DERIVED;
`abel_checks` compares with the differentiation of f itself.
"""

from functools import cache, reduce
from math import factorial
from typing import Any

import sympy
from sympy.polys.rings import PolyElement, ring

from dmftheory.errors import InputError
from dmftheory.model.normal_form import check_sign
from dmftheory.model.symbols import DEPTH

U = sympy.Symbol("u")
"""x^N, the letter of the polynomials P_n."""

ORDERS = "an integer >= 0"


def polynomial(n: int, N: sympy.Expr | int = DEPTH, u: sympy.Expr = U) -> sympy.Expr:
    """P_n(u; N), written with collected powers of u. Raises InputError for n < 0 and for an int N < 1."""
    return _expression(_antidiagonal(_order(n), _depth(N))[n], N, u)


def element(n: int, depth: int | None = None) -> PolyElement:
    """P_n in the ring QQ[u] of a fixed depth, or in QQ[u, N]: for exact work on many coefficients. Raises InputError as `polynomial`."""
    return _antidiagonal(_order(n), None if depth is None else _depth(depth))[n]


def derivative_polynomial(j: int, m: int, N: sympy.Expr | int = DEPTH, u: sympy.Expr = U) -> sympy.Expr:
    """D_{j,m}(u; N): the m-th derivative of a_j is x^(s_j - 1 - m) D_{j,m}(u) / (1 - u)^(m+1). Raises InputError as `polynomial`."""
    return _expression(_antidiagonal(_order(j) + _order(m), _depth(N))[j], N, u)


def defect_polynomial(n: int, order: int, N: sympy.Expr | int = DEPTH, u: sympy.Expr = U) -> sympy.Expr:
    """Q_n(u; N) of the Abel function cut after a_order: A_p(x + tau f) - A_p(x) - 1 = sum_{n > p} (tau x^(N-2))^n Q_n(u), p = order.

    The same sum as in the recursion with only a_0, ..., a_p kept; 0 for 1 <= n <= p. Raises InputError as `polynomial`.
    """
    row = _antidiagonal(_order(n), _depth(N))
    kept = [_weighted(row[j], n - j) for j in range(min(n, _order(order)) + 1)]
    return _expression(reduce(lambda a, b: a + b, kept) - (1 if n == 0 else 0), N, u)


def coefficient_lists(N: int, order: int) -> tuple[tuple[Any, ...], ...]:
    """The coefficients of P_0, ..., P_order at a fixed depth, constant first, as SymPy rationals. Raises InputError as `polynomial`."""
    rows = [_antidiagonal(n, _depth(N))[n] for n in range(_order(order) + 1)]
    return tuple(tuple(sympy.QQ.to_sympy(P.coeff(P.ring.gens[0] ** i if i else 1)) for i in range(P.degree() + 1)) for P in rows)


def exponent(n: int, N: sympy.Expr | int = DEPTH) -> sympy.Expr | int:
    """s_n = (n - 1)(N - 2): a_n is x^(s_n - 1) times a function of x^N."""
    return sympy.expand((n - 1) * (N - 2))


def density(n: int, x: sympy.Expr, N: sympy.Expr | int = DEPTH, sign: int = 1) -> sympy.Expr:
    """a_n(x), the coefficient of tau^(n-1) in the derivative of the Abel function, per unit of x.

    sign 1: x^(s_n - 1) P_n(x^N) / (1 - x^N).
    sign -1: (-1)^(n-1) x^(s_n - 1) P_n(-x^N) / (1 + x^N), by the substitution u -> -u, tau -> -tau.
    sign 0: (-1)^(n-1) P_n(0; 2N) x^((n-1)(2N-2) - 1), since x - tau x^(2N-1) is the map of depth 2N with u = 0 and tau -> -tau.
    Raises InputError as `polynomial`, and for another sign.
    """
    check_sign(sign)
    parity = (-1) ** (n + 1)
    if sign == 0:
        return parity * polynomial(n, 2 * N, sympy.S.Zero) * x ** sympy.expand((n - 1) * (2 * N - 2) - 1)
    u = sign * x**N
    return (1 if sign == 1 else parity) * x ** (exponent(n, N) - 1) * polynomial(n, N, u) / (1 - u)


def gregory(n: int) -> sympy.Rational:
    """The n-th Gregory coefficient, of z^n in z / ln(1 + z): 1, 1/2, -1/12, 1/24, ... Raises InputError for n < 0."""
    return _gregory(_order(n))


def residue(n: int, N: sympy.Expr | int = DEPTH) -> sympy.Expr:
    """P_n(1) = (-N)^n G_n with the Gregory coefficient G_n, so that sum_n tau^n P_n(1) = -N tau / ln(1 - N tau).

    At u = 1 the recursion is D_{j,m+1} = (m+1) N D_{j,m}: hence sum_{j<=n} N^(n-j) P_j(1) / (n-j+1) = 0 for n >= 1, which is the recursion
    of the Gregory coefficients. The residue of A' at x = 1 is -sum_n tau^(n-1) P_n(1) / N = 1 / ln(1 - N tau).
    """
    return (-N) ** n * gregory(n)


def leading(n: int, N: sympy.Expr | int = DEPTH) -> sympy.Expr:
    """The coefficient of u^n in P_n: (-1)^n P_n(0; 2N), because far out the map is x - tau x^(2N-1)."""
    return (-1) ** n * polynomial(n, 2 * N, sympy.S.Zero)


def _order(n: int) -> int:
    if n < 0:
        raise InputError("order", n, ORDERS)
    return n


def _depth(N: sympy.Expr | int) -> int | None:
    """The number, or None for a symbolic depth (any expression: it is put in at the end)."""
    if isinstance(N, int) or N.is_Integer:
        if N < 1:
            raise InputError("N", N, "an integer >= 1, or an expression in the symbol N")
        return int(N)
    return None


def _expression(P: PolyElement, N: sympy.Expr | int, u: sympy.Expr) -> sympy.Expr:
    if len(P.ring.gens) == 1:
        return P.as_expr(u)
    by_power: dict[int, dict[tuple[int], Any]] = {}
    for (i, k), c in P.terms():
        by_power.setdefault(i, {})[(k,)] = c
    one = ring("N", sympy.QQ)[0]
    return sympy.Add(*(u**i * one.from_dict(c).as_expr(N) for i, c in sorted(by_power.items())))


@cache
def letters(depth: int | None) -> tuple[PolyElement, PolyElement]:
    """u and N as elements of QQ[u], or of QQ[u, N]."""
    if depth is None:
        _, u, N = ring("u, N", sympy.QQ)
        return u, N
    whole, u = ring("u", sympy.QQ)
    return u, whole(depth)


@cache
def _antidiagonal(n: int, depth: int | None) -> tuple[PolyElement, ...]:
    """D_{0,n}, D_{1,n-1}, ..., D_{n,0} = P_n."""
    u, N = letters(depth)
    if n == 0:
        return (u.ring.one,)
    before: tuple[PolyElement, ...] = ()
    for k in range(n):  # from below, so that a high order does not recurse deeply
        before = _antidiagonal(k, depth)
    row = tuple(_derivative(D, j, n - 1 - j, u, N) for j, D in enumerate(before))
    return (*row, -reduce(lambda a, b: a + b, (_weighted(D, n - j) for j, D in enumerate(row))))


def _derivative(D: PolyElement, j: int, m: int, u: PolyElement, N: PolyElement) -> PolyElement:
    """D_{j,m+1} from D_{j,m}."""
    power = (j - 1) * (N - 2) - 1 - m
    return (1 - u) * (power * D + N * u * D.diff(u)) + (m + 1) * N * u * D


def _weighted(D: PolyElement, m: int) -> PolyElement:
    """D_{j,m} / (m+1)!, its share in the coefficient of tau^(j+m)."""
    return D * sympy.QQ(1, factorial(m + 1))


@cache
def _gregory(n: int) -> sympy.Rational:
    if n == 0:
        return sympy.S.One
    return -sum((sympy.Rational((-1) ** (n - j), n - j + 1) * _gregory(j) for j in range(n)), sympy.S.Zero)
