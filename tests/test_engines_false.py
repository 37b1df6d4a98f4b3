"""False statements are refuted by an exact witness that replays, in the middle, on an edge and in a corner."""

import pytest
from engine_statements import FALSE, overshoot, verdict
from sympy import Rational

from dmftheory.claims import Theorem
from dmftheory.engines.replay import replay


@pytest.mark.parametrize("engines", [(), ("sampling",), ("smt",)])
def test_one_percent_more_overshoots_at_an_exact_replayable_witness(engines: tuple[str, ...]) -> None:
    mutant = overshoot(Rational(101, 100))
    settled = verdict(mutant, *engines)
    assert settled.verdict == "refuted"
    assert settled.witness is not None
    assert settled.replay is not None
    assert replay(settled.replay, [mutant]).outcome == "fails"


@pytest.mark.parametrize("theorem", FALSE, ids=lambda theorem: theorem.id)
def test_false_statements_are_refuted_by_a_witness_that_replays(theorem: Theorem) -> None:
    settled = verdict(theorem)
    assert settled.verdict == "refuted", settled
    assert settled.witness is not None
    assert settled.worst is not None
    assert settled.replay is not None
    assert replay(settled.replay, [theorem]).outcome == "fails"
    assert replay(f"{theorem.id}@" + ",".join(f"{s}={v}" for s, v in settled.worst.values), [theorem]).outcome == "fails"


@pytest.mark.parametrize("engine", ["smt", "boxes"])
def test_a_corner_is_found_without_sampling(engine: str) -> None:
    theorem = FALSE[1]
    settled = verdict(theorem, engine)
    assert settled.verdict == "refuted"
    assert settled.replay is not None
    assert replay(settled.replay, [theorem]).outcome == "fails"
