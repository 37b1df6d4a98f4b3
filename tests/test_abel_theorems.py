"""Nearby false statements about the Abel function are not proved by the proofs of the true ones."""

from dataclasses import replace
from typing import Any

import sympy
from dmftheory.proofs import library, proofs

from dmftheory.claims import FlowTime, Theorem
from dmftheory.model import abel
from dmftheory.theorems.abel import count, count_two, decay, defect, recursion, series
from dmftheory.trust.check import Checker, ProofError

N, tau, x, y, z = count.N, count.tau, count.x, count.y, count.z


def rejected(theorem: Theorem, name: str, *index: int) -> bool:
    rule = proofs()[name]
    try:
        Checker(library()).theorem(theorem, rule(*index) if callable(rule) else rule)
    except ProofError:
        return True
    return False


def altered(theorem: Theorem, **changes: Any) -> Theorem:
    """The theorem with another claim, under another name so that it is not its own lemma."""
    return replace(theorem, id=f"{theorem.id}.altered", **changes)


def test_a_wrong_coefficient_of_the_third_polynomial_is_not_proved() -> None:
    (right,) = (member for index, member in series.equation.members() if index == (3, 1))
    wrong_density = series.x ** (abel.exponent(3, series.N) - 1 + 2 * series.N) / (1 - series.x**series.N)
    f = series.x ** (series.N - 1) * (1 - series.x**series.N)
    wrong = altered(right, claim=sympy.Eq(right.claim.lhs + f * wrong_density, 0, evaluate=False))
    assert rejected(wrong, "abel.series.equation", 3, 1)
    assert not rejected(altered(right), "abel.series.equation", 3, 1)


def test_another_share_of_the_logarithm_is_not_proved() -> None:
    share = sympy.Rational(1, 3)
    bound = (N * tau * x ** (N - 2) / (1 - N * tau)) ** 2 / 4
    wrong = FlowTime(N, x, z) / tau + share * (sympy.log(count.field(z)) - sympy.log(count.field(x))) - 1
    assert rejected(altered(count.one_step, claim=count.between(-bound, wrong, bound)), "abel.count.one_step")


def test_a_potential_without_its_logarithm_is_not_proved() -> None:
    def poor(at: Any) -> Any:
        return tau * at ** (N - 2) / (N - 2)

    claim = (y - x) * tau * x ** (N - 3) / (1 - x**N) <= (1 + tau) ** (N - 1) * (poor(y) - poor(x))
    assert rejected(altered(count.potential_grows, claim=claim), "abel.count.potential_grows")


def test_a_bracket_without_the_last_step_is_not_proved() -> None:
    claim = sympy.And(defect.Delta - defect.epsilon <= defect.T, defect.T < defect.Delta + defect.epsilon)
    assert rejected(altered(defect.bracket, claim=claim), "abel.defect.bracket")
    assert not rejected(altered(defect.bracket), "abel.defect.bracket")


def test_a_step_that_is_too_long_is_not_covered() -> None:
    given = {**count.count_grows.given, tau: sympy.Interval.open(0, 1 / N)}
    assert rejected(altered(count.count_grows, given=given), "abel.count.count_grows")


def test_wrong_steps_of_the_recursion_are_not_proved() -> None:
    r = recursion
    more = sympy.Eq(r.NEXT, (r.m + 2) * r.N * r.D, evaluate=False)
    assert rejected(altered(r.pole, claim=more), "abel.recursion.pole")
    kept = {**r.degree.given, r.b: r.REAL}
    assert rejected(altered(r.degree, given=kept), "abel.recursion.degree")
    same = sympy.Eq(r.COEFFICIENT, ((r.j - 1) * (2 * r.N - 2) - 1 - r.m) * r.b, evaluate=False)
    assert rejected(altered(r.leading, claim=same), "abel.recursion.leading")
    (right,) = (member for index, member in r.residue.members() if index == (4,))
    wrong = altered(right, claim=sympy.Eq(right.claim.lhs, right.claim.rhs + r.N**3 / 10**6, evaluate=False))
    assert rejected(wrong, "abel.recursion.residue", 4)
    assert not rejected(altered(right), "abel.recursion.residue", 4)


def test_a_faster_flow_at_depth_two_is_not_proved() -> None:
    assert rejected(altered(count_two.step_time, claim=tau <= FlowTime(2, x, z)), "abel.count_two.step_time")


def test_a_zero_eigenvalue_without_its_logarithm_is_not_proved() -> None:
    poor = (decay.z ** (2 - 2 * N) - x ** (2 - 2 * N)) / ((2 * N - 2) * tau)
    bound = decay.cost(decay.ratio(x)) * decay.ratio(x) ** 2
    assert rejected(altered(decay.one_step, claim=count.between(0, poor - 1, bound)), "abel.decay.one_step")
    rising = decay.ratio(x) <= decay.ratio(decay.z)
    assert rejected(altered(decay.share_falls, claim=rising), "abel.decay.share_falls")
