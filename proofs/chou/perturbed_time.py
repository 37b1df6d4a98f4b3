"""Proofs about scaled coordinates, the saddle, flow times and the order of the two signs."""

from typing import Any

from dmftheory.proofs.lemmas.inequalities import monotone
from sympy import And

from dmftheory.claims import Factor
from dmftheory.claims.proof import Cases, Derivative, Have, Induct, Intro, Proof, Rewrite, Root, algebra, lemma, split
from dmftheory.theorems.chou.perturbed import N, R, a, alpha, b, beta, eta, first, k, lam, learned, other, push, s, x, y
from dmftheory.theorems.chou.perturbed_bound import NEGATIVE, POSITIVE
from dmftheory.theorems.chou.perturbed_time import d, q

SQUARE = Root(q, N - 1, 2)
SAME_SLOPE = Derivative(y, x, algebra(), algebra())

A, B = first(*POSITIVE), other(*POSITIVE)
X, Y = first(*NEGATIVE), other(*NEGATIVE)
ALIKE = {"N": N, "alpha": alpha, "beta": beta, "s": s, "eta": eta, "R": R}


def _manifold() -> Proof:
    """One unknown for all three factors."""
    own = Factor(N, lam, d, eta, k)
    same = Rewrite(first(k, lam, d, d), own, algebra(), Rewrite(other(k, lam, d, d), own, algebra(), split(algebra(), algebra())))
    return Induct(k, split(algebra(), algebra()), same)


def _dominated() -> Proof:
    """F(x, y) - F(a, b), first from a to x at b, then from b to y at x; each part is not negative because 2 x y^(N-1) <= s."""
    low, high = b ** (N - 1), y ** (N - 1)
    inner, outer = b ** (N - 2), y ** (N - 2)
    powers = And(
        low <= high, inner <= outer, high - low <= (N - 1) * outer * (y - b), N * eta * y ** (2 * N - 2) <= 1, eta * b ** (2 * N - 2) <= 1
    )
    facts = (
        monotone(N - 1, b, y),
        monotone(N - 2, b, y),
        lemma("lemma.power_difference", n=N - 1, a=b, b=y),
        monotone(2 * N - 2, y, R),
        monotone(2 * N - 2, b, y),
    )
    shown = split(*(algebra(*facts) for _ in powers.args))
    return Have(powers, shown, split(_first_part(), _second_part()))


def _first_part() -> Proof:
    move = a + b * push(a, b, s) <= x + b * push(x, b, s)
    rest = x + eta * b ** (N - 1) * (s - x * b ** (N - 1)) <= x + eta * y ** (N - 1) * (s - x * y ** (N - 1))
    return Have(move, algebra(drop=(0,)), Have(rest, algebra(), algebra()))


def _second_part() -> Proof:
    """z (s - x b z) is the inner power times the gap; its growth costs at most (N-1) x^2 y^(2N-4) (y - b)."""
    low, high = b ** (N - 1), y ** (N - 1)
    inner, outer = b ** (N - 2), y ** (N - 2)
    move = b + a * push(a, b, s) <= b + x * push(x, b, s)
    cost = x * outer * (high - low) <= (N - 1) * x * outer**2 * (y - b)
    gap = outer * (s - x * high) - inner * (s - x * low) >= -x * outer * (high - low)
    spent = eta * x * (outer * (s - x * high) - inner * (s - x * low)) >= -eta * x * x * outer * (high - low)
    end = Have(
        spent,
        algebra(drop=(0, 1, 2, 4, 5)),
        Have(eta * x * x * outer * (high - low) <= y - b, algebra(drop=(0, 1, 2, 3, 6)), algebra(drop=(0, 1, 3, 4, 5))),
    )
    last = Have(eta * x * (N - 1) * x * outer**2 * (y - b) <= y - b, algebra(), end)
    return Have(move, algebra(), Have(gap, algebra(), Have(cost, algebra(), last)))


def _negative_step() -> Proof:
    """a <= 0: the step of the mirrored run. a > 0: b falls, and |a'| exceeds a + b u by at most 2 a (eta b^(2N-2) - 1) <= 0."""
    here = {"N": N, "R": R, "y": y, "x": x, "b": b, "s": s, "eta": eta}
    parts = 3
    mirrored = split(*(algebra(lemma("chou.perturbed.dominated", a=-a, **here)) for _ in range(parts)))
    moves = And(push(x, y, s) >= 0, push(a, b, -s) <= 0)
    above = split(*(algebra(lemma("chou.perturbed.dominated", a=a, **here)) for _ in range(parts)))
    small = Have(eta * b ** (2 * N - 2) <= 1, algebra(monotone(2 * N - 2, b, R), drop=(0,)), above)
    signs = split(*(algebra(monotone(N - 1, b, y)) for _ in range(2)))
    return Have(moves, signs, Cases(a <= 0, mirrored, small))


def _ahead() -> Proof:
    runs = lemma("chou.perturbed.positive", k=k, **ALIKE), lemma("chou.perturbed.negative", k=k, **ALIKE)
    step = lemma("chou.perturbed.negative_step", N=N, R=R, y=B, x=A, b=Y, a=X, s=s, eta=eta)
    grown = B + A * push(A, B, s)
    rising = And(push(A, B, s) >= 0, grown >= B, A + B * push(A, B, s) >= A)
    inside = And(0 < A, A <= B, B <= R, 0 < Y, Y <= R, -Y <= X, X <= Y, learned(*POSITIVE) <= s)
    before = Have(
        2 * learned(*POSITIVE) <= s, algebra(monotone(N - 1, B, grown), drop=(0, 1)), split(*(algebra(step, drop=(0, 1)) for _ in range(3)))
    )
    known = split(*(algebra(*runs) for _ in inside.args))
    shown = Have(inside, known, Have(rising, split(*(algebra(drop=(0, 1)) for _ in rising.args)), before))
    start = Intro(split(*(algebra() for _ in range(3))))
    return Induct(k, start, Intro(shown))


def _half() -> Proof:
    runs = lemma("chou.perturbed.positive", k=k, **ALIKE), lemma("chou.perturbed.negative", k=k, **ALIKE)
    order = lemma("chou.perturbed.no_sooner_half", k=k, **ALIKE)
    inside = And(0 < A, 0 < Y, -X <= A, Y <= B)
    return Intro(Have(inside, split(*(algebra(*runs, order) for _ in inside.args)), algebra(monotone(N - 1, Y, B), drop=(0, 1))))


PROOFS: dict[str, Any] = {
    "chou.perturbed.negative_step": _negative_step(),
    "chou.perturbed.no_sooner_half": _ahead(),
    "chou.perturbed.half": _half(),
    "chou.perturbed.manifold": _manifold(),
    "chou.perturbed.dominated": _dominated(),
    "chou.perturbed.scaled_descent": algebra(SQUARE),
    "chou.perturbed.hessian": split(*(algebra(SQUARE) for _ in range(3))),
    "chou.perturbed.symmetric": algebra(SQUARE),
    "chou.perturbed.contraction": algebra(),
    "chou.perturbed.saddle": split(algebra(), algebra()),
    "chou.perturbed.amplified": algebra(),
    "chou.perturbed.time_two": SAME_SLOPE,
    "chou.perturbed.time_two_falling": Derivative(x, y, algebra(), algebra()),
    "chou.perturbed.time_variable": algebra(),
}
