"""Statements that say nothing, engines that disagree, families, and the same answer for the same seed."""

import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from typing import Any

import pytest
from engine_statements import TRUE, UNIT, N, answers, overshoot, p, verdict, x, x0, y
from sympy import Eq, FiniteSet, Function, Implies, Integer, Interval, MatrixSymbol, Range, Rational, exp, floor, hyper, log, oo, tan

from dmftheory.claims import Diagonal, Family, Orthogonal, Theorem
from dmftheory.claims.formula import Relation
from dmftheory.claims.proof import Algebra, algebra, lemma
from dmftheory.claims.verdict import Evidence
from dmftheory.engines import boxes, gaps, smt, symbolic
from dmftheory.engines.replay import replay
from dmftheory.engines.settle import disagreement, is_mistake, settle
from dmftheory.errors import InputError
from dmftheory.trust.check import Checker


def test_division_by_zero_makes_a_statement_ill_posed_and_says_where() -> None:
    settled = verdict(Theorem("gap", given={x: Interval(-1, 1)}, claim=1 / x <= 2))
    assert settled.verdict == "ill-posed"
    assert settled.reason == "1/x has no value at x=0"


def test_a_gap_that_a_hypothesis_excludes_is_none() -> None:
    theorem = Theorem("gap", given={x: Interval(-1, 1)}, assume=[x >= Rational(1, 2)], claim=1 / x <= 2)
    assert verdict(theorem).verdict == "proved"


def test_contradictory_hypotheses_are_vacuous_and_named() -> None:
    theorem = Theorem("never", given={x: UNIT, y: UNIT}, assume=[x <= 2 * y + 2, y >= x + 1, x >= Rational(1, 2)], claim=Eq(x, y))
    settled = verdict(theorem)
    assert settled.verdict == "vacuous"
    assert settled.reason is not None
    assert "y >= x + 1" in settled.reason
    assert "2*y" not in settled.reason


@pytest.mark.parametrize("engines", [(), ("symbolic",), ("smt",), ("boxes",)])
def test_vacuous_statements_are_never_proved(engines: tuple[str, ...]) -> None:
    theorem = Theorem("never", given={x: UNIT}, assume=[x >= 2], claim=x <= 1)
    assert verdict(theorem, *engines).verdict == "vacuous"


def test_an_empty_set_is_vacuous() -> None:
    assert verdict(Theorem("none", given={x: Interval(1, 0)}, claim=x <= 1)).verdict == "vacuous"


def test_a_transcendental_equality_is_never_supported() -> None:
    theorem = Theorem("logs", given={p: Interval.open(0, oo), x: Interval.open(0, oo)}, claim=Eq(log(p * x), log(p) + log(x)))
    settled = verdict(theorem)
    assert settled.verdict == "undecided"
    assert settled.reason is not None
    assert "could not be decided" in settled.reason


def test_an_equality_hypothesis_that_no_draw_meets_is_reported() -> None:
    theorem = Theorem("circle", given={x: UNIT, y: UNIT}, assume=[Eq(x**3 + y**3, Rational(7, 5))], claim=exp(x) <= 3)
    settled = verdict(theorem, "sampling")
    assert settled.verdict == "undecided"
    assert settled.reason is not None
    assert "FiniteSet" in settled.reason


def test_a_definition_takes_the_place_of_an_equality_hypothesis() -> None:
    theorem = Theorem("root", given={N: Range(2, oo), p: Interval.open(0, 1), x: FiniteSet(p ** (1 / N))}, claim=x > p)
    settled = verdict(theorem, "sampling")
    assert settled.verdict == "supported"


@pytest.mark.parametrize(
    ("theorem", "word", "mistake"),
    [
        (Theorem("collapsed", given={x0: UNIT}, claim=x0 >= 0), "collapsed by SymPy", False),
        (Theorem("float", given={x: UNIT}, claim=x <= 0.5), "Rational", True),
        (Theorem("python_bool", given={x: UNIT}, claim=x**2 == 4), "write Eq", True),
        (Theorem("free", given={x: UNIT}, claim=x <= y), "no set", True),
    ],
)
def test_mistakes_in_the_writing_are_ill_posed_with_file_and_line(theorem: Theorem, word: str, mistake: bool) -> None:
    settled = verdict(theorem)
    assert settled.verdict == "ill-posed"
    assert settled.reason is not None
    assert word in settled.reason
    assert settled.reason.startswith(f"{__file__}:")
    assert is_mistake(settled) is mistake


