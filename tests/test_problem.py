"""A problem is exact and valid, or refused in one line; the automatic step size is the proved bound, never above it."""

import pickle
from collections.abc import Sequence
from fractions import Fraction
from itertools import repeat
from pathlib import Path

import numpy as np
import pytest
import sympy
from flint import fmpq, fmpz
from hypothesis import given
from hypothesis import strategies as st

from dmftheory.errors import InputError
from dmftheory.numerics.eigenvalues import Eigenvalue
from dmftheory.numerics.step_bounds import StepBound
from dmftheory.problem import Problem

GOOD = {"depth": "3", "spectrum": "10,5,1,-2", "alpha": "1e-2", "eta": "1e-4"}


def rationals_of(problem: Problem) -> list[Fraction | None]:
    return [e.rational for e in problem.spectrum]


def test_a_problem_from_text_is_exact() -> None:
    p = Problem.parse(**GOOD)
    assert p.depth == 3
    assert (p.alpha, p.beta, p.eta) == (Fraction(1, 100), Fraction(0), Fraction(1, 10000))
    assert p.warnings == ()
    assert rationals_of(p) == [10, 5, 1, -2]


def test_a_spectrum_is_put_in_decreasing_order_with_multiplicity() -> None:
    assert rationals_of(Problem.parse(**GOOD | {"spectrum": "-2, 1/3,5,0.5e1,-2"})) == [5, 5, Fraction(1, 3), -2, -2]


@pytest.mark.parametrize(
    "spectrum",
    [[2, "0.5", Fraction(1, 3)], (x for x in (fmpz(2), "1/2", Fraction(1, 3))), [np.int64(2), sympy.Rational(1, 2), Fraction(1, 3)]],
)
def test_exact_numbers_of_python_numpy_and_sympy_are_taken(spectrum: Sequence[Fraction]) -> None:
    p = Problem.parse(depth=np.int32(3), spectrum=spectrum, alpha=Fraction(1, 100), eta=sympy.Rational(1, 9), beta=0)
    assert rationals_of(p) == [2, Fraction(1, 2), Fraction(1, 3)]
    assert type(p.depth) is int and type(p.eta) is Fraction


