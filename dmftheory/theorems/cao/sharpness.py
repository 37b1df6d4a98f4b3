"""Sharpness at the balanced minimiser of a positive semidefinite target, N lambda_1^(2-2/N), and the step size 2 / sharpness (B3)."""

from __future__ import annotations

from sympy import Abs, And, Eq, Implies, Interval, Range, Symbol, oo

from dmftheory.claims import Family, Theorem

N = Symbol("N", integer=True, positive=True)
r = Symbol("r", positive=True)
b = Symbol("b", nonnegative=True)
s = Symbol("s", real=True)
g = Symbol("g", real=True)
x, y = Symbol("x", real=True), Symbol("y", real=True)
v, w = Symbol("v", real=True), Symbol("w", real=True)
eta = Symbol("eta", positive=True)

SOURCE = "largest Hessian eigenvalue at a balanced minimiser, standard for two layers; this form ours"
EVERYWHERE = Interval(-oo, oo)
PAIR = r ** (2 * N - 2) * (x**2 + y**2) - 2 * s * r ** (N - 2) * x * y
"""The block of a left-out eigenvalue s and a kept eigenvalue r^N, as in `cao.landscape`."""

balanced_direction = Theorem(
    "cao.sharpness.balanced",
    title="Along X_j = r g, of squared norm N r^2 g^2, the loss is N^2 r^(2N) g^2 / 2 up to third order: curvature N r^(2N-2)",
    given={N: Range(2, oo), r: Interval.open(0, oo), g: Interval(-1, 1)},
    assume=[N * Abs(g) <= 1],
    claim=Abs(r ** (2 * N) * ((1 + g) ** N - 1) ** 2 / 2 - N**2 * r ** (2 * N) * g**2 / 2) <= 3 * N**3 * r ** (2 * N) * Abs(g) ** 3 / 2,
    declared="proved",
    source=SOURCE,
    provenance="derived",
)


def _kept(depth: int) -> Theorem:
    entries = [Symbol(f"x_{j}", real=True) for j in range(1, depth + 1)]
    return Theorem(
        f"cao.sharpness.kept.{depth}",
        title=f"At depth {depth} the block of one kept mode is at most N r^(2N-2) times the squared norm",
        given={r: Interval.open(0, oo), **dict.fromkeys(entries, EVERYWHERE)},
        claim=(r ** (depth - 1) * sum(entries)) ** 2 <= depth * r ** (2 * depth - 2) * sum(entry**2 for entry in entries),
        declared="proved",
        source=SOURCE,
        provenance="derived",
    )


kept = Family(
    "cao.sharpness.kept",
    title="The block of one kept mode is at most N lambda_b^(2-2/N) times the squared norm",
    indices=tuple((depth,) for depth in range(2, 5)),
    member=_kept,
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

kept_pair = Theorem(
    "cao.sharpness.kept_pair",
    title="Two kept modes: their eigenvalue (lambda_b^2 - lambda_c^2) / (r_b^2 - r_c^2) is at most that of the larger mode alone",
    given={N: Range(2, oo), r: Interval.open(0, oo), b: Interval(0, r)},
    claim=And(r ** (2 * N) - b ** (2 * N) >= 0, r ** (2 * N) - b ** (2 * N) <= N * r ** (2 * N - 2) * (r**2 - b**2)),
    declared="proved",
    source=SOURCE,
    provenance="derived",
)

left_out = Theorem(
    "cao.sharpness.left_out",
    title="The blocks with a left-out eigenvalue s stay below N lambda_1^(2-2/N) as long as |s| <= (N - 1) lambda_1",
    given={N: Range(2, oo), r: Interval.open(0, oo), s: Interval(-(N - 1) * r**N, (N - 1) * r**N), x: EVERYWHERE, y: EVERYWHERE},
    claim=PAIR <= N * r ** (2 * N - 2) * (x**2 + y**2),
    declared="proved",
    source="the corrected form of cao.sharpness.any_target",
    provenance="derived",
)

any_target = Theorem(
    "cao.sharpness.any_target",
    title="N lambda_1^(2-2/N) is the largest Hessian eigenvalue at the limit for every symmetric target (false: diag(1, -3))",
    given={N: Range(2, oo), r: Interval.open(0, oo), s: Interval(-oo, 0), x: EVERYWHERE, y: EVERYWHERE},
    claim=PAIR <= N * r ** (2 * N - 2) * (x**2 + y**2),
    declared="refuted",
    source="a remark in our notes on the stability threshold, without its hypothesis; mended in cao.sharpness.left_out",
    provenance="derived",
)

four_not_two = Theorem(
    "cao.sharpness.four_not_two",
    title="Target diag(1, -3), depth 2, W_j = diag(1, 0): the block of the two modes has the largest eigenvalue 4, along x = y",
    given={x: EVERYWHERE, y: EVERYWHERE},
    claim=And(
        PAIR.subs({N: 2, r: 1, s: -3}) <= 4 * (x**2 + y**2),
        Eq(PAIR.subs({N: 2, r: 1, s: -3, y: x}), 4 * (x**2 + x**2), evaluate=False),
    ),
    declared="proved",
    source="the counterexample to cao.sharpness.any_target",
    provenance="derived",
)

stability = Theorem(
    "cao.sharpness.stability",
    title="Linearised gradient descent contracts the sharpest direction below 2 / sharpness and expands it beyond",
    given={N: Range(2, oo), r: Interval.open(0, oo), eta: Interval.open(0, oo)},
    claim=And(
        Implies(eta < 2 / (N * r ** (2 * N - 2)), Abs(1 - eta * N * r ** (2 * N - 2)) < 1),
        Implies(eta > 2 / (N * r ** (2 * N - 2)), Abs(1 - eta * N * r ** (2 * N - 2)) > 1),
    ),
    declared="proved",
    source="linear stability of gradient descent at a minimiser, standard; see chou.stability.threshold for the nonlinear statement",
    provenance="derived",
)

two_weights = Theorem(
    "cao.sharpness.two_weights",
    title="Two scalar weights at any minimiser v w = s: the Hessian is at most v^2 + w^2, reached along (w, v), and v^2 + w^2 >= 2 s",
    given={v: EVERYWHERE, w: EVERYWHERE, x: EVERYWHERE, y: EVERYWHERE},
    claim=And(
        (w * x + v * y) ** 2 <= (v**2 + w**2) * (x**2 + y**2),
        Eq((w * w + v * v) ** 2, (v**2 + w**2) * (w**2 + v**2), evaluate=False),
        v**2 + w**2 >= 2 * v * w,
    ),
    declared="proved",
    source="sharpness of minimisers, in the manner of Mulayoff and Michaeli 2020 (form recalled)",
    provenance="recalled",
)
