"""What the commands answer: exact steps, certified states, verdicts on a stranger's file, plots; in the shapes that stay."""

import csv
import io
import json
from fractions import Fraction
from pathlib import Path

import numpy
import pytest

import dmftheory
from dmftheory.cli import main

QUICK = ["--depth", "3", "--spectrum", "10,5,1,-2", "--alpha", "1/10", "--eta", "1/1000"]

STATEMENT = """\
from sympy import Interval, Rational, Range, Symbol, oo

from dmftheory.claims import Theorem

print("this is not the answer")
N = Symbol("N", integer=True, positive=True)
tau, x0 = Symbol("tau", positive=True), Symbol("x0", nonnegative=True)

no_overshoot = Theorem(
    "mine.no_overshoot",
    title="A small step never overshoots",
    given={{N: Range(2, oo), tau: Interval.Lopen(0, {bound}), x0: Interval(0, 1)}},
    claim=x0 + tau * x0 ** (N - 1) * (1 - x0**N) <= 1,
)
"""


def answer(arguments: list[str], capsys: pytest.CaptureFixture[str], code: int = 0) -> str:
    assert main(arguments) == code
    return capsys.readouterr().out


def plain_steps(spectrum: list[Fraction], depth: int, alpha: Fraction, eta: Fraction) -> list[int | None]:
    """The first steps by an exact loop whose states are rounded to 200 binary places, far finer than the distance to any level."""
    found: list[int | None] = []
    for lam in spectrum:
        d, k = alpha, 0
        while lam > 0 and d**depth < lam / 2:
            d, k = Fraction(round((d + eta * d ** (depth - 1) * (lam - d**depth)) * 2**200), 2**200), k + 1
        found.append(k if lam > 0 else None)
    return found


@pytest.mark.parametrize("spelling", [["--spectrum=-2,10,1,5"], ["--spectrum", "-2,10,1,5"], ["--spectrum", "10,5,1,-2"]])
def test_transitions_json_has_the_exact_steps(spelling: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(answer(["transitions", *QUICK, *spelling, "--format", "json"], capsys))
    assert document["schema"] == "dmftheory.transitions/1"
    spectrum = [Fraction(text) for text in document["problem"]["spectrum"]]
    assert spectrum == [10, 5, 1, -2]
    assert [mode["step"] for mode in document["modes"]] == plain_steps(spectrum, 3, Fraction(1, 10), Fraction(1, 1000))
    assert all(mode["certified"] for mode in document["modes"])
    assert "negative" in document["modes"][3]["reason"]
    assert document["modes"][0]["reason"] is None


def test_transitions_table_and_csv_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(csv.DictReader(io.StringIO(answer(["transitions", *QUICK, "--format", "csv"], capsys))))
    table = answer(["transitions", *QUICK], capsys)
    assert [row["index"] for row in rows] == ["1", "2", "3", "4"]
    assert rows[3]["step"] == ""
    for row in rows[:3]:
        assert f"{int(row['step']):,}".replace(",", " ") in table
    assert "never learns it" in table


def test_warning_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["transitions", *QUICK, "--eta", "1/10", "--format", "json"]) == 0
    said = capsys.readouterr()
    json.loads(said.out)
    assert said.err.startswith("warning: --eta 1/10 exceeds")


