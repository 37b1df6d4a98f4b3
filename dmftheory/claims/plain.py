"""A verdict as plain data (what JSON holds) and back, every value checked: for what comes out of a file or another process."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from dmftheory.claims.verdict import ORDER, Settled


def to_plain(settled: Settled) -> dict[str, Any]:
    """The verdict as dictionaries, lists, texts and numbers."""
    return asdict(settled)


def from_plain(data: Any) -> Settled:
    """The verdict that `to_plain` wrote. Raises ValueError for anything else: a missing or foreign part, another type, no known verdict."""
    settled: Settled = _read(Settled, data, "verdict")
    for word in (settled.verdict, *(evidence.verdict for evidence in settled.evidence)):
        if word not in ORDER:
            raise ValueError(f"{word!r} is no verdict")
    if settled.samples < 0 or any(evidence.seconds < 0 for evidence in settled.evidence):
        raise ValueError("a number is negative")
    return settled


def _read(kind: Any, data: Any, where: str) -> Any:
    """`data` as a value of a type: texts, numbers, tuples, optional ones and dataclasses of them."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return None if data is None and NoneType in arguments else _read(next(a for a in arguments if a is not NoneType), data, where)
    if origin is tuple and isinstance(data, list | tuple):
        kinds = [arguments[0]] * len(data) if arguments[1:] == (...,) else arguments
        if len(kinds) == len(data):
            return tuple(_read(k, item, where) for k, item in zip(kinds, data, strict=True))
    if isinstance(kind, type) and is_dataclass(kind) and isinstance(data, Mapping) and set(data) == {field.name for field in fields(kind)}:
        hints = _hints(kind)
        return kind(**{name: _read(hints[name], item, f"{where}.{name}") for name, item in data.items()})
    if kind is float and ((type(data) is float and math.isfinite(data)) or (type(data) is int and abs(data) < 2**53)):
        return float(data)
    if kind in (str, int, bool) and type(data) is kind:
        return data
    raise ValueError(f"{where} is not {kind}")


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
