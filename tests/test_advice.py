"""When to stop: the step advised keeps what is promised, empty windows say why and what would open them, noise is accounted for."""

import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from dmftheory.advice import Advice
from dmftheory.cli import main
from dmftheory.passage import first_passage, transitions
from dmftheory.plateaus import Plateau, small_levels
from dmftheory.problem import Problem
from dmftheory.trajectory import Snapshot, snapshots

EPS = Fraction(1, 10)


def problems() -> list[Problem]:
    """Random ones: depth 2 to 4, up to 5 eigenvalues from positive gaps, some of them zero or negative."""
    random, found = Random(5), []
    for _ in range(24):
        size = random.randint(2, 5)
        gaps = [Fraction(random.randint(1, 40), 20) for _ in range(size)]
        lowest = random.choice((Fraction(0), Fraction(0), Fraction(-1)))
        spectrum = [lowest + sum(gaps[: i + 1], Fraction(0)) for i in range(size)] + [lowest] * random.randint(0, 1)
        alpha = Fraction(1, random.choice((5, 20, 50)))
        found.append(Problem.parse(depth=random.randint(2, 4), spectrum=spectrum, alpha=alpha, eta="auto"))
    return found


def within(snapshot: Snapshot, target: Fraction, distance: Fraction) -> bool:
    rank = snapshot.effective_rank
    assert rank.certified
    return target - distance <= rank.lower and rank.upper <= target + distance


def separated(snapshot: Snapshot, problem: Problem, plateau: Plateau) -> bool:
    """The hypotheses of the distance: L eigenvalues learned to within the tolerance, the others at most delta0."""
    values = [value.rational or Fraction(0) for value in problem.spectrum]
    products, delta0 = snapshot.products, Fraction(plateau.delta0)
    learned = all((1 - EPS) * value <= product.lower for value, product in zip(values, products[: plateau.rank], strict=False))
    return learned and all(product.upper <= delta0 for product in products[plateau.rank :])


