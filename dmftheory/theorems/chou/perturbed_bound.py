"""Perturbed identical initialisation: both signs are learned, how large the factors get, and the constant c(N) (E1, E2)."""

from typing import Any

from sympy import And, Eq, FiniteSet, Integer, Interval, Range, Rational, Symbol, oo

from dmftheory.claims import Family, OtherFactor, Theorem
from dmftheory.model.perturbed import bound_constant
from dmftheory.theorems.chou.perturbed import OURS, PAPER, SAFE, N, R, alpha, beta, c, eta, first, k, learned, nine, other, s

S, t = Symbol("S", positive=True), Symbol("t", real=True)
d, phi = Symbol("d", positive=True), Symbol("phi", positive=True)
FORM = f"{PAPER}, constant of perturbed initialisation (recalled); properties ours"
RECALLED = f"{PAPER}, convergence under perturbed identical initialisation (form recalled, constants unconfirmed)"


def constant_equation(at: Any, depth: Any = N) -> Any:
    """(c - 1)^N c^(N-1), which is 1 at c(N): the N-th power of (c - 1) c^(1 - 1/N)."""
    return (at - 1) ** depth * at ** (depth - 1)


constant_unique = Theorem(
    "chou.perturbed.constant_unique",
    title="(c - 1)^N c^(N-1) increases beyond 1, so c(N) is its only root there and the largest real one",
    given={N: Range(2, oo), c: Interval.open(1, oo), d: Interval.open(c, oo)},
    claim=constant_equation(c) < constant_equation(d),
    declared="proved",
    source=FORM,
    provenance="derived",
)

constant_exists = Theorem(
    "chou.perturbed.constant_exists",
    title="(c - 1)^N c^(N-1) is below 1 at the golden ratio and above 1 at 2, so c(N) lies between",
    given={N: Range(2, oo), phi: Interval.open(1, oo)},
    assume=[Eq(phi**2, phi + 1)],
    claim=And(constant_equation(phi) < 1, constant_equation(Integer(2)) > 1),
    declared="proved",
    source=FORM,
    provenance="derived",
)

CONSTANT = {N: Range(2, oo), c: Interval.open(1, oo)}

AT_LEAST, AT_MOST = constant_equation(c) >= 1, constant_equation(c) <= 1  # c >= c(N), c <= c(N)

constant_above = Theorem(
    "chou.perturbed.constant_above",
    title="c(N) lies above the golden ratio: so does every c with (c - 1)^N c^(N-1) >= 1",
    given=CONSTANT,
    assume=[AT_LEAST],
    claim=And(c**2 - c > 1, c > Rational(809, 500)),
    declared="proved",
    source=FORM,
    provenance="derived",
)

constant_below = Theorem(
    "chou.perturbed.constant_below",
    title="c(N) is at most c(2) = 1.7548..., the root of (c - 1)^2 c = 1: so is every c with (c - 1)^N c^(N-1) <= 1",
    given=CONSTANT,
    assume=[AT_MOST],
    claim=And((c - 1) ** 2 * c <= 1, c < Rational(17549, 10000)),
    declared="proved",
    source=FORM,
    provenance="derived",
)

constant_deep = Theorem(
    "chou.perturbed.constant_deep",
    title="From N = 3 on c(N) is at most c(3) < 1.7017",
    given={N: Range(3, oo), c: Interval.open(1, oo)},
    assume=[AT_MOST],
    claim=And((c - 1) ** 3 * c**2 <= 1, c < Rational(17017, 10000)),
    declared="proved",
    source=FORM,
    provenance="derived",
)

constant_decreasing = Theorem(
    "chou.perturbed.constant_decreasing",
    title="c(N) decreases with the depth: d <= c(N+1) and c >= c(N) give d < c",
    given={**CONSTANT, d: Interval.open(1, oo)},
    assume=[AT_LEAST, constant_equation(d, N + 1) <= 1],
    claim=d < c,
    declared="proved",
    source=FORM,
    provenance="derived",
)