def test_a_matrix_file_gives_algebraic_eigenvalues(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("1,1\n1,-1\n")
    p = Problem.parse(depth=2, matrix=path, alpha="0.1", eta="0.01")
    assert [str(e) for e in p.spectrum] == ["1.4142135623730950488", "-1.4142135623730950488"]
    assert p.spectrum[0].polynomial == (-2, 0, 1)


POSITIVE = "accepted: a number > 0"
DEPTH = "accepted: an integer from 2 to 10000"
RATIONAL = "accepted: an integer, a decimal, scientific notation or p/q"
Case = tuple[dict[str, object], str, str]
DEPTHS: list[tuple[object, str]] = [("1", "1"), ("2.5", "2.5"), ("1e5", "1e5"), ("three", "three"), (1, "1"), (-3, "-3"), (10**5, "100000")]
NO_DEPTH: list[object] = [3.0, True, None, 10**5000, Fraction(5, 2), np.float64(3)]
NO_NUMBER: list[tuple[str, object]] = [
    ("alpha", 0.01),
    ("eta", np.float64(0.01)),
    ("eta", np.float32(0.01)),
    ("beta", 0.0),
    ("beta", None),
    *(("spectrum", [value]) for value in (1.5, float("nan"), 1j, True, np.bool_(True), None, fmpq(1, 2), [1])),
]
NO_TEXT: tuple[object, ...] = ("nan", "inf", "-inf", "1/0", "1e100001", "1e-99999999999", "9" * 4001, "0x1", "1_0", "\u0661", "1 2")
FLOAT = "accepted: text such as '0.01', an int or a Fraction (a float has already been rounded)"
BAD: list[tuple[dict[str, object], str, str]] = [
    *[({"depth": value}, f"--depth: got {shown}; ", DEPTH) for value, shown in DEPTHS],
    *[({"depth": value}, "--depth: got ", DEPTH) for value in NO_DEPTH],
    *[({name: value}, f"--{name}: got ", FLOAT) for name, value in NO_NUMBER],
    *[({name: text}, f"--{name}: got {str(text)[:57]}", RATIONAL) for name in ("alpha", "eta", "beta", "spectrum") for text in NO_TEXT],
    ({"alpha": "0"}, "--alpha: got 0", POSITIVE),
    ({"alpha": "-1e-2"}, "--alpha: got -1e-2", POSITIVE),
    ({"alpha": -1}, "--alpha: got -1", POSITIVE),
    ({"eta": "0"}, "--eta: got 0", POSITIVE),
    ({"eta": "-1/3"}, "--eta: got -1/3", POSITIVE),
    ({"eta": "automatic"}, "--eta: got automatic", RATIONAL),
    ({"beta": "-1e-9"}, "--beta: got -1/1000000000", "accepted: 0 <= beta < alpha = 1/100"),
    ({"beta": "0.01"}, "--beta: got 1/100", "accepted: 0 <= beta < alpha = 1/100"),
    ({"beta": "nan"}, "--beta: got nan", RATIONAL),
    ({"spectrum": ""}, "--spectrum: got an empty value", "accepted: a comma-separated list of at least one number"),
    ({"spectrum": []}, "--spectrum: got an empty value", "accepted: 1 to 10000 eigenvalues"),
    ({"spectrum": repeat(1)}, "--spectrum: got more than 10000 numbers", "accepted: 1 to 10000 eigenvalues"),
    ({"spectrum": "1," * 10001}, "--spectrum: got 1,1", "accepted: a comma-separated list of at most 10000 numbers"),
    ({"spectrum": "1,,2"}, "--spectrum: got an empty value", RATIONAL),
    ({"spectrum": 5}, "--spectrum: got int", "accepted: comma-separated text or a sequence of exact numbers"),
    ({"spectrum": None}, "--spectrum, --matrix: got neither", "accepted: exactly one of the two"),
    ({"matrix": "a.csv"}, "--spectrum, --matrix: got both", "accepted: exactly one of the two"),
    ({"spectrum": None, "matrix": 5}, "--matrix: got int", "accepted: the path of a file"),
    ({"spectrum": None, "matrix": "missing.csv"}, "--matrix: got missing.csv", "No such file"),
    ({"alpha": 10**200_000}, "--alpha: got a number of 664386 bits", RATIONAL),
    ({"eta": Fraction(1, 3**300_000)}, "--eta: got a number of 475489 bits", RATIONAL),
]


@pytest.mark.parametrize(("changes", "got", "accepted"), BAD, ids=[str(i) for i in range(len(BAD))])
def test_bad_input_is_refused_in_one_line(changes: dict[str, object], got: str, accepted: str) -> None:
    with pytest.raises(InputError) as caught:
        Problem.parse(**(GOOD | changes))  # type: ignore[arg-type]
    message = str(caught.value)
    assert message.startswith(got)
    assert accepted in message
    assert message.isprintable()


anything = st.text(max_size=30) | st.text(alphabet="0123456789eE+-./, nainfuto", max_size=20)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("depth", "spectrum", "alpha", "eta", "beta"), anything)))
def test_arbitrary_text_gives_a_problem_or_an_input_error(changes: dict[str, str]) -> None:
    try:
        problem = Problem.parse(**(GOOD | changes))
    except InputError as error:
        assert str(error).isprintable()
    else:
        assert 0 <= problem.beta < problem.alpha


def test_beta_just_below_alpha_is_the_last_one_accepted() -> None:
    assert Problem.parse(**GOOD | {"beta": "0.00999999999999999999999"}).beta < Fraction(1, 100)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"depth": 1}, "--depth"),
        ({"depth": 10**5000}, "--depth: got a number of 16610 bits"),
        ({"depth": "3"}, "--depth"),
        ({"spectrum": ()}, "--spectrum"),
        ({"spectrum": (Eigenvalue.of(Fraction(1)), Eigenvalue.of(Fraction(2)))}, "--spectrum: got 1,2; accepted: eigenvalues in d"),
        ({"alpha": Fraction(0)}, "--alpha"),
        ({"eta": Fraction(-1)}, "--eta"),
        ({"beta": Fraction(1)}, "--beta"),
    ],
)
def test_a_problem_built_directly_is_checked_too(changes: dict[str, object], message: str) -> None:
    good = {"depth": 2, "spectrum": (Eigenvalue.of(Fraction(1)),), "alpha": Fraction(1), "eta": Fraction(1, 4)}
    with pytest.raises(InputError, match=f"^{message}"):
        Problem(**(good | changes))  # type: ignore[arg-type]


def test_problems_are_values_and_can_be_shipped() -> None:
    p = Problem.parse(**GOOD)
    assert pickle.loads(pickle.dumps(p)) == p == Problem.parse(**GOOD)  # noqa: S301 - our own bytes
    assert hash(p) == hash(Problem.parse(**GOOD))


@pytest.mark.parametrize(
    ("depth", "spectrum", "alpha", "eta"),
    [
        (2, "4,1", "0.1", Fraction(1, 8)),
        (3, "8,-1", "0.1", Fraction(1, 48)),
        (3, "1,-8", "0.1", Fraction(1, 48)),
        (3, "1/8", "0.1", Fraction(16, 3)),
        (3, "1", "2", Fraction(1, 48)),
        (3, "8", "2", Fraction(1, 48)),
        (3, "0,0", "1/10", Fraction(10000, 3)),
        (2, "0", "3", Fraction(1, 18)),
        (3, "2", "0.1", Fraction(13228342099734995622, 10**20)),
    ],
)
def test_the_automatic_step_size_is_the_bound(depth: int, spectrum: str, alpha: str, eta: Fraction) -> None:
    p = Problem.parse(depth=depth, spectrum=spectrum, alpha=alpha, eta=" auto")
    assert p.eta == eta
    assert p.warnings == ()


