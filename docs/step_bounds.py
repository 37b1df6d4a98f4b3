"""Draws docs/step_bounds.png: both bounds of the step count (B8) over the exact first passage, as the start shrinks.

The count is the first k with d(k)^N >= 9/10, certified to the step: by iteration where it is short, by the Abel function where it is long.
The bounds are those of chou.passage.at_least and chou.passage.at_most, in balls.
"""

from fractions import Fraction
from pathlib import Path

from flint import arb

from dmftheory.levels import first_passage
from dmftheory.numerics.eigenvalues import Eigenvalue
from dmftheory.numerics.flow import normal_time
from dmftheory.numerics.scalars import to_ball, working_precision

BITS = 256
GOAL = Fraction(9, 10)
DEPTHS = (2, 3, 4)
SHARES = (Fraction(1, 10), Fraction(1))  # of the safe step 1/N
STARTS = tuple(Fraction(1, 10**i) for i in range(1, 7))


def bounds(depth: int, tau: Fraction, start: Fraction) -> tuple[arb, arb]:
    """The left side of chou.passage.at_least and the right side of chou.passage.at_most, in steps."""
    x, step = to_ball(start), to_ball(tau)
    z = to_ball(Fraction(depth - 1, 2 * depth - 1))
    first, second = normal_time(depth, x**depth, z), normal_time(depth, z, to_ball(GOAL))
    peak = max(start**depth, Fraction(depth - 2, 2 * depth - 2))
    growth = (to_ball(peak) ** to_ball(Fraction(depth - 2, depth)) if depth > 2 else arb(1)) * (1 - to_ball(peak))
    stretch = (1 + step * growth) ** (depth - 1)
    return (first + (1 - depth * step) * second) / step, (stretch * first + second) / step + 1


def count(depth: int, tau: Fraction, start: Fraction) -> int:
    """The exact first passage."""
    passage = first_passage(depth, Eigenvalue.of(Fraction(1)), start, tau, GOAL)
    if passage.step is None:
        raise ArithmeticError(passage.reason)
    return passage.step


def ratios(depth: int, share: Fraction) -> tuple[list[int], list[float], list[float]]:
    """Counts, and both bounds divided by them, for all STARTS. Raises ArithmeticError if a count lies outside its bounds."""
    counts, lowest, highest = [], [], []
    for start in STARTS:
        steps = count(depth, share / depth, start)
        low, high = bounds(depth, share / depth, start)
        if not low <= steps <= high:
            raise ArithmeticError(f"depth {depth}, start {start}: {steps} steps are not between the bounds")
        counts.append(steps)
        lowest.append(float(low / steps))
        highest.append(float(high / steps))
    return counts, lowest, highest


def _shown(steps: int) -> str:
    mantissa, exponent = f"{steps:.1e}".split("e")
    return str(steps) if steps < 10**5 else rf"${mantissa} \cdot 10^{{{int(exponent)}}}$"


def draw(path: Path) -> None:
    """One panel for each depth, a band for each step size, the exact count at 1."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, len(DEPTHS), figsize=(11, 4.2), sharey=True, layout="constrained")
    starts = [float(start) for start in STARTS]
    for axis, depth in zip(axes, DEPTHS, strict=True):
        for share, colour, height in zip(SHARES, ("#0072b2", "#d55e00"), (0.06, 0.02), strict=True):
            counts, low, high = ratios(depth, share)
            axis.fill_between(starts, low, high, color=colour, alpha=0.18, linewidth=0)
            label = rf"$\eta$ = {'' if share == 1 else f'{share} of '}the safe step"
            axis.plot(starts, high, color=colour, marker="o", markersize=3.5, label=label)
            axis.plot(starts, low, color=colour, marker="o", markersize=3.5)
            text = f"{_shown(counts[0])} to {_shown(counts[-1])} steps"
            axis.text(0.03, height, text, color=colour, fontsize="small", transform=axis.transAxes)
        axis.axhline(1, color="#000000", linewidth=1)
        axis.set_xscale("log")
        axis.invert_xaxis()
        axis.set_title(f"depth {depth}")
        axis.set_xlabel(r"start $\alpha$")
        axis.grid(color="0.9")
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("bound / exact step count")
    axes[0].set_ylim(0.45, 1.5)
    axes[-1].legend(frameon=False, loc="center right", bbox_to_anchor=(1, 0.3))
    figure.savefig(path, dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    with working_precision(BITS):
        draw(Path(__file__).with_suffix(".png"))
