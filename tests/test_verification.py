"""Settling by name: in order, in time, not twice; what dies or is interrupted costs its own statement at most."""

import contextlib
import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sympy import Interval, Symbol

from dmftheory import ledger, verification, verify, workers
from dmftheory.claims import Theorem
from dmftheory.claims.verdict import Evidence, Settled
from dmftheory.cli import main
from dmftheory.engines import sampling, smt
from dmftheory.verification import Reference, settle_each
from dmftheory.workers import Outcome

x = Symbol("x", real=True)

STATEMENTS = """
from sympy import Interval, Symbol
from dmftheory.claims import Family, Theorem

x = Symbol("x", real=True)


def square(name, bound=1, **more):
    return Theorem(name, given={x: Interval(0, 1)}, claim=x**2 <= bound * x, **more)

"""
GOOD = """
one = square("mine.one", title="first")
false = square("mine.false", bound=x / 2)
three = square("mine.three", bound=2)
all = Family("mine.all", "", ((1,), (2,)), lambda m: square(f"mine.all{m}", bound=m))
"""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("DMFTHEORY_CACHE", str(folder))
    return folder


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers that are copies of this process: quick to start, and with what a test has put in place. Our own code does not change."""

    import z3  # noqa: F401  once, rather than in each copy

    def run(work: Any, setting: Any, *more: Any) -> Any:
        return workers.run_each(verification._prepare(setting) if isinstance(work, str) else work, setting, *more)

    monkeypatch.setattr(verification, "run_each", run)
    monkeypatch.setattr(ledger, "code_digest", lambda: "this code")


def asked(*_: Any) -> Iterator[Outcome]:
    """What no ledger knows is asked for."""
    yield Outcome(0, why="asked")


def file_of(folder: Path, text: str, name: str = "mine.py") -> str:
    file = folder / name
    file.write_text(STATEMENTS + text, encoding="utf-8")
    verification.statements.cache_clear()
    return str(file)


def document(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[dict[str, Any], int]:
    """The JSON answer of `verify` without its times, and the exit code."""
    code = main(["verify", *arguments, "--format", "json"])
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    for theorem in answer["theorems"]:
        for evidence in theorem["evidence"]:
            del evidence["seconds"]
    return answer, code


def cached(answer: dict[str, Any]) -> list[bool]:
    """For each statement, whether it was not settled anew; takes the marks away."""
    marks = [{evidence.pop("cached") for evidence in theorem["evidence"]} for theorem in answer["theorems"]]
    assert all(len(mark) == 1 for mark in marks)
    return [mark.pop() for mark in marks]


@pytest.mark.usefixtures("forked")
def test_second_run_says_the_same_from_the_ledger(cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = file_of(tmp_path, 'one = square("mine.one")\nfalse = square("mine.false", bound=x / 2)\n')
    options = [file, "--engine", "symbolic", "--engine", "sampling"]
    first, code = document(options, capsys)
    again, same = document([*options, "--jobs", "2"], capsys)
    assert (cached(first), cached(again)) == ([False] * 2, [True] * 2)
    assert again == first
    assert code == same == 1
    false = next(theorem for theorem in again["theorems"] if theorem["id"] == "mine.false")
    assert false["verdict"] == "refuted"
    assert false["witness"]
    assert main(["replay", false["replay"], file]) == 1
    assert main(["verify", *options]) == 1
    table = capsys.readouterr().out
    assert table.count("(cached)") == 2
    assert "mine.false: replay with: dmftheory replay" in table


@pytest.mark.usefixtures("forked")
def test_without_the_ledger_nothing_is_read_or_written(cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = file_of(tmp_path, 'one = square("mine.one")\n')
    options = [file, "--engine", "symbolic"]
    assert cached(document([*options, "--no-cache"], capsys)[0]) == [False]
    assert not cache.exists()
    assert [cached(document(options, capsys)[0]) for _ in range(2)] == [[False], [True]]
    assert cached(document([*options, "--no-cache"], capsys)[0]) == [False]
    (settled,) = verify(file, engines=("symbolic",), cache=False)
    assert not settled.evidence[0].cached


@pytest.mark.parametrize("unchanged", [True, False])
def test_key_of_the_corpus_is_noted_while_its_sources_stay(unchanged: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    item = verification.find("lemma.bernoulli")
    keys = ledger.Keys((), 0)
    monkeypatch.setattr(verification, "unchanged", lambda: unchanged)
    with contextlib.closing(ledger.Ledger(tmp_path)) as book:
        key = verification._key(book, keys, Reference(None, 0), item)
        assert key == keys.key(item)
        monkeypatch.setattr(keys, "key", lambda _: "worked out again")
        assert verification._key(book, keys, Reference(None, 0), item) == (key if unchanged else "worked out again")
        assert verification._key(book, keys, Reference("a file", 0), item) == "worked out again"


@pytest.mark.usefixtures("cache", "forked")
def test_what_changes_is_settled_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = 'one = square("mine.one")\nthree = square("mine.three", bound=2)\n'
    quick = ["--engine", "symbolic"]
    document([file_of(tmp_path, text), *quick], capsys)
    assert cached(document([file_of(tmp_path, text.replace("bound=2", "bound=3")), *quick], capsys)[0]) == [True, False]
    assert cached(document([file_of(tmp_path, "# moved\n" + text, "other.py"), *quick], capsys)[0]) == [True, True]
    assert cached(document([file_of(tmp_path, text), *quick, "--seed", "1"], capsys)[0]) == [False, False]
    assert cached(document([file_of(tmp_path, text), *quick, "--engine", "sampling"], capsys)[0]) == [False, False]


def test_statement_that_changes_meanwhile_is_not_kept(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = file_of(tmp_path, 'one = square("mine.one", bound=2)\n')
    references = verification.select([file])
    first = verification.statements(file)

    def run(work: str, setting: Any, tasks: Any, jobs: int, seconds: float | None) -> Any:
        file_of(tmp_path, 'one = square("mine.one", bound=3)\n')
        return workers.run_each(verification._prepare(setting), setting, tasks, jobs, seconds)

    monkeypatch.setattr(verification, "run_each", run)
    assert [settled.verdict for _, settled in settle_each(references, (), None, 0, 1)] == ["proved"]
    for items in (first, verification.statements(file)):
        monkeypatch.setattr(verification, "statements", lambda _, items=items: items)
        monkeypatch.setattr(verification, "run_each", asked)
        assert [settled.reason for _, settled in settle_each(references, (), None, 0, 1)] == ["asked"]


def hang(*_: Any) -> Any:
    while True:
        time.sleep(0.01)


@pytest.mark.usefixtures("forked")
def test_budget_is_kept_by_killing_and_what_was_found_is_told(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smt, "decide_each_depth", hang)
    quick = sampling.Sampled(Evidence("sampling", "supported", "200 instances"), samples=200)
    monkeypatch.setattr(sampling, "sample", lambda *_: quick)
    file = file_of(tmp_path, 'one = square("mine.one")\n')
    monkeypatch.setattr(verification, "_unhurried", lambda *_: True)
    for engines in (("smt", "sampling"), ("smt",)):
        start = time.monotonic()
        (settled,) = verify(file, engines=engines, budget=3)
        assert 3 <= time.monotonic() - start < 20
        assert settled.verdict == "undecided"
        assert (settled.reason or "").startswith("ran out of 3 seconds")
        if "sampling" in engines:
            assert "sampling says supported" in (settled.reason or "")
            assert [(evidence.engine, evidence.verdict) for evidence in settled.evidence] == [("sampling", "supported")]
            assert settled.samples == 200
    monkeypatch.setattr(verification, "run_each", asked)
    assert [again.reason for again in verify(file, engines=("smt",))] == ["asked"]


@pytest.mark.usefixtures("cache", "forked")
def test_what_is_refuted_in_time_stays_refuted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dmftheory.engines import symbolic

    for name in ("prove", "propose"):
        monkeypatch.setattr(symbolic, name, hang, raising=False)
    file = file_of(tmp_path, 'from dmftheory.claims.proof import Algebra\nfalse = square("mine.f", bound=x / 2, proof=Algebra())\n')
    (settled,) = verify(file, engines=("sampling", "symbolic"), budget=4)
    assert settled.verdict == "refuted"
    assert settled.replay
    monkeypatch.setattr(verification, "run_each", asked)
    assert [again.reason for again in verify(file, engines=("sampling", "symbolic"))] == ["asked"]


def test_statement_handed_over_keeps_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "sample", hang)
    given = Theorem("mine.given", given={x: Interval(0, 1)}, claim=x**2 <= x)
    start = time.monotonic()
    (settled,) = verify(given, budget=0.5)
    assert time.monotonic() - start < 10
    assert (settled.verdict, settled.reason) == ("undecided", "ran out of 0.5 seconds")
    (quick,) = verify(given, engines=("symbolic",), budget=60)
    assert quick.verdict == "proved"


@pytest.mark.parametrize(("seconds", "kept"), [(None, True), (1000.0, True), (0.6, False)])
@pytest.mark.usefixtures("forked")
def test_only_what_had_time_to_spare_is_kept(
    seconds: float | None, kept: bool, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = sampling.sample

    def slow(*arguments: Any) -> Any:
        time.sleep(0.4)
        return sample(*arguments)

    monkeypatch.setattr(sampling, "sample", slow)
    file = file_of(tmp_path, 'one = square("mine.one")\n')
    verify(file, engines=("sampling",), budget=seconds)
    monkeypatch.setattr(verification, "run_each", asked)
    assert (verify(file, engines=("sampling",))[0].reason != "asked") == kept


@pytest.mark.usefixtures("cache", "forked")
def test_death_costs_one_statement(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle = verification._settle

    def fatal(item: Any, *more: Any) -> Settled:
        if item.id == "mine.false":
            os.kill(os.getpid(), signal.SIGKILL)
        if item.id == "mine.three":
            raise ZeroDivisionError("odd")
        return settle(item, *more)

    monkeypatch.setattr(verification, "_settle", fatal)
    for jobs in (1, 3):
        one, false, three, family = verify(file_of(tmp_path, GOOD), jobs=jobs, engines=("symbolic",), cache=False)
        assert one.verdict == family.verdict == "proved"
        assert false.verdict == three.verdict == "undecided"
        assert "SIGKILL" in (false.reason or "")
        assert "ZeroDivisionError: odd" in (three.reason or "")


def test_interrupt_hands_out_what_is_settled_out_of_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    references = [Reference(None, place) for place in range(5)]
    items = [Theorem(f"mine.{place}", given={x: Interval(0, 1)}, claim=x**2 <= x) for place in range(5)]

    def interrupted(*_: Any) -> Iterator[Outcome]:
        for place in (3, 0, 4):
            yield Outcome(place, why=f"number {place}")
        raise KeyboardInterrupt

    monkeypatch.setattr(verification, "statements", lambda _: items)
    monkeypatch.setattr(verification, "run_each", interrupted)
    seen = []
    with pytest.raises(KeyboardInterrupt):
        for reference, settled in settle_each(references, (), None, 0, 2, cache=False):
            seen.append((reference.place, settled.reason))
    assert seen == [(0, "number 0"), (3, "number 3"), (4, "number 4")]
