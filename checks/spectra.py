"""Random spectra from positive gaps, all their eigenvalues run on one clock, as situations of a statement about one of them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import repeat
from typing import Any

from dmftheory.checks.draws import decreasing, fill, moderate, whole
from dmftheory.checks.interval import Value
from dmftheory.checks.report import Situation
from dmftheory.checks.simulate import Run, Scaled, Simulation
from sympy import Symbol

from dmftheory.claims import Family, Theorem

SIZES = (2, 4)
LAST_DEPTH = 7
TIMES_EACH_MEMBER = 8
SLOWEST = 20  # alpha^(N-2) is at least r^(N-2) / 20: passages grow like alpha^(2-N)


def starting_share(source: random.Random, depth: int) -> Fraction:
    """t in (0, 1) with t^(N-2) >= 1/20; at depth 2 any t >= 1/1000."""
    least = 1e-3 if depth == 2 else max(1e-3, SLOWEST ** (-1 / (depth - 2)))
    low = Fraction(least).limit_denominator(1000) + Fraction(1, 1000)
    return low + (1 - low) * Fraction(source.randint(0, 999), 1000)


def modes(
    theorem: Theorem,
    source: random.Random,
    names: tuple[Symbol, Symbol, Symbol],
    reach: Value,
    horizon: int,
    choose: Mapping[Symbol, Any] | None = None,
    *,
    above: bool = False,
) -> Iterator[Situation]:
    """Every eigenvalue of one random spectrum as a situation of a statement in the normal form, whose (N, tau, x0) are `names`.

    The runs are in original variables; the start is `reach` times a share of the smallest root (a multiple of the largest one up to
    1 + reach, if `above`), so that x0 < reach for all. The step size suits the largest root, hence all. The rest is drawn, or as `choose`
    says.
    """
    depth_name, tau, start = names
    n = whole(source, int(theorem.given[depth_name].start), LAST_DEPTH)
    depth = int(n)
    roots = decreasing(source, source.randint(*SIZES), Fraction(1, 4 * depth))
    t = starting_share(source, depth)
    alpha = roots[0] * (1 + reach * t) if above else roots[-1] * reach * t
    top = {depth_name: n, start: alpha / roots[0]}
    eta = moderate(source, theorem.given[tau], top) / roots[0] ** (2 * depth - 2)
    runs: dict[tuple[Value, ...], Scaled] = {}
    fixed = []
    for root in roots:
        key = (n, eta * root ** (2 * depth - 2), alpha / root)
        runs[key] = Scaled(Run(depth, root**depth, alpha, eta, horizon), root)
        fixed.append(dict(zip(names, key, strict=True)))
    simulation = Simulation(horizon, runs)
    for values in fixed:
        yield Situation(theorem, fill(theorem, source, {**(choose or {}), **values}, far=horizon // 2), simulation.observables)


def members(statement: Theorem | Family, source: random.Random) -> Iterator[Theorem]:
    """The theorem itself, for ever; or the members of a family in random order, a few times each (building one can take SymPy long)."""
    if isinstance(statement, Theorem):
        yield from repeat(statement)
    else:
        while True:
            for index in source.sample(statement.indices, len(statement.indices)):
                yield from repeat(statement.member(*index), TIMES_EACH_MEMBER)


def numbers(theorem: Theorem, source: random.Random, choose: Mapping[Symbol, Any] | None = None, far: int = 12) -> Situation:
    """A situation without a run: variables from their sets; what the claim says of single steps and flow times is computed."""
    return Situation(theorem, fill(theorem, source, choose, far), Simulation(0).observables)