levels = st.fractions(Fraction(1, 1000), 1000, max_denominator=1000)


@given(st.integers(2, 12), levels, levels, st.booleans())
def test_an_irrational_bound_is_rounded_down_in_its_twentieth_digit(depth: int, level: Fraction, alpha: Fraction, negative: bool) -> None:
    eta = Problem.parse(depth=depth, spectrum=[-level if negative else level], alpha=alpha, eta="auto").eta

    def within(step: Fraction) -> bool:  # step <= 1 / (N M^(2N-2)), in integers: both sides to the power N
        return step * depth * alpha ** (2 * depth - 2) <= 1 and (step * depth) ** depth * level ** (2 * depth - 2) <= 1

    assert within(eta)
    assert not within(eta * (1 + Fraction(1, 10**19)))


def test_a_long_rational_bound_is_rounded_down_too() -> None:
    eta = Problem.parse(depth=30, spectrum="0", alpha="1.5", eta="auto").eta
    exact = Fraction(2, 3) ** 58 / 30
    assert exact * (1 - Fraction(1, 10**19)) < eta < exact
    assert len(str(eta.numerator)) <= 20


def test_the_bound_of_a_root_whose_power_is_rational_is_exact(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("2,2\n2,-2\n")  # eigenvalues +-sqrt(8), and 8^(2/3) = 4
    assert Problem.parse(depth=3, matrix=path, alpha="0.1", eta="auto").eta == Fraction(1, 12)
    assert Problem.parse(depth=3, matrix=path, alpha="0.1", eta="1/12").warnings == ()
    assert len(Problem.parse(depth=3, matrix=path, alpha="0.1", eta="0.08333333333333333333333333333333334").warnings) == 1


@pytest.mark.parametrize("alpha", ["1e-100000", "1e100000"])
def test_an_automatic_step_size_beyond_the_limits_is_refused(alpha: str) -> None:
    with pytest.raises(InputError, match=r"^--eta: got auto, which here is about 1e-?\d+; accepted: a step size within"):
        Problem.parse(depth=10**4, spectrum="0", alpha=alpha, eta="auto")


def test_the_largest_depth_is_quick() -> None:
    eta = Problem.parse(depth=10**4, spectrum="7,3/2", alpha="0.9", eta="auto").eta
    assert eta < Fraction(1, 49 * 10**4) * Fraction(1001, 1000)
    assert Problem.parse(depth=10**4, spectrum="7", alpha="12345/12344", eta="auto").eta < Fraction(1, 10**4)


@pytest.mark.parametrize(
    ("spectrum", "alpha", "eta", "expected"),
    [
        ("8,1", "0.1", "1/48", []),
        ("8,1", "0.1", "0.0208333333333333333333333333334", ["exceeds 1/(N M^(2N-2)) = 0.02083, "]),
        ("8,1", "0.1", "2/48", ["exceeds 1/(N M^(2N-2))"]),
        ("8,1", "0.1", "0.0417", ["exceeds 1/(N M^(2N-2))", "--eta 417/10000 exceeds 2/(N lambda_1^(2-2/N)) = 0.04167: "]),
        ("-8", "0.1", "1", ["exceeds 1/(N M^(2N-2)) = 0.02083, "]),
        ("0", "0.1", "3334", ["--eta 3334 exceeds 1/(N M^(2N-2)) = 3.333e+3, "]),
        ("1", "2", "1/47", ["exceeds 1/(N M^(2N-2)) = 0.02083, "]),
        ("2", "0.1", "0.13228342099734995622", []),
        ("2", "0.1", "0.13228342099734995623", ["exceeds 1/(N M^(2N-2))"]),
    ],
)
def test_steps_beyond_the_bounds_warn_in_one_line_each(spectrum: str, alpha: str, eta: str, expected: list[str]) -> None:
    warnings = Problem.parse(depth="3", spectrum=spectrum, alpha=alpha, eta=eta).warnings
    assert len(warnings) == len(expected)
    for line, part in zip(warnings, expected, strict=True):
        assert part in line
        assert line.isprintable()


def test_bounds_too_long_to_build_are_still_compared_and_rounded() -> None:
    bound = StepBound.of_problem(10**4, (Eigenvalue.of(Fraction(0)),), Fraction(10**40 + 1, 10**40))
    assert bound.exact() is None
    rounded = bound.rounded_down()
    assert not bound.exceeded_by(rounded)
    assert bound.exceeded_by(rounded + Fraction(1, 10**22))