def test_the_step_advised_is_within_the_proved_distance() -> None:
    asked = shifted = 0
    for problem in problems():
        advice = [entry for entry in transitions(problem, tolerance=EPS).advice if entry.window]
        for entry in advice:
            assert entry.window is not None and entry.target is not None and entry.distance is not None and entry.stop_at is not None
            first, last = entry.window
            assert entry.stop_at == (first if last is None else (first + last) // 2)
            steps = sorted({first, entry.stop_at, first if last is None else last})
            target, distance = Fraction(entry.target), Fraction(entry.distance)
            assert all(within(snapshot, target, distance) for snapshot in snapshots(problem, steps, 12))
            asked += 1
            # The mutant that stops a rank too early is caught wherever the next eigenvalue counts for more than the distance.
            if entry.rank > 1 and advice[0].rank == 1 and advice[0].stop_at and target - 1 > distance + Fraction(advice[0].distance or 0):
                (early,) = snapshots(problem, (advice[0].stop_at,), 12)
                assert not within(early, target, distance)
                shifted += 1
    assert asked >= 40
    assert shifted >= 10


def test_a_window_shifted_by_one_step_breaks_the_hypotheses() -> None:
    ends = 0
    for problem in problems():
        for plateau in transitions(problem, tolerance=EPS).plateaus:
            steps = [plateau.from_step - 1, plateau.from_step]
            before, start = snapshots(problem, steps, 12)
            assert separated(start, problem, plateau)
            assert not separated(before, problem, plateau)
            if plateau.to_step is not None:
                end, after = snapshots(problem, (plateau.to_step, plateau.to_step + 1), 12)
                assert separated(end, problem, plateau)
                assert not separated(after, problem, plateau)
                ends += 1
    assert ends >= 10


def test_half_the_distance_is_not_enough() -> None:
    problem = Problem.parse(depth=3, spectrum="6/5,1,1,1,1", alpha="1/50", eta="auto")
    last = transitions(problem, tolerance=EPS).advice[-1]
    assert last.stop_at is not None
    (snapshot,) = snapshots(problem, (last.stop_at,), 12)
    target, distance = Fraction(last.target or 0), Fraction(last.distance or 0)
    assert within(snapshot, target, distance)
    assert not within(snapshot, target, distance / 2)


# Empty windows


def reason(rank: int, **problem: str) -> str:
    found = transitions(Problem.parse(**{"eta": "auto", **problem})).advice[rank - 1]  # type: ignore[arg-type]
    assert found.window is found.stop_at is found.target is found.distance is None
    return found.reason or ""


def test_every_rank_has_advice_and_every_empty_window_a_reason() -> None:
    found = transitions(Problem.parse(depth=3, spectrum="10,5,49/10,1,1,-2", alpha="1/10", eta="1/10000")).advice
    assert [entry.rank for entry in found] == [1, 2, 3, 4, 5, 6]
    assert [entry.window is None for entry in found] == [entry.reason is not None for entry in found]
    assert [entry.rank for entry in found if entry.window] == [1, 3, 5]
    assert found[4].window == (found[4].stop_at, None)


def test_reasons_name_their_cause() -> None:
    assert "eigenvalues 1 and 2 are equal" in reason(1, depth="2", spectrum="1,1,1/2", alpha="1/100")
    assert "negative" in reason(2, depth="2", spectrum="1,-1", alpha="1/100")
    assert "zero" in reason(2, depth="2", spectrum="1,0", alpha="1/100")
    assert "alpha^N is not below (1 - eps) times eigenvalue 2" in reason(2, depth="2", spectrum="1,1/100", alpha="1/10")
    assert "1/(N M^(2N-2))" in reason(1, depth="2", spectrum="2,1", alpha="1/100", eta="2/5")
    assert "--beta 0" in reason(1, depth="2", spectrum="2,1", alpha="1/100", beta="1/200")


def test_an_overlap_names_both_steps_and_an_alpha_that_ends_it() -> None:
    problem = Problem.parse(depth=3, spectrum="10,5,49/10", alpha="1/10", eta="1/10000")
    entry = transitions(problem).advice[1]
    learned = transitions(problem, threshold="9/10").modes[1].passage.step
    passed = largest_delta0_passage(problem)
    assert passed is not None and learned is not None and passed <= learned
    assert entry.reason == f"eigenvalue 3 passes delta0 at step {passed}, 2 is learned at {learned}"
    assert entry.alpha is not None
    opened = transitions(replace(problem, alpha=Fraction(entry.alpha))).advice[1]
    assert opened.window is not None
    # The search takes the largest alpha / 2^j: with twice the start there is still no room.
    assert transitions(replace(problem, alpha=2 * Fraction(entry.alpha))).advice[1].window is None


def largest_delta0_passage(problem: Problem) -> int | None:
    """When the third eigenvalue gets too large for rank 2, whatever the choice of delta0."""
    level = small_levels(problem, 2, EPS)[-1]
    return first_passage(problem.depth, problem.spectrum[2], problem.alpha, problem.eta, level, absolute=True).step


def test_equal_eigenvalues_get_no_alpha() -> None:
    assert transitions(Problem.parse(depth=2, spectrum="1,1", alpha="1/100", eta="auto")).advice[0].alpha is None


# Noise


def heard(spectrum: str, noise: str, tolerance: str = "1/10") -> list[tuple[str | None, bool | None]]:
    found = transitions(Problem.parse(depth=2, spectrum=spectrum, alpha="1/100", eta="auto"), "1/2", tolerance, noise=noise).advice
    return [(entry.noise.error, entry.noise.gap_survives) for entry in found if entry.noise]


def test_noise_adds_to_the_error_and_eats_the_gap() -> None:
    assert heard("3,1,-1", "1/5") == [("1/2", True), ("3/10", True), (None, None)]
    assert heard("3,1,-1", "1")[:2] == [("13/10", False), ("11/10", False)]  # 2 E = gap: the true eigenvalues may be equal
    assert heard("3,1,-1", "999999/1000000")[0][1] is True
    assert heard("3,1", "0") == [("3/10", True), ("1/10", None)]


def test_without_noise_nothing_is_said() -> None:
    assert transitions(Problem.parse(depth=2, spectrum="1", alpha="1/100", eta="auto")).advice[0].noise is None


def test_an_irrational_tie_is_left_open(tmp_path: Path) -> None:
    file = tmp_path / "tie.csv"  # eigenvalues 1 +- sqrt 2 and +- sqrt 2
    file.write_text("2,1,0,0\n1,0,0,0\n0,0,1,1\n0,0,1,-1\n", encoding="ascii")
    problem = Problem.parse(depth=2, matrix=str(file), alpha="1/100", eta="auto")
    assert [entry.noise and entry.noise.gap_survives for entry in transitions(problem, noise="1/2").advice] == [None, True, None, None]
    assert next(entry.noise and entry.noise.gap_survives for entry in transitions(problem, noise="51/100").advice) is False


def test_a_noisy_matrix_is_learned_to_within_the_error(tmp_path: Path) -> None:
    file = tmp_path / "noisy.csv"  # diag(3, 1) plus noise [[0, 1/5], [1/5, 0]] of norm 1/5
    file.write_text("3,1/5\n1/5,1\n", encoding="ascii")
    problem = Problem.parse(depth=3, matrix=str(file), alpha="1/50", eta="auto")
    advice: tuple[Advice, ...] = transitions(problem, noise="1/5").advice
    assert [entry.noise and entry.noise.gap_survives for entry in advice] == [True, None]
    for entry in advice:
        assert entry.stop_at is not None
        (snapshot,) = snapshots(problem, (entry.stop_at,), 12)
        for truth, product, other in zip((3, 1), snapshot.products[: entry.rank], advice, strict=False):
            assert other.noise is not None and other.noise.error is not None
            error = Fraction(other.noise.error)
            assert truth - error <= product.lower <= product.upper <= truth + error
    # The tolerance alone is not enough for the smaller eigenvalue, which the noise has lowered.
    (start,) = snapshots(problem, (advice[1].stop_at or 0,), 12)
    assert start.products[1].upper < 1 - EPS * 1


# The command line


def test_advice_is_in_the_json_and_in_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    problem = ["transitions", "--depth", "2", "--spectrum", "2,1", "--alpha", "1/1000", "--eta", "auto", "--noise", "1/10"]
    assert main([*problem, "--format", "json"]) == 0
    first, last = json.loads(capsys.readouterr().out)["advice"]
    assert list(first) == ["rank", "window", "stop_at", "target", "distance", "reason", "alpha", "noise"]
    assert first["noise"] == {"bound": "1/10", "error": "3/10", "gap_survives": True}
    assert last["window"][1] is None
    assert main(problem) == 0
    table = capsys.readouterr().out
    assert "stop at" in table
    assert str(first["stop_at"]) in table
    assert "noise up to 1/10: the true target certainly has a gap after rank 1" in table
    assert "opens at alpha" not in table


def test_the_table_says_what_would_open_an_empty_window(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["transitions", "--depth", "3", "--spectrum", "10,5,4.9,-1", "--alpha", "1/10", "--eta", "1e-4"]) == 0
    said = capsys.readouterr().out
    (row,) = [line.split() for line in said.splitlines() if "passes delta0 at step" in line]
    assert row[:2] + row[6:7] == ["2", "-", "1/40"]
    assert "no window at rank 4: negative eigenvalue, never learned" in said


def test_the_documented_example_is_real(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    root = Path(__file__).resolve().parents[1]
    (block,) = re.findall(r"^```console\n\$ dmftheory (.*?)^```$", (root / "docs/early_stopping.md").read_text("utf-8"), re.M | re.S)
    command, *shown = block.splitlines()
    monkeypatch.chdir(root)
    assert main(command.split()) == 0
    printed = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    rows = [" ".join(line.split()) for line in shown if line.strip() != "..."]
    assert len(rows) > 10
    assert [row for row in rows if not any(line.startswith(row) for line in printed)] == []


@pytest.mark.parametrize("noise", ["-1", "abc", "nan", "1/0", "", "1e99999999"])
def test_bad_noise_is_refused_in_one_line(noise: str, capsys: pytest.CaptureFixture[str]) -> None:
    problem = ["transitions", "--depth", "2", "--spectrum", "1", "--alpha", "1/10", "--eta", "auto", f"--noise={noise}"]
    assert main(problem) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "--noise: got" in said
