"""Perturbed initialisation: enclosures against plain loops, flow times, the constant c(N), and mutants of each."""

from dataclasses import replace
from fractions import Fraction

import gmpy2
import pytest
from dmftheory.proofs import library, proofs
from flint import arb
from gmpy2 import mpfr
from sympy import Rational

from dmftheory.claims import Theorem
from dmftheory.claims.proof import put_in
from dmftheory.model import perturbed as model
from dmftheory.numerics import perturbed
from dmftheory.numerics.eigenvalues import Eigenvalue
from dmftheory.numerics.highprec import pairs
from dmftheory.numerics.perturbed_flow import perturbed_flow_steps
from dmftheory.numerics.scalars import exact_fraction
from dmftheory.passage import transitions
from dmftheory.problem import Problem
from dmftheory.theorems.chou import perturbed as theorems
from dmftheory.theorems.chou import perturbed_bound as bounds
from dmftheory.trust.check import Checker, ProofError

ONE, MINUS = Eigenvalue.of(Fraction(1)), Eigenvalue.of(Fraction(-1))
START = Fraction(1, 10), Fraction(1, 100), Fraction(1, 50)  # alpha, beta, eta


def enclosure(depth: int, lam: int, steps: int, precision: int = 128) -> perturbed.Pair:
    (found,) = perturbed.pairs_along(depth, Eigenvalue.of(Fraction(lam)), *START, (steps,), precision)
    assert found is not None
    return found


@pytest.mark.parametrize("lam", [1, -1])
def test_radius_stays_below_1e_33_after_1e5_steps(lam: int) -> None:
    found = enclosure(2, lam, 10**5)
    assert found.b[1] - found.b[0] < Fraction(2, 10**33)


@pytest.mark.parametrize("depth", [2, 3, 5])
@pytest.mark.parametrize("lam", [1, -1])
def test_enclosures_contain_a_loop_with_400_bits(depth: int, lam: int) -> None:
    with gmpy2.context(precision=400):
        (reference,) = pairs(depth, Fraction(lam), *START, (2000,), 120)
    found = enclosure(depth, lam, 2000)
    for (low, high), value in zip((found.a, found.b), reference, strict=True):
        exact = Fraction(str(value))
        assert low - Fraction(1, 10**110) <= exact <= high + Fraction(1, 10**110)


def test_a_radius_without_the_rounding_of_the_centre_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(perturbed, "_recentred", lambda a, b, radius, stretch: perturbed._Disc(a.mid(), b.mid(), arb(radius)))
    found = enclosure(2, 1, 300, 64)
    (reference,) = pairs(2, Fraction(1), *START, (300,), 60)
    assert not found.a[0] <= Fraction(str(reference[0])) <= found.a[1]


@pytest.mark.parametrize(("depth", "threshold"), [(2, "1/2"), (3, "1/2"), (4, "1/4")])
def test_a_negative_eigenvalue_passes_where_a_plain_loop_does(depth: int, threshold: str) -> None:
    found = transitions(Problem.parse(depth=str(depth), spectrum="-1", alpha="1/4", eta="1/50", beta="1/10"), threshold).modes[0].passage
    with gmpy2.context(precision=400):
        a, b, k = mpfr(1) / 4 - mpfr(1) / 10, mpfr(1) / 4, 0
        level = -mpfr(gmpy2.mpq(threshold))
        while a * b ** (depth - 1) > level:
            error = a * b ** (depth - 1) + 1
            a, b, k = a - error * b ** (depth - 1) / 50, b - error * a * b ** (depth - 2) / 50, k + 1
    assert found.certified
    assert found.step == k
    assert found.flow_steps is not None
    assert abs(float(found.flow_steps) - k) < 10


def test_flow_time_of_depth_two_is_its_closed_form() -> None:
    alpha, beta, eta = START
    delta = float(beta * (2 * alpha - beta))
    rate = (delta**2 + 4) ** 0.5
    roots = rate + 2, rate - 2  # T^2 and L^2 for lambda = 1
    product = 0.9
    sums = [(a + (a * a + delta) ** 0.5) ** 2 for a in (float(alpha - beta), (((delta**2 + 4 * product**2) ** 0.5 - delta) / 2) ** 0.5)]
    log = gmpy2.log
    time = (log((sums[1] + roots[1]) / (roots[0] - sums[1])) - log((sums[0] + roots[1]) / (roots[0] - sums[0]))) / rate
    found = perturbed_flow_steps(2, ONE, alpha, beta, eta, Fraction(9, 10))
    assert found is not None
    assert abs(float(found) - float(time) / float(eta)) < 1e-8


