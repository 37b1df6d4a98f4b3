"""The coefficients of the Abel function's derivative at a fixed depth, as exact rational polynomials.

x' = x + tau f(x), f = x^(N-1) (1-u), u = x^N, has an Abel function A(x') = A(x) + 1 with the formal derivative

    A' = sum_n tau^(n-1) x^(s_n - 1) P_n(u) / (1-u),    s_n = (n-1)(N-2).

Write a_j = x^(s_j - 1) P_j / (1-u) and D_{j,m} for the polynomial with a_j^(m) = x^(s_j - 1 - m) D_{j,m} / (1-u)^(m+1). Differentiating,

    D_{j,m+1} = (s_j - 1 - m)(1-u) D_{j,m} + N u (1-u) D'_{j,m} + (m+1) N u D_{j,m},

and A(x + tau f) - A(x) = sum_m (tau f)^(m+1) A^(m) / (m+1)!, compared with 1 in powers of tau, gives P_n = -sum_{j<n} D_{j,n-j} / (n-j+1)!.
"""

from functools import lru_cache
from math import factorial

from flint import fmpq, fmpq_poly

_U = fmpq_poly([0, 1])
_ONE_MINUS_U = fmpq_poly([1, -1])


@lru_cache(maxsize=256)
def polynomials(depth: int, order: int) -> tuple[fmpq_poly, ...]:
    """P_0, ..., P_order in u for depth N >= 2, exact."""
    found = [fmpq_poly([1])]
    diagonal = [found[0]]  # D_{j,n-j} for j = 0..n
    for n in range(1, order + 1):
        diagonal = [_differentiated(depth, j, n - 1 - j, entry) for j, entry in enumerate(diagonal)]
        total = fmpq_poly([0])
        for j, entry in enumerate(diagonal):
            total -= entry * fmpq(1, factorial(n - j + 1))
        found.append(total)
        diagonal.append(total)
    return tuple(found)


def exponent(depth: int, n: int) -> int:
    """s_n = (n-1)(N-2)."""
    return (n - 1) * (depth - 2)


@lru_cache(maxsize=256)
def antiderivatives(depth: int, order: int) -> tuple[tuple[fmpq_poly, fmpq, fmpq], ...]:
    """For each n: (E_n, P_n(1), P_n(0)), where x^(s_n) E_n(u) is an antiderivative of x^(s_n - 1) (P_n(u) - P_n(1)) / (1-u).

    A term with exponent 0, whose antiderivative is a logarithm, is left out of E_n.
    """
    rows = []
    for n, p in enumerate(polynomials(depth, order)):
        at_one, s = p(fmpq(1)), exponent(depth, n)
        quotient, remainder = divmod(p - fmpq_poly([at_one]), _ONE_MINUS_U)
        if remainder.degree() >= 0:
            raise ArithmeticError("1 - u does not divide P_n(u) - P_n(1)")
        terms = [c / (s + depth * j) if s + depth * j else fmpq(0) for j, c in enumerate(quotient.coeffs())]
        rows.append((fmpq_poly(terms), at_one, p(fmpq(0))))
    return tuple(rows)


def _differentiated(depth: int, j: int, m: int, entry: fmpq_poly) -> fmpq_poly:
    """D_{j,m+1} from D_{j,m}."""
    power = exponent(depth, j) - 1 - m
    return _ONE_MINUS_U * (power * entry + depth * _U * entry.derivative()) + (m + 1) * depth * _U * entry
