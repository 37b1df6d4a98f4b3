"""The closed forms of the flow time, checked by exact differentiation.

At a fixed depth the derivative of the stated time is compared with 1/f in the number field that holds its cosines, sines and surds: all
of them are polynomials in one root of unity zeta, and polynomials in zeta are reduced modulo its cyclotomic polynomial. For a symbolic
depth the 2F1 is replaced by a function with the derivative that its series has term by term.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import sympy
from sympy.polys.rings import PolyElement, ring

from dmftheory.model import flow
from dmftheory.model.identities import Identity, power_normal_form
from dmftheory.model.normal_form import check_sign, field
from dmftheory.model.symbols import ALPHA, LAMBDA, X, Y

Z = sympy.Symbol("z")
"""Stands for y where letters without assumptions make the algebra faster."""


def verify_flow_time(N: sympy.Expr | int, sign: int = 1, *, above: bool = False, stated: sympy.Expr | None = None) -> list[Identity]:
    """The identities that make `flow_time(N, x, y, sign)` the flow time: dU/dy = 1/f(y) and U(x, x) = 0.

    `stated` is another expression in `symbols.X` and `symbols.Y` to check in its place. Raises InputError as `flow_time` does, and
    ValueError for constants other than square roots of 2 and 3 and cosines or sines of rational multiples of pi.
    """
    check_sign(sign)
    if stated is None:
        stated = flow.flow_time(N, X, Y, sign, above=above)
    start = Identity("no time from x to x", sympy.expand(stated.subs(Y, X)))
    if isinstance(N, int) or N.is_Integer:
        return [Identity("dU/dy = 1/f(y)", field_residual(stated, field(int(N), Z, sign), sympy.S.One)), start]
    return [*hypergeometric_rule(), Identity("dU/dy = 1/f(y)", symbolic_residual(stated, N, 1 / field(N, Y, sign))), start]


def series_coefficient(a: sympy.Expr, j: sympy.Expr) -> sympy.Expr:
    """a / (a + j), the coefficient of u^j in 2F1(1, a; a+1; u)."""
    return a / (a + j)


def hypergeometric_rule() -> list[Identity]:
    """The termwise proof of d/du [u^a G(u)] = a u^(a-1) / (1 - u) for G(u) = 2F1(1, a; a+1; u), |u| < 1.

    Here a is no integer <= 0; 2/N - 1 is none for N >= 3. The coefficient c_j = (1)_j (a)_j / ((a+1)_j j!) is a / (a + j), by induction
    over j; differentiating u^(a+j) then leaves a geometric series. Both sides are analytic on the plane cut along [1, oo), so the rule in
    the form u G' = a/(1 - u) - a G also holds for every u < 0.
    """
    a, u = sympy.Symbol("a", real=True), sympy.Symbol("u", positive=True)
    j = sympy.Symbol("j", integer=True, nonnegative=True)
    ratio = (1 + j) * (a + j) / ((a + 1 + j) * (1 + j))
    closed = series_coefficient(a, j)
    partial_sum = (1 - u**j) / (1 - u)
    return [
        Identity("coefficient, base case", sympy.cancel(closed.subs(j, 0) - 1)),
        Identity("coefficient, induction step", sympy.cancel(closed.subs(j, j + 1) - ratio * closed)),
        Identity("derivative of one term", sympy.cancel(closed * (a + j) - a)),
        Identity("geometric sum, base case", partial_sum.subs(j, 0)),
        Identity("geometric sum, induction step", power_normal_form(partial_sum.subs(j, j + 1) - partial_sum - u**j, j)),
    ]


def verify_inverse() -> list[Identity]:
    """`inverse` solves the flow of depth 2: with p = d^2, p' = 2 p (lambda - p) and p(0) = alpha^2, for every lambda. DERIVED."""
    t, decay = sympy.Symbol("t", real=True), sympy.Symbol("E", positive=True)
    identities = []
    for lam, name in ((LAMBDA, "lambda != 0"), (sympy.S.Zero, "lambda = 0")):
        p = flow.inverse(lam, ALPHA, t)
        residual, _ = sympy.fraction(sympy.together(sympy.diff(p, t) - 2 * p * (lam - p)))
        # Every exponential is a power of E = exp(-2 lambda t), which leaves a polynomial.
        algebraic = sympy.expand(residual).replace(sympy.exp, lambda argument: decay ** sympy.cancel(argument / (-2 * LAMBDA * t)))
        identities.append(Identity(f"equation of the flow, {name}", sympy.expand(algebraic)))
        identities.append(Identity(f"initial value, {name}", sympy.cancel(p.subs(t, 0) - ALPHA**2)))
    return identities


