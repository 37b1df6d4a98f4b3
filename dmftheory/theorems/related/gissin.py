"""When learning is incremental: thresholds for the start (F5), and the trap of a wrong sign (F8).

Two eigenvalues of the product, 1 and R^N > 1, start together at x^N. Learning is incremental if the larger one reaches b^N, the share f of
its target, before the smaller one reaches a^N, the share s: the time to b is at most the time to a. `x` is the N-th root of the threshold
variable of Gissin, Shalev-Shwartz, Daniely. Times are those of the flow.
"""

from typing import Any

from sympy import And, Eq, FiniteSet, Implies, Interval, Range, Rational, Symbol, log, oo

from dmftheory.claims import LearningTime, Theorem

N = Symbol("N", integer=True, positive=True)
a, b, c, R, x, y = (Symbol(name, positive=True) for name in ("a", "b", "c", "R", "x", "y"))
start = Symbol("x", real=True)
f, s, q, lam = (Symbol(name, positive=True) for name in ("f", "s", "q", "lambda"))

SOURCE = "incremental learning as defined by Gissin, Shalev-Shwartz, Daniely, arXiv:1909.12051 (definition recalled); bound and proof ours"
RECALLED = "form recalled of Gissin, Shalev-Shwartz, Daniely, arXiv:1909.12051, constant unconfirmed"
PAIR = {R: Interval.open(1, oo), b: Interval.open(1, R), a: Interval.open(0, 1), x: Interval.open(0, a)}


def slow(depth: Any) -> Any:
    """The time that the eigenvalue 1 takes from x to a."""
    return LearningTime(depth, 1, x, a)


def fast(depth: Any) -> Any:
    """The time that the eigenvalue R^N takes from x to b."""
    return LearningTime(depth, R**depth, x, b)


def odds(value: Any, eigenvalue: Any) -> Any:
    """log(d^2 / (lambda - d^2))."""
    return log(value**2 / (eigenvalue - value**2))


def _theorem(name: str, title: str, given: dict[Any, Any], claim: Any, **more: Any) -> Theorem:
    words = {"declared": "proved", "source": SOURCE, "provenance": "derived", **more}
    return Theorem(f"related.gissin.{name}", title=title, given=given, claim=claim, **words)


odds_grow = _theorem(
    "odds_grow",
    "Depth 2: ln(d^2/(R^2 - d^2)) grows at the rate 2 R^2",
    {R: Interval.open(0, oo), x: Interval.open(0, R), b: Interval.Ropen(x, R)},
    Eq(2 * R**2 * fast(2), odds(b, R**2) - odds(x, R**2)),
)

threshold_depth_two = _theorem(
    "threshold_depth_two",
    "Depth 2: learning is incremental exactly if ln(b^2/(R^2-b^2)) - ln(x^2/(R^2-x^2)) <= R^2 (ln(a^2/(1-a^2)) - ln(x^2/(1-x^2)))",
    PAIR,
    And(
        Implies(fast(2) <= slow(2), odds(b, R**2) - odds(x, R**2) <= R**2 * (odds(a, 1) - odds(x, 1))),
        Implies(odds(b, R**2) - odds(x, R**2) <= R**2 * (odds(a, 1) - odds(x, 1)), fast(2) <= slow(2)),
    ),
)

TIMED = {N: Range(3, oo), y: Interval.open(0, oo), x: Interval.open(0, y)}

at_most = _theorem(
    "time_at_most",
    "The time of an eigenvalue y^N from x to a is at most (x^(2-N) - a^(2-N)) / ((N-2) (y^N - c^N)), c at least a",
    {**TIMED, c: Interval.Ropen(x, y), a: Interval(x, c)},
    (N - 2) * (y**N - c**N) * LearningTime(N, y**N, x, a) <= x ** (2 - N) - a ** (2 - N),
)

at_least = _theorem(
    "time_at_least",
    "The time of an eigenvalue y^N from x to a is at least (x^(2-N) - a^(2-N)) / ((N-2) y^N)",
    {**TIMED, a: Interval.Ropen(x, y)},
    (N - 2) * y**N * LearningTime(N, y**N, x, a) >= x ** (2 - N) - a ** (2 - N),
)

threshold_at_most = _theorem(
    "threshold_at_most",
    "Depth beyond 2: if learning is incremental, then x^(2-N) (R^N - 1 + a^N) >= R^N a^(2-N) - (1 - a^N) b^(2-N)",
    {N: Range(3, oo), **PAIR},
    x ** (2 - N) * (R**N - 1 + a**N) >= R**N * a ** (2 - N) - (1 - a**N) * b ** (2 - N),
    assume=[fast(N) <= slow(N)],
)

threshold_at_least = _theorem(
    "threshold_at_least",
    "Depth beyond 2: learning is incremental if x^(2-N) (R^N - b^N - 1) >= (R^N - b^N) a^(2-N) - b^(2-N)",
    {N: Range(3, oo), **PAIR},
    fast(N) <= slow(N),
    assume=[x ** (2 - N) * (R**N - b**N - 1) >= (R**N - b**N) * a ** (2 - N) - b ** (2 - N)],
)

SHARES = {
    N: Range(3, oo),
    R: Interval.open(1, oo),
    s: Interval.open(0, Rational(1, 4)),
    f: Interval.open(Rational(3, 4), 1),
    a: FiniteSet(s ** (1 / N)),
    b: FiniteSet(f ** (1 / N) * R),
}
recalled_upper = _theorem(
    "recalled_upper",
    "Depth beyond 2: beyond s ((r-1)/(r-s))^(N/(N-2)) learning is not incremental (false as remembered; r = R^N)",
    {
        **SHARES,
        q: Interval.open(1, 2),
        start: FiniteSet(a * (q * (R**N - 1) / (R**N - s)) ** (1 / (N - 2))),
    },
    LearningTime(N, R**N, start, b) >= LearningTime(N, 1, start, a),
    assume=[start < a],
    declared="refuted",
    source=RECALLED,
    provenance="recalled",
)

recalled_lower = _theorem(
    "recalled_lower",
    "Depth beyond 2: up to s ((1-f)(r-1)/(1+(1-f)(r-1)))^(N/(N-2)) learning is incremental (r = R^N)",
    {
        **SHARES,
        q: Interval.open(0, 1),
        start: FiniteSet(a * (q * (1 - f) * (R**N - 1) / (1 + (1 - f) * (R**N - 1))) ** (1 / (N - 2))),
    },
    LearningTime(N, R**N, start, b) <= LearningTime(N, 1, start, a),
    declared="supported",
    source=RECALLED,
    provenance="recalled",
)

trapped = _theorem(
    "trapped",
    "Depth beyond 2: a factor whose eigenvalue has the wrong sign stays positive; from y down to x it takes a time between two bounds",
    {N: Range(3, oo), lam: Interval.open(0, oo), y: Interval.open(0, oo), x: Interval.Lopen(0, y)},
    And(
        (N - 2) * lam * LearningTime(N, -lam, y, x) <= x ** (2 - N) - y ** (2 - N),
        (N - 2) * (lam + y**N) * LearningTime(N, -lam, y, x) >= x ** (2 - N) - y ** (2 - N),
    ),
    source="four layers with a negative determinant, arXiv:2511.09925 (main text); any depth beyond 2 and proof ours",
)
