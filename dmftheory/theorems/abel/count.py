"""How many steps: the flow time over tau, plus half the logarithm of f(end)/f(start), with an explicit remainder, for every depth.

U(x, y)/tau + (1/2) ln(f(y)/f(x)) is the Abel function of gradient descent to first order in the step size. One step changes it by 1 up to
a multiple of h^2, h = tau x^(N-2). For N >= 3 the h^2 of all steps add up to at most a difference of the potential
Phi(z) = tau z^(N-2) (1/(N-2) - ln(1 - z^N)/N), because tau f Phi' >= h^2.
"""

from typing import Any

from sympy import And, FiniteSet, Interval, Range, Symbol, log, oo

from dmftheory.claims import FirstPassage, FlowTime, Iterate, Theorem

N = Symbol("N", integer=True, positive=True)
k = Symbol("k", integer=True, nonnegative=True)
tau = Symbol("tau", positive=True)
x, y, b, x0 = (Symbol(name, positive=True) for name in ("x", "y", "b", "x0"))
z = Symbol("z", real=True)
p, q, r = (Symbol(name, real=True) for name in ("p", "q", "r"))
d = Symbol("d", nonnegative=True)
a = Symbol("a", nonnegative=True)

SOURCE = "ours: the Abel function of gradient descent to first order in the step size"
STATE = Iterate(N, tau, x0, k)
SHORT = {N: Range(2, oo), x: Interval.open(0, 1), b: Interval.open(x, 1), y: Interval(x, b)}
STEP = {N: Range(2, oo), tau: Interval.open(0, 1 / N), x: Interval.open(0, 1)}


def field(at: Any) -> Any:
    """f, the right-hand side of the flow."""
    return at ** (N - 1) * (1 - at**N)


def slope(at: Any) -> Any:
    """f'/f."""
    return ((N - 1) - (2 * N - 1) * at**N) / (at * (1 - at**N))


def bend(at: Any) -> Any:
    """The derivative of f'/f."""
    return -((N - 1) * (1 - at**N) ** 2 + N * at**N * (N - 1 + at**N)) / (at**2 * (1 - at**N) ** 2)


def count(start: Any, end: Any) -> Any:
    """The step count to first order."""
    return FlowTime(N, start, end) / tau + (log(field(end)) - log(field(start))) / 2


def potential(at: Any) -> Any:
    """Phi."""
    return tau * at ** (N - 2) * (1 / (N - 2) - log(1 - at**N) / N)


def between(low: Any, value: Any, high: Any) -> And:
    """low <= value <= high."""
    return And(low <= value, value <= high)


STEEP = N**2 / (x**2 * (1 - b**N) ** 2)
LOGS = (log(field(y)) - log(field(x))) / 2
CURVE = slope(y) * (field(y) - field(x)) / field(y) + (y - x) * bend(y) / 2
RATE = field(x) / field(y) - 1 + LOGS + (y - x) * slope(y) / 2
TIME = field(x) * FlowTime(N, x, y) + (y - x) * (LOGS - 1)
CONSTANT = N**2 * (1 + tau) ** (N - 1) / (4 * (1 - N * tau) ** 2)


def _theorem(name: str, title: str, given: dict[Any, Any], claim: Any, **more: Any) -> Theorem:
    return Theorem(
        f"abel.count.{name}", title=title, given=given, claim=claim, declared="proved", source=SOURCE, provenance="derived", **more
    )


field_change = _theorem(
    "field_change",
    "Between two states the field changes at most by N y^(N-2) times their distance",
    {N: Range(2, oo), x: Interval.open(0, 1), y: Interval.Ropen(x, 1)},
    between(-N * y ** (N - 2) * (y - x), field(y) - field(x), N * y ** (N - 2) * (y - x)),
)

slope_bounds = _theorem(
    "slope_bounds",
    "f'/f is at most N/(x (1 - x^N)) in size, and its derivative at most the square of that",
    {N: Range(2, oo), x: Interval.open(0, 1)},
    And(
        between(-N / (x * (1 - x**N)), slope(x), N / (x * (1 - x**N))),
        between(-(N**2) / (x * (1 - x**N)) ** 2, bend(x), N**2 / (x * (1 - x**N)) ** 2),
    ),
)

products = _theorem(
    "products",
    "Bounds of p, q and r bound p q + d r / 2",
    {
        a: Interval(0, oo),
        d: Interval(0, oo),
        p: Interval(-a, a),
        q: Interval(-a * d, a * d),
        r: Interval(-(a**2), a**2),
    },
    between(-3 * a**2 * d / 2, p * q + d * r / 2, 3 * a**2 * d / 2),
)

