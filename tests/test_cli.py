"""The command line: one line and exit 2 for bad input, nothing but the answer on standard output, and a quick start."""

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dmftheory.claims.verdict import Evidence, Settled, Witness
from dmftheory.cli import main
from dmftheory.errors import InputError
from dmftheory.report import verification as report
from dmftheory.report.output import clean, table, to_json, write_file

HEAVY = {"flint", "gmpy2", "hypothesis", "matplotlib", "mpmath", "numpy", "pydantic", "sympy", "z3"}
PROBLEM = ["--depth", "3", "--spectrum", "10,5,1,-2", "--alpha", "1e-2", "--eta", "1e-4"]


def complaint(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that bad input gets, after checking that it is one line, with exit code 2 and nothing on standard output."""
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert said.err.startswith("dmftheory: ")
    return said.err


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], [], ["verify", "--help"], ["transitions", "--help"]])
def test_help_and_version_load_no_heavy_library(arguments: list[str]) -> None:
    code = f"import sys; from dmftheory.cli import main; code = main({arguments!r}); print(*sys.modules, file=sys.stderr); sys.exit(code)"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert finished.stdout
    assert not HEAVY & set(finished.stderr.split())


def test_python_dash_m_is_the_command() -> None:
    finished = subprocess.run([sys.executable, "-m", "dmftheory", "--version"], capture_output=True, text=True, check=True)
    assert finished.stdout.startswith("dmftheory ")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["nonsense"], "nonsense"),
        (["atlas"], "atlas is not built yet"),
        (["atlas", "--out", "somewhere"], "atlas is not built yet"),
        (["verify", "--format", "html"], "html, latex: not built yet"),
        (["verify", "--format", "latex"], "html, latex: not built yet"),
        (["verify", "--format", "yaml"], "table, json, junit"),
        (["verify", "--jobs", "0"], "--jobs: got 0"),
        (["verify", "--jobs", "1.5"], "--jobs: got 1.5"),
        (["verify", "--seed", "-1"], "--seed: got -1"),
        (["verify", "--budget", "0"], "--budget: got 0"),
        (["verify", "--budget", "nan"], "--budget: got nan"),
        (["verify", "--engine"], "--engine"),
        (["verify", "no/such/file.py"], "no/such/file.py"),
        (["verify", "nothing.starts.like.this"], "dmftheory list"),
        (["verify", ""], "an empty value"),
        (["transitions"], "--depth"),
        (["transitions", "--deep", "3"], "--deep"),
        (["transitions", *PROBLEM, "--format", "npz"], "table, json, csv"),
        (["transitions", *PROBLEM, "--plot", "a.docx"], ".png, .svg or .pdf"),
        (["transitions", *PROBLEM, "--plot", "no/such/folder/a.png"], "a.png"),
        (["transitions", *PROBLEM, "--threshold", "1/0"], "1/0"),
        (["transitions", *PROBLEM, "--tolerance", "2"], "--tolerance: got 2"),
        (["transitions", *PROBLEM, "--depth", "1"], "--depth: got 1"),
        (["transitions", *PROBLEM, "--alpha", "nan"], "--alpha: got nan"),
        (["transitions", *PROBLEM, "--eta", "1e99999999"], "--eta: got 1e99999999"),
        (["transitions", *PROBLEM, "--spectrum", ""], "--spectrum: got an empty value"),
        (["transitions", *PROBLEM, "--matrix", "a.npy"], "--matrix"),
        (["formula", "nonsense"], "flow-time"),
        (["formula", "flow-time", "--depth", "1"], "--depth: got 1"),
        (["formula", "flow-time", "--format", "word"], "latex, mathml, unicode, python, json"),
        (["show", "nonsense"], "dmftheory list"),
        (["show"], "ID"),
    ],
)
def test_bad_input_gets_one_line_and_exit_2(arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert named in complaint(arguments, capsys)


def test_control_characters_never_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b" not in complaint(["transitions", *PROBLEM, "--alpha", "\x1b[31m1"], capsys)


def test_interrupt_is_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stop(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("dmftheory.cli.commands.list_statements", stop)
    assert main(["list"]) == 130
    assert "interrupted" in capsys.readouterr().err


def test_closed_pipe_is_no_traceback() -> None:
    code = "import sys; from dmftheory.cli import main; sys.exit(main(['formula']))"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.wait() == 141
        assert process.stderr.read() == ""


def test_output_that_cannot_carry_the_answer_gets_one_line() -> None:
    code = "import sys; from dmftheory.cli import main; sys.exit(main(['formula', 'flow-time', '--format', 'unicode']))"
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert finished.returncode == 2
    assert finished.stderr.count("\n") == 1
    assert "PYTHONIOENCODING=utf-8" in finished.stderr


# Formulas


@pytest.mark.parametrize(
    ("form", "expected"),
    [("latex", r"\frac{1}{3} \ln\frac{1 - x}{1 - y}"), ("mathml", "<math"), ("unicode", "U(x, y) ="), ("python", "log((1 - x)/(1 - y))")],
)
def test_formula_is_ready_to_paste(form: str, expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["formula", "flow-time", "--depth", "3", "--format", form]) == 0
    assert expected in capsys.readouterr().out


def test_formula_of_symbolic_depth_is_the_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["formula", "flow-time"]) == 0
    default = capsys.readouterr().out
    assert main(["formula", "flow-time", "--depth", "symbolic", "--format", "latex"]) == 0
    assert capsys.readouterr().out == default
    assert "_2F_1" in default


def test_formula_json_holds_every_notation(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["formula", "step-size", "--depth", "4", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "dmftheory.formula/1"
    assert document["depth"] == 4
    assert all(document[form] for form in ("latex", "mathml", "unicode", "python"))


def test_formula_without_a_name_lists_the_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["formula"]) == 0
    assert "flow-time " in capsys.readouterr().out


# Reports of verdicts

PROVED = Settled(
    "a.b", "one", "proved", "supported", (Evidence("symbolic", "proved", "N >= 2", ("SymPy polynomial normal form",), 0.25),), samples=0
)
REFUTED_AS_DECLARED = Settled(
    "a.c",
    "two",
    "refuted",
    "refuted",
    (Evidence("sampling", "refuted", "N in 2..40", (), 1.5),),
    witness=Witness((("N", "2"), ("x", "1/2"))),
    worst=Witness((("N", "3"), ("x", "2/3")), slack="-1/9"),
    replay="a.c@N=2,x=1/2",
    samples=200,
    worst_slack="-1/9",
)
BELOW = Settled("d", "three", "undecided", "supported", (), reason="no engine took it \x1b[31m")
DISAGREEING = Settled("e", "four", "refuted", "refuted", (), disagreement="smt says proved, sampling says refuted")


@pytest.mark.parametrize(
    ("results", "code"),
    [([], 0), ([PROVED, REFUTED_AS_DECLARED], 0), ([PROVED, BELOW], 1), ([BELOW, DISAGREEING], 3), ([DISAGREEING], 3)],
)
def test_exit_code_says_how_it_ended(results: list[Settled], code: int) -> None:
    assert report.exit_code(results) == code


def test_verify_json_has_the_fixed_shape() -> None:
    document = json.loads(to_json(report.to_document([PROVED, REFUTED_AS_DECLARED])))
    assert document["schema"] == "dmftheory.verify/1"
    assert document["summary"] == {"proved": 1, "refuted": 1}
    keys = ["id", "verdict", "declared", "evidence", "witness", "worst", "replay", "samples", "worst_slack", "reason"]
    assert [list(entry) for entry in document["theorems"]] == [keys, keys]
    assert list(document["theorems"][0]["evidence"][0]) == ["engine", "verdict", "domain", "relies_on", "seconds", "cached"]
    assert document["theorems"][1]["witness"] == {"N": "2", "x": "1/2"}
    assert document["theorems"][0]["witness"] is None


def text_of(results: list[Settled], capsys: pytest.CaptureFixture[str]) -> str:
    from dmftheory.report.output import console

    for part in report.to_table(results, [None] * len(results), 180):
        console().print(part, soft_wrap=isinstance(part, str))
    return capsys.readouterr().out


def test_verify_table_says_what_matters(capsys: pytest.CaptureFixture[str]) -> None:
    text = text_of([PROVED, REFUTED_AS_DECLARED, BELOW], capsys)
    assert "a.c: fails at N = 2, x = 1/2" in text
    assert "replay with: dmftheory replay a.c@N=2,x=1/2" in text
    assert text.splitlines()[-1] == "3 statements: 1 proved, 1 undecided, 1 refuted; 1 NOT as declared"
    assert "\x1b" not in text


def test_verify_table_closes_with_all_as_declared(capsys: pytest.CaptureFixture[str]) -> None:
    assert text_of([PROVED], capsys).splitlines()[-1] == "1 statement: 1 proved; all as declared"


def test_junit_fails_exactly_what_is_not_as_declared() -> None:
    suite = ElementTree.fromstring(report.to_junit([PROVED, REFUTED_AS_DECLARED, BELOW, DISAGREEING]))
    assert [case.find("failure") is not None for case in suite.findall("testcase")] == [False, False, True, True]
    assert suite.get("tests") == "4"
    assert suite.get("failures") == "2"


# Output


def test_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "answer.json"
    write_file(str(target), b"old", "--out")
    write_file(str(target), b"new", "--out")
    assert target.read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["answer.json"]
    mask = os.umask(0)
    os.umask(mask)
    assert target.stat().st_mode & 0o777 == 0o666 & ~mask


@pytest.mark.parametrize("name", ["missing/answer", "", "folder", "a\0b"])
def test_unwritable_file_is_bad_input(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="--out"):
        write_file(f"{tmp_path}/{name}", b"", "--out")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_markup_in_texts_is_printed_and_not_obeyed(capsys: pytest.CaptureFixture[str]) -> None:
    from dmftheory.report.output import console

    console().print(table(("x",), [("[red]a[/red] :smile:",)]))
    assert "[red]a[/red] :smile:" in capsys.readouterr().out
    assert clean("a\x07\u202eb\n") == "a??b?"