def test_the_time_at_the_saddle_grows_with_the_imbalance_as_it_should() -> None:
    """Depth 3, lambda < 0: sqrt(pi) Gamma(1/2) / Gamma(1) / sqrt(delta) = pi / sqrt(delta), to leading order."""
    for power in (4, 6, 8):
        beta = Fraction(1, 10**power)
        found = perturbed_flow_steps(3, MINUS, Fraction(1, 10), beta, Fraction(1), Fraction(1, 2))
        assert found is not None
        leading = 3.141592653589793 / float(beta * (Fraction(1, 5) - beta)) ** 0.5
        assert 1 - 20 * 10 ** (-power / 2) < float(found) / leading < 1


@pytest.mark.parametrize(("depth", "value"), [(2, "1.754878"), (3, "1.701607"), (4, "1.678211"), (10, "1.640502")])
def test_the_constant_to_any_number_of_digits(depth: int, value: str) -> None:
    low, high = model.bound_constant(depth).enclosure(40)
    assert high - low <= Fraction(1, 10**40)
    assert (low - 1) ** depth * low ** (depth - 1) < 1 < (high - 1) ** depth * high ** (depth - 1)
    assert abs(low - Fraction(value)) < Fraction(1, 10**6)


@pytest.mark.parametrize("depth", [2, 3])
def test_gradient_flow_keeps_the_matrix_imbalance(depth: int) -> None:
    assert all(identity.residual == 0 for identity in model.verify_balancedness(depth))
    assert all(identity.residual == 0 for identity in model.verify_sum())


def test_a_diverging_run_is_given_up_at_once() -> None:
    huge = perturbed.pairs_along(5, Eigenvalue.of(Fraction(-3)), Fraction(9), Fraction(1), Fraction(4), (20_000,), 128)
    assert list(huge) == [None]


def test_a_radius_that_outgrows_every_memory_is_given_up_while_the_centre_stays_small() -> None:
    close = Fraction(1, 2**102)
    lost = perturbed.pairs_along(2, Eigenvalue.of(close - 1), Fraction(1, 2), close, Fraction(1, 4), (257,), 64)
    assert list(lost) == [None]
    assert exact_fraction(arb(2) ** 10**8) is None


@pytest.mark.parametrize(
    "wrong",
    [
        replace(theorems.no_overshoot, claim=theorems.NEXT_A * theorems.NEXT_B ** (theorems.N - 1) <= theorems.s * Rational(99, 100)),
        replace(theorems.imbalance_decay, assume=()),
        replace(bounds.positive, assume=bounds.positive.assume[1:]),
        replace(bounds.constant_above, assume=()),
    ],
    ids=["a share of the eigenvalue", "any step size", "factors of any size", "any constant"],
)
def test_a_nearby_false_statement_is_not_proved(wrong: Theorem) -> None:
    with pytest.raises(ProofError):
        Checker(library()).theorem(replace(wrong, id=f"{wrong.id}.altered"), proofs()[wrong.id])


@pytest.mark.parametrize(
    ("theorem", "kappa", "holds"),
    [
        (bounds.recalled_convergence, Rational(8), True),
        (bounds.recalled_convergence, Rational(7), False),
        (bounds.recalled_convergence_two, Rational(2), True),
        (bounds.recalled_convergence_two, Rational(19, 10), False),
    ],
)
def test_a_proof_that_names_a_constant_is_checked_at_its_value(theorem: Theorem, kappa: Rational, holds: bool) -> None:
    moved = theorem.with_constants({theorems.nine: kappa})
    tree = put_in(proofs()[theorem.id], moved.constants)
    if holds:
        Checker(library()).theorem(moved, tree)
        return
    with pytest.raises(ProofError):
        Checker(library()).theorem(moved, tree)
