"""Proofs about perturbed identical initialisation: one step from the region at a time, then induction over the steps."""

from typing import Any

from dmftheory.proofs.lemmas.inequalities import monotone
from sympy import And

from dmftheory.claims.proof import Cases, Have, Induct, Proof, Rewrite, Words, algebra, lemma, split
from dmftheory.theorems.chou.perturbed import (
    NEXT_A,
    NEXT_B,
    N,
    R,
    a,
    b,
    delta,
    eta,
    first,
    k,
    lam,
    learned,
    low,
    m,
    other,
    push,
    q,
    s,
    u,
    x,
    y,
)


def _push() -> Proof:
    """u <= eta b^(N-2) (s + b^N) <= eta R^(N-2) 2 R^N."""
    powers = (monotone(N - 2, b, R), monotone(N, b, R), monotone(N - 1, b, R))
    square = Have(s**2 <= R ** (2 * N), algebra(), Have(s <= R**N, algebra(drop=(eta, a, delta, 0, 1)), _push_bounds(powers)))
    return square


def _push_bounds(powers: Any) -> Proof:
    return Have(
        push(level=s) <= eta * b ** (N - 2) * (s + b**N),
        algebra(),
        Have(
            b ** (N - 2) * (s + b**N) <= 2 * R ** (2 * N - 2),
            algebra(*powers, drop=(eta, a, delta)),
            split(algebra(), algebra(), algebra()),
        ),
    )


def _no_overshoot() -> Proof:
    """a < 0: p' <= (a + b u) b^(N-1) = p + eta b^(2N-2) (s - p). a >= 0: the growth of a power from b to b + a u is at most 2N/(N+2)."""
    bound = lemma("chou.perturbed.push", N=N, R=R, b=b, a=a, delta=delta, s=s, eta=eta)
    small = Have(And(0 <= u, N * u <= 1, eta * R ** (2 * N - 2) * 2 * N <= 1), split(algebra(bound), algebra(bound), algebra()), _by_sign())
    return Have(eta * b ** (2 * N - 2) * 2 * N <= 1, algebra(monotone(2 * N - 2, b, R), drop=(u, delta, a)), small)


def _by_sign() -> Proof:
    falling = Have(
        And(NEXT_B <= b, NEXT_B >= 0, b * u * b ** (N - 1) <= s - a * b ** (N - 1)),
        split(algebra(), algebra(), algebra()),
        Cases(NEXT_A <= 0, algebra(), Have(NEXT_B ** (N - 1) <= b ** (N - 1), algebra(monotone(N - 1, NEXT_B, b)), algebra())),
    )
    return Cases(a < 0, falling, _rising())


def _rising() -> Proof:
    """With q = b'^(N-2), y = b^(N-1): (N+2) b q <= 2 N y, b'^(N-1) - y <= (N-1) q a u, so p' - p <= 2 N u b y <= s - p."""
    sized = lemma("chou.perturbed.push", N=N, R=R, b=b, a=a, delta=delta, s=s, eta=eta)
    small = Have(
        u <= eta * b ** (N - 2) * s,
        algebra(),
        Have(
            s * b ** (N - 2) <= R ** (2 * N - 2),
            algebra(sized, monotone(N - 2, b, R)),
            Have(2 * N * u <= 1, algebra(drop=(delta, a)), GROWN),
        ),
    )
    return small


def _grown() -> Proof:
    y, q, power = b ** (N - 1), NEXT_B ** (N - 2), NEXT_B ** (N - 1)
    grown = lemma("chou.perturbed.growth", m=N - 2, b=b, v=a * u)
    slope = lemma("lemma.power_difference", n=N - 1, a=b, b=NEXT_B)
    above = And(NEXT_B >= b, NEXT_A >= 0, NEXT_A <= b * (1 + u), 2 * N * a * u <= b)
    gain = NEXT_A * (power - y) <= (2 * N - 1) * u * b * y
    last = Have(
        And(power >= y, q >= 0),
        split(algebra(monotone(N - 1, b, NEXT_B)), algebra(monotone(N - 1, b, NEXT_B))),
        Have(
            gain,
            algebra(lemma("chou.perturbed.gain", N=N, b=b, a=a, u=u, q=q, x=power, y=y), drop=(eta, R, delta, u, s, 0, 1, 2)),
            algebra(),
        ),
    )
    return Have(
        above,
        split(algebra(), algebra(), algebra(), algebra()),
        Have((N + 2) * b * q <= 2 * N * y, algebra(grown), Have(power - y <= (N - 1) * q * a * u, algebra(slope), last)),
    )


def _gain() -> Proof:
    """(N+2)(a + b u)(x - y) <= b (1 + u) (N-1) u 2 N y <= (N-1)(2N+1) u b y <= (N+2)(2N-1) u b y."""
    less = Have(x - y <= (N - 1) * q * b * u, algebra(), Have((N + 2) * (x - y) <= (N - 1) * u * 2 * N * y, algebra(), _gain_end()))
    return Have((1 + u) * 2 * N <= 2 * N + 1, algebra(), Have(a + b * u <= b * (1 + u), algebra(), less))


def _gain_end() -> Proof:
    bought = b * (1 + u) * (N - 1) * u * 2 * N * y
    return Have(
        (N + 2) * (a + b * u) * (x - y) <= bought,
        Have((N + 2) * (a + b * u) * (x - y) <= b * (1 + u) * (N + 2) * (x - y), algebra(), algebra()),
        Have(bought <= (N - 1) * (2 * N + 1) * u * b * y, algebra(drop=(q, x, a)), algebra(drop=(q,))),
    )


