"""Mutants of statements for which the fate of each is known by hand, and the report about them."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sympy import Eq, Interval, MatrixSymbol, Max, Min, Range, Rational, Symbol, oo

from dmftheory.claims import Diagonal, Factor, Family, Orthogonal, Theorem
from dmftheory.claims.formula import Implies, Not, Or, Relation, relations
from dmftheory.claims.mutants import MOST, mutants
from dmftheory.claims.proof import Words, algebra
from dmftheory.claims.wellformed import errors
from dmftheory.cli import main
from dmftheory.engines import mutation
from dmftheory.engines.mutation import Assessed, assess
from dmftheory.engines.replay import replay
from dmftheory.engines.size_one import at_size_one
from dmftheory.report import mutation as report

n = Symbol("n", integer=True, positive=True)
x, y = Symbol("x", real=True), Symbol("y", real=True)
p, j = Symbol("p", positive=True), Symbol("j", integer=True, positive=True)
UNIT = Interval(0, 1)

TIGHT = Theorem("tight", given={x: UNIT}, claim=x * (1 - x) <= Rational(1, 4))
POWER = Theorem("power", given={n: Range(1, oo), x: UNIT}, claim=x**n <= x)
SQUARE = Theorem("square", given={x: UNIT}, claim=Eq((x + 1) ** 2, x**2 + 2 * x + 1))
CUBE = Theorem("cube", given={x: Interval(-1, 1)}, assume=[x >= 0], claim=x**3 >= 0)
BELOW_ONE = Theorem("below_one", given={p: Interval.open(0, 1)}, claim=p**2 < 1)
LARGER = Theorem("larger", given={x: UNIT, y: UNIT}, claim=x + y <= 2 * Max(x, y))
INVERSE = Theorem("inverse", given={p: Interval.Lopen(0, 1)}, claim=1 / p >= 1)
SLACK = Theorem("slack", given={x: UNIT}, claim=x * (1 - x) <= Rational(1, 2))

FATES: list[tuple[Theorem, dict[str, str]]] = [
    (
        TIGHT,
        {
            "strict.1": "refuted",  # at x = 1/2
            "constant.1": "refuted",  # x (101/100 - x)
            "constant.2": "true",  # x (99/100 - x)
            "constant.3": "true",  # 101/400
            "constant.4": "refuted",  # 99/400
            "widen.1": "true",  # 1/4 is the largest value everywhere
            "widen.2": "true",
        },
    ),
    (
        POWER,
        {
            "strict.1": "refuted",
            "bound.1": "true",
            "bound.2": "refuted",
            "exponent.1": "true",
            "exponent.2": "refuted",  # n = 1
            "widen.1": "refuted",  # n = 0
            "widen.2": "refuted",  # x = -1, n = 2
            "widen.3": "refuted",
        },
    ),
    (
        SQUARE,
        {
            **{f"constant.{i}": "refuted" for i in range(1, 7)},
            "equal.1": "refuted",
            "equal.2": "refuted",
            **{f"exponent.{i}": "refuted" for i in range(1, 5)},
            "widen.1": "true",
            "widen.2": "true",
        },
    ),
    (
        CUBE,
        {
            "strict.1": "refuted",
            "constant.1": "refuted",  # x^3 >= 1/100
            "constant.2": "true",
            "exponent.1": "true",
            "exponent.2": "true",
            "drop.1": "refuted",
            "widen.1": "true",
            "widen.2": "true",
        },
    ),
    (
        BELOW_ONE,
        {
            "weak.1": "true",  # p = 0
            "weak.2": "refuted",  # p = 1
            "constant.1": "true",
            "constant.2": "refuted",
            "exponent.1": "true",
            "exponent.2": "true",
            "widen.1": "true",  # -1 < p
            "widen.2": "refuted",
        },
    ),
    (
        LARGER,
        {
            "strict.1": "refuted",
            "constant.1": "true",
            "constant.2": "refuted",
            "maxmin.1": "refuted",
            **{f"widen.{i}": "true" for i in range(1, 5)},  # it holds for all real x and y
        },
    ),
    (
        INVERSE,
        {
            "strict.1": "refuted",
            "weak.1": "malformed",  # 1/0
            "constant.1": "refuted",
            "constant.2": "true",
            "exponent.1": "true",  # 1 >= 1
            "exponent.2": "true",
            "widen.1": "malformed",
            "widen.2": "refuted",
        },
    ),
]


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simple points refute all that is false here."""
    monkeypatch.setattr(mutation, "DRAWS", 5)