@pytest.mark.parametrize(("ending", "magic"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF"), ("PNG", b"\x89PNG")])
def test_plot_is_drawn_and_the_same_every_time(ending: str, magic: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = tmp_path / f"first.{ending}", tmp_path / f"second.{ending}"
    for path in (first, second):
        answer(["transitions", *QUICK, "--plot", str(path)], capsys)
    assert first.read_bytes().startswith(magic)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    "problem",
    [
        ["--depth", "2", "--spectrum=-1,-2", "--alpha", "1/10", "--eta", "1/100"],
        ["--depth", "2", "--spectrum", "0", "--alpha", "1/10", "--eta", "1/100"],
        ["--depth", "2", "--spectrum", "1000,1,1/1000", "--alpha", "1/10", "--eta", "1/2000"],
        ["--depth", "2", "--spectrum", ",".join(map(str, range(1, 30))), "--alpha", "1/10", "--eta", "auto"],
        ["--depth", "3", "--spectrum", "1", "--alpha", "2", "--eta", "1/100"],
    ],
)
def test_every_kind_of_answer_can_be_drawn(problem: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer(["transitions", *problem, "--plot", str(tmp_path / "a.png")], capsys)
    assert (tmp_path / "a.png").stat().st_size > 0


def test_plot_marks_the_passages_where_the_table_has_them() -> None:
    from dmftheory.report.plots import figure_of

    found = dmftheory.transitions(dmftheory.Problem.parse(depth=3, spectrum="10,5", alpha="1/10", eta="1/1000"))
    marks = [line.get_xdata()[0] for line in figure_of(found).axes[0].lines if line.get_marker() == "o" and len(line.get_xdata())]
    assert marks == [mode.passage.step for mode in found.modes]


# Simulation


def test_simulated_bounds_contain_the_exact_states(capsys: pytest.CaptureFixture[str]) -> None:
    text = answer(["simulate", *QUICK, "--steps", "4", "--certified"], capsys)
    rows = list(csv.DictReader(io.StringIO(text)))
    d = [Fraction(1, 10)] * 4
    for row in rows:
        for i, value in enumerate(d, 1):
            assert Fraction(row[f"w_{i}_lower"]) <= value**3 <= Fraction(row[f"w_{i}_upper"])
        d = [x + Fraction(1, 1000) * x**2 * (lam - x**3) for x, lam in zip(d, (10, 5, 1, -2), strict=True)]
    assert len(rows) == 5


def test_simulated_digits_are_those_of_the_exact_state(capsys: pytest.CaptureFixture[str]) -> None:
    text = answer(["simulate", *QUICK, "--steps", "2", "--at", "1", "--digits", "12", "--format", "json"], capsys)
    (state,) = json.loads(text)["states"]
    exact = Fraction(1, 10) + Fraction(1, 1000) * Fraction(1, 100) * (10 - Fraction(1, 1000))
    # Half a unit of the twelfth digit, and as much again for the enclosure behind it.
    assert abs(Fraction(state["factors"][0]) - exact) <= Fraction(1, 10**12)
    assert state["step"] == 1


def test_simulation_of_perturbed_start_has_two_kinds_of_factors(capsys: pytest.CaptureFixture[str]) -> None:
    (state,) = json.loads(answer(["simulate", *QUICK, "--beta", "1/20", "--steps", "0", "--format", "json"], capsys))["states"]
    assert Fraction(state["first_factor"][0]) == Fraction(1, 20)
    assert Fraction(state["factors"][0]) == Fraction(1, 10)


def test_archive_bounds_are_rounded_outward(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["simulate", *QUICK, "--steps", "3", "--certified", "--format", "npz"]) == 0
    arrays = numpy.load(io.BytesIO(capfdbinary.readouterr().out))
    assert arrays["steps"].tolist() == [0, 1, 2, 3]
    assert arrays["products_lower"].shape == (4, 4)
    # 1/1000 is no double: its bounds are the doubles around it.
    assert Fraction(arrays["products_lower"][0, 0]) < Fraction(1, 1000) < Fraction(arrays["products_upper"][0, 0])


@pytest.mark.parametrize(
    ("more", "named"),
    [
        (["--steps", "-1"], "--steps: got -1"),
        (["--steps", "5", "--at", "6"], "--at: got 6"),
        (["--steps", "5", "--at", "1/2"], "--at: got 1/2"),
        (["--steps", "5", "--digits", "0"], "--digits: got 0"),
        (["--steps", "5", "--digits", "9", "--certified"], "--certified"),
        (["--steps", "1e9"], "--at"),
        (["--steps", "5", "--format", "table"], "csv, json, npz"),
    ],
)
def test_bad_simulation_is_refused(more: list[str], named: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", *QUICK, *more]) == 2
    assert named in capsys.readouterr().err


# Verdicts


def test_strangers_file_is_settled_like_ours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.py"
    file.write_text(STATEMENT.format(bound="1 / N"), encoding="utf-8")
    document = json.loads(answer(["verify", str(file), "--format", "json"], capsys))
    assert document["theorems"][0]["verdict"] in {"proved", "certified"}


def test_false_statement_is_refuted_and_its_witness_replays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = tmp_path / "mine.py", tmp_path / "verdict.json"
    file.write_text(STATEMENT.format(bound="Rational(101, 100) / N"), encoding="utf-8")
    assert answer(["verify", str(file), "--format", "json", "--out", str(out)], capsys, code=1) == ""
    (entry,) = json.loads(out.read_text(encoding="utf-8"))["theorems"]
    assert entry["verdict"] == "refuted"
    n, tau, x = (Fraction(entry["witness"][name]) for name in ("N", "tau", "x0"))
    assert x + tau * x ** (int(n) - 1) * (1 - x ** int(n)) > 1
    assert "the claim: fails" in answer(["replay", entry["replay"], str(file)], capsys, code=1)
    assert json.loads(answer(["replay", entry["replay"], str(file), "--format", "json"], capsys, code=1))["outcome"] == "fails"


def test_two_processes_say_what_one_says(capsys: pytest.CaptureFixture[str]) -> None:
    one, two = (json.loads(answer(["verify", "lemma.bern", "--format", "json", "--jobs", jobs], capsys)) for jobs in ("1", "2"))
    for document in (one, two):
        for theorem in document["theorems"]:
            for evidence in theorem["evidence"]:
                del evidence["seconds"]
    assert one == two
    assert len(one["theorems"]) > 1


@pytest.mark.parametrize("text", ["x = 1\n", "raise SystemExit\n", "syntax error\n", "1/0\n"])
def test_file_without_a_statement_is_bad_input(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "empty.py"
    file.write_text(text, encoding="utf-8")
    assert main(["verify", str(file)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_mistake_in_a_statement_is_bad_input_with_file_and_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.py"
    file.write_text(STATEMENT.format(bound="0.5"), encoding="utf-8")
    assert main(["verify", str(file)]) == 2
    assert "mine.py:12" in capsys.readouterr().err


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_unknown_engine_is_named(jobs: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "lemma.bern", "--engine", "oracle", "--jobs", jobs]) == 2
    assert "--engine: got oracle; accepted: symbolic" in capsys.readouterr().err


# The corpus


def test_list_and_show(capsys: pytest.CaptureFixture[str]) -> None:
    listed = json.loads(answer(["list", "--format", "json"], capsys))["theorems"]
    assert listed[0]["id"] in answer(["list"], capsys)
    shown = json.loads(answer(["show", "lemma.bernoulli", "--format", "json"], capsys))
    assert shown["schema"] == "dmftheory.statement/1"
    assert shown["file"].startswith("dmftheory/theorems/lemmas/inequalities.py:")
    page = answer(["show", "lemma.bernoulli"], capsys)
    assert shown["claim"] in page
    assert answer(["show", "lemma.bernoulli", "--format", "latex"], capsys).strip() in page


@pytest.mark.parametrize("name", ["Family", "Problem", "Theorem", "first_passage", "state_at", "transitions", "verify"])
def test_python_names_are_there(name: str) -> None:
    assert name in dir(dmftheory)
    assert callable(getattr(dmftheory, name))


def test_python_verify_takes_names_and_statements() -> None:
    from dmftheory.verification import find

    (named,) = dmftheory.verify("lemma.bernoulli_inverse")
    (given,) = dmftheory.verify(find("lemma.bernoulli_inverse"))
    assert named.verdict == given.verdict == "proved"


def test_unknown_python_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        _ = dmftheory.nothing
