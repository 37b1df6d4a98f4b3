"""Sudden ends of `dmftheory verify` itself: Ctrl-C reports and leaves no child, kill -9 loses nothing that was settled."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from dmftheory.ledger import FILE

STATEMENTS = """
from sympy import Interval, Symbol
from dmftheory.claims import Family, Theorem

x = Symbol("x", real=True)


def square(name, bound=1, **more):
    return Theorem(name, given={x: Interval(0, 1)}, claim=x**2 <= bound * x, **more)

"""
HANGING = """
import os, time
from pathlib import Path
from dmftheory.engines import sampling

real = sampling.sample


def sample(theorem, *more):
    if theorem.id == "mine.hang":
        Path(__file__).with_suffix(f".{os.getpid()}").touch()
        print("what a file prints is not our answer")
        while True:
            time.sleep(0.01)
    return real(theorem, *more)


sampling.sample = sample
one = square("mine.one")
hanging = square("mine.hang")
later = square("mine.later")
"""


def test_ctrl_c_reports_what_is_settled_and_leaves_no_child(tmp_path: Path) -> None:
    """A real terminal sends the signal to all processes of its group; so does this test."""
    file = file_of(tmp_path, HANGING)
    command = [sys.executable, "-m", "dmftheory", "verify", file, "--engine", "sampling", "--jobs", "2", "--format", "json"]
    environment = {**os.environ, "DMFTHEORY_CACHE": str(tmp_path / "cache")}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, env=environment
    ) as process:
        end = time.monotonic() + 60
        while (
            process.poll() is None
            and time.monotonic() < end
            and not (list(tmp_path.glob("mine.[0-9]*")) and ledger_rows(tmp_path / "cache") == 2)
        ):
            time.sleep(0.05)
        (marker,) = tmp_path.glob("mine.[0-9]*")
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert [theorem["id"] for theorem in json.loads(out)["theorems"]] == ["mine.one", "mine.later"]
    assert "interrupted: 2 of 3 settled" in err
    assert "Traceback" not in err
    assert not Path(f"/proc/{marker.suffix[1:]}").exists()


def ledger_rows(folder: Path) -> int:
    if not (folder / FILE).exists():
        return 0
    rows = sqlite3.connect(folder / FILE)
    try:
        return int(rows.execute("SELECT count(*) FROM verdicts").fetchone()[0])
    except sqlite3.Error:  # it is just being made
        return 0
    finally:
        rows.close()


MANY = 'many = [Theorem(f"mine.many{i}", given={x: Interval(0, 1)}, claim=x**2 <= (i + 1) * x) for i in range(400)]\n'
STREAM = """
import sys
from dmftheory.verification import select, settle_each
for reference, settled in settle_each(select([sys.argv[1]]), ("symbolic",), None, 0, 2):
    print(settled.id, any(evidence.cached for evidence in settled.evidence), flush=True)
"""


def test_kill_9_loses_nothing_that_was_settled(tmp_path: Path) -> None:
    file = file_of(tmp_path, MANY)
    environment = {**os.environ, "DMFTHEORY_CACHE": str(tmp_path / "cache")}
    settled: list[str] = []
    for more in (1, 4):
        with subprocess.Popen([sys.executable, "-c", STREAM, file], stdout=subprocess.PIPE, text=True, env=environment) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline().split() for _ in range(len(settled) + more)]
            process.kill()
            lines += [line.split() for line in process.communicate()[0].splitlines(keepends=True) if line.endswith("\n")]
        assert [name for name, kept in lines if name in settled and kept != "True"] == []
        settled = [name for name, _ in lines]
        assert ledger_rows(tmp_path / "cache") >= len(settled)
    assert 5 <= len(settled) < 400
    assert re.fullmatch(r"mine\.many\d+", settled[-1])


def file_of(folder: Path, text: str) -> str:
    file = folder / "mine.py"
    file.write_text(STATEMENTS + text, encoding="utf-8")
    return str(file)
