"""The number of gradient-descent steps from one state to another, expanded in powers of the step size.

The Abel function cut after a_p counts the steps from x to y up to the defects collected on the way:
k = A_p(y) - A_p(x) - (sum of the defects). Here A_p(y) - A_p(x) is written out: U(x, y)/tau, then (1/2) ln(f(y)/f(x)), then one
antiderivative of a_n for each further power of tau. No integral is computed: `verify_primitive` differentiates the stated forms.
"""

import sympy

from dmftheory.errors import InputError
from dmftheory.model import abel
from dmftheory.model.flow import Part, Term, assembled, flow_time, root_terms
from dmftheory.model.flow_checks import Z, field_residual, symbolic_residual
from dmftheory.model.identities import Identity
from dmftheory.model.normal_form import check_sign, field
from dmftheory.model.symbols import DEPTH, TAU, X, Y


def primitive(n: int, N: sympy.Expr | int, x: sympy.Expr, y: sympy.Expr, sign: int = 1) -> sympy.Expr:
    """The integral of the density a_n from x to y (both > 0, for sign 1 both below 1): the coefficient of tau^(n-1) in the count, in steps.

    An int N >= 2 gives powers, real logarithms and arctans; a symbolic N stands for N >= 3 and gives 2F1. n = 0 is the flow time.
    Raises InputError for n < 0, an int N < 2 and another sign. Source: DERIVED.
    """
    check_sign(sign)
    if n == 0:
        return flow_time(N, x, y, sign)
    if n == 1:
        return _half_log(N, x, y, sign)
    if sign == 0:
        return _difference(sympy.factor((-1) ** (n + 1) * abel.polynomial(n, 2 * N, sympy.S.Zero)), (n - 1) * (2 * N - 2), x, y)
    if isinstance(N, int) or N.is_Integer:
        if N < 2:
            raise InputError("N", N, "an integer >= 2, or the symbol N")
        return assembled(_elementary(n, int(N), sign), x, y)
    return _hypergeometric(n, N, x, y, sign)


def step_count(order: int, N: sympy.Expr | int, x: sympy.Expr, y: sympy.Expr, sign: int = 1, flow: sympy.Expr | None = None) -> sympy.Expr:
    """A_p(y) - A_p(x) with p = order, in steps; `flow` stands for the flow time from x to y where it is not to be written out."""
    first = flow_time(N, x, y, sign) if flow is None else flow
    return sympy.Add(first / TAU, *(TAU ** (n - 1) * primitive(n, N, x, y, sign) for n in range(1, order + 1)))


def remainder(n: int, N: sympy.Expr | int, sign: int = 1) -> tuple[sympy.Expr, list[sympy.Expr]]:
    """(r, [c_0, ..., c_{n-1}]) with a_n = x^(s_n - 1) [ r / (1 - sign u) + c_0 + c_1 u + ... ]: division by 1 - u, r a residue.

    Everything carries the sign (-1)^(n-1) of negative eigenvalues already.
    """
    parity = 1 if sign == 1 else (-1) ** (n + 1)
    coefficients = sympy.Poly(abel.polynomial(n, N), abel.U).all_coeffs()[::-1]
    # P = P(1) + (1 - u) C with C's coefficients c_j = -(p_{j+1} + ... + p_n).
    tails = [-sum(coefficients[j + 1 :], sympy.S.Zero) for j in range(len(coefficients) - 1)]
    return parity * abel.residue(n, N), [sympy.factor(parity * sign**j * c) for j, c in enumerate(tails)]


def _half_log(N: sympy.Expr | int, x: sympy.Expr, y: sympy.Expr, sign: int) -> sympy.Expr:
    """(1/2) ln(f(y) / f(x)), one log at a fixed depth; the power of y/x apart where it is symbolic or alone."""
    if sign == 0 or not (isinstance(N, int) or N.is_Integer):
        power = sympy.Mul(sympy.S.Half, N - 1 if sign else 2 * N - 1, sympy.log(y / x, evaluate=False))
        rest = sympy.log((1 - sign * y**N) / (1 - sign * x**N), evaluate=False) / 2 if sign else sympy.S.Zero
        return power + rest
    return sympy.log(field(N, y, sign) / field(N, x, sign), evaluate=False) / 2