def symbolic_residual(stated: sympy.Expr, N: sympy.Symbol, slope: sympy.Expr) -> sympy.Expr:
    """d stated/dy - slope up to a nonzero factor, with each 2F1(1, a; a+1; u(y)) as a letter G whose derivative is u'/u (a/(1-u) - a G)."""
    stand_ins: dict[sympy.Expr, sympy.Expr] = {}
    slopes: dict[sympy.Expr, sympy.Expr] = {}
    letters: dict[sympy.Expr, sympy.Expr] = {}
    for index, call in enumerate(sorted(stated.atoms(sympy.hyper), key=sympy.default_sort_key)):
        (one, a), (c,), u = call.ap, call.bq, call.argument
        if one != 1 or sympy.expand(c - a - 1) != 0:
            raise ValueError(f"no rule for {call}")
        function, letter = sympy.Function(f"G{index}")(Y), sympy.Symbol(f"G{index}", positive=True)
        stand_ins[call], letters[function] = function, letter
        slopes[sympy.Derivative(function, Y)] = sympy.diff(u, Y) / u * (a / (1 - u) - a * letter)
    derivative = sympy.diff(stated.xreplace(stand_ins), Y).xreplace(slopes).xreplace(letters)
    return power_normal_form(derivative - slope, N)


def field_residual(stated: sympy.Expr, denominator: sympy.Expr, numerator: sympy.Expr) -> sympy.Expr:
    """(d stated/dy - numerator/denominator) denominator as a polynomial in y and zeta, reduced.

    Both are polynomials in the letter z, which stands for y; every denominator of the derivative has to divide `denominator`, else
    ValueError.
    """
    constants = _constants(stated)
    unity = RootOfUnity.containing(constants)
    names = {constant: sympy.Symbol(f"c{index}") for index, constant in enumerate(constants)}
    values = {names[constant]: unity.value(constant) for constant in constants}
    # Letters without assumptions: SymPy asks for signs at every turn, which takes far longer than the algebra.
    derivative = sympy.diff(stated.xreplace({**names, X: sympy.Symbol("x"), Y: Z}), Z)
    goal = unity.polynomial(denominator, {})
    total = unity.polynomial(-numerator, {})
    for term in sympy.Add.make_args(derivative):
        above, below = sympy.fraction(sympy.cancel(term))
        product = unity.multiply(unity.polynomial(above, values), goal)
        total = unity.add(total, unity.divide(product, unity.polynomial(below, values)))
    return sympy.Add(*(coefficient.as_expr() * Z**power for power, coefficient in enumerate(total) if coefficient))


def _constants(expression: sympy.Expr) -> list[sympy.Expr]:
    surds = {node for node in expression.atoms(sympy.Pow) if node.base.is_Integer and node.exp == sympy.S.Half}
    found = surds | expression.atoms(sympy.cos, sympy.sin)
    return sorted(found, key=sympy.default_sort_key)