def test_matrices_are_not_sampled_and_say_so() -> None:
    V, D = MatrixSymbol("V", 3, 3), MatrixSymbol("D", 3, 3)
    settled = verdict(Theorem("words", given={V: Orthogonal(3), D: Diagonal(3)}, claim=Eq(V * D * V.T, D)))
    assert settled.verdict == "undecided"
    assert settled.reason is not None
    assert "matrix" in settled.reason


def test_a_function_without_a_meaning_is_ill_posed_and_named() -> None:
    settled = verdict(Theorem("strange", given={x: UNIT}, claim=Function("f")(x) <= x + 1))
    assert settled.verdict == "ill-posed"
    assert settled.reason is not None
    assert "f has no meaning in ball arithmetic here (f(x))" in settled.reason


def test_a_wrong_proof_is_no_proof() -> None:
    false = overshoot(Rational(101, 100), proof=algebra(lemma("lemma.bernoulli", n=N, h=x0 - 1)))
    settled = verdict(false)
    assert settled.verdict == "refuted"
    assert settled.disagreement is None
    assert any("the proof fails" in (e.reason or "") for e in settled.evidence)


def test_a_proof_against_a_counterexample_is_a_disagreement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Checker, "theorem", lambda self, theorem, tree: None)
    settled = verdict(overshoot(Rational(101, 100), proof=Algebra()))
    assert settled.disagreement is not None
    assert settled.verdict == "refuted"


def test_engines_that_agree_do_not_disagree() -> None:
    proved, supported = Evidence("symbolic", "proved", "all"), Evidence("sampling", "supported", "256")
    assert disagreement([proved, supported]) is None
    assert disagreement([proved, replace(supported, verdict="refuted")]) is not None
    assert disagreement([supported, replace(proved, verdict="refuted")]) is None


def test_a_statement_does_not_prove_itself() -> None:
    me = Theorem("me", given={x: UNIT}, claim=exp(x) <= 3)
    evidence = symbolic.prove(me, algebra(lemma("me", x=x)), {"me": (me, algebra(lemma("me", x=x)))})
    assert evidence.verdict == "undecided"


def test_a_family_has_the_verdict_of_its_weakest_member() -> None:
    def member(number: int) -> Theorem:
        return Theorem(f"f.{number}", given={x: Interval(0, number)}, claim=x <= 2)

    good = settle(Family("f", "", ((1,), (2,)), member), ["symbolic"])
    assert good.verdict == "proved"
    assert good.evidence[0].domain == "number = 1..2 (2 of 2 members); all x"
    family = Family("f", "", ((1,), (2,), (3,)), member)
    bad = settle(family, ["symbolic", "smt"])
    assert bad.verdict == "refuted"
    assert bad.witness is not None
    assert bad.witness.as_dict()["number"] == "3"
    assert bad.replay is not None
    assert bad.replay.startswith("f[3]@x=")
    assert replay(bad.replay, [family]).outcome == "fails"


