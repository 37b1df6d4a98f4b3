"""What the recursion for the polynomials P_n does at every order: degree, leading and constant coefficients, poles.

D_{j,0} = P_j and D_{j,m+1} = (s_j - 1 - m)(1 - u) D_{j,m} + N u (1 - u) D_{j,m}' + (m+1) N u D_{j,m} with s_j = (j-1)(N-2), and
P_n = -sum_{j<n} D_{j,n-j} / (n-j+1)!. The statements are the steps of inductions over m and n, with letters for all that may be anything:
D and D' for the value and the derivative of D_{j,m} at a point, d and b for its coefficients of u^k and u^(k-1). The families give the
equations that the steps lead to, for the first orders.
"""

from typing import Any

from sympy import Add, Eq, FiniteSet, Interval, Range, Rational, Symbol, oo

from dmftheory.claims import Family, Theorem
from dmftheory.model import abel

N = Symbol("N", integer=True, positive=True)
j, m, k = (Symbol(name, integer=True, nonnegative=True) for name in ("j", "m", "k"))
u, s, D, slope, d, b, P, F, G = (Symbol(name, real=True) for name in ("u", "s", "D", "D'", "d", "b", "P", "F", "G"))

SOURCE = "ours: the recursion for the coefficients of the Abel function"
REAL = Interval(-oo, oo)
DEPTHS = {N: Range(2, oo)}
NEXT = (s - 1 - m) * (1 - u) * D + N * u * (1 - u) * slope + (m + 1) * N * u * D
"""D_{j,m+1} at u."""
COEFFICIENT = (s - 1 - m) * (d - b) + N * (k * d - (k - 1) * b) + (m + 1) * N * b
"""The coefficient of u^k in D_{j,m+1}."""
ANY = {**DEPTHS, m: Range(0, oo), s: REAL}
ORDERS = tuple((n,) for n in (*range(1, 9), 12, 16, 24))


def _theorem(name: str, title: str, given: dict[Any, Any], left: Any, right: Any) -> Theorem:
    return Theorem(
        f"abel.recursion.{name}",
        title=title,
        given=given,
        claim=Eq(left, right, evaluate=False),
        declared="proved",
        source=SOURCE,
        provenance="derived",
    )


def _family(name: str, title: str, member: Any) -> Family:
    return Family(
        f"abel.recursion.{name}", title=title, indices=ORDERS, member=member, declared="proved", source=SOURCE, provenance="derived"
    )


degree = _theorem(
    "degree",
    "One derivative raises the degree by at most 1: where u^k and u^(k-1) are missing, u^k is missing afterwards",
    {**ANY, k: Range(1, oo), d: FiniteSet(0), b: FiniteSet(0)},
    COEFFICIENT,
    0,
)

leading = _theorem(
    "leading",
    "The coefficient of u^(j+m) changes as the constant one at depth 2N does, with the opposite sign",
    {**DEPTHS, j: Range(0, oo), m: Range(0, oo), k: FiniteSet(j + m + 1), s: FiniteSet((j - 1) * (N - 2)), d: FiniteSet(0), b: REAL},
    COEFFICIENT,
    -((j - 1) * (2 * N - 2) - 1 - m) * b,
)

constant = _theorem(
    "constant",
    "The constant coefficient is multiplied by s - 1 - m",
    {**ANY, u: FiniteSet(0), D: REAL, slope: REAL},
    NEXT,
    (s - 1 - m) * D,
)

pole = _theorem(
    "pole",
    "At u = 1 the recursion multiplies by (m+1) N, whatever the derivative is",
    {**ANY, u: FiniteSet(1), D: REAL, slope: REAL},
    NEXT,
    (m + 1) * N * D,
)

pole_power = _theorem(
    "pole_power",
    "At u = 1, if m derivatives give m! N^m P, then m + 1 give (m+1)! N^(m+1) P; F stands for m!",
    {**ANY, u: FiniteSet(1), P: REAL, F: REAL, D: FiniteSet(F * N**m * P), slope: REAL},
    NEXT,
    (m + 1) * F * N ** (m + 1) * P,
)

origin = _theorem(
    "origin",
    "At u = 0 and depth 2, if m derivatives give (-1)^m m! P, then m + 1 give (-1)^(m+1) (m+1)! P; F stands for (-1)^m m!",
    {N: FiniteSet(2), j: Range(0, oo), m: Range(0, oo), s: FiniteSet((j - 1) * (N - 2)), u: FiniteSet(0)}
    | {P: REAL, F: REAL, D: FiniteSet(F * P), slope: REAL},
    NEXT,
    -(m + 1) * F * P,
)

gregory_term = _theorem(
    "gregory_term",
    "With P_j(1) = (-N)^j G, every term N^m P_j(1)/(m+1) of the equation at 1 is N^(j+m) times a number free of N",
    {**DEPTHS, j: Range(0, oo), m: Range(0, oo), G: REAL, P: FiniteSet((-N) ** j * G)},
    N**m * P / (m + 1),
    N ** (j + m) * (-1) ** j * G / (m + 1),
)


def _pole_sum(n: int) -> Theorem:
    return _theorem(
        f"pole_sum.{n}",
        f"P_0(1), ..., P_{n}(1) obey the equation of the Gregory coefficients, scaled by -N",
        {**DEPTHS, u: FiniteSet(1)},
        Add(*(N ** (n - i) * abel.polynomial(i, N, u) / (n - i + 1) for i in range(n + 1))),
        0,
    )


def _residue(n: int) -> Theorem:
    return _theorem(
        f"residue.{n}",
        f"P_{n}(1) = (-N)^{n} G_{n} with the Gregory coefficient G_{n} = {abel.gregory(n)}",
        {**DEPTHS, u: FiniteSet(1)},
        abel.polynomial(n, N, u),
        abel.residue(n, N),
    )


def _origin_sum(n: int) -> Theorem:
    return _theorem(
        f"origin_sum.{n}",
        f"At depth 2, P_0(0), ..., P_{n}(0) obey the equation of the Gregory coefficients",
        {N: FiniteSet(2), u: FiniteSet(0)},
        Add(*(Rational((-1) ** (n - i), n - i + 1) * abel.polynomial(i, N, u) for i in range(n + 1))),
        0,
    )


def _origin_residue(n: int) -> Theorem:
    return _theorem(
        f"origin_residue.{n}",
        f"At depth 2, P_{n}(0) is the Gregory coefficient G_{n} = {abel.gregory(n)}",
        {N: FiniteSet(2), u: FiniteSet(0)},
        abel.polynomial(n, N, u),
        abel.gregory(n),
    )


pole_sum = _family("pole_sum", "At u = 1: sum over j <= n of N^(n-j) P_j / (n-j+1) vanishes", _pole_sum)
residue = _family("residue", "The residue of a_n at 1 comes from (-N)^n times a Gregory coefficient", _residue)
origin_sum = _family("origin_sum", "At u = 0 and depth 2: sum over j <= n of (-1)^(n-j) P_j / (n-j+1) vanishes", _origin_sum)
origin_residue = _family("origin_residue", "At depth 2 the residue of a_n at 0 is a Gregory coefficient", _origin_residue)
