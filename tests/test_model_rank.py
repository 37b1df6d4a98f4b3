"""Effective rank, its plateau levels and its slope along the flow."""

import pytest
import sympy

from dmftheory.errors import InputError
from dmftheory.model import rank
from dmftheory.model.symbols import ALPHA, DEPTH


def test_effective_rank_of_explicit_spectra() -> None:
    assert rank.effective_rank([1, sympy.Rational(1, 2), sympy.Rational(-1, 4), 0]) == sympy.Rational(7, 4)
    assert rank.effective_rank([sympy.Rational(1, 3)] * 5) == 5
    assert rank.effective_rank([0, -3]) == 1


def test_plateau_levels_are_partial_sums() -> None:
    assert [rank.plateau_level([10, 5, -1], L) for L in (1, 2, 3)] == [1, sympy.Rational(3, 2), sympy.Rational(8, 5)]


@pytest.mark.parametrize("values", [[], [0, 0]])
def test_no_effective_rank_of_zero(values: list[int]) -> None:
    with pytest.raises(InputError, match="values"):
        rank.effective_rank(values)


@pytest.mark.parametrize(("spectrum", "L"), [([1, 2], 0), ([1, 2], 3), ([], 1), ([0, 0], 1)])
def test_plateau_levels_that_do_not_exist(spectrum: list[int], L: int) -> None:
    with pytest.raises(InputError):
        rank.plateau_level(spectrum, L)


@pytest.mark.parametrize("depth", [DEPTH, 2, 3])
def test_slope_of_the_effective_rank(depth: sympy.Expr) -> None:
    assert all(identity.holds for identity in rank.verify_effective_rank_rate(depth, 3))


def test_a_wrong_rate_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    right = rank.product_rate
    monkeypatch.setattr(rank, "product_rate", lambda N, p, lam: right(N, p, lam) / N)
    assert not all(identity.holds for identity in rank.verify_effective_rank_rate(DEPTH, 2))


def test_effective_rank_falls_at_first() -> None:
    lam = sympy.symbols("lambda1:4", real=True)
    start = rank.effective_rank_rate(3, [ALPHA**3] * 3, lam)
    assert sympy.expand(start - 3 * ALPHA * sum(value - lam[0] for value in lam)) == 0
