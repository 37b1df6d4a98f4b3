"""docs/claims.md names every claim number once, only statements that exist, and verdicts that are the declared ones."""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from dmftheory.verification import statements

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE = (DOCS / "claims.md").read_text(encoding="utf-8")
LAST = {"A": 7, "B": 16, "C": 7, "D": 3, "E": 6, "F": 9, "G": 3}
NUMBERS = [f"{part}{number}" for part, last in LAST.items() for number in range(1, last + 1)]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("claims_page", DOCS / "claims.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def settled() -> Iterator[tuple[str, str]]:
    """Id and verdict of every line of the table of claims."""
    yield from re.findall(r"^\| \| `([a-z_.]+)` \| (\w*) \|", PAGE, re.MULTILINE)


def test_no_claim_number_is_missing(script: ModuleType) -> None:
    assert list(script.CLAIMS) == NUMBERS
    assert re.findall(r"^\| \*\*(\w+)\*\* \|", PAGE, re.MULTILINE) == NUMBERS


def test_a_claim_without_a_statement_says_why(script: ModuleType) -> None:
    assert [number for number, (_, names, remark) in script.CLAIMS.items() if not names and not remark] == []


def test_verdicts_are_the_declared_ones() -> None:
    declared = {statement.id: statement.declared for statement in statements(None)}
    rank = ["refuted", "", "supported", "certified", "proved"]
    found = list(settled())
    assert len(found) > 150
    assert [name for name, _ in found if name not in declared] == []
    wrong = [
        name
        for name, verdict in found
        if verdict and ((verdict == "refuted") != (declared[name] == "refuted") or rank.index(verdict) < rank.index(declared[name]))
    ]
    assert wrong == []


def test_a_name_that_is_no_statement_is_noticed(script: ModuleType) -> None:
    with pytest.raises(ValueError, match=r"chou\.nothing"):
        script.matching(("chou.nothing.*",), ["chou.noise.learned"])


def test_a_statement_without_a_number_is_listed_all_the_same(script: ModuleType) -> None:
    names = [statement.id for statement in statements(None)]
    assert any("`chou.new.one`" in row for row in script.rows([*names, "chou.new.one"], {}))
