"""Gradient flow of one eigenvalue: the equation, the time from state to state in closed form, and its inverse.

With f(z) = z^(N-1) (sigma r^N - z^N), where sigma is the sign of lambda and r = |lambda|^(1/N), the flow needs the time
U(x, y) = integral of dz / f(z) from x to y. Since 1/f(z) = sigma r^(-N) (z^(1-N) + z / (sigma r^N - z^N)), a fixed depth needs only the
antiderivative of z / (sigma - z^N), which real logs and arctans express; a symbolic depth needs one 2F1. No integral is computed here:
`flow_checks` differentiates the stated forms.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import sympy

from dmftheory.errors import InputError
from dmftheory.model.normal_form import check_sign, field


def equation(N: sympy.Expr | int, sign: int = 1) -> sympy.Eq:
    """The flow dx/dt = f(x) in the normal form, t in flow time."""
    t = sympy.Symbol("t", nonnegative=True)
    x = sympy.Function("x")(t)
    return sympy.Eq(sympy.Derivative(x, t), field(N, x, sign), evaluate=False)


def flow_time(N: sympy.Expr | int, x: sympy.Expr, y: sympy.Expr, sign: int = 1, *, above: bool = False) -> sympy.Expr:
    """Flow time from x to y (both > 0) in the normal form, negative when the flow runs from y to x.

    An int N >= 2 gives real logarithms and arctans; for sign 1 the states have to lie on the same side of 1. A symbolic N stands for
    N >= 3 and gives 2F1; for sign 1 that form holds for states in (0, 1), or in (1, oo) with `above`. Sign 0 is elementary throughout.
    Raises InputError for another sign and for an int below 2. Source: DERIVED (B6).
    """
    return eigenvalue_flow_time(N, sympy.S.One, x, y, sign, above=above)


def eigenvalue_flow_time(
    N: sympy.Expr | int, r: sympy.Expr, x: sympy.Expr, y: sympy.Expr, sign: int = 1, *, above: bool = False
) -> sympy.Expr:
    """Flow time from d = x to d = y for the eigenvalue lambda = sign r^N, r > 0, in the original variables; r is unused for sign 0.

    For sign 1 both states lie on the same side of r. Otherwise as `flow_time`; by scaling it is r^(2-2N) times the normal-form time.
    """
    check_sign(sign)
    if isinstance(N, int) or N.is_Integer:
        if N < 2:
            raise InputError("N", N, "an integer >= 2, or the symbol N")
        return assembled(_elementary_terms(int(N), r, sign), x, y)
    if sign == 0:
        return (y ** (2 - 2 * N) - x ** (2 - 2 * N)) / (2 * N - 2)
    return _hypergeometric(N, r, x, y, sign, above)


def inverse(lam: sympy.Expr, alpha: sympy.Expr, t: sympy.Expr) -> sympy.Expr:
    """The square d(t)^2 of the flow of depth 2 with d(0) = alpha, for any real lambda; t in flow time.

    The logistic curve lambda / (1 + (lambda / alpha^2 - 1) exp(-2 lambda t)), and alpha^2 / (1 + 2 alpha^2 t) for lambda = 0.
    """
    if lam.is_zero:
        return alpha**2 / (1 + 2 * alpha**2 * t)
    return lam / (1 + (lam / alpha**2 - 1) * sympy.exp(-2 * lam * t))


def _hypergeometric(N: sympy.Expr, r: sympy.Expr, x: sympy.Expr, y: sympy.Expr, sign: int, above: bool) -> sympy.Expr:
    if above and sign == -1:
        raise InputError("above", above, "sign 1, the only one with a barrier at 1")
    a = 2 - 2 / N if above else 2 / N - 1

    def part(z: sympy.Expr) -> sympy.Expr:
        if above:
            return z ** (2 - 2 * N) * sympy.hyper((1, a), (a + 1,), r**N * z ** (-N))
        return z ** (2 - N) * sympy.hyper((1, a), (a + 1,), sign * z**N / r**N)

    if above:
        return (part(y) - part(x)) / (2 * N - 2)
    start, end = (y, x) if sign == 1 else (x, y)
    return (part(end) - part(start)) / ((N - 2) * r**N)


@dataclass(frozen=True)
class Part:
    """One piece of an antiderivative: a power or an arctan, whose values at the two ends are subtracted, or the inside of a log."""

    kind: Literal["power", "log", "arctan"]
    inner: Callable[[sympy.Expr], sympy.Expr]


Term = tuple[sympy.Expr, Part]


def assembled(terms: list[Term], x: sympy.Expr, y: sympy.Expr) -> sympy.Expr:
    """The sum of the terms, written for a reader: a minus sign swaps the ends, logs with one coefficient become one log."""
    differences, ratios = [], defaultdict[sympy.Expr, sympy.Expr](lambda: sympy.S.One)
    for coefficient, part in terms:
        if coefficient == 0:
            continue
        start, end = (y, x) if coefficient.could_extract_minus_sign() else (x, y)
        size = -coefficient if coefficient.could_extract_minus_sign() else coefficient
        if part.kind == "log":
            ratios[size] *= part.inner(end) / part.inner(start)
        else:
            differences.append((size, part.inner(end) - part.inner(start)))
    # SymPy would spend a second on asking for the sign of each ratio of letters.
    logs = [(size, sympy.log(ratio, evaluate=not ratio.free_symbols)) for size, ratio in ratios.items()]
    # Unevaluated products keep a rational coefficient in front of a difference.
    return sympy.Add(*(value if size == 1 else sympy.Mul(size, value, evaluate=False) for size, value in differences + logs))


def _elementary_terms(N: int, r: sympy.Expr, sign: int) -> list[Term]:
    if sign == 0:
        return [(sympy.Rational(1, 2 * N - 2), Part("power", lambda z: z ** (2 - 2 * N)))]
    if N == 2:
        return [(sympy.Rational(sign, 2) / r**2, Part("log", lambda z: z**2 / (r**2 - sign * z**2)))]
    leading = (-sympy.Rational(sign, N - 2) / r**N, Part("power", lambda z: z ** (2 - N)))
    return [leading, *root_terms(N, r, sign)]


def root_terms(N: int, r: sympy.Expr, sign: int, s: int = 2) -> list[Term]:
    """The antiderivative of sign r^(-N) z^(s-1) / (sign r^N - z^N), one term per real root and per conjugate pair of roots of v^n = sign.

    An even depth with even s halves the degree: v = (z/r)^2, n = N/2 and k = s/2; else v = z/r, n = N, k = s. A root e^(i pi q) contributes
    -(1/n) e^(i pi k q) ln(v - e^(i pi q)). 1 <= s < N, or s = 2.
    """
    power, n, k = (2, N // 2, s // 2) if N % 2 == 0 and s % 2 == 0 else (1, N, s)
    front = -(r ** (s - 2 * N)) / (power * n)
    terms: list[Term] = []
    for m in range(0 if sign == 1 else 1, n + 1, 2):
        q = Fraction(m, n)
        if q == 0:
            terms.append((front, Part("log", lambda z: r**power - z**power)))
        elif q == 1:
            terms.append((front * (-1) ** k, Part("log", lambda z: r**power + z**power)))
        else:
            terms.extend(_pair_terms(front, k, q, r**power, power))
    return terms


def _pair_terms(front: sympy.Expr, k: int, q: Fraction, radius: sympy.Expr, power: int) -> list[Term]:
    # The sine is positive on (0, pi), so the arctan has no jump and the quadratic no zero for real z.
    c, s = cosine(q), sine(q)
    scaled = 2 if q.denominator in _PLAIN_DENOMINATORS else 1

    def slope(z: sympy.Expr) -> sympy.Expr:
        if (c / s).is_Rational:
            return z**power / (radius * s) - c / s
        return (scaled * z**power - scaled * c * radius) / (scaled * s * radius)

    return [
        (front * cosine(k * q), Part("log", lambda z: z ** (2 * power) - 2 * c * radius * z**power + radius**2)),
        (-2 * front * sine(k * q), Part("arctan", lambda z: sympy.atan(slope(z)))),
    ]


_PLAIN_DENOMINATORS = (1, 2, 3, 4, 6)


def cosine(q: Fraction) -> sympy.Expr:
    """cos(pi q): a surd for multiples of pi/6 and pi/4, otherwise plus or minus the cosine of an angle in (0, pi/2), left as it is."""
    q = min(q % 2, 2 - q % 2)
    if q.denominator in _PLAIN_DENOMINATORS:
        return sympy.cos(sympy.pi * sympy.Rational(q.numerator, q.denominator))
    if q > Fraction(1, 2):
        return -cosine(1 - q)
    return sympy.cos(sympy.pi * sympy.Rational(q.numerator, q.denominator), evaluate=False)


def sine(q: Fraction) -> sympy.Expr:
    """sin(pi q), in the same style as `cosine`."""
    q = q % 2
    if q.denominator in _PLAIN_DENOMINATORS:
        return sympy.sin(sympy.pi * sympy.Rational(q.numerator, q.denominator))
    if q > 1:
        return -sine(q - 1)
    if q > Fraction(1, 2):
        return sine(1 - q)
    return sympy.sin(sympy.pi * sympy.Rational(q.numerator, q.denominator), evaluate=False)
