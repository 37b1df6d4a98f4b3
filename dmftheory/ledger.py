"""The ledger: verdicts kept between runs, in SQLite, under a digest of everything that they rest on.

A row is believed if it is whole: its own digest fits, it is JSON of the right types, and it belongs to the statement asked for. That is a
guard against damage and against other programs, not against somebody who may write in your cache directory and means ill; `--no-cache`
neither reads nor writes it.
"""

from __future__ import annotations

import fcntl
import inspect
import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import dmftheory
from dmftheory.claims.plain import from_plain, to_plain
from dmftheory.claims.theorem import Family, Theorem
from dmftheory.claims.verdict import Settled

ENVIRONMENT = "DMFTHEORY_CACHE"
"""The environment variable that names another directory; empty: nothing is kept."""
SCHEMA = 1
FILE = f"verdicts-{SCHEMA}.sqlite"
APPLICATION = 0x646D6674  # what SQLite files of ours carry in their header
TABLES = (
    "CREATE TABLE verdicts (key TEXT PRIMARY KEY, run TEXT NOT NULL, body TEXT NOT NULL, digest TEXT NOT NULL)",
    "CREATE TABLE keys (source TEXT PRIMARY KEY, key TEXT NOT NULL)",
)
"""Verdicts by key, each with the digest of what it shares with all of its run; and keys of the corpus by the digest of all sources."""
BUSY_SECONDS = 30.0
MOST_ROWS = 20_000
MOST_CHARACTERS = 1_000_000
PACKAGES = ("sympy", "mpmath", "python-flint", "gmpy2", "numpy", "hypothesis", "z3-solver", "cvc5")
TOOLS = ("coqc", "cvc5")
CORPUS_AND_DOORS = ("theorems", "proofs", "checks", "report", "cli")
"""Rooms whose code changes no verdict: statements and proofs enter the key themselves, the doors only ask and print."""


