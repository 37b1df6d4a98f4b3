"""The ledger: what is kept is found again, nothing else is believed, and no way of dying loses or damages it."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sympy import Interval, Range, Rational, Symbol, oo

from dmftheory import ledger
from dmftheory.claims import Family, Theorem
from dmftheory.claims.plain import from_plain, to_plain
from dmftheory.claims.proof import Algebra, Induct
from dmftheory.claims.verdict import Evidence, Settled, Witness
from dmftheory.ledger import FILE, Keys, Ledger

x, n = Symbol("x", real=True), Symbol("n", integer=True, nonnegative=True)
SQUARE = Theorem("mine.square", given={x: Interval(0, 1)}, claim=x**2 <= x)
PROVED = Settled("mine.square", "", "proved", "supported", (Evidence("symbolic", "proved", "all x", ("z3",), 0.25),), worst_slack="0")
REFUTED = Settled(
    "mine.square",
    "",
    "refuted",
    "supported",
    (Evidence("sampling", "refuted", "256 instances"),),
    Witness((("x", "1/2"),), "-1/4"),
    Witness((("x", "2/3"),)),
    "mine.square@x=1/2",
    256,
    "-0.25",
)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger(tmp_path)
    yield opened
    opened.close()


def found(folder: Path, key: str = "key", item: Theorem = SQUARE) -> Settled | None:
    """What a ledger opened anew knows."""
    book = Ledger(folder)
    settled = book.look_up(key, item)
    book.close()
    return settled


def raw(folder: Path, *sql: Any) -> list[Any]:
    rows = sqlite3.connect(folder / FILE, isolation_level=None)
    try:
        return rows.execute(*sql).fetchall()
    finally:
        rows.close()


@pytest.mark.parametrize("settled", [PROVED, REFUTED])
def test_what_is_kept_is_found_and_marked(book: Ledger, tmp_path: Path, settled: Settled) -> None:
    book.keep("key", settled)
    expected = replace(settled, evidence=tuple(replace(evidence, cached=True) for evidence in settled.evidence))
    assert book.look_up("key", SQUARE) == found(tmp_path) == expected
    assert book.look_up("other", SQUARE) is None
    assert book.look_up(None, SQUARE) is None


def test_title_is_that_of_the_statement_now(book: Ledger) -> None:
    book.keep("key", PROVED)
    renamed = book.look_up("key", replace_title("anew"))
    assert renamed is not None
    assert renamed.title == "anew"


def replace_title(title: str) -> Theorem:
    return Theorem("mine.square", title=title, given=SQUARE.given, claim=SQUARE.claim)


@pytest.mark.parametrize(
    "settled",
    [
        replace(PROVED, verdict="undecided"),
        replace(PROVED, verdict="supported", declared="certified"),
        replace(REFUTED, disagreement="smt says proved, sampling says refuted"),
        replace(PROVED, evidence=(*PROVED.evidence, Evidence("kernel", "undecided", "", reason="not installed: coqc"))),
    ],
)
def test_what_another_run_might_better_is_not_kept(book: Ledger, tmp_path: Path, settled: Settled) -> None:
    book.keep("key", settled)
    assert raw(tmp_path, "SELECT * FROM verdicts") == []


# Keys


def proof(depth: int) -> Any:
    return Induct(n, Algebra(), Algebra()) if depth else Algebra()


def statement(**changed: Any) -> Theorem:
    parts = {"given": {n: Range(0, oo), x: Interval(0, 1)}, "claim": x**n <= 1, "proof": proof(1), **changed}
    return Theorem(parts.pop("id", "mine.powers"), **parts)


CHANGES: list[dict[str, Any]] = [
    {"id": "mine.other"},
    {"claim": x**n <= 2},
    {"given": {n: Range(1, oo), x: Interval(0, 1)}},
    {"assume": [x >= Rational(1, 2)]},
    {"declared": "proved"},
    {"proof": proof(0)},
    {"proof": None},
]


def test_key_changes_with_the_statement_and_its_proof() -> None:
    keys = Keys((), 0)
    made = [keys.key(statement(**change)) for change in ({}, *CHANGES)]
    assert None not in made
    assert len(set(made)) == len(made)
    assert keys.key(statement(title="another title", source="another source")) == made[0]


def test_key_changes_with_engines_seed_code_and_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [Keys(engines, seed).key(statement()) for engines, seed in (((), 0), ((), 1), (("smt",), 0), (("smt", "boxes"), 0))]
    assert Keys(("boxes", "smt", "smt"), 0).key(statement()) == made[3]
    with monkeypatch.context() as patch:
        patch.setattr(ledger, "code_digest", lambda: "other code")
        made.append(Keys((), 0).key(statement()))
    known = ledger.versions()
    for name in ("python", "sympy", "z3-solver", "coqc command"):
        with monkeypatch.context() as patch:
            patch.setattr(ledger, "versions", lambda name=name: {**known, name: "another"})
            made.append(Keys((), 0).key(statement()))
    assert None not in made
    assert len(set(made)) == len(made)


def test_statement_without_a_proof_depends_on_the_lemmas_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    import dmftheory.proofs

    known = dict(dmftheory.proofs.library())
    bare, given = statement(proof=None), statement()
    before = [Keys((), 0).key(item) for item in (bare, given)]
    monkeypatch.setattr(dmftheory.proofs, "library", lambda: {**known, "lemma.new": (SQUARE, None)})
    after = [Keys((), 0).key(item) for item in (bare, given)]
    assert before[0] != after[0]
    assert before[1] == after[1]


def test_family_is_known_by_its_members() -> None:
    def family(bound: int, last: int = 2) -> Family:
        return Family("mine.all", "", tuple((j,) for j in range(last)), lambda j: statement(id=f"m{j}", claim=x**n <= bound + j))

    keys = Keys((), 0)
    assert len({keys.key(family(1)), keys.key(family(2)), keys.key(family(1, 3)), None}) == 4
    assert keys.key(family(1)) == keys.key(family(1))


def broken(j: int) -> Theorem:
    raise ValueError(j)


@pytest.mark.parametrize(
    "item",
    [
        statement(claim=x**n <= 0.5),
        statement(claim=True),
        statement(proof=len),
        Family("mine.all", "", ((1,),), broken),
        Family("mine.all", "", ((1,),), lambda j: statement(claim=None)),
    ],
)
def test_what_is_written_wrongly_has_no_key(item: Any) -> None:
    assert Keys((), 0).key(item) is None


def test_code_digest_covers_the_engines_and_not_the_corpus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("engines/boxes.py", "theorems/chou/decay.py", "cli/commands.py", "trust/check.py", "ledger.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    monkeypatch.setattr(ledger, "__file__", str(tmp_path / "ledger.py"))
    seen = {"": ledger.code_digest()}
    for name in ("engines/boxes.py", "theorems/chou/decay.py", "cli/commands.py", "trust/check.py"):
        (tmp_path / name).write_text("changed")
        seen[name] = ledger.code_digest()
    assert len(set(seen.values())) == 3
    assert seen["engines/boxes.py"] == seen["cli/commands.py"] != seen["trust/check.py"]


def test_source_changes_with_any_file_of_the_corpus_and_with_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text("one")
    monkeypatch.setattr(ledger, "_corpus_files", lambda: sorted(tmp_path.iterdir()))
    made = [Keys((), 0).source("a"), Keys((), 0).source("b"), Keys((), 1).source("a")]
    (tmp_path / "a.py").write_text("two")
    made.append(Keys((), 0).source("a"))
    (tmp_path / "a.v").write_text("")
    made.append(Keys((), 0).source("a"))
    assert len(set(made)) == 5
    assert Keys((), 0).source("a") == made[-1]


def test_change_since_the_start_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import dmftheory

    (tmp_path / "a.py").write_text("one")
    monkeypatch.setattr(ledger, "_corpus_files", lambda: sorted(tmp_path.iterdir()))
    monkeypatch.setattr(ledger, "__file__", str(tmp_path / "ledger.py"))
    monkeypatch.setattr(dmftheory, "STARTED", time.time() - 1)
    assert not ledger.unchanged()
    monkeypatch.setattr(dmftheory, "STARTED", time.time() + 1)
    assert ledger.unchanged()
    os.utime(tmp_path / "a.py", (0, 0))  # an old date does not make it old
    monkeypatch.setattr(dmftheory, "STARTED", time.time() - 1)
    assert not ledger.unchanged()


def test_key_is_noted_under_its_source(book: Ledger, tmp_path: Path) -> None:
    book.note("source", "key")
    assert book.key_of("source") == "key"
    assert book.key_of("other") is None
    raw(tmp_path, "UPDATE keys SET key = 1")
    assert book.key_of("source") == "1"  # as text, under which nothing is kept
    book.close()
    assert book.key_of("source") is None


def test_run_is_known_once_something_is_kept(book: Ledger) -> None:
    assert not book.knows("run")
    book.keep("key", PROVED, "run")
    assert book.knows("run")
    assert not book.knows("another")


# Nothing else is believed


def plain(**changed: Any) -> Any:
    return {**json.loads(json.dumps(to_plain(PROVED))), **changed}


EVIDENCE = plain()["evidence"][0]
TAMPERED: dict[str, Any] = {
    "a better verdict": plain(verdict="certain"),
    "a number for a text": plain(title=1),
    "a truth for a number": plain(samples=True),
    "a negative count": plain(samples=-1),
    "a part too many": plain(more=1),
    "a part too few": {key: value for key, value in plain().items() if key != "reason"},
    "evidence that is none": plain(evidence=["proved"]),
    "an unknown verdict within": plain(evidence=[{**EVIDENCE, "verdict": "sure"}]),
    "endless time": plain(evidence=[{**EVIDENCE, "seconds": 1e999}]),
    "a witness of the wrong shape": plain(witness={"values": [["x"]], "slack": None}),
    "another statement": plain(id="mine.other"),
    "another declaration": plain(declared="proved"),
    "what is never kept": plain(verdict="undecided"),
    "a list": [plain()],
}


@pytest.mark.parametrize("name", TAMPERED)
def test_row_with_a_digest_that_fits_is_still_checked(book: Ledger, tmp_path: Path, name: str) -> None:
    def put(body: str) -> None:
        raw(tmp_path, "INSERT OR REPLACE INTO verdicts VALUES ('key', '', ?, ?)", (body, ledger._row_digest("key", body)))

    put(json.dumps({"schema": ledger.SCHEMA, "verdict": plain()}))
    assert book.look_up("key", SQUARE) is not None
    put(json.dumps({"schema": ledger.SCHEMA, "verdict": TAMPERED[name]}))
    assert book.look_up("key", SQUARE) is None


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "null",
        "[" * 100_000,
        '{"schema": 2, "verdict": {}}',
        '{"schema": 1}',
        '"' + "1" * 2_000_000 + '"',
        "1" * 5000,
        b"\xff\xfe",
        7,
    ],
)
def test_body_that_is_no_verdict_is_ignored(book: Ledger, tmp_path: Path, body: Any) -> None:
    raw(tmp_path, "INSERT INTO verdicts VALUES ('key', '', ?, ?)", (body, ledger._row_digest("key", body if isinstance(body, str) else "")))
    assert book.look_up("key", SQUARE) is None
    book.keep("key", PROVED)
    assert book.look_up("key", SQUARE) is not None


@pytest.mark.parametrize("change", ["body = replace(body, 'proved', 'certified')", "digest = 'abc'", "key = 'other'", "digest = x'00'"])
def test_altered_row_is_ignored(book: Ledger, tmp_path: Path, change: str) -> None:
    book.keep("key", PROVED)
    raw(tmp_path, f"UPDATE verdicts SET {change}")
    assert book.look_up("key", SQUARE) is None
    assert book.look_up("other", SQUARE) is None


@pytest.mark.parametrize("settled", [PROVED, REFUTED, Settled("a", "", "undecided", "proved", reason="why")])
def test_plain_data_is_read_back(settled: Settled) -> None:
    assert from_plain(json.loads(json.dumps(to_plain(settled)))) == settled


# Damage


def foreign(path: Path) -> None:
    path.unlink()
    rows = sqlite3.connect(path)
    rows.execute("CREATE TABLE verdicts (key TEXT PRIMARY KEY, body TEXT NOT NULL, digest TEXT NOT NULL)")
    rows.execute("CREATE TABLE more (text TEXT)")
    rows.close()


def cut(path: Path) -> None:
    os.truncate(path, 4096 + 100)


def blot(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:] = random.Random(0).randbytes(len(data) - 4096)
    path.write_bytes(data)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "text": lambda path: path.write_text("not a database, but long enough to be read as one " * 100),
    "foreign": foreign,
    "cut": cut,
    "blot": blot,
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damaged_file_is_set_aside_with_a_message(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for time_ in (1, 2):
        book = Ledger(tmp_path)
        for number in range(30):
            book.keep(f"key{number}", PROVED)
        book.close()
        DAMAGE[name](tmp_path / FILE)
        assert found(tmp_path, "key1") is None
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert f"set aside as {FILE}.set-aside-{time_}" in said
        assert (tmp_path / f"{FILE}.set-aside-{time_}").is_file()
    book = Ledger(tmp_path)
    book.keep("key", PROVED)
    book.close()
    assert found(tmp_path) is not None
    assert capsys.readouterr().err == ""


def test_file_damaged_while_it_is_open_costs_one_warning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = Ledger(tmp_path)
    for number in range(100):
        book.keep(f"key{number}", PROVED)
    book.close()
    book = Ledger(tmp_path)
    blot(tmp_path / FILE)
    assert [book.look_up(f"key{number}", SQUARE) for number in range(100)] == [None] * 100
    book.keep("key", PROVED)
    assert not book.works
    assert capsys.readouterr().err.count("warning: ") == 1


def test_empty_file_is_begun(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / FILE).touch()
    book = Ledger(tmp_path)
    book.keep("key", PROVED)
    book.close()
    assert found(tmp_path) is not None
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("place", ["file/below", "folder"])
def test_place_that_cannot_be_written_costs_one_warning(place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder" / FILE).mkdir(parents=True)
    book = Ledger(tmp_path / place)
    for _ in range(3):
        book.keep("key", PROVED)
        assert book.look_up("key", SQUARE) is None
    assert capsys.readouterr().err.count("\n") == 1


def test_file_that_stays_locked_costs_one_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ledger, "BUSY_SECONDS", 0.05)
    book = Ledger(tmp_path)
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for _ in range(3):
        book.keep("key", PROVED)
    other.close()
    assert "locked" in capsys.readouterr().err
    assert found(tmp_path) is None


def test_ledger_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "MOST_ROWS", 10)
    book = Ledger(tmp_path)
    for number in range(25):
        book.keep(f"key{number}", PROVED)
    book.close()
    assert found(tmp_path, "key14") is None
    assert found(tmp_path, "key15") is not None


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"DMFTHEORY_CACHE": "/a/b", "XDG_CACHE_HOME": "/c"}, Path("/a/b")),
        ({"DMFTHEORY_CACHE": "", "XDG_CACHE_HOME": "/c"}, None),
        ({"XDG_CACHE_HOME": "/c", "HOME": "/h"}, Path("/c/dmftheory")),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/h"}, Path("/h/.cache/dmftheory")),
        ({"HOME": "/h"}, Path("/h/.cache/dmftheory")),
    ],
)
def test_where_it_lies(environment: dict[str, str], expected: Path | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DMFTHEORY_CACHE", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert ledger.directory() == expected


# Many processes, and sudden ends

WRITER = """
import sys
from pathlib import Path
from dmftheory.claims.verdict import Evidence, Settled
from dmftheory.ledger import Ledger
proved = Settled("mine.square", "", "proved", "supported", (Evidence("symbolic", "proved", "all x", ("z3",), 0.25),))
print("here", flush=True)
for line in sys.stdin:  # one order: open a ledger, and keep so many verdicts in it
    name, count = line.split()
    ledger = Ledger(Path(sys.argv[1]))
    for number in range(int(count)):
        ledger.keep(f"{name}.{number}", proved)
        print(f"{name}.{number}", flush=True)
    ledger.close()
