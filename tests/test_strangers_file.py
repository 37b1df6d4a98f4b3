"""A stranger's file: every mistake is told with file, line, what is wrong and what to write; the other statements keep their verdicts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dmftheory.claims import wellformed
from dmftheory.claims.collect import load
from dmftheory.cli import main
from dmftheory.engines.settle import settle

HEAD = """from sympy import *
from dmftheory.claims import *
x, y = Symbol("x", real=True), Symbol("y", real=True)
p = Symbol("p", positive=True)
N = Symbol("N", integer=True, positive=True)
U = Interval(0, 1)
"""
FIRST = HEAD.count("\n") + 1

MISTAKES = {
    "no set": ("given={x: U}, claim=x + y <= 2", "symbol y has no set: add it to given=", 0),
    "no set, far below": ("\n  given={x: U},\n  assume=[x > 0,\n    y > x],\n  claim=x <= 2", "symbol y has no set", 3),
    "float": ("given={x: U}, claim=0.5 * x <= 1", "0.5 is a float: write Rational(1, 2)", 0),
    "float quotient": ("given={x: U}, claim=x <= 1/3 + 1", "write Rational(4, 3)", 0),
    "float surd": ("given={x: U}, claim=x <= 2**0.5", "sqrt(2)", 0),
    "float in a set": (
        "\n  given={\n    y: U,\n    x: Interval(0, 0.1),\n  }, claim=x <= 1",
        "given x: 0.1 is a float: write Rational(1, 10)",
        3,
    ),
    "float in the second hypothesis": (
        "given={x: U},\n  assume=[x > 0,\n   x < 0.75], claim=x <= 1",
        "assume, number 2: 0.75 is a float",
        2,
    ),
    "no meaning": ("given={x: U}, claim=besselj(0, x) <= 1", "besselj has no meaning in ball arithmetic", 0),
    "two symbols": (
        "given={x: U, Symbol('x'): U}, claim=x + Symbol('x') <= 2",
        "both called x (one declared real; one",
        0,
    ),
    "Python bool": ("given={x: U},\n  claim=x**2 == x", "a Python False is not a claim: write Eq(a, b)", 1),
    "no relation": ("given={x: U}, claim=x + 1", "x + 1 is not a relation: write Eq(a, b)", 0),
    "text": ("given={x: U}, claim='x <= 1'", "'x <= 1' is a text: write the relation itself, without quotes", 0),
    "text for a set": ("given={x: '0..1'}, claim=x <= 1", "given x: '0..1' is no set", 0),
    "text for a variable": ("given={'x': U}, claim=x <= 1", "where a symbol is a Symbol", 0),
    "tuple for a set": ("given={x: (0, 1)}, claim=x <= 1", "write Interval(0, 1)", 0),
    "Python range": ("given={N: range(2, 10)}, claim=N <= 10", "write Range(2, 10)", 0),
    "naturals": ("given={N: S.Naturals}, claim=N <= 10", "write Range(1, oo)", 0),
    "no mapping": ("given=5, claim=x <= 1", "given={symbol: set}", 0),
    "sets in the wrong order": ("given={x: Interval(0, y),\n  y: U}, claim=x <= 1", "its set uses y, which is after it: move it up", 0),
    "a set of nothing given": ("given={x: Interval(0, y)}, claim=x <= 1", "uses y, which is not given before it", 0),
    "assumption too strong": ("given={p: U}, claim=p <= 1", "declared positive but its set", 0),
    "no claim": ("given={x: U}", "the theorem has no claim", 0),
    "declared": ("given={x: U}, claim=x <= 1, declared='true'", "use one of proved", 0),
    "an array": ("given={x: U}, claim=__import__('numpy').ones(2)", "an object of type ndarray is not a relation", 0),
    "a function": ("given={x: U}, claim=lambda: 1", "an object of type function is not a relation", 0),
    "a derivative": ("given={x: U}, claim=Derivative(x**2, x) >= 0", "no exact translation", 0),
}
COLLAPSED = {
    "claim": ("given={p: Interval.open(0, 1)},\n  claim=p > 0", "claim: collapsed by SymPy to true", 1),
    "assume": (
        "given={p: Interval.open(0, 1)},\n  assume=[p < 1,\n    p > 0], claim=p <= 1",
        "assume, number 2: collapsed by SymPy to true",
        2,
    ),
    "infinity": ("given={x: U}, claim=x <= oo", "collapsed by SymPy", 0),
}


def written(folder: Path, text: str) -> Path:
    file = folder / "mine.py"
    file.write_text(HEAD + text)
    return file


@pytest.mark.parametrize(("arguments", "words", "line"), [*MISTAKES.values(), *COLLAPSED.values()], ids=[*MISTAKES, *COLLAPSED])
def test_what_where_and_remedy(tmp_path: Path, arguments: str, words: str, line: int) -> None:
    file = written(tmp_path, f't = Theorem("t", {arguments})\n')
    (statement,) = load(file)
    settled = settle(statement, ("sampling",))
    assert settled.verdict == "ill-posed" and settled.reason is not None
    assert settled.reason.startswith(f"{file}:{FIRST + line}: ") and words in settled.reason, settled.reason
    assert "\n" not in settled.reason


def test_every_mistake_of_a_statement_is_told(tmp_path: Path) -> None:
    file = written(tmp_path, 't = Theorem("t", given={x: Interval(0, 0.5)}, assume=[0.25 < x], claim=x <= 0.75)\n')
    reason = settle(load(file)[0]).reason or ""
    assert all(f"Rational({q}, 4)" in reason for q in (1, 3)) and "Rational(1, 2)" in reason


@pytest.mark.parametrize(
    "arguments",
    [
        "given={x: Interval(2, 1)}, claim=x <= 1",
        "given={p: Interval(2, 1)}, claim=p <= 1",
        "given={N: Range(5, 5)}, claim=N <= 1",
        "given={N: Range(2, oo), p: Interval(2 / N, 1 / N)}, claim=p <= 1",
        "given={x: U}, assume=[x > 2], claim=x <= 1",
        "given={x: U, y: U}, assume=[x < y, y < x], claim=x <= 1",
    ],
)
def test_what_speaks_of_nothing_is_vacuous(tmp_path: Path, arguments: str) -> None:
    (statement,) = load(written(tmp_path, f't = Theorem("t", {arguments})\n'))
    settled = settle(statement)
    assert settled.verdict == "vacuous" and settled.reason


def test_a_single_hypothesis_needs_no_brackets(tmp_path: Path) -> None:
    (statement,) = load(written(tmp_path, 't = Theorem("t", given={x: U}, assume=x > 0, claim=x <= 1)\n'))
    assert not wellformed.errors(statement) and len(statement.hypotheses) == 1


def test_an_id_names_one_statement(tmp_path: Path) -> None:
    text = 'a = Theorem("same", given={x: U}, claim=x <= 1)\nb = Family("same", "", ((1,),), lambda n: a)\n'
    first, second = load(written(tmp_path, text))
    assert settle(first, ("sampling",)).verdict == "supported"
    settled = settle(second)
    assert settled.verdict == "ill-posed" and f"mine.py:{FIRST + 1}: the id 'same' is taken by the statement of line {FIRST}" in str(
        settled.reason
    )


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("t = Theorem('t', given={x: U}, claim=(x <= 1\n", "SyntaxError", 0),
        ("t = Theorem('t', given={x: U}, claim=0 <= x <= 1)\n", "write And(", 0),
        ("\nt = Theorem('t', given={[x]: U}, claim=x <= 1)\n", "a variable is a Symbol", 1),
        ("t = Theorem('t', given={x: U}, claims=x <= 1)\n", "Theorem takes id, title, given", 0),
        ("t = Theorem('t', given={x: U}, claim=I * pi <= 1)\n", "real numbers", 0),
        ("import os\ndef f():\n    return os.path.join(1)\nf()\n", "TypeError", 2),
        ("def f():\n    return f()\nf()\n", "RecursionError", 1),
        ("raise SystemExit\n", "SystemExit", 0),
        ("class Odd(BaseException):\n    pass\nraise Odd('a\\x1b[31m\\nb')\n", "Odd: a [31m b", 2),
    ],
)
def test_a_file_that_does_not_run(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str, line: int) -> None:
    file = written(tmp_path, text)
    assert main(["verify", str(file), "--no-cache"]) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.count("\n") == 1 and "Traceback" not in told.err
    assert told.err.startswith(f"dmftheory: {file}:{FIRST + line}: ") and words in told.err, told.err


def test_one_bad_statement_hides_no_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = "".join(f't{i} = Theorem("bad{i}", {arguments})\n' for i, (arguments, _, _) in enumerate(MISTAKES.values()))
    text = 'a = Theorem("right", given={x: U}, claim=x**2 <= x)\n' + bad + 'b = Theorem("wrong", given={x: U}, claim=x < 1)\n'
    file = written(tmp_path, text)
    code = main(["verify", str(file), "--engine", "sampling", "--no-cache", "--format", "json"])
    told = capsys.readouterr()
    verdicts = {theorem["id"]: theorem["verdict"] for theorem in json.loads(told.out)["theorems"]}
    assert code == 2
    assert verdicts.pop("right") == "supported" and verdicts.pop("wrong") == "refuted"
    assert set(verdicts.values()) == {"ill-posed"} and len(verdicts) == len(MISTAKES)
    assert told.err.count(f"{file}:") >= len(MISTAKES)


def test_collapsed_and_vacuous_statements_fail_the_run_without_being_mistakes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(
        tmp_path,
        'a = Theorem("a", given={p: Interval.open(0, 1)}, claim=p > 0)\nb = Theorem("b", given={x: Interval(2, 1)}, claim=x > 5)\n',
    )
    assert main(["verify", str(file), "--engine", "sampling", "--no-cache", "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)["theorems"]
    assert [theorem["verdict"] for theorem in found] == ["ill-posed", "vacuous"]
    assert all(f"{file}:{FIRST + i}: " in theorem["reason"] for i, theorem in enumerate(found))
