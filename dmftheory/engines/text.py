"""Points, ranges and slacks as short text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from flint import arb

from dmftheory.engines.evaluate import Posed
from dmftheory.exact import format_rational
from dmftheory.numerics.algebraic import to_text
from dmftheory.numerics.eigenvalues import Eigenvalue
from dmftheory.numerics.scalars import exact_fraction, to_ball, working_precision

_DIGITS = 6
_SHORT = 12  # a rational with a longer exact form is rounded where it is only shown


def value_text(value: Any) -> str:
    """'p/q' for a rational, `root(...)` for an algebraic number, the expression for another element of a finite set."""
    if isinstance(value, Eigenvalue):
        return to_text(value)
    return format_rational(value) if isinstance(value, Fraction) else str(value)


def point_text(point: Mapping[Any, Any]) -> str:
    """`N=2, tau=1/2`, exactly."""
    return ", ".join(f"{symbol}={value_text(value)}" for symbol, value in point.items()) or "every point"


def witness_values(posed: Posed, point: Mapping[Any, Any]) -> tuple[tuple[str, str], ...]:
    """The values of a witness by symbol name, in the order of the statement."""
    return tuple((str(symbol), value_text(point[symbol])) for symbol, _ in posed.sets if symbol in point)


def ranges(posed: Posed, drawn: Iterable[Mapping[Any, Any]]) -> list[str]:
    """`N = 2..66` for each variable: the least and greatest value tried."""
    shown = []
    kept = list(drawn)
    for symbol, _ in posed.sets:
        values = [p[symbol] for p in kept if isinstance(p[symbol], Fraction)]
        if values:
            shown.append(f"{symbol} = {_brief(min(values))}..{_brief(max(values))}")
    return shown


def decimal(value: arb) -> str:
    """Six digits of the midpoint of a ball."""
    if value.is_nan():
        return "nan"
    digits, e, exponent = value.mid().str(_DIGITS, radius=False).partition("e")
    return (digits.rstrip("0").rstrip(".") if "." in digits else digits) + e + exponent


def as_number(room: arb) -> Any:
    """The midpoint of a slack as an exact number, for ordering reports only."""
    middle = room.mid()
    exact = exact_fraction(middle)
    if exact is None and abs(middle) < 1:
        return Fraction(0)
    return exact if exact is not None else float("inf") if middle > 0 else float("-inf")


def _brief(value: Fraction) -> str:
    text = format_rational(value)
    if len(text) <= _SHORT:
        return text
    with working_precision(64):
        return decimal(to_ball(value))
