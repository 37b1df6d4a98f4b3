"""Proofs about noise: triangle inequalities; Weyl's inequality at size 2 is the triangle inequality of the plane."""

from sympy import And, sqrt

from dmftheory.claims.proof import Have, Proof, algebra, lemma
from dmftheory.theorems.chou.noise import a, b, c, p, q, r


def _triangle() -> Proof:
    """(a p + b q)^2 <= |u|^2 |v|^2, hence |a p + b q| <= |u| |v|."""
    long, short = sqrt(a**2 + b**2), sqrt(p**2 + q**2)
    square = (a * p + b * q) ** 2 + (a * q - b * p) ** 2 <= (a**2 + b**2) * (p**2 + q**2)
    roots = And(long >= 0, short >= 0, (a * p + b * q) ** 2 <= (long * short) ** 2)
    product = And(a * p + b * q <= long * short, -(a * p + b * q) <= long * short)
    total = (a + p) ** 2 + (b + q) ** 2
    compared = (
        lemma("lemma.power_strict", n=2, a=long + short, b=sqrt(total)),
        lemma("lemma.power_strict", n=2, a=sqrt(total), b=long - short),
    )
    return Have(square, algebra(), Have(roots, algebra(), Have(product, algebra(drop=(0,)), algebra(*compared, drop=(0,)))))


PROOFS: dict[str, Proof] = {
    "chou.noise.learned": algebra(),
    "chou.noise.survives": algebra(),
    "chou.noise.delay": algebra(),
    "chou.noise.triangle": _triangle(),
    "chou.noise.weyl": algebra(lemma("chou.noise.triangle", a=a - c, b=2 * b, p=p - r, q=2 * q)),
}
