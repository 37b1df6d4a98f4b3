"""Flow times in balls: the closed forms overlap rigorous quadrature for every sign and side, and the printed decimals are right."""

import random
from fractions import Fraction

import pytest
from flint import acb, arb

from dmftheory.numerics.eigenvalues import Eigenvalue
from dmftheory.numerics.flow import flow_steps, flow_time, normal_time
from dmftheory.numerics.scalars import to_ball, working_precision

BITS = 128


def quadrature(depth: int, lam: Fraction, x: Fraction, y: Fraction) -> arb:
    """int_x^y dz / (z^(N-1) (lambda - z^N)) by Arb's rigorous integrator; a rational function needs no word on branch cuts."""
    target = acb(to_ball(lam))
    return acb.integral(lambda z, _: 1 / (z ** (depth - 1) * (target - z**depth)), acb(to_ball(x)), acb(to_ball(y))).real


@pytest.mark.parametrize("depth", [2, 3, 4, 5, 6, 9, 12])
def test_closed_forms_overlap_rigorous_quadrature(depth: int) -> None:
    """Both are balls that contain the truth; the quadrature's own radius is the tolerance, and it is small."""
    rng = random.Random(depth)
    with working_precision(BITS):
        for _ in range(8):
            lam = Fraction(rng.randint(10, 300), 100)
            r = lam.numerator / lam.denominator
            low, high = sorted(Fraction(rng.randint(5, 95), 100) for _ in range(2))
            root = Fraction(int(r ** (1 / depth) * 1000), 1000)  # below r, good enough to place points on its sides
            cases = [
                (lam, low * root, (high + Fraction(1, 50)) * root),
                (lam, root * (2 + high), root * (1 + low / 2 + Fraction(1, 50))),
                (-lam, root * (high + Fraction(1, 50)), root * low),
                (Fraction(0), root * (high + Fraction(1, 50)), root * low),
            ]
            for value, x, y in cases:
                closed = flow_time(depth, Eigenvalue.of(value), to_ball(x) ** depth, to_ball(y) ** depth)
                integral = quadrature(depth, value, x, y)
                assert closed.overlaps(integral)
                assert closed > 0
                assert closed.rel_accuracy_bits() > BITS // 2
                assert integral.rel_accuracy_bits() > BITS // 2


def test_times_add_up_and_scale_as_the_normal_form_says() -> None:
    with working_precision(BITS):
        a, b, c = (arb(v) / 64 for v in (1, 20, 63))
        assert (normal_time(3, a, b) + normal_time(3, b, c)).overlaps(normal_time(3, a, c))
        lam = Eigenvalue.of(Fraction(8))  # r = 2, lambda^(2 - 2/3) = 16
        assert (16 * flow_time(3, lam, 8 * a, 8 * c)).overlaps(normal_time(3, a, c))


def test_an_irrational_eigenvalue_and_a_point_across_the_limit() -> None:
    golden = Eigenvalue((-1, -1, 1), (Fraction(3, 2), Fraction(2)))
    with working_precision(BITS):
        lam = golden.ball(BITS)
        time = flow_time(2, golden, lam / 100, lam / 2)
        assert (lam * time).overlaps(((arb(1) / 2).log() - (arb(1) / 99).log() - (arb(1) / 2).log()) / 2)
        assert not flow_time(2, golden, lam / 2, lam * 2).is_finite()


def test_printed_steps_are_correctly_rounded() -> None:
    """N = 2, lambda = 5/4, eta = 4/5, u from 1/5 to 1/2: the time is (1/2) ln(4) = 0.693147180559945..."""
    found = flow_steps(2, Eigenvalue.of(Fraction(5, 4)), Fraction(1, 2), Fraction(4, 5), Fraction(1, 2))
    assert found == "0.693147180560"
    assert flow_steps(2, Eigenvalue.of(Fraction(1)), Fraction(1, 2), Fraction(1), Fraction(2)) is None


def test_levels_extremely_close_to_the_limit_are_still_resolved() -> None:
    """N = 2: (1/2) ln(u (1 - u0) / ((1 - u) u0)) with 1 - u = 10^-100, u0 = 10^-6; ten decimals are printed, ln(u) is below 10^-99."""
    found = flow_steps(2, Eigenvalue.of(Fraction(1)), Fraction(1, 1000), Fraction(1), 1 - Fraction(1, 10**100))
    assert found is not None
    with working_precision(BITS):
        exact = (100 * arb(10).log() + (arb(10**6) - 1).log()) / 2
        assert abs(arb(found) - exact) <= arb("0.51e-9")  # 12 digits of a number between 100 and 1000, half a unit of the last
