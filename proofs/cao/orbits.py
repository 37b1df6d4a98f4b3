"""Proofs about orbits of period two: x^N by its root, everything else is algebra in q and its powers."""

from typing import Any

from sympy import And, Eq

from dmftheory.claims.proof import Defined, Have, Rewrite, Root, algebra, lemma
from dmftheory.theorems.cao.orbits import SHARE, N, q, t, x

POWERS = (
    lemma("lemma.power_strict", n=N, a=1, b=q),
    lemma("lemma.power_strict", n=2 * N - 1, a=1, b=q),
    lemma("lemma.power_monotone", n=N - 1, a=1, b=q),
)
ROOT = Root(x, SHARE, N)
LEVEL = And(x > 0, x**N < 1, Eq(x**N * (1 + q ** (2 * N - 1)), 1 + q ** (N - 1)), q**N > 1, q ** (N - 1) >= 1)


def _on_curve(then: Any) -> Any:
    return Defined(algebra(ROOT, *POWERS), Have(LEVEL, algebra(ROOT, *POWERS), then))


VALUE = (q - 1) / (x ** (N - 2) * (1 - x**N))
TWO = Root(x, (1 + q) / (1 + q**3), 2)
SQUARE = And(x > 0, Eq(x**2 * (1 + q**3), 1 + q))

PROOFS: dict[str, Any] = {
    "cao.orbits.difference": algebra(),
    "cao.orbits.factorisation": algebra(),
    "cao.orbits.balance": algebra(),
    "cao.orbits.depth_two_stable": algebra(),
    "cao.orbits.depth_two": Defined(algebra(TWO), Have(SQUARE, algebra(TWO), algebra())),
    "cao.orbits.curve": _on_curve(algebra()),
    "cao.orbits.only": algebra(),
    "cao.orbits.along": _on_curve(Rewrite(t, VALUE, algebra(), Rewrite(x**N, SHARE, algebra(), algebra()))),
    "cao.orbits.across": _on_curve(algebra()),
}
