"""Critical points: kinds and inertia against finite differences and automatic differentiation, the block formulas, and what is refused."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from critical_points import critical_point
from numpy.typing import NDArray

from dmftheory.errors import InputError
from dmftheory.landscape import (
    GLOBAL_MINIMUM,
    NOT_CRITICAL,
    STRICT_SADDLE,
    WEAK_SADDLE,
    Classification,
    Point,
    attains_least_loss,
    classify,
    nearest,
)
from dmftheory.numerics import hessian_blocks, hessian_product
from dmftheory.numerics.algebraic import from_text
from dmftheory.numerics.eigenvalues import rational_ball
from dmftheory.numerics.hessian import chain, hessian, offsets
from dmftheory.numerics.hessian_blocks import Level
from dmftheory.saddles import MAX_MODES, ladder, saddle, shown

POINTS = 120
STEP = 1e-4
Array = NDArray[np.float64]


def floats(point: Point) -> tuple[list[Array], Array]:
    arrays = [np.array([[float(x) for x in row] for row in matrix]) for matrix in (*point.factors, point.target)]
    return arrays[:-1], arrays[-1]


def loss(vector: Array, sizes: tuple[int, ...], target: Array) -> float:
    """The loss from scratch, of all entries in one vector."""
    product, start = np.eye(sizes[0]), 0
    for below, above in pairwise(sizes):
        product = vector[start : start + below * above].reshape(above, below) @ product
        start += below * above
    return float(((product - target) ** 2).sum() / 2)


def by_differences(point: Point) -> Array:
    """The Hessian by second differences of the loss.

    Truncation is of order STEP^2 times fourth derivatives; rounding of order eps |loss| / STEP^2, below 1e-7 for losses up to 50.
    """
    factors, target = floats(point)
    at = np.concatenate([w.ravel() for w in factors])
    result = np.empty((len(at), len(at)))
    for i in range(len(at)):
        for j in range(i + 1):
            total = 0.0
            for s in (1, -1):
                for t in (1, -1):
                    moved = at.copy()
                    moved[i] += s * STEP
                    moved[j] += t * STEP
                    total += s * t * loss(moved, point.sizes, target)
            result[i, j] = result[j, i] = total / (4 * STEP**2)
    return result


def agrees(answer: Classification, found: Array) -> bool | None:
    """Whether a float Hessian has the certified inertia; None where one of its eigenvalues is too near 0 to tell."""
    values = np.linalg.eigvalsh(found)
    scale = max(1.0, float(abs(values).max()))
    noise, clear = 1e-4 * scale, 1e-3 * scale
    if any(noise < abs(v) < clear for v in values):
        return None
    assert answer.inertia is not None
    counts = (int((values > clear).sum()), int((values < -clear).sum()), int((abs(values) <= noise).sum()))
    return counts == (answer.inertia.positive, answer.inertia.negative, answer.inertia.zero)


def test_inertia_agrees_with_finite_differences() -> None:
    source, kinds, open_ = random.Random(5), dict.fromkeys((GLOBAL_MINIMUM, STRICT_SADDLE, WEAK_SADDLE), 0), 0
    for _ in range(POINTS):
        point = critical_point(source)
        answer = classify(point)
        assert answer.kind is not None
        kinds[answer.kind] += 1
        exact = np.array([[float(x) for x in row] for row in hessian(point.factors, point.target)])
        found = by_differences(point)
        assert np.allclose(found, exact, atol=1e-4 * max(1.0, abs(exact).max()))
        verdict = agrees(answer, found)
        assert verdict is not False
        open_ += verdict is None
    assert open_ < POINTS / 20
    assert min(kinds.values()) >= POINTS / 10, kinds


def test_inertia_agrees_with_automatic_differentiation() -> None:
    torch: Any = pytest.importorskip("torch", reason="torch is not installed: its Hessians are not compared")
    source = random.Random(6)
    for _ in range(POINTS):
        point = critical_point(source)
        factors, target = floats(point)
        goal = torch.from_numpy(target)

        def of_vector(vector: Any, point: Point = point, goal: Any = goal) -> Any:
            product, start = torch.eye(point.sizes[0], dtype=torch.float64), 0
            for below, above in pairwise(point.sizes):
                product = vector[start : start + below * above].reshape(above, below) @ product
                start += below * above
            return ((product - goal) ** 2).sum() / 2

        at = torch.from_numpy(np.concatenate([w.ravel() for w in factors]))
        found = torch.autograd.functional.hessian(of_vector, at).numpy()
        exact = np.array([[float(x) for x in row] for row in hessian(point.factors, point.target)])
        assert np.allclose(found, exact, atol=1e-12 * max(1.0, abs(exact).max()))
        assert agrees(classify(point), found) is not False


def test_matrix_free_product_is_the_hessian() -> None:
    source = random.Random(7)
    for _ in range(60):
        point = critical_point(source)
        moved = tuple(tuple(tuple(x + Fraction(source.randint(-3, 3), 2) for x in row) for row in w) for w in point.factors)
        factors, target = floats(Point(moved, point.target))
        starts = offsets(moved)
        direction = np.random.default_rng(source.randint(0, 10**6)).standard_normal(starts[-1])
        parts = [direction[a:b].reshape(w.shape) for (a, b), w in zip(pairwise(starts), factors, strict=True)]
        found = np.concatenate([x.ravel() for x in hessian_product.product(factors, target, parts)])
        exact = np.array([[float(x) for x in row] for row in hessian(moved, point.target)])
        assert np.allclose(found, exact @ direction, rtol=1e-10, atol=1e-9)


def test_matrix_free_product_never_forms_the_hessian() -> None:
    generator = np.random.default_rng(0)
    factors = [generator.standard_normal((120, 120)) / 11 for _ in range(4)]
    target, direction = generator.standard_normal((120, 120)), [generator.standard_normal((120, 120)) for _ in range(4)]
    moved = hessian_product.gradient([w + STEP * x for w, x in zip(factors, direction, strict=True)], target)
    back = hessian_product.gradient([w - STEP * x for w, x in zip(factors, direction, strict=True)], target)
    for exact, plus, minus in zip(hessian_product.product(factors, target, direction), moved, back, strict=True):
        assert np.allclose(exact, (plus - minus) / (2 * STEP), atol=1e-4 * abs(exact).max())


def test_blocks_are_the_hessian_of_diagonal_points() -> None:
    source = random.Random(8)
    for _ in range(60):
        depth, size = source.randint(2, 4), source.randint(1, 3)
        roots = [Fraction(source.randint(0, 3), source.randint(1, 2)) * (source.choice([1, -1]) if depth == 3 else 1) for _ in range(size)]
        kept = [i for i in range(size) if source.random() < 0.5]
        spectrum = [root**depth * (1 if i in kept else source.choice([1, -1])) for i, root in enumerate(roots)]
        found = saddle(depth, spectrum, [i + 1 for i in kept])
        point = diagonal(depth, [root if i in kept else Fraction(0) for i, root in enumerate(roots)], spectrum)
        answer = classify(point)
        assert (found.kind, found.inertia, found.loss) == (answer.kind, answer.inertia, answer.loss)
        values = np.linalg.eigvalsh(np.array(hessian(point.factors, point.target), dtype=float))
        levels = sorted(float(level.value(depth)) for block in found.blocks for level in block.levels for _ in range(level.count))
        assert np.allclose(levels, values, atol=1e-9 * max(1.0, abs(values).max()))
        for (ball, times), value in ((found.largest, values[-1]), (found.smallest, values[0])):
            assert abs(float(ball) - value) < 1e-9 * max(1.0, abs(value))
            assert times in (None, int((abs(values - value) < 1e-6).sum()))


def diagonal(depth: int, roots: list[Any], spectrum: list[Fraction]) -> Point:
    def square(values: list[Any]) -> Any:
        return tuple(tuple(value if i == j else Fraction(0) for j in range(len(values))) for i, value in enumerate(values))

    return Point((square(roots),) * depth, square(spectrum))


def test_depth_two_counts_and_the_multiplicity() -> None:
    points = ladder(2, [Fraction(1), Fraction(1, 2), Fraction(1, 4), Fraction(0), Fraction(0), Fraction(0)])
    assert [found.inertia.negative for found in points] == [(3 - k) * (6 - k) for k in range(4)]
    assert [found.smallest[1] for found in points[:3]] == [6, 5, 4]
    assert [found.kind for found in points] == [STRICT_SADDLE] * 3 + [GLOBAL_MINIMUM]
    repeated = saddle(2, [Fraction(1, 2), Fraction(1, 2), Fraction(0)], [])
    assert repeated.smallest[1] == 6  # not n - k = 3: lambda_1 is not simple


@pytest.mark.parametrize("depth", [3, 4, 7])
def test_beyond_depth_two_the_points_on_the_way_are_not_strict(depth: int) -> None:
    points = ladder(depth, [Fraction(1), Fraction(1, 2), Fraction(1, 4), Fraction(0)])
    assert [found.kind for found in points] == [WEAK_SADDLE] * 3 + [GLOBAL_MINIMUM]
    assert points[0].inertia.zero == depth * 16
    assert points[0].relies_on


def test_a_wrong_subset_is_a_strict_saddle() -> None:
    found = saddle(3, [Fraction(1), Fraction(3, 5)], [2])
    assert found.kind == STRICT_SADDLE
    assert shown(found.smallest[0]).startswith("-0.33737")


def test_sharpness_at_the_balanced_minimiser() -> None:
    psd = saddle(4, [Fraction(16), Fraction(1), Fraction(0)], [1, 2])
    assert psd.kind == GLOBAL_MINIMUM and shown(psd.largest[0]) == "256"  # 4 * 16^(3/2)
    assert psd.stability_limit is not None and shown(psd.stability_limit) == "0.0078125"
    indefinite = saddle(2, [Fraction(1), Fraction(-3)], [1])
    assert shown(indefinite.largest[0]) == "4"  # not N lambda_1^(2-2/N) = 2
    assert indefinite.stability_limit is None


def test_bottleneck_decides_the_global_minimum() -> None:
    factors = (((Fraction(1), Fraction(0)),), ((Fraction(2),), (Fraction(0),)))
    for second, kind in ((1, GLOBAL_MINIMUM), (2, GLOBAL_MINIMUM), (3, STRICT_SADDLE)):
        assert classify(Point(factors, ((Fraction(2), Fraction(0)), (Fraction(0), Fraction(second))))).kind == kind
    target = ((Fraction(2), Fraction(0)), (Fraction(0), Fraction(3)))
    assert not attains_least_loss(((Fraction(2), Fraction(0)), (Fraction(0), Fraction(0))), target, 1)
    assert attains_least_loss(((Fraction(0), Fraction(0)), (Fraction(0), Fraction(3))), target, 1)


def test_algebraic_points() -> None:
    cube, other = from_text("root(-2,0,0,1;1,2)", "x"), from_text("root(-1,0,0,2;0,1)", "x")
    spectrum = [Fraction(2), Fraction(1, 2)]
    for roots in ([cube, other], [cube, Fraction(0)], [Fraction(0), other], [Fraction(0)] * 2):
        answer = classify(diagonal(3, roots, spectrum))
        expected = saddle(3, spectrum, [i for i, root in enumerate(roots, 1) if root])
        assert (answer.kind, answer.inertia) == (expected.kind, expected.inertia)
    missed = classify(diagonal(3, [cube, other], [Fraction(2), Fraction(1, 3)]))
    assert missed.kind == NOT_CRITICAL
    assert missed.critical is False and "norm" in (missed.reason or "")


def test_an_algebraic_point_that_is_off_by_little_is_not_critical() -> None:
    close = from_text("root(-20000000000000000000000001,0,0,10000000000000000000000000;1,2)", "x")  # 2 + 1e-25, cube root
    assert classify(diagonal(3, [close], [Fraction(2)])).kind == NOT_CRITICAL
    far = classify(diagonal(2, [Fraction(1)], [1 + Fraction(1, 10**400)]))
    assert far.kind == NOT_CRITICAL and far.gradient


def test_bottleneck_at_an_algebraic_point() -> None:
    root = from_text("root(-2,0,1;1,2)", "x")
    factors = (((root, Fraction(0)),), ((root,), (Fraction(0),)))
    assert classify(Point(factors, ((Fraction(2), Fraction(0)), (Fraction(0), Fraction(1, 3))))).kind == GLOBAL_MINIMUM
    assert classify(Point(factors, ((Fraction(2), Fraction(0)), (Fraction(0), Fraction(7, 3))))).kind == STRICT_SADDLE
    product = (((root, Fraction(0)),), ((Fraction(1),), (Fraction(0),)))
    answer = classify(Point(product, ((root, Fraction(0)), (Fraction(0), Fraction(1, 3)))))
    assert answer.kind is None and answer.critical is True and "rational" in (answer.reason or "")


def test_balls_show_strict_saddles_and_nothing_that_needs_a_zero() -> None:
    def ball(value: Fraction) -> Any:
        return rational_ball(value)

    zero = [ball(Fraction(0))]
    point = diagonal(2, zero, [ball(Fraction(1, 3))])
    assert classify(point).kind is None
    assert classify(point, critical=True).kind == STRICT_SADDLE
    minimum = diagonal(2, [ball(Fraction(1))], [ball(Fraction(1))])
    answer = classify(minimum, critical=True)
    assert answer.kind is None and answer.reason and answer.inertia is not None and answer.inertia.unknown == 1
    assert classify(diagonal(2, [ball(Fraction(1, 3))], [ball(Fraction(1))]), critical=True).kind == NOT_CRITICAL


def test_a_gauge_leaves_kind_and_inertia() -> None:
    """W_2 G, G^-1 W_1 is a linear change of the parameters: Sylvester's law."""
    source = random.Random(9)
    for _ in range(20):
        point = critical_point(source, depth=2)
        size = point.sizes[1]
        gauge = [[Fraction(i == j) + (Fraction(source.randint(-2, 2)) if i < j else 0) for j in range(size)] for i in range(size)]
        inverse = [[Fraction(x) for x in row] for row in np.linalg.inv(np.array(gauge, dtype=float)).round().tolist()]
        first, second = chain([point.factors[0], inverse], point.sizes[0]), chain([gauge, point.factors[1]], size)
        one, other = classify(point), classify(Point((tuple(map(tuple, first)), tuple(map(tuple, second))), point.target))
        assert (one.kind, one.inertia) == (other.kind, other.inertia)


