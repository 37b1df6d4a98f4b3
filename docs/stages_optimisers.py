"""Prints the table of docs/stages.md: stages seen under other optimisers. Experiments, seeded, in double precision; settings are ours."""

from dmftheory.numerics.optimisers import Counts, Experiment, counts, in_order, run, spread

SPECTRUM = (1.0, 0.5, 0.25, 0.125, 0.0, 0.0)
RATES = {"gradient descent": 0.05, "momentum": 0.005, "sgd": 0.05, "rmsprop": 1e-3}
SCALES = {2: 1e-3, 3: 0.1}
STEPS, SEEDS = 3000, range(5)


def row(optimiser: str, depth: int, decay: float) -> str:
    """One line: what five seeds show."""
    found: list[Counts] = []
    for seed in SEEDS:
        experiment = Experiment(optimiser, depth, SPECTRUM, SCALES[depth], RATES[optimiser], STEPS, decay=decay, seed=seed)
        found.append(counts(experiment, run(experiment)))
    name = f"{optimiser}, decay {decay}" if optimiser == "rmsprop" else optimiser
    ratios = [ratio for one in found if (ratio := spread(one.passages)) is not None]
    cells = (
        name,
        str(depth),
        _range([one.rate_peaks for one in found]),
        _range([one.decrease_peaks for one in found]),
        f"{sum(in_order(one.passages) for one in found)} of {len(found)}",
        f"{min(ratios):.1f} to {max(ratios):.1f}" if ratios else "-",
        ", ".join("-" if step is None else str(step) for step in found[0].passages),
        _range([one.learnt for one in found]),
    )
    return "| " + " | ".join(cells) + " |"


def _range(values: list[int]) -> str:
    return str(min(values)) if min(values) == max(values) else f"{min(values)} to {max(values)}"


if __name__ == "__main__":
    for depth in SCALES:
        for optimiser in RATES:
            for decay in (0.9, 0.99) if optimiser == "rmsprop" else (0.9,):
                print(row(optimiser, depth, decay), flush=True)
