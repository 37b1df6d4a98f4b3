"""The best value of a constant lies between a value with a proof and a value with a counterexample, or the answer says what is missing."""

import json
from fractions import Fraction
from typing import Any

import pytest
from sympy import Eq, Interval, Range, Rational, Symbol, oo

from dmftheory.claims import Theorem
from dmftheory.claims.proof import Algebra
from dmftheory.cli import main
from dmftheory.engines.replay import replay
from dmftheory.engines.sharpen import sharpen
from dmftheory.errors import InputError

N = Symbol("N", integer=True, positive=True)
x, y, c, d = Symbol("x", real=True), Symbol("y", real=True), Symbol("c", positive=True), Symbol("d", real=True)
UNIT = Interval(0, 1)

largest = Theorem("largest", given={x: UNIT, y: UNIT}, claim=c * x * y <= x**2 + y**2, constants={c: 1}, proof=Algebra())
smallest = Theorem("smallest", given={x: UNIT}, claim=x * (1 - x) <= d, constants={d: 1})
in_a_set = Theorem("in_a_set", given={x: Interval(0, c)}, claim=x**2 <= x, constants={c: Rational(1, 2)})


def values(found: Any) -> tuple[Fraction, Fraction]:
    assert found.holds is not None
    assert found.fails is not None
    return found.holds.value, found.fails.value


@pytest.mark.parametrize(
    ("theorem", "name", "best", "rising"),
    [(largest, "c", Fraction(2), True), (smallest, "d", Fraction(1, 4), False), (in_a_set, "c", Fraction(1), True)],
    ids=["largest", "smallest", "in_a_set"],
)
def test_a_bracket_closes_around_the_best_value(theorem: Theorem, name: str, best: Fraction, rising: bool) -> None:
    found = sharpen(theorem, name, Fraction(1, 200))
    holds, fails = values(found)
    assert found.closed
    assert found.reason is None
    assert (holds <= best < fails) if rising else (fails < best <= holds)
    assert abs(holds - fails) <= max(holds, fails) / 200
    assert found.holds is not None
    assert found.holds.verdict == "proved"
    assert found.fails is not None
    assert found.fails.replay is not None
    assert replay(found.fails.replay, [theorem]).outcome == "fails"


def test_a_declared_value_that_fails_is_bracketed_from_the_other_side() -> None:
    wrong = largest.with_constants({c: 3})
    found = sharpen(wrong, "c", Fraction(1, 50))
    holds, fails = values(found)
    assert holds <= 2 < fails <= 3
    assert found.declared == 3


def test_undecided_values_are_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from dmftheory.engines import sharpen as engine

    decided = engine._Trials.at

    def at(self: Any, value: Fraction) -> Any:
        return None if Fraction(19, 10) < value < Fraction(21, 10) else decided(self, value)

    monkeypatch.setattr(engine._Trials, "at", at)
    found = sharpen(largest, "c", Fraction(1, 50))
    holds, fails = values(found)
    assert holds <= Fraction(19, 10)
    assert fails >= Fraction(21, 10)
    assert not found.closed
    assert found.reason is not None
    assert "undecided" in found.reason
    assert found.undecided
    assert all(holds < value < fails for value in found.undecided)


def test_a_constant_that_does_not_matter_has_no_failing_value() -> None:
    found = sharpen(Theorem("idle", given={x: UNIT}, claim=x * (1 - x) <= c + 1, constants={c: 1}), "c", budget=60)
    assert found.fails is None
    assert not found.closed
    assert found.reason == "no value was found at which the statement fails"


def test_no_time_says_so() -> None:
    found = sharpen(largest, "c", budget=0.0)
    assert found.trials == 0
    assert found.reason == "the time or the number of trials ran out"


@pytest.mark.parametrize(
    ("theorem", "name"),
    [(largest, "d"), (Theorem("none", given={x: UNIT}, claim=x <= 1), "c"), (largest.with_constants({c: 2 ** Rational(1, 2)}), "c")],
    ids=["unknown", "without constants", "irrational"],
)
def test_other_constants_are_refused(theorem: Theorem, name: str) -> None:
    with pytest.raises(InputError, match="--constant"):
        sharpen(theorem, name)


def test_constants_reach_into_sets_and_are_put_in_again() -> None:
    theorem = Theorem("t", given={N: Range(2, oo), x: Interval(0, c / N)}, claim=Eq(x * c, d), constants={c: 1, d: 2})
    assert theorem.given[x] == Interval(0, 1 / N)
    other = theorem.with_constants({c: 3})
    assert other.given[x] == Interval(0, 3 / N)
    assert dict(other.constants) == {c: 3, d: 2}
    assert other.origin == theorem.origin
    assert theorem.given[x] == Interval(0, 1 / N)


def test_the_step_size_constant_of_identical_initialisation_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sharpen", "chou.step_size.increasing", "--constant", "c", "--tolerance", "1/20", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    low, high = map(Fraction, found["bracket"])
    assert low <= 1 <= high <= low * Fraction(20, 19)
    assert found["holds"]["verdict"] == "proved"
    assert found["fails"]["witness"]["c"] == found["fails"]["value"]
    assert main(["replay", found["fails"]["replay"]]) == 1
    assert "the claim: fails" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["chou.step_size.increasing", "--constant", "nine"], "--constant"),
        (["chou.step_size.increasing"], "--constant"),
        (["nobody.knows", "--constant", "c"], "ID"),
        (["chou.step_size.increasing", "--constant", "c", "--tolerance", "2"], "--tolerance"),
        (["chou.step_size.increasing", "--constant", "c", "--budget", "0"], "--budget"),
        (["chou.step_size.increasing", "--constant", "c", "--format", "latex"], "--format"),
    ],
)
def test_bad_input_is_one_line(arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sharpen", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert named in captured.err
