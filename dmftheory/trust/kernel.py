"""The kernel of Rocq (once called Coq) as a judge: it is asked about a statement that is written here, not by the author of the proof."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from dmftheory.claims.rocq import InexpressibleError, statement
from dmftheory.trust.rules import need
from dmftheory.trust.sequent import Sequent

AXIOMS = frozenset(
    {
        "ClassicalDedekindReals.sig_forall_dec",
        "ClassicalDedekindReals.sig_not_dec",
        "FunctionalExtensionality.functional_extensionality_dep",
        "Classical_Prop.classic",
    }
)
"""What the real numbers of the standard library rest on."""
COMMANDS = re.compile(r"\b(Declare\s+ML|Load|Redirect|Drop|Cd|Extraction|Print|Add\s+\w*\s*LoadPath)\b")
"""Commands that act on something else than the file; a proof needs none of them."""
SECONDS = 60
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def missing() -> str | None:
    """Why no file can be checked here, or None."""
    return None if shutil.which("coqc") else "not installed: coqc"


@lru_cache(maxsize=1)
def version() -> str:
    """The name and version of the kernel, for evidence."""
    return "Coq " + " ".join(_run("--print-version").split()[:1])


def accept(sequent: Sequent, leaf: Any) -> frozenset[str]:
    """What the proof relies on, if the kernel finds that `leaf.name` in `leaf.source` proves the sequent. Raises ProofError.

    Statement and proof are files of their own, so no notation or definition of the proof touches the meaning of the statement.
    """
    absent = missing()
    need(absent is None, f"kernel: {absent}")
    need(NAME.fullmatch(leaf.name) and not COMMANDS.search(leaf.source), "a name, and a source without commands to anything else")
    try:
        goal = statement(sequent.sets, sequent.hypotheses, sequent.goal)
    except InexpressibleError as error:
        need(False, f"kernel: {error}")
    with tempfile.TemporaryDirectory() as folder:
        _compile(folder, "Statement", goal)
        _compile(folder, "Source", leaf.source)
        checked = f"Definition checked : Dmf.Statement.statement := Dmf.Source.{leaf.name}."
        printed = _compile(folder, "Checked", f"Require Dmf.Source Dmf.Statement.\n{checked}\nPrint Assumptions checked.\n")
    axioms = set(_axioms(printed))
    need(axioms <= AXIOMS, f"kernel: it rests on {', '.join(sorted(axioms - AXIOMS))}")
    return frozenset({version(), *(f"axiom {name}" for name in axioms)})


def _axioms(printed: str) -> list[str]:
    """The names that Print Assumptions lists; whatever else it says (an unsafe flag, say) is no name that is allowed."""
    lines = [line for line in printed.splitlines() if line.strip() and not line.startswith(" ")]
    return [line.split(" : ")[0].strip() for line in lines if line not in ("Axioms:", "Closed under the global context")]


def _compile(folder: str, name: str, text: str) -> str:
    path = Path(folder, f"{name}.v")
    path.write_text(text, encoding="utf-8")
    return _run("-q", "-w", "none", "-Q", folder, "Dmf", str(path))


def _run(*arguments: str) -> str:
    try:
        done = subprocess.run(["coqc", *arguments], capture_output=True, text=True, timeout=SECONDS, stdin=subprocess.DEVNULL, check=False)
    except subprocess.TimeoutExpired:
        need(False, f"kernel: no answer in {SECONDS} seconds")
    need(done.returncode == 0, f"kernel: {' '.join((done.stderr or done.stdout).split())[-300:]}")
    return done.stdout
