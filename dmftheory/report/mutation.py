"""Mutants, as a table, JSON (`dmftheory.mutants/1`), and the exit code that they mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dmftheory.report.output import clean, table

if TYPE_CHECKING:
    from rich.console import RenderableType

    from dmftheory.engines.mutation import Assessed, Outcome

KINDS = ("refuted", "true", "survives", "malformed")
DONE, SURVIVORS, DISAGREEMENT = 0, 1, 3
LONG = 200  # characters of a reason in the table; the JSON has all of them


def exit_code(results: Sequence[Assessed]) -> int:
    """0 every mutant refuted or shown, 1 one survives or a statement could not be tried, 3 a proof shows what a point refutes."""
    outcomes = [outcome for result in results for outcome in result.outcomes]
    if any(outcome.disagreement for outcome in outcomes):
        return DISAGREEMENT
    untried = any(result.reason and not result.declared_false for result in results)
    return SURVIVORS if untried or any(outcome.kind == "survives" for outcome in outcomes) else DONE


def counts(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """How many mutants there are of each kind."""
    found = Counter(outcome.kind for outcome in outcomes)
    return {kind: found[kind] for kind in KINDS}


def score(outcomes: Sequence[Outcome]) -> Fraction | None:
    """The share of refuted mutants among those that are neither shown to be true nor malformed; None where there are none."""
    found = counts(outcomes)
    alive = found["refuted"] + found["survives"]
    return Fraction(found["refuted"], alive) if alive else None


def to_document(results: Sequence[Assessed]) -> dict[str, Any]:
    """The JSON document `dmftheory.mutants/1`."""
    every = [outcome for result in results for outcome in result.outcomes]
    return {
        "schema": "dmftheory.mutants/1",
        "theorems": [_entry(result) for result in results],
        "summary": {**counts(every), "passed_over": sum(result.passed_over for result in results), "score": _text(score(every))},
    }


def to_table(results: Sequence[Assessed]) -> list[RenderableType]:
    """One line for each statement, then every survivor, malformed mutant and disagreement, and the totals.

    Of a single statement all mutants are listed, the refuted ones with their witness.
    """
    rows = [_row(result) for result in results]
    styles = [
        "bold red" if any(o.disagreement for o in r.outcomes) else "yellow" if counts(r.outcomes)["survives"] else "" for r in results
    ]
    headings = ("id", "mutants", "refuted", "still true", "survive", "malformed", "passed over", "score", "seconds")
    drawn = table(headings, rows, right=headings[1:], styles=styles)
    return [drawn, *(clean(note) for result in results for note in _notes(result, len(results) == 1)), *_closing(results)]


def _entry(result: Assessed) -> dict[str, Any]:
    return {
        "id": result.id,
        "made": result.made,
        "passed_over": result.passed_over,
        "reason": result.reason,
        "counts": counts(result.outcomes),
        "score": _text(score(result.outcomes)),
        "mutants": [_mutant(outcome) for outcome in result.outcomes],
    }


def _mutant(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.id,
        "rule": outcome.rule,
        "change": outcome.change,
        "outcome": outcome.kind,
        "by": outcome.by,
        "witness": None if outcome.witness is None else outcome.witness.as_dict(),
        "reason": outcome.disagreement or outcome.reason,
        "disagreement": outcome.disagreement is not None,
        "seconds": round(outcome.seconds, 3),
    }


def _row(result: Assessed) -> tuple[str, ...]:
    found = counts(result.outcomes)
    seconds = sum(outcome.seconds for outcome in result.outcomes)
    share = score(result.outcomes)
    numbers = [str(found[kind]) for kind in KINDS]
    return (result.id, str(result.made), *numbers, str(result.passed_over), "-" if share is None else _percent(share), f"{seconds:.1f}")


def _notes(result: Assessed, whole: bool) -> Iterator[str]:
    if result.reason:
        yield f"{result.id}: no mutants: {result.reason}"
    if result.outcomes and not counts(result.outcomes)["refuted"]:
        yield f"{result.id}: no mutant is refuted: the statement is slack, or vacuous, or not tried hard enough"
    if len(result.outcomes) < result.made:
        yield f"{result.id}: {result.made - len(result.outcomes)} of {result.made} mutants are not settled"
    for outcome in result.outcomes:
        if outcome.disagreement:
            yield f"{outcome.id}: engines disagree: {outcome.disagreement}{_at(outcome)}; {outcome.change}"
        elif outcome.kind == "survives":
            yield f"{outcome.id} survives ({outcome.by}): {outcome.change}"
        elif outcome.kind == "malformed":
            yield f"{outcome.id} malformed: {outcome.change}: {(outcome.reason or '')[:LONG]}"
        elif whole:
            yield f"{outcome.id} {outcome.kind} ({outcome.by}){_at(outcome)}: {outcome.change}"


def _at(outcome: Outcome) -> str:
    if outcome.witness is None:
        return ""
    return " at " + ", ".join(f"{symbol} = {value[:LONG]}" for symbol, value in outcome.witness.as_dict().items())


def _closing(results: Sequence[Assessed]) -> Iterator[str]:
    every = [outcome for result in results for outcome in result.outcomes]
    found, share = counts(every), score(every)
    yield (
        f"{len(every)} mutants of {sum(bool(r.made) for r in results)} statements: {found['refuted']} refuted, {found['true']} still true, "
        f"{found['survives']} survive, {found['malformed']} malformed; "
        + ("no score" if share is None else f"{_percent(share)} of those not shown to be true are refuted")
    )
    disagree = sum(outcome.disagreement is not None for outcome in every)
    if disagree:
        yield f"engines disagree on {disagree}"


def _percent(share: Fraction) -> str:
    """Rounded down, so that 100 % means all."""
    return f"{int(1000 * share) / 10:.1f} %"


def _text(share: Fraction | None) -> str | None:
    return None if share is None else f"{share.numerator}/{share.denominator}"
