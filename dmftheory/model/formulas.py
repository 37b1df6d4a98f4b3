"""The formulas that `dmftheory formula NAME` prints, by name.

`build(depth)` returns the relation at that depth, or for a symbolic N when depth is None; a formula that has an order says which ones in
`orders`, and `at(depth, order)` chooses. Every right-hand side comes from the module that derives and checks it; nothing is typed in twice.
"""

from collections.abc import Callable
from dataclasses import dataclass

import sympy

from dmftheory.errors import InputError
from dmftheory.model import abel, flow, landmarks, normal_form, rank, recursion, step_count
from dmftheory.model.symbols import ALPHA, DEPTH, ETA, LAMBDA, TAU, X, Y

LAMBDA_POSITIVE = sympy.Symbol("lambda", positive=True)
USUAL_ORDER = 2
"""The order to which expansions are printed when none is asked for."""

_LONGEST = 64
_WRITTEN_OUT = 12
_K = sympy.Symbol("k", integer=True, nonnegative=True)
_n = sympy.Symbol("n", integer=True, positive=True)
_T = sympy.Symbol("t", nonnegative=True)
_ABEL = sympy.Function("A")
_A, _B, _D, _U, _R, _XK = (sympy.Function(letter) for letter in ("a", "b", "d", "U", "r", "x"))


@dataclass(frozen=True)
class Formula:
    """A named formula: what it says, what its letters mean, how it is known, and the relation itself at a depth (None: symbolic).

    `orders` lists the orders of an expansion, for which `build` takes the order as its second argument; empty for everything else.
    """

    title: str
    note: str
    provenance: str
    build: Callable[..., sympy.Rel]
    orders: range = range(0)

    def at(self, depth: int | None, order: int | None = None) -> sympy.Rel:
        """The relation at a depth and an order, None for the usual one. Raises InputError for an order that the formula does not have."""
        if order is None:
            return self.build(depth)
        if not self.orders:
            raise InputError("--order", order, "none for this formula: it is not an expansion")
        if order not in self.orders:
            raise InputError("--order", order, f"an integer from {self.orders[0]} to {self.orders[-1]} for this formula")
        return self.build(depth, order)


def _depth(depth: int | None) -> sympy.Expr | int:
    if depth is None:
        return DEPTH
    if depth < 2:
        raise InputError("--depth", depth, "an integer >= 2, or symbolic")
    return depth


def _expanded_depth(depth: int | None) -> sympy.Expr | int:
    """A depth whose formula is written out root by root. Raises InputError where nobody would read it."""
    if depth is not None and depth > _LONGEST:
        raise InputError("--depth", depth, f"2 to {_LONGEST}, or symbolic: the closed form has a term for every pair of roots of unity")
    return _depth(depth)


def _equal(left: sympy.Basic, right: sympy.Basic) -> sympy.Eq:
    return sympy.Eq(left, right, evaluate=False)


def _matrix(name: str) -> sympy.MatrixSymbol:
    return sympy.MatrixSymbol(name, _n, _n)


def _loss(depth: int | None) -> sympy.Eq:
    N = _depth(depth)
    if depth is None or depth > _WRITTEN_OUT:
        whole = _matrix(f"W_{{{N}:1}}")
    else:
        whole = sympy.MatMul(*(_matrix(f"W_{j}") for j in range(depth, 0, -1)))
    error = whole - _matrix("What")
    return _equal(sympy.Symbol("L"), sympy.Trace(error.T * error) / 2)


def _gradient(depth: int | None) -> sympy.Eq:
    top = str(_depth(depth))
    above, whole, below = (_matrix(name) for name in (f"W_{{{top}:j+1}}", f"W_{{{top}:1}}", "W_{j-1:1}"))
    return _equal(_matrix("gradL_{W_j}"), sympy.MatMul(above.T, whole - _matrix("What"), below.T))


def _recursion(depth: int | None) -> sympy.Eq:
    return _equal(_D(_K + 1), recursion.step(_depth(depth), LAMBDA, ETA, _D(_K)))