MUTANTS = {
    "mixed pairs without the minus": lambda level: Level("mixed", 1, level.count, level.outer, level.other, side=1),
    "left modes flat at depth 2": lambda level: Level("zero", 0, level.count) if level.law == "left" else level,
    "wrong subsets stable": lambda level: Level("mixed", -level.sign, level.count, level.outer, level.other, side=level.side),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_wrong_block_formulas_are_seen(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    honest_mixed, honest_left = hessian_blocks._mixed, hessian_blocks._left
    if "left" in name:
        monkeypatch.setattr(hessian_blocks, "_left", lambda depth, size: [MUTANTS[name](x) for x in honest_left(depth, size)])
    else:
        monkeypatch.setattr(hessian_blocks, "_mixed", lambda b, a: [MUTANTS[name](x) for x in honest_mixed(b, a)])
    with pytest.raises(AssertionError):
        test_blocks_are_the_hessian_of_diagonal_points()


def test_a_wrong_curvature_term_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    from dmftheory.numerics import hessian as module

    monkeypatch.setattr(module, "_with_curvature", lambda block, *_: block)
    with pytest.raises(AssertionError):
        test_inertia_agrees_with_finite_differences()


@pytest.mark.parametrize(
    ("depth", "spectrum", "subset", "said"),
    [
        (2, [1, 2], [3], "from 1 to 2"),
        (2, [1, 2], [0], "from 1 to 2"),
        (2, [1, -2], [2], "no real root"),
        (2, [1, 2], [1, 1], "every index once"),
        (1, [1], [1], "--depth"),
        (2, [], [], "--spectrum"),
        (2, [1] * (MAX_MODES + 1), [], "--spectrum"),
    ],
)
def test_bad_subsets(depth: int, spectrum: list[int], subset: list[int], said: str) -> None:
    with pytest.raises(InputError, match=said):
        saddle(depth, [Fraction(x) for x in spectrum], subset)


def test_zero_and_repeated_spectra() -> None:
    nothing = saddle(2, [Fraction(0)] * 2, [])
    assert nothing.kind == GLOBAL_MINIMUM and nothing.inertia.zero == 8 and nothing.stability_limit is None
    assert saddle(2, [Fraction(0)] * 2, [1]).kind == GLOBAL_MINIMUM
    equal = saddle(3, [Fraction(1)] * 3, [1])
    assert equal.kind == WEAK_SADDLE  # a tie between a kept eigenvalue and one left out: eigenvalue 0
    assert next(x.inertia for x in equal.blocks if x.kind == "left with kept").positive == 1


@pytest.mark.parametrize(
    ("factors", "target"),
    [
        ([[[1]]], [[1]]),
        ([[[1, 2]], [[1, 2]]], [[1, 2]]),
        ([[[1]], [[1]]], [[1, 2]]),
        ([[[1], [1, 2]], [[1]]], [[1]]),
        ([[]] * 2, [[1]]),
        ([[[0] * 15] * 15] * 2, [[0] * 15] * 15),
    ],
)
def test_shapes_that_do_not_fit(factors: Any, target: Any) -> None:
    with pytest.raises(InputError):
        Point(tuple(tuple(map(tuple, w)) for w in factors), tuple(map(tuple, target)))


def test_out_of_reach_is_refused() -> None:
    roots = [from_text(f"root(-{p},0,0,1;1,3)", "x") for p in (2, 3, 5, 7, 11)]
    with pytest.raises(InputError, match="degree"):
        classify(diagonal(3, roots, [Fraction(p) for p in (2, 3, 5, 7, 11)]))
    with pytest.raises(InputError, match="Fraction"):
        classify(diagonal(2, [0.5], [Fraction(1)]))


def test_nearest() -> None:
    assert nearest(Fraction(1, 4)) == 0.25
    assert abs(nearest(from_text("root(-2,0,1;1,2)", "x")) - 2**0.5) < 1e-15