"""


def writer(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(folder)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)


def order(process: subprocess.Popen[str], what: str) -> None:
    assert process.stdin is not None
    process.stdin.write(what + "\n")
    process.stdin.flush()


def intact(folder: Path) -> bool:
    return raw(folder, "PRAGMA integrity_check") == [("ok",)]


def test_kill_9_at_any_moment_loses_nothing_that_was_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    moments = random.Random(4)
    written: set[str] = set()
    for round_ in range(4):
        processes = [writer(tmp_path) for _ in range(2)]
        for number, process in enumerate(processes):
            assert process.stdout is not None
            assert process.stdout.readline() == "here\n"
            order(process, f"round{round_}.{number} 100000")
        time.sleep(moments.uniform(0, 0.3))
        for process in processes:
            process.send_signal(signal.SIGKILL)
        for process in processes:
            lines = process.communicate()[0].splitlines(keepends=True)
            written |= {line.strip() for line in lines if line.endswith("\n")}
        if (tmp_path / FILE).exists():
            assert intact(tmp_path)
    assert len(written) > 100
    known = {key for (key,) in raw(tmp_path, "SELECT key FROM verdicts")}
    assert written <= known
    book = Ledger(tmp_path)
    assert all(book.look_up(key, SQUARE) is not None for key in written)
    book.close()
    assert capfd.readouterr().err == ""


def test_two_processes_at_once_lose_no_write(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    processes = [writer(tmp_path) for _ in range(2)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
    for number, process in enumerate(processes):
        order(process, f"one.{number} 300")
        order(process, f"two.{number} 300")  # opens it again while the other one writes
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    assert raw(tmp_path, "SELECT count(*) FROM verdicts") == [(1200,)]
    assert intact(tmp_path)
    assert capfd.readouterr().err == ""
