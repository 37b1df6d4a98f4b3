"""Writes docs/claims.md: every claim about identical and perturbed initialisation beside its statements, verdicts and times.

    dmftheory verify chou related abel.count abel.count_two abel.decay abel.decay_negative --format json --out verdicts.json
    python docs/claims.py verdicts.json [MORE.json ...]

Several files are read in order, a later verdict replacing an earlier one. Statements in no file have an empty verdict.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from dmftheory.verification import statements

Verdicts = Mapping[str, Mapping[str, Any]]

# Number: what it says; its statements; what else there is, or why there is no statement.
CLAIMS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "A1": ("loss and gradient", ("chou.setting.gradient",), ""),
    "A2": ("identical initialisation", ("chou.factors.gradient_step",), "a definition; what it leads to is A4"),
    "A3": (
        "perturbed identical initialisation",
        ("chou.perturbed.first_step", "chou.perturbed.other_step"),
        "a definition; what it leads to is A5",
    ),
    "A4": ("the factors decouple", ("chou.factors.*",), ""),
    "A5": ("the perturbed factors decouple", ("chou.perturbed.product", "chou.perturbed.matrix_imbalance"), ""),
    "A6": (
        "the effective rank",
        ("chou.effective_rank.bounds", "chou.effective_rank.scale_free", "chou.effective_rank.lipschitz"),
        "r <= rank is `bounds` for the nonzero eigenvalues",
    ),
    "A7": ("what the abstract promises", (), "words, not a formula: made precise in B12, B13, C2, C4, C7"),
    "B1": (
        "the safe step size",
        tuple(f"chou.step_size.{name}" for name in ("increasing", "decreasing", "nonpositive", "invariant", "sharp", "loosened")),
        "",
    ),
    "B2": ("step sizes as remembered", ("chou.setting.recalled_steps",), ""),
    "B3": ("the stability threshold", ("chou.stability.*",), "largest Hessian eigenvalue: `dmftheory landscape`"),
    "B4": (
        "convergence, and what is lost",
        ("chou.rates.convergence", "chou.rates.convergence_above", "chou.decay.loss_left", "chou.parity.*"),
        "eigenvalues <= 0 tend to 0 by B11",
    ),
    "B5": (
        "the inflection",
        ("chou.product.inflection", "chou.passage.field_rises", "chou.passage.field_falls"),
        "",
    ),
    "B6": ("flow time in closed form", ("chou.flow_time.closed_form*", "chou.flow_time.elementary"), "`dmftheory formula flow-time`"),
    "B7": ("the scaling law", ("chou.scaling.*",), ""),
    "B8": ("step count between two multiples of the flow time", ("chou.passage.*",), "figure below"),
    "B9": ("step count to first order, with remainder", ("abel.count.*", "abel.count_two.*"), "all orders: docs/abel.md"),
    "B10": (
        "linear rate after the inflection",
        ("chou.rates.secant_*", "chou.rates.from_*", "chou.rates.step_count"),
        "",
    ),
    "B11": (
        "zero and negative eigenvalues decay",
        ("chou.decay.positive", "chou.decay.zero", "chou.decay.negative*"),
        "step counts: abel.decay, abel.decay_negative",
    ),
    "B12": (
        "recovery time; the order is kept",
        ("chou.flow_time.recovery*", "chou.flow_time.tail_bounds", "chou.order.*", "chou.step_size.monotone_map*"),
        "",
    ),
    "B13": (
        "depth amplifies the separation",
        (
            "chou.separation.separated*",
            "chou.separation.waiting_*",
            "chou.separation.linear_odds",
        ),
        "",
    ),
    "B14": ("incremental learning in the limit", ("chou.separation.step_function*",), ""),
    "B15": ("distance of descent and flow", ("chou.flow_distance.*",), ""),
    "B16": ("flow of the product and of the effective rank", ("chou.product.*",), ""),
    "C1": ("interval theorem as in the paper", (), "its constants are not known; C2 has the same shape and constants of ours"),
    "C2": (
        "interval theorem",
        (
            "chou.effective_rank.quotient",
            "chou.effective_rank.plateau*",
            "chou.effective_rank.factor_increases",
            "chou.effective_rank.*_mode",
            "chou.effective_rank.window",
        ),
        "`dmftheory transitions`, docs/early_stopping.md",
    ),
    "C3": ("when the interval is not empty", ("chou.separation.window*", "chou.separation.levels_in_order"), ""),
    "C4": (
        "the effective rank falls, then rises",
        ("chou.rank_curve.two", "chou.rank_curve.two_for_good", "chou.rank_curve.unimodal"),
        "proved for two eigenvalues, a conjecture beyond",
    ),
    "C5": ("where C4 is false", ("chou.rank_curve.large_start", "chou.rank_curve.singular_target"), ""),
    "C6": (
        "plateau levels",
        (),
        "a definition (`dmftheory formula plateau-level`); that r comes close to 1 is C2 and C3 for L = 1",
    ),
    "C7": ("noise", ("chou.noise.*",), "`dmftheory transitions --noise`; Weyl's inequality beyond size 2 is taken as known"),
    "D1": ("figure settings of the paper", (), "not known, so nothing to state"),
    "D2": ("settings of ours", (), "experiments, not theorems: dmftheory/experiments/settings.py"),
    "D3": ("settings of Gissin's code", (), "experiments, not theorems: dmftheory/experiments/settings.py"),
    "E1": ("the constant c(N)", ("chou.perturbed.constant_*",), ""),
    "E2": (
        "both signs are learned",
        tuple(
            f"chou.perturbed.{name}"
            for name in (
                "growth",
                "gain",
                "push",
                "no_overshoot",
                "stays",
                "progress",
                "run",
                "linear",
                "mirror",
                "positive",
                "negative",
                "within",
                "recalled_*",
            )
        ),
        "docs/perturbed.md",
    ),
    "E3": (
        "the imbalance",
        tuple(f"chou.perturbed.{name}" for name in ("sum_difference", "imbalance*", "flow_imbalance", "matrix_imbalance")),
        "",
    ),
    "E4": ("learning time", ("chou.perturbed.time_*",), "quadrature: `dmftheory transitions --beta`"),
    "E5": (
        "negative eigenvalues are later",
        tuple(f"chou.perturbed.{name}" for name in ("dominated", "negative_step", "no_sooner*", "half", "later", "always_later")),
        "in part a conjecture",
    ),
    "E6": (
        "why identical initialisation loses them",
        tuple(
            f"chou.perturbed.{name}"
            for name in ("scaled_descent", "hessian", "symmetric", "contraction", "saddle", "manifold", "amplified")
        ),
        "Hessian at depth 3 and more: `dmftheory landscape`",
    ),
    "F1": ("Saxe, two layers", ("related.saxe.curve", "related.saxe.learning_time"), ""),
    "F2": ("Saxe, infinite depth", ("related.saxe.infinite_depth",), ""),
    "F3": ("Arora and others, dynamics", ("related.arora.gain",), "under identical initialisation it is chou.product.flow"),
    "F4": ("Arora and others, linear rate", ("related.arora.step_*", "related.arora.linear_rate*"), "for diagonal factors"),
    "F5": (
        "Gissin and others, thresholds",
        ("related.gissin.odds_grow", "related.gissin.t*_at_*", "related.gissin.threshold_*", "related.gissin.recalled_*"),
        "",
    ),
    "F6": ("Bah and others", (), "almost every start: a measure of starts, which the language has no word for"),
    "F7": ("Wang and Chou", (), "its formulas are not known; C2, C3, C7 stand in for them"),
    "F8": ("random starts, wrong sign", ("related.gissin.trapped",), "the probability is an experiment"),
    "F9": ("Min and Vidal", ("related.saxe.riccati*",), ""),
    "G1": ("rounding learns negative eigenvalues", (), "about floating point; the tool iterates eigenvalues, in exact or ball arithmetic"),
    "G2": ("step counts explode", (), "advice on settings; the tool jumps by the Abel function instead, docs/abel.md"),
    "G3": ("loss differences lose digits", ("chou.product.peak",), "advice on simulation: the rate in closed form instead"),
}

# Claims whose bounds are worth comparing with what was found, and the statements that carry them.
TIGHT = {
    "B1": ("chou.step_size.increasing", "chou.step_size.decreasing", "chou.step_size.nonpositive", "chou.step_size.sharp"),
    "B8": ("chou.passage.at_least", "chou.passage.at_most"),
    "B10": ("chou.rates.from_below", "chou.rates.from_above", "chou.rates.step_count"),
    "B11": ("chou.decay.zero", "chou.decay.negative", "chou.decay.negative_depth_two"),
    "C2": ("chou.effective_rank.plateau", "chou.effective_rank.window"),
    "E2": (
        "chou.perturbed.positive",
        "chou.perturbed.negative",
        "chou.perturbed.within",
        "chou.perturbed.recalled_convergence",
        "chou.perturbed.recalled_bound_shallow",
        "chou.perturbed.recalled_bound",
    ),
}
LONGEST = 24  # characters of a number in the table of slacks


def read(paths: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Verdicts by id, from files written by `dmftheory verify --format json`."""
    found: dict[str, Mapping[str, Any]] = {}
    for path in paths:
        found |= {entry["id"]: entry for entry in json.loads(Path(path).read_text(encoding="utf-8"))["theorems"]}
    return found


