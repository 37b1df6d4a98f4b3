"""The gradient of every factor is the derivative of the loss."""

from itertools import pairwise

import pytest
import sympy

from dmftheory.errors import InputError
from dmftheory.model import loss


@pytest.mark.parametrize("sizes", [[1, 1, 1], [2, 2, 2], [1, 2, 3], [3, 1, 2, 1], [2, 1, 3, 2], [2, 2, 2, 2]])
def test_closed_gradient_is_the_derivative_of_the_loss(sizes: list[int]) -> None:
    identities = loss.verify_gradient(sizes)
    assert len(identities) == sum(a * b for a, b in pairwise(sizes))
    assert all(identity.holds for identity in identities)


def test_a_forgotten_transpose_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_transpose(matrices: list[sympy.Matrix], goal: sympy.Matrix, index: int) -> sympy.Matrix:
        below = loss.product(matrices[: index - 1], goal.cols)
        above = loss.product(matrices[index:], matrices[index - 1].rows)
        return above * (loss.product(matrices, goal.cols) - goal) * below

    monkeypatch.setattr(loss, "gradient_formula", without_transpose)
    assert not all(identity.holds for identity in loss.verify_gradient([2, 2, 2]))


def test_product_applies_the_first_factor_first() -> None:
    first, second = loss.factors([1, 2, 3])
    assert loss.product([first, second], 1) == second * first


def test_loss_is_half_the_squared_frobenius_distance() -> None:
    first, second, goal = sympy.Matrix([[1, 2], [0, 1]]), sympy.Matrix([[2, 0], [1, 1]]), sympy.Matrix([[1, 1], [1, 1]])
    assert loss.loss([first, second], goal) == sympy.Rational(1 + 9 + 0 + 4, 2)


@pytest.mark.parametrize("sizes", [[], [2], [2, 0]])
def test_sizes_that_give_no_factor_are_refused(sizes: list[int]) -> None:
    with pytest.raises(InputError, match="sizes"):
        loss.factors(sizes)
