"""Beyond the stability limit: orbits of period two of balanced gradient descent, at every depth (B3).

Normal form: x' = x + tau x^(N-1) (1 - x^N). A positive orbit {x, q x} of period two, q > 1, is determined by its ratio q: x^N and tau are
rational in powers of q, and so are its multipliers. `along` is the multiplier of the scalar map; `across` that of a difference between two
factors whose sum does not change.
"""

from typing import Any

from sympy import Abs, And, Eq, FiniteSet, Implies, Interval, Range, Symbol, oo, sqrt

from dmftheory.claims import Theorem

N = Symbol("N", integer=True, positive=True)
q, x = Symbol("q", positive=True), Symbol("x", positive=True)
tau, t = Symbol("tau", positive=True), Symbol("t", real=True)
a, b, m = Symbol("a", real=True), Symbol("b", real=True), Symbol("m", real=True)

SOURCE = "ours; period two beyond the stability limit is what gradient descent shows in experiments"
TWO_SOURCE = "ours; a supercritical period two at depth 2 is reported by MacDonald et al. 2025 (recalled)"


def step(at: Any, size: Any) -> Any:
    """One step of gradient descent in the normal form."""
    return at + size * at ** (N - 1) * (1 - at**N)


def slope(at: Any, size: Any) -> Any:
    """The derivative of `step`."""
    return 1 + size * at ** (N - 2) * ((N - 1) - (2 * N - 1) * at**N)


def across(at: Any, size: Any) -> Any:
    """What one step multiplies a small difference between two factors by."""
    return 1 - size * at ** (N - 2) * (1 - at**N)


SHARE = (1 + q ** (N - 1)) / (1 + q ** (2 * N - 1))
"""x^N on the orbit {x, q x}."""
STEP_SIZE = FiniteSet((q - 1) / (x ** (N - 2) * (1 - x**N)))
CURVE = {N: Range(2, oo), q: Interval.open(1, oo), x: FiniteSet(SHARE ** (1 / N)), t: STEP_SIZE}


def along(at: Any) -> Any:
    """The product of the slopes over the orbit, a rational function of q and its powers."""
    top, gap = q ** (N - 1) * (q**N - 1), q**N - 1
    low = (N - 1) * (1 + q ** (2 * N - 1)) - (2 * N - 1) * (1 + q ** (N - 1))
    high = (N - 1) * (1 + q ** (2 * N - 1)) - (2 * N - 1) * q**N * (1 + q ** (N - 1))
    return (1 + (at - 1) * low / top) * (1 + (at - 1) / at * high / gap)


def _theorem(name: str, title: str, given: dict[Any, Any], claim: Any, source: str = SOURCE, **more: Any) -> Theorem:
    more = {"declared": "proved", **more}
    return Theorem(f"cao.orbits.{name}", title=title, given=given, claim=claim, source=source, provenance="derived", **more)


curve = _theorem(
    "curve",
    "For every ratio q > 1 there is an orbit {x, q x} of period two, with x^N = (1 + q^(N-1))/(1 + q^(2N-1)) < 1 < (q x)^N",
    CURVE,
    And(x**N < 1, (q * x) ** N > 1, t > 0, Eq(step(x, t), q * x), Eq(step(q * x, t), x)),
)

only = _theorem(
    "only",
    "Two steps from x and q x lead to q x and x, if they do, on that curve only: (step(x) - q x) + (step(q x) - x) has the factor "
    "1 + q^(N-1) - x^N (1 + q^(2N-1))",
    {N: Range(2, oo), q: Interval.open(1, oo), x: Interval.open(0, oo), tau: Interval.open(0, oo)},
    Eq(
        step(x, tau) + step(q * x, tau) - (q + 1) * x,
        tau * x ** (N - 1) * (1 + q ** (N - 1) - x**N * (1 + q ** (2 * N - 1))),
    ),
)

multiplier_along = _theorem(
    "along",
    "The multiplier of the orbit {x, q x} is a rational function of q",
    CURVE,
    Eq(slope(x, t) * slope(q * x, t), along(q)),
)

multiplier_across = _theorem(
    "across",
    "A difference between factors is multiplied by 5 - 2 (q + 1/q) over the orbit {x, q x}, at every depth",
    CURVE,
    Eq(across(x, t) * across(q * x, t), 5 - 2 * (q + 1 / q)),
)

balance = _theorem(
    "balance",
    "The factors of the orbit stay balanced if q + 1/q < 3, and a difference grows if q + 1/q > 3",
    {q: Interval.open(1, oo)},
    And(
        Implies(q + 1 / q < 3, Abs(5 - 2 * (q + 1 / q)) < 1),
        Implies(q + 1 / q > 3, Abs(5 - 2 * (q + 1 / q)) > 1),
    ),
)

difference = _theorem(
    "difference",
    "Two factors: one step multiplies their difference by exactly 1 - tau (1 - a b)",
    {a: Interval(-oo, oo), b: Interval(-oo, oo), tau: Interval.open(0, oo)},
    Eq((a - tau * b * (a * b - 1)) - (b - tau * a * (a * b - 1)), (a - b) * (1 - tau * (1 - a * b)), evaluate=False),
)

factorisation = _theorem(
    "factorisation",
    "Depth 2: two steps lead back exactly where m = 1, m = -1 or m + 1/m = 1 + tau, m = 1 + tau (1 - a^2) the factor of the first step",
    {tau: Interval.open(0, oo), a: Interval(-oo, oo), m: FiniteSet(1 + tau * (1 - a**2))},
    Eq(a * m * (1 + tau * (1 - (a * m) ** 2)) - a, a * (1 - m**2) * (m * (1 + tau) - 1 - m**2)),
    TWO_SOURCE,
)

depth_two = _theorem(
    "depth_two",
    "Depth 2: tau x^2 takes the values m and 1/m with m + 1/m = 1 + tau on the orbit; multipliers 9 - 2 (1 + tau)^2 and 3 - 2 tau",
    {q: Interval.open(1, oo), t: FiniteSet(q + 1 / q - 1), x: FiniteSet(sqrt((1 + q) / (1 + q**3)))},
    And(
        Eq(t * x**2, 1 / q),
        Eq(x + t * x * (1 - x**2), q * x),
        Eq(q * x + t * q * x * (1 - (q * x) ** 2), x),
        Eq((1 + t * (1 - 3 * x**2)) * (1 + t * (1 - 3 * (q * x) ** 2)), 9 - 2 * (1 + t) ** 2),
        Eq((1 - t * (1 - x**2)) * (1 - t * (1 - (q * x) ** 2)), 3 - 2 * t),
    ),
    TWO_SOURCE,
)

depth_two_stable = _theorem(
    "depth_two_stable",
    "Depth 2: the orbit of period two is stable for 1 < tau < sqrt(5) - 1 and repels along itself beyond",
    {tau: Interval.open(1, oo)},
    And(
        Implies((1 + tau) ** 2 < 5, And(Abs(9 - 2 * (1 + tau) ** 2) < 1, Abs(3 - 2 * tau) < 1)),
        Implies((1 + tau) ** 2 > 5, 9 - 2 * (1 + tau) ** 2 < -1),
    ),
    TWO_SOURCE,
)

stable_to_two = _theorem(
    "stable_to_two",
    "Depth 2: the orbit of period two is stable up to tau = 2, where balance is lost (false: it doubles its period at sqrt(5) - 1)",
    {tau: Interval.open(1, 2)},
    Abs(9 - 2 * (1 + tau) ** 2) < 1,
    TWO_SOURCE,
    declared="refuted",
)