def matching(patterns: Sequence[str], ids: Sequence[str]) -> list[str]:
    """The ids that a pattern names, in the order of the corpus. Raises ValueError for a pattern that names none."""
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in ids):
            raise ValueError(f"no statement is called {pattern}")
    return [name for name in ids if any(fnmatchcase(name, pattern) for pattern in patterns)]


def rows(ids: Sequence[str], verdicts: Verdicts) -> Iterator[str]:
    """The lines of the table of claims; at the end what has no number of its own."""
    named: set[str] = set()
    for number, (text, patterns, remark) in CLAIMS.items():
        found = matching(patterns, ids)
        named |= set(found)
        yield f"| **{number}** | {text} | | | {remark} |".replace("|  |", "| |")
        yield from (_row(name, verdicts) for name in found)
    rest = [name for name in ids if name.startswith(("chou.", "related.")) and name not in named]
    if rest:
        yield "| | steps of proofs and further statements | | | |"
        yield from (_row(name, verdicts) for name in rest)


def _row(name: str, verdicts: Verdicts) -> str:
    entry = verdicts.get(name)
    if entry is None:
        return f"| | `{name}` | | | |"
    seconds = sum(evidence["seconds"] for evidence in entry["evidence"])
    return f"| | `{name}` | {entry['verdict']} | {seconds:.1f} | |"


