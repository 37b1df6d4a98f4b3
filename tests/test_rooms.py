"""The house keeps its order: a room imports only from rooms below it, and nobody imports the corpus under a second name."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# From the cellar up. Rooms in one set may import one another.
FLOORS: tuple[set[str], ...] = (
    {"errors", "workers"},
    {"exact"},
    {"model"},
    {"numerics"},
    {"advice", "landscape", "levels", "passage", "plateaus", "problem", "saddles", "stages", "trajectory"},
    {"experiments"},
    {"claims"},
    {"trust"},
    {"engines"},
    {"theorems", "proofs", "checks"},
    {"ledger"},
    {"verification", "mutation"},
    {"report"},
    {"cli"},
)
LEVEL = {room: level for level, floor in enumerate(FLOORS) for room in floor}
DOORS = {"__init__", "__main__"}  # the package itself may name every room


def sources() -> dict[str, Path]:
    """Dotted name -> file, for every module of the library."""
    found = {}
    for folder, package in (
        (ROOT / "dmftheory", "dmftheory"),
        (ROOT / "proofs", "dmftheory.proofs"),
        (ROOT / "checks", "dmftheory.checks"),
    ):
        for path in sorted(folder.rglob("*.py")):
            found[".".join([package, *path.relative_to(folder).with_suffix("").parts])] = path
    return found


def imports(tree: ast.AST, module: str) -> Iterator[tuple[str, int]]:
    """Absolute dotted names that a file imports, anywhere in it, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".")[: -node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            if base == "dmftheory":
                yield from ((f"dmftheory.{alias.name}", node.lineno) for alias in node.names)
            else:
                yield base, node.lineno


def upward(module: str, text: str) -> list[str]:
    """The imports of one module that climb the stairs, or that name a room which has no floor."""
    room = module.split(".")[1]
    if room in DOORS:
        return []
    found = []
    for name, line in imports(ast.parse(text), module):
        parts = name.split(".")
        if parts[0] != "dmftheory" or len(parts) == 1 or parts[1] == "__version__":
            continue
        if parts[1] not in LEVEL or LEVEL[parts[1]] > LEVEL[room]:
            found.append(f"{module}:{line} imports {name}")
    return found


def bare(module: str, text: str) -> list[str]:
    """The imports of `proofs` and `checks` under the names that only the checkout has."""
    return [
        f"{module}:{line} imports {name}" for name, line in imports(ast.parse(text), module) if name.split(".")[0] in {"proofs", "checks"}
    ]


def test_every_module_has_a_floor() -> None:
    assert {name.split(".")[1] for name in sources()} - DOORS <= set(LEVEL)


@pytest.mark.parametrize("rule", [upward, bare])
def test_no_module_breaks_the_rule(rule: object) -> None:
    assert callable(rule)
    assert [line for name, path in sources().items() for line in rule(name, path.read_text(encoding="utf-8"))] == []


def test_no_test_or_benchmark_imports_the_corpus_under_a_second_name() -> None:
    files = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]
    assert [line for path in files for line in bare(path.name, path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("dmftheory.model.flow", "from dmftheory.numerics import balls"),
        ("dmftheory.exact", "import dmftheory.problem"),
        ("dmftheory.claims.theorem", "def late():\n    from ..engines import settle"),
        ("dmftheory.trust.rules", "from dmftheory import Problem"),
    ],
)
def test_climbing_import_is_seen(module: str, text: str) -> None:
    assert len(upward(module, text)) == 1


@pytest.mark.parametrize("text", ["import proofs.chou", "from checks import a", "from proofs.chou import decoupling"])
def test_second_name_is_seen(text: str) -> None:
    assert len(bare("dmftheory.report.x", text)) == 1