constant_limit = Theorem(
    "chou.perturbed.constant_limit",
    title="c(N) tends to the golden ratio: c^2 - c - 1 is at most (2 - c)/((c - 1)(N - 1))",
    given=CONSTANT,
    assume=[AT_MOST],
    claim=c**2 - c - 1 <= (2 - c) / ((c - 1) * (N - 1)),
    declared="proved",
    source=FORM,
    provenance="derived",
)

STARTS = {N: Range(2, oo), R: Interval.open(0, oo), alpha: Interval.Lopen(0, R), beta: Interval.open(0, alpha), s: Interval.open(0, oo)}
ROOM = s * alpha <= (alpha - beta) * R**N
POSITIVE, NEGATIVE = (k, s, alpha - beta, alpha), (k, -s, alpha - beta, alpha)

positive = Theorem(
    "chou.perturbed.positive",
    title="A positive eigenvalue is learned: no overshoot, a geometric rate, factors of at most (lambda / (1 - beta/alpha))^(1/N)",
    given={**STARTS, eta: SAFE, k: Range(0, oo)},
    assume=[ROOM, (alpha - beta) * alpha ** (N - 1) <= s],
    claim=And(
        0 < first(*POSITIVE),
        first(*POSITIVE) <= other(*POSITIVE),
        other(*POSITIVE) <= R,
        learned(*POSITIVE) <= s,
        s - learned(*POSITIVE) <= (1 - eta * (alpha - beta / 2) ** (2 * N - 2)) ** k * (s - (alpha - beta) * alpha ** (N - 1)),
    ),
    declared="proved",
    source=OURS,
    provenance="derived",
)

negative = Theorem(
    "chou.perturbed.negative",
    title="A negative eigenvalue is learned: no overshoot, a geometric rate, factors of at most R >= alpha",
    given={**STARTS, eta: SAFE, k: Range(0, oo)},
    assume=[ROOM],
    claim=And(
        0 < other(*NEGATIVE),
        other(*NEGATIVE) <= R,
        -other(*NEGATIVE) <= first(*NEGATIVE),
        first(*NEGATIVE) <= other(*NEGATIVE),
        -s <= learned(*NEGATIVE),
        learned(*NEGATIVE) + s <= (1 - eta * (beta / 2) ** (2 * N - 2)) ** k * (s + (alpha - beta) * alpha ** (N - 1)),
    ),
    declared="proved",
    source=OURS,
    provenance="derived",
)

within = Theorem(
    "chou.perturbed.within",
    title="Where the hyperbola of the start leaves the region below R, the factors of both signs stay below R",
    given={**STARTS, eta: SAFE, k: Range(0, oo)},
    assume=[(alpha - beta) * alpha ** (N - 1) <= s, (R**2 - alpha**2 + (alpha - beta) ** 2) * R ** (2 * N - 2) >= s**2],
    claim=And(other(*POSITIVE) <= R, other(*NEGATIVE) <= R),
    declared="proved",
    source=OURS,
    provenance="derived",
)


def _as_within(id: str, title: str, claim: Any) -> Theorem:
    return Theorem(
        id, title=title, given=within.given, assume=within.assume, claim=claim, declared="proved", source=OURS, provenance="derived"
    )


within_positive = _as_within(
    "chou.perturbed.within_positive", "There a positive eigenvalue is learned: no overshoot, a geometric rate", positive.claim
)
within_negative = _as_within(
    "chou.perturbed.within_negative", "There a negative eigenvalue is learned: no overshoot, a geometric rate", negative.claim
)

# E2 as recalled, for every c up to c(N): 0 < beta/(c-1) < alpha < ((c-1)|lambda|)^(1/N) and 0 < eta < 1/(9 N (c|lambda|)^(2-2/N)).
# Here S = (c|lambda|)^(1/N).
_SETTING = {c: Interval.open(1, 2), S: Interval.open(0, oo), s: FiniteSet(S**N / c), alpha: Interval.open(0, S)}
_STEP = {beta: Interval.open(0, (c - 1) * alpha), eta: Interval.open(0, 1 / (nine * N * S ** (2 * N - 2)))}
HYPOTHESES = [constant_equation(c) <= 1, alpha**N < (c - 1) * s]


