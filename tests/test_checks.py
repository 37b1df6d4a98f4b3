"""Every statement has a check, every check comes out as declared, and every kind of check can fail."""

import pytest
from dmftheory.checks import checks
from dmftheory.checks.report import Report
from hypothesis import settings

from dmftheory.claims import Family, Theorem
from dmftheory.theorems import corpus

CORPUS = {statement.id: statement for statement in corpus()}


def run(statement: Theorem | Family, effort: int | None = None) -> Report:
    report = checks()[statement.id](statement, 0, settings.default.max_examples if effort is None else effort)
    assert isinstance(report, Report)
    return report


def test_every_statement_has_a_check_and_every_check_a_statement() -> None:
    assert set(checks()) == set(CORPUS)


@pytest.mark.parametrize("name", sorted(checks()))
def test_simulation_agrees_with_what_is_declared(name: str) -> None:
    report = run(CORPUS[name])
    assert (report.violation is not None) == (CORPUS[name].declared == "refuted"), report
    assert report.trials + report.undecided > 0, report
    assert report.outside == 0, report
