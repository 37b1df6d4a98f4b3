"""Matrix files are read exactly; whatever is not a real symmetric matrix is refused with the place at fault."""

import os
import pickle
import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dmftheory.errors import InputError
from dmftheory.numerics.matrices import MAX_BYTES, read_symmetric
from dmftheory.numerics.matrix_formats import decode_csv, decode_mtx, decode_npy

EXACT = ((Fraction(2), Fraction(-1, 3)), (Fraction(-1, 3), Fraction(1, 10)))


def write(folder: Path, name: str, content: bytes | str) -> str:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def npy(descr: str, shape: str, data: bytes, *, version: int = 1, fortran: str = "False") -> bytes:
    header = f"{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(header)) + header + data


def saved(folder: Path, array: np.ndarray, **options: bool) -> str:
    path = folder / "saved.npy"
    np.save(path, array, **options)
    return str(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plain.csv", "2,-1/3\n-1/3,0.1\n"),
        ("UPPER.CSV", "# a comment\r\n 2 , -2/6\r\n\r\n-1/3, 1e-1\r\n"),
        ("array.mtx", "%%MatrixMarket matrix array real general\n% note\n2 2\n2\n-1/3\n-1/3\n0.1\n"),
        ("lower.mtx", "%%MatrixMarket matrix array real symmetric\n2 2\n2\n-1/3\n.1"),
        ("sparse.mtx", "%%matrixmarket MATRIX Coordinate Real Symmetric\n2 2 3\n2 1 -1/3\n2 2 1e-1\n1 1 2e0\n"),
        ("full.mtx", "%%MatrixMarket matrix coordinate real general\n2 2 4\n1 1 2\n1 2 -1/3\n2 1 -1/3\n2 2 .1\n"),
    ],
)
def test_text_formats_are_read_exactly(tmp_path: Path, name: str, content: str) -> None:
    assert read_symmetric(write(tmp_path, name, content)) == EXACT


def test_entries_left_out_of_a_coordinate_file_are_zero(tmp_path: Path) -> None:
    path = write(tmp_path, "a.mtx", "%%MatrixMarket matrix coordinate integer symmetric\n3 3 1\n3 1 7\n")
    assert read_symmetric(path) == tuple(tuple(map(Fraction, row)) for row in ((0, 0, 7), (0, 0, 0), (7, 0, 0)))