def _recalled(id: str, title: str, depths: Any, claim: Any, **rest: Any) -> Theorem:
    """A statement under the recalled hypotheses, for symbolic N or at one depth."""
    at = {} if isinstance(depths, Range) else {N: Integer(depths)}
    given = {N: depths} if isinstance(depths, Range) else {}
    given |= {
        symbol: domain.xreplace(at)
        for symbol, domain in {**_SETTING, t: FiniteSet((1 / (c * (2 - c))) ** (1 / N)), **_STEP, k: Range(0, oo)}.items()
    }
    if not claim.has(t):
        del given[t]
        low = bound_constant(depths).enclosure(3)[0]
        given[c] = Interval(Rational(low.numerator, low.denominator), 2)
    assume = [h.xreplace(at) for h in HYPOTHESES]
    rest = {"declared": "proved", "source": RECALLED, "provenance": "recalled", **rest}
    return Theorem(id, title=title, given=given, assume=assume, claim=claim.xreplace(at), constants={nine: 9}, **rest)


_LEARNED = And(
    0 < other(*POSITIVE),
    other(*POSITIVE) <= S * t,
    0 < other(*NEGATIVE),
    other(*NEGATIVE) <= S * t,
    s - learned(*POSITIVE) <= (1 - eta * (alpha - beta / 2) ** (2 * N - 2)) ** k * s,
    learned(*NEGATIVE) + s <= (1 - eta * (beta / 2) ** (2 * N - 2)) ** k * 2 * s,
    learned(*POSITIVE) <= s,
    -s <= learned(*NEGATIVE),
)
_BOTH = "Under the recalled hypotheses both signs are learned, with factors of at most (|lambda|/(2 - c))^(1/N)"

recalled_convergence = _recalled("chou.perturbed.recalled_convergence", _BOTH, Range(3, oo), _LEARNED)
recalled_convergence_two = _recalled("chou.perturbed.recalled_convergence_two", f"{_BOTH}: depth 2", 2, _LEARNED)

_WITHIN = And(other(*POSITIVE) <= S, other(*NEGATIVE) <= S)

recalled_bound_shallow = Family(
    "chou.perturbed.recalled_bound_shallow",
    title="The recalled bound (c |lambda|)^(1/N) of the factors holds at depths 2 to 5",
    indices=((2,), (3,), (4,), (5,)),
    member=lambda depth: _recalled(
        f"chou.perturbed.recalled_bound_shallow.{depth}", f"Factors of at most (c |lambda|)^(1/N), depth {depth}", depth, _WITHIN
    ),
    declared="certified",
    source=RECALLED,
    provenance="recalled",
)

C_LOW, C_HIGH = Rational(16566, 10000), Rational(16567, 10000)
upper = Symbol("C", positive=True)
target, offset, size = Symbol("lambda", real=True), Symbol("beta", real=True), Symbol("eta", real=True)

recalled_bound = Theorem(
    "chou.perturbed.recalled_bound",
    title="The recalled bound (c |lambda|)^(1/N) of the factors at depth 6, alpha = 1, c < c(6) < C (false)",
    given={
        c: FiniteSet(C_LOW),
        upper: FiniteSet(C_HIGH),
        target: Interval.open(1 / (c - 1), 2 / (c - 1)),
        offset: Interval.open(0, c - 1),
        size: Interval.open(0, 1 / (54 * (upper * target) ** Rational(5, 3))),
        k: Range(200, 260),
    },
    assume=[constant_equation(c, 6) < 1, constant_equation(upper, 6) > 1],
    claim=OtherFactor(6, target, 1 - offset, 1, size, k) ** 6 <= upper * target,
    declared="refuted",
    source=RECALLED,
    provenance="recalled",
)
