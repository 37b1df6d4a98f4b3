"""Every `dmftheory` command in the README runs, ends as the README says and prints what the README shows."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from dmftheory.cli import main

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> Iterator[str]:
    yield from re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands() -> Iterator[tuple[str, list[str]]]:
    """Each command with the lines shown after it."""
    for block in blocks("console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.splitlines()
            yield command, shown


def words(line: str) -> str:
    """A line of a table without its spacing, without the seconds at its end and without what is cut short by '...'."""
    return " ".join(re.sub(r"(\s\d+\.\d)?$|\.\.\.$", "", line).split())


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the README speaks of."""
    (block,) = blocks("python")
    (tmp_path / "mine.py").write_text(block, encoding="utf-8")
    false = block.replace("1 / N)", "Rational(101, 100) / N)").replace("import Interval", "import Rational, Interval")
    (tmp_path / "false.py").write_text(false, encoding="utf-8")
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("command", "shown"), [pytest.param(*pair, id=pair[0][:60]) for pair in commands()])
def test_command_of_the_readme_says_what_the_readme_shows(
    command: str, shown: list[str], desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program, *arguments = shlex.split(command)
    assert program == "dmftheory"
    assert main(arguments) == ("false.py" in command)
    printed = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    rows = [words(line) for line in shown if line.strip() and not set(line) <= {" ", "─"}]
    assert [row for row in rows if not any(line.startswith(row) for line in printed)] == []


def test_readme_has_commands() -> None:
    assert len(list(commands())) >= 8