@pytest.mark.parametrize("kind", ["<f8", ">f8", "<f4", "<f2", "<i8", ">i4", "i1", "<u2"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_npy_of_every_real_type_is_read_exactly(tmp_path: Path, kind: str, order: str) -> None:
    array = np.array([[3, 1, 0], [1, 5, 2], [0, 2, 7]], dtype=kind, order=order)  # type: ignore[call-overload]
    if array.dtype.kind == "f":
        array = array / array.dtype.type(8)
    assert read_symmetric(saved(tmp_path, array)) == tuple(tuple(Fraction(float(x)) for x in row) for row in array)


def test_fortran_order_is_respected_before_symmetry_is_judged(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="row 2, column 1: 2, mirrored 5"):
        read_symmetric(saved(tmp_path, np.asfortranarray([[1, 5], [2, 1]])))


def test_long_integers_in_npy_are_not_rounded(tmp_path: Path) -> None:
    assert read_symmetric(saved(tmp_path, np.array([[2**63 - 1]]))) == ((Fraction(2**63 - 1),),)


def test_float_asymmetry_within_two_to_the_minus_40_is_averaged_exactly(tmp_path: Path) -> None:
    edge = 8 * 2.0**-40  # the largest |entry| is 8
    kept = read_symmetric(saved(tmp_path, np.array([[8.0, 1.0 + edge], [1.0, -8.0]])))
    assert kept[0][1] == kept[1][0] == 1 + Fraction(4, 2**40)
    with pytest.raises(InputError, match=r"row 2, column 1: 1, mirrored off by 7\.3E-12; .* 2\^-40"):
        read_symmetric(saved(tmp_path, np.array([[8.0, np.nextafter(1.0 + edge, 2.0)], [1.0, -8.0]])))


def test_exact_data_must_be_exactly_symmetric(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^--matrix: got row 2, column 1: 0.1, mirrored 0.11; accepted: .* exactly equal$"):
        read_symmetric(write(tmp_path, "a.csv", "1,0.11\n0.1,1\n"))
    with pytest.raises(InputError, match=r"column 1: 0\.5, mirrored off by 1E-30"):
        read_symmetric(write(tmp_path, "a.csv", f"1,0.5{'0' * 28}1\n0.5{'0' * 29},1\n"))
    with pytest.raises(InputError, match=r"row 3, column 2: 4, mirrored 5"):
        read_symmetric(saved(tmp_path, np.array([[1, 2, 3], [2, 1, 5], [3, 4, 1]])))
    with pytest.raises(InputError, match=r"row 2, column 1: 2, mirrored 1; .* exactly equal"):
        read_symmetric(saved(tmp_path, np.array([[2**50, 1], [2, 2**50]])))


ONE = struct.pack("<d", 1.0)
MTX = "%%MatrixMarket matrix "
REFUSED: dict[str, tuple[str, bytes | str, str]] = {
    "unknown kind of file": ("a.txt", "1", "got .*a.txt; accepted: a .npy, .csv or .mtx file"),
    "csv empty": ("a.csv", "", "got no rows; accepted: a square matrix"),
    "csv only comments": ("a.csv", "# nothing\n\n", "got no rows; accepted: a square matrix"),
    "csv not square": ("a.csv", "1,2,3\n2,1,3\n", "row 1 of 2 with 3 entries"),
    "csv ragged": ("a.csv", "1,2\n2\n", "row 2 of 2 with 1 entries"),
    "csv too large": ("a.csv", ("0," * 256 + "0\n") * 257, "got more than 256 rows; accepted: a square matrix"),
    "csv empty cell": ("a.csv", "1,\n2,1\n", "row 1, column 2: ; accepted: an integer"),
    "csv nan": ("a.csv", "nan", "row 1, column 1: nan; accepted: an integer"),
    "csv inf": ("a.csv", "1,2\n2,-inf", "row 2, column 2: -inf; accepted"),
    "csv 1/0": ("a.csv", "1/0", "row 1, column 1: 1/0; accepted"),
    "csv complex": ("a.csv", "1+2j", r"row 1, column 1: 1\+2j; accepted"),
    "csv word": ("a.csv", "a,b\n1,2\n", "row 1, column 1: a; accepted"),
    "csv not ascii": ("a.csv", b"1,\xff\n", "the byte 0xff at position 3; accepted: a .csv file of ASCII"),
    "csv null": ("a.csv", b"1\0", r"row 1, column 1: 1\?; accepted"),
    "csv absurd exponent": ("a.csv", "1e999999999", "row 1, column 1: 1e999999999; accepted"),
    "csv exponent beyond its size": ("a.csv", ("1e99999," * 63 + "1e99999\n") * 64, "column 1: 1e99999; .* in a 64 x 64 matrix, no more"),
    "csv of a million lines": ("a.csv", "0\n" * 10**6, "got more than 256 rows"),
    "mtx empty": ("a.mtx", "", "line 1: ; accepted: a Matrix Market file"),
    "mtx complex": ("a.mtx", MTX + "coordinate complex hermitian\n1 1 1\n1 1 1 0\n", "line 1: .*complex"),
    "mtx pattern": ("a.mtx", MTX + "coordinate pattern symmetric\n1 1 1\n1 1\n", "line 1: .*pattern"),
    "mtx skew": ("a.mtx", MTX + "array real skew-symmetric\n1 1\n", "line 1: .*skew"),
    "mtx no size": ("a.mtx", MTX + "array real general\n", "a size line of 2 integers"),
    "mtx bad size": ("a.mtx", MTX + "array real general\nx 1\n", "--matrix line 2: got x; accepted: an integer"),
    "mtx huge size": ("a.mtx", MTX + "coordinate real general\n1e9 1e9 1\n", "a 1000000000 x 1000000000 matrix"),
    "mtx not square": ("a.mtx", MTX + "array real general\n1 2\n1\n2\n", "a 1 x 2 matrix"),
    "mtx too short": ("a.mtx", MTX + "array real general\n2 2\n1\n2\n2\n", "3 entries, where 4 were announced"),
    "mtx too long": ("a.mtx", MTX + "array real general\n1 1\n1\n2\n", "line 4: got 2; accepted: one entry per line, 1 in all"),
    "mtx lying count": ("a.mtx", MTX + "coordinate real general\n2 2 5\n1 1 1\n", "1 entries, where 5 were announced"),
    "mtx outside": ("a.mtx", MTX + "coordinate real general\n2 2 1\n3 1 1\n", "line 3: got 3; accepted: an integer from 1 to 2"),
    "mtx twice": ("a.mtx", MTX + "coordinate real general\n2 2 2\n1 1 1\n1 1 2\n", "line 4: got row 1, column 1; .* each place once"),
    "mtx above": ("a.mtx", MTX + "coordinate real symmetric\n2 2 1\n1 2 1\n", "row 1, column 2; accepted: .* lower triangle"),
    "mtx words": ("a.mtx", MTX + "coordinate real general\n2 2 1\n1 1\n", "line 3: got 1 1; accepted: a row, a column and an entry"),
    "mtx fraction in integers": ("a.mtx", MTX + "array integer general\n1 1\n0.5\n", "row 1, column 1: 0.5; accepted: integers"),
    "mtx long line": ("a.mtx", MTX + "array real general\n1 1\n" + "0 " * 10**6, "line 3: got 0 0 0.*; accepted: one entry per line"),
    "mtx nan": ("a.mtx", MTX + "array real general\n1 1\nnan\n", "row 1, column 1: nan"),
    "npy empty": ("a.npy", b"", "does not start like a .npy file"),
    "npy is text": ("a.npy", b"1,2\n2,1\n", "does not start like a .npy file"),
    "npy is a pickle": ("a.npy", pickle.dumps([[1.0]]), "does not start like a .npy file"),
    "npy version 3": ("a.npy", npy("'<f8'", "(1, 1)", ONE, version=3), "does not start like a .npy file"),
    "npy header cut off": ("a.npy", npy("'<f8'", "(1, 1)", ONE)[:20], "a .npy header of"),
    "npy header too long": ("a.npy", b"\x93NUMPY\x01\x00\xff\xff" + b" " * 70000, "a .npy header of 65535 bytes"),
    "npy objects": ("a.npy", npy("'|O'", "(1, 1)", pickle.dumps([[1]])), r"the .npy header \{'descr': '\|O'"),
    "npy structured": ("a.npy", npy("[('a', '<f8')]", "(1, 1)", ONE), "the .npy header"),
    "npy complex": ("a.npy", npy("'<c16'", "(1, 1)", ONE * 2), "the .npy header .*c16.*; accepted: .* real floats"),
    "npy text": ("a.npy", npy("'<U2'", "(1, 1)", ONE), "the .npy header .*U2"),
    "npy booleans": ("a.npy", npy("'|b1'", "(1, 1)", b"\1"), "the .npy header .*b1"),
    "npy long doubles": ("a.npy", npy("'<f16'", "(1, 1)", ONE * 2), "the .npy header .*f16"),
    "npy vector": ("a.npy", npy("'<f8'", "(1,)", ONE), "the .npy header .*; accepted: .* two-dimensional"),
    "npy three axes": ("a.npy", npy("'<f8'", "(1, 1, 1)", ONE), "the .npy header"),
    "npy code in the header": ("a.npy", npy("__import__('os')", "(1, 1)", ONE), "the .npy header"),
    "npy field given twice": ("a.npy", npy("'<f8', 'descr': '<f8'", "(1, 1)", ONE), "the .npy header"),
    "npy not square": ("a.npy", npy("'<f8'", "(1, 2)", ONE * 2), "a 1 x 2 matrix; accepted: a square matrix"),
    "npy no entries": ("a.npy", npy("'<f8'", "(0, 0)", b""), "a 0 x 0 matrix"),
    "npy absurd shape": ("a.npy", npy("'<f8'", "(999999, 999999)", ONE), "a 999999 x 999999 matrix"),
    "npy too short": ("a.npy", npy("'<f8'", "(2, 2)", ONE * 3), "promises 32 bytes, and then 24"),
    "npy too long": ("a.npy", npy("'<f8'", "(1, 1)", ONE * 2), "promises 8 bytes, and then 16"),
    "npy nan": ("a.npy", npy("'<f8'", "(1, 1)", struct.pack("<d", float("nan"))), "row 1, column 1: nan; accepted: finite"),
    "npy inf": ("a.npy", npy("'<f8'", "(2, 2)", ONE * 3 + struct.pack("<d", float("-inf"))), "row 2, column 2: -inf; accepted: finite"),
}


@pytest.mark.parametrize(("name", "content", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_a_bad_file_is_refused_in_one_line(tmp_path: Path, name: str, content: bytes | str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read_symmetric(write(tmp_path, name, content))
    text = str(caught.value)
    assert text.startswith("--matrix") and ": got " in text and "; accepted: " in text and text.isprintable()


def test_numpy_pickles_are_refused_without_being_opened(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
            return os.mkdir, (str(tmp_path / "sprung"),)

    path = saved(tmp_path, np.array([[Trap()]], dtype=object), allow_pickle=True)
    with pytest.raises(InputError):
        read_symmetric(path)
    assert not (tmp_path / "sprung").exists()
    np.load(path, allow_pickle=True)
    assert (tmp_path / "sprung").exists(), "the trap itself does not work"


def test_only_regular_files_of_bounded_size_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "zero.npy").symlink_to("/dev/zero")
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    reasons = {
        "pipe.csv": "not a regular file",
        "folder.csv": "regular file|directory",
        "zero.npy": "not a regular file",
        "large.csv": f"this one has {MAX_BYTES + 1}",
        "missing.csv": "No such file",
        "null\0.csv": "not a file name",
    }
    for name, reason in reasons.items():
        with pytest.raises(InputError, match=reason):
            read_symmetric(str(tmp_path / name))


@settings(suppress_health_check=[HealthCheck.differing_executors])
@given(st.binary(max_size=200), st.sampled_from([b"", npy("'<f8'", "(1, 1)", b""), (MTX + "array real general\n1 1\n").encode()]))
def test_arbitrary_bytes_give_a_matrix_or_an_input_error(junk: bytes, start: bytes) -> None:
    for decode in (decode_npy, decode_csv, decode_mtx):
        try:
            decoded = decode(start + junk, "--matrix")
        except InputError as error:
            assert str(error).isprintable()
        else:
            assert all(len(row) == len(decoded.rows) for row in decoded.rows)
