"""Parts that several figures share: learnt values with their transitions, effective rank with its plateaus."""

from collections.abc import Sequence
from fractions import Fraction

from dmftheory.experiments.runs import Observed, observe, schedule
from dmftheory.experiments.settings import Setting
from dmftheory.experiments.theory import Predicted
from dmftheory.report.figures.chart import Panel, Plan, Series, floats, heading, span, thinned

EXACT = "half of its limit is reached: exact step, identical start"
FLOW = "the same, by gradient flow"
PLATEAU = "certified plateau, identical start"
TARGET = "effective rank of the best approximation of that rank"
BEYOND = 2.2  # times the last predicted step: what is shown
LEAST = 60  # steps shown
ROOM = 1.35  # above the highest plateau


def shown(setting: Setting, theory: Predicted, factor: float = BEYOND) -> int:
    """The last step that is drawn."""
    known = [step for step in theory.steps if step is not None]
    return min(setting.steps, max(LEAST, round(factor * max(known))))


def run(plan: Plan, setting: Setting, theory: Predicted, seeds: Sequence[int], factor: float = BEYOND) -> Observed:
    """The setting at every 1/300 of what is drawn."""
    plan.tell(f"{heading(setting.depth)}, {setting.name}")
    last = shown(setting, theory, factor)
    return observe(setting, seeds, schedule(last, 0, max(1, last // 300)))


def named(value: Fraction) -> str:
    """A singular value or eigenvalue, with a true minus."""
    return str(value).replace("-", "\u2212")


def values(setting: Setting, theory: Predicted, observed: Observed, word: str) -> Panel:
    """The leading singular values of every seed, the levels they go to, and the transitions of the theory."""
    kept = thinned(len(observed.steps))
    steps, seeds = floats(observed.steps[kept]), observed.values.shape[1]
    kind = "curve" if seeds == 1 else "faint"
    series = []
    for i, level in enumerate((*setting.spectrum, Fraction(0))):
        colour, label = (i, f"{word} {named(level)}") if level else (-1, f"the next {word}")
        for seed in range(seeds):
            y = floats(observed.values[kept, seed, i])
            series.append(Series(f"{word} {i + 1}, run {seed + 1}", kind, steps, y, colour, "" if seed else label))
        if level:
            series.append(Series(f"limit {i + 1}", "level", span(steps), (float(level), float(level)), i))
    for i, (level, step, flow) in enumerate(zip(setting.spectrum, theory.steps, theory.flow, strict=True)):
        half = float(level) / 2
        if flow is not None and flow <= steps[-1]:
            series.append(Series(f"flow {i + 1}", "flow", (flow,), (half,), i, "" if i else FLOW))
        if step is not None and step <= steps[-1]:
            series.append(Series(f"exact {i + 1}", "exact", (float(step),), (half,), i, "" if i else EXACT))
    return Panel(heading(setting.depth), tuple(series), f"{word}s of the product")


def rank(setting: Setting, theory: Predicted, observed: Observed) -> Panel:
    """The effective rank of every seed and the certified plateaus."""
    kept = thinned(len(observed.steps))
    steps, seeds = floats(observed.steps[kept]), observed.values.shape[1]
    series = []
    for place, plateau in enumerate(theory.plateaus):
        window = (float(plateau.from_step), steps[-1] if plateau.to_step is None else min(float(plateau.to_step), steps[-1]))
        level = float(Fraction(plateau.target))
        if window[0] < window[1]:
            series.append(Series(f"plateau {plateau.rank}", "window", window, (level, level), 0, "" if place else PLATEAU))
            series.append(Series(f"level {plateau.rank}", "target", window, (level, level), 0, "" if place else TARGET))
    kind = "curve" if seeds == 1 else "faint"
    for seed in range(seeds):
        y = floats(observed.effective_rank[kept, seed])
        series.append(Series(f"effective rank, run {seed + 1}", kind, steps, y, 6, "" if seed else "effective rank"))
    # The start, min(rows, columns) or a little less, would leave no room for the plateaus.
    top = max(ROOM * float(sum(setting.spectrum) / setting.spectrum[0]), 1.3 * float(observed.effective_rank[-1].max()))
    return Panel(heading(setting.depth), tuple(series), "effective rank", limits=(0.9, top))