@cache
def assessed(theorem: Theorem) -> Assessed:
    return assess(theorem)


def fates(found: Assessed) -> dict[str, str]:
    """Rule and number -> what became of the mutant."""
    return {outcome.id.partition("~")[2]: outcome.kind for outcome in found.outcomes}


@pytest.mark.parametrize(("theorem", "known"), FATES, ids=lambda part: getattr(part, "id", ""))
def test_each_mutant_meets_its_fate(theorem: Theorem, known: dict[str, str]) -> None:
    found = assessed(theorem)
    assert fates(found) == known
    assert found.made == len(known)


@pytest.mark.parametrize("theorem", [theorem for theorem, _ in FATES], ids=lambda theorem: theorem.id)
def test_a_witness_refutes_its_mutant_from_scratch(theorem: Theorem) -> None:
    made = {mutant.theorem.id: mutant.theorem for mutant in mutants(theorem).each}
    refuted = [outcome for outcome in assessed(theorem).outcomes if outcome.kind == "refuted"]
    for outcome in refuted:
        assert outcome.witness is not None
        values = ",".join(f"{name}={value}" for name, value in outcome.witness.values)
        same = made[outcome.id]
        plain = Theorem("m", given=same.given, claim=same.claim, assume=same.assume)
        assert replay(f"m@{values}", [plain]).outcome == "fails"


def test_a_slack_statement_has_no_refuted_mutant_and_the_report_says_so() -> None:
    found = assess(SLACK)
    assert set(fates(found).values()) == {"true"}
    assert any("no mutant is refuted" in part for part in report.to_table([found]) if isinstance(part, str))
    assert report.score(found.outcomes) is None


def test_ids_and_changes_are_the_same_in_every_process() -> None:
    code = "import tests.test_mutation as t; print(*((m.theorem.id, m.change) for s, _ in t.FATES for m in t.mutants(s).each), sep='\\n')"
    texts = []
    for hashed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": hashed, "PYTHONPATH": str(Path(__file__).parents[1])}
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
        texts.append(run.stdout)
    assert texts[0] == texts[1]
    here = [(mutant.theorem.id, mutant.change) for theorem, _ in FATES for mutant in mutants(theorem).each]
    assert texts[0].splitlines() == list(map(str, here))
    assert len({id for id, _ in here}) == len(here)


def test_every_mutant_differs_from_its_statement_and_from_the_others() -> None:
    for theorem, _ in FATES:
        bodies = [(dict(m.theorem.given), m.theorem.assume, m.theorem.conclusion) for m in mutants(theorem).each]
        assert all(body not in bodies[:i] for i, body in enumerate(bodies))
        assert (dict(theorem.given), theorem.hypotheses, theorem.conclusion) not in bodies


def test_a_symbol_is_told_no_more_than_its_larger_set_allows() -> None:
    for mutant in mutants(BELOW_ONE).each:
        assert not errors(mutant.theorem)
    closed = next(m for m in mutants(BELOW_ONE).each if m.theorem.id == "below_one~weak.1")
    (symbol,) = closed.theorem.given
    assert (symbol.is_positive, symbol.is_nonnegative) == (None, True)
    assert closed.renamed == ((p, symbol),)


def test_premises_are_weakened_where_claims_are_strengthened() -> None:
    claim = Implies(Relation(x, "<", Rational(1, 2)), Or((Relation(x**2, "<=", x), Not(Relation(x, "<=", 2)))))
    theorem = Theorem("premise", given={x: UNIT}, claim=claim)
    ops = [[r.op for r in relations(m.theorem.conclusion)] for m in mutants(theorem).each if m.rule in ("strict", "weak")]
    assert ops == [["<", "<", "<="], ["<=", "<=", "<="]]


