"""Inequalities about powers that the proofs lean on; all of them standard."""

from sympy import Abs, And, Interval, Range, Symbol, oo

from dmftheory.claims import Theorem

n = Symbol("n", integer=True, nonnegative=True)
h = Symbol("h", real=True)
q = Symbol("q", positive=True)
a, b = Symbol("a", nonnegative=True), Symbol("b", nonnegative=True)

bernoulli = Theorem(
    "lemma.bernoulli",
    title="Bernoulli's inequality",
    given={n: Range(0, oo), h: Interval(-1, oo)},
    claim=(1 + h) ** n >= 1 + n * h,
    declared="proved",
    source="standard",
    provenance="derived",
)

bernoulli_upper = Theorem(
    "lemma.bernoulli_upper",
    title="The next term of the binomial series bounds the power from above",
    given={n: Range(0, oo), h: Interval(0, 1)},
    claim=(1 - h) ** n <= 1 - n * h + n * (n - 1) * h**2 / 2,
    declared="proved",
    source="standard",
    provenance="derived",
)

bernoulli_inverse = Theorem(
    "lemma.bernoulli_inverse",
    title="Bernoulli's inequality for the reciprocal",
    given={n: Range(0, oo), h: Interval(0, 1)},
    claim=(1 - h) ** n * (1 + n * h) <= 1,
    declared="proved",
    source="standard",
    provenance="derived",
)

inverse_power = Theorem(
    "lemma.inverse_power",
    title="Bernoulli's inequality for inverse powers, with an upper bound",
    given={n: Range(0, oo), h: Interval.Ropen(0, 1), q: Interval.Lopen(0, 1 - h)},
    claim=And(1 + n * h <= (1 - h) ** (-n), (1 - h) ** (-n) <= 1 + n * h / q ** (n + 1)),
    declared="proved",
    source="standard",
    provenance="derived",
)

linearisation = Theorem(
    "lemma.linearisation",
    title="A power differs from its linear part by at most n^2 h^2 while n |h| <= 1",
    given={n: Range(0, oo), h: Interval(-1, 1)},
    assume=[n * Abs(h) <= 1],
    claim=And((1 + h) ** n - 1 - n * h <= n**2 * h**2, -(n**2) * h**2 <= (1 + h) ** n - 1 - n * h),
    declared="proved",
    source="standard",
    provenance="derived",
)

power_monotone = Theorem(
    "lemma.power_monotone",
    title="Powers are monotone on the nonnegative numbers",
    given={n: Range(0, oo), a: Interval(0, oo), b: Interval(a, oo)},
    claim=a**n <= b**n,
    declared="proved",
    source="standard",
    provenance="derived",
)

power_strict = Theorem(
    "lemma.power_strict",
    title="Positive powers are strictly monotone on the nonnegative numbers",
    given={n: Range(1, oo), a: Interval(0, oo), b: Interval.open(a, oo)},
    claim=a**n < b**n,
    declared="proved",
    source="standard",
    provenance="derived",
)

power_difference = Theorem(
    "lemma.power_difference",
    title="The difference of two powers is at most n b^(n-1) (b - a)",
    given={n: Range(1, oo), a: Interval(0, oo), b: Interval(a, oo)},
    claim=b**n - a**n <= n * b ** (n - 1) * (b - a),
    declared="proved",
    source="standard",
    provenance="derived",
)

chord_slope = Theorem(
    "lemma.chord_slope",
    title="The chord of a power from a point to 1 steepens as the point moves towards 1",
    given={n: Range(0, oo), a: Interval(0, 1), b: Interval(a, 1)},
    claim=(1 - a**n) * (1 - b) <= (1 - b**n) * (1 - a),
    declared="proved",
    source="standard",
    provenance="derived",
)

chord_slope_above = Theorem(
    "lemma.chord_slope_above",
    title="Beyond 1 as well: the chord from 1 steepens as the point moves away",
    given={n: Range(0, oo), a: Interval(1, oo), b: Interval(a, oo)},
    claim=(a**n - 1) * (b - 1) <= (b**n - 1) * (a - 1),
    declared="proved",
    source="standard",
    provenance="derived",
)
