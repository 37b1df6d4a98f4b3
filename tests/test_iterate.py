"""Certified iteration: the enclosure contains the truth, is tight where order is kept, and fails the moment a hypothesis is dropped."""

import random
from fractions import Fraction

import gmpy2
import pytest
from gmpy2 import mpfr

from dmftheory.numerics import iterate, kernels
from dmftheory.numerics.eigenvalues import Eigenvalue
from dmftheory.numerics.iterate import Recursion, along, increasing_to, monotone
from dmftheory.numerics.kernels import DOWN, UP, climb, climbable, fraction, rounded, rounding

Bounds = tuple[Fraction, Fraction]


PRECISION = 1200


def reference(recursion: Recursion, steps: int) -> Fraction:
    """d(steps) by a plain loop, rounded to nearest."""
    lam = recursion.eigenvalue.rational
    assert lam is not None
    with gmpy2.context(precision=PRECISION):
        d, target, eta = (mpfr(gmpy2.mpq(q.numerator, q.denominator)) for q in (recursion.alpha, lam, recursion.eta))
        for _ in range(steps):
            d = d + eta * d ** (recursion.depth - 1) * (target - d**recursion.depth)
        return fraction(d)


def slip(steps: int) -> Fraction:
    """A bound of the rounding error of `reference`, for bounded runs.

    Every step makes at most 8 roundings of numbers below 2^8, and multiplies what it finds by the slope of the map, which
    eta N M^(2N-2) <= 3/2 keeps below 1 + 2 * 3/2 = 4: in all at most steps * 8 * 2^8 * 4^steps units of 2^-PRECISION.
    """
    return steps * Fraction(2) ** (11 + 2 * steps - PRECISION)


def inside(ends: Bounds, truth: Fraction, allowance: Fraction) -> bool:
    return ends[0] - allowance <= truth <= ends[1] + allowance


def draw(rng: random.Random, n_tau: Fraction) -> Recursion:
    """A random recursion, lambda of any sign, with N eta M^(2N-2) about `n_tau` (M >= alpha, |lambda|^(1/N))."""
    n = rng.choice([2, 2, 3, 3, 4, 5, 6, 9])
    lam = Fraction(rng.randint(-300, 300), rng.randint(50, 150))
    alpha = Fraction(rng.randint(1, 150), 100)
    top = max(alpha**n, abs(lam), Fraction(1, 100))
    # eta below 1/(N M^(2N-2)): M^(2N-2) <= max(top, top^2) as 2N-2 lies between N and 2N.
    return Recursion(n, Eigenvalue.of(lam), alpha, n_tau / (n * max(top, top**2)))


def test_the_hypothesis_says_that_the_derivative_is_nonnegative() -> None:
    rng = random.Random(1)
    seen = set()
    for _ in range(300):
        recursion = draw(rng, Fraction(rng.randint(1, 30), 10))
        n, lam, eta, bound = recursion.depth, recursion.eigenvalue.rational, recursion.eta, recursion.alpha
        assert lam is not None
        slopes = [1 + eta * ((n - 1) * lam * z ** (n - 2) - (2 * n - 1) * z ** (2 * n - 2)) for z in (bound * i / 24 for i in range(25))]
        verdict = increasing_to(recursion, bound)
        seen.add(verdict)
        if verdict:
            assert min(slopes) >= 0
        else:
            assert slopes[-1] < 0
    assert seen == {True, False}


def test_the_hypothesis_is_decided_exactly_where_it_holds_with_equality() -> None:
    edge = Recursion(3, Eigenvalue.of(Fraction(8)), Fraction(1), Fraction(1, 48))  # N eta lambda^(4/3) = 3 * 16 / 48
    assert monotone(edge) is True
    assert monotone(Recursion(3, edge.eigenvalue, edge.alpha, edge.eta * Fraction(10**40 + 1, 10**40))) is False
    assert increasing_to(Recursion(2, Eigenvalue.of(Fraction(0)), Fraction(1), Fraction(1, 3)), Fraction(1)) is True


def test_enclosures_contain_a_far_more_precise_run() -> None:
    rng = random.Random(2)
    kept = lost = 0
    for _ in range(120):
        recursion = draw(rng, Fraction(rng.randint(1, 12), 10))
        steps = rng.choice([0, 1, 2, 17, 300])
        (ends,) = along(recursion, (steps,), 80)
        kept += monotone(recursion) is True
        if ends is None:
            lost += 1
            assert recursion.eta * recursion.depth * recursion.alpha ** (2 * recursion.depth - 2) > 1
            continue
        assert inside(ends, reference(recursion, steps), slip(steps))
    assert 40 < kept < 115  # both methods were used
    assert lost < 5