def test_max_and_min_change_places_in_sets_too() -> None:
    theorem = Theorem("sets", given={x: UNIT, y: Interval(0, Min(x, Rational(1, 2)))}, claim=y <= x)
    changed = [m.theorem.given[y].end for m in mutants(theorem).each if m.rule == "maxmin"]
    assert changed == [Max(x, Rational(1, 2))]


def test_a_named_constant_moves() -> None:
    c = Symbol("c", positive=True)
    theorem = Theorem("named", given={x: UNIT}, claim=x * (1 - x) <= c, constants={c: Rational(1, 4)})
    found = {m.theorem.id: m.theorem.constants[c] for m in mutants(theorem).each if m.rule == "constant"}
    assert found["named~constant.1"] == Rational(101, 400)
    assert found["named~constant.2"] == Rational(99, 400)
    assert fates(assess(theorem))["constant.2"] == "refuted"


def test_a_named_constant_of_a_hypothesis_changes_what_is_supposed() -> None:
    c = Symbol("c", positive=True)
    theorem = Theorem("named", given={x: UNIT}, assume=[x <= c], claim=x <= Rational(1, 4), constants={c: Rational(1, 4)})
    found = {outcome.change: outcome.kind for outcome in assess(theorem).outcomes}
    assert found["the constant c = 1/4 becomes 101/400"] == "refuted"
    assert found["the constant c = 1/4 becomes 99/400"] == "true"


def test_of_many_sites_some_are_passed_over_and_counted() -> None:
    long = sum(Rational(i, 7) * x**i for i in range(1, 20)) <= 28
    made = mutants(Theorem("long", given={x: UNIT}, claim=long))
    constants = [m for m in made.each if m.rule == "constant"]
    assert len(constants) == MOST
    assert made.passed_over > 2 * MOST


def squares(smallest: int) -> Theorem:
    size = Symbol("n", integer=True, positive=True)
    V, D = MatrixSymbol("V", size, size), MatrixSymbol("D", size, size)
    given = {size: Range(smallest, oo), V: Orthogonal(size), D: Diagonal(size)}
    return Theorem("squares", given=given, claim=Eq((V * D * V.T) ** 2, V * D**2 * V.T), proof=Words())


def test_mutants_about_matrices_are_refuted_at_size_1() -> None:
    found = assess(squares(1))
    assert fates(found) == {
        "equal.1": "refuted",
        "equal.2": "refuted",
        "exponent.1": "refuted",
        "exponent.2": "refuted",
        "exponent.3": "refuted",
        "exponent.4": "refuted",
        "widen.1": "true",
    }
    assert not any(outcome.disagreement for outcome in found.outcomes)


def test_what_does_not_speak_of_size_1_is_not_looked_at_there() -> None:
    assert at_size_one(squares(2)) is None
    assert at_size_one(TIGHT) is None


def test_a_false_statement_and_a_mistake_have_no_mutants() -> None:
    false = assess(Theorem("false", given={x: UNIT}, claim=x * (1 - x) <= Rational(1, 5)))
    assert (false.made, false.reason) == (0, "the statement itself is refuted: at x = 1/2")
    declared = assess(Theorem("declared", given={x: UNIT}, claim=x * (1 - x) <= Rational(1, 5), declared="refuted"))
    assert declared.declared_false
    assert assess(Theorem("mistake", given={}, claim=x <= 1)).mistake
    assert report.exit_code([declared]) == 0
    assert report.exit_code([false]) == 1


def test_of_a_family_two_members_are_taken_with_their_own_proofs() -> None:
    family = Family("f", "", tuple((i,) for i in range(1, 6)), lambda i: Theorem(f"f.{i}", given={x: UNIT}, claim=x**i * (1 - x) <= 1))
    found = assess(family, proofs={"f": lambda i: algebra()})
    assert {outcome.id.partition("~")[0] for outcome in found.outcomes} == {"f.1", "f.3"}
    assert not any(outcome.disagreement for outcome in found.outcomes)


