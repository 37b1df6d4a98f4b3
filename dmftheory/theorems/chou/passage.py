"""How many steps until an eigenvalue is learned: gradient descent between two multiples of the gradient-flow time (B5, B8).

In the normal form. z is the inflection point, z^N = (N-1)/(2N-1): below it the field f increases and gradient descent lags behind the
flow, above it f decreases and gradient descent leads. m is where f(x)/x is largest on [x0, 1), and G its value
there.
"""

from typing import Any

from sympy import And, FiniteSet, Implies, Interval, Max, Range, Symbol, oo

from dmftheory.claims import FirstPassage, FlowTime, Iterate, Theorem

N = Symbol("N", integer=True, positive=True)
j, k = Symbol("j", integer=True, nonnegative=True), Symbol("k", integer=True, nonnegative=True)
tau = Symbol("tau", positive=True)
a, b, x, x0 = (Symbol(name, positive=True) for name in ("a", "b", "x", "x0"))
z = Symbol("z", positive=True)
m, y = Symbol("m", real=True), Symbol("y", real=True)
theta, G, A = Symbol("theta", positive=True), Symbol("G", real=True), Symbol("A", real=True)

SOURCE = "iteration counts in the manner of Chou, Gieshoff, Maly, Rauhut, arXiv:2011.13772; both bounds ours"
LEVEL = (N - 1) / (2 * N - 1)
INFLECTION = FiniteSet(LEVEL ** (1 / N))
STEP = Interval.Lopen(0, 1 / N)
STATE = Iterate(N, tau, x0, k)


def field(at: Any) -> Any:
    """f, the right-hand side of the flow."""
    return at ** (N - 1) * (1 - at**N)


def growth(at: Any) -> Any:
    """f(x) / x, the relative growth."""
    return at ** (N - 2) * (1 - at**N)


PEAK = FiniteSet(Max(x0, ((N - 2) / (2 * N - 2)) ** (1 / N)))
FASTEST = FiniteSet(growth(m))
STRETCH = FiniteSet((1 + tau * G) ** (N - 1))