def test_order_keeping_runs_lose_only_the_digits_that_the_dynamics_takes() -> None:
    """With k steps of at most 6 roundings each and the growth f(d(k))/f(alpha) of a perturbation, below (1/alpha)^(N-1)."""
    for n, alpha, steps in ((2, Fraction(1, 1000), 20_000), (3, Fraction(1, 100), 20_000), (5, Fraction(1, 4), 5_000)):
        recursion = Recursion(n, Eigenvalue.of(Fraction(1)), alpha, Fraction(1, 100))
        (ends,) = along(recursion, (steps,), 128)
        assert ends is not None
        assert ends[1] - ends[0] <= 12 * (steps + 1) * alpha ** (1 - n) * Fraction(1, 2**127)


def test_a_trajectory_is_resumed_where_it_stopped() -> None:
    recursion = Recursion(3, Eigenvalue.of(Fraction(2)), Fraction(1, 5), Fraction(1, 50))
    together = list(along(recursion, (0, 7, 8, 200), 96))
    assert together == [next(along(recursion, (k,), 96)) for k in (0, 7, 8, 200)]


def test_iterates_stay_on_their_side_of_the_limit() -> None:
    recursion = Recursion(4, Eigenvalue.of(Fraction(16)), Fraction(1), Fraction(1, 4 * 64))  # r = 2, N eta r^6 = 1
    (ends,) = along(recursion, (5000,), 64)
    assert ends is not None
    assert ends[0] <= 2
    assert 2 <= ends[1] <= 2 + Fraction(1, 2**60)  # the upper end rests one rounding above r


def test_large_steps_fall_back_to_the_mean_value_form() -> None:
    stable = Recursion(3, Eigenvalue.of(Fraction(1)), Fraction(1, 2), Fraction(3, 2) / 3)
    (ends,) = along(stable, (400,), 128)
    assert ends is not None
    assert inside(ends, Fraction(1), Fraction(1, 2**60))
    wild = Recursion(2, Eigenvalue.of(Fraction(1)), Fraction(3), Fraction(1))
    assert list(along(wild, (1, 60), 64))[1] is None


@pytest.mark.parametrize("depth", [2, 3, 4, 5, 6, 7, 30])
def test_climbing_ends_stay_on_their_side_of_the_exact_iterate(depth: int) -> None:
    """Three exact steps, each compared with one directed step from the same rational."""
    rng = random.Random(depth)
    for _ in range(40):
        lam, eta = Fraction(rng.randint(50, 200), 100), Fraction(rng.randint(1, 100), 1000 * depth)
        d = Fraction(rng.randint(1, 1000), 1500)
        exact = d + eta * d ** (depth - 1) * (lam - d**depth)
        assert d**depth < lam
        for direction in (DOWN, UP):
            with rounding(direction, 53):
                rising = climb(depth, lam, eta)
                _, state = rising.advance(rounded(d) ** rising.power, mpfr(10), 1)
                assert direction * (fraction(state) - exact**rising.power) >= 0
                other = kernels.settle(depth, lam, eta, mpfr(10))(rounded(d), 1)
                assert direction * (fraction(other) - exact) >= 0


@pytest.mark.parametrize("depth", [2, 3, 4, 5, 8])
@pytest.mark.parametrize("lam", [Fraction(-3, 7), Fraction(0), Fraction(1, 5)])
def test_settling_ends_stay_on_their_side_for_every_sign(depth: int, lam: Fraction) -> None:
    for i in range(1, 30):
        d, eta = Fraction(i, 31), Fraction(1, 3 * depth)
        exact = d + eta * d ** (depth - 1) * (lam - d**depth)
        for direction in (DOWN, UP):
            with rounding(direction, 40):
                state = kernels.settle(depth, lam, eta, mpfr(10))(rounded(d), 1)
            assert direction * (fraction(state) - exact) >= 0


def test_levels_too_close_to_lambda_are_not_climbed() -> None:
    assert climbable(3, Fraction(1) - Fraction(1, 2**40), Fraction(1), 64)
    assert not climbable(3, Fraction(1) - Fraction(1, 2**62), Fraction(1), 64)


def test_mutant_rounding_the_wrong_way_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = kernels.rounding
    monkeypatch.setattr(iterate, "rounding", lambda direction, precision: honest(-direction, precision))
    recursion = Recursion(3, Eigenvalue.of(Fraction(1)), Fraction(1, 10), Fraction(1, 30))
    (ends,) = along(recursion, (200,), 64)
    assert ends is not None
    assert not inside(ends, reference(recursion, 200), slip(200))


def test_mutant_dropping_the_hypothesis_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the map decreases, pushed ends change sides: the upper one no longer bounds the truth."""
    recursion = Recursion(2, Eigenvalue.of(Fraction(1)), Fraction(1, 10), Fraction(4, 5))  # N eta = 1.6: overshoots
    monkeypatch.setattr(iterate, "monotone", lambda recursion: True)
    (ends,) = along(recursion, (9,), 64)
    assert ends is not None
    assert not inside(ends, reference(recursion, 9), slip(9))
    monkeypatch.undo()
    (ends,) = along(recursion, (9,), 64)
    assert ends is not None
    assert inside(ends, reference(recursion, 9), slip(9))
