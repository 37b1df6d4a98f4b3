"""Effective rank r(W) = ||W||_* / ||W|| of a symmetric matrix with given eigenvalues, its plateau levels and its slope along the flow."""

from collections.abc import Sequence

import sympy

from dmftheory.errors import InputError
from dmftheory.model.identities import Identity


def effective_rank(values: Sequence[sympy.Expr]) -> sympy.Expr:
    """sum |w_i| / max |w_i| of the eigenvalues (or singular values) w_i, not all 0. Source: RECALLED (A6), the definition of paper 1.

    Raises InputError for no value, or for values that are all known to be 0.
    """
    sizes = [sympy.Abs(sympy.sympify(value, strict=True)) for value in values]
    if not sizes or all(size.is_zero for size in sizes):
        raise InputError("values", list(values), "at least one eigenvalue that is not 0")
    return sympy.Add(*sizes) / sympy.Max(*sizes)


def plateau_level(spectrum: Sequence[sympy.Expr], L: int) -> sympy.Expr:
    """r(What_L) = (|lambda_1| + ... + |lambda_L|) / |lambda_1| for a spectrum in decreasing order of size, 1 <= L <= n. DERIVED (A6, C6).

    Raises InputError for L outside 1..n and for lambda_1 = 0.
    """
    if not 1 <= L <= len(spectrum):
        raise InputError("L", L, f"an integer from 1 to {len(spectrum)}")
    leading = sympy.Abs(sympy.sympify(spectrum[0], strict=True))
    if leading.is_zero:
        raise InputError("spectrum", list(spectrum), "a spectrum whose first eigenvalue is not 0")
    return sympy.Add(*(sympy.Abs(sympy.sympify(value, strict=True)) for value in spectrum[:L])) / leading


def product_rate(N: sympy.Expr | int, p: sympy.Expr, lam: sympy.Expr) -> sympy.Expr:
    """dp/dt = N p^(2 - 2/N) (lambda - p) of the product's eigenvalue p = d^N > 0 along the flow. DERIVED (B16)."""
    return N * p ** (2 - sympy.Integer(2) / N) * (lam - p)


def effective_rank_rate(N: sympy.Expr | int, products: Sequence[sympy.Expr], spectrum: Sequence[sympy.Expr]) -> sympy.Expr:
    """dr/dt along the flow for eigenvalues p_1 >= p_i > 0 of the product: sum_i (p_i / p_1) (rho_i - rho_1). DERIVED (B16).

    rho_i = N p_i^(1 - 2/N) (lambda_i - p_i) is the relative growth of p_i, per unit of flow time.
    """
    growth = [product_rate(N, p, lam) / p for p, lam in zip(products, spectrum, strict=True)]
    return sympy.Add(*(p / products[0] * (rho - growth[0]) for p, rho in zip(products, growth, strict=True)))


def verify_effective_rank_rate(N: sympy.Expr | int, n: int) -> list[Identity]:
    """The quotient rule behind `effective_rank_rate`, for n eigenvalues with the first one the largest, and dp/dt from dd/dt."""
    t = sympy.Symbol("t", real=True)
    functions = [sympy.Function(f"p{i}")(t) for i in range(n)]
    letters = [sympy.Symbol(f"p_{i + 1}", positive=True) for i in range(n)]
    spectrum = [sympy.Symbol(f"lambda_{i + 1}", real=True) for i in range(n)]
    rates = {sympy.diff(f, t): product_rate(N, p, lam) for f, p, lam in zip(functions, letters, spectrum, strict=True)}
    moving = sympy.diff(sympy.Add(*functions) / functions[0], t).xreplace(rates).xreplace(dict(zip(functions, letters, strict=True)))
    residual, _ = sympy.fraction(sympy.together(moving - effective_rank_rate(N, letters, spectrum)))
    d, lam = sympy.Symbol("d", positive=True), spectrum[0]
    chain = N * d ** (N - 1) * -(d ** (N - 1) * (d**N - lam)) - product_rate(N, d**N, lam)
    return [
        Identity("slope of the effective rank", sympy.expand(residual, power_exp=False)),
        Identity("rate of the product", sympy.powsimp(sympy.expand(chain))),
    ]
