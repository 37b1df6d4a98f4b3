"""Where in its file a statement says something: the line of an argument of `Theorem`, of a variable in `given`, of a hypothesis."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

MAX_BYTES = 10**6
"""Beyond this a file is not read again for the sake of a line number."""


def line_of(origin: tuple[str, int], part: str, at: Any = None) -> int:
    """The line of what is meant, or that of the statement where the file does not show it.

    origin   file and line of the call;  part: an argument of Theorem;  at: a variable of `given` or `constants`, a place in `assume`
    """
    file, line = origin
    for call in _calls(file):
        if call.lineno <= line <= (call.end_lineno or line):
            value = next((keyword.value for keyword in call.keywords if keyword.arg == part), None)
            if value is None and part == "id" and call.args:
                value = call.args[0]
            if value is not None:
                return _inside(value, at).lineno
    return line


def _inside(value: ast.expr, at: Any) -> ast.expr:
    """The entry of a dictionary or list that is meant; the whole where it is not written out."""
    if isinstance(value, ast.Dict) and at is not None:
        return next((key for key in value.keys if key is not None and ast.unparse(key) == str(at)), value)
    if isinstance(value, ast.List | ast.Tuple) and isinstance(at, int) and at < len(value.elts):
        return value.elts[at]
    return value


def _calls(file: str) -> Iterator[ast.Call]:
    """The calls in a file that construct a statement, innermost first."""
    yield from sorted(_all_calls(file), key=lambda call: (call.end_lineno or call.lineno) - call.lineno)


@lru_cache(maxsize=16)
def _all_calls(file: str) -> tuple[ast.Call, ...]:
    path = Path(file)
    try:
        if not path.is_file() or path.stat().st_size > MAX_BYTES:
            return ()
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return ()
    names = ("Theorem", "Family")
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return tuple(c for c in calls if getattr(c.func, "id", getattr(c.func, "attr", "")) in names)
