"""Why one constant bounds the defect at every step size: majorants of power series, without complex numbers.

A series sum C_n h^n with C_n >= |c_n| is a majorant of sum c_n h^n. Majorants add, multiply and may be put into one another; evaluated at
H they bound sum |c_n| H^n. For a defect, c_0 = ... = c_p = 0, so that every term with h <= H is at most (h/H)^(p+1) times its value at H.
This is Schwarz's lemma, with the sum of the absolute values in place of the maximum over the circle |h| = H.
"""

from typing import Any

from sympy import Abs, Add, Interval, Range, Symbol, oo, symbols

from dmftheory.claims import Family, Theorem

p, n, k = (Symbol(name, integer=True, nonnegative=True) for name in ("p", "n", "k"))
H, h = Symbol("H", positive=True), Symbol("h", positive=True)
c, d, S, R, v, largest = (Symbol(name, real=True) for name in ("c", "d", "S", "R", "v", "M"))
C, D, E, T, M, a, e, g = (Symbol(name, nonnegative=True) for name in ("C", "D", "E", "T", "M", "a", "e", "g"))

SOURCE = "ours: bound of the defect of a truncated Abel function by a majorant of its power series"
SHRUNK = (h / H) ** (p + 1)
DISC = {p: Range(0, oo), H: Interval.open(0, oo), h: Interval.Lopen(0, H)}
BEYOND = {p: Range(0, oo), n: Range(p + 1, oo), H: Interval.open(0, oo), h: Interval.Lopen(0, H)}
REAL = Interval(-oo, oo)
LENGTHS = (1, 2, 3, 4)


def within(bound: Any) -> Interval:
    """The numbers whose size is at most `bound`."""
    return Interval(-bound, bound)


def _theorem(name: str, title: str, given: dict[Any, Any], claim: Any, **more: Any) -> Theorem:
    return Theorem(
        f"abel.majorant.{name}", title=title, given=given, claim=claim, declared="proved", source=SOURCE, provenance="derived", **more
    )


tail_term = _theorem(
    "tail_term",
    "A power of h beyond h^p shrinks at least like h^(p+1)",
    {**BEYOND, c: REAL},
    Abs(c) * h**n <= Abs(c) * H**n * SHRUNK,
)

one_more = _theorem(
    "one_more",
    "Partial sums: if the terms so far obey the bound, then with one more term they do",
    {**BEYOND, c: REAL, T: Interval(0, oo), S: within(T * SHRUNK)},
    Abs(S + c * h**n) <= (T + Abs(c) * H**n) * SHRUNK,
)


def terms(length: int) -> tuple[Symbol, ...]:
    """The coefficients c_1, ..., c_length."""
    return tuple(symbols(f"c1:{length + 1}", real=True))


def _tail(length: int) -> Theorem:
    coefficients = terms(length)
    total = Add(*(Abs(term) * H ** (p + 1 + i) for i, term in enumerate(coefficients)))
    return _theorem(
        f"tail.{length}",
        f"{length} terms from h^(p+1) on: a bound M of the sum of their sizes at H bounds their sum at h by M (h/H)^(p+1)",
        {**DISC, **dict.fromkeys(coefficients, REAL), largest: Interval(total, oo)},
        Abs(Add(*(term * h ** (p + 1 + i) for i, term in enumerate(coefficients)))) <= largest * SHRUNK,
    )


tail = Family(
    "abel.majorant.tail",
    title="A power series that starts at h^(p+1), with absolute values at H of sum at most M, is at most M (h/H)^(p+1) in size",
    indices=tuple((length,) for length in LENGTHS),
    member=_tail,
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

limit = _theorem(
    "limit",
    "From partial sums to the sum: it exceeds their bound by no more than it differs from one of them, hence by nothing",
    {M: Interval(0, oo), e: Interval(0, oo), S: within(M), R: Interval(S - e, S + e)},
    Abs(R) <= M + e,
)

add = _theorem(
    "add",
    "Majorants add",
    {C: Interval(0, oo), D: Interval(0, oo), c: within(C), d: within(D)},
    Abs(c + d) <= C + D,
)

multiply = _theorem(
    "multiply",
    "Majorants multiply: one more term of the Cauchy product",
    {T: Interval(0, oo), C: Interval(0, oo), D: Interval(0, oo), S: within(T), c: within(C), d: within(D)},
    Abs(S + c * d) <= T + C * D,
)

reciprocal = _theorem(
    "reciprocal",
    "1/(1 - psi): the partial sums of the geometric series stay below its value",
    {g: Interval.Ropen(0, 1), S: Interval(0, 1 / (1 - g))},
    1 + g * S <= 1 / (1 - g),
)

negative_power = _theorem(
    "negative_power",
    "(1 - g h)^(-a) is a majorant of (1 + v h)^(-a) for |v| <= g: from one coefficient to the next",
    {n: Range(0, oo), a: Interval(0, oo), g: Interval(0, oo), v: within(g), C: Interval(0, oo), c: within(C)},
    Abs(-(a + n) / (n + 1) * v * c) <= (a + n) / (n + 1) * g * C,
)

positive_power = _theorem(
    "positive_power",
    "(1 + g h)^k is a majorant of (1 + v h)^k for |v| <= g: from one coefficient to the next",
    {n: Range(0, oo), k: Range(n, oo), g: Interval(0, oo), v: within(g), C: Interval(0, oo), c: within(C)},
    Abs((k - n) / (n + 1) * v * c) <= (k - n) / (n + 1) * g * C,
)

integral = _theorem(
    "integral",
    "The integral of c s^k over 0 <= s <= 1, and its value at H",
    {k: Range(0, oo), n: Range(0, oo), H: Interval.open(0, oo), C: Interval(0, oo), c: within(C)},
    Abs(c / (k + 1)) * H**n <= C * H**n,
)

without_constant = _theorem(
    "without_constant",
    "A majorant whose constant term is at least 1, less 1, bounds all the other terms",
    {C: Interval(1, oo), T: Interval(0, oo), E: Interval(0, T), M: Interval(C + T, oo)},
    E <= M - 1,
)