class Ledger:
    """What has been settled before; with no directory, or once something is wrong with its file, it knows nothing and keeps nothing."""

    def __init__(self, directory: Path | None) -> None:
        self._rows: sqlite3.Connection | None = None
        self._path = Path() if directory is None else directory / FILE
        if directory is not None:
            with self._or_give_up():
                self._rows = _open(self._path)

    @property
    def works(self) -> bool:
        """Whether it can be asked."""
        return self._rows is not None

    def look_up(self, key: str | None, item: Theorem | Family) -> Settled | None:
        """The verdict on a statement kept under this key, its evidence marked as cached, or None."""
        row = None
        with self._or_give_up():
            if self._rows is not None and key is not None:
                row = self._rows.execute("SELECT body, digest FROM verdicts WHERE key = ?", (key,)).fetchone()
        settled = None if row is None or key is None else _read(key, *row)
        if settled is None or (settled.id, settled.declared) != (item.id, item.declared):
            return None
        return replace(settled, title=item.title, evidence=tuple(replace(e, cached=True) for e in settled.evidence))

    def key_of(self, source: str) -> str | None:
        """The key that was noted for a statement of the corpus as these sources have it."""
        row = None
        with self._or_give_up():
            if self._rows is not None:
                row = self._rows.execute("SELECT key FROM keys WHERE source = ?", (source,)).fetchone()
        return row[0] if row is not None and isinstance(row[0], str) else None

    def note(self, source: str, key: str) -> None:
        """Note the key of a statement of the corpus, which may take longer to work out than to look up."""
        with self._or_give_up():
            if self._rows is not None:
                self._rows.execute("INSERT OR REPLACE INTO keys VALUES (?, ?)", (source, key))

    def knows(self, run: str) -> bool:
        """Whether anything was kept under the same code, versions, engines and seed."""
        row = None
        with self._or_give_up():
            if self._rows is not None:
                row = self._rows.execute("SELECT 1 FROM verdicts WHERE run = ? LIMIT 1", (run,)).fetchone()
        return row is not None

    def keep(self, key: str | None, settled: Settled, run: str = "") -> None:
        """Keep a verdict, if it is one to keep; once this returns, killing the process does not lose it."""
        if self._rows is None or key is None or not final(settled):
            return
        body = json.dumps({"schema": SCHEMA, "verdict": to_plain(settled)}, sort_keys=True, allow_nan=False)
        with self._or_give_up():
            self._rows.execute("INSERT OR REPLACE INTO verdicts VALUES (?, ?, ?, ?)", (key, run, body, _row_digest(key, body)))

    def close(self) -> None:
        """Close the file."""
        if self._rows is not None:
            self._rows.close()
        self._rows = None

    @contextmanager
    def _or_give_up(self) -> Iterator[None]:
        """What cannot be read or written is left alone from then on, with one warning."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            sys.stderr.write(f"warning: verdicts are neither kept nor looked up in {self._path} ({error})\n")
            self.close()


class Keys:
    """The keys of statements, for one run: digests of everything that a verdict rests on."""

    def __init__(self, engines: Sequence[str], seed: int) -> None:
        from dmftheory.engines.settle import ENGINES
        from dmftheory.proofs import library, proofs

        self._library, self._proofs = library(), proofs()
        content = {
            "schema": SCHEMA,
            "code": code_digest(),
            "versions": versions(),
            "engines": sorted(set(engines or ENGINES)),
            "seed": seed,
        }
        self.run = _digest(content)
        self._corpus: str | None = None
        self._whole_library: str | None = None

    def key(self, item: Theorem | Family) -> str | None:
        """The key of a statement; None for what is not kept: a mistake, or what cannot be written out."""
        try:
            parts = [self._part(index, theorem, tree) for index, theorem, tree in self._parts(item)]
            names = list(inspect.signature(item.member).parameters) if isinstance(item, Family) else None
        except Exception:  # whatever a stranger's statement does: the engines will say what is wrong with it
            return None
        content = {"run": self.run, "id": item.id, "declared": item.declared, "indices": names, "parts": parts}
        return None if None in parts else _digest(content)

    def source(self, id: str) -> str:
        """A digest that fixes a statement of the corpus: its id, the sources of the corpus as they are on disk, and what the run has."""
        if self._corpus is None:
            self._corpus = _digest([[path.as_posix(), sha256(path.read_bytes()).hexdigest()] for path in _corpus_files()])
        return _digest([self.run, self._corpus, id])

    def _parts(self, item: Theorem | Family) -> Iterator[tuple[tuple[int, ...], Theorem, Any]]:
        from dmftheory.engines.settle import proof_of, proof_of_member

        if isinstance(item, Theorem):
            yield (), item, proof_of(item, self._library, self._proofs)
            return
        for index, member in item.members():
            yield index, member, proof_of_member(item, index, member, self._proofs)

    def _part(self, index: tuple[int, ...], theorem: Theorem, tree: Any) -> list[Any] | None:
        from dmftheory.claims import wellformed
        from dmftheory.claims.digest import digest

        # The report of a mistake names file and line, which no digest holds; and only a well-formed statement is what its text says.
        if wellformed.errors(theorem) or wellformed.collapsed(theorem):
            return None
        # Where no proof is given, one is looked for, which may cite any lemma there is.
        return [list(index), digest(theorem, tree, self._library), self._lemmas() if tree is None else None]

    def _lemmas(self) -> str:
        from dmftheory.claims.digest import digest

        if self._whole_library is None:
            lines = [digest(theorem, tree) for theorem, tree in self._library.values()]
            self._whole_library = sha256("\n".join(lines).encode()).hexdigest()
        return self._whole_library


@contextmanager
def opened(use: bool) -> Iterator[Ledger]:
    """The user's ledger, or one that knows nothing and keeps nothing."""
    ledger = Ledger(directory() if use else None)
    try:
        yield ledger
    finally:
        ledger.close()


def directory() -> Path | None:
    """Where verdicts are kept: DMFTHEORY_CACHE, else `dmftheory` in XDG_CACHE_HOME, else in ~/.cache; None for nowhere."""
    named = os.environ.get(ENVIRONMENT)
    if named is not None:
        return Path(named) if named else None
    base = os.environ.get("XDG_CACHE_HOME", "")
    try:
        return (Path(base) if os.path.isabs(base) else Path.home() / ".cache") / "dmftheory"
    except RuntimeError:
        return None


