"""A negative start: what identical initialisation at -alpha I learns depends on the parity of the depth (B4, side facts).

At even depth the run is the mirror image of the one from alpha and the product is the same. At odd depth it is the mirror image of the run
for the eigenvalue of the other sign, so that the negative part of the target is recovered and the positive one set to zero.
"""

from typing import Any

from sympy import And, Eq, Interval, Range, Symbol, oo

from dmftheory.claims import Factor, Theorem

m = Symbol("m", integer=True, positive=True)
k = Symbol("k", integer=True, nonnegative=True)
M, s = Symbol("M", positive=True), Symbol("s", nonnegative=True)
alpha, eta = Symbol("alpha", positive=True), Symbol("eta", positive=True)
lam = Symbol("lambda", real=True)
r = Symbol("r", positive=True)

SOURCE = "ours: remark on the sign of the start in the setting of Chou, Gieshoff, Maly, Rauhut, arXiv:2011.13772"
ANY = {m: Range(1, oo), lam: Interval(-oo, oo), alpha: Interval.open(0, oo), eta: Interval.open(0, oo), k: Range(0, oo)}


def _theorem(name: str, title: str, given: dict[Any, Any], claim: Any) -> Theorem:
    return Theorem(f"chou.parity.{name}", title=title, given=given, claim=claim, declared="proved", source=SOURCE, provenance="derived")


even_depth = _theorem(
    "even_depth",
    "Even depth: from -alpha the factor is the negative of the one from alpha, and the product is the same",
    ANY,
    And(
        Eq(Factor(2 * m, lam, -alpha, eta, k), -Factor(2 * m, lam, alpha, eta, k)),
        Eq(Factor(2 * m, lam, -alpha, eta, k) ** (2 * m), Factor(2 * m, lam, alpha, eta, k) ** (2 * m)),
    ),
)

odd_depth = _theorem(
    "odd_depth",
    "Odd depth: from -alpha factor and product are the negatives of those from alpha for the eigenvalue -lambda",
    ANY,
    And(
        Eq(Factor(2 * m + 1, lam, -alpha, eta, k), -Factor(2 * m + 1, -lam, alpha, eta, k)),
        Eq(Factor(2 * m + 1, lam, -alpha, eta, k) ** (2 * m + 1), -(Factor(2 * m + 1, -lam, alpha, eta, k) ** (2 * m + 1))),
    ),
)

negative_learned = _theorem(
    "negative_learned",
    "Odd depth, start -alpha: the factor of the eigenvalue -r^N falls towards -r and never passes it",
    {
        m: Range(1, oo),
        M: Interval.open(0, oo),
        r: Interval.Lopen(0, M),
        alpha: Interval.Lopen(0, r),
        eta: Interval.Lopen(0, 1 / ((2 * m + 1) * M ** (4 * m))),
        k: Range(0, oo),
    },
    And(
        -r <= Factor(2 * m + 1, -(r ** (2 * m + 1)), -alpha, eta, k + 1),
        Factor(2 * m + 1, -(r ** (2 * m + 1)), -alpha, eta, k + 1) <= Factor(2 * m + 1, -(r ** (2 * m + 1)), -alpha, eta, k),
    ),
)

positive_lost = _theorem(
    "positive_lost",
    "Odd depth, start -alpha: the factor of a nonnegative eigenvalue rises towards 0 and never passes it",
    {
        m: Range(1, oo),
        M: Interval.open(0, oo),
        s: Interval(0, M ** (2 * m + 1)),
        alpha: Interval.Lopen(0, M),
        eta: Interval.Lopen(0, 1 / ((2 * m + 1) * M ** (4 * m))),
        k: Range(0, oo),
    },
    And(
        Factor(2 * m + 1, s, -alpha, eta, k) <= Factor(2 * m + 1, s, -alpha, eta, k + 1),
        Factor(2 * m + 1, s, -alpha, eta, k + 1) <= 0,
    ),
)
