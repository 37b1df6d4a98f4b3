"""Gradient descent in one eigendirection, derived from the loss.

In the eigenbasis of the target the factors stay diagonal: identical initialisation gives one number d per eigenvalue, perturbed identical
initialisation two, a for W_1 and b for W_2, ..., W_N. `verify_depth` derives both recursions from the loss by differentiation at a
concrete depth; `verify_all_depths` proves them for symbolic N by induction over the number of factors.
"""

import sympy

from dmftheory.errors import InputError
from dmftheory.model import loss
from dmftheory.model.identities import Identity, power_normal_form
from dmftheory.model.symbols import DEPTH

_A, _B, _LAM, _ETA = (sympy.Symbol(name, positive=True) for name in ("a", "b", "lambda", "eta"))


def step(N: sympy.Expr | int, lam: sympy.Expr, eta: sympy.Expr, d: sympy.Expr) -> sympy.Expr:
    """One step d - eta d^(N-1) (d^N - lambda) under identical initialisation. Source: DERIVED from the loss (A4)."""
    return d - eta * d ** (N - 1) * (d**N - lam)


def perturbed_step(N: sympy.Expr | int, lam: sympy.Expr, eta: sympy.Expr, a: sympy.Expr, b: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr]:
    """One step of (a, b) under perturbed identical initialisation: W_1 has the eigenvalue a, every other factor b.

    With e = a b^(N-1) - lambda: a - eta b^(N-1) e and b - eta a b^(N-2) e. Source: DERIVED from the loss (A5).
    """
    error = a * b ** (N - 1) - lam
    return a - eta * b ** (N - 1) * error, b - eta * a * b ** (N - 2) * error


def derive(depth: int, dimension: int = 1) -> list[sympy.Matrix]:
    """The gradients of W_1, ..., W_N, by differentiation of the loss, at W_1 = diag(a_i), W_j = diag(b_i) and What = diag(lambda_i).

    Every entry of every factor is a variable while the loss is differentiated, so an off-diagonal entry of the result is a genuine
    derivative. Raises InputError for depth < 2 or dimension < 1.
    """
    if depth < 2 or dimension < 1:
        raise InputError("depth, dimension", (depth, dimension), "a depth >= 2 and a dimension >= 1")
    goal = sympy.diag(*_mode_symbols("lambda", dimension))
    weights = loss.factors([dimension] * (depth + 1))
    first, other = sympy.diag(*_mode_symbols("a", dimension)), sympy.diag(*_mode_symbols("b", dimension))
    point: dict[sympy.Symbol, sympy.Expr] = {}
    for index, weight in enumerate(weights):
        point.update(zip(weight, first if index == 0 else other, strict=True))
    return [_gradient_at(weights, goal, index, point) for index in range(1, depth + 1)]


def _mode_symbols(letter: str, dimension: int) -> tuple[sympy.Symbol, ...]:
    return tuple(sympy.Symbol(f"{letter}_{i + 1}", real=True) for i in range(dimension))


def _gradient_at(weights: list[sympy.Matrix], goal: sympy.Matrix, index: int, point: dict[sympy.Symbol, sympy.Expr]) -> sympy.Matrix:
    # One factor stays symbolic, the others take their values first: the loss is then small and its derivative is the same.
    own = set(weights[index - 1])
    fixed = {symbol: value for symbol, value in point.items() if symbol not in own}
    partly = [weight if k == index - 1 else weight.subs(fixed) for k, weight in enumerate(weights)]
    return loss.gradient(partly, goal, index).subs(point)


