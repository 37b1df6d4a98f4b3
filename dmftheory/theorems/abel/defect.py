"""From a bound of the defect of one step to a bracket of the step count, at any order.

A defect of order p is at most a multiple of h^(p+1), h = tau x^(N-2). The h^(p+1) of all steps add up to at most a difference of the
potential Phi_p(z) = tau^p z^(p(N-2)) (1/(p(N-2)) - ln(1 - z^N)/N); and a count that is off by at most epsilon brackets the passage.
"""

from typing import Any

from sympy import And, Interval, Range, Symbol, log, oo

from dmftheory.claims import Family, Theorem
from dmftheory.theorems.abel.count import DEEP, N, field, tau, x, y

T = Symbol("T", integer=True, positive=True)
epsilon = Symbol("epsilon", nonnegative=True)
Delta, before, after = (Symbol(name, real=True) for name in ("Delta", "c_before", "c_after"))

SOURCE = "ours: the Abel function of gradient descent, truncated"
ORDERS = (1, 4, 8)


def potential(p: int, at: Any) -> Any:
    """Phi_p."""
    return tau**p * at ** (p * N - 2 * p) * (1 / (p * (N - 2)) - log(1 - at**N) / N)


def _grows(p: int) -> Theorem:
    return Theorem(
        f"abel.defect.potential_grows.{p}",
        title="Within one step the potential grows at least in proportion to the way",
        given={**DEEP, y: Interval(x, x + tau * field(x))},
        claim=(y - x) * tau**p * x ** (p * N - 2 * p - 1) / (1 - x**N) <= (1 + tau) ** (N - 1) * (potential(p, y) - potential(p, x)),
        declared="proved",
        source=SOURCE,
        provenance="derived",
    )


potential_grows = Family(
    "abel.defect.potential_grows",
    title="Within one step the potential of order p pays for h^(p+1) in proportion to the way: at the end of the step for all of it",
    indices=tuple((p,) for p in ORDERS),
    member=_grows,
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

bracket = Theorem(
    "abel.defect.bracket",
    title="A count that is off by at most epsilon brackets the first passage T, before which it is below Delta and after which it is not",
    given={
        T: Range(1, oo),
        epsilon: Interval(0, oo),
        Delta: Interval(-oo, oo),
        before: Interval(T - 1 - epsilon, T - 1 + epsilon),
        after: Interval(T - epsilon, T + epsilon),
    },
    assume=[before < Delta, Delta <= after],
    claim=And(Delta - epsilon <= T, T < Delta + epsilon + 1),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)
