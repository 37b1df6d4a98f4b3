"""The Abel function of gradient descent: its coefficients, derived in three ways, and what they are at special points."""

from itertools import pairwise

import pytest
import sympy

from dmftheory.errors import InputError
from dmftheory.model import abel
from dmftheory.model.abel_checks import from_field, universal, verify_defect, verify_equation, verify_universal
from dmftheory.model.symbols import DEPTH as N
from dmftheory.model.symbols import X
from dmftheory.numerics.abel_polynomials import polynomials

U = abel.U
LAST = 24


def spoiled(n: int, x: sympy.Expr, depth: sympy.Expr | int, sign: int) -> sympy.Expr:
    """The density with one wrong coefficient, of u^2 in P_3."""
    right = abel.density(n, x, depth, sign)
    return right + x ** (abel.exponent(n, depth) - 1 + 2 * depth) / (1 - sign * x**depth) if n == 3 else right


def test_the_first_polynomials_are_those_of_the_notes() -> None:
    second = 8 * N**2 * U**2 - 9 * N**2 * U + 2 * N**2 - 10 * N * U**2 + 15 * N * U - 5 * N + 3 * U**2 - 6 * U + 3
    assert abel.polynomial(0) == 1
    assert sympy.expand(abel.polynomial(1) - ((N - 1) - (2 * N - 1) * U) / 2) == 0
    assert sympy.expand(abel.polynomial(2) + second / 12) == 0


@pytest.mark.parametrize("sign", [1, 0, -1])
def test_the_densities_solve_the_abel_equation_for_every_depth(sign: int) -> None:
    assert [line.name for line in verify_equation(3, sign=sign) if not line.holds] == []


def test_the_densities_solve_the_abel_equation_to_order_five_at_depth_three() -> None:
    assert all(line.holds for line in verify_equation(5, 3))


@pytest.mark.parametrize("sign", [1, -1])
def test_a_wrong_coefficient_of_the_third_polynomial_is_caught(sign: int) -> None:
    by_line = [line.holds for line in verify_equation(4, 3, sign, density=spoiled)]
    assert by_line == [True, True, True, False, False]
    assert not verify_universal(3, sign=sign, density=spoiled).holds


@pytest.mark.parametrize("sign", [1, 0, -1])
@pytest.mark.parametrize("n", range(6))
def test_the_densities_follow_from_the_derivatives_of_the_field(n: int, sign: int) -> None:
    assert verify_universal(n, sign=sign).holds


@pytest.mark.parametrize("n", range(11))
def test_the_recursion_agrees_with_the_derivation_from_the_field(n: int) -> None:
    assert sympy.expand(from_field(n) - abel.polynomial(n)) == 0


def test_the_general_density_is_homogeneous() -> None:
    f = sympy.symbols("f0:10")
    scale = sympy.Symbol("c")
    for n in range(9):
        general = universal(n, f) * f[0]
        scaled = general.subs({letter: scale * letter for letter in f}, simultaneous=True)
        assert sympy.expand(scaled - scale**n * general) == 0


def test_the_defect_has_its_shape_at_symbolic_depth() -> None:
    assert all(line.holds for line in verify_defect(2, 4))
    assert [abel.defect_polynomial(n, 3) for n in range(4)] == [0, 0, 0, 0]


def test_a_wrong_coefficient_shows_in_the_defect() -> None:
    assert not any(line.holds for line in verify_defect(3, 5, 4, density=spoiled))


@pytest.mark.parametrize("n", range(LAST + 1))
def test_degree_residue_and_ends(n: int) -> None:
    """deg P_n = n, P_n(1) = (-N)^n G_n, P_n(0) at depth 2 is G_n, and the leading coefficient is (-1)^n P_n(0) at twice the depth."""
    P = abel.element(n)
    u, depth = P.ring.gens
    top = P.ring.from_dict({(0, k): c for (i, k), c in P.terms() if i == n})
    assert P.degree(u) == n
    assert P.subs(u, 1) == P.ring.from_expr(abel.residue(n, sympy.Symbol("N")))
    assert top == (-1) ** n * P.subs(u, 0).compose(depth, 2 * depth)
    assert sympy.expand(top.as_expr(U, N) - abel.leading(n)) == 0
    assert abel.coefficient_lists(2, n)[n][0] == abel.gregory(n)


