"""Orbits of period two: interval Newton against the exact curve, and what it must refuse."""

from fractions import Fraction

import pytest
from flint import arb

from dmftheory.errors import InputError
from dmftheory.numerics import orbits
from dmftheory.numerics.orbits import cycle_guess, period_doubling, periodic_orbit, two_cycle
from dmftheory.numerics.scalars import Bounds, to_ball, working_precision


def ball(bounds: Bounds) -> arb:
    return to_ball(bounds[0]).union(to_ball(bounds[1]))


@pytest.mark.parametrize("depth", range(2, 7))
@pytest.mark.parametrize("excess", [Fraction(101, 100), Fraction(11, 10), Fraction(13, 10)])
def test_two_cycle_lies_on_the_curve_and_is_stable_before_its_period_doubles(depth: int, excess: Fraction) -> None:
    tau = excess * 2 / depth
    orbit = two_cycle(depth, tau)
    assert orbit is not None
    with working_precision(256):
        low, high = (ball(state) for state in orbit.states)
        q = high / low
        assert (low**depth * (1 + q ** (2 * depth - 1))).overlaps(1 + q ** (depth - 1))
        assert (5 - 2 * (q + 1 / q)).overlaps(ball(orbit.across))
        for x, y in ((low, high), (high, low)):
            assert (x + to_ball(tau) * x ** (depth - 1) * (1 - x**depth)).overlaps(y)
    doubling = period_doubling(depth)
    assert orbit.stable is (tau < doubling.tau[0])


def test_depth_two_in_closed_form() -> None:
    orbit = two_cycle(2, Fraction(11, 10))
    assert orbit is not None
    assert orbit.along[0] <= Fraction(9) - 2 * Fraction(21, 10) ** 2 <= orbit.along[1]
    assert orbit.across[0] <= Fraction(3) - Fraction(22, 10) <= orbit.across[1]
    doubling = period_doubling(2)
    with working_precision(128):
        assert ball(doubling.tau).overlaps(arb(5).sqrt() - 1)
        assert ball(doubling.ratio).overlaps((1 + arb(5).sqrt()) / 2)


@pytest.mark.parametrize("depth", range(2, 7))
def test_the_multiplier_passes_minus_one_where_the_period_doubles(depth: int) -> None:
    at = period_doubling(depth)
    step = Fraction(1, 10**6)
    before, after = two_cycle(depth, at.tau[0] - step), two_cycle(depth, at.tau[1] + step)
    assert before is not None
    assert after is not None
    assert before.stable is True
    assert after.stable is False
    assert before.along[0] > -1 > after.along[1]
    assert at.tau[1] - at.tau[0] < Fraction(1, 10**30)


def test_no_orbit_before_the_stability_limit() -> None:
    assert two_cycle(3, Fraction(2, 3)) is None
    assert two_cycle(3, Fraction(1, 2)) is None


def test_beyond_the_period_doubling_there_is_an_orbit_of_period_four() -> None:
    tau = Fraction(63, 50)
    orbit = periodic_orbit(2, tau, cycle_guess(2, float(tau), 4))
    assert orbit is not None
    assert orbit.stable is True
    assert all(one[1] < other[0] or other[1] < one[0] for i, one in enumerate(orbit.states) for other in orbit.states[:i])


def test_box_without_a_zero_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orbits, "_polished", lambda depth, tau, states: states)
    assert periodic_orbit(3, Fraction(7, 10), (0.9, 1.2)) is None


def test_wrong_jacobian_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    good = two_cycle(3, Fraction(7, 10))
    monkeypatch.setattr(orbits, "slope", lambda depth, tau, x: 3 + 0 * x + arb(0, 4))
    bad = two_cycle(3, Fraction(7, 10))
    assert good is not None
    assert bad is None or bad.stable is None


def test_bad_input() -> None:
    with pytest.raises(InputError):
        periodic_orbit(1, Fraction(1), (1.0,))
    with pytest.raises(InputError):
        periodic_orbit(2, Fraction(0), (1.0,))
    with pytest.raises(InputError):
        period_doubling(1)
