"""Gradient-flow learning times in closed form (B6), and how they grow as the initialisation shrinks (B12)."""

from typing import Any

from sympy import And, Eq, Interval, Range, Rational, Symbol, hyper, log, oo

from dmftheory.claims import Family, FlowTime, Theorem
from dmftheory.model.flow import flow_time

N = Symbol("N", integer=True, positive=True)
x, y = Symbol("x", positive=True), Symbol("y", positive=True)
a = Symbol("a", nonnegative=True)

SOURCE = "gradient-flow times of Chou, Gieshoff, Maly, Rauhut, arXiv:2011.13772, in a closed form of ours"
BELOW = {x: Interval.open(0, 1), y: Interval.Ropen(x, 1)}
ABOVE = {x: Interval.open(1, oo), y: Interval(x, oo)}
ANYWHERE = {x: Interval.open(0, oo), y: Interval(x, oo)}

closed_form = Theorem(
    "chou.flow_time.closed_form",
    title="Learning time of a positive eigenvalue from below, any depth beyond 2",
    given={N: Range(3, oo), **BELOW},
    claim=Eq(FlowTime(N, x, y), flow_time(N, x, y)),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

closed_form_above = Theorem(
    "chou.flow_time.closed_form_above",
    title="Learning time of a positive eigenvalue from above, any depth",
    given={N: Range(2, oo), **ABOVE},
    claim=Eq(FlowTime(N, x, y), flow_time(N, x, y, above=True)),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

closed_form_negative = Theorem(
    "chou.flow_time.closed_form_negative",
    title="Decay time of a negative eigenvalue, any depth beyond 2",
    given={N: Range(3, oo), **ANYWHERE},
    claim=Eq(FlowTime(N, x, y, -1), flow_time(N, x, y, -1)),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

closed_form_zero = Theorem(
    "chou.flow_time.closed_form_zero",
    title="Decay time of a zero eigenvalue, any depth",
    given={N: Range(2, oo), **ANYWHERE},
    claim=Eq(FlowTime(N, x, y, 0), flow_time(N, x, y, 0)),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)


def _elementary(depth: int) -> Theorem:
    return Theorem(
        f"chou.flow_time.elementary.{depth}",
        title=f"Learning and decay time at depth {depth} in real logarithms and arctangents",
        given=BELOW,
        claim=And(Eq(FlowTime(depth, x, y), flow_time(depth, x, y)), Eq(FlowTime(depth, x, y, -1), flow_time(depth, x, y, -1))),
        declared="proved",
        source=SOURCE,
        provenance="derived",
    )


elementary = Family(
    "chou.flow_time.elementary",
    title="At each depth the times are elementary: real logarithms and arctangents",
    indices=tuple((depth,) for depth in range(2, 13)),
    member=_elementary,
    declared="certified",
    source=SOURCE,
    provenance="derived",
)

recovery_depth_two = Theorem(
    "chou.flow_time.recovery_depth_two",
    title="Depth 2: the learning time is ln(1/alpha) plus a constant, with the exact remainder",
    given=BELOW,
    claim=Eq(FlowTime(2, x, y), log(1 / x) + log(y**2 / (1 - y**2)) / 2 + log(1 - x**2) / 2),
    declared="proved",
    source="arXiv:2011.13772 (abstract of version 1: recovery rates follow the eigenvalues); remainder ours",
    provenance="derived",
)


def _tail(z: Any) -> Any:
    """The integral of t / (1 - t^N) from 0 to z."""
    return z**2 / 2 * hyper((1, 2 / N), (1 + 2 / N,), z**N)


tail_bounds = Theorem(
    "chou.flow_time.tail_bounds",
    title="The integral of t / (1 - t^N) from 0 to a lies between a^2/2 and a^2 / (2 (1 - a^N))",
    given={N: Range(3, oo), a: Interval.Ropen(0, 1)},
    claim=And(a**2 / 2 <= _tail(a), _tail(a) <= a**2 / (2 * (1 - a**N))),
    declared="proved",
    source="ours",
    provenance="derived",
)

recovery = Theorem(
    "chou.flow_time.recovery",
    title="Depth beyond 2: the learning time is alpha^(2-N)/(N-2) plus a constant, with a remainder of order alpha^2",
    given={N: Range(3, oo), **BELOW},
    claim=And(
        FlowTime(N, x, y) <= x ** (2 - N) / (N - 2) - y ** (2 - N) / (N - 2) + _tail(y) - x**2 / 2,
        FlowTime(N, x, y) >= x ** (2 - N) / (N - 2) - y ** (2 - N) / (N - 2) + _tail(y) - x**2 / (2 * (1 - x**N)),
    ),
    declared="proved",
    source="arXiv:2011.13772 (abstract of version 1: recovery rates follow the eigenvalues); remainder ours",
    provenance="derived",
)

recovery_in_half = Theorem(
    "chou.flow_time.recovery_slack",
    title="The remainder of the recovery time is at most a quarter of alpha^2 (false: it is at least half of it)",
    given={N: Range(3, oo), x: Interval.open(0, Rational(1, 2))},
    claim=_tail(x) <= x**2 / 4,
    declared="refuted",
    source="ours, chou.flow_time.tail_bounds with its constant halved",
    provenance="derived",
)
