"""Proofs about the constant c(N), and that both signs are learned: the run from the region, its hypotheses checked."""

from typing import Any

from dmftheory.proofs.lemmas.inequalities import monotone
from sympy import And, Eq, Integer, Rational

from dmftheory.claims.proof import Cases, Have, Lemma, Proof, Rewrite, Root, algebra, lemma, split
from dmftheory.model.perturbed import bound_constant
from dmftheory.theorems.chou.perturbed import N, R, alpha, beta, c, eta, k, nine, other, s
from dmftheory.theorems.chou.perturbed_bound import NEGATIVE, S, d, phi, t

GOLD = c * (c - 1)


def _strict(n: Any, low: Any, high: Any) -> Lemma:
    return lemma("lemma.power_strict", n=n, a=low, b=high)


def _above() -> Proof:
    """c (c - 1) <= 1 would give c < 2 and (c - 1)(c (c - 1))^(N-1) < 1."""
    beyond = Have(c < 2, algebra(), algebra(monotone(N - 1, GOLD, 1)))
    both = algebra(drop=(0, N))
    return Have(GOLD > 1, Cases(GOLD > 1, algebra(), beyond), split(both, both))


def _below(last: int) -> Proof:
    """Where c (c - 1) >= 1 the powers beyond the first ones only help; elsewhere c is below the golden ratio."""
    helped = Cases(
        GOLD >= 1,
        algebra(lemma("lemma.bernoulli", n=N - last, h=GOLD - 1)),
        Have(c < Rational(1619, 1000), algebra(), algebra(drop=(0, N))),
    )
    number = algebra(drop=(0, N))
    return Have((c - 1) ** last * c ** (last - 1) <= 1, helped, split(number, number))


def _limit() -> Proof:
    """1/(c - 1) >= (c (c - 1))^(N-1) >= 1 + (N-1)(c (c - 1) - 1)."""
    return algebra(lemma("lemma.bernoulli", n=N - 1, h=GOLD - 1))


def _decreasing() -> Proof:
    """If d >= c then (d - 1)^N d^(N-1) >= 1, and one more factor d (d - 1) > 1 makes it larger than 1."""
    above = lemma("chou.perturbed.constant_above", N=N, c=c)
    return Cases(d < c, algebra(), algebra(above, monotone(N, c - 1, d - 1), monotone(N - 1, c, d)))


def _room(then: Proof) -> Proof:
    """(R^2 - alpha^2 + (alpha - beta)^2) R^(2N-2) >= ((alpha - beta)/alpha)^2 R^(2N) >= s^2."""
    ratio, square = (alpha - beta) ** 2, (R**2 - alpha**2 + (alpha - beta) ** 2) * alpha**2 >= (alpha - beta) ** 2 * R**2
    power = Have(s**2 * alpha**2 <= ratio * R ** (2 * N), algebra(drop=(eta,)), _room_end(then))
    return Have(square, algebra(drop=(eta, s, 0, 1)), power)


def _room_end(then: Proof) -> Proof:
    wide = (R**2 - alpha**2 + (alpha - beta) ** 2) * R ** (2 * N - 2)
    return Have(
        wide * alpha**2 >= (alpha - beta) ** 2 * R ** (2 * N), algebra(drop=(eta, 0, 1)), Have(wide >= s**2, algebra(drop=(eta,)), then)
    )


def _run(sign: int) -> tuple[Lemma, ...]:
    at = {"N": N, "R": R, "b": alpha, "a": sign * (alpha - beta), "s": s, "eta": eta, "k": k}
    return lemma("chou.perturbed.run", **at), lemma("chou.perturbed.linear", **at)


def _mirrored() -> Proof:
    """The recursion of s from (beta - alpha, alpha), seen in the mirror."""
    flipped = lemma("chou.perturbed.mirror", N=N, a=beta - alpha, b=alpha, eta=eta, k=k, **{"lambda": s})
    return Rewrite(other(*NEGATIVE), other(k, s, beta - alpha, alpha), algebra(flipped), _each(6, *_run(-1), flipped))


def _each(parts: int, *facts: Lemma) -> Proof:
    return split(*(algebra(*facts) for _ in range(parts)))


def _recalled() -> Proof:
    """t^(2N-2) <= 9/2 (or half of what stands for 9), so that the step is safe for R = S t; then both signs by the theorems above."""
    known = lemma("chou.perturbed.constant_deep", N=N, c=c)
    power = Have((c * (2 - c)) ** 2 * nine >= 2, algebra(), algebra(drop=(alpha, beta, s, eta, 0, 1)))
    step = Have(eta * (S * t) ** (2 * N - 2) * 2 * N <= 1, algebra(drop=(alpha, beta, s, 0, 1)), _recalled_room())
    rest = Have(c < Rational(17017, 10000), algebra(known), Have(2 * t ** (2 * N - 2) <= nine, power, step))
    return _with_root(N, rest)


def _with_root(depth: Any, then: Proof) -> Proof:
    """What t is: c (2 - c) t^N = 1, and t >= 1."""
    root = Root(t, 1 / (c * (2 - c)), depth)
    grown = split(*(algebra(root, _strict(depth, t, 1), drop=(0, 1, alpha, beta, s, eta, S)) for _ in range(2)))
    return Have(And(Eq(c * (2 - c) * t**depth, 1), t >= 1), grown, then)


