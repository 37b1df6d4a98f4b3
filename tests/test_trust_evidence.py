"""The word `proved` is said by the trusted core alone; evidence that was tampered with, or belongs to something else, is not printed."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from engine_statements import LIBRARY
from sympy import Integer, Interval, Rational, Symbol

import dmftheory
from dmftheory.claims import Theorem
from dmftheory.claims.digest import digest
from dmftheory.claims.proof import Algebra, Have, algebra, lemma
from dmftheory.claims.verdict import Evidence
from dmftheory.engines import boxes
from dmftheory.engines.settle import settle
from dmftheory.trust.evidence import everything, prove, recheck

x, y = Symbol("x", real=True), Symbol("y", real=True)
UNIT, EASY = Interval(0, 1), Algebra()
TRUE = Theorem("true", given={x: UNIT}, claim=x**4 <= x)
TREE = Have(x**2 <= x, EASY, EASY)
LEMMAS = {**LIBRARY, "true": (TRUE, TREE)}
FALSE = Theorem("false", given={x: Interval(0, 2)}, claim=x**4 <= x)
PROVED = prove(TRUE, TREE, LEMMAS)


def test_what_is_proved_passes_the_second_look() -> None:
    assert PROVED.verdict == "proved"
    assert recheck(PROVED, TRUE, TREE, LEMMAS) is PROVED


TAMPERED: dict[str, Callable[[], Evidence]] = {
    "another domain": lambda: recheck(replace(PROVED, domain="all x, y"), TRUE, TREE, LEMMAS),
    "relying on nothing": lambda: recheck(replace(PROVED, relies_on=()), TRUE, TREE, LEMMAS),
    "another digest": lambda: recheck(replace(PROVED, digest="0" * 64), TRUE, TREE, LEMMAS),
    "the statement renamed": lambda: recheck(PROVED, replace(TRUE, id="other"), TREE, LEMMAS),
    "a larger set": lambda: recheck(PROVED, replace(TRUE, given=FALSE.given), TREE, LEMMAS),
    "another claim": lambda: recheck(PROVED, replace(TRUE, claim=x**4 <= x**2), TREE, LEMMAS),
    "a claim that is false": lambda: recheck(PROVED, replace(TRUE, claim=x**4 <= x - Rational(1, 100)), TREE, LEMMAS),
    "another proof": lambda: recheck(PROVED, TRUE, EASY, LEMMAS),
    "a proof that fails": lambda: recheck(PROVED, TRUE, Have(x**2 <= x / 2, EASY, EASY), LEMMAS),
    "no proof": lambda: recheck(PROVED, TRUE, None, LEMMAS),
    "no proof but a text": lambda: recheck(PROVED, TRUE, "Have(...)", LEMMAS),
    "made by hand": lambda: recheck(Evidence("symbolic", "proved", everything(TRUE)), TRUE, TREE, LEMMAS),
    "made by hand, with the right digest": lambda: recheck(
        Evidence("symbolic", "proved", everything(FALSE), PROVED.relies_on, digest=digest(FALSE, TREE, LEMMAS)), FALSE, TREE, LEMMAS
    ),
    "of a neighbour": lambda: recheck(PROVED, replace(FALSE, given=TRUE.given, claim=x**4 <= 1), TREE, LEMMAS),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_tampered_evidence_is_not_printed(name: str) -> None:
    found = TAMPERED[name]()
    assert found.verdict == "undecided"
    assert found.reason is not None and found.reason.startswith("said to be proved, but")


def test_hypotheses_dropped_after_the_fact_are_seen() -> None:
    statement = Theorem("t", given={x: Interval(0, 2)}, assume=[x <= 1], claim=x**2 <= x)
    evidence = prove(statement, EASY, {})
    assert evidence.verdict == "proved"
    assert recheck(evidence, replace(statement, assume=()), EASY, {}).verdict == "undecided"
    assert recheck(evidence, replace(statement, assume=[x <= 1, x >= Rational(1, 2)]), EASY, {}).verdict == "undecided"


def test_a_lemma_changed_after_the_fact_is_seen() -> None:
    statement = Theorem("t", given={x: UNIT}, claim=x**4 <= x)
    tree = algebra(lemma("true", x=x))
    evidence = prove(statement, tree, LEMMAS)
    assert evidence.verdict == "proved"
    for changed in ((FALSE, TREE), (replace(TRUE, claim=x**4 <= 2 * x), TREE), (TRUE, None), (TRUE, Have(x**2 <= 2 * x, EASY, EASY))):
        assert recheck(evidence, statement, tree, {**LEMMAS, "true": changed}).verdict == "undecided"


def test_other_verdicts_pass_as_they_are() -> None:
    for verdict in ("refuted", "certified", "supported", "undecided", "vacuous", "ill-posed"):
        evidence = Evidence("sampling", verdict, "somewhere")
        assert recheck(evidence, TRUE, None, {}) is evidence


@pytest.mark.parametrize("claim", [x**4 <= 2 * x, x**4 <= x], ids=["true", "false at 2"])
def test_an_engine_that_says_proved_without_a_proof_is_not_believed(monkeypatch: pytest.MonkeyPatch, claim: Any) -> None:
    statement = Theorem("t", given={x: Interval(0, 2)}, assume=[x < 1], claim=claim)
    said = Evidence("boxes", "proved", everything(statement), digest=digest(statement, None, {}))
    monkeypatch.setattr(boxes, "cover", lambda theorem, budget=None: (said, None))
    settled = settle(statement, ("boxes",))
    assert settled.verdict == "undecided"
    assert all(e.verdict != "proved" for e in settled.evidence)
    assert settled.reason is not None and "said to be proved" in settled.reason


def test_memory_does_not_lend_a_proof_to_another_statement() -> None:
    memory: dict[Any, Any] = {}
    evidence = prove(TRUE, TREE, {}, memory)
    assert recheck(evidence, TRUE, TREE, {}, memory) is evidence
    assert recheck(evidence, replace(FALSE, id="true"), TREE, {}, memory).verdict == "undecided"


def _sayings(tree: ast.AST) -> Iterator[int]:
    """Lines where a call that could make evidence is given the word."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in ("Evidence", "replace", "answer"):
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            if any(isinstance(part, ast.Constant) and part.value == "proved" for arg in given for part in ast.walk(arg)):
                yield node.lineno


def test_nobody_else_says_it() -> None:
    package = Path(dmftheory.__file__).parent
    found = {path.relative_to(package).as_posix() for path in package.rglob("*.py") if any(_sayings(ast.parse(path.read_text("utf-8"))))}
    assert found == {"trust/evidence.py"}


def test_that_somebody_says_it_would_be_seen() -> None:
    assert list(_sayings(ast.parse('Evidence(ENGINE, "proved", "all")')))
    assert list(_sayings(ast.parse('answer("certified" if r else "proved", d)')))
    assert list(_sayings(ast.parse('replace(e, verdict="proved")')))


def test_a_proof_relies_on_what_its_lemmas_rely_on() -> None:
    statement = Theorem("t", given={x: UNIT}, claim=x**4 - x <= Integer(0))
    assert set(PROVED.relies_on) <= set(prove(statement, algebra(lemma("true", x=x)), LEMMAS).relies_on)
