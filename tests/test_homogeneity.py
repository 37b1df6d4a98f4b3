"""Homogeneity: printed formulas with one exponent altered are flagged, the right ones and plain mathematics are not."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from engine_statements import FALSE, TRUE
from homogeneity_formulas import FORMULAS, M, N, alpha, c, eta, k, lam, r, x
from statements_table import CASES
from sympy import Eq, Interval, MatrixSymbol, Range, Rational, Symbol, exp, log, oo

from dmftheory.claims import EffectiveRank, Factor, Iterate, LearningStep, Orthogonal, Theorem, wellformed
from dmftheory.claims.theorem import Family
from dmftheory.cli import main
from dmftheory.engines.homogeneity import normalised, scaling, warnings, weigh
from dmftheory.engines.settle import settle
from dmftheory.theorems import corpus

POSITIVE = Interval.open(0, oo)
a, b, s = (Symbol(name, real=True) for name in "abs")
h = Symbol("h", positive=True)
HALF = Rational(1, 2)


def claim(relation: Any, *assume: Any, **given: Any) -> Theorem:
    sets = {N: Range(2, oo), r: POSITIVE, alpha: Interval.Lopen(0, r), eta: Interval.Lopen(0, r ** (2 - 2 * N) / N), k: Range(0, oo)}
    return Theorem("mine", given={**sets, **{Symbol(n, positive=True): d for n, d in given.items()}}, claim=relation, assume=assume)


STATE = Factor(N, r**N, alpha, eta, k)


@pytest.mark.parametrize(("name", "statement", "right", "altered", "mend"), FORMULAS, ids=[f[0] for f in FORMULAS])
def test_an_altered_exponent_is_flagged_and_the_printed_one_is_not(name: str, statement: Any, right: Any, altered: Any, mend: str) -> None:
    good, bad = statement(right), statement(altered)
    assert not wellformed.errors(good) and not wellformed.errors(bad)
    assert warnings(good) == ()
    found = warnings(bad)
    assert len(found) == 1 and mend in found[0] and "would mend it" in found[0]


def test_there_are_at_least_ten_formulas() -> None:
    assert len(FORMULAS) >= 10


def test_the_corpus_raises_no_alarm() -> None:
    for item in corpus():
        member = item.member(*item.indices[0]) if isinstance(item, Family) else item
        assert warnings(member) == (), item.id


@pytest.mark.parametrize("statement", [*(t for _, t in TRUE), *FALSE, *(t for _, t, _ in CASES)], ids=lambda t: t.id)
def test_plain_mathematics_raises_no_alarm(statement: Theorem) -> None:
    if wellformed.errors(statement) or wellformed.collapsed(statement) or statement.id == "overshoot.exponent":
        return
    assert warnings(statement) == ()


def test_a_misprint_in_the_table_is_seen_too() -> None:
    (found,) = warnings(next(t for _, t, _ in CASES if t.id == "overshoot.exponent"))
    assert "the set of eta" in found and "2 - 2*N of `r` instead of 1 - 2*N" in found


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        (claim(STATE <= r), None),
        (claim(STATE <= r**2), "exponent 1 of `r` instead of 2"),
        (claim(STATE**N <= 2 * r), "exponent N of `r`"),
        (claim(STATE <= r + eta), "the term"),
        (claim(log(STATE / alpha) <= eta * k * r ** (2 * N - 2)), None),
        (claim(log(STATE / alpha) <= eta * k * r ** (2 * N - 1)), "2*N - 2 of `r`"),
        (claim(log(STATE) - log(alpha) <= k), None),
        (claim(log(STATE) - 2 * log(alpha) <= k), "log"),
        (claim(exp(-eta * r ** (2 * N - 2)) <= 1), None),
        (claim(STATE <= r * exp(-eta * r**N)), "exp"),
        (claim(EffectiveRank(STATE**N, r**N) <= 2), None),
        (claim(EffectiveRank(STATE, r**N) <= 2), "EffectiveRank"),
        (claim(LearningStep(N, r**N, alpha, eta, STATE**N / r**N) <= k), None),
        (claim(LearningStep(N, r**N, alpha, eta, STATE**N) <= k), "should have none"),
        (claim(STATE <= r, Eq(k, 3)), None),
        (claim(LearningStep(N, r**N, alpha, eta, 1) <= 1 / (eta * r ** (2 * N))), "right side"),
    ],
)
def test_where_a_statement_scales(statement: Theorem, word: str | None) -> None:
    found = warnings(statement)
    assert (found == ()) if word is None else (len(found) == 1 and word in found[0]), found


def test_a_fixed_range_is_mentioned() -> None:
    sets = {lam: Interval.Lopen(0, 1), alpha: Interval.open(0, lam), eta: POSITIVE, k: Range(0, oo)}
    (found,) = warnings(Theorem("fixed", given=sets, claim=Factor(1, lam, alpha, eta, k) <= lam**2))
    assert "the range of lambda is fixed, so it may hold all the same" in found


def test_units_chosen_on_purpose_are_respected() -> None:
    """With the largest eigenvalue 1 and another r^N < 1, several parts compare the two: that is no misprint."""
    sets = {N: Range(2, oo), r: Interval.open(0, 1), alpha: Interval.open(0, r), eta: Interval.Lopen(0, 1 / N), k: Range(0, oo)}
    one = Iterate(N, eta, alpha, k)
    assert warnings(Theorem("units", given=sets, claim=(1 - r**N) * Factor(N, r**N, alpha, eta, k) <= one)) == ()


def test_a_run_in_fixed_units_is_not_judged() -> None:
    sets = {alpha: Interval.open(0, 1), eta: POSITIVE, k: Range(0, oo)}
    assert warnings(Theorem("units", given=sets, claim=Factor(3, 1, alpha, eta, k) <= 1 + alpha + eta)) == ()


def test_a_family_names_the_member() -> None:
    def member(n: int) -> Theorem:
        return claim(STATE <= r**n)

    assert warnings(Family("f", "", ((1,), (2,)), member))[0].startswith("member 2: claim:")


def test_the_weights_of_another_model_are_solved_for() -> None:
    two_layers = {a: a - h * b * (a * b - s), b: b - h * a * (a * b - s)}
    assert scaling(two_layers, s) == {a: HALF, b: HALF, h: -1, s: 1}
    deep = {x: x - eta * x ** (N - 1) * (x**N - lam)}
    assert scaling(deep, lam) == {x: 1 / N, eta: -2 + 2 / N, lam: 1, N: 0}
    damped = {a: a - h * (a**2 - s) * a / (a**2 + c)}
    assert scaling(damped, s) == {a: HALF, h: 0, s: 1, c: 1}
    assert scaling({x: x + eta * x * (1 - x)}, x) is None


def test_a_statement_about_another_model_is_held_against_its_recursion() -> None:
    recursion = {a: a - h * (a**3 - s)}
    given = {a: POSITIVE, s: POSITIVE, h: Interval.open(0, 1 / (3 * s**2))}
    (found,) = warnings(Theorem("cubic", given=given, claim=a <= 5 * a), recursion)
    assert "2/3 of `s` instead of 2" in found
    given[h] = Interval.open(0, s ** Rational(-2, 3))
    assert warnings(Theorem("cubic", given=given, claim=a <= 5 * a), recursion) == ()


def test_the_engine_says_no_more_than_undecided() -> None:
    for statement in (claim(STATE <= r), claim(STATE <= r**2)):
        evidence = weigh(statement)
        assert evidence.verdict == "undecided" and evidence.reason


MISPRINT = """
from sympy import Interval, Range, Symbol, oo
from dmftheory.claims import Factor, Theorem
N = Symbol("N", integer=True, positive=True)
r, alpha, eta = (Symbol(name, positive=True) for name in ("r", "alpha", "eta"))
sets = {N: Range(2, 4), r: Interval.Lopen(0, 1), alpha: Interval.Lopen(0, r), eta: Interval.Lopen(0, 1 / (9 * N * r ** (2 * N - 3)))}
lost = Theorem("lost", given=sets, claim=Factor(N, r**N, alpha, eta, 1) <= r)
"""


def test_verify_warns_and_the_exit_code_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """True all the same, since r is at most 1: the warning says that the range is fixed."""
    file = tmp_path / "mine.py"
    file.write_text(MISPRINT)
    options = [str(file), "--engine", "sampling", "--engine", "homogeneity", "--no-cache"]
    assert main(["verify", *options, "--format", "json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)["theorems"]
    (warning,) = entry["warnings"]
    assert entry["verdict"] == "supported" and "2 - 2*N of `r` instead of 3 - 2*N" in warning and "the range of r is fixed" in warning
    assert main(["verify", *options]) == 0
    assert f"lost: warning: {warning}" in capsys.readouterr().out
    assert main(["verify", str(file), "--engine", "homogeneity", "--no-cache"]) == 1
    assert "undecided" in capsys.readouterr().out


def test_it_takes_milliseconds() -> None:
    statements = [formula(right) for _, formula, right, _, _ in FORMULAS]
    warnings(statements[0])
    start = time.process_time()
    for statement in statements:
        warnings(statement)
    assert (time.process_time() - start) / len(statements) < 0.2


def test_the_normal_form_has_a_variable_less_and_the_same_verdict() -> None:
    sets = {r: POSITIVE, alpha: Interval.Lopen(0, r), eta: Interval.Lopen(0, 1 / (2 * r**2))}
    for factor, verdict in ((1, "supported"), (3, "refuted")):
        statement = Theorem("one_step", given=sets, claim=Factor(2, r**2, alpha, factor * eta, 1) <= r)
        simpler = normalised(statement)
        assert simpler is not None and r not in simpler.given and simpler.given[alpha] == Interval.Lopen(0, 1)
        assert settle(simpler, ("sampling",)).verdict == settle(statement, ("sampling",)).verdict == verdict


V = MatrixSymbol("V", 2, 2)


@pytest.mark.parametrize(
    "statement",
    [
        claim(STATE <= r**2),
        claim(STATE <= r, r <= 7),
        claim(STATE <= r, M > alpha, M=Interval.open(0, 10)),
        Theorem("orthogonal", given={V: Orthogonal(2), h: POSITIVE}, claim=Eq(h * V, V)),
        Theorem("normal", given={h: Interval.open(0, 1), k: Range(0, oo)}, claim=Iterate(2, h, h, k) <= 1),
        Theorem("depth", given={N: Range(2, oo), h: Interval(0, oo), c: POSITIVE}, claim=h ** (N - 3) <= c),
    ],
)
def test_what_has_fixed_units_has_no_normal_form(statement: Theorem) -> None:
    assert normalised(statement) is None


def test_the_depths_decide_whether_a_weight_is_finite() -> None:
    deeper = Theorem("depth", given={N: Range(4, oo), h: Interval(0, oo), c: POSITIVE}, claim=h ** (N - 3) <= c)
    simpler = normalised(deeper)
    assert simpler is not None and list(simpler.given) == [N, h]
