"""The wheel and the sdist hold every file of the library, and the installed wheel works away from the checkout."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = {"dmftheory": "dmftheory", "proofs": "dmftheory/proofs", "checks": "dmftheory/checks"}
PROBE = "lemma.bernoulli_inverse"

pytestmark = pytest.mark.xdist_group("packaging")  # one process builds the wheel, once


def committed(*folders: str) -> set[str]:
    """The files that git knows under these folders (a name with a space or a letter beyond ASCII comes back whole)."""
    listed = subprocess.run(["git", "ls-files", "-z", "--", *folders], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return {name for name in listed.split("\0") if name and (ROOT / name).is_file()}


def in_wheel(path: str) -> str:
    """Where a file of the checkout lies in the wheel."""
    folder, _, rest = path.partition("/")
    return f"{FOLDERS[folder]}/{rest}"


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sdist of what a clone would hold, and the wheel built from it, as `wheel` and `sdist`."""
    clone, out = tmp_path_factory.mktemp("clone"), tmp_path_factory.mktemp("dist")
    for name in committed("."):
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, clone / name)
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(clone)]
    finished = subprocess.run(command, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return {"wheel": next(out.glob("*.whl")), "sdist": next(out.glob("*.tar.gz"))}


@pytest.fixture(scope="module")
def installed(built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of a fresh environment that has the wheel, and beside it only the packages that the tests run with."""
    home = tmp_path_factory.mktemp("fresh")
    venv.create(home, with_pip=False, symlinks=True)
    scripts = home / "bin"
    site = next(home.glob("lib/python*/site-packages"))
    target = ["--prefix", str(home), "--no-deps", "--no-index", "--quiet", "--disable-pip-version-check", "--no-warn-script-location"]
    subprocess.run([sys.executable, "-m", "pip", "--python", str(scripts / "python"), "install", *target, str(built["wheel"])], check=True)
    # A path file brings in the third-party packages; it reads no path files in turn, so the editable install stays out.
    (site / "packages.pth").write_text("\n".join(path for path in sys.path if path.endswith("-packages")) + "\n", encoding="utf-8")
    return scripts / "dmftheory"


def outside(command: list[str], where: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(command, cwd=where, env=environment, capture_output=True, text=True)


def test_wheel_holds_every_committed_file_of_the_library(built: dict[str, Path]) -> None:
    inside = names(built["wheel"])
    missing = {path for path in committed(*FOLDERS) if in_wheel(path) not in inside}
    assert not missing, "list their packages or kinds of data under [tool.setuptools] in pyproject.toml"


def test_wheel_holds_nothing_else(built: dict[str, Path]) -> None:
    known = {in_wheel(path) for path in committed(*FOLDERS)}
    assert not {name for name in names(built["wheel"]) if ".dist-info/" not in name} - known


def test_sdist_holds_the_library_its_tests_and_its_papers(built: dict[str, Path]) -> None:
    with tarfile.open(built["sdist"]) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    papers = {"CHANGELOG.md", "CITATION.cff", "LICENSE", "Makefile", "README.md"}
    assert not (committed(*FOLDERS, "benchmarks", "docs", "examples", "requirements", "tests") | papers) - inside


def test_wheel_runs_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    where = outside(
        [str(installed.parent / "python"), "-c", "import dmftheory, dmftheory.proofs as p; print(dmftheory.__file__, p.__file__)"], tmp_path
    )
    assert where.returncode == 0, where.stderr
    assert str(ROOT) not in where.stdout
    assert str(installed.parents[1]) in where.stdout
    version = outside([str(installed), "--version"], tmp_path)
    assert version.stdout.startswith("dmftheory 0.")


def test_wheel_verifies_a_theorem_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    settled = outside([str(installed), "verify", PROBE], tmp_path)
    assert settled.returncode == 0, settled.stderr
    assert "all as declared" in settled.stdout


def test_one_version_everywhere() -> None:
    from dmftheory import __version__

    citation = re.search(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)
    assert citation is not None
    assert citation[1] == __version__
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_lock_pins_every_dependency_with_hashes_and_names_no_index() -> None:
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "requirements" / "lock.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert not re.search(r"://|^-|file:", text, re.MULTILINE)
    blocks = text.replace("\\\n", " ").splitlines()
    assert all("==" in block and "--hash=sha256:" in block for block in blocks)
    pinned = {block.split("==")[0] for block in blocks}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.split(r"[<>=]", entry)[0] for entry in [*project["dependencies"], *project["optional-dependencies"]["dev"]]}
    assert wanted <= pinned
