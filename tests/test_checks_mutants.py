"""Every kind of check can fail: it sees a statement with a changed constant or exponent, and a simulator with a changed step."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import gmpy2
import mpmath
import pytest
from dmftheory.checks import checks, interval, matrices, simulate
from dmftheory.checks.series import hypergeometric
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Implies, Interval, Rational

from dmftheory.claims import Factor, Family, FirstPassage, FlowTime, Theorem
from dmftheory.claims.formula import And as All
from dmftheory.claims.formula import Formula, Relation, map_terms
from dmftheory.theorems.chou import decay, effective_rank, factors, flow_time, passage, rank_curve, rates, scaling, step_size
from dmftheory.theorems.lemmas import inequalities

ATTEMPTS = 4  # the mutant has to be seen within this multiple of the effort of the profile


def violation(statement: Theorem | Family) -> str | None:
    found = checks()[statement.id](statement, 0, ATTEMPTS * settings().max_examples).violation
    assert found is None or isinstance(found, str)
    return found


def changed(statement: Theorem | Family, old: Any, new: Any) -> Theorem | Family:
    """The statement with one expression of its claim replaced everywhere; it has to be there."""
    if isinstance(statement, Family):
        return replace(statement, member=lambda *index: _changed(statement.member(*index), old, new))
    mutant = _changed(statement, old, new)
    assert mutant.conclusion != statement.conclusion
    return mutant


def _changed(theorem: Theorem, old: Any, new: Any) -> Theorem:
    return replace(theorem, claim=map_terms(theorem.conclusion, lambda term: term.xreplace({old: new})))


def shifted(statement: Theorem | Family, amount: Any) -> Theorem | Family:
    """The statement with something added to the right side of each of its relations."""
    if isinstance(statement, Family):
        return replace(statement, member=lambda *index: shifted(statement.member(*index), amount))
    return replace(statement, claim=_shifted(statement.conclusion, amount))


def _shifted(claim: Formula, amount: Any) -> Formula:
    if isinstance(claim, All):
        return All(tuple(_shifted(part, amount) for part in claim.parts))
    assert isinstance(claim, Relation)
    return Relation(claim.left, claim.op, claim.right + amount)


HAIR = Rational(1, 10**20)
N, tau = passage.N, passage.tau
COUNT = FirstPassage(N, tau, passage.x0, passage.theta)
TIMES = FlowTime(N, passage.x0, passage.z), FlowTime(N, passage.z, passage.y)
ZERO, NEGATIVE = decay.ZERO_STATE, Factor(2, -decay.s, decay.alpha, decay.eta, decay.k)
STEEPER = {**step_size.increasing.given, step_size.eta: Interval.Lopen(0, Rational(101, 100) / (N * step_size.M ** (2 * N - 2)))}

MUTANTS: dict[str, Theorem | Family] = {
    "another power of the factors in a gradient step": changed(factors.gradient_step, factors.D ** (N - 1), factors.D**N),
    "another power in the product": changed(factors.product, factors.D**N, factors.D ** (N - 1)),
    "a plateau without epsilon": changed(effective_rank.plateau, effective_rank.eps, effective_rank.eps / 100),
    "a plateau without delta": changed(effective_rank.plateau, effective_rank.delta, effective_rank.delta / 100),
    "a window without delta": changed(effective_rank.window, effective_rank.delta, effective_rank.delta / 100),
    "a learned mode within half of epsilon": changed(effective_rank.learned_mode, effective_rank.eps, effective_rank.eps / 2),
    "a waiting mode below half of delta": changed(effective_rank.waiting_mode, effective_rank.delta, effective_rank.delta / 2),
    "an effective rank of at most n - 1/100": shifted(effective_rank.bounds, -Rational(1, 100)),
    "a step size of 1.01 times the safe one": replace(step_size.increasing, given=STEEPER),
    "a quadratic remainder of N^2 for 5 N^2": changed(step_size.multiplier, 5 * N**2 * tau * step_size.h**2, N**2 * tau * step_size.h**2),
    "a faster linear rate": changed(rates.from_below, rates.g, rates.g * Rational(21, 20)),
    "one step fewer": replace(rates.step_count, claim=shifted(rates.step_count, -1).claim),
    "passages a fifth later": replace(passage.at_least, claim=COUNT >= Rational(6, 5) * sum(TIMES) / tau),
    "passages at the flow's time": replace(passage.at_most, claim=COUNT <= sum(TIMES) / tau),
    "steps that move nothing": changed(passage.finite, tau, Rational(0)),
    "a step of twice the bound": changed(step_size.invariant, step_size.tau, 2 * step_size.tau),
    "a stretch of 1": changed(passage.fast_step, passage.A, Rational(1)),
    "a faster decay of a zero eigenvalue": replace(
        decay.zero,
        claim=decay.alpha ** (2 - 2 * N) + (2 * N - 1) * decay.eta * decay.k <= ZERO ** (2 - 2 * N),
    ),
    "a decay that ignores the state": replace(
        decay.negative_depth_two,
        claim=NEGATIVE <= decay.alpha * (1 - decay.eta * (decay.s + decay.alpha**2 / 2)) ** decay.k,
    ),
    "another scaling of the step size": changed(
        scaling.steps, scaling.tau * scaling.r ** (2 - 2 * N), scaling.tau * scaling.r ** (1 - 2 * N)
    ),
    "learning times that scale with another power": changed(scaling.flow, scaling.r ** (2 - 2 * N), scaling.r ** (3 - 2 * N)),
    "a flow time that is off by a hair": shifted(flow_time.closed_form, HAIR),
    "an elementary flow time that is off by a hair": shifted(flow_time.elementary, HAIR),
    "a recovery time that is off by a hair": shifted(flow_time.recovery_depth_two, HAIR),
    "a pull compared the other way": replace(
        rank_curve.next_step,
        claim=Implies(
            rank_curve.x * rank_curve.v <= rank_curve.u * rank_curve.y,
            rank_curve.pull(rank_curve.v, rank_curve.r) >= rank_curve.pull(rank_curve.u, rank_curve.q),
        ),
    ),
    "an effective rank that rises from the first step": replace(rank_curve.two, claim=rank_curve.no_fall(rank_curve.k)),
    "a third in place of a half": changed(inequalities.bernoulli_upper, Rational(1, 2), Rational(1, 3)),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_check_sees_a_changed_statement(name: str) -> None:
    assert violation(MUTANTS[name]) is not None


def test_check_sees_another_exponent_in_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulate, "gradient_step", lambda depth, lam, eta, d: d - eta * d**depth * (d**depth - lam))
    for statement in (scaling.steps, decay.zero, rates.from_below, passage.at_least):
        assert violation(statement) is not None, statement.id


def test_check_sees_a_loop_that_never_learns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulate, "gradient_step", lambda depth, lam, eta, d: d)
    assert violation(rates.convergence) is not None
    assert violation(passage.fast) is not None


def test_check_sees_a_full_matrix_gradient_that_forgets_a_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_the_first(descended: Sequence[matrices.Matrix], target: matrices.Matrix, j: int) -> matrices.Matrix:
        return right(descended, target, j) if j < 1 else right([matrices.power(descended[0], 0), *descended[1:]], target, j)

    right = matrices.gradient
    monkeypatch.setattr(matrices, "gradient", without_the_first)
    assert violation(factors.gradient_step) is not None


def test_window_is_checked_on_the_full_matrix_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scalar loop is out of order, and nobody misses it."""
    monkeypatch.delattr(simulate, "gradient_step")
    assert violation(effective_rank.window) is None
    with pytest.raises(NameError):
        violation(effective_rank.learned_mode)