def test_the_proof_of_the_statement_is_tried_on_every_mutant(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checker that accepts everything is caught by the mutants that points refute."""
    proved = Theorem("tight", given=TIGHT.given, claim=TIGHT.claim, proof=algebra())
    assert not any(outcome.disagreement for outcome in assess(proved).outcomes)
    monkeypatch.setattr(mutation.Checker, "check", lambda *_: None)
    monkeypatch.setattr(mutation, "_implied", lambda *_: False)
    found = assess(proved)
    caught = {outcome.id for outcome in found.outcomes if outcome.disagreement}
    assert caught == {"tight~strict.1", "tight~constant.1", "tight~constant.4"}
    assert report.exit_code([found]) == 3


FILE = """
from sympy import Interval, Rational, Symbol
from dmftheory.claims import Theorem

x = Symbol("x", real=True)
tight = Theorem("mine.tight", given={x: Interval(0, 1)}, claim=x * (1 - x) <= Rational(1, 4))
loose = Theorem("mine.loose", given={x: Interval(0, 1)}, claim=x**2 * (1 - x) <= Rational(1, 5))
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "mine.py"
    path.write_text(FILE)
    return str(path)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_command_prints_one_document(file: str, jobs: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", file, "--mutants", "--jobs", jobs, "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "dmftheory.mutants/1"
    assert [entry["id"] for entry in document["theorems"]] == ["mine.tight", "mine.loose"]
    assert document["theorems"][0]["counts"] == {"refuted": 3, "true": 4, "survives": 0, "malformed": 0}
    first = document["theorems"][0]["mutants"][0]
    assert (first["id"], first["outcome"], first["witness"]) == ("mine.tight~strict.1", "refuted", {"x": "1/2"})
    assert document["summary"]["score"] == "1/1"


def test_a_survivor_is_exit_code_1_and_is_named(file: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(mutation, "_at_points", lambda *_: None)
    monkeypatch.setattr(mutation, "_at_borders", lambda *_: None)
    monkeypatch.setattr(mutation, "settle", lambda theorem, *_: mutation.Settled(theorem.id, "", "undecided", "supported"))
    assert main(["verify", file, "--mutants"]) == 1
    shown = capsys.readouterr().out
    assert "mine.tight~strict.1 survives (undecided): <= becomes < in x*(1 - x) <= 1/4" in shown


def test_after_an_interrupt_what_is_settled_is_shown(
    file: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    usual: Any = mutation._outcome

    def stopping(mutant: Any, setting: Any) -> Any:
        if mutant.theorem.id == "mine.tight~constant.2":
            raise KeyboardInterrupt
        return usual(mutant, setting)

    monkeypatch.setattr(mutation, "_outcome", stopping)
    assert main(["verify", file, "--mutants", "--format", "json"]) == 130
    (entry,) = json.loads(capsys.readouterr().out)["theorems"]
    assert [m["id"] for m in entry["mutants"]] == ["mine.tight~strict.1", "mine.tight~constant.1"]
    assert entry["made"] == 7


def test_what_does_not_go_together_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--mutants", "--engine", "smt"]) == 2
    assert main(["verify", "--mutants", "--format", "junit"]) == 2
    assert capsys.readouterr().err.count("\n") == 2


def test_a_relation_that_sympy_would_decide_stays_as_it_is() -> None:
    theorem = Theorem("square", given={p: Interval.open(0, 1)}, claim=p <= 1)
    strict = next(m for m in mutants(theorem).each if m.rule == "strict")
    assert strict.theorem.conclusion == Relation(p, "<", 1)


@pytest.mark.parametrize(("depth", "least", "kept"), [(2 * j + 1, 1, True), (j - 1, 3, True), (j - 1, 4, False), (j, 2, True)])
def test_no_range_is_widened_to_a_depth_below_two(depth: Any, least: int, kept: bool) -> None:
    claim = Factor(depth, 1, y, Rational(1, 9), 2) <= 2
    made = mutants(Theorem("deep", given={j: Range(least, oo), y: Interval(0, 1)}, claim=claim)).each
    assert any(mutant.change.startswith("j in") for mutant in made) is not kept
