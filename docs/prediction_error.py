"""Draws docs/prediction_error.png: how far predicted step counts are off, against the step size, for the flow and the Abel series.

The true count is an integer by construction: the recursion is run for k steps and the prediction is asked for the count to that state.
"""

from fractions import Fraction
from pathlib import Path

from flint import arb, fmpq

from dmftheory.numerics.abel import AbelFunction, Point
from dmftheory.numerics.scalars import working_precision

BITS = 256
START, GOAL = Fraction(1, 10), Fraction(9, 10)
ORDERS = (0, 1, 2, 4, 8)
RATIOS = tuple(Fraction(2, 3) ** i for i in range(1, 15))


def run(depth: int, tau: Fraction) -> tuple[int, arb]:
    """The first step at which the state is at least GOAL, and the state there (a ball)."""
    x, step, size = arb(fmpq(START.numerator, START.denominator)), 0, arb(fmpq(tau.numerator, tau.denominator))
    goal = arb(fmpq(GOAL.numerator, GOAL.denominator))
    while not x >= goal:
        x, step = x + size * x ** (depth - 1) * (1 - x**depth), step + 1
        # The map contracts rounding errors no faster than it moves: a midpoint run is exact enough at 256 bits.
        x = x.mid()
    return step, x


def errors(depth: int, order: int) -> list[float]:
    """|predicted - true| in steps, one for each N tau in RATIOS."""
    found = []
    for tau in (ratio / depth for ratio in RATIOS):
        step, end = run(depth, tau)
        function = AbelFunction(depth, 1, arb(fmpq(tau.numerator, tau.denominator)), order, BITS)
        ends = [Point(x, x**depth, 1 - x**depth) for x in (arb(fmpq(START.numerator, START.denominator)), end)]
        found.append(float(abs(function(ends[1]) - function(ends[0]) - step).mid()))
    return found


def draw(path: Path) -> None:
    """One panel for each depth, one line for each order."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    colours = ("#000000", "#0072b2", "#d55e00", "#009e73", "#cc79a7")
    figure, axes = pyplot.subplots(1, 3, figsize=(11, 4.2), sharey=True, layout="constrained")
    for axis, depth in zip(axes, (2, 3, 5), strict=True):
        for order, colour in zip(ORDERS, colours, strict=True):
            label = "gradient flow" if order == 0 else f"order {order}"
            axis.loglog([float(ratio) for ratio in RATIOS], errors(depth, order), color=colour, marker="o", markersize=3.5, label=label)
        axis.set_title(f"depth {depth}")
        axis.set_xlabel(r"$N\tau$")
        axis.grid(color="0.9")
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("error of the predicted step count")
    axes[-1].legend(frameon=False, loc="lower right")
    figure.savefig(path, dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    with working_precision(BITS):
        draw(Path(__file__).with_suffix(".png"))
