"""docs/trust.md names every module that the rules load, with its size, and the rules stand on less than 600 lines."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "trust.md").read_text(encoding="utf-8")
MOST = 600
SILENT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def lines_of_code(text: str) -> int:
    """Lines that are not blank, comment or docstring."""
    shown: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in SILENT:
            shown |= set(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        for statement in node.body if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) else ():
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str):
                shown -= set(range(statement.lineno, (statement.end_lineno or 0) + 1))
    return len(shown)


def stated() -> dict[str, int]:
    return {name: int(lines) for name, lines in re.findall(r"^\| `([a-z_.]+)` \| (\d+) \|$", PAGE, re.MULTILINE)}


def file_of(module: str) -> Path | None:
    path = ROOT.joinpath(*module.split(".")).with_suffix(".py")
    return path if path.is_file() else None


def imports(module: str) -> Iterator[str]:
    path = file_of(module)
    assert path is not None
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dmftheory."):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if file_of(inner) else str(node.module)


def loaded() -> set[str]:
    """The modules of this package that the rules import, directly or not."""
    waiting = [f"dmftheory.trust.{path.stem}" for path in (ROOT / "dmftheory" / "trust").glob("*.py") if path.stem != "__init__"]
    found: set[str] = set()
    while waiting:
        module = waiting.pop()
        if module not in found and file_of(module):
            found.add(module)
            waiting += imports(module)
    return {module.removeprefix("dmftheory.") for module in found}


def test_every_module_that_the_rules_load_is_named() -> None:
    assert loaded() == set(stated())


@pytest.mark.parametrize("module", sorted(stated()))
def test_the_sizes_are_as_stated(module: str) -> None:
    path = file_of(f"dmftheory.{module}")
    assert path is not None
    lines, said = lines_of_code(path.read_text(encoding="utf-8")), stated()[module]
    if module.startswith("trust."):
        assert lines == said
    else:
        assert lines <= said <= 1.5 * lines + 20


def test_the_rules_stand_on_few_lines() -> None:
    rules = [lines for module, lines in stated().items() if module.startswith("trust.")]
    assert f"| together | {sum(rules)} |" in PAGE
    assert sum(rules) < MOST
    assert lines_of_code((ROOT / "dmftheory" / "trust" / "__init__.py").read_text(encoding="utf-8")) == 0


def test_what_counts_as_a_line() -> None:
    assert lines_of_code('"""A module."""\n\n# why\n\ndef f():\n    """What."""\n    return (1,\n\n        2)  # why\n') == 3
    assert lines_of_code('x = """a\nb"""\n') == 2


def test_every_rule_is_described() -> None:
    from dmftheory.claims import proof

    rules = [name for name, kind in vars(proof).items() if isinstance(kind, type) and kind.__module__ == proof.__name__]
    assert [name for name in rules if f"`{name}`" not in PAGE] == []
