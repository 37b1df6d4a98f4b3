"""The closed flow times are antiderivatives of 1/f, by exact differentiation, and lie in certified integrals."""

from collections.abc import Callable
from fractions import Fraction

import pytest
import sympy
from flint import acb, arb, ctx, fmpq

from dmftheory.errors import InputError
from dmftheory.model import flow, flow_checks
from dmftheory.model.flow_checks import verify_flow_time, verify_inverse
from dmftheory.model.symbols import ALPHA, DEPTH, X, Y
from dmftheory.numerics.balls import evaluate


@pytest.mark.parametrize("sign", [1, 0, -1])
@pytest.mark.parametrize("depth", range(2, 13))
def test_elementary_flow_time_is_an_antiderivative(depth: int, sign: int) -> None:
    assert all(identity.holds for identity in verify_flow_time(depth, sign))


@pytest.mark.parametrize("depth", [16, 24, 32])
def test_deep_flow_times_are_antiderivatives(depth: int) -> None:
    assert all(identity.holds for identity in verify_flow_time(depth, 1))


@pytest.mark.parametrize(("sign", "above"), [(1, False), (1, True), (0, False), (-1, False)])
def test_symbolic_flow_time_is_an_antiderivative(sign: int, above: bool) -> None:
    assert all(identity.holds for identity in verify_flow_time(DEPTH, sign, above=above))


MUTANTS = {
    "a flipped sign": lambda time: -time,
    "a forgotten factor": lambda time: time * 2,
    "swapped ends": lambda time: time.subs({X: Y, Y: X}, simultaneous=True),
    "an added term": lambda time: time + Y - X,
    "a constant, which the derivative alone would not see": lambda time: time + 1,
}


@pytest.mark.parametrize("mutant", MUTANTS)
@pytest.mark.parametrize("depth", [2, 3, 5, 6, DEPTH])
def test_a_wrong_flow_time_is_caught(depth: sympy.Expr, mutant: str) -> None:
    stated = MUTANTS[mutant](flow.flow_time(depth, X, Y))
    assert not all(identity.holds for identity in verify_flow_time(depth, 1, stated=stated))


@pytest.mark.parametrize("depth", [3, 5, 8])
def test_the_flow_time_of_the_other_sign_is_caught(depth: int) -> None:
    try:
        identities = verify_flow_time(depth, 1, stated=flow.flow_time(depth, X, Y, -1))
    except ValueError as refusal:
        assert "does not divide" in str(refusal)
    else:
        assert not all(identity.holds for identity in identities)


def test_a_wrong_arctan_coefficient_is_caught() -> None:
    stated = flow.flow_time(5, X, Y).replace(sympy.atan, lambda argument: sympy.atan(argument) * sympy.Rational(99, 100))
    assert not all(identity.holds for identity in verify_flow_time(5, stated=stated))


def test_constants_outside_the_cyclotomic_fields_are_refused() -> None:
    with pytest.raises(ValueError, match="root of unity"):
        verify_flow_time(3, stated=flow.flow_time(3, X, Y) + sympy.sqrt(5) * (Y - X))


def test_a_wrong_hypergeometric_parameter_is_refused() -> None:
    stated = flow.flow_time(DEPTH, X, Y).replace(sympy.hyper, lambda ap, bq, u: sympy.hyper(ap, (bq[0] + 1,), u))
    with pytest.raises(ValueError, match="no rule"):
        verify_flow_time(DEPTH, stated=stated)


@pytest.mark.parametrize("mutant", [lambda a, j: a / (a + j + 1), lambda a, j: 1 / (a + j), lambda a, j: a / (a + 2 * j)])
def test_a_wrong_series_coefficient_is_caught(monkeypatch: pytest.MonkeyPatch, mutant: Callable[..., sympy.Expr]) -> None:
    monkeypatch.setattr(flow_checks, "series_coefficient", mutant)
    assert not all(identity.holds for identity in flow_checks.hypergeometric_rule())


