"""Stages: exact ends, certified valleys and counts against plain loops in rational arithmetic and floats."""

import json
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from flint import arb

import dmftheory.stages as module
from dmftheory.cli import main
from dmftheory.errors import InputError
from dmftheory.problem import Problem
from dmftheory.stages import Stages, inflection, rate_at, stages


def posed(depth: int, spectrum: str, alpha: str, eta: str = "auto") -> Problem:
    return Problem.parse(depth=depth, spectrum=spectrum, alpha=alpha, eta=eta)


def floats(problem: Problem, steps: int) -> list[list[float]]:
    """The states of every mode by a plain float loop."""
    n, eta = problem.depth, float(problem.eta)
    states = [[float(problem.alpha)] for _ in problem.spectrum]
    for row, value in zip(states, problem.spectrum, strict=True):
        lam = float(value.rational or 0)
        for _ in range(steps):
            row.append(row[-1] + eta * row[-1] ** (n - 1) * (lam - row[-1] ** n))
    return states


def float_rates(problem: Problem, steps: int) -> list[float]:
    n = problem.depth
    lams = [float(value.rational or 0) for value in problem.spectrum]
    return [
        sum(n * (d ** (n - 1) * (lam - d**n)) ** 2 for d, lam in zip(row, lams, strict=True))
        for row in zip(*floats(problem, steps), strict=True)
    ]


def float_peaks(rates: list[float]) -> int:
    return sum(b > a and b > c for a, b, c in zip(rates, rates[1:], rates[2:], strict=False))


SEPARATE = posed(3, "1,1/2,1/4,0,-1", "1/20", "1/10")
MERGED = posed(3, "1,1,99/100", "1/5", "1/10")


@pytest.mark.parametrize("problem", [SEPARATE, MERGED, posed(2, "1,1/2", "1e-3", "1/5"), posed(4, "2,1", "3/10", "1/40")])
def test_ends_rates_and_peaks_agree_with_a_plain_loop(problem: Problem) -> None:
    answer = stages(problem)
    last = max(stage.end.step or 0 for stage in answer.stages)
    rates = float_rates(problem, last + 40)
    assert answer.peaks == float_peaks(rates)
    certified = rate_at(problem, [0, 1, last])
    assert all(abs(float(ball.mid()) - rates[k]) < 1e-9 for ball, k in zip(certified, [0, 1, last], strict=True))
    for stage, row in zip(answer.stages, floats(problem, last + 1), strict=False):
        lam = float(problem.spectrum[stage.index - 1].rational or 0)
        level = float(inflection(problem.depth)) * lam
        assert stage.end.step == next(k for k, d in enumerate(row) if d**problem.depth >= level)


@pytest.mark.parametrize("problem", [SEPARATE, posed(2, "1,1/2,1/5", "1e-4", "1/2"), posed(5, "3,1", "1/2")])
def test_the_three_definitions_agree_up_to_what_is_proved(problem: Problem) -> None:
    for stage in stages(problem).stages:
        assert stage.end.step is not None
        assert stage.growth in (stage.end.step - 1, stage.end.step)
        assert stage.decrease is not None
        assert stage.end.step - 2 <= stage.decrease <= stage.end.step


def test_separate_stages_have_witnesses_and_visits() -> None:
    answer = stages(SEPARATE)
    assert answer.one_each is True
    assert answer.peaks_at_least == 3
    for rank, pair in enumerate(answer.pairs, start=1):
        assert pair.separate is True
        assert pair.witness is not None
        high, low, higher = rate_at(SEPARATE, pair.witness)
        assert low < high
        assert low < higher
        assert pair.visit is not None
        assert pair.visit.negative_modes == 3 - rank
        assert pair.visit.escape is not None
        assert pair.visit.steps is not None
        assert float(pair.visit.escape[0]) <= pair.visit.steps


def test_equal_and_close_eigenvalues_merge() -> None:
    answer = stages(MERGED)
    assert [pair.separate for pair in answer.pairs] == [False, False]
    assert answer.peaks == 1
    assert answer.one_each is False


