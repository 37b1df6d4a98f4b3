"""Draws docs/stages_boundary.png and prints its table: the largest lambda_2/lambda_1 with two separate stages, against alpha.

lambda_1 = 1, eta = 1/(20 N). Each number is a bracket with a certified verdict at both ends: separate at the lower, merged at the upper.
That nothing in between goes back and forth is seen, not proved.
"""

from fractions import Fraction
from pathlib import Path

from dmftheory.problem import Problem
from dmftheory.stages import stages

ALPHAS: dict[int, tuple[str, ...]] = {
    2: ("3/10", "1/5", "1/10", "3e-2", "1e-2", "1e-3", "1e-4", "1e-5", "1e-6", "1e-8"),
    3: ("1/2", "2/5", "3/10", "1/5", "1/10", "5e-2", "3e-2", "1e-2"),
    4: ("3/5", "1/2", "2/5", "3/10", "1/5", "1/10"),
}
NOTED: dict[int, dict[str, float]] = {
    2: {"1/10": 0.22, "1e-2": 0.64, "1e-3": 0.77, "1e-5": 0.87, "1e-8": 0.92},
    3: {"3/10": 0.45, "1/10": 0.87, "3e-2": 0.965, "1e-2": 0.985},
}
WIDTH = Fraction(1, 2**11)
Bracket = tuple[Fraction, Fraction]


def separate(depth: int, alpha: str, ratio: Fraction) -> bool | None:
    """The certified verdict on the spectrum 1, ratio."""
    problem = Problem.parse(depth=depth, spectrum=(Fraction(1), ratio), alpha=alpha, eta=Fraction(1, 20 * depth))
    return stages(problem, most=4000).pairs[0].separate


def boundary(depth: int, alpha: str) -> Bracket | None:
    """The last ratio found separate and the first found merged, as close as WIDTH; None where no ratio is separate."""
    least = Fraction(alpha) ** depth * (2 * depth - 1) / (depth - 1) + WIDTH
    known = [(Fraction(i, 32), separate(depth, alpha, Fraction(i, 32))) for i in range(1, 32) if Fraction(i, 32) > least]
    yes = [ratio for ratio, verdict in known if verdict]
    if not yes:
        return None
    low, high = max(yes), min((ratio for ratio, verdict in known if verdict is False and ratio > max(yes)), default=Fraction(1))
    while high - low > WIDTH:
        middle = (low + high) / 2
        verdict = separate(depth, alpha, middle)
        if verdict is None:
            break
        low, high = (middle, high) if verdict else (low, middle)
    return low, high


def draw(found: dict[int, dict[str, Bracket | None]], path: Path) -> None:
    """One line for each depth; circles are the values of our notes."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axis = pyplot.subplots(figsize=(7.2, 4.4), layout="constrained")
    for (depth, row), colour in zip(found.items(), ("#0072b2", "#d55e00", "#009e73"), strict=True):
        known = [(float(Fraction(alpha)), float(sum(ends)) / 2) for alpha, ends in row.items() if ends is not None]
        axis.semilogx(*zip(*known, strict=True), color=colour, marker=".", label=f"depth {depth}")
        noted = [(float(Fraction(alpha)), value) for alpha, value in NOTED.get(depth, {}).items()]
        if noted:
            axis.plot(*zip(*noted, strict=True), "o", mfc="none", mec=colour, ms=9)
    axis.plot([], [], "o", mfc="none", mec="#666666", ms=9, label="values in our notes")
    axis.set_xlabel(r"$\alpha$")
    axis.set_ylabel(r"$\lambda_2 / \lambda_1$ at which two stages merge")
    axis.set_ylim(0, 1)
    axis.text(0.03, 0.94, "one stage above its line, two below", transform=axis.transAxes, fontsize=9)
    axis.grid(color="0.9")
    axis.spines[["top", "right"]].set_visible(False)
    axis.legend(frameon=False, loc="lower left")
    figure.savefig(path, dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    table = {depth: {alpha: boundary(depth, alpha) for alpha in alphas} for depth, alphas in ALPHAS.items()}
    for depth, row in table.items():
        for alpha, ends in row.items():
            shown = "none separate" if ends is None else f"{float(ends[0]):.4f} .. {float(ends[1]):.4f}"
            print(f"N = {depth}  alpha = {alpha:>5}  {shown}  noted {NOTED.get(depth, {}).get(alpha, '-')}", flush=True)
    draw(table, Path(__file__).with_suffix(".png"))
