"""The step-count expansion: its pieces are antiderivatives of the Abel densities, and it counts steps."""

import json

import pytest
import sympy

from dmftheory.cli import main
from dmftheory.errors import InputError
from dmftheory.model import abel
from dmftheory.model.step_count import primitive, remainder, step_count, verify_primitive
from dmftheory.model.symbols import DEPTH as N
from dmftheory.model.symbols import TAU, X, Y

DEPTHS = (2, 3, 4, 5, 6, 8, N)


@pytest.mark.parametrize("sign", [1, 0, -1])
@pytest.mark.parametrize("depth", DEPTHS)
def test_the_pieces_are_antiderivatives_of_the_densities(depth: sympy.Expr | int, sign: int) -> None:
    for n in range(4):
        assert [line.name for line in verify_primitive(n, depth, sign) if not line.holds] == []


def test_high_orders_wrap_around_the_residue_classes() -> None:
    for depth, n in ((3, 8), (4, 6), (5, 7), (7, 5)):
        assert all(line.holds for line in verify_primitive(n, depth))


@pytest.mark.parametrize("depth", [3, 4, N])
def test_a_wrong_piece_is_caught(depth: sympy.Expr | int) -> None:
    spoiled = primitive(2, depth, X, Y) + (Y**2 - X**2) / 1000
    derivative, start = verify_primitive(2, depth, stated=spoiled)
    assert not derivative.holds
    assert start.holds


@pytest.mark.parametrize("n", range(1, 7))
def test_division_by_one_minus_u_leaves_the_residue(n: int) -> None:
    residue, quotient = remainder(n, N)
    rebuilt = residue + (1 - abel.U) * sum(c * abel.U**j for j, c in enumerate(quotient))
    assert sympy.expand(rebuilt - abel.polynomial(n)) == 0


def errors(depth: int, tau: str, steps: int, sign: int) -> list[float]:
    """|count - steps| along an exact run from 1/4 that is rounded to 40 digits a step, for the flow and the orders 1, 2, 3."""
    tau_value, start = sympy.Rational(tau), sympy.Rational(1, 4)
    x = start.n(40)
    for _ in range(steps):
        x = x + tau_value * sign * x ** (depth - 1) * (1 - sign * x**depth)
    counts = [step_count(order, depth, X, Y, sign).subs({TAU: tau_value, X: start, Y: x}).n(30) for order in range(4)]
    return [float(abs(count - steps)) for count in counts]


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("depth", [2, 3, 5])
def test_each_term_brings_the_count_closer(depth: int, sign: int) -> None:
    found = errors(depth, "1/100", 150, sign)
    assert found[1] < found[0] / 10
    assert found[2] < found[1] / 10
    assert found[3] < found[2]


def test_bad_input_is_refused() -> None:
    with pytest.raises(InputError):
        primitive(2, 1, X, Y)
    with pytest.raises(InputError):
        primitive(-1, N, X, Y)


def test_the_command_line_prints_an_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["formula", "step-count", "--order", "1", "--depth", "2"]) == 0
    assert capsys.readouterr().out == "k = \\frac{U(x, y)}{\\tau} + \\frac{1}{2} \\ln\\frac{y (1 - y^2)}{x (1 - x^2)} + \\tau R_1(x, y)\n"
    assert main(["formula", "step-count", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["order"] == 2


@pytest.mark.parametrize("order", ["-1", "9", "two", "1/2"])
def test_the_command_line_refuses_other_orders_in_one_line(order: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["formula", "step-count", f"--order={order}"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"dmftheory: --order: got {order}; accepted:")