RATIONALS = st.fractions(min_value=-50, max_value=50, max_denominator=60)


def contains(found: interval.Interval, exact: Fraction) -> bool:
    return bool(found.low <= gmpy2.mpq(exact) <= found.high)


def polynomial(x: Any, y: Any) -> Any:
    """Something of everything that the loops compute."""
    return (x - y * 3) ** 3 * (x + y) - abs(x) / (y * y + 1) - (y - x) ** 2


@given(RATIONALS, RATIONALS, st.sampled_from([4, 9, 40]))
def test_intervals_hold_the_exact_value(x: Fraction, y: Fraction, bits: int) -> None:
    assert contains(polynomial(*(interval.Interval.of(v, bits) for v in (x, y))), polynomial(x, y))


def test_rounding_to_nearest_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interval, "_rounding", lambda bits: (gmpy2.context(precision=bits),) * 2)
    x, y = Fraction(1, 3), Fraction(5, 7)
    assert not contains(polynomial(*(interval.Interval.of(v, 9) for v in (x, y))), polynomial(x, y))


@given(st.fractions(min_value=Fraction(1, 50), max_value=20, max_denominator=60), st.sampled_from(["log", "exp", "atan", "cos", "sin"]))
def test_functions_hold_the_value_of_mpmath(x: Fraction, name: str) -> None:
    point = interval.Interval.of(x, 60)
    found = point.increasing(name) if name in ("log", "exp", "atan") else point.wave(name)
    with mpmath.workdps(60):
        assert contains(found, _exact(getattr(mpmath, name)(mpmath.mpf(x.numerator) / x.denominator)))
    assert found.width is not None and found.width < Fraction(1, 2**20)


@given(
    st.fractions(min_value=-20, max_value=Fraction(9, 10), max_denominator=60),
    st.sampled_from([(Fraction(-1, 3), Fraction(2, 3)), (Fraction(4, 3), Fraction(7, 3)), (Fraction(2, 5), Fraction(7, 5))]),
)
def test_series_holds_the_value_of_mpmath(z: Fraction, parameters: tuple[Fraction, Fraction]) -> None:
    found = hypergeometric([Fraction(1), parameters[0]], [parameters[1]], z, 100)
    with mpmath.workdps(60):
        b, c, point = (mpmath.mpf(v.numerator) / v.denominator for v in (*parameters, z))
        assert contains(found, _exact(mpmath.hyp2f1(1, b, c, point)))
    assert found.width is not None and found.width < Fraction(1, 2**80)


def _exact(value: Any) -> Fraction:
    sign, mantissa, exponent, _ = value._mpf_
    return (-1) ** sign * Fraction(int(mantissa)) * Fraction(2) ** exponent
