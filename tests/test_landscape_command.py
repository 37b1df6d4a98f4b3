"""The command `landscape`: its answers, its files, and one line for what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dmftheory.cli import main
from dmftheory.model.landscape import KEPT, LEFT, block_eigenvalues, stability_limit, verify_hessian
from dmftheory.model.symbols import DEPTH

POINT = {"factors": [[["root(-2,0,1;1,2)", 0]], [["root(-2,0,1;1,2)"], ["0"]]], "target": [[2, 0], [0, "1/3"]]}


def written(folder: Path, document: Any) -> str:
    path = folder / "point.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="ascii")
    return str(path)


def answer(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> Any:
    assert main(["landscape", *arguments, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_ladder(capsys: pytest.CaptureFixture[str]) -> None:
    document = answer(["--depth", "2", "--spectrum", "1,0.5,0.25,0,0,0"], capsys)
    assert document["schema"] == "dmftheory.landscape/1"
    assert [point["inertia"]["negative"] for point in document["points"]] == [18, 10, 4, 0]
    assert [point["smallest"] for point in document["points"][:2]] == [
        {"value": "-1", "multiplicity": 6},
        {"value": "-0.5", "multiplicity": 5},
    ]
    assert document["points"][3]["kind"] == "global minimum"
    assert document["points"][3]["stability_limit"] == "1"


def test_a_subset_with_its_blocks(capsys: pytest.CaptureFixture[str]) -> None:
    (point,) = answer(["--depth", "3", "--spectrum", "1,3/5", "--subset", "2"], capsys)["points"]
    assert point["kind"] == "strict saddle"
    assert [block["kind"] for block in point["blocks"]] == ["left", "left with kept", "kept"]
    assert sum(level["multiplicity"] for block in point["blocks"] for level in block["eigenvalues"]) == 12


def test_an_empty_subset_is_the_origin(capsys: pytest.CaptureFixture[str]) -> None:
    (point,) = answer(["--depth", "3", "--spectrum", "1,3/5", "--subset", ""], capsys)["points"]
    assert point["subset"] == [] and point["kind"] == "non-strict saddle" and point["inertia"]["zero"] == 12


def test_a_point_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = answer(["--depth", "2", "--point", written(tmp_path, POINT)], capsys)
    assert document["problem"]["sizes"] == [2, 1, 2]
    assert document["points"][0]["kind"] == "global minimum"


def test_numbers_in_a_file_are_exact(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, '{"factors": [[[0.1]], [[1]]]}')
    (point,) = answer(["--depth", "2", "--spectrum", "1/10", "--point", path], capsys)["points"]
    assert point["kind"] == "global minimum" and point["loss"] == "0"


def test_a_point_that_is_not_critical(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, {"factors": [[[1]], [[1]]]})
    (point,) = answer(["--depth", "2", "--spectrum", "2", "--point", path], capsys)["points"]
    assert point["kind"] == "not critical" and point["gradient_squared"] == "2" and point["inertia"] is None


@pytest.mark.parametrize("arguments", [["--spectrum", "1,0.5,0"], ["--spectrum", "1,0.5,0", "--subset", "2"], ["--point", "FILE"]])
def test_table_and_picture(arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [written(tmp_path, POINT) if text == "FILE" else text for text in arguments]
    picture = tmp_path / "a.png"
    assert main(["landscape", "--depth", "2", *arguments, "--plot", str(picture)]) == 0
    out = capsys.readouterr().out
    assert "inertia by" in out and "depth 2" in out
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--spectrum", "1,2", "--subset", "3"], "from 1 to 2"),
        (["--spectrum", "1,2", "--subset", "x"], "--subset"),
        (["--spectrum", "1,2", "--subset", "1,1"], "every index once"),
        (["--spectrum", "1,-2", "--subset", "2"], "no real root"),
        (["--spectrum", ",".join(["1"] * 65)], "1 to 64"),
        (["--subset", "1"], "--spectrum"),
        (["--spectrum", "1", "--subset", "1", "--point", "x"], "at most one"),
        (["--spectrum", "1", "--point", "no/such.json"], "No such file"),
        (["--spectrum", "1", "--format", "csv"], "table, json"),
        (["--spectrum", "1", "--plot", "a.docx"], ".png"),
    ],
)
def test_bad_input_is_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["landscape", "--depth", "2", *arguments]) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.count("\n") == 1 and said in told.err


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("{", "not JSON"),
        ("[" * 100000, "not JSON"),
        ({"factors": []}, "2 to"),
        ({"factors": [[[1]], [[1]]], "more": 1}, "JSON file"),
        ({"factors": [[[1]], [["1e999999"]]]}, "row 1 column 1"),
        ({"factors": [[[1]], [["1e99999"]]]}, "bits"),
        ({"factors": [[[1]], [["__import__('os')"]]]}, "row 1 column 1"),
        ({"factors": [[[1]], [[None]]]}, "a number"),
        ('{"factors": [[[NaN]], [[1]]]}', "W_1 row 1 column 1"),
        ({"factors": [[[1]], [[1], [2, 3]]]}, "rows of one length"),
        ({"factors": [[[1]], [[1]], [[1]]]}, "--depth 2"),
        ({"factors": [[[1, 2]], [[1, 2]]]}, "sizes that fit"),
        ({"factors": [[[1]], [[1]]], "target": [[1]]}, "two targets"),
    ],
)
def test_bad_files_are_one_line(document: Any, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["landscape", "--depth", "2", "--spectrum", "1", "--point", written(tmp_path, document)]) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.count("\n") == 1 and said in told.err


def test_symbolic_hessian_is_the_closed_formula() -> None:
    for sizes in ((1, 1, 1), (2, 1, 2), (1, 2, 1, 1), (1, 1, 1, 1, 1)):
        assert all(identity.holds for identity in verify_hessian(sizes))


def test_block_eigenvalues_as_formulas() -> None:
    from sympy import Rational, simplify

    depth, one, other = DEPTH, KEPT, LEFT
    formulas = block_eigenvalues()
    value = formulas["left with kept, minus"].subs({depth: 3, one: Rational(3, 5), other: 1})
    assert simplify(value - Rational(3, 5) ** Rational(1, 3) * (Rational(3, 5) - 1)) == 0
    assert stability_limit().subs({depth: 4, one: 16}) == Rational(1, 128)
