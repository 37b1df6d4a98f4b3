"""The kernel of Rocq (once called Coq) as a judge: it is asked about a statement that is written here, not by the author of the proof."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from secrets import token_hex
from typing import Any

from dmftheory.claims.rocq import statement
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
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
SECONDS = 60


def missing() -> str | None:
    """Why no file can be checked here, or None."""
    return None if shutil.which("coqc") else "not installed: coqc"


def accept(sequent: Sequent, leaf: Any) -> set[str]:
    """What the proof relies on, if the kernel finds that `leaf.name` in `leaf.source` proves the sequent. Raises an exception where not.

    The statement is read before the proof is loaded, under a name that the proof cannot know, so that no notation or definition of the
    proof touches its meaning.
    """
    need(missing() is None, str(missing()))
    need(NAME.fullmatch(leaf.name) and not COMMANDS.search(leaf.source), "needs a name, and a source without commands to anything else")
    secret = f"Dmf{token_hex(8)}"
    goal = statement(sequent.sets, sequent.hypotheses, sequent.goal, f"statement_{secret}")
    checked = f"Definition checked : statement_{secret} := {secret}.Source.{leaf.name}.\nPrint Assumptions checked.\n"
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("Source", leaf.source), ("Checked", f"{goal}Require {secret}.Source.\n{checked}")):
            Path(folder, f"{name}.v").write_text(text, encoding="utf-8")
            printed = _ask("-q", "-w", "none", "-Q", folder, secret, str(Path(folder, f"{name}.v")))
    # A name and its type for each axiom, continued on indented lines; whatever else is said (an unsafe flag, say) is no name allowed.
    lines = [line for line in printed.splitlines() if line[:1].strip() and line not in ("Axioms:", "Closed under the global context")]
    axioms = {line.partition(" : ")[0].strip() for line in lines}
    need(axioms <= AXIOMS, f"it rests on {', '.join(sorted(axioms - AXIOMS))}")
    return {f"Coq {_ask('--print-version').split()[0]}", *(f"axiom {name}" for name in axioms)}


def _ask(*arguments: str) -> str:
    done = subprocess.run(["coqc", *arguments], capture_output=True, text=True, timeout=SECONDS, stdin=subprocess.DEVNULL, check=False)
    need(done.returncode == 0, " ".join((done.stderr or done.stdout).split())[-300:])
    return done.stdout