def final(settled: Settled) -> bool:
    """Whether it is to be kept: what is undecided, below its declared verdict, in dispute or for want of an engine is settled again."""
    failing = settled.verdict in ("refuted", "vacuous", "ill-posed")
    absent = any(e.verdict == "undecided" and "not installed" in (e.reason or "") for e in settled.evidence)
    return settled.verdict != "undecided" and (failing or settled.as_declared) and settled.disagreement is None and not absent


def code_digest() -> str:
    """A digest of our own source files that may change a verdict."""
    package = Path(__file__).parent
    found = sha256()
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package)
        if name.parts[0] not in CORPUS_AND_DOORS:
            found.update(f"{name.as_posix()} {sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


def versions() -> dict[str, str | None]:
    """Every version that a verdict may rest on; None for what is not installed."""
    found: dict[str, str | None] = {"python": sys.version, "machine": platform.machine()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = None
    for tool in TOOLS:
        path = shutil.which(tool)
        said = None if path is None else subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60).stdout
        found[f"{tool} command"] = said
    return found


def unchanged() -> bool:
    """Whether the sources of the corpus and our own are those that this process has loaded."""
    newest = max(path.stat().st_ctime for path in (*_corpus_files(), *Path(__file__).parent.rglob("*.py")))
    return newest < dmftheory.STARTED


def _corpus_files() -> list[Path]:
    from dmftheory import proofs, theorems

    folders = (Path(str(package.__file__)).parent for package in (theorems, proofs))
    return [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".pyc"]


def _digest(content: Any) -> str:
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _read(key: str, body: Any, digest: Any) -> Settled | None:
    """A verdict out of a row, if the row is whole."""
    if not (isinstance(body, str) and len(body) <= MOST_CHARACTERS and digest == _row_digest(key, body)):
        return None
    try:
        match json.loads(body):
            case {"schema": 1, "verdict": data, **rest} if not rest:
                settled = from_plain(data)
                return settled if final(settled) else None
    except (ValueError, RecursionError):
        pass
    return None


def _row_digest(key: str, body: str) -> str:
    return sha256(f"{key}\n{body}".encode(errors="replace")).hexdigest()


def _open(path: Path) -> sqlite3.Connection:
    """Open or begin the file; one that is damaged or not ours is set aside first."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked(path.with_suffix(".lock")):
        if path.exists() and not _is_ours(path):
            aside = _set_aside(path)
            sys.stderr.write(f"warning: {path} is damaged or not ours: it is set aside as {aside.name}, and begun anew\n")
        rows = _connect(path)
        try:
            rows.execute("PRAGMA journal_mode = WAL")
            rows.execute("PRAGMA synchronous = NORMAL")
            if rows.execute("PRAGMA application_id").fetchone() != (APPLICATION,):
                rows.executescript(f"BEGIN; {'; '.join(TABLES)}; PRAGMA application_id = {APPLICATION}; COMMIT;")
            for table in ("verdicts", "keys"):
                rows.execute(f"DELETE FROM {table} WHERE rowid <= (SELECT max(rowid) FROM {table}) - ?", (MOST_ROWS,))
        except sqlite3.Error:
            rows.close()
            raise
    return rows


def _connect(path: Path) -> sqlite3.Connection:
    rows = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    rows.text_factory = lambda raw: raw.decode(errors="replace")  # what is no text fits no digest
    return rows


def _is_ours(path: Path) -> bool:
    """Whether a file is a ledger and whole, or empty. Raises sqlite3.OperationalError where it cannot be opened."""
    rows = _connect(path)
    try:
        tables = rows.execute("SELECT sql FROM sqlite_master WHERE type = 'table'").fetchall()
        (application,) = rows.execute("PRAGMA application_id").fetchone()
        whole = rows.execute("PRAGMA quick_check").fetchall() == [("ok",)]
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        return False
    finally:
        rows.close()
    return whole and (application, tables) in ((APPLICATION, [(table,) for table in TABLES]), (0, []))


def _set_aside(path: Path) -> Path:
    """Rename a file, with the two that SQLite keeps beside it, to a name that is free."""
    aside = next(new for n in range(1, 1 << 30) if not (new := path.with_name(f"{path.name}.set-aside-{n}")).exists())
    for ending in ("-wal", "-shm", ""):
        beside = path.with_name(path.name + ending)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + ending))
    return aside


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Alone among our processes, for as long as a ledger is opened."""
    with path.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
