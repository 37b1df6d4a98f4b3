"""A pole that no rational point shows is found; a point that is in no set, or on no branch, makes no pole."""

from fractions import Fraction

import pytest
from sympy import Interval, Piecewise, Symbol, cos, exp

from dmftheory.claims import Theorem
from dmftheory.engines.gaps import certain_gap
from dmftheory.numerics.scalars import exact_root

x, y = Symbol("x", real=True), Symbol("y", real=True)
AROUND = Interval(-1, 1)


@pytest.mark.parametrize(
    ("given", "claim", "has_gap"),
    [
        ({x: Interval(0, 3)}, 1 / cos(x) <= 5, True),
        ({y: Interval(0, 1), x: Interval(y - 1, y)}, 1 / x + exp(-x) > 0, True),
        ({y: AROUND, x: Interval.open(0, y)}, 1 / x + exp(-x) > 0, False),
        ({x: AROUND}, Piecewise((1 / x + exp(-x), x > 0), (1, True)) > 0, False),
    ],
    ids=["pole", "pole in a set that is never empty", "empty where it is negative", "branch"],
)
def test_certain_gap(given: dict[Symbol, Interval], claim: object, has_gap: bool) -> None:
    assert (certain_gap(Theorem("t", given=given, claim=claim)) is not None) is has_gap


def test_a_root_of_a_degree_beyond_a_machine_word() -> None:
    assert exact_root(Fraction(2, 3), 2**70) is None
    assert exact_root(Fraction(1), 2**70) == 1
    assert exact_root(Fraction(4, 9), 2) == Fraction(2, 3)
