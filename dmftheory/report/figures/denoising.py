"""A noisy symmetric matrix: the distance of the product to the clean one, and the certified plateau in which to stop."""

from fractions import Fraction

import numpy as np

from dmftheory.experiments.draws import noise, symmetric
from dmftheory.experiments.settings import DEPTHS, SMALL
from dmftheory.experiments.theory import HALF, TOLERANCE
from dmftheory.numerics.batch_matrices import descend, whole
from dmftheory.numerics.eigenvalues import symmetric_eigenvalues
from dmftheory.passage import transitions
from dmftheory.plateaus import Plateau
from dmftheory.problem import Problem
from dmftheory.report.figures.chart import Chart, Panel, Plan, Series, floats, heading, span

SIZE, CLEAN, NOISE = 8, (1.0, 0.5, 0.25), Fraction(1, 10)
GRID = 2**10  # entries of the noisy matrix are multiples of 1 / GRID, so that its eigenvalues are known exactly
ETA = Fraction(1, 10)
STEPS = {1: 100, 2: 1500, 3: 4000, 4: 20_000}


def chart(plan: Plan) -> Chart:
    """Relative distance to the clean matrix, one panel a depth."""
    title = "A rank 3 matrix with noise of size 1/10: stop on the certified plateau of rank 3"
    return Chart("denoising", title, tuple(_panel(plan, depth) for depth in DEPTHS))


def noisy(seed: int) -> tuple[np.ndarray, list[list[Fraction]]]:
    """The clean matrix, and the noisy one in exact fractions, which float64 holds too."""
    clean = symmetric([*CLEAN, *[0.0] * (SIZE - len(CLEAN))], seed)
    entries = np.rint((clean + float(NOISE) * noise(SIZE, seed)) * GRID).astype(int)
    return clean, [[Fraction(int(entry), GRID) for entry in row] for row in entries]


def plateaus(depth: int, rows: list[list[Fraction]]) -> tuple[Plateau, ...]:
    """The certified plateaus of the noisy matrix; none without factorisation."""
    if depth == 1:
        return ()
    return transitions(Problem(depth, symmetric_eigenvalues(rows), SMALL[depth], ETA), HALF, TOLERANCE).plateaus


def _panel(plan: Plan, depth: int) -> Panel:
    plan.tell(heading(depth))
    clean, rows = noisy(plan.seed)
    seen = np.array(rows, dtype=np.float64)
    at = sorted({round(x) for x in np.geomspace(1, STEPS[depth], 260)})
    size = float(np.linalg.norm(clean))
    start = [float(SMALL[depth]) * np.eye(SIZE)[None]] * depth
    products = [state.product[0] for state in descend(start, whole(seen[None]), float(ETA), at)]
    steps, errors = floats(at), floats(np.linalg.norm(product - clean) / size for product in products)
    series = []
    for plateau in plateaus(depth, rows):
        if plateau.rank == len(CLEAN) and plateau.from_step < steps[-1]:
            end = steps[-1] if plateau.to_step is None else min(steps[-1], float(plateau.to_step))
            window, level = (float(plateau.from_step), end), float(_approximated(seen, clean, len(CLEAN)) / size)
            series.append(Series("plateau of rank 3", "window", window, (level, level), 0, "certified plateau of rank 3: stop here"))
    for name, level, colour in (
        ("the noisy matrix itself", float(np.linalg.norm(seen - clean)), 1),
        ("its best approximation of rank 3", _approximated(seen, clean, len(CLEAN)), 2),
    ):
        series.append(Series(name, "reference", span(steps), (level / size, level / size), colour, f"distance of {name}"))
    series.append(Series("product", "curve", steps, errors, 0, "distance of the product"))
    return Panel(heading(depth), tuple(series), "relative distance to\nthe clean matrix", logx=True, logy=True)


def _approximated(seen: np.ndarray, clean: np.ndarray, rank: int) -> float:
    """The distance to the clean matrix of the noisy one's leading eigenvalues and vectors."""
    values, vectors = np.linalg.eigh(seen)
    best = vectors[:, -rank:] * values[-rank:] @ vectors[:, -rank:].T
    return float(np.linalg.norm(best - clean))