def _recursion_perturbed(depth: int | None) -> sympy.Eq:
    moved = recursion.perturbed_step(_depth(depth), LAMBDA, ETA, _A(_K), _B(_K))
    return _equal(sympy.Tuple(_A(_K + 1), _B(_K + 1)), sympy.Tuple(*moved))


def _imbalance(depth: int | None) -> sympy.Eq:
    a, b = _A(_K), _B(_K)
    factor = landmarks.imbalance_factor(_depth(depth), LAMBDA, ETA, a, b)
    return _equal(_B(_K + 1) ** 2 - _A(_K + 1) ** 2, (b**2 - a**2) * factor)


def _normal_form(sign: int) -> Callable[[int | None], sympy.Eq]:
    return lambda depth: _equal(_XK(_K + 1), normal_form.step(_depth(depth), TAU, _XK(_K), sign))


def _scaling(depth: int | None) -> sympy.Eq:
    d = sympy.Symbol("d", positive=True)
    return _equal(sympy.Tuple(X, TAU), sympy.Tuple(*normal_form.scale(_depth(depth), LAMBDA_POSITIVE, d, ETA)))


def _flow_ode(sign: int) -> Callable[[int | None], sympy.Eq]:
    return lambda depth: flow.equation(_depth(depth), sign)


def _product_ode(depth: int | None) -> sympy.Eq:
    p = sympy.Function("p")(_T)
    return _equal(sympy.Derivative(p, _T), rank.product_rate(_depth(depth), p, LAMBDA))


def _flow_time(sign: int, *, above: bool = False) -> Callable[[int | None], sympy.Eq]:
    return lambda depth: _equal(_U(X, Y), flow.flow_time(_expanded_depth(depth), X, Y, sign, above=above))


def _eigenvalue_flow_time(depth: int | None) -> sympy.Eq:
    N = _expanded_depth(depth)
    start, end = sympy.Symbol("d_0", positive=True), sympy.Symbol("d", positive=True)
    time = flow.eigenvalue_flow_time(N, LAMBDA_POSITIVE ** (sympy.S.One / N), start, end)
    return _equal(sympy.Function("U_lambda")(start, end), time)


def _flow_inverse(depth: int | None) -> sympy.Eq:
    if depth != 2:
        raise InputError("--depth", "symbolic" if depth is None else depth, "2: no other depth has an elementary inverse")
    return _equal(_D(_T) ** 2, flow.inverse(LAMBDA, ALPHA, _T))


def _family(letter: str, last: sympy.Expr) -> sympy.Expr:
    index, values = sympy.Symbol("i", integer=True, positive=True), sympy.IndexedBase(letter)
    return sympy.Sum(sympy.Abs(values[index]), (index, 1, last)) / sympy.Abs(values[1])


def _effective_rank(depth: int | None) -> sympy.Eq:
    _depth(depth)
    return _equal(_R(sympy.Symbol("W")), _family("w", _n))


def _plateau_level(depth: int | None) -> sympy.Eq:
    _depth(depth)
    return _equal(_R(sympy.Symbol("What_L")), _family("lambda", sympy.Symbol("L", integer=True, positive=True)))


def _step_size(depth: int | None) -> sympy.Rel:
    return sympy.Le(ETA, landmarks.safe_step_size(_depth(depth), sympy.Symbol("M", positive=True)), evaluate=False)


def _stability(depth: int | None) -> sympy.Rel:
    return sympy.Lt(ETA, landmarks.stability_threshold(_depth(depth), LAMBDA_POSITIVE), evaluate=False)


def _inflection(depth: int | None) -> sympy.Eq:
    N = _depth(depth)
    return _equal(sympy.Symbol("z_star", positive=True) ** N, landmarks.inflection_fraction(N) * LAMBDA_POSITIVE)


def _abel_equation(sign: int) -> Callable[[int | None], sympy.Eq]:
    return lambda depth: _equal(_ABEL(normal_form.step(_depth(depth), TAU, X, sign)) - _ABEL(X), sympy.S.One)


