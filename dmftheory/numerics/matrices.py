"""Reading a real symmetric matrix from a file, exactly.

Symmetry. Exact data (.csv, .mtx, and .npy of integers) must be exactly symmetric. Floats (.npy) come out of rounded computations: A[i,j]
and A[j,i] may differ by at most 2^-40 times the largest |entry|, and the matrix read is then exactly (A + A^T)/2.
"""

import os
import stat
from collections.abc import Sequence
from decimal import Context, Decimal
from fractions import Fraction

from dmftheory.errors import InputError
from dmftheory.numerics.matrix_formats import MAX_SIZE, Decoded, decode_csv, decode_mtx, decode_npy

MAX_BYTES = 2**25
"""The longest matrix file that is read."""

ROUNDING = Fraction(1, 2**40)
"""The largest asymmetry allowed between floats, relative to the largest |entry|."""

_SHOWN_PATH = 50
_DECODERS = {".npy": decode_npy, ".csv": decode_csv, ".mtx": decode_mtx}
_ACCEPTED_FILE = f"a .npy, .csv or .mtx file of at most {MAX_BYTES} bytes with a real symmetric matrix, at most {MAX_SIZE} x {MAX_SIZE}"


def read_symmetric(path: str, argument: str = "--matrix") -> tuple[tuple[Fraction, ...], ...]:
    """Read a symmetric n x n matrix, n <= 256, from a .npy, .csv or .mtx file as rows of exact rationals.

    .npy: version 1 or 2, two-dimensional, real floats of up to 64 bits or integers; nothing is ever unpickled, and the file must be as long
    as its header says. .csv: a row per line, numbers as the command line takes them, lines that start with # skipped. .mtx: Matrix Market,
    array or coordinate, real or integer, general or symmetric. The module says what counts as symmetric.
    Raises InputError, naming `argument` and, counted from 1, the row and column at fault.
    """
    decode = _DECODERS.get(os.path.splitext(path)[1].lower())
    if decode is None:
        raise InputError(argument, _tail(path), _ACCEPTED_FILE)
    decoded = decode(_content(path, argument), argument)
    return _symmetric(decoded, argument)


def _content(path: str, argument: str) -> bytes:
    """Return the bytes of a regular file; opening without blocking keeps a named pipe from holding the program up."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a file name"
        raise InputError(argument, _tail(path), f"{_ACCEPTED_FILE} ({reason})") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise InputError(argument, _tail(path), f"{_ACCEPTED_FILE} (this is not a regular file)")
        if status.st_size > MAX_BYTES:
            raise InputError(argument, _tail(path), f"{_ACCEPTED_FILE} (this one has {status.st_size})")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(status.st_size)
    finally:
        os.close(descriptor)


def _tail(path: str) -> str:
    """Return the end of a long path: that is where its name is."""
    return path if len(path) <= _SHOWN_PATH else "..." + path[-_SHOWN_PATH:]


def _symmetric(decoded: Decoded, argument: str) -> tuple[tuple[Fraction, ...], ...]:
    rows = decoded.rows
    allowed = ROUNDING * max(abs(entry) for row in rows for entry in row) if decoded.rounded else Fraction(0)
    rule = "at most 2^-40 of the largest entry apart" if decoded.rounded else "exactly equal"
    for i, row in enumerate(rows):
        for j in range(i):
            if abs(row[j] - rows[j][i]) > allowed:
                shown = f"row {i + 1}, column {j + 1}: {_both(row[j], rows[j][i])}"
                raise InputError(argument, shown, f"a symmetric matrix: mirrored entries {rule}")
    return _mean_with_transpose(rows) if decoded.rounded else tuple(tuple(row) for row in rows)


def _mean_with_transpose(rows: Sequence[Sequence[Fraction]]) -> tuple[tuple[Fraction, ...], ...]:
    return tuple(tuple((entry + rows[j][i]) / 2 for j, entry in enumerate(row)) for i, row in enumerate(rows))


def _both(entry: Fraction, mirrored: Fraction) -> str:
    """Describe two different numbers, briefly, but never alike."""
    first, second = _brief(entry), _brief(mirrored)
    return f"{first}, mirrored {second}" if first != second else f"{first}, mirrored off by {_brief(abs(mirrored - entry), 2)}"


def _brief(q: Fraction, digits: int = 9) -> str:
    context = Context(prec=digits)
    return str(context.divide(Decimal(q.numerator), Decimal(q.denominator)).normalize(context))
