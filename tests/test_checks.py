"""Every statement has a check, and every check comes out as declared."""

import pytest
from dmftheory.checks import checks
from dmftheory.checks.report import Report
from hypothesis import settings

from dmftheory.claims import Family, Theorem
from dmftheory.claims.formula import relations
from dmftheory.theorems import corpus
from dmftheory.theorems.chou import rates

CORPUS = {statement.id: statement for statement in corpus()}
FINEST_GAP = 2.0**-64  # an equality that is off by this much, relatively, would be seen


def run(statement: Theorem | Family, seed: int = 0) -> Report:
    report = checks()[statement.id](statement, seed, settings().max_examples)
    assert isinstance(report, Report)
    return report


def test_every_statement_has_a_check_and_every_check_a_statement() -> None:
    assert set(checks()) == set(CORPUS)


@pytest.mark.parametrize("name", sorted(CORPUS))
def test_simulation_agrees_with_what_is_declared(name: str) -> None:
    statement = CORPUS[name]
    report = run(statement)
    assert (report.violation is not None) == (statement.declared == "refuted"), report
    assert report.outside == 0, "the check draws situations that the hypotheses exclude"
    theorem = statement.member(*statement.indices[-1]) if isinstance(statement, Family) else statement
    if any(relation.op == "==" for relation in relations(theorem.conclusion)):
        assert report.gap is not None
        assert report.gap < FINEST_GAP, report
    else:
        assert report.trials > report.undecided, report


def test_same_seed_same_report() -> None:
    assert run(rates.from_below, 3) == run(rates.from_below, 3)
    assert run(rates.from_below, 3).slack != run(rates.from_below, 4).slack