def test_far_stages_are_separate_by_witnesses_alone() -> None:
    problem = posed(3, "10,1", "1e-4", "1e-3")
    answer = stages(problem)
    assert answer.peaks is None
    assert answer.peaks_at_least == 2
    (pair,) = answer.pairs
    assert pair.separate is True
    assert pair.witness is not None
    ends = [stage.end.step for stage in answer.stages]
    assert ends[0] is not None and ends[1] is not None
    assert ends[0] <= pair.witness[1] <= ends[1]
    high, low, higher = rate_at(problem, pair.witness)
    assert low < high and low < higher


def test_far_but_merged_is_not_known() -> None:
    (pair,) = stages(posed(2, "1,9/10", "1/5", "1e-4"), most=100).pairs
    assert pair.separate is None
    assert pair.reason is not None


def test_gradients_at_visits_vanish_with_alpha() -> None:
    norms = []
    for alpha in ("1e-2", "1e-4", "1e-6"):
        (pair,) = stages(posed(2, "1,1/2", alpha, "1/10")).pairs
        assert pair.visit is not None
        norms.append((float(pair.visit.gradient), float(pair.visit.distance)))
    assert all(b[0] < a[0] / 4 and b[1] < a[1] / 4 for a, b in pairwise(norms))


def test_a_start_beyond_the_end_of_a_stage_has_no_peak() -> None:
    answer = stages(posed(2, "1,1/2", "9/10", "1/10"))
    assert [stage.end.step for stage in answer.stages] == [0, 0]
    assert answer.pairs[0].separate is None
    assert answer.peaks is None
    assert answer.peaks_at_least == 0


def test_a_smaller_eigenvalue_that_ends_its_stage_first() -> None:
    problem = posed(2, "1,1/25", "23/200", "1/10")
    answer = stages(problem)
    ends = [stage.end.step for stage in answer.stages]
    assert ends[0] is not None and ends[1] is not None
    assert ends[1] < ends[0]
    assert answer.peaks == float_peaks(float_rates(problem, ends[0] + 40))


def test_no_more_peaks_are_claimed_than_a_loop_finds() -> None:
    for spectrum, alpha in (("1,49/50,1/2", "1e-2"), ("1,4/5,3/4,1/2", "1e-3"), ("2,1,-2", "1/2")):
        problem = posed(2, spectrum, alpha, "1/20")
        assert stages(problem, most=40).peaks_at_least <= float_peaks(float_rates(problem, 1500))
        assert stages(problem).peaks == float_peaks(float_rates(problem, 1500))


def test_swapped_comparison_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def swapped(rates: list[arb]) -> list[int | None]:
        return [-1 if one < other else 1 if one > other else None for one, other in pairwise(rates)]

    monkeypatch.setattr(module, "_signs", swapped)
    assert stages(MERGED).peaks != 1


def test_refused() -> None:
    with pytest.raises(InputError, match="positive"):
        stages(posed(2, "0,-1", "1/10"))
    with pytest.raises(InputError, match="beta"):
        stages(Problem.parse(depth=2, spectrum="1", alpha="1/10", beta="1/20", eta="1/10"))


def test_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    picture = tmp_path / "stages.png"
    command = ["stages", "--depth", "3", "--spectrum", "1,1/2,1/4", "--alpha", "1/20", "--eta", "1/10"]
    assert main([*command, "--format", "json", "--plot", str(picture)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "dmftheory.stages/1"
    assert [stage["end"] for stage in document["stages"]] == [193, 377, 737]
    assert document["one_stage_each"] is True
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert main(command) == 0
    assert "exactly 3 peaks" in capsys.readouterr().out
    assert main(["stages", "--depth", "2", "--spectrum=-1", "--alpha", "1", "--eta", "auto"]) == 2


def test_answer_is_frozen_data() -> None:
    assert isinstance(stages(MERGED), Stages)
    assert inflection(3) == Fraction(2, 5)
