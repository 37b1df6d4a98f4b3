"""A digest of what a statement says and why: two of them are equal only if statement, proof and every lemma cited are the same text.

The text is written here and read by nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from hashlib import sha256
from typing import Any

import sympy

from dmftheory.claims.proof import Lemma
from dmftheory.claims.theorem import Theorem

Library = Mapping[str, tuple[Theorem, Any]]


def digest(theorem: Theorem, proof: Any, library: Library | None = None) -> str:
    """SHA-256, in hexadecimal, of the statement, its proof and, recursively, the lemmas that the proof cites.

    It does not depend on the process or on PYTHONHASHSEED. Titles, sources and places in files do not count; order does. Raises TypeError
    for what is no data, such as a function in a proof.
    """
    return _digest(theorem, proof, library or {}, {}, ())


def cited(proof: Any) -> Iterator[str]:
    """The ids of the lemmas that a proof cites, in order, as often as it cites them."""
    if isinstance(proof, Lemma):
        yield proof.id
    elif isinstance(proof, tuple):
        for part in proof:
            yield from cited(part)
    elif is_dataclass(proof):
        for field in fields(proof):
            yield from cited(getattr(proof, field.name))


def _digest(theorem: Theorem, proof: Any, library: Library, known: dict[str, str], citing: tuple[str, ...]) -> str:
    lines = [f"statement {statement_text(theorem)}", f"proof {text(proof)}"]
    for id in dict.fromkeys(cited(proof)):
        if id in (*citing, theorem.id):
            lines.append(f"lemma {id!r} circular")
        elif id not in library:
            lines.append(f"lemma {id!r} missing")
        else:
            if id not in known:
                known[id] = _digest(*library[id], library, known, (*citing, theorem.id))
            lines.append(f"lemma {id!r} {known[id]}")
    return sha256("\n".join(lines).encode()).hexdigest()


def statement_text(theorem: Theorem) -> str:
    """The statement alone: id, variables with what SymPy is told of them and their sets, hypotheses, claim, constants, declared verdict."""
    given, constants = (tuple(mapping.items()) for mapping in (theorem.given, theorem.constants))
    return text((theorem.id, given, tuple(theorem.assume), theorem.claim, constants, theorem.declared))


def text(item: Any) -> str:
    """An expression, a formula or a proof, written out so that different ones have different texts. Raises TypeError for what is none."""
    if item is None or isinstance(item, bool | int | float | str):
        return f"{type(item).__name__}:{item!r}"
    if isinstance(item, tuple | list):
        return _call("tuple", item)
    if isinstance(item, sympy.Basic):
        return _basic(item)
    if is_dataclass(item) and not isinstance(item, type):
        return _call(type(item).__name__, [getattr(item, field.name) for field in fields(item)])
    raise TypeError(f"{item!r} is not part of a statement or a proof")


def _basic(expr: sympy.Basic) -> str:
    name = f"{type(expr).__name__!r}"
    if isinstance(expr, sympy.Symbol):
        told = ",".join(f"{key}={truth}" for key, truth in sorted(expr._assumptions_orig.items()))
        return f"{name}[{expr.name!r};{told};{getattr(expr, 'dummy_index', '')}]"
    if isinstance(expr, sympy.Float):
        return f"{name}[{expr._mpf_};{expr._prec}]"
    return _call(name, expr.args) if expr.args else f"{name}[{str(expr)!r}]"


def _call(name: str, parts: Any) -> str:
    return f"{name}({','.join(map(text, parts))})"
