"""Reading the factors of a matrix factorisation from a JSON file, exactly: nothing is evaluated, and no number is ever a float.

`{"factors": [W_1, ..., W_N], "target": T}`, each a list of rows; an entry is a number or a text that the command line would take ("1/3",
"1e-3"), or a root "root(-2,0,1;1,2)". The target may be left out. A JSON number such as 0.1 is read as its decimal digits say.
"""

from __future__ import annotations

import json
import os
import stat
from typing import Any

from dmftheory.errors import InputError
from dmftheory.exact import MAX_DEPTH, parse_rational
from dmftheory.numerics.algebraic import Number, from_text, is_root_text

MAX_BYTES = 2**20
MAX_DIMENSION = 64
MAX_ENTRY_BITS = 4096
"""Of the numerator and denominator of a rational entry."""

_ACCEPTED = (
    f'a JSON file of at most {MAX_BYTES} bytes, {{"factors": [W_1, ..., W_N], "target": T}}, each matrix a list of rows of exact numbers, '
    f"at most {MAX_DIMENSION} x {MAX_DIMENSION}"
)

Matrix = tuple[tuple[Number, ...], ...]


def read_point(path: str, argument: str = "--point") -> tuple[tuple[Matrix, ...], Matrix | None]:
    """The factors, W_1 first, and the target, None where the file has none. Raises InputError, naming `argument` and the entry at fault."""
    document = _document(path, argument)
    if not isinstance(document, dict) or not {"factors"} <= document.keys() <= {"factors", "target"}:
        raise InputError(argument, path, _ACCEPTED)
    listed = document["factors"]
    if not isinstance(listed, list) or not 2 <= len(listed) <= MAX_DEPTH:
        raise InputError(argument, f"{path}: factors", f"a list of 2 to {MAX_DEPTH} matrices, W_1 first")
    factors = tuple(_matrix(rows, f"W_{j}", argument) for j, rows in enumerate(listed, 1))
    target = _matrix(document["target"], "target", argument) if "target" in document else None
    return factors, target


def _document(path: str, argument: str) -> Any:
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
                raise InputError(argument, path, _ACCEPTED)
            # Numbers stay texts, for our own parser.
            return json.loads(file.read().decode("ascii"), parse_int=str, parse_float=str, parse_constant=str)
    except (OSError, ValueError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        reason = error.strerror if isinstance(error, OSError) else "not JSON"
        raise InputError(argument, path, f"{_ACCEPTED} ({reason})") from None


def _matrix(rows: Any, name: str, argument: str) -> Matrix:
    shaped = isinstance(rows, list) and 0 < len(rows) <= MAX_DIMENSION and all(isinstance(row, list) for row in rows)
    if not shaped or not 0 < len(rows[0]) <= MAX_DIMENSION or any(len(row) != len(rows[0]) for row in rows):
        raise InputError(argument, name, f"a list of 1 to {MAX_DIMENSION} rows of one length, from 1 to {MAX_DIMENSION}")
    return tuple(
        tuple(_entry(cell, f"{argument} {name} row {i} column {j}") for j, cell in enumerate(row, 1)) for i, row in enumerate(rows, 1)
    )


def _entry(cell: Any, where: str) -> Number:
    if not isinstance(cell, str):
        raise InputError(where, cell, "a number, or a text that is one")
    value = from_text(cell, where) if is_root_text(cell) else parse_rational(cell, where)
    rational = value if not hasattr(value, "rational") else value.rational
    if rational is not None and max(rational.numerator.bit_length(), rational.denominator.bit_length()) > MAX_ENTRY_BITS:
        raise InputError(where, cell, f"a number of at most {MAX_ENTRY_BITS} bits")
    return value if rational is None else rational