def verify_depth(depth: int, dimension: int = 1) -> list[Identity]:
    """The recursions at one depth from the loss: off-diagonal gradients vanish, the diagonal ones are `perturbed_step` and `step`."""
    gradients = derive(depth, dimension)
    a, b, lam = (_mode_symbols(letter, dimension) for letter in ("a", "b", "lambda"))
    identities = []
    for j, matrix in enumerate(gradients, start=1):
        for i in range(dimension):
            a_next, b_next = perturbed_step(depth, lam[i], _ETA, a[i], b[i])
            old, new = (a[i], a_next) if j == 1 else (b[i], b_next)
            identities.append(Identity(f"W_{j}, mode {i + 1}, perturbed", sympy.expand(old - _ETA * matrix[i, i] - new)))
            tied = (old - _ETA * matrix[i, i]).subs(a[i], b[i])
            identities.append(Identity(f"W_{j}, mode {i + 1}, identical", sympy.expand(tied - step(depth, lam[i], _ETA, b[i]))))
            identities.extend(
                Identity(f"W_{j}, entry ({i + 1}, {k + 1}) stays 0", sympy.expand(matrix[i, k])) for k in range(dimension) if k != i
            )
    return identities


def verify_all_depths() -> list[Identity]:
    """The proof for symbolic N, as residuals that have to be 0.

    Let P_n = w_1 ... w_n and write p_n, q_n, s_n for the values at w_1 = a, w_2 = ... = w_n = b of P_n, of dP_n/dw_1 and of dP_n/dw_j
    (any j >= 2). From P_{n+1} = P_n w_{n+1} and the product rule: p_{n+1} = b p_n, q_{n+1} = b q_n, s_{n+1} = b s_n for j <= n and
    s_{n+1} = p_n for j = n + 1. By induction p_n = a b^(n-1), q_n = b^(n-1), s_n = a b^(n-2). With the chain rule for
    1/2 (P - lambda)^2 the step of gradient descent is `perturbed_step`, and `step` when a = b.
    """
    return [*_calculus_rules(), *_induction(), *_steps_from_partials()]


def _calculus_rules() -> list[Identity]:
    w, v, lam = sympy.symbols("w v lambda", real=True)
    partial_product = sympy.Function("P")(w)
    slope = sympy.diff(partial_product, w)
    squared = (partial_product - lam) ** 2 / 2
    return [
        Identity("product rule, an old factor", sympy.expand(sympy.diff(partial_product * v, w) - slope * v)),
        Identity("product rule, the new factor", sympy.expand(sympy.diff(partial_product * v, v) - partial_product)),
        Identity("chain rule for the loss", sympy.expand(sympy.diff(squared, w) - (partial_product - lam) * slope)),
    ]


def closed_partials(n: sympy.Expr | int) -> tuple[sympy.Expr, sympy.Expr, sympy.Expr]:
    """(p_n, q_n, s_n): the product of n factors a, b, ..., b and its derivatives with respect to the first and to another factor."""
    return _A * _B ** (n - 1), _B ** (n - 1), _A * _B ** (n - 2)


def _induction() -> list[Identity]:
    n = DEPTH
    p, q, s = closed_partials(n)
    p_next, q_next, s_next = closed_partials(n + 1)
    p_first, q_first, _ = closed_partials(1)
    return [
        Identity("base case of the product", sympy.expand(p_first - _A)),
        Identity("base case of the derivative by the first factor", sympy.expand(q_first - 1)),
        Identity("induction step of the product", power_normal_form(p_next - _B * p)),
        Identity("induction step of the derivative by the first factor", power_normal_form(q_next - _B * q)),
        Identity("induction step of the derivative by another old factor", power_normal_form(s_next - _B * s)),
        Identity("base case of the derivative by the newest factor", power_normal_form(s_next - p)),
    ]


def _steps_from_partials() -> list[Identity]:
    p, q, s = closed_partials(DEPTH)
    a_next, b_next = perturbed_step(DEPTH, _LAM, _ETA, _A, _B)
    tied = step(DEPTH, _LAM, _ETA, _B)
    descent_a, descent_b = _A - _ETA * (p - _LAM) * q, _B - _ETA * (p - _LAM) * s
    return [
        Identity("step of a", power_normal_form(descent_a - a_next)),
        Identity("step of b", power_normal_form(descent_b - b_next)),
        Identity("step of d, first factor", power_normal_form(descent_a.subs(_A, _B) - tied)),
        Identity("step of d, another factor", power_normal_form(descent_b.subs(_A, _B) - tied)),
    ]
