"""Three-valued logic: every connective agrees with classical logic however its unknowns turn out."""

from itertools import product

import pytest

from dmftheory.numerics.ternary import Ternary, all3, any3, implies3, not3

VALUES: tuple[Ternary, ...] = (True, False, None)


def outcomes(values: tuple[Ternary, ...]) -> list[tuple[bool, ...]]:
    """Every way in which the unknowns may turn out."""
    return list(product(*((value,) if value is not None else (True, False) for value in values)))


def expected(classical: list[bool]) -> Ternary:
    return classical[0] if len(set(classical)) == 1 else None


@pytest.mark.parametrize("length", [0, 1, 2, 3])
def test_conjunction_and_disjunction_are_unknown_exactly_where_the_unknowns_matter(length: int) -> None:
    for values in product(VALUES, repeat=length):
        assert all3(values) is expected([all(outcome) for outcome in outcomes(values)])
        assert any3(values) is expected([any(outcome) for outcome in outcomes(values)])


def test_negation_and_implication_are_unknown_exactly_where_the_unknowns_matter() -> None:
    for a, b in product(VALUES, repeat=2):
        assert not3(a) is expected([not outcome for (outcome,) in outcomes((a,))])
        assert implies3(a, b) is expected([not p or q for p, q in outcomes((a, b))])


def test_connectives_stop_at_the_first_value_that_settles_them() -> None:
    def values(first: Ternary) -> "list[Ternary]":
        return [first, None]

    seen: list[Ternary] = []
    assert all3(seen.append(v) or v for v in values(False)) is False  # type: ignore[func-returns-value]
    assert any3(seen.append(v) or v for v in values(True)) is True  # type: ignore[func-returns-value]
    assert seen == [False, True]
