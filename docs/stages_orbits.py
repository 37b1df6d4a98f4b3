"""Draws docs/stages_orbits.png: where gradient descent settles beyond the step size 2/N of the normal form, at depths 2, 3 and 4.

Dots are plain float runs. Lines are the fixed point and the orbit of period two from its exact curve (corpus: cao.orbits.curve), full where
stable and dashed where not; the vertical line is the certified period doubling.
"""

from pathlib import Path

import numpy as np

from dmftheory.numerics.orbits import period_doubling, share, step_size

DEPTHS = (2, 3, 4)
SIZES, WARM_UP, SHOWN = 500, 2000, 60
LAST = 1.5


def settled(depth: int) -> tuple[np.ndarray, np.ndarray]:
    """N tau / 2 and the last states of float runs from 0.9, up to LAST."""
    ratios = np.linspace(0.8, LAST, SIZES)
    tau, x, states = 2 * ratios / depth, np.full(SIZES, 0.9), []
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(WARM_UP + SHOWN):
            x = x + tau * x ** (depth - 1) * (1 - x**depth)
            if k >= WARM_UP:
                states.append(x)
    return ratios, np.array(states)


def draw(path: Path) -> None:
    """One panel for each depth."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 3, figsize=(12, 4.2), sharey=True, layout="constrained")
    for axis, depth in zip(axes, DEPTHS, strict=True):
        ratios, states = settled(depth)
        axis.plot(ratios, states.T, ",", color="0.35", rasterized=True)
        found = period_doubling(depth)
        end = float(found.tau[0]) * depth / 2
        q = np.linspace(1, 3, 3000)
        curve = np.array([(step_size(depth, r) * depth / 2, share(depth, r) ** (1 / depth)) for r in q])
        for part, style in ((curve[:, 0] <= end, "-"), ((curve[:, 0] > end) & (curve[:, 0] <= LAST), "--")):
            for factor in (np.ones_like(q), q):
                axis.plot(curve[part, 0], (curve[:, 1] * factor)[part], style, color="#d55e00", linewidth=1.4)
        axis.plot([0.8, 1], [1, 1], "-", color="#0072b2", linewidth=1.4)
        axis.plot([1, LAST], [1, 1], "--", color="#0072b2", linewidth=1.4)
        axis.axvline(end, color="#009e73", linewidth=1)
        axis.set_title(f"depth {depth}: period doubles at {end:.6f}")
        axis.set_xlabel(r"$\eta$ / (2 / sharpness) $= N \tau / 2$")
        axis.set_xlim(0.8, LAST)
        axis.set_ylim(0.3, 1.3)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel(r"$d / \lambda^{1/N}$")
    figure.savefig(path, dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    draw(Path(__file__).with_suffix(".png"))