def _abel_coefficient(depth: int | None, order: int = USUAL_ORDER) -> sympy.Eq:
    N = _depth(depth)
    coefficients = sympy.Poly(abel.polynomial(order, N), abel.U).all_coeffs()
    content = sympy.gcd_list([sympy.Poly(c, DEPTH).content() for c in coefficients])
    if coefficients[0].subs(DEPTH, _LONGEST) < 0:
        content = -content
    # Unevaluated products keep N - 1 in brackets, and a number in front of a sum.
    inside = [sympy.Mul(*_factors(c / content), abel.U**j, evaluate=False) for j, c in enumerate(reversed(coefficients))]
    polynomial = sympy.Add(*inside) if order else sympy.S.One
    return _equal(sympy.Function(f"P_{order}")(abel.U), polynomial if content == 1 else sympy.Mul(content, polynomial, evaluate=False))


def _factors(coefficient: sympy.Expr) -> tuple[sympy.Expr, ...]:
    """The sign and the factors, each sum with its letter positive."""
    number, factors = sympy.factor_list(coefficient)
    return (number, *(base**power for base, power in factors))


def _step_count(sign: int) -> Callable[..., sympy.Eq]:
    def build(depth: int | None, order: int = USUAL_ORDER) -> sympy.Eq:
        N = _expanded_depth(depth)
        expansion = step_count.step_count(order, N, X, Y, sign, flow=_U(X, Y))
        return _equal(sympy.Symbol("k"), expansion + TAU**order * sympy.Function(f"R_{order}")(X, Y))

    return build


_STEP_COUNT = (
    "U is the gradient-flow time from x to y (flow-time); tau as in scaling; -tau^p R_p is the sum of the defects A_p(x') - A_p(x) - 1 of "
    "the steps taken, bounded as tau tends to 0; for symbolic N: N >= 3"
)
_ODE = "x is the scaled state, t the flow time"
_SAME_SIDE = "U is the gradient-flow time from x to y"

