"""States and trajectories: as many certified digits as asked for, containing a plain mpmath run, for both initialisations."""

from fractions import Fraction

import mpmath
import pytest

from dmftheory.errors import InputError
from dmftheory.numerics import highprec
from dmftheory.problem import Problem
from dmftheory.trajectory import Enclosure, effective_rank_at, iterate, snapshots, state_at, trajectory

IDENTICAL = Problem.parse(depth="3", spectrum="10,5,1,0,-2", alpha="1/10", eta="1/500")
PERTURBED = Problem.parse(depth="3", spectrum="2,1,-1", alpha="1/5", eta="1/50", beta="1/20")
DEEP = Problem.parse(depth="5", spectrum="3/2,-1", alpha="1/2", eta="1/50", beta="1/10")
SHALLOW = Problem.parse(depth="2", spectrum="3/2,-1", alpha="1/2", eta="1/20", beta="1/10")

REFERENCE_DIGITS = 200


def as_fraction(value: mpmath.mpf) -> Fraction:
    sign, mantissa, exponent, _ = value._mpf_
    return (-1) ** sign * Fraction(int(mantissa)) * Fraction(2) ** exponent


def holds(enclosure: Enclosure, value: mpmath.mpf) -> bool:
    """Whether the enclosure contains the reference, whose own error is below 10^-100: at most 1e4 steps of 8 roundings at 1e-210, each
    error growing by a factor below 4 in at most 100 steps and not at all, in the large, on the way to rest."""
    exact, slack = as_fraction(value), Fraction(1, 10**100)
    return enclosure.lower - slack <= exact <= enclosure.upper + slack


@pytest.mark.parametrize("step", [0, 1, 50, 4000])
@pytest.mark.parametrize("digits", [5, 30, 60])
def test_states_have_the_digits_asked_for_and_contain_a_plain_run(step: int, digits: int) -> None:
    for index, eigenvalue in enumerate(IDENTICAL.spectrum, start=1):
        found = state_at(IDENTICAL, index, step, digits)
        assert found.accurate_to(digits)
        lam = eigenvalue.rational
        assert lam is not None
        (reference,) = highprec.states(3, lam, IDENTICAL.alpha, IDENTICAL.eta, (step,), REFERENCE_DIGITS)
        assert holds(found, reference)
        product = state_at(IDENTICAL, index, step, digits, quantity="product")
        assert holds(product, reference**3)
        assert state_at(IDENTICAL, index, step, digits, quantity="first") == found


@pytest.mark.parametrize("problem", [SHALLOW, PERTURBED, DEEP], ids=["depth 2", "depth 3", "depth 5"])
def test_perturbed_states_contain_a_plain_run_through_the_saddle(problem: Problem) -> None:
    """The negative eigenvalue crosses a saddle and is learned; coordinate-wise balls would be lost on the way."""
    at = (0, 1, 2, 100, 3000)
    for index, eigenvalue in enumerate(problem.spectrum, start=1):
        lam = eigenvalue.rational
        assert lam is not None
        reference = highprec.pairs(problem.depth, lam, problem.alpha, problem.beta, problem.eta, at, REFERENCE_DIGITS)
        for step, (a, b) in zip(at, reference, strict=True):
            assert holds(state_at(problem, index, step, 20, quantity="first"), a)
            assert holds(state_at(problem, index, step, 20), b)
            product = state_at(problem, index, step, 20, quantity="product")
            assert product.accurate_to(19)
            assert holds(product, a * b ** (problem.depth - 1))


def test_a_trajectory_lists_every_mode_at_every_recorded_step() -> None:
    shots = list(trajectory(IDENTICAL, 20, 15, every=5))
    assert [shot.step for shot in shots] == [0, 5, 10, 15, 20]
    assert all(len(shot.factors) == len(shot.products) == 5 for shot in shots)
    assert shots[-1].factors == tuple(state_at(IDENTICAL, i, 20, 15) for i in range(1, 6))
    start = shots[0].products[0]
    assert start.lower <= Fraction(1, 1000) <= start.upper


def test_the_effective_rank_starts_at_n_and_ends_at_that_of_the_learned_part() -> None:
    first = effective_rank_at(IDENTICAL, 0, 20)
    assert first.lower <= 5 <= first.upper
    assert first.accurate_to(15)
    problem = Problem.parse(depth="2", spectrum="2,1,-1", alpha="1/2", eta="1/10")
    last = effective_rank_at(problem, 600, 20)
    # 600 steps: |lambda - w| < e^(-2 * 600/10 * 0.9) and the negative one decays like (1 - eta)^(2 * 600) (B11), both below 1e-45.
    assert last.lower - Fraction(1, 10**40) <= Fraction(3, 2) <= last.upper + Fraction(1, 10**40)


def test_precision_is_raised_until_the_digits_are_there() -> None:
    """A state near a saddle for long loses digits; the run is repeated with more, and says so only in its cost."""
    problem = Problem.parse(depth="4", spectrum="1", alpha="1/50", eta="1/5")
    found = state_at(problem, 1, 10_000, 30)
    assert found.accurate_to(30)


def test_a_lost_run_is_not_certified() -> None:
    wild = Problem.parse(depth="2", spectrum="1", alpha="3", eta="1")
    assert not state_at(wild, 1, 80, 10).certified
    assert not effective_rank_at(wild, 80, 10).certified
    assert not state_at(wild, 1, 80, 10).accurate_to(1)
    assert iterate(2, wild.spectrum[0], wild.alpha, wild.eta, 80, 64) is None


def test_iterate_returns_a_ball_around_the_state() -> None:
    ball = iterate(3, IDENTICAL.spectrum[0], IDENTICAL.alpha, IDENTICAL.eta, 100, 128)
    assert ball is not None
    (reference,) = highprec.states(3, Fraction(10), IDENTICAL.alpha, IDENTICAL.eta, (100,), REFERENCE_DIGITS)
    truth = as_fraction(reference)
    mantissa, exponent = (int(part) for part in ball.mid().man_exp())
    radius = float(ball.rad())
    assert abs(Fraction(mantissa) * Fraction(2) ** exponent - truth) <= Fraction(radius) * 2 + Fraction(1, 10**100)
    assert 0 < radius < 2.0**-110


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: state_at(IDENTICAL, 0, 1), "index"),
        (lambda: state_at(IDENTICAL, 6, 1), "index"),
        (lambda: state_at(IDENTICAL, 1, -1), "steps"),
        (lambda: state_at(IDENTICAL, 1, 1, 0), "digits"),
        (lambda: state_at(IDENTICAL, 1, 1, quantity="speed"), "quantity"),
        (lambda: list(trajectory(IDENTICAL, 5, every=0)), "every"),
        (lambda: list(snapshots(IDENTICAL, (3, 2))), "steps"),
    ],
)
def test_bad_arguments_are_refused_by_name(call: object, name: str) -> None:
    assert callable(call)
    with pytest.raises(InputError, match=f"^{name}: "):
        call()