@pytest.mark.parametrize("n", range(1, LAST + 1))
def test_the_degree_is_full_at_every_integer_depth(n: int) -> None:
    """No integer N >= 2 is a root of the leading coefficient."""
    content, factors = sympy.factor_list(abel.leading(n))
    roots = [-factor.subs(N, 0) / sympy.diff(factor, N) for factor, _ in factors if sympy.degree(factor, N) == 1]
    assert content != 0
    assert [root for root in roots if root.is_Integer and root >= 2] == []


def test_residues_resum_to_one_over_a_logarithm() -> None:
    """The coefficients of z / ln(1 + z): their product with those of ln(1 + z) / z is 1."""
    for n in range(1, LAST + 1):
        assert sum(abel.gregory(j) * sympy.Rational((-1) ** (n - j), n - j + 1) for j in range(n + 1)) == 0


def test_depth_one_is_a_translation_at_the_origin() -> None:
    """N = 1, u = 0: x' = x + tau has A = x / tau, with no correction."""
    assert [abel.polynomial(n, 1, sympy.S.Zero) for n in range(1, 10)] == [0] * 9


@pytest.mark.parametrize("depth", [2, 3, 7, 64])
def test_a_fixed_depth_is_the_symbolic_one_at_that_depth(depth: int) -> None:
    lists = abel.coefficient_lists(depth, 8)
    for n, coefficients in enumerate(lists):
        symbolic = abel.polynomial(n).subs(N, depth)
        assert sympy.expand(symbolic - sum(c * U**i for i, c in enumerate(coefficients))) == 0
        assert abel.polynomial(n, depth) == sympy.Add(*(c * U**i for i, c in enumerate(coefficients)))


def test_derivatives_have_their_closed_form() -> None:
    for j, m in ((0, 3), (2, 2), (3, 1)):
        shape = X ** (abel.exponent(j) - 1 - m) * abel.derivative_polynomial(j, m, N, X**N) / (1 - X**N) ** (m + 1)
        difference = sympy.diff(abel.density(j, X), X, m) - shape
        assert sympy.simplify(difference.subs({N: 5, X: sympy.Rational(1, 3)})) == 0


def test_each_order_gains_a_factor_of_the_step_size() -> None:
    """The densities up to a_p over one step, by Taylor's series to the power 8, are 1 up to tau^(p+1): N = 3, tau = 1/1000, x = 1/4."""
    tau, x = sympy.Rational(1, 1000), sympy.Rational(1, 4)
    step = tau * x**2 * (1 - x**3)
    errors, total = [], sympy.S(-1)
    for n in range(4):
        slopes = [sympy.diff(abel.density(n, X, 3), X, m).subs(X, x) for m in range(8)]
        total += tau ** (n - 1) * sum(slope * step ** (m + 1) / sympy.factorial(m + 1) for m, slope in enumerate(slopes))
        errors.append(abs(total))
    assert all(after < before / 1000 for before, after in pairwise(errors))


@pytest.mark.parametrize("call", [lambda: abel.polynomial(-1), lambda: abel.polynomial(2, 0), lambda: universal(25, (X,))])
def test_bad_orders_and_depths_are_refused(call: object) -> None:
    assert callable(call)
    with pytest.raises(InputError):
        call()


@pytest.mark.parametrize("depth", [2, 3, 5, 11])
def test_the_fixed_depth_arithmetic_has_the_same_polynomials(depth: int) -> None:
    for P, coefficients in zip(polynomials(depth, 16), abel.coefficient_lists(depth, 16), strict=True):
        assert [(int(c.p), int(c.q)) for c in P.coeffs()] == [(int(c.p), int(c.q)) for c in coefficients]