field_rises = Theorem(
    "chou.passage.field_rises",
    title="The field increases up to the inflection point",
    given={N: Range(2, oo), z: INFLECTION, a: Interval.Lopen(0, z), b: Interval(a, z)},
    claim=field(a) <= field(b),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

field_falls = Theorem(
    "chou.passage.field_falls",
    title="The field decreases beyond the inflection point",
    given={N: Range(2, oo), z: INFLECTION, a: Interval(z, 1), b: Interval(a, 1)},
    claim=field(b) <= field(a),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

time_passes = Theorem(
    "chou.passage.time_passes",
    title="Flow times are nonnegative",
    given={N: Range(2, oo), a: Interval.open(0, 1), b: Interval.Ropen(a, 1)},
    claim=FlowTime(N, a, b) >= 0,
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

rising_at_most = Theorem(
    "chou.passage.rising_at_most",
    title="Below the inflection point the flow is at least as fast as at its start",
    given={N: Range(2, oo), z: INFLECTION, a: Interval.Lopen(0, z), b: Interval(a, z)},
    claim=FlowTime(N, a, b) <= (b - a) / field(a),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

rising_at_least = Theorem(
    "chou.passage.rising_at_least",
    title="Below the inflection point the flow is at most as fast as at its end",
    given={N: Range(2, oo), z: INFLECTION, b: Interval.Lopen(0, z), a: Interval.Lopen(0, b)},
    claim=FlowTime(N, a, b) >= (b - a) / field(b),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

falling_at_most = Theorem(
    "chou.passage.falling_at_most",
    title="Beyond the inflection point the flow is at least as fast as at its end",
    given={N: Range(2, oo), z: INFLECTION, b: Interval.Ropen(z, 1), a: Interval(z, b)},
    claim=FlowTime(N, a, b) <= (b - a) / field(b),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

falling_at_least = Theorem(
    "chou.passage.falling_at_least",
    title="Beyond the inflection point the flow is at most as fast as at its start",
    given={N: Range(2, oo), z: INFLECTION, a: Interval.Ropen(z, 1), b: Interval.Ropen(a, 1)},
    claim=FlowTime(N, a, b) >= (b - a) / field(a),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

stays_below = Theorem(
    "chou.passage.stays_below",
    title="One step from (0, 1) goes up and stays below 1, and keeps at least the share 1 - N tau of the field",
    given={N: Range(2, oo), tau: STEP, x: Interval.open(0, 1), y: FiniteSet(x + tau * field(x))},
    claim=And(x < y, y < 1, (1 - N * tau) * field(x) <= field(y)),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

slow_step = Theorem(
    "chou.passage.slow_step",
    title="One step takes the flow at most the time tau, once times beyond the inflection point are cut by 1 - N tau",
    given={N: Range(2, oo), tau: STEP, z: INFLECTION, x: Interval.open(0, 1), y: FiniteSet(x + tau * field(x))},
    claim=And(
        Implies(y <= z, FlowTime(N, x, y) <= tau),
        Implies(x >= z, (1 - N * tau) * FlowTime(N, x, y) <= tau),
        Implies(And(x <= z, z <= y), FlowTime(N, x, z) + (1 - N * tau) * FlowTime(N, z, y) <= tau),
    ),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

growth_falls = Theorem(
    "chou.passage.growth_falls",
    title="The relative growth decreases beyond its peak",
    given={N: Range(2, oo), a: Interval.open(0, 1), b: Interval(a, 1)},
    assume=[(2 * N - 2) * a**N >= N - 2],
    claim=growth(b) <= growth(a),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

growth_rises = Theorem(
    "chou.passage.growth_rises",
    title="The relative growth increases up to its peak",
    given={N: Range(2, oo), b: Interval.open(0, 1), a: Interval.Lopen(0, b)},
    assume=[(2 * N - 2) * b**N <= N - 2],
    claim=growth(a) <= growth(b),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

growth_peak = Theorem(
    "chou.passage.growth_peak",
    title="On [x0, 1) the relative growth is largest at m",
    given={N: Range(2, oo), x0: Interval.open(0, 1), m: PEAK, G: FASTEST, x: Interval.Ropen(x0, 1)},
    claim=And(G > 0, growth(x) <= G),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

field_grows = Theorem(
    "chou.passage.field_grows",
    title="Up to the inflection point the field grows at most at the rate (N-1) max f(x)/x",
    given={N: Range(2, oo), z: INFLECTION, x0: Interval.open(0, z), m: PEAK, G: FASTEST, x: Interval(x0, z)},
    claim=field(z) - field(x) <= (N - 1) * G * (z - x),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

inside = Theorem(
    "chou.passage.inside",
    title="Every state from a start in (0, 1) stays between the start and 1",
    given={N: Range(2, oo), tau: STEP, x0: Interval.open(0, 1), k: Range(0, oo)},
    claim=And(x0 <= STATE, STATE < 1),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

increases = Theorem(
    "chou.passage.increases",
    title="The states increase",
    given={N: Range(2, oo), tau: STEP, x0: Interval.open(0, 1), k: Range(0, oo), j: Range(k, oo)},
    claim=STATE <= Iterate(N, tau, x0, j),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

slow = Theorem(
    "chou.passage.slow",
    title="After k steps the flow has used at most the time k tau, once times beyond the inflection point are cut by 1 - N tau",
    given={N: Range(2, oo), tau: STEP, z: INFLECTION, x0: Interval.open(0, z), k: Range(0, oo)},
    claim=And(
        Implies(STATE <= z, FlowTime(N, x0, STATE) <= k * tau),
        Implies(STATE >= z, FlowTime(N, x0, z) + (1 - N * tau) * FlowTime(N, z, STATE) <= k * tau),
    ),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

fast_step = Theorem(
    "chou.passage.fast_step",
    title="One step takes the flow at least the time tau, once times below the inflection point are stretched by A",
    given={
        N: Range(2, oo),
        tau: STEP,
        z: INFLECTION,
        x0: Interval.open(0, z),
        m: PEAK,
        G: FASTEST,
        A: STRETCH,
        x: Interval.Ropen(x0, 1),
        y: FiniteSet(x + tau * field(x)),
    },
    claim=And(
        Implies(y <= z, A * FlowTime(N, x, y) >= tau),
        Implies(x >= z, FlowTime(N, x, y) >= tau),
        Implies(And(x <= z, z <= y), A * FlowTime(N, x, z) + FlowTime(N, z, y) >= tau),
    ),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

fast = Theorem(
    "chou.passage.fast",
    title="After k steps the flow has used at least the time k tau, once times below the inflection point are stretched by A",
    given={N: Range(2, oo), tau: STEP, z: INFLECTION, x0: Interval.open(0, z), m: PEAK, G: FASTEST, A: STRETCH, k: Range(0, oo)},
    claim=And(
        Implies(STATE <= z, A * FlowTime(N, x0, STATE) >= k * tau),
        Implies(STATE >= z, A * FlowTime(N, x0, z) + FlowTime(N, z, STATE) >= k * tau),
    ),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

at_least = Theorem(
    "chou.passage.at_least",
    title="An eigenvalue is not learned before U1 + (1 - N tau) U2, in steps",
    given={
        N: Range(2, oo),
        tau: STEP,
        z: INFLECTION,
        x0: Interval.open(0, z),
        theta: Interval.open(LEVEL, 1),
        y: FiniteSet(theta ** (1 / N)),
    },
    claim=FirstPassage(N, tau, x0, theta) >= (FlowTime(N, x0, z) + (1 - N * tau) * FlowTime(N, z, y)) / tau,
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

at_most = Theorem(
    "chou.passage.at_most",
    title="An eigenvalue is learned within A U1 + U2 and one more step",
    given={
        N: Range(2, oo),
        tau: STEP,
        z: INFLECTION,
        x0: Interval.open(0, z),
        m: PEAK,
        G: FASTEST,
        A: STRETCH,
        theta: Interval.open(LEVEL, 1),
        y: FiniteSet(theta ** (1 / N)),
    },
    claim=FirstPassage(N, tau, x0, theta) <= (A * FlowTime(N, x0, z) + FlowTime(N, z, y)) / tau + 1,
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

finite = Theorem(
    "chou.passage.finite",
    title="Every level below the target is reached: the states converge to 1",
    given={N: Range(2, oo), tau: STEP, x0: Interval.open(0, 1), theta: Interval.open(0, 1)},
    claim=FirstPassage(N, tau, x0, theta) < oo,
    declared="proved",
    source=SOURCE,
    provenance="derived",
)