def test_an_unknown_engine_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="--engine: got oracle"):
        settle(overshoot(1), ["oracle"])


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
from engine_statements import answers
print(answers())
"""


def test_same_seed_same_answer_whatever_the_hash_seed_and_whatever_is_loaded() -> None:
    def run(hash_seed: str) -> Any:
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        command = [sys.executable, "-c", SCRIPT, os.path.dirname(__file__)]
        return json.loads(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)

    assert run("1") == run("2") == json.loads(answers())


def test_another_seed_draws_other_instances() -> None:
    first, second = (settle(TRUE[0][1], ["sampling"], seed=seed) for seed in (0, 1))
    assert asdict(first)["evidence"][0]["domain"] != asdict(second)["evidence"][0]["domain"]


def test_a_spent_budget_decides_nothing() -> None:
    settled = settle(TRUE[6][1], budget=0.0)
    assert settled.verdict == "undecided"
    assert settled.witness is None


@pytest.mark.parametrize("engines", [(), ("sampling",), ("boxes", "sampling")])
def test_a_pole_at_an_irrational_point_is_never_supported(engines: tuple[str, ...]) -> None:
    square = Relation(tan(x) ** 2, ">=", Integer(0))
    settled = settle(Theorem("poles", given={x: Interval(-5, 5)}, claim=square), engines)
    assert settled.verdict == "ill-posed"
    assert settled.reason is not None
    assert settled.reason.startswith("tan(x) has no value somewhere: cos(x) is > 0 at x=0 and < 0 at x=")
    assert settle(Theorem("none", given={x: Interval(-1, 1)}, claim=square), engines).verdict in ("supported", "certified")


def test_signs_at_two_points_show_a_gap_only_for_continuous_expressions_without_hypotheses() -> None:
    def gap(claim: Any, *assume: Any) -> bool:
        return gaps.certain_gap(Theorem("t", given={x: Interval(-2, 2)}, claim=claim, assume=assume)) is not None

    assert gap(Relation(1 / (x**2 - 2), "<=", Integer(1)))
    assert gap(log(x + 1) <= 2)
    assert not gap(Relation(1 / (x**2 + 2), "<=", Integer(1)))
    assert not gap(Relation(1 / (2 * floor(x) + 1), "<=", Integer(1)))
    assert not gap(Relation(1 / (x**2 - 2), "<=", Integer(1)), x <= 1)
    assert not gap(Implies(x >= Rational(3, 2), 1 / (x**2 - 2) <= 4))


def test_an_engine_that_fails_hides_nothing_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Any:
        raise RuntimeError("out of ideas")

    monkeypatch.setattr(smt, "decide_each_depth", fail)
    settled = settle(Theorem("box", given={x: UNIT, y: UNIT}, claim=exp(x) * y <= 3), ["smt", "boxes"])
    assert settled.verdict == "certified"
    assert settled.evidence[0].reason == "the engine failed: RuntimeError: out of ideas"
    monkeypatch.setattr(boxes, "cover", fail)
    nothing = settle(Theorem("box", given={x: UNIT, y: UNIT}, claim=exp(x) * y <= 3), ["smt", "boxes"])
    assert nothing.verdict == "undecided"
    assert nothing.reason == "; ".join(f"{name}: the engine failed: RuntimeError: out of ideas" for name in ("smt", "boxes"))


@pytest.mark.parametrize(("upper", "verdict"), [(Interval(0, 1), "ill-posed"), (Interval.Ropen(0, 1), "supported")])
def test_gauss_function_has_no_value_at_one_where_it_diverges(upper: Interval, verdict: str) -> None:
    assert settle(Theorem("arctanh", given={x: upper}, claim=hyper((1, Rational(1, 2)), (Rational(3, 2),), x) >= 1)).verdict == verdict
    assert settle(Theorem("arcsin", given={x: upper}, claim=hyper((Rational(1, 2),) * 2, (Rational(3, 2),), x) >= 1)).verdict == "supported"


@pytest.mark.parametrize("room", ["needles.deepened", "symbolic.propose", "contradictory", "sampling.sample"])
def test_an_engine_that_runs_out_of_memory_hides_nothing_of_the_others(room: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Any:
        raise MemoryError

    theorem = Theorem("box", given={x: UNIT, y: UNIT}, claim=exp(x) * y <= 3)
    monkeypatch.setattr(f"dmftheory.engines.settle.{room}", fail)
    settled = settle(theorem)
    assert settled.verdict == "certified"
    assert settle(replace(theorem, claim=exp(x) * y <= 2)).verdict == "refuted"


def test_what_is_proved_under_an_equation_that_no_draw_meets_is_proved_if_an_exact_instance_is_found() -> None:
    given = {x: UNIT, y: UNIT}
    met = Theorem("met", given=given, assume=[Eq(x**3 + y**3, Rational(7, 5))], claim=x + y >= 1)
    assert settle(met).verdict == "proved"
    never = Theorem("never", given=given, assume=[Eq(x**3 + y**3, Rational(12, 5))], claim=x + y >= 1)
    assert settle(never).verdict == "vacuous"


def test_without_an_instance_or_a_contradiction_what_is_proved_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    theorem = Theorem("met", given={x: UNIT, y: UNIT}, assume=[Eq(x**3 + y**3, Rational(7, 5))], claim=x + y >= 1)
    monkeypatch.setattr(smt, "find_instance", lambda *_: None)
    assert settle(theorem, ["symbolic"]).verdict == "undecided"


def test_a_quick_look_decides_nothing_but_what_exact_arithmetic_confirms() -> None:
    seen = settle(Theorem("true", given={x: UNIT}, claim=exp(x) <= 3), ["precision"])
    assert seen.verdict == "undecided"
    assert seen.reason is not None
    assert seen.reason.startswith("precision: looks true at 50 and 100 digits on 64 points, least slack 0.28")
    false = settle(Theorem("false", given={x: UNIT}, claim=exp(x) <= 2), ["precision"])
    assert false.verdict == "refuted"
    assert false.replay is not None
    positive = {p: Interval.open(0, oo), x: Interval.open(0, oo)}
    assert settle(Theorem("tie", given=positive, claim=log(p * x) >= log(p) + log(x)), ["precision"]).verdict == "undecided"
