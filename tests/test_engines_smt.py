"""The smt engine: models become exact witnesses, a second solver has a say, and solvers that disagree stop everything."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sympy import Eq, Interval, Ne, Range, Rational, Symbol, exp, oo, sqrt

from dmftheory import verification
from dmftheory.claims import Theorem
from dmftheory.claims.formula import Formula, Not, Relation
from dmftheory.claims.verdict import Settled
from dmftheory.cli import main
from dmftheory.engines import second_opinion, smt
from dmftheory.engines.evaluate import judge, pose
from dmftheory.engines.replay import replay
from dmftheory.engines.settle import settle
from dmftheory.numerics.eigenvalues import Eigenvalue
from dmftheory.report.verification import DISAGREEMENT, exit_code

N = Symbol("N", integer=True, positive=True)
x, y = Symbol("x", real=True), Symbol("y", real=True)
UNIT = Interval(0, 1)
POWERS = Theorem("powers", given={N: Range(2, oo), x: UNIT}, claim=x**N <= x)


def fake(monkeypatch: pytest.MonkeyPatch, says: str) -> list[int]:
    """A second solver that always says the same; counts how often it is asked."""
    asked: list[int] = []

    def answer(formulas: Sequence[Formula], milliseconds: int = 0) -> str:
        asked.append(milliseconds)
        return says

    monkeypatch.setattr(second_opinion, "is_installed", lambda: True)
    monkeypatch.setattr(second_opinion, "version", lambda: "cvc5 0 (second opinion)")
    monkeypatch.setattr(second_opinion, "answer", answer)
    return asked


def test_a_depth_up_to_which_it_holds_is_named() -> None:
    evidence, _ = smt.decide_each_depth(POWERS)
    assert evidence.verdict == "certified"
    assert evidence.domain == "N = 2..32, all x"


def test_a_second_solver_that_agrees_is_relied_on(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = fake(monkeypatch, "unsat")
    evidence, _ = smt.decide_each_depth(POWERS)
    assert len(asked) >= 31
    assert "cvc5 0 (second opinion)" in evidence.relies_on
    assert evidence.reason is None


def test_without_a_second_solver_it_is_named_as_absent_and_not_relied_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_opinion, "is_installed", lambda: False)
    evidence, _ = smt.decide_each_depth(POWERS)
    assert evidence.verdict == "certified"
    assert evidence.reason == second_opinion.ABSENT
    assert not any("cvc5" in name for name in evidence.relies_on)


def test_no_answer_is_no_disagreement_and_no_support(monkeypatch: pytest.MonkeyPatch) -> None:
    fake(monkeypatch, "unknown")
    evidence, _ = smt.decide_each_depth(POWERS)
    assert evidence.verdict == "certified"
    assert evidence.reason is not None
    assert not any("cvc5" in name for name in evidence.relies_on)


def test_a_second_solver_that_lies_stops_everything_with_both_answers_named(monkeypatch: pytest.MonkeyPatch) -> None:
    fake(monkeypatch, "sat")
    with pytest.raises(second_opinion.SolversDisagree, match=r"powers at N=2: z3 says unsat, cvc5 says sat"):
        smt.decide_each_depth(POWERS)
    settled = settle(POWERS, ["smt"])
    assert settled.verdict == "undecided"
    assert settled.disagreement == "powers at N=2: z3 says unsat, cvc5 says sat"
    assert exit_code([settled]) == DISAGREEMENT


FILE = """
from sympy import Interval, Symbol
from dmftheory.claims import Theorem
x = Symbol("x", real=True)
first, second = (Theorem(f"mine.t{n}", given={x: Interval(0, 1)}, claim=x**2 <= n * x) for n in (1, 2))
"""


@pytest.mark.parametrize(("clash", "code", "settled"), [("z3 says unsat, cvc5 says sat", 3, 1), (None, 0, 2)])
def test_after_a_disagreement_no_more_statements_are_settled(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], clash: str | None, code: int, settled: int
) -> None:
    def answers(references: Sequence[verification.Reference], *_: Any) -> Iterator[tuple[verification.Reference, Settled]]:
        yield references[0], Settled("mine.t1", "", "proved", "supported", disagreement=clash)
        yield references[1], Settled("mine.t2", "", "proved", "supported")

    monkeypatch.setattr(verification, "settle_each", answers)
    (tmp_path / "mine.py").write_text(FILE)
    assert main(["verify", str(tmp_path / "mine.py"), "--format", "json"]) == code
    out, err = capsys.readouterr()
    assert len(json.loads(out)["theorems"]) == settled
    assert ("stopped: engines disagree on mine.t1; 1 of 2 settled" in err) is (clash is not None)


def test_a_lie_about_a_model_that_does_not_check_is_seen_too(monkeypatch: pytest.MonkeyPatch) -> None:
    fake(monkeypatch, "unsat")
    with pytest.raises(second_opinion.SolversDisagree, match=r"z3 says sat, cvc5 says unsat"):
        smt.decide_each_depth(Theorem("t", given={x: UNIT}, claim=exp(x) <= 3))


@pytest.mark.parametrize("says", ["sat", "unsat", "unknown"])
def test_a_counterexample_that_checks_needs_no_second_opinion(monkeypatch: pytest.MonkeyPatch, says: str) -> None:
    fake(monkeypatch, says)
    assert smt.decide_each_depth(Theorem("t", given={x: UNIT}, claim=x**2 <= Rational(1, 2)))[0].verdict == "refuted"


@pytest.mark.parametrize("claim", [Ne(x**2, 2), Ne(x**3 - 3 * x + 1, 0), x**4 - 4 * x**2 + 4 > 0], ids=str)
def test_a_statement_false_at_algebraic_points_only_is_refuted_with_an_exact_witness(claim: Any) -> None:
    theorem = Theorem("t", given={x: Interval(0, 2)}, claim=claim)
    evidence, point = smt.decide_each_depth(theorem)
    assert evidence.verdict == "refuted"
    assert point is not None
    assert isinstance(point[x], Eigenvalue)
    assert judge(pose(theorem), point).fails
    settled = settle(theorem, ["smt"])
    assert settled.replay is not None
    assert replay(settled.replay, [theorem]).outcome == "fails"


def test_an_instance_of_hypotheses_is_found_and_exact() -> None:
    theorem = Theorem("t", given={x: UNIT, y: UNIT}, assume=[Eq(x**3 + y**3, Rational(7, 5))], claim=x + y >= 1)
    point = smt.find_instance(theorem, 10.0)
    assert point is not None
    assert judge(pose(theorem), point).allowed is True
    beyond = Theorem("t", given={x: UNIT, y: UNIT}, assume=[Eq(x**3 + y**3, Rational(12, 5))], claim=x + y >= 1)
    assert smt.find_instance(beyond, 10.0) is None


def test_the_question_as_text() -> None:
    text = second_opinion.to_smtlib([Relation(1 / x + y**2, "<=", Rational(-1, 2)), Not(Relation(x, "==", y))])
    assert text.splitlines() == [
        "(set-logic QF_NRA)",
        *(f"(declare-const {name} Real)" for name in ("v0", "v1", "q0")),
        "(assert (<= (+ q0 (* v1 v1)) (- (/ 1 2))))",
        "(assert (not (= v0 v1)))",
        "(assert (=> (not (= v0 0)) (= (* q0 v0) 1)))",
        "(check-sat)",
    ]
    with pytest.raises(TypeError):
        second_opinion.to_smtlib([Relation(sqrt(x), "<=", x)])


def test_a_second_solver_that_does_not_keep_to_its_time_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cvc5", ModuleType("cvc5"))
    monkeypatch.setattr(second_opinion, "_asked", lambda question, tell: time.sleep(60))
    start = time.monotonic()
    assert second_opinion.answer([Relation(x**2, "==", Rational(2))], 300) == "unknown"
    assert time.monotonic() - start < 10
    monkeypatch.setattr(second_opinion, "_asked", lambda question, tell: "sat")
    assert second_opinion.answer([Relation(x**2, "==", Rational(2))], 5000) == "sat"


def test_cvc5_itself_where_it_is_installed() -> None:
    if not second_opinion.is_installed():
        pytest.skip("cvc5 is not installed")
    assert second_opinion.answer([Relation(x**2, "==", Rational(2))]) == "sat"
    assert second_opinion.answer([Relation(x**2, "<", Rational(0))]) == "unsat"
    assert second_opinion.version() in smt.decide_each_depth(POWERS)[0].relies_on


def test_ctrl_c_reaches_python_at_once_while_z3_works() -> None:
    program = """
import os, signal, threading
from sympy import Rational, symbols
from dmftheory.claims.formula import Relation
from dmftheory.trust.decide import refutable

v = symbols("a:h", real=True)
hard = [Relation(sum((i + 2) * a**7 * b**3 for i, (a, b) in enumerate(zip(v, v[1:]))), "==", Rational(17, 3)),
        Relation(sum(a**5 for a in v), "==", Rational(-5, 7)), Relation(v[0] * v[3] * v[6], ">", Rational(3))]
refutable(hard[1:], 1000)  # z3 is loaded
signal.signal(signal.SIGINT, signal.default_int_handler)
threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    refutable(hard, 10**9, 60_000)
except KeyboardInterrupt:
    print("interrupted")
"""
    start = time.monotonic()
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=50)
    assert done.stdout == "interrupted\n", done.stderr
    assert time.monotonic() - start < 40
