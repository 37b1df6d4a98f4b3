"""The statements about the landscape beside the program, and false neighbours of them that no proof carries."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from dmftheory.proofs import library, proofs
from sympy import And, Eq, Interval, Range, Rational

from dmftheory.claims import Theorem
from dmftheory.model.landscape import KEPT, LEFT, block_eigenvalues, sharpness
from dmftheory.model.symbols import DEPTH
from dmftheory.saddles import saddle
from dmftheory.theorems.cao import landscape
from dmftheory.theorems.cao import sharpness as sharp
from dmftheory.trust.check import Checker, ProofError

LOWER, UPPER = sorted(sharp.kept_pair.claim.args, key=lambda part: part.rhs != 0)
NEIGHBOURS: list[tuple[Theorem, dict[str, Any]]] = [
    (landscape.pair, {"claim": Eq(landscape.PAIR, landscape.pair.claim.rhs.subs(landscape.s, -landscape.s), evaluate=False)}),
    (landscape.slice_of_pair, {"claim": Eq(landscape.slice_of_pair.claim.lhs, landscape.s**2 / 2 + landscape.PAIR / 2, evaluate=False)}),
    (landscape.top_subset, {"given": {**landscape.top_subset.given, landscape.s: Interval(0, 2 * landscape.r**landscape.N)}}),
    (landscape.flat_origin, {"given": {**landscape.flat_origin.given, landscape.N: Range(2, 100)}}),
    (landscape.three_zeros, {"given": {**landscape.three_zeros.given, landscape.z: Range(2, 100)}}),
    (landscape.wrong_subset, {"assume": []}),
    (landscape.multiplicity_simple, {"given": landscape.multiplicity.given}),
    (sharp.left_out, {"given": {**sharp.left_out.given, sharp.s: Interval(-sharp.N * sharp.r**sharp.N, 0)}}),
    (sharp.kept_pair, {"claim": And(LOWER, UPPER.func(UPPER.lhs, UPPER.rhs / 2))}),
    (sharp.balanced_direction, {"assume": []}),
]


@pytest.mark.parametrize("place", range(len(NEIGHBOURS)))
def test_no_proof_carries_a_false_neighbour(place: int) -> None:
    honest, change = NEIGHBOURS[place]
    with pytest.raises(ProofError):
        Checker(library()).theorem(replace(honest, **change), proofs()[honest.id])


@pytest.mark.parametrize("member", [(3, 2, 1), (3, 2, 3)])
def test_larger_diagonal_points_are_sums_of_the_same_squares(member: tuple[int, ...]) -> None:
    Checker(library()).theorem(landscape.blocks.member(*member), proofs()["cao.landscape.blocks"](*member))


@pytest.mark.parametrize("sizes", [(2, 2, 2), (1, 1, 1, 1, 1)])
def test_larger_hessians_have_the_closed_form(sizes: tuple[int, ...]) -> None:
    Checker(library()).theorem(landscape.hessian.member(*sizes), proofs()["cao.landscape.hessian"](*sizes))


@pytest.mark.parametrize("depth", [2, 3, 5])
def test_the_program_has_the_eigenvalues_of_the_statements(depth: int) -> None:
    found = saddle(depth, [Fraction(3, 5), Fraction(1, 4)], [1])
    at = {DEPTH: depth, KEPT: Rational(3, 5), LEFT: Rational(1, 4)}
    formulas = block_eigenvalues()
    levels = sorted(float(level.value(depth)) for block in found.blocks for level in block.levels if level.sign)
    named = ["kept", "left with kept, plus", "left with kept, minus"]
    expected = [float(formulas[name].subs(at)) for name in named] + ([0.25, -0.25] if depth == 2 else [])
    assert levels == pytest.approx(sorted(expected), rel=1e-14)
    both = saddle(depth, [Fraction(3, 5), Fraction(1, 4)], [1, 2])
    assert float(both.largest[0]) == pytest.approx(float(sharpness().subs(at)), rel=1e-14)
    assert both.stability_limit is not None and float(both.stability_limit * both.largest[0]) == pytest.approx(2, rel=1e-14)