def _recalled_room() -> Proof:
    """alpha - beta >= (2 - c) alpha and c (2 - c) t^N = 1."""
    end = _learned(N, S * t, "chou.perturbed.positive", "chou.perturbed.negative")
    room = Have(
        alpha <= (alpha - beta) * c * t**N,
        algebra(drop=(s, eta, S, 0, 1, 3, 4, 5)),
        Have(s * alpha <= (alpha - beta) * (S * t) ** N, algebra(), end),
    )
    return Have((alpha - beta) * alpha ** (N - 1) <= s, algebra(), room)


def _learned(depth: Any, radius: Any, *theorems: str) -> Proof:
    """Both signs, by the theorems for factors of at most the radius."""
    at = {"N": depth, "R": radius, "alpha": alpha, "beta": beta, "s": s, "eta": eta, "k": k}
    both = [lemma(theorem, **at) for theorem in theorems]
    shares = [eta * low ** (2 * depth - 2) <= 1 for low in (alpha - beta / 2, beta / 2)]
    powers = [monotone(2 * depth - 2, low, radius) for low in (alpha - beta / 2, beta / 2)]
    small = split(*(algebra(*powers, drop=(s, 0, 1, 4)) for _ in shares))
    return Have(And(*shares), small, Have(beta < alpha, algebra(), _each(8, *both)))


def _two() -> Proof:
    """At depth 2 the hyperbola stays below S itself, so that 2 would do for 9."""
    end = _learned(Integer(2), S, "chou.perturbed.within_positive", "chou.perturbed.within_negative")
    safe = Have(4 * eta * S**2 <= 1, algebra(drop=(alpha, beta, s, t, 0, 1)), _leaves_below(2, end))
    return _with_root(Integer(2), safe)


def _within() -> Proof:
    flipped = lemma("chou.perturbed.mirror", N=N, a=beta - alpha, b=alpha, eta=eta, k=k, **{"lambda": s})
    return split(algebra(*_run(1)), algebra(*_run(-1), flipped))


def _shallow(depth: int) -> Proof:
    both = lemma("chou.perturbed.within", N=depth, R=S, alpha=alpha, beta=beta, s=s, eta=eta, k=k)
    return _leaves_below(depth, split(*(algebra(both, drop=(0, 1, 2, 3, 4, s)) for _ in range(2))))


def _leaves_below(depth: int, then: Proof) -> Proof:
    """delta <= (c - 1)(3 - c) alpha^2, and alpha^N < (c - 1) S^N / c leaves room for delta <= S^2 (1 - 1/c^2)."""
    top = bound_constant(depth).enclosure(3)[1]
    high = Rational(top.numerator, top.denominator)
    grown = _strict(depth, high - 1, c - 1), _strict(depth - 1, high, c)
    below = Cases(c <= high, algebra(), algebra(*grown, drop=(1, eta, alpha, beta, S, s)))
    share = (high - 1) / high
    ratio = next(Rational(i, 10000) for i in range(10001) if Rational(i, 10000) ** depth >= share**2)
    room = Have((S**2 - alpha**2 + (alpha - beta) ** 2) * S ** (2 * depth - 2) >= s**2, _shallow_room(), then)
    start = Have((alpha - beta) * alpha ** (depth - 1) <= s, algebra(drop=(0, 3, 4, eta)), room)
    size = Have(alpha**2 <= ratio * S**2, _shallow_size(depth, ratio), start)
    scale = algebra(drop=(eta, beta, 0))
    return Have(c <= high, below, Have(alpha**depth <= share * S**depth, scale, size))


def _shallow_size(depth: int, ratio: Any) -> Proof:
    beyond = algebra(_strict(depth, ratio * S**2, alpha**2), drop=(eta, beta, c, s, 0, 1, 2))
    return Cases(alpha**2 <= ratio * S**2, algebra(), beyond)


def _shallow_room() -> Proof:
    wide = (S**2 - alpha**2 + (alpha - beta) ** 2) * c**2 >= S**2
    spent = algebra(drop=(eta, s, S, 0, 1, 3, 4, 5))
    return Have(
        beta * (2 * alpha - beta) <= (c - 1) * (3 - c) * alpha**2,
        spent,
        Have(wide, algebra(drop=(eta, s, beta, 0, 1, 3, 5)), algebra(drop=(eta, beta, 0, 1, 3, 4, 5, 6))),
    )


PROOFS: dict[str, Any] = {
    "chou.perturbed.constant_unique": algebra(_strict(N, c - 1, d - 1), _strict(N - 1, c, d)),
    "chou.perturbed.constant_exists": split(*(algebra(_strict(N - 1, 1, 2), monotone(N - 1, phi * (phi - 1), 1)) for _ in range(2))),
    "chou.perturbed.constant_above": _above(),
    "chou.perturbed.constant_below": _below(2),
    "chou.perturbed.constant_deep": _below(3),
    "chou.perturbed.constant_decreasing": _decreasing(),
    "chou.perturbed.constant_limit": _limit(),
    "chou.perturbed.within": _within(),
    "chou.perturbed.positive": _room(_each(5, *_run(1))),
    "chou.perturbed.negative": _room(_mirrored()),
    "chou.perturbed.within_positive": _each(5, *_run(1)),
    "chou.perturbed.within_negative": _mirrored(),
    "chou.perturbed.recalled_convergence": _recalled(),
    "chou.perturbed.recalled_convergence_two": _two(),
    "chou.perturbed.recalled_bound_shallow": _shallow,
}
