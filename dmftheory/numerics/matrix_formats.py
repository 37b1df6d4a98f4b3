"""Decoders for matrix files: bytes from anywhere in, a square matrix of exact rationals out.

Sizes are checked before anything is built from them, and no decoder evaluates what it reads. Errors count rows, columns and lines from 1.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from io import StringIO
from itertools import islice
from math import isfinite

import numpy as np

from dmftheory.errors import InputError
from dmftheory.exact import RATIONAL, parse_integer, parse_rational
from dmftheory.numerics.eigenvalues import MAX_WORK

MAX_SIZE = 256
"""The largest n for which an n x n matrix is read: its exact characteristic polynomial takes about half a minute."""

_SQUARE = f"a square matrix, from 1 x 1 to {MAX_SIZE} x {MAX_SIZE}"
_NPY = "a .npy file of version 1 or 2 with a two-dimensional array of integers or of real floats of 16, 32 or 64 bits"
_CSV = "a .csv file of ASCII text, one row of comma-separated numbers per line"
_MTX = "a Matrix Market file: 'matrix', array or coordinate, real or integer, general or symmetric, a size line and then the entries"

_MOST_WORDS = 6  # one more than any line of a Matrix Market file needs

_MAGIC = b"\x93NUMPY"
_MAX_HEADER = 1024
_PAIR = r"\s*'(descr|fortran_order|shape)'\s*:\s*('[^'\\]*'|True|False|\([0-9, ]*\))\s*"
_NPY_HEADER = re.compile(rf"\{{{_PAIR},{_PAIR},{_PAIR},?\s*\}}\s*")
_NPY_TYPE = re.compile(r"'([<>=|]?(?:f[248]|[iu][1248]))'")
_NPY_SHAPE = re.compile(r"\(\s*([0-9]{1,6})\s*,\s*([0-9]{1,6})\s*,?\s*\)")


@dataclass(frozen=True)
class Decoded:
    """A square matrix as read: its rows, and whether its entries are floats that carry rounding errors."""

    rows: list[list[Fraction]]
    rounded: bool = False


def decode_npy(content: bytes, argument: str) -> Decoded:
    """Decode a .npy file. The header is matched against the one form that a plain array has, so that nothing can be unpickled."""
    width = {b"\x01\x00": 2, b"\x02\x00": 4}.get(content[6:8])
    if content[:6] != _MAGIC or width is None:
        raise InputError(argument, "a file that does not start like a .npy file of version 1 or 2", _NPY)
    start = 8 + width
    end = start + int.from_bytes(content[8:start], "little")
    if end - start > _MAX_HEADER or end > len(content):
        raise InputError(argument, f"a .npy header of {end - start} bytes", f"{_NPY}, with a whole header of at most {_MAX_HEADER} bytes")
    kind, fortran, (height, columns) = _npy_header(content[start:end].decode("latin-1"), argument)
    _require_square(height, columns, argument)
    if len(content) - end != height * columns * kind.itemsize:
        promised = f"a header that promises {height * columns * kind.itemsize} bytes, and then {len(content) - end}"
        raise InputError(argument, promised, "a .npy file as long as its header says")
    entries = np.frombuffer(content, dtype=kind, offset=end).reshape((height, columns), order="F" if fortran else "C").tolist()
    for i, j in ((i, j) for i in range(height) for j in range(columns) if not isfinite(entries[i][j])):
        raise InputError(argument, f"row {i + 1}, column {j + 1}: {entries[i][j]}", "finite entries")
    return Decoded([[Fraction(entry) for entry in row] for row in entries], rounded=kind.kind == "f")


def decode_csv(content: bytes, argument: str) -> Decoded:
    """Decode comma-separated exact numbers, a row per line; blank lines and lines that start with # are skipped."""
    rows = (line for _, line in _lines(content, argument, _CSV) if not line.startswith("#"))
    lines = list(islice(rows, MAX_SIZE + 1))
    size = len(lines)
    if not 1 <= size <= MAX_SIZE:
        raise InputError(argument, f"more than {MAX_SIZE} rows" if size else "no rows", _SQUARE)
    for i, line in enumerate(lines, 1):
        if line.count(",") + 1 != size:
            raise InputError(argument, f"row {i} of {size} with {line.count(',') + 1} entries", _SQUARE)
    return Decoded([[_entry(cell, i, j, size, argument) for j, cell in enumerate(line.split(","))] for i, line in enumerate(lines)])


