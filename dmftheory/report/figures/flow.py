"""Gradient descent beside gradient flow, for one eigenvalue: the curves, and the steps by which descent lags behind.

The lag k - U(alpha, d(k)) / eta, U the flow's time, is ln(f(d(k)) / f(alpha)) / 2 + O(eta), f(d) = d^(N-1) (lambda - d^N) (chou, B9).
"""

from fractions import Fraction
from math import log, log1p

import numpy as np
from flint import arb

from dmftheory.experiments.settings import DEPTHS
from dmftheory.numerics.batch import scalar_trajectories
from dmftheory.numerics.flow import normal_time
from dmftheory.numerics.scalars import working_precision
from dmftheory.report.figures.chart import Chart, Panel, Plan, Series, floats, heading

SCALE, BITS = 0.2, 128  # alpha; lambda is 1
SIZES = (3 / 4, 1 / 4, 1 / 16)  # of the step, times 1/N: stable and free of overshoot
LAST = 0.99  # of the limit: beyond it the lag falls like ln(1 - LAST) / 2


def chart(plan: Plan) -> Chart:
    """Eigenvalue against time above, lag below, one column a depth."""
    above, below = [], []
    for depth in DEPTHS:
        plan.tell(heading(depth))
        runs = [(share, share / depth, _products(depth, share / depth)) for share in SIZES]
        above.append(_curves(depth, runs))
        below.append(_lags(depth, runs))
    return Chart("flow", "One eigenvalue, 1, from 1/5: gradient descent beside gradient flow", (*above, *below), columns=len(DEPTHS))


def time(depth: int, product: float) -> float:
    """The flow's time from alpha^N to this product, rounded from a ball; in closed form without factorisation."""
    start = SCALE**depth
    if depth == 1:
        return log((1 - start) / (1 - product))
    with working_precision(BITS):
        return float(normal_time(depth, arb(start), arb(product)).mid())


def _products(depth: int, eta: float) -> np.ndarray:
    """d(k)^N for k = 0, 1, ... as far as the lag has digits."""
    end = int(time(depth, LAST) / eta) + 40
    if depth == 1:
        found = 1 + (SCALE - 1) * (1 - eta) ** np.arange(end + 1)
    else:
        found = scalar_trajectories(depth, 1.0, SCALE, eta, range(end + 1))[:, 0] ** depth
    return np.asarray(found[found < LAST])


def _curves(depth: int, runs: list[tuple[float, float, np.ndarray]]) -> Panel:
    levels = np.concatenate([np.geomspace(SCALE**depth * (1 + 1e-9), 0.5, 120), 1 - np.geomspace(0.5, 1 - LAST, 120)[1:]])
    label = "gradient flow; below, lag to leading order, ½ ln(f(d) / f(α))"
    flow = Series("gradient flow", "reference", floats(time(depth, level) for level in levels), floats(levels), 6, label)
    series = [
        Series(f"eta = {share:g}/N", "curve", floats(eta * k for k in range(len(products))), floats(products), i, _name(share))
        for i, (share, eta, products) in enumerate(runs)
    ]
    return Panel(heading(depth), (*series, flow), "eigenvalue of the product", "time, steps times step size")


def _lags(depth: int, runs: list[tuple[float, float, np.ndarray]]) -> Panel:
    series = []
    for i, (share, eta, products) in enumerate(runs):
        kept = sorted({round(x) for x in np.linspace(0, len(products) - 1, 160)})
        lags = [k - time(depth, float(products[k])) / eta if k else 0.0 for k in kept]
        series.append(Series(f"lag, eta = {share:g}/N", "curve", floats(products[kept]), floats(lags), i))
    finest = runs[-1][2]
    if depth == 1:
        theory = [0.5 * log1p((SCALE - p) / (1 - SCALE)) for p in finest]  # f(d) = 1 - d
    else:
        theory = [0.5 * log(_slope(depth, p) / _slope(depth, SCALE**depth)) for p in finest]
    kept = sorted({round(x) for x in np.linspace(0, len(finest) - 1, 160)})
    series.append(Series("lag, leading order", "reference", floats(finest[kept]), floats(theory[k] for k in kept), 6))
    return Panel(heading(depth), tuple(series), "steps behind the flow", "eigenvalue of the product")


def _slope(depth: int, product: float) -> float:
    return float(product ** (1 - 1 / depth) * (1 - product))


def _name(share: float) -> str:
    size = Fraction(share)
    return f"descent, η = {size.numerator}/({size.denominator} N)"
