"""The Abel function of gradient descent as a power series in the step size: its coefficients and their shape, for every depth.

A(x + tau f(x)) = A(x) + 1 has the formal solution A' = sum_n tau^(n-1) a_n with a_n = x^(s_n - 1) P_n(x^N) / (1 - x^N) and
s_n = (n-1)(N-2). The derivatives here are taken by SymPy of the functions a_n of x; that the a_n of all orders have this shape follows from
`derivative`, which says how the shape changes under d/dx.
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Add, Eq, Integer, Interval, Range, Symbol, oo

from dmftheory.claims import Family, Theorem
from dmftheory.model import abel
from dmftheory.model.abel_checks import universal
from dmftheory.model.normal_form import field
from dmftheory.model.step_count import remainder

N = Symbol("N", integer=True, positive=True)
x = Symbol("x", positive=True)
u = Symbol("u", real=True)
m, i = Symbol("m", integer=True, nonnegative=True), Symbol("i", integer=True, nonnegative=True)
s = Symbol("s", real=True)

SOURCE = "ours: the Abel equation of the map x + tau f(x), solved in powers of tau"
INSIDE = {N: Range(2, oo), x: Interval.open(0, 1)}
NAMES = {1: "positive", 0: "zero", -1: "negative"}
ANYWHERE = {N: Range(2, oo), x: Interval.open(0, oo)}


def _step_coefficient(n: int, kept: int, sign: int) -> Any:
    """The coefficient of tau^n in A(x + tau f) - A(x) with the densities up to a_kept, by Taylor's formula."""
    f = field(N, x, sign)
    orders = range(max(1, n + 1 - kept), n + 2)
    return Add(*(f**m / sympy.factorial(m) * sympy.diff(abel.density(n + 1 - m, x, N, sign), x, m - 1) for m in orders))


def _equation(n: int, sign: int) -> Theorem:
    return Theorem(
        f"abel.series.equation.{NAMES[sign]}.{n}",
        title=f"The coefficient of tau^{n} in A(x + tau f) - A(x) is {int(n == 0)}",
        given=INSIDE if sign == 1 else ANYWHERE,
        claim=Eq(_step_coefficient(n, n, sign), Integer(int(n == 0)), evaluate=False),
        declared="proved",
        source=SOURCE,
        provenance="derived",
    )


equation = Family(
    "abel.series.equation",
    title="The densities a_0, a_1, ... solve the Abel equation order by order, for all three signs of the eigenvalue",
    indices=tuple((n, sign) for sign in (1, 0, -1) for n in range(4 if sign == 1 else 2)),
    member=_equation,
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

derivative = Theorem(
    "abel.series.derivative",
    title="The shape x^s D(u) / (1 - u)^(m+1) goes over into x^(s-1) D~(u) / (1 - u)^(m+2), for every monomial D = u^i",
    given={N: Range(2, oo), m: Range(0, oo), i: Range(0, oo), s: Interval(-oo, oo), x: Interval.open(0, 1)},
    claim=Eq(
        sympy.diff(x**s * x ** (N * i) / (1 - x**N) ** (m + 1), x),
        x ** (s - 1) * x ** (N * i) * ((s + N * i) * (1 - x**N) + (m + 1) * N * x**N) / (1 - x**N) ** (m + 2),
        evaluate=False,
    ),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)


def _universal(n: int, sign: int) -> Theorem:
    derivatives = [field(N, x, sign)]
    for _ in range(n):
        derivatives.append(sympy.diff(derivatives[-1], x))
    return Theorem(
        f"abel.series.universal.{NAMES[sign]}.{n}",
        title=f"a_{n} as the universal polynomial in f, f', ..., f^({n}), divided by f",
        given=INSIDE if sign == 1 else ANYWHERE,
        claim=Eq(universal(n, tuple(derivatives)), abel.density(n, x, N, sign), evaluate=False),
        declared="proved",
        source=SOURCE,
        provenance="derived",
    )


from_field = Family(
    "abel.series.universal",
    title="Each density is a polynomial in the derivatives of the field, the same for every field, divided by the field",
    indices=tuple((n, sign) for sign in (1, -1) for n in (1, 2)),
    member=_universal,
    declared="proved",
    source=SOURCE,
    provenance="derived",
)


def _pole(n: int) -> Theorem:
    residue, quotient = remainder(n, N)
    split = residue / (1 - u) + Add(*(c * u**j for j, c in enumerate(quotient)))
    return Theorem(
        f"abel.series.pole.{n}",
        title=f"P_{n}(u)/(1 - u) has a simple pole at 1 with numerator (-N)^{n} G_{n}, Gregory coefficient G_{n} = {abel.gregory(n)}",
        given={N: Range(2, oo), u: Interval.open(-oo, 1)},
        claim=Eq(abel.polynomial(n, N, u) / (1 - u), split, evaluate=False),
        declared="proved",
        source=SOURCE,
        provenance="derived",
    )


pole = Family(
    "abel.series.pole",
    title="Every density has a simple pole at 1, and the residues are the coefficients of 1 / ln(1 - N tau)",
    indices=tuple((n,) for n in range(1, 4)),
    member=_pole,
    declared="proved",
    source=SOURCE,
    provenance="derived",
)


def _defect(order: int, n: int) -> Theorem:
    return Theorem(
        f"abel.series.defect.{order}.{n}",
        title=f"With a_0, ..., a_{order} kept, the coefficient of tau^{n} in A(x + tau f) - A(x) is x^({n}(N-2)) Q_{n}(x^N)",
        given=INSIDE,
        claim=Eq(
            _step_coefficient(n, order, 1),
            x ** sympy.expand(n * (N - 2)) * abel.defect_polynomial(n, order, N, x**N),
            evaluate=False,
        ),
        declared="proved",
        source=SOURCE,
        provenance="derived",
    )


defect = Family(
    "abel.series.defect",
    title="What a truncated Abel function misses in one step is a series in tau x^(N-2) with polynomial coefficients in x^N",
    indices=((1, 2), (2, 3)),
    member=_defect,
    declared="proved",
    source=SOURCE,
    provenance="derived",
)
