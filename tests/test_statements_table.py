"""Every hand-made statement settled: nothing false is shown, nothing true is refuted, and few stay open."""

from __future__ import annotations

import time
from collections import Counter
from functools import cache

import pytest
from dmftheory.proofs import library
from statements_table import CASES

from dmftheory.claims.verdict import Settled
from dmftheory.engines.settle import settle

BUDGET = 20.0
PASSING = {
    "true": ("proved", "certified", "supported"),
    "false": ("refuted",),
    "vacuous": ("vacuous",),
    "ill-posed": ("ill-posed",),
}
NAMES = [statement.id for _, statement, _ in CASES]


@cache
def settled(place: int) -> tuple[Settled, float]:
    start = time.perf_counter()
    return settle(CASES[place][1], None, BUDGET, 0, library()), time.perf_counter() - start


def test_the_table_is_what_it_is_meant_to_be() -> None:
    truths = Counter(truth for truth, _, _ in CASES)
    assert len(CASES) >= 60 and len(set(NAMES)) == len(NAMES)
    assert truths["false"] + truths["vacuous"] + truths["ill-posed"] >= len(CASES) / 2
    assert min(truths["false"], truths["true"]) >= 30 and min(truths["vacuous"], truths["ill-posed"]) >= 4


@pytest.mark.parametrize("place", range(len(CASES)), ids=NAMES)
def test_the_verdict_agrees_with_what_is_known(place: int) -> None:
    truth, statement, why = CASES[place]
    answer, _ = settled(place)
    assert answer.disagreement is None
    assert answer.verdict in (*PASSING[truth], "undecided"), f"{statement.id} is {truth} ({why}) but came out {answer.verdict}"


def test_fewer_than_one_in_ten_stay_undecided() -> None:
    """Prints the table: `pytest tests/test_statements_table.py -k undecided -s`."""
    rows = [(truth, statement.id, *settled(place), why) for place, (truth, statement, why) in enumerate(CASES)]
    for truth, name, answer, seconds, why in rows:
        print(f"{truth:10}{name:26}{answer.verdict:11}{seconds:6.2f} s  {why}")
    open_ = [name for _, name, answer, _, _ in rows if answer.verdict == "undecided"]
    assert len(open_) < len(CASES) / 10, f"undecided: {open_}"
