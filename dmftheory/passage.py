"""When is each eigenvalue learned, and where does the effective rank rest: the transitions of one problem, exact and certified."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from numbers import Rational

from dmftheory.advice import Advice, advise
from dmftheory.errors import InputError
from dmftheory.exact import format_rational, parse_rational
from dmftheory.levels import MAX_STEPS, Level, Passage, first_passage, passages, perturbed_passage
from dmftheory.numerics.eigenvalues import Eigenvalue
from dmftheory.numerics.flow import flow_steps
from dmftheory.plateaus import Plateau, wanted_levels, windows
from dmftheory.problem import Problem

__all__ = ["MAX_STEPS", "Advice", "Level", "Mode", "Passage", "Plateau", "Transitions", "first_passage", "passages", "transitions"]

SCHEMA = "dmftheory.transitions/1"

_LARGEST_JSON_INTEGER = 2**53 - 1
_BRACKET_BITS = 64


@dataclass(frozen=True)
class Mode:
    """One eigenvalue of the target with its first passage; `index` counts from 1 in decreasing order."""

    index: int
    eigenvalue: Eigenvalue
    passage: Passage


@dataclass(frozen=True)
class Transitions:
    """The first passages of all eigenvalues of a problem to `threshold` times their limits, the plateaus between them, and when to stop."""

    problem: Problem
    threshold: Fraction
    tolerance: Fraction
    modes: tuple[Mode, ...]
    plateaus: tuple[Plateau, ...]
    advice: tuple[Advice, ...]

    def to_json(self) -> dict[str, object]:
        """The answer as plain lists, dicts, strings and integers, schema dmftheory.transitions/1."""
        problem = self.problem
        return {
            "schema": SCHEMA,
            "problem": {
                "depth": problem.depth,
                "spectrum": [str(value) for value in problem.spectrum],
                "alpha": format_rational(problem.alpha),
                "beta": format_rational(problem.beta),
                "eta": format_rational(problem.eta),
            },
            "threshold": format_rational(self.threshold),
            "modes": [_mode_json(mode) for mode in self.modes],
            "plateaus": [
                {name: _integer(value) if isinstance(value, int) else value for name, value in asdict(plateau).items()}
                for plateau in self.plateaus
            ],
            "advice": [_advice_json(advice) for advice in self.advice],
        }


def _advice_json(advice: Advice) -> dict[str, object]:
    window = None if advice.window is None else [_integer(end) for end in advice.window]
    return {**asdict(advice), "window": window, "stop_at": _integer(advice.stop_at)}


def _mode_json(mode: Mode) -> dict[str, object]:
    passage = mode.passage
    return {
        "index": mode.index,
        "eigenvalue": str(mode.eigenvalue),
        "eigenvalue_bracket": [format_rational(end) for end in mode.eigenvalue.enclosure(_BRACKET_BITS)],
        "step": _integer(passage.step),
        "bracket": [_integer(end) for end in passage.bracket],
        "certified": passage.certified,
        "method": passage.method,
        "flow_steps": passage.flow_steps,
        "reason": passage.reason,
        "why": passage.why,
    }


def _integer(value: int | None) -> int | str | None:
    """Integers that a double cannot hold travel as strings."""
    return str(value) if value is not None and abs(value) > _LARGEST_JSON_INTEGER else value


def transitions(
    problem: Problem,
    threshold: str | Fraction = "1/2",
    tolerance: str | Fraction = "1/10",
    *,
    noise: str | Fraction | None = None,
    max_steps: int = MAX_STEPS,
    progress: Callable[[int, int], None] | None = None,
) -> Transitions:
    """First passages to threshold * lambda_i, exact and certified, and the plateaus of the effective rank with tolerance eps.

    `threshold` > 0, 0 < `tolerance` < 1, exact numbers or text; steps of gradient descent. `noise` >= 0 bounds the spectral norm of what
    was added to the true target. `progress` is called with (mode index, steps so far) on long runs. For beta > 0 the product is a b^(N-1)
    and there are no plateaus: their theorem is about identical initialisation. Raises InputError for other values.
    """
    theta, eps = _exact(threshold, "--threshold"), _exact(tolerance, "--tolerance")
    if theta <= 0:
        raise InputError("--threshold", format_rational(theta), "a number > 0")
    if not 0 < eps < 1:
        raise InputError("--tolerance", format_rational(eps), "a number between 0 and 1, both excluded")
    spread = None if noise is None else _exact(noise, "--noise")
    if spread is not None and spread < 0:
        raise InputError("--noise", format_rational(spread), "a number >= 0, a bound of the spectral norm of the noise")
    modes, found = [], []
    for i, eigenvalue in enumerate(problem.spectrum):
        passage, answers = _mode(problem, i, theta, eps, max_steps, progress)
        modes.append(Mode(i + 1, eigenvalue, passage))
        found.append(answers)
    ranks = windows(problem, eps, found)
    plateaus = tuple(rank for rank in ranks if isinstance(rank, Plateau))
    return Transitions(problem, theta, eps, tuple(modes), plateaus, advise(problem, eps, ranks, spread))


def _mode(
    problem: Problem, index: int, theta: Fraction, eps: Fraction, max_steps: int, progress: Callable[[int, int], None] | None
) -> tuple[Passage, dict[Level, Passage]]:
    eigenvalue = problem.spectrum[index]
    report = None if progress is None else lambda done: progress(index + 1, done)
    start = (problem.depth, eigenvalue, problem.alpha)
    if problem.beta:
        found = perturbed_passage(*start, problem.beta, problem.eta, theta, max_steps=max_steps, progress=report)
        return found, {}
    levels = [Level(theta)]
    if eigenvalue.sign > 0:
        levels += [level for level in wanted_levels(problem, index, eps) if level not in levels]
    answers = passages(*start, problem.eta, levels, max_steps=max_steps, progress=report)
    passage = answers[0]
    if eigenvalue.sign > 0 and not passage.never and passage.step != 0:
        passage = replace(passage, flow_steps=flow_steps(*start, problem.eta, theta))
    return passage, dict(zip(levels, answers, strict=True))


def _exact(value: str | Fraction, argument: str) -> Fraction:
    if isinstance(value, str):
        return parse_rational(value, argument)
    if isinstance(value, bool) or not isinstance(value, Rational):
        raise InputError(argument, value, "text such as '1/2' or an exact number (a float has already been rounded)")
    return Fraction(int(value.numerator), int(value.denominator))
