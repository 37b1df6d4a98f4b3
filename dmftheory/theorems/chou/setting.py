"""The setting: the loss and its gradient, and the step sizes as they are remembered (A1, B2).

For matrices of explicit size the loss is a polynomial in the entries, which SymPy differentiates; the claim is that the matrix formula of
the gradient gives the same entries.
"""

from __future__ import annotations

from typing import Any

from sympy import And, Eq, ImmutableDenseMatrix, Interval, Range, Rational, Symbol, diff, eye, oo

from dmftheory.claims import Family, Theorem

N = Symbol("N", integer=True, positive=True)
M, eta, q = Symbol("M", positive=True), Symbol("eta", positive=True), Symbol("q", positive=True)

SOURCE = "setting of Chou, Gieshoff, Maly, Rauhut, arXiv:2011.13772 (recalled); the formula follows by differentiation"
SHAPES = ((2, 2), (2, 3), (2, 4), (3, 2))
"""(size, depth)."""


def _entries(letter: str, size: int) -> Any:
    return ImmutableDenseMatrix(size, size, lambda i, j: Symbol(f"{letter}_{i + 1}{j + 1}", real=True))


def _product(factors: list[Any], size: int) -> Any:
    """W_N ... W_1 of a list (W_1, ..., W_N)."""
    result = eye(size)
    for factor in factors:
        result = factor * result
    return result


def _gradient(size: int, depth: int) -> Theorem:
    factors = [_entries(f"w{j + 1}", size) for j in range(depth)]
    target = _entries("t", size)
    misfit = _product(factors, size) - target
    loss = sum(entry**2 for entry in misfit) / 2
    claims = []
    for j in (0, depth - 1):
        formula = _product(factors[j + 1 :], size).T * misfit * _product(factors[:j], size).T
        claims += [Eq(diff(loss, factors[j][i]), formula[i], evaluate=False) for i in range(size**2)]
    symbols = [entry for matrix in (*factors, target) for entry in matrix]
    return Theorem(
        f"chou.setting.gradient.{size}.{depth}",
        title=f"The gradient of the loss at size {size} and depth {depth}, for the first and the last factor",
        given=dict.fromkeys(symbols, Interval(-oo, oo)),
        claim=And(*claims),
        declared="proved",
        source=SOURCE,
        provenance="derived",
    )


gradient = Family(
    "chou.setting.gradient",
    title="The gradient in W_j is (W_N...W_(j+1))^T (W_N...W_1 - W) (W_(j-1)...W_1)^T",
    indices=SHAPES,
    member=_gradient,
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

recalled_steps = Theorem(
    "chou.setting.recalled_steps",
    title="The step sizes below c / (N M^(2N-2)) that are remembered of the paper, with c = 1/2 or 1/3, are safe ones",
    given={
        N: Range(2, oo),
        M: Interval.open(0, oo),
        q: Interval.Lopen(0, Rational(1, 2)),
        eta: Interval.Lopen(0, q / (N * M ** (2 * N - 2))),
    },
    claim=eta < 1 / (N * M ** (2 * N - 2)),
    declared="proved",
    source="form recalled of Chou, Gieshoff, Maly, Rauhut, arXiv:2011.13772, constant unconfirmed",
    provenance="recalled",
)