@dataclass(frozen=True)
class RootOfUnity:
    """Exact arithmetic with polynomials in y over Q(zeta), zeta = exp(2 pi i / order); a polynomial is the list of its coefficients."""

    order: int
    zeta: PolyElement
    modulus: PolyElement

    @classmethod
    def containing(cls, constants: list[sympy.Expr]) -> "RootOfUnity":
        """The field that holds i and all the given constants. Raises ValueError for a constant of another kind."""
        order = math.lcm(4, *(_needed_order(constant) for constant in constants))
        ground, zeta = ring("zeta", sympy.QQ)
        modulus = ground.from_expr(sympy.cyclotomic_poly(order, ground.symbols[0]))
        return cls(order, zeta, modulus)

    def value(self, constant: sympy.Expr) -> PolyElement:
        """The constant as a reduced polynomial in zeta."""
        if constant == sympy.sqrt(2):
            return self._cosine(Fraction(1, 4)) * 2
        if constant == sympy.sqrt(3):
            return self._cosine(Fraction(1, 6)) * 2
        q = _multiple_of_pi(constant)
        return self._cosine(q) if constant.func is sympy.cos else self._cosine(Fraction(1, 2) - q)

    def _cosine(self, q: Fraction) -> PolyElement:
        power = int(q * self.order / 2) % self.order
        return ((self.zeta**power + self.zeta ** (self.order - power)) / 2).rem(self.modulus)

    def polynomial(self, expression: sympy.Expr, values: dict[sympy.Expr, PolyElement]) -> list[PolyElement]:
        """The expression, a polynomial in y and in the symbols that `values` names, as coefficients from the constant up."""
        letters = tuple(values)
        coefficients = [self.zeta * 0]
        for (power, *exponents), number in sympy.Poly(expression, Z, *letters).terms():
            part = self.zeta**0 * sympy.QQ.from_sympy(number)
            for letter, exponent in zip(letters, exponents, strict=True):
                for _ in range(exponent):
                    part = (part * values[letter]).rem(self.modulus)
            coefficients.extend([self.zeta * 0] * (power + 1 - len(coefficients)))
            coefficients[power] += part
        return _trimmed(coefficients)

    def add(self, left: list[PolyElement], right: list[PolyElement]) -> list[PolyElement]:
        """The sum."""
        size = max(len(left), len(right))
        padded = [[*side, *[self.zeta * 0] * (size - len(side))] for side in (left, right)]
        return _trimmed([a + b for a, b in zip(*padded, strict=True)])

    def multiply(self, left: list[PolyElement], right: list[PolyElement]) -> list[PolyElement]:
        """The product."""
        result = [self.zeta * 0] * (len(left) + len(right) - 1)
        for i, a in enumerate(left):
            for k, b in enumerate(right):
                if a and b:
                    result[i + k] += (a * b).rem(self.modulus)
        return _trimmed(result)

    def divide(self, left: list[PolyElement], right: list[PolyElement]) -> list[PolyElement]:
        """The exact quotient. Raises ValueError for a remainder, or for a divisor whose leading coefficient is not rational."""
        lead = right[-1]
        if not lead or not lead.is_ground:
            raise ValueError("the divisor needs a rational leading coefficient")
        rest, quotient = list(left), [self.zeta * 0] * max(1, len(left) - len(right) + 1)
        for shift in range(len(left) - len(right), -1, -1):
            factor = rest[shift + len(right) - 1] / lead.LC
            quotient[shift] = factor
            if factor:
                for k, b in enumerate(right):
                    rest[shift + k] -= (factor * b).rem(self.modulus)
        if any(rest):
            raise ValueError("a denominator of the derivative does not divide the field")
        return _trimmed(quotient)


def _trimmed(coefficients: list[PolyElement]) -> list[PolyElement]:
    while len(coefficients) > 1 and not coefficients[-1]:
        coefficients = coefficients[:-1]
    return coefficients


def _needed_order(constant: sympy.Expr) -> int:
    if constant in (sympy.sqrt(2), sympy.sqrt(3)):
        return 8 if constant == sympy.sqrt(2) else 12
    return 2 * _multiple_of_pi(constant).denominator


def _multiple_of_pi(constant: sympy.Expr) -> Fraction:
    multiple = constant.args[0] / sympy.pi if constant.func in (sympy.cos, sympy.sin) else sympy.nan
    if not multiple.is_Rational:
        raise ValueError(f"no root of unity expresses {constant}")
    return Fraction(int(multiple.p), int(multiple.q))
