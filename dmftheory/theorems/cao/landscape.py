"""Critical points of the loss and their Hessians (H2, H6): the diagonal points W_j = diag(lambda_i^(1/N) on S, 0 elsewhere).

A kept mode b has the root r, so its eigenvalue is r^N; a mode a that is left out has the eigenvalue s. Block forms are second derivatives:
twice the quadratic part of the loss. Their coefficients in independent squares are the inertia (Sylvester's law).
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

from sympy import Abs, And, Eq, ImmutableDenseMatrix, Interval, Range, Symbol, diff, expand, eye, oo, zeros

from dmftheory.claims import Family, Theorem

N = Symbol("N", integer=True, positive=True)
z = Symbol("z", integer=True, positive=True)
r = Symbol("r", positive=True)
s, c, p = Symbol("s", real=True), Symbol("c", real=True), Symbol("p", real=True)
q = Symbol("q", nonnegative=True)
m = Symbol("m", nonnegative=True)
t = Symbol("t", positive=True)
u = Symbol("u", positive=True)
x, y = Symbol("x", real=True), Symbol("y", real=True)

SOURCE = "landscape of deep matrix factorisation, in the manner of Cao et al., arXiv:2212.14150; block formulas and constants ours"
EVERYWHERE = Interval(-oo, oo)
PAIR = r ** (2 * N - 2) * (x**2 + y**2) - 2 * s * r ** (N - 2) * x * y
"""The block of a left-out mode a and a kept mode b: x is the entry (a, b) of W_N, y the entry (b, a) of W_1; the other entries are flat."""

SIZES = ((1, 1, 1), (1, 2, 1), (2, 1, 2), (1, 1, 1, 1))
"""d_0, ..., d_N."""

POINTS = ((2, 2, 0), (2, 2, 1), (2, 3, 1), (2, 3, 3))
"""(modes, depth, S as a binary number)."""


def _matrix(letter: str, rows: int, columns: int) -> Any:
    return ImmutableDenseMatrix(rows, columns, lambda i, k: Symbol(f"{letter}_{i + 1}{k + 1}", real=True))


def _product(factors: Any, size: int) -> Any:
    """The product with the first factor rightmost."""
    result = eye(size)
    for factor in factors:
        result = factor * result
    return result


def _second_derivative(factors: Any, directions: Any, target: Any) -> Any:
    """d^2/dt^2 of the loss at W + t X, t = 0, by differentiation."""
    moved = _product([w + t * d for w, d in zip(factors, directions, strict=True)], target.cols) - target
    return expand(diff(sum(expand(entry**2) for entry in moved) / 2, t, 2).subs(t, 0))


def _closed_form(sizes: tuple[int, ...]) -> Theorem:
    depth = len(sizes) - 1
    factors = [_matrix(f"w{j}", sizes[j], sizes[j - 1]) for j in range(1, depth + 1)]
    directions = [_matrix(f"x{j}", sizes[j], sizes[j - 1]) for j in range(1, depth + 1)]
    target = _matrix("t", sizes[-1], sizes[0])
    error = _product(factors, sizes[0]) - target
    first, bent = zeros(*target.shape), zeros(*target.shape)
    for j in range(depth):
        left = _product(factors[j + 1 :], sizes[j + 1]) * directions[j]
        first += left * _product(factors[:j], sizes[0])
        for i in range(j):
            bent += left * _product(factors[i + 1 : j], sizes[i + 1]) * directions[i] * _product(factors[:i], sizes[0])
    form = sum(a**2 + 2 * e * b for a, e, b in zip(first, error, bent, strict=True))
    symbols = [entry for matrix in (*factors, *directions, target) for entry in matrix]
    return Theorem(
        f"cao.landscape.hessian.{'x'.join(map(str, sizes))}",
        title=f"The Hessian of the loss for layers of sizes {', '.join(map(str, sizes))}",
        given=dict.fromkeys(symbols, EVERYWHERE),
        claim=Eq(_second_derivative(factors, directions, target), form, evaluate=False),
        declared="proved",
        source="second derivative of the loss of deep linear networks, standard",
        provenance="derived",
    )


hessian = Family(
    "cao.landscape.hessian",
    title="The second derivative along X is ||sum A_j X_j B_j||^2 + 2 sum <E, A_j X_j M_ji X_i B_i>, E the misfit",
    indices=SIZES,
    member=lambda *sizes: _closed_form(sizes),
    declared="proved",
    source="second derivative of the loss of deep linear networks, standard",
    provenance="derived",
)


def _block_forms(size: int, depth: int, chosen: int) -> Theorem:
    kept = [i for i in range(size) if chosen >> i & 1]
    roots = {i: Symbol(f"r_{i + 1}", positive=True) for i in kept}
    left = {i: Symbol(f"s_{i + 1}", real=True) for i in range(size) if i not in kept}
    factor = ImmutableDenseMatrix(size, size, lambda i, k: roots.get(i, 0) if i == k else 0)
    target = ImmutableDenseMatrix(size, size, lambda i, k: 0 if i != k else roots[i] ** depth if i in roots else left[i])
    directions = [_matrix(f"x{j}", size, size) for j in range(1, depth + 1)]
    squares = [term for b in kept for term in _kept(roots[b], [d[b, b] for d in directions])]
    for b, e in combinations(kept, 2):
        for i, k in ((b, e), (e, b)):
            squares.append(sum(roots[i] ** (depth - j) * roots[k] ** (j - 1) * d[i, k] for j, d in enumerate(directions, 1)) ** 2)
    for a, value in left.items():
        for b, root in roots.items():
            squares += _mixed(depth, root, value, directions[-1][a, b], directions[0][b, a])
        if depth == 2:
            squares += [term for e in left for term in _left(value, directions[1][a, e], directions[0][e, a])]
    given = {**dict.fromkeys(roots.values(), Interval.open(0, oo)), **dict.fromkeys(left.values(), EVERYWHERE)}
    entries = [entry for matrix in directions for entry in matrix]
    return Theorem(
        f"cao.landscape.blocks.{size}.{depth}.{chosen}",
        title=f"The Hessian at the diagonal point of {size} modes and depth {depth} that keeps {{{', '.join(str(b + 1) for b in kept)}}}",
        given={**given, **dict.fromkeys(entries, EVERYWHERE)},
        claim=Eq(_second_derivative([factor] * depth, directions, target), sum(squares), evaluate=False),
        declared="proved",
        source=SOURCE,
        provenance="derived",
    )


def _kept(root: Any, entries: list[Any]) -> list[Any]:
    return [root ** (2 * len(entries) - 2) * sum(entries) ** 2]


def _mixed(depth: int, root: Any, value: Any, one: Any, other: Any) -> list[Any]:
    outer = root ** (depth - 2) / 2
    return [outer * (root**depth - value) * (one + other) ** 2, outer * (root**depth + value) * (one - other) ** 2]


def _left(value: Any, one: Any, other: Any) -> list[Any]:
    return [-value / 2 * (one + other) ** 2, value / 2 * (one - other) ** 2]


blocks = Family(
    "cao.landscape.blocks",
    title="The Hessian at a diagonal point is a sum of squares with the coefficients of the block formulas, in independent linear forms",
    indices=POINTS,
    member=_block_forms,
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

slice_of_pair = Theorem(
    "cao.landscape.slice",
    title="The loss along the two entries that couple a left-out mode with a kept one: half the block, and a term of fourth order",
    given={N: Range(2, oo), r: Interval.open(0, oo), s: EVERYWHERE, x: EVERYWHERE, y: EVERYWHERE},
    claim=Eq(
        ((x * r ** (N - 2) * y - s) ** 2 + (x * r ** (N - 1)) ** 2 + (r ** (N - 1) * y) ** 2) / 2,
        s**2 / 2 + PAIR / 2 + r ** (2 * N - 4) * x**2 * y**2 / 2,
        evaluate=False,
    ),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

pair = Theorem(
    "cao.landscape.pair",
    title="The block of a left-out and a kept mode has the eigenvalues lambda_b^(1-2/N) (lambda_b -+ lambda_a), along x = y and x = -y",
    given={N: Range(2, oo), r: Interval.open(0, oo), s: EVERYWHERE, x: EVERYWHERE, y: EVERYWHERE},
    claim=Eq(
        PAIR,
        r ** (N - 2) * (r**N - s) * (x + y) ** 2 / 2 + r ** (N - 2) * (r**N + s) * (x - y) ** 2 / 2,
        evaluate=False,
    ),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

top_subset = Theorem(
    "cao.landscape.top_subset",
    title="Where no left-out eigenvalue is larger than a kept one, the blocks of two such modes are positive semidefinite",
    given={N: Range(2, oo), r: Interval.open(0, oo), s: Interval(-(r**N), r**N), x: EVERYWHERE, y: EVERYWHERE},
    claim=PAIR >= 0,
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

wrong_subset = Theorem(
    "cao.landscape.wrong_subset",
    title="Where a left-out eigenvalue is larger than a kept one, the loss falls along x = y: a strict saddle",
    given={N: Range(2, oo), r: Interval.open(0, oo), s: Interval.open(r**N, oo), u: Interval.open(0, oo)},
    assume=[r ** (N - 2) * u**2 < 2 * (s - r**N)],
    claim=And(
        PAIR.subs({x: u, y: u}) < 0,
        ((u**2 * r ** (N - 2) - s) ** 2 + 2 * (u * r ** (N - 1)) ** 2) / 2 < s**2 / 2,
    ),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

every_subset = Theorem(
    "cao.landscape.every_subset",
    title="The blocks of a left-out and a kept mode are positive semidefinite for every subset (false: the subset has to be the top one)",
    given={N: Range(3, oo), r: Interval.open(0, oo), s: Interval(0, oo), x: EVERYWHERE, y: EVERYWHERE},
    claim=PAIR >= 0,
    declared="refuted",
    source="ours, cao.landscape.top_subset without its hypothesis",
    provenance="derived",
)

flat_origin = Theorem(
    "cao.landscape.flat_origin",
    title="From depth 3 on the Hessian at 0 is 0: along tX the loss moves by order t^3 only (c = <X_N...X_1, T>, q = ||X_N...X_1||^2)",
    given={N: Range(3, oo), t: Interval.Lopen(0, 1), c: EVERYWHERE, q: Interval(0, oo)},
    claim=Abs(t ** (2 * N) * q / 2 - t**N * c) <= t**3 * (Abs(c) + q / 2),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

depth_two = Theorem(
    "cao.landscape.depth_two",
    title="At depth 2 a left-out positive eigenvalue makes a strict saddle: its block has the eigenvalues -+s, and the loss falls",
    given={s: Interval.open(0, oo), x: EVERYWHERE, y: EVERYWHERE},
    assume=[x * y > 0, x * y < 2 * s],
    claim=And(Eq(-2 * s * x * y, -s * (x + y) ** 2 / 2 + s * (x - y) ** 2 / 2, evaluate=False), (x * y - s) ** 2 / 2 < s**2 / 2),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

depth_two_floor = Theorem(
    "cao.landscape.depth_two_floor",
    title="At depth 2 no block goes below -lambda_(k+1), the largest eigenvalue left out (m); reached along x = y",
    given={m: Interval(0, oo), s: Interval(0, m), q: Interval(0, oo), x: EVERYWHERE, y: EVERYWHERE},
    claim=q * (x**2 + y**2) - 2 * s * x * y >= -m * (x**2 + y**2),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

multiplicity = Theorem(
    "cao.landscape.multiplicity",
    title="At depth 2 the eigenvalue -lambda_(k+1) belongs to the mode k+1 alone (false: it may be repeated)",
    given={m: Interval.open(0, oo), s: Interval(0, m), x: EVERYWHERE, y: EVERYWHERE},
    assume=[x**2 + y**2 > 0],
    claim=-2 * s * x * y > -m * (x**2 + y**2),
    declared="refuted",
    source="multiplicity n - k as first noted by us, false for equal eigenvalues; mended in cao.landscape.multiplicity_simple",
    provenance="derived",
)

multiplicity_simple = Theorem(
    "cao.landscape.multiplicity_simple",
    title="Where lambda_(k+1) is simple, the other blocks of left-out modes stay above -lambda_(k+1)",
    given={m: Interval.open(0, oo), s: Interval.Ropen(0, m), x: EVERYWHERE, y: EVERYWHERE},
    assume=[x**2 + y**2 > 0],
    claim=-2 * s * x * y > -m * (x**2 + y**2),
    declared="proved",
    source="the corrected form of cao.landscape.multiplicity",
    provenance="derived",
)

two_zeros = Theorem(
    "cao.landscape.two_zeros",
    title="Scalar weights, exactly two of them 0, the others with product p: eigenvalues -+ s p, and the loss falls: a strict saddle",
    given={s: EVERYWHERE, p: EVERYWHERE, x: EVERYWHERE, y: EVERYWHERE},
    assume=[s * p * x * y > 0, s * p * x * y < 2 * s**2],
    claim=And(
        Eq(-2 * s * p * x * y, -s * p * (x + y) ** 2 / 2 + s * p * (x - y) ** 2 / 2, evaluate=False),
        (p * x * y - s) ** 2 / 2 < s**2 / 2,
    ),
    declared="proved",
    source="saddles of scalar deep linear networks, form recalled (Kawaguchi; Trager et al.); formula ours",
    provenance="derived",
)

three_zeros = Theorem(
    "cao.landscape.three_zeros",
    title="Scalar weights, z >= 3 of them 0: the Hessian is 0, for the loss moves by order t^3 only (p: the product of all other factors)",
    given={z: Range(3, oo), t: Interval.Lopen(0, 1), p: EVERYWHERE, s: EVERYWHERE},
    claim=Abs((t**z * p - s) ** 2 / 2 - s**2 / 2) <= t**3 * (Abs(s * p) + p**2 / 2),
    declared="proved",
    source="saddles of scalar deep linear networks, form recalled (Kawaguchi; Trager et al.); formula ours",
    provenance="derived",
)
