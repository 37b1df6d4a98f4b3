"""One instance again, from a line of text: `mine.no_overshoot@N=2,tau=101/200,x0=99/100`, for a member of a family `id[3,1]@...`.

An algebraic value is written `x=root(-2,0,1;1,2)`: the coefficients of a polynomial, the constant first, and an interval that holds
exactly one of its roots. A named constant may be given another value than the statement's. The text is read by our own parser only.
Everything is decided from scratch, in exact and certified arithmetic.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy
from flint import arb
from sympy import FiniteSet

from dmftheory.claims import wellformed
from dmftheory.claims.formula import Formula, relations, to_sympy
from dmftheory.claims.theorem import Family, Theorem
from dmftheory.claims.verdict import Witness
from dmftheory.engines.evaluate import Posed, decide, exact_or_ball, judge, pose
from dmftheory.engines.text import value_text
from dmftheory.errors import InputError
from dmftheory.exact import format_rational, parse_integer, parse_rational
from dmftheory.numerics.algebraic import from_text, is_root_text
from dmftheory.numerics.balls import DomainError
from dmftheory.numerics.ternary import Ternary

MAX_TOKEN = 100_000
TOKEN = "ID@NAME=VALUE,NAME=VALUE, or ID[INDEX,INDEX]@... for a member of a family; a VALUE is p/q or root(C0,C1,...;LOW,HIGH)"
_SHAPE = re.compile(r"(?P<id>[\w.-]{1,200})(?:\[(?P<index>[0-9, ]{1,200})\])?@(?P<values>.*)", re.DOTALL)
_DIGITS = 25


@dataclass(frozen=True)
class Comparison:
    """One relation of the claim: its text, the value of each side (exact, or a ball), whether it holds."""

    relation: str
    left: str
    right: str
    holds: Ternary


@dataclass(frozen=True)
class Replay:
    """What holds at one instance. `claim` is None where it is unknown or the instance is not allowed; `gap` has no value there."""

    id: str
    values: tuple[tuple[str, str], ...]
    membership: Ternary
    hypotheses: tuple[tuple[str, Ternary], ...]
    comparisons: tuple[Comparison, ...]
    claim: Ternary
    gap: str | None = None

    @property
    def outcome(self) -> str:
        """`fails`, `holds`, `not allowed`, `no value` or `unknown`."""
        allowed = [self.membership, *(truth for _, truth in self.hypotheses)]
        if False in allowed:
            return "not allowed"
        if None in allowed:
            return "unknown"
        if self.gap is not None:
            return "no value"
        return {True: "holds", False: "fails", None: "unknown"}[self.claim]

    def to_text(self) -> str:
        """Lines for a person."""
        lines = [f"{self.id} at {', '.join(f'{n} = {v}' for n, v in self.values) or 'its only instance'}"]
        lines.append(f"  in the sets of the variables: {_word(self.membership)}")
        lines += [f"  hypothesis {text}: {_word(truth)}" for text, truth in self.hypotheses]
        for c in self.comparisons:
            lines += [f"  {c.relation}: {_word(c.holds)}", f"    left  = {c.left}", f"    right = {c.right}"]
        lines += [] if self.gap is None else [f"  no value: {self.gap}"]
        return "\n".join([*lines, f"the claim: {self.outcome}"])

    def to_document(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "id": self.id,
            "values": dict(self.values),
            "membership": self.membership,
            "hypotheses": [{"hypothesis": text, "holds": truth} for text, truth in self.hypotheses],
            "relations": [{"relation": c.relation, "left": c.left, "right": c.right, "holds": c.holds} for c in self.comparisons],
            "claim": self.claim,
            "no_value": self.gap,
            "outcome": self.outcome,
        }


def token(id: str, witness: Witness, index: tuple[int, ...] | None = None) -> str:
    """The line of text that replays a witness; `index` is that of a member of a family."""
    place = "" if index is None else f"[{','.join(map(str, index))}]"
    return f"{id}{place}@" + ",".join(f"{name}={value}" for name, value in witness.values)


def replay(text: str, items: Iterable[Theorem | Family]) -> Replay:
    """Decide one instance of one of the statements from scratch. Raises InputError for a text that is no token of theirs."""
    found = _SHAPE.fullmatch(text.strip()) if len(text) <= MAX_TOKEN else None
    if found is None:
        raise InputError("TOKEN", text, TOKEN)
    given = _given(found["values"])
    theorem = _at_constants(_find(found["id"], found["index"], items), given)
    mistakes = wellformed.errors(theorem) or [m for m in (wellformed.collapsed(theorem),) if m]
    if mistakes:
        raise InputError("TOKEN", text, f"the id of a well-formed statement ({mistakes[0]})")
    posed = pose(theorem)
    point = _point(posed, given, text)
    return _decided(found["id"] if found["index"] is None else f"{found['id']}[{found['index']}]", posed, point)


def _find(id: str, index: str | None, items: Iterable[Theorem | Family]) -> Theorem:
    item = next((i for i in items if i.id == id), None)
    if item is None:
        raise InputError("TOKEN", id, "the id of a statement; for your own, name its file too")
    if isinstance(item, Theorem):
        if index is not None:
            raise InputError("TOKEN", f"{id}[{index}]", "no index: this is a single theorem")
        return item
    wanted = tuple(parse_integer(part, "TOKEN", 0) for part in (index or "").split(",") if part.strip())
    if wanted not in item.indices:
        raise InputError("TOKEN", f"{id}[{index or ''}]", f"an index of the family, such as {list(item.indices[0])}")
    return item.member(*wanted)


def _given(text: str) -> dict[str, str]:
    """Name -> value, as texts."""
    given: dict[str, str] = {}
    for part in _split(text) if text.strip() else ():
        name, equals, value = part.partition("=")
        if not equals or name.strip() in given:
            raise InputError("TOKEN", part, TOKEN)
        given[name.strip()] = value.strip()
    return given


def _at_constants(theorem: Theorem, given: dict[str, str]) -> Theorem:
    """The theorem at the values that the token gives its named constants; these leave `given`."""
    named = {s: parse_rational(given.pop(str(s)), str(s)) for s in theorem.constants if str(s) in given}
    if not named:
        return theorem
    return theorem.with_constants({s: sympy.Rational(v.numerator, v.denominator) for s, v in named.items()})


def _point(posed: Posed, given: Mapping[str, str], token_text: str) -> dict[Any, Any]:
    names = [str(symbol) for symbol, _ in posed.sets]
    if set(given) != set(names):
        raise InputError("TOKEN", token_text, f"a value for each of {', '.join(names) or 'no variables'}")
    return {symbol: _value(domain, given[str(symbol)], str(symbol)) for symbol, domain in posed.sets}


def _split(text: str) -> list[str]:
    """The text cut at its commas, but for those inside parentheses."""
    parts, depth = [""], 0
    for piece in re.split(r"([(),])", text):
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if piece == "," and depth <= 0:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _value(domain: Any, text: str, name: str) -> Any:
    """A rational, a root, or an element of a finite set written exactly as we print it."""
    if isinstance(domain, FiniteSet):
        for element in sorted(domain.args, key=sympy.default_sort_key):
            if str(element) == text and not element.free_symbols and not element.is_Rational:
                return element
    return from_text(text, name) if is_root_text(text) else parse_rational(text, name)


def _decided(id: str, posed: Posed, point: Mapping[Any, Any]) -> Replay:
    judgement = judge(posed, point)
    values = [(str(s), value_text(v)) for s, v in point.items()]
    values += [(str(s), _side(v, point)) for s, v in posed.definitions]
    hypotheses = zip(map(_text, posed.theorem.hypotheses), judgement.hypotheses, strict=False)
    comparisons = tuple(_comparison(r, point) for r in relations(posed.claim)) if judgement.membership is not False else ()
    return Replay(id, tuple(values), judgement.membership, tuple(hypotheses), comparisons, judgement.claim, judgement.gap)


def _comparison(relation: Any, point: Mapping[Any, Any]) -> Comparison:
    try:
        holds = decide(relation, point)
    except DomainError:
        holds = None
    return Comparison(_text(relation), _side(relation.left, point), _side(relation.right, point), holds)


def _side(expr: Any, point: Mapping[Any, Any]) -> str:
    try:
        value = exact_or_ball(expr, point)
    except DomainError as error:
        return f"no value ({error.expression})"
    if isinstance(value, arb):
        return str(value.str(_DIGITS))
    return format_rational(value)


def _text(formula: Formula) -> str:
    return str(to_sympy(formula))


def _word(truth: Ternary) -> str:
    return {True: "yes", False: "no", None: "unknown"}[truth]


__all__ = ["Comparison", "Replay", "replay", "token"]
