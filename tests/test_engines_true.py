"""True statements reach the verdict that their kind allows, and no engine finds anything against them."""

import pytest
from engine_statements import TRUE, overshoot, verdict

from dmftheory.claims import Theorem


def test_no_overshoot_is_proved_for_every_depth_without_a_given_proof() -> None:
    settled = verdict(overshoot(1))
    assert settled.verdict == "proved"
    assert [e.engine for e in settled.evidence if e.verdict == "proved"] == ["symbolic"]
    assert settled.samples >= 200
    assert settled.disagreement is None


def test_no_overshoot_is_certified_at_each_depth_without_the_symbolic_engine() -> None:
    settled = verdict(overshoot(1), "smt")
    assert settled.verdict == "certified"
    assert settled.evidence[0].domain == "N = 2..32, all tau, x0"


@pytest.mark.parametrize(("least", "theorem"), TRUE, ids=lambda value: getattr(value, "id", None))
def test_true_statements_reach_their_verdict(least: str, theorem: Theorem) -> None:
    settled = verdict(theorem)
    assert settled.verdict == least, settled
    assert settled.witness is None
    assert settled.disagreement is None