second_slope = _theorem(
    "second_slope",
    "The second derivative of the defect, times the step, in the end of the step",
    SHORT,
    between(-3 * STEEP * (y - x) / 2, CURVE, 3 * STEEP * (y - x) / 2),
)

first_slope = _theorem(
    "first_slope",
    "The first derivative of the defect, times the step, in the end of the step",
    SHORT,
    between(-3 * STEEP * (y - x) ** 2 / 4, RATE, 3 * STEEP * (y - x) ** 2 / 4),
)

defect = _theorem(
    "defect",
    "Flow time plus half the logarithm against the distance over the speed at the start: they differ by the third power of the distance",
    SHORT,
    between(-STEEP * (y - x) ** 3 / 4, TIME, STEEP * (y - x) ** 3 / 4),
)

share = _theorem(
    "share",
    "One step keeps at least the share 1 - N tau of the distance 1 - x^N",
    {**STEP, z: FiniteSet(x + tau * field(x))},
    And(x < z, z < 1, (1 - N * tau) * (1 - x**N) <= 1 - z**N),
)

one_step = _theorem(
    "one_step",
    "One step counts as 1 to first order, up to a multiple of h^2 with h = tau x^(N-2)",
    {**STEP, z: FiniteSet(x + tau * field(x))},
    between(
        -((N * tau * x ** (N - 2) / (1 - N * tau)) ** 2) / 4,
        count(x, z) - 1,
        (N * tau * x ** (N - 2) / (1 - N * tau)) ** 2 / 4,
    ),
)

speed = _theorem(
    "speed",
    "Within one step the field grows at most by the factor (1 + tau)^(N-1)",
    {**STEP, y: Interval(x, x + tau * field(x))},
    field(y) <= (1 + tau) ** (N - 1) * field(x),
)

DEEP = {N: Range(3, oo), tau: Interval.open(0, 1 / N), x: Interval.open(0, 1)}
GROWTH = (1 + tau) ** (N - 1) * (potential(y) - potential(x))

potential_grows = _theorem(
    "potential_grows",
    "Within one step the potential grows at least in proportion to the way",
    {**DEEP, y: Interval(x, x + tau * field(x))},
    (y - x) * tau * x ** (N - 3) / (1 - x**N) <= GROWTH,
)

potential_step = _theorem(
    "potential_step",
    "In one step the potential pays for h^2",
    {**DEEP, z: FiniteSet(x + tau * field(x))},
    (tau * x ** (N - 2)) ** 2 <= (1 + tau) ** (N - 1) * (potential(z) - potential(x)),
)

REMAINDER = CONSTANT * (potential(STATE) - potential(x0))

steps = _theorem(
    "steps",
    "k steps count as k to first order, up to a multiple of the difference of the potential",
    {N: Range(3, oo), tau: Interval.open(0, 1 / N), x0: Interval.open(0, 1), k: Range(0, oo)},
    between(-REMAINDER, count(x0, STATE) - k, REMAINDER),
)

theta = Symbol("theta", positive=True)
SHORT_STEP = Interval.Lopen(0, 2 / (5 * N))
EPSILON = CONSTANT * (potential(z) - potential(x0))
PASSAGE = {N: Range(3, oo), tau: SHORT_STEP, x0: Interval.open(0, 1), theta: Interval.open(x0**N, 1), z: FiniteSet(theta ** (1 / N))}

n, t = Symbol("n", integer=True, nonnegative=True), Symbol("t", nonnegative=True)

stretch = _theorem(
    "stretch",
    "A power of 1 + t against its linear part",
    {n: Range(0, oo), t: Interval(0, oo)},
    (1 + t) ** n * (1 - n * t) <= 1,
)

log_below = _theorem("log_below", "-ln(1 - t) is at most t/(1 - t)", {t: Interval.Ropen(0, 1)}, -log(1 - t) * (1 - t) <= t)

count_grows = _theorem(
    "count_grows",
    "The step count to first order increases with the end, even less the multiple of the potential",
    {N: Range(3, oo), tau: SHORT_STEP, x: Interval.open(0, 1), y: Interval.Ropen(x, 1)},
    And(count(x, y) >= 0, count(x, y) >= CONSTANT * (potential(y) - potential(x)), potential(y) >= potential(x)),
)

passage_at_least = _theorem(
    "passage_at_least",
    "A level is not reached before the step count to first order, less the remainder",
    PASSAGE,
    FirstPassage(N, tau, x0, theta) >= count(x0, z) - EPSILON,
)

passage_at_most = _theorem(
    "passage_at_most",
    "A level is reached within the step count to first order, the remainder, and one more step",
    PASSAGE,
    FirstPassage(N, tau, x0, theta) <= count(x0, z) + EPSILON + 1,
)