def _hypergeometric(n: int, N: sympy.Expr, x: sympy.Expr, y: sympy.Expr, sign: int) -> sympy.Expr:
    residue, quotient = remainder(n, N, sign)
    s = (n - 1) * (N - 2)

    def pole(z: sympy.Expr) -> sympy.Expr:
        a = sympy.expand(s / N)
        return z ** sympy.expand(s) * sympy.hyper((1, a), (a + 1,), sign * z**N)

    terms = [_difference(c, s + N * j, x, y) for j, c in enumerate(quotient)]
    return sympy.Add(*terms, sympy.factor(residue / s) * (pole(y) - pole(x)))


def _difference(coefficient: sympy.Expr, degree: sympy.Expr, x: sympy.Expr, y: sympy.Expr) -> sympy.Expr:
    """coefficient times the integral of z^(degree - 1) from x to y."""
    factor = sympy.factor(coefficient / degree)
    degree = sympy.expand(degree)
    return sympy.Mul(factor, y**degree - x**degree, evaluate=not isinstance(factor, sympy.Rational))


def _elementary(n: int, N: int, sign: int) -> list[Term]:
    residue, quotient = remainder(n, N, sign)
    s = (n - 1) * (N - 2)
    terms = [_power(c, s + N * j) for j, c in enumerate(quotient)]
    if s == 0:
        return [*_merged([*terms, _power(residue, 0)]), (-residue / N, _barrier(N, sign))]
    whole, r = divmod(s - 1, N)
    r += 1
    residue *= sign**whole
    terms += [_power(-residue * sign**i, r + N * i) for i in range(whole)]
    roots = [(-sympy.Rational(sign, N), _barrier(N, sign))] if r == N else root_terms(N, sympy.S.One, sign, r)
    return [*_merged(terms), *((residue * c, part) for c, part in roots)]


def _power(coefficient: sympy.Expr, degree: int) -> tuple[sympy.Expr, Part]:
    if degree == 0:
        return coefficient, Part("log", lambda z: z)
    return coefficient / degree, Part("power", lambda z: z**degree)


def _barrier(N: int, sign: int) -> Part:
    return Part("log", lambda z: 1 - sign * z**N)


def _merged(terms: list[Term]) -> list[Term]:
    """Equal powers once, the lowest first."""
    letter = sympy.Symbol("z", positive=True)
    total: dict[sympy.Expr, tuple[sympy.Expr, Part]] = {}
    for coefficient, part in terms:
        known = total.get(part.inner(letter), (sympy.S.Zero, part))[0]
        total[part.inner(letter)] = known + coefficient, part
    return list(total.values())


def verify_primitive(n: int, N: sympy.Expr | int = DEPTH, sign: int = 1, stated: sympy.Expr | None = None) -> list[Identity]:
    """The derivative of the stated form at its upper end is a_n, and the form vanishes when its ends meet; in exact arithmetic.

    `stated` is another expression in `symbols.X` and `symbols.Y` to check in the place of `primitive(n, N, X, Y, sign)`.
    """
    stated = primitive(n, N, X, Y, sign) if stated is None else stated
    start = Identity("nothing from x to x", sympy.expand(stated.subs(Y, X)))
    if isinstance(N, int) or N.is_Integer:
        denominator = sympy.expand(Z * field(N, Z, sign)) if n else field(N, Z, sign)
        numerator = sympy.expand(sympy.cancel(abel.density(n, Z, N, sign) * denominator))
        return [Identity(f"derivative a_{n}", field_residual(stated, denominator, numerator)), start]
    return [Identity(f"derivative a_{n}", symbolic_residual(stated, N, abel.density(n, Y, N, sign))), start]
