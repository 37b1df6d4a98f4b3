"""Statements out of a file: collected once and in order, and every mistake in the file named with its line."""

import sys
from pathlib import Path

import pytest

from dmftheory.claims.collect import load
from dmftheory.errors import InputError

HEAD = """
from sympy import Interval, Symbol
from dmftheory.claims import Family, Theorem
x = Symbol("x", real=True)
def make(n):
    return Theorem(f"t{n}", given={x: Interval(0, n)}, claim=x <= n)
"""


def written(folder: Path, text: str, name: str = "statements.py") -> Path:
    file = folder / name
    file.write_text(HEAD + text)
    return file


def test_statements_are_collected_once_and_in_order(tmp_path: Path) -> None:
    text = 'b = make(2)\nmore = [make(1), b]\npair = (make(3),)\nf = Family("f", "", ((1,),), make)\n'
    file = written(tmp_path, text + "again = b\nnested = [[make(9)]]\n")
    assert [item.id for item in load(file)] == ["t2", "t1", "t3", "f"]


def test_statements_know_their_file_and_line(tmp_path: Path) -> None:
    file = written(tmp_path, 'here = Theorem("here", claim=x <= 1)\n')
    (item,) = load(file)
    assert item.origin == (str(file), HEAD.count("\n") + 1)


def test_two_files_of_one_name_do_not_meet(tmp_path: Path) -> None:
    for folder, number in (("a", 1), ("b", 2)):
        (tmp_path / folder).mkdir()
        written(tmp_path / folder, f"only = make({number})\n")
    assert [load(tmp_path / folder / "statements.py")[0].id for folder in "ab"] == ["t1", "t2"]


def test_a_file_that_asks_for_its_own_module_is_served(tmp_path: Path) -> None:
    file = written(tmp_path, "import dataclasses\n@dataclasses.dataclass\nclass C:\n    n: 'int'\nonly = make(C(4).n)\n")
    assert [item.id for item in load(file)] == ["t4"]


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("y = 1 / 0\n", 1, "ZeroDivisionError"),
        ("ok = make(1)\nok = make(undefined)\n", 2, "NameError"),
        ("a = (\n", 1, "SyntaxError"),
        ("raise SystemExit(3)\n", 1, "SystemExit"),
    ],
)
def test_an_error_in_the_file_is_named_with_file_and_line(tmp_path: Path, text: str, line: int, word: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(InputError, match=word) as caught:
        load(file)
    assert f"{file}:{HEAD.count(chr(10)) + line}" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["missing.py", "statements.txt", "folder.py"])
def test_what_is_no_regular_python_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "statements.txt").write_text(HEAD)
    with pytest.raises(InputError, match="FILE.py"):
        load(tmp_path / name)


def test_loading_leaves_no_bytecode_and_no_failed_module(tmp_path: Path) -> None:
    file = written(tmp_path, "raise ValueError('no')\n")
    before = set(sys.modules)
    with pytest.raises(InputError):
        load(file)
    assert not [name for name in set(sys.modules) - before if "statements" in name]
    assert [p.name for p in tmp_path.iterdir()] == ["statements.py"]
