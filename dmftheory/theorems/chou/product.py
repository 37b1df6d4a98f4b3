"""The product under gradient flow, its inflection, and the drop of the effective rank at the start (B5, B16, H3).

p = d^N is an eigenvalue of the product, rho = p'/p its relative growth. In the normal form the eigenvalue is 1, and z the inflection point,
z^N = (N-1)/(2N-1).
"""

from typing import Any

from sympy import Add, And, Eq, Implies, Interval, Mul, Pow, Range, Symbol, oo

from dmftheory.claims import EffectiveRank, Family, Theorem
from dmftheory.theorems.chou.passage import INFLECTION, LEVEL, field

N = Symbol("N", integer=True, positive=True)
d, x, y, z = (Symbol(name, positive=True) for name in ("d", "x", "y", "z"))
lam = Symbol("lambda", real=True)
alpha = Symbol("alpha", positive=True)

SOURCE = "gradient flow of the product, standard; setting of Chou, Gieshoff, Maly, Rauhut, arXiv:2011.13772"
SIZES = tuple((n,) for n in range(2, 7))


def _theorem(name: str, title: str, given: dict[Any, Any], claim: Any) -> Theorem:
    return Theorem(f"chou.product.{name}", title=title, given=given, claim=claim, declared="proved", source=SOURCE, provenance="derived")


def loss_rate(at: Any) -> Any:
    """How fast the flow lowers the loss of one eigenvalue 1: N p^(2-2/N) (1 - p)^2."""
    return N * field(at) ** 2


flow = _theorem(
    "flow",
    "p' = N p^(2 - 2/N) (lambda - p) for p = d^N",
    {N: Range(2, oo), lam: Interval(-oo, oo), d: Interval.open(0, oo)},
    Eq(
        Mul(N * d ** (N - 1), d ** (N - 1) * (lam - d**N), evaluate=False),
        N * Pow(Pow(d, N, evaluate=False), 2 - 2 / N, evaluate=False) * (lam - d**N),
        evaluate=False,
    ),
)

inflection = _theorem(
    "inflection",
    "At z the factor has its inflection, the loss falls fastest, and the curvature x^(N-2) ((2N-1) x^N - (N-1)) changes sign",
    {N: Range(2, oo), z: INFLECTION, x: Interval.open(0, 1), y: Interval.Ropen(x, 1)},
    And(
        Implies(y <= z, And(loss_rate(x) <= loss_rate(y), x ** (N - 2) * ((2 * N - 1) * x**N - (N - 1)) <= 0)),
        Implies(x >= z, And(loss_rate(y) <= loss_rate(x), x ** (N - 2) * ((2 * N - 1) * x**N - (N - 1)) >= 0)),
    ),
)

peak = _theorem(
    "peak",
    "The loss of an eigenvalue 1 falls at most at the rate N k^(2-2/N) (1-k)^2, k = (N-1)/(2N-1), which it reaches at z",
    {N: Range(2, oo), z: INFLECTION, x: Interval.open(0, 1)},
    And(loss_rate(x) <= loss_rate(z), Eq(loss_rate(z), N * LEVEL ** (2 - 2 / N) * (1 - LEVEL) ** 2)),
)


def _derivative(n: int) -> Theorem:
    p = [Symbol(f"p{i}", positive=True) for i in range(1, n + 1)]
    rho = [Symbol(f"rho{i}", real=True) for i in range(1, n + 1)]
    change = Add(*(pi * ri for pi, ri in zip(p, rho, strict=True)))
    return Theorem(
        f"chou.product.rank_change.{n}",
        title=f"The change of r(W) = (p_1 + ... + p_{n})/p_1 is the sum of (p_i/p_1) (rho_i - rho_1)",
        given={**dict.fromkeys(p, Interval.open(0, oo)), **dict.fromkeys(rho, Interval(-oo, oo))},
        claim=Eq(
            change / p[0] - Add(*p) * p[0] * rho[0] / p[0] ** 2,
            Add(*(pi / p[0] * (ri - rho[0]) for pi, ri in zip(p, rho, strict=True))),
            evaluate=False,
        ),
        declared="proved",
        source=SOURCE,
        provenance="derived",
    )


rank_change = Family(
    "chou.product.rank_change",
    title="The effective rank changes at the rate sum (p_i/p_1) (rho_i - rho_1), the quotient rule",
    indices=SIZES,
    member=_derivative,
    declared="proved",
    source=SOURCE,
    provenance="derived",
)


def _first_drop(n: int) -> Theorem:
    targets = [Symbol(f"lambda{i}", real=True) for i in range(1, n + 1)]
    eta = Symbol("eta", positive=True)
    moved = [alpha + eta * alpha ** (N - 1) * (t - alpha**N) for t in targets]
    below = [Interval(-oo, a) for a in targets[:-1]]
    return Theorem(
        f"chou.product.first_drop.{n}",
        title=f"From r(W) = {n} the first step of gradient descent does not raise the effective rank",
        given={
            N: Range(2, oo),
            alpha: Interval.open(0, oo),
            targets[0]: Interval(-oo, oo),
            **dict(zip(targets[1:], below, strict=True)),
            eta: Interval.open(0, oo),
        },
        assume=[moved[-1] > 0],
        claim=EffectiveRank(*(v**N for v in moved)) <= n,
        declared="proved",
        source=SOURCE,
        provenance="derived",
    )


first_drop = Family(
    "chou.product.first_drop",
    title="From identical initialisation, where r(W) = n, the first step does not raise the effective rank",
    indices=SIZES[:3],
    member=_first_drop,
    declared="proved",
    source=SOURCE,
    provenance="derived",
)
