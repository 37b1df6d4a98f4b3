"""States of a simulation as CSV, the JSON document `dmftheory.simulate/1`, or a NumPy archive."""

import csv
import io
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Any

from dmftheory.exact import format_rational
from dmftheory.problem import Problem
from dmftheory.trajectory import Enclosure, Snapshot

_LARGEST_JSON_INTEGER = 2**53 - 1

Printed = str | tuple[str, str] | None
"""A number to the digits asked for, or its two bounds, rounded outward; None where no enclosure was found."""


def printer(digits: int, bounds: bool) -> Callable[[Enclosure], Printed]:
    """How an enclosure is printed: its middle to `digits` significant digits, or both ends."""

    def text(value: Fraction, rounding: str) -> str:
        context = Context(prec=digits, rounding=rounding)
        return str(context.divide(Decimal(value.numerator), Decimal(value.denominator)).normalize(context)).replace("E", "e")

    def number(enclosure: Enclosure) -> Printed:
        if not enclosure.certified:
            return None
        if bounds:
            return text(enclosure.lower, ROUND_FLOOR), text(enclosure.upper, ROUND_CEILING)
        return text(enclosure.middle, ROUND_HALF_EVEN)

    return number


def to_csv(problem: Problem, states: Iterable[Snapshot], number: Callable[[Enclosure], Printed], bounds: bool) -> Iterator[str]:
    """The lines, one for each step, as they come: step, the product's eigenvalues w_1, w_2, ..., the effective rank."""
    names = [*(f"w_{i}" for i in range(1, len(problem.spectrum) + 1)), "effective_rank"]
    yield _line(["step", *([f"{name}_{end}" for name in names for end in ("lower", "upper")] if bounds else names)])
    for state in states:
        yield _line([state.step, *(cell for value in (*state.products, state.effective_rank) for cell in _cells(number(value), bounds))])


def to_document(
    problem: Problem, states: Iterable[Snapshot], number: Callable[[Enclosure], Printed], digits: int, bounds: bool
) -> dict[str, Any]:
    """The whole run; a number is text, or [lower, upper]. `factors` are the eigenvalues of W_2, ..., W_N, `first_factor` those of W_1."""
    head = {
        "depth": problem.depth,
        "spectrum": [str(value) for value in problem.spectrum],
        "alpha": format_rational(problem.alpha),
        "beta": format_rational(problem.beta),
        "eta": format_rational(problem.eta),
    }
    entries = [
        {
            "step": state.step if state.step <= _LARGEST_JSON_INTEGER else str(state.step),
            "products": [number(value) for value in state.products],
            "factors": [number(value) for value in state.factors],
            "first_factor": [number(value) for value in state.first],
            "effective_rank": number(state.effective_rank),
        }
        for state in states
    ]
    return {"schema": "dmftheory.simulate/1", "problem": head, "digits": digits, "bounds": bounds, "states": entries}


def to_npz(states: Iterable[Snapshot], bounds: bool) -> bytes:
    """Arrays `steps`, `products` (steps x modes) and `effective_rank` in double precision, or their `_lower` and `_upper` bounds."""
    import numpy

    kept = list(states)
    columns: dict[str, Callable[[Snapshot], Sequence[Enclosure]]] = {
        "products": lambda state: state.products,
        "effective_rank": lambda state: (state.effective_rank,),
    }
    arrays: dict[str, Any] = {"steps": numpy.array([state.step for state in kept], dtype=numpy.int64)}
    for name, of in columns.items():
        ends = {"_lower": _below, "_upper": _above} if bounds else {"": _nearest}
        for end, convert in ends.items():
            values = numpy.array([[convert(value) for value in of(state)] for state in kept], dtype=numpy.float64)
            arrays[name + end] = values[:, 0] if name == "effective_rank" else values
    data = io.BytesIO()
    numpy.savez(data, **arrays)
    return data.getvalue()


def _cells(value: Printed, bounds: bool) -> Sequence[str]:
    if value is None:
        return ("", "") if bounds else ("",)
    return value if isinstance(value, tuple) else (value,)


def _line(cells: Sequence[object]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _double(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _nearest(value: Enclosure) -> float:
    return _double(value.middle) if value.certified else math.nan


def _below(value: Enclosure) -> float:
    if not value.certified:
        return math.nan
    double = _double(value.lower)
    return math.nextafter(double, -math.inf) if double == math.inf or double > value.lower else double


def _above(value: Enclosure) -> float:
    if not value.certified:
        return math.nan
    double = _double(value.upper)
    return math.nextafter(double, math.inf) if double == -math.inf or double < value.upper else double
