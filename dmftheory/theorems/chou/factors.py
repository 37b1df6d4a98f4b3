"""Identical initialisation decouples: all factors stay equal and diagonal in the eigenbasis of the target (A2, A4)."""

from sympy import Eq, Interval, MatrixSymbol, Range, Symbol, oo

from dmftheory.claims import Diagonal, Orthogonal, Theorem

N = Symbol("N", integer=True, positive=True)
n = Symbol("n", integer=True, positive=True)
j = Symbol("j", integer=True, positive=True)
eta = Symbol("eta", positive=True)
V, D, Lam = MatrixSymbol("V", n, n), MatrixSymbol("D", n, n), MatrixSymbol("Lambda", n, n)

FACTOR = V * D * V.T
TARGET = V * Lam * V.T
SOURCE = "Chou, Gieshoff, Maly, Rauhut, arXiv:2011.13772, decoupling under identical initialisation (recalled; derived here)"

gradient_step = Theorem(
    "chou.factors.gradient_step",
    title="One gradient step on factors that are equal and diagonal in the eigenbasis gives such factors, the same for every j",
    given={
        N: Range(2, oo),
        n: Range(1, oo),
        j: Range(1, N + 1),
        eta: Interval.open(0, oo),
        V: Orthogonal(n),
        D: Diagonal(n),
        Lam: Diagonal(n),
    },
    claim=Eq(
        FACTOR - eta * (FACTOR ** (N - j)).T * (FACTOR**N - TARGET) * (FACTOR ** (j - 1)).T,
        V * (D - eta * D ** (N - 1) * (D**N - Lam)) * V.T,
    ),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

product = Theorem(
    "chou.factors.product",
    title="The product of such factors has the N-th powers as eigenvalues, in the eigenbasis of the target",
    given={N: Range(2, oo), n: Range(1, oo), V: Orthogonal(n), D: Diagonal(n)},
    claim=Eq(FACTOR**N, V * D**N * V.T),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)