def slacks(verdicts: Verdicts) -> Iterator[str]:
    """The lines of the table of worst slacks."""
    for number, names in TIGHT.items():
        for name in names:
            entry = verdicts.get(name)
            if entry is None or entry["worst_slack"] is None:
                yield f"| {number} | `{name}` | | |"
                continue
            where = ", ".join(f"{symbol} {_short(value)}" for symbol, value in (entry["worst"] or {}).items())
            yield f"| {number} | `{name}` | {entry['worst_slack']} | {where} |"


def _short(value: str) -> str:
    if len(value) <= LONGEST:
        return f"= {value}"
    from dmftheory.report.output import brief

    return brief(value, LONGEST)


def page(verdicts: Verdicts) -> str:
    """docs/claims.md."""
    ids = [statement.id for statement in statements(None)]
    listed = [entry for name, entry in verdicts.items() if name.startswith(("chou.", "related."))]
    missing = sum(name.startswith(("chou.", "related.")) and name not in verdicts for name in ids)
    count = f"{len(listed)} verdicts of `chou` and `related`" + (f"; {missing} statements not settled in this run" if missing else "")
    return TEXT.format(count=count, claims="\n".join(rows(ids, verdicts)), slacks="\n".join(slacks(verdicts)))


TEXT = """# Claims, statements, verdicts

Every claim about identical and perturbed initialisation that the corpus answers to, by its number in the docstrings: A the setting, B one
eigenvalue, C the effective rank, D settings of experiments, E perturbed initialisation, F neighbouring results, G caveats. Below each
number its statements, with verdict and seconds (all engines together, on a busy machine). Refuted statements are declared so: a claim as
it is remembered or a constant moved, kept beside the one that holds. Written by `docs/claims.py` from the JSON of `dmftheory verify`;
{count}.

| claim | statement | verdict | seconds | remark |
|---|---|---|---:|---|
{claims}

## How tight the bounds are

The least slack (right side minus left side, the least over the parts of a conjunction) among the random instances, and where it was
found. 0 is a bound that is attained, usually at k = 0 or 1 or at an end of the ranges; a negative one belongs to a refuted statement.

| claim | statement | worst slack | at |
|---|---|---:|---|
{slacks}

## The step count between its bounds (B8)

![The exact step count between its two bounds](step_bounds.png)

The two sides of `chou.passage.at_least` and `chou.passage.at_most` over the exact first passage to 9/10 of an eigenvalue 1, counted by the
Abel function, for depths 2, 3, 4 and two step sizes, as the start shrinks. Drawn by `docs/step_bounds.py`, which stops if a count lies
outside its bounds. At a tenth of the safe step both bounds are within 5 % of the count. At the safe step the upper one is up to 39 % above
it: the factor (1 + tau G)^(N-1) of the first phase does not shrink with the start. The lower one tends to the count at depth 3 and 4, where
nearly all steps are spent far below the inflection and gradient descent follows the flow; at depth 2 it loses the second phase, for which
the factor 1 - N tau is then 0. To first order in the step size (B9) the same counts are known much more closely.
"""

if __name__ == "__main__":
    Path(__file__).with_suffix(".md").write_text(page(read(sys.argv[1:])), encoding="utf-8")