@pytest.mark.parametrize(("sign", "start", "end"), [(1, "1/5", "9/10"), (1, "17/10", "11/10"), (-1, "3/2", "1/5"), (0, "3/2", "1/5")])
@pytest.mark.parametrize("depth", [2, 3, 4, 5, 8, 9, DEPTH])
def test_flow_time_lies_in_a_certified_integral(depth: sympy.Expr, sign: int, start: str, end: str) -> None:
    concrete = 5 if depth == DEPTH else depth
    x, y = Fraction(start), Fraction(end)
    above = depth == DEPTH and sign == 1 and x > 1
    stated = evaluate(flow.flow_time(depth, X, Y, sign, above=above).subs(DEPTH, concrete), {X: x, Y: y}, 128)
    with ctx.workprec(128):
        # 1/f is meromorphic, so the integrand needs no branch to be watched.
        integral = acb.integral(
            lambda z, _: 1 / acb_field(concrete, z, sign), acb(fmpq(x.numerator, x.denominator)), acb(fmpq(y.numerator, y.denominator))
        )
        assert stated.overlaps(integral.real)
        # Overlap says something only because both balls are thin: 2^-60 against a value above 2^-10.
        assert max(stated.rad(), integral.real.rad()) < arb(2) ** -60
        assert stated > arb(2) ** -10


def acb_field(depth: int, z: acb, sign: int) -> acb:
    return -(z ** (2 * depth - 1)) if sign == 0 else sign * z ** (depth - 1) - z ** (2 * depth - 1)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("depth", [2, 3, 4, 5, 7, DEPTH])
def test_eigenvalue_flow_time_scales(depth: sympy.Expr, sign: int) -> None:
    r = sympy.Symbol("r", positive=True) if depth == DEPTH else sympy.Rational(13, 10)
    scaled = r ** (2 * depth - 2) * flow.eigenvalue_flow_time(depth, r, r * X, r * Y, sign)
    assert all(identity.holds for identity in verify_flow_time(depth, sign, stated=scaled))


def test_depth_three_reads_as_in_a_paper() -> None:
    expected = (
        1 / X
        - 1 / Y
        + sympy.log((1 - X) / (1 - Y)) / 3
        + sympy.log((Y**2 + Y + 1) / (X**2 + X + 1)) / 6
        + (sympy.atan((2 * X + 1) / sympy.sqrt(3)) - sympy.atan((2 * Y + 1) / sympy.sqrt(3))) / sympy.sqrt(3)
    )
    assert sympy.expand(flow.flow_time(3, X, Y) - expected) == 0


def test_inverse_solves_the_flow_of_depth_two() -> None:
    assert [identity.name for identity in verify_inverse() if not identity.holds] == []


def test_a_wrong_inverse_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    right = flow.inverse
    monkeypatch.setattr(flow, "inverse", lambda lam, alpha, t: right(lam, alpha, 2 * t))
    assert {identity.name for identity in verify_inverse() if not identity.holds} == {
        "equation of the flow, lambda != 0",
        "equation of the flow, lambda = 0",
    }


def test_inverse_and_flow_time_undo_each_other() -> None:
    lam, t = sympy.Symbol("lambda", positive=True), sympy.Symbol("t", positive=True)
    p = flow.inverse(lam, ALPHA, t)
    odds = sympy.exp(2 * lam * flow.eigenvalue_flow_time(2, sympy.sqrt(lam), ALPHA, Y)).subs(Y, sympy.sqrt(p))
    assert sympy.simplify(odds - sympy.exp(2 * lam * t)) == 0


@pytest.mark.parametrize("depth", [1, 0, -3])
def test_a_depth_below_two_is_refused(depth: int) -> None:
    with pytest.raises(InputError, match="N: got"):
        flow.flow_time(depth, X, Y)


def test_above_is_refused_where_there_is_no_barrier() -> None:
    with pytest.raises(InputError, match="above"):
        flow.flow_time(DEPTH, X, Y, -1, above=True)
