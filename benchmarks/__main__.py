"""One step of d' = d + eta d^(N-1) (lambda - d^N) in every arithmetic of dmftheory, beside plain loops, timed in the same run.

    python -m benchmarks [--depth N] [--digits D]

Ratios are what matters: absolute times belong to the machine. Nothing is asserted.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import gmpy2
import mpmath
import numpy as np
from flint import arb

from dmftheory.numerics import highprec
from dmftheory.numerics.batch import scalar_trajectories
from dmftheory.numerics.crossing import bracket_crossings
from dmftheory.numerics.eigenvalues import Eigenvalue
from dmftheory.numerics.iterate import Recursion, along, mean_value_step
from dmftheory.numerics.perturbed import pairs_along
from dmftheory.numerics.scalars import to_ball, working_precision

LAM, ALPHA, ETA, THETA = Fraction(1), Fraction(1, 2), Fraction(1, 10**6), Fraction(999, 1000)
LOOP, BATCH, REPEATS = 20_000, 4096, 3


@dataclass(frozen=True)
class Row:
    """Seconds per step of one arithmetic; `plain` names the row it is measured against."""

    name: str
    seconds: float
    plain: str
    guarantee: str


def best(run: Callable[[], int]) -> float:
    """Least seconds per step over a few repetitions; `run` returns the number of steps it made."""
    found = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        steps = run()
        found.append((time.perf_counter() - start) / steps)
    return min(found)


def plain_mpmath(depth: int, digits: int) -> int:
    with mpmath.workdps(digits):
        d, lam, eta = (mpmath.mpf(q.numerator) / q.denominator for q in (ALPHA, LAM, ETA))
        for _ in range(LOOP // 4):
            d = d + eta * d ** (depth - 1) * (lam - d**depth)
    return LOOP // 4


def plain_gmpy2(depth: int, digits: int) -> int:
    with gmpy2.context(precision=bits_of(digits)):
        d, lam, eta = (gmpy2.mpfr(gmpy2.mpq(q.numerator, q.denominator)) for q in (ALPHA, LAM, ETA))
        below = depth - 1
        for _ in range(LOOP):
            power = d**below
            d = d + eta * power * (lam - power * d)
    return LOOP


def plain_python(depth: int) -> int:
    d, lam, eta = float(ALPHA), float(LAM), float(ETA)
    for _ in range(LOOP):
        power = d ** (depth - 1)
        d = d + eta * power * (lam - power * d)
    return LOOP


def plain_numpy(depth: int) -> int:
    d, lam, eta = np.full(BATCH, float(ALPHA)), float(LAM), float(ETA)
    for _ in range(200):
        power = d ** (depth - 1)
        d = d + eta * power * (lam - power * d)
    return 200 * BATCH


def plain_arb(depth: int, digits: int) -> int:
    with working_precision(bits_of(digits)):
        d, lam, eta = (to_ball(q) for q in (ALPHA, LAM, ETA))
        for _ in range(LOOP):
            power = d ** (depth - 1)
            d = d + eta * power * (lam - power * d)
    return LOOP


def exact(depth: int) -> int:
    d = ALPHA
    for _ in range(4):
        d = d + ETA * d ** (depth - 1) * (LAM - d**depth)
    return 4


def mean_values(depth: int, digits: int) -> int:
    with working_precision(bits_of(digits)):
        d, lam, eta = (to_ball(q) for q in (ALPHA, LAM, ETA))
        for _ in range(LOOP // 2):
            d = mean_value_step(depth, lam, eta, d)
    return LOOP // 2


def ends(depth: int, digits: int) -> int:
    found = next(along(Recursion(depth, Eigenvalue.of(LAM), ALPHA, ETA), (LOOP,), bits_of(digits)))
    if found is None:
        raise ArithmeticError("the end points were lost")
    return LOOP


def passage(depth: int, digits: int) -> int:
    """Direct iteration of both ends to a level; the jumps of the Abel function are timed in benchmarks/abel.py."""
    level = ALPHA**depth * Fraction(102, 100)
    found = bracket_crossings(Recursion(depth, Eigenvalue.of(LAM), ALPHA, ETA), [(level, level)], bits_of(digits), 10**7)
    if found is None or found[0][0] != found[0][1]:
        raise ArithmeticError("no passage")
    return found[0][0]


def disc(depth: int, digits: int) -> int:
    steps = LOOP // 10
    found = next(pairs_along(depth, Eigenvalue.of(LAM), ALPHA, ALPHA / 8, ETA, (steps,), bits_of(digits)))
    if found is None:
        raise ArithmeticError("the disc was lost")
    return steps


def mp_loop(depth: int, digits: int) -> int:
    highprec.states(depth, LAM, ALPHA, ETA, (LOOP // 4,), digits)
    return LOOP // 4


def batch(depth: int) -> int:
    scalar_trajectories(depth, float(LAM), np.full(BATCH, float(ALPHA)), float(ETA), (200,))
    return 200 * BATCH


def bits_of(digits: int) -> int:
    """Binary digits for decimal ones."""
    return -(-digits * 3322 // 1000)


def rows(depth: int, digits: int) -> list[Row]:
    """All measurements, plain loops first."""
    mp, mpfr, ball, floats, arrays = "plain mpmath", "plain gmpy2", "plain Arb ball", "plain Python float", "plain numpy"
    none, proved = "none", "certified"
    return [
        Row(mp, best(lambda: plain_mpmath(depth, digits)), mp, none),
        Row(mpfr, best(lambda: plain_gmpy2(depth, digits)), mpfr, none),
        Row(ball, best(lambda: plain_arb(depth, digits)), ball, "infinite soon"),
        Row(floats, best(lambda: plain_python(depth)), floats, none),
        Row(arrays, best(lambda: plain_numpy(depth)), arrays, none),
        Row("exact rationals (4 steps)", best(lambda: exact(depth)), mpfr, "exact"),
        Row("first passage, both ends", best(lambda: passage(depth, digits)), mpfr, proved),
        Row("state, both ends", best(lambda: ends(depth, digits)), mpfr, proved),
        Row("mean value balls", best(lambda: mean_values(depth, digits)), ball, proved),
        Row("two-variable disc", best(lambda: disc(depth, digits)), ball, proved),
        Row("mpmath loop", best(lambda: mp_loop(depth, digits)), mp, none),
        Row("numpy batch, per trajectory", best(lambda: batch(depth)), arrays, none),
    ]


def table(found: list[Row]) -> str:
    """Name, time, ratio to the plain loop of the same kind, guarantee."""
    seconds = {row.name: row.seconds for row in found}
    lines = [f"{'arithmetic':<28} {'one step':>12} {'ratio':>8}  {'to':<20} guarantee"]
    for row in found:
        ratio = row.seconds / seconds[row.plain]
        lines.append(f"{row.name:<28} {row.seconds * 1e9:>9.1f} ns {ratio:>7.2f}x  {row.plain:<20} {row.guarantee}")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("--depth", type=int, default=3)
    parser.add_argument("--digits", type=int, default=50)
    chosen = parser.parse_args()
    print(f"depth {chosen.depth}, {chosen.digits} digits, python-flint {arb.__module__.split('.')[0]}, gmpy2 {gmpy2.version()}")
    print(table(rows(chosen.depth, chosen.digits)))


if __name__ == "__main__":
    main()