GROWN = _grown()
SIZED = lemma("chou.perturbed.push", N=N, R=R, b=b, a=a, delta=delta, s=s, eta=eta)
CLOSE = lemma("chou.perturbed.no_overshoot", N=N, R=R, b=b, a=a, delta=delta, s=s, eta=eta, u=u)


def _stays() -> Proof:
    moved = And(
        0 < NEXT_B, -NEXT_B <= NEXT_A, NEXT_A <= NEXT_B, a <= NEXT_A, a + b <= NEXT_A + NEXT_B, NEXT_B**2 - NEXT_A**2 <= b**2 - a**2
    )
    small = (R, eta, delta, s, 0, 1)
    parts = split(*(algebra(drop=(*small, u)) for _ in moved.args))
    within = Cases(a < 0, algebra(drop=(R, eta, delta, s)), Cases(NEXT_B <= R, algebra(), _beyond()))
    return Have(And(0 <= u, N * u <= 1), split(algebra(SIZED), algebra(SIZED)), Have(moved, parts, Have(NEXT_B <= R, within, algebra())))


def _beyond() -> Proof:
    """b' > R would make a'^2 b'^(2N-2) larger than (R^2 - delta) R^(2N-2) >= s^2."""
    grown = Have(R ** (2 * N - 2) <= NEXT_B ** (2 * N - 2), algebra(monotone(2 * N - 2, R, NEXT_B)), algebra())
    larger = Have(NEXT_A**2 > R**2 - delta, algebra(drop=(eta, u)), Have((NEXT_A * NEXT_B ** (N - 1)) ** 2 <= s**2, algebra(CLOSE), grown))
    return Have(R**2 - delta > 0, algebra(), larger)


def _progress() -> Proof:
    """p' - p = a (x - y) + b u x >= h u h^(N-1) >= eta h^(2N-2) (s - p), with y and x the powers before and after."""
    before, after = b ** (N - 1), NEXT_B ** (N - 1)
    powers = Have(
        And(low ** (N - 1) <= after, low ** (N - 2) <= b ** (N - 2), a * (after - before) >= 0),
        split(*(algebra(monotone(N - 1, low, NEXT_B), monotone(N - 2, low, b), _ORDER_UP, _ORDER_DOWN, drop=(0, 1)) for _ in range(3))),
        Have(
            NEXT_A * after - a * before >= low**N * u, algebra(), Have(u >= eta * low ** (N - 2) * (s - a * before), algebra(), algebra())
        ),
    )
    return Have(u >= 0, algebra(SIZED), powers)


_ORDER_UP, _ORDER_DOWN = monotone(N - 1, b, NEXT_B), monotone(N - 1, NEXT_B, b)


A, B = first(k), other(k)
HERE = {"N": N, "R": R, "b": B, "a": A, "delta": b**2 - a**2, "s": s, "eta": eta, "u": push(A, B, s)}


def _run() -> Proof:
    """What holds at step k is what a step from the region needs."""
    region = And(0 < B, B <= R, -B <= A, A <= B, a <= A, a + b <= A + B, B**2 - A**2 <= b**2 - a**2, learned(k) <= s)
    step = lemma("chou.perturbed.stays", **HERE), lemma("chou.perturbed.no_overshoot", **HERE)
    base = split(*(algebra() for _ in region.args))
    return Have(region, Induct(k, base, split(*(algebra(*step) for _ in region.args))), algebra(*step))


def _linear() -> Proof:
    """Each step closes the share eta ((a + b)/2)^(2N-2), because b >= (a + b)/2 at every step."""
    half, share = (a + b) / 2, eta * ((a + b) / 2) ** (2 * N - 2)
    here = lemma("chou.perturbed.run", N=N, R=R, b=b, a=a, s=s, eta=eta, k=k)
    after = lemma("chou.perturbed.run", N=N, R=R, b=b, a=a, s=s, eta=eta, k=k + 1)
    closes = lemma("chou.perturbed.progress", **HERE, h=half)
    small = Have(share <= 1, algebra(monotone(2 * N - 2, half, R)), algebra(here, after, closes))
    return Induct(k, algebra(), small)


MIRRORED = (first(k, -lam, -a), -first(k, lam)), (other(k, -lam, -a), other(k, lam))


def _mirror() -> Proof:
    (one, own), (two, same) = MIRRORED
    step = Rewrite(one, own, algebra(), Rewrite(two, same, algebra(), split(algebra(), algebra())))
    return Induct(k, split(algebra(), algebra()), step)


PROOFS: dict[str, Any] = {
    "chou.perturbed.first_step": Words(),
    "chou.perturbed.other_step": Words(),
    "chou.perturbed.product": Words(),
    "chou.perturbed.matrix_imbalance": Words(),
    "chou.perturbed.sum_difference": split(algebra(), algebra()),
    "chou.perturbed.imbalance": algebra(),
    "chou.perturbed.imbalance_decay": algebra(),
    "chou.perturbed.flow_imbalance": algebra(),
    "chou.perturbed.growth": Induct(m, algebra(), algebra()),
    "chou.perturbed.gain": _gain(),
    "chou.perturbed.push": _push(),
    "chou.perturbed.no_overshoot": _no_overshoot(),
    "chou.perturbed.stays": _stays(),
    "chou.perturbed.progress": _progress(),
    "chou.perturbed.run": _run(),
    "chou.perturbed.linear": _linear(),
    "chou.perturbed.mirror": _mirror(),
}