FORMULAS: dict[str, Formula] = {
    "loss": Formula(
        "Loss of a deep matrix factorisation",
        "What is the symmetric target, W_j the factors; W_{N:1} is the product W_N ... W_1",
        "RECALLED",
        _loss,
    ),
    "gradient": Formula(
        "Gradient of the loss with respect to the factor W_j",
        "W_{j:i} is the product W_j ... W_i, the identity for j < i",
        "DERIVED",
        _gradient,
    ),
    "recursion": Formula(
        "Gradient descent in one eigendirection, identical initialisation",
        "d is the common eigenvalue of all factors, lambda that of the target, eta the step size; d(0) = alpha",
        "DERIVED",
        _recursion,
    ),
    "recursion-perturbed": Formula(
        "Gradient descent in one eigendirection, perturbed identical initialisation",
        "a is the eigenvalue of W_1, b that of every other factor; a(0) = alpha - beta, b(0) = alpha",
        "DERIVED",
        _recursion_perturbed,
    ),
    "imbalance": Formula(
        "One step multiplies the imbalance b^2 - a^2 by an explicit factor", "a and b as in recursion-perturbed", "DERIVED", _imbalance
    ),
    "normal-form": Formula("Normal form of the recursion for a positive eigenvalue", "x and tau as in scaling", "DERIVED", _normal_form(1)),
    "normal-form-negative": Formula(
        "Normal form of the recursion for a negative eigenvalue", "x and tau as in scaling, with |lambda|", "DERIVED", _normal_form(-1)
    ),
    "normal-form-zero": Formula("Recursion for the eigenvalue 0", "x = d and tau = eta", "DERIVED", _normal_form(0)),
    "scaling": Formula(
        "Scaling to the normal form", "lambda > 0; for lambda < 0 read |lambda|; d is the state, eta the step size", "DERIVED", _scaling
    ),
    "flow-ode": Formula("Gradient flow of a positive eigenvalue, normal form", _ODE, "DERIVED", _flow_ode(1)),
    "flow-ode-negative": Formula("Gradient flow of a negative eigenvalue, normal form", _ODE, "DERIVED", _flow_ode(-1)),
    "flow-ode-zero": Formula("Gradient flow of the eigenvalue 0", "x = d, t is the flow time", "DERIVED", _flow_ode(0)),
    "flow-ode-product": Formula("Gradient flow of the product's eigenvalue", "p = d^N > 0", "DERIVED", _product_ode),
    "flow-time": Formula(
        "Gradient-flow time of a positive eigenvalue, normal form",
        f"{_SAME_SIDE}, both on the same side of 1; for symbolic N: N >= 3 and both in (0, 1)",
        "DERIVED",
        _flow_time(1),
    ),
    "flow-time-above": Formula(
        "Gradient-flow time of a positive eigenvalue from above, normal form",
        f"{_SAME_SIDE}, both greater than 1; for symbolic N: N >= 2",
        "DERIVED",
        _flow_time(1, above=True),
    ),
    "flow-time-negative": Formula(
        "Gradient-flow time of a negative eigenvalue, normal form", f"{_SAME_SIDE}; for symbolic N: N >= 3", "DERIVED", _flow_time(-1)
    ),
    "flow-time-zero": Formula("Gradient-flow time of the eigenvalue 0", _SAME_SIDE, "DERIVED", _flow_time(0)),
    "flow-time-eigenvalue": Formula(
        "Gradient-flow time of an eigenvalue lambda > 0",
        "time from d_0 to d, both on the same side of lambda^(1/N); for symbolic N: N >= 3 and both below it",
        "DERIVED",
        _eigenvalue_flow_time,
    ),
    "flow-inverse": Formula(
        "Solution of the gradient flow at depth 2", "d(0) = alpha, lambda not 0; for lambda = 0 its limit", "DERIVED", _flow_inverse
    ),
    "effective-rank": Formula(
        "Effective rank: nuclear norm over spectral norm",
        "w_i: eigenvalues of W, w_1 the largest in size",
        "RECALLED",
        _effective_rank,
    ),
    "plateau-level": Formula(
        "Effective rank of the best rank-L approximation",
        "lambda_i are the eigenvalues of the target in decreasing order of size",
        "DERIVED",
        _plateau_level,
    ),
    "step-size": Formula(
        "Step sizes without overshoot", "M is the larger of alpha and the N-th root of the target's spectral norm", "DERIVED", _step_size
    ),
    "stability-threshold": Formula(
        "Step sizes for which the fixed point d^N = lambda is linearly stable", "lambda > 0", "DERIVED", _stability
    ),
    "inflection": Formula(
        "State of fastest growth", "z_* maximises the field d^(N-1) (lambda - d^N) for lambda > 0", "DERIVED", _inflection
    ),
    "abel-equation": Formula(
        "Abel's equation of gradient descent: A counts the steps",
        "A(y) - A(x) is the number of steps from x to y; x and tau as in scaling, lambda > 0",
        "DERIVED",
        _abel_equation(1),
    ),
    "abel-coefficient": Formula(
        "Coefficient polynomials of the Abel function",
        "dA/dx is the sum over n of tau^(n-1) x^((n-1)(N-2)-1) P_n(u) / (1 - u) with u = x^N; the order is n",
        "DERIVED",
        _abel_coefficient,
        range(25),
    ),
    "step-count": Formula(
        "Number of gradient-descent steps from x to y, positive eigenvalue, normal form", _STEP_COUNT, "DERIVED", _step_count(1), range(9)
    ),
    "step-count-negative": Formula(
        "Number of gradient-descent steps from x to y, negative eigenvalue, normal form", _STEP_COUNT, "DERIVED", _step_count(-1), range(9)
    ),
    "step-count-zero": Formula(
        "Number of gradient-descent steps from x to y, eigenvalue 0", _STEP_COUNT, "DERIVED", _step_count(0), range(9)
    ),
}
