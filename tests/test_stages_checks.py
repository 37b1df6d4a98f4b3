"""The checks of cao.stages and cao.orbits can fail: each sees its statement with a moved constant, index or sign."""

from dataclasses import replace
from typing import Any

import pytest
from dmftheory.checks import checks
from hypothesis import settings
from sympy import Abs, Eq, Implies, Rational, log

from dmftheory.claims import FlowTime, LearningStep, LearningTime, Theorem
from dmftheory.theorems.cao import orbits, stages
from dmftheory.theorems.cao.stages import ENDS, LEVEL, N, a, b, curvature, field, k, loss, r, state, tau, u, waiting, x, x0, y
from dmftheory.theorems.cao.stages import z as turn

HAIR = Rational(1, 10**20)
ATTEMPTS = 4
q, t, at = orbits.q, orbits.t, orbits.x


def fall(step: Any) -> Any:
    return loss(state(step)) - loss(state(step + 1))


FALSE: list[tuple[Theorem, Any]] = [
    (stages.curvature_sign, Implies(k + 1 <= ENDS, curvature(state(k)) < -Rational(1, 2))),
    (stages.curvature_sign, Implies(ENDS <= k + 1, curvature(state(k)) >= 0)),
    (stages.rate, Implies(k + 1 <= ENDS, field(state(k)) <= field(state(k + 1)))),
    (stages.rate, Implies(ENDS <= k + 1, field(state(k + 1)) <= field(state(k)))),
    (stages.merged, Implies(ENDS <= k + 1, field(state(k + 1)) <= field(state(k)))),
    (stages.decrease, Implies(k + 1 <= ENDS, fall(k) <= fall(k + 1))),
    (stages.decrease, Implies(ENDS <= k + 2, fall(k + 1) <= fall(k))),
    (stages.two_steps, Implies(x <= turn, loss(y) - loss(stages.w) <= loss(x) - loss(y))),
    (stages.loss_rising, loss(x) - loss(y) <= N * field(y) * (y - x) / 2),
    (stages.loss_falling, N * field(y) * (y - x) * 2 <= loss(x) - loss(y)),
    (stages.height, waiting(r * u) ** 2 <= r ** (4 * N - 2) * field(turn) ** 2 / 2),
    (stages.valley, a + b < a),
    (stages.region, LearningTime(N, r**N, x0, u) <= FlowTime(N, x0, y)),
    (stages.region_depth_two, LearningTime(2, r**2, x0, u) <= FlowTime(2, x0, y)),
    (stages.region_steps, stages.Factor(N, r**N, x0, tau, k) <= x0),
    (stages.escape, FlowTime(N, x, y) <= (x ** (2 - N) - y ** (2 - N)) / (N - 2)),
    (stages.escape_depth_two, FlowTime(2, x, y) <= log(y / x)),
    (stages.visit, 2 * (N * field(x) ** 2 + N * waiting(u) ** 2) <= N * (N * (1 - x)) ** 2 + N * (r**N * u ** (N - 1)) ** 2),
    (orbits.curve, Eq(orbits.step(at, t), q * at + HAIR)),
    (orbits.only, Eq(orbits.step(at, tau) + orbits.step(q * at, tau), (q + 1) * at + HAIR)),
    (orbits.multiplier_along, Eq(orbits.slope(at, t) * orbits.slope(q * at, t), orbits.along(q) + HAIR)),
    (orbits.multiplier_across, Eq(orbits.across(at, t) * orbits.across(q * at, t), 5 - 2 * (q + 1 / q) + HAIR)),
    (orbits.balance, Implies(q + 1 / q < 4, Abs(5 - 2 * (q + 1 / q)) < 1)),
    (orbits.difference, Eq(orbits.a - orbits.b, (orbits.a - orbits.b) * (1 - tau))),
    (orbits.factorisation, Eq(orbits.a * orbits.m, orbits.a + HAIR)),
    (orbits.depth_two, Eq(t * at**2, 1 / q + HAIR)),
    (orbits.depth_two_stable, Implies((1 + tau) ** 2 < 6, Abs(9 - 2 * (1 + tau) ** 2) < 1)),
]


def violation(statement: Theorem) -> str | None:
    found: str | None = checks()[statement.id](statement, 0, ATTEMPTS * settings().max_examples).violation
    return found


@pytest.mark.parametrize(("statement", "claim"), FALSE, ids=lambda value: value.id if isinstance(value, Theorem) else "")
def test_mutant_is_seen(statement: Theorem, claim: Any) -> None:
    assert violation(replace(statement, claim=claim)) is not None


@pytest.mark.parametrize("statement", [stages.equal_separate, stages.close_separate])
def test_what_is_refuted_would_hold_if_ties_were_allowed(statement: Theorem) -> None:
    assert violation(replace(statement, claim=ENDS <= LearningStep(N, r**N, x0, tau, LEVEL))) is None