def decode_mtx(content: bytes, argument: str) -> Decoded:
    """Decode a Matrix Market file. Its numbers are read exactly; a symmetric one holds the lower triangle only, as the format says."""
    lines = _lines(content, argument, _MTX)
    _, banner = next(lines, (1, ""))
    words = banner.lower().split(maxsplit=_MOST_WORDS)
    allowed = [["%%matrixmarket"], ["matrix"], ["array", "coordinate"], ["real", "integer"], ["general", "symmetric"]]
    if len(words) != len(allowed) or any(word not in choice for word, choice in zip(words, allowed, strict=True)):
        raise InputError(argument, f"line 1: {banner}", _MTX)
    body = ((number, line.split(maxsplit=_MOST_WORDS)) for number, line in lines if not line.startswith("%"))
    number, sizes = next(body, (1, []))
    coordinate, integer, symmetric = (words[2] == "coordinate", words[3] == "integer", words[4] == "symmetric")
    if len(sizes) != 2 + coordinate:
        raise InputError(argument, f"line {number}: {' '.join(sizes)}", f"a size line of {2 + coordinate} integers")
    height, columns, *count = (parse_integer(word, f"{argument} line {number}", 0, 2**31) for word in sizes)
    _require_square(height, columns, argument)
    places = _triangle(height) if symmetric else [(i, j) for j in range(height) for i in range(height)]
    entries = _coordinate_entries(body, set(places), height, argument) if coordinate else _array_entries(body, places, argument)
    rows = [[Fraction(0)] * height for _ in range(height)]
    filled = 0
    for (i, j), cell in entries:
        rows[i][j] = _entry(cell, i, j, height, argument, integer=integer)
        filled += 1
        if symmetric:
            rows[j][i] = rows[i][j]
    promised = count[0] if coordinate else len(places)
    if filled != promised:
        raise InputError(argument, f"{filled} entries, where {promised} were announced", "as many entries as the size line says")
    return Decoded(rows)


def _npy_header(header: str, argument: str) -> tuple[np.dtype[np.generic], bool, tuple[int, int]]:
    matched = _NPY_HEADER.fullmatch(header)
    fields = dict(zip(matched.groups()[::2], matched.groups()[1::2], strict=True)) if matched else {}
    kind = _NPY_TYPE.fullmatch(fields.get("descr", ""))
    shape = _NPY_SHAPE.fullmatch(fields.get("shape", ""))
    fortran = fields.get("fortran_order", "")
    if kind is None or shape is None or fortran not in ("True", "False"):
        raise InputError(argument, f"the .npy header {header.strip()}", _NPY)
    return np.dtype(kind[1]), fortran == "True", (int(shape[1]), int(shape[2]))


def _coordinate_entries(
    body: Iterator[tuple[int, list[str]]], places: set[tuple[int, int]], size: int, argument: str
) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the place and text of each entry; `places` are those still free."""
    for number, words in body:
        where = f"{argument} line {number}"
        if len(words) != 3:
            raise InputError(where, " ".join(words), "a row, a column and an entry")
        place = (parse_integer(words[0], where, 1, size) - 1, parse_integer(words[1], where, 1, size) - 1)
        if place not in places:
            raise InputError(where, f"row {words[0]}, column {words[1]}", "each place once, and only the lower triangle if symmetric")
        places.remove(place)
        yield place, words[2]


def _array_entries(
    body: Iterator[tuple[int, list[str]]], places: list[tuple[int, int]], argument: str
) -> Iterator[tuple[tuple[int, int], str]]:
    free = iter(places)
    for number, words in body:
        place = next(free, None)
        if place is None or len(words) != 1:
            raise InputError(f"{argument} line {number}", " ".join(words), f"one entry per line, {len(places)} in all")
        yield place, words[0]


def _triangle(size: int) -> list[tuple[int, int]]:
    """Return the places of the lower triangle, column by column."""
    return [(i, j) for j in range(size) for i in range(j, size)]


def _entry(cell: str, i: int, j: int, size: int, argument: str, *, integer: bool = False) -> Fraction:
    """Read one cell; what no matrix of this size may hold is refused here, before many of them fill the memory."""
    allowed = MAX_WORK // size**4
    try:
        value = parse_rational(cell, argument)
    except InputError as error:
        raise InputError(argument, f"row {i + 1}, column {j + 1}: {cell}", error.accepted) from None
    if integer and value.denominator != 1:
        raise InputError(argument, f"row {i + 1}, column {j + 1}: {cell}", "integers, as the file announces")
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > allowed:
        accepted = f"{RATIONAL}; in a {size} x {size} matrix, no more than {allowed} bits in numerator and denominator"
        raise InputError(argument, f"row {i + 1}, column {j + 1}: {cell}", accepted)
    return value


def _lines(content: bytes, argument: str, accepted: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, with their numbers."""
    try:
        text = content.decode("ascii")
    except UnicodeDecodeError as error:
        raise InputError(argument, f"the byte {content[error.start]:#04x} at position {error.start + 1}", accepted) from None
    for number, line in enumerate(StringIO(text, newline=None), 1):
        if stripped := line.strip(" \t\n"):
            yield number, stripped


def _require_square(height: int, columns: int, argument: str) -> None:
    if height != columns or not 1 <= height <= MAX_SIZE:
        raise InputError(argument, f"a {height} x {columns} matrix", _SQUARE)
