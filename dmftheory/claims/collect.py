"""Statements out of a Python file."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from hashlib import sha256
from pathlib import Path

from dmftheory.claims.theorem import Family, Theorem, collect
from dmftheory.errors import InputError

FILE = "FILE.py"
REMEDIES = {
    "cannot determine truth value": "a <= b <= c, `and`, `or`, `not` ask for true or false: write And(a <= b, b <= c), Or, Not",
    "Invalid comparison of non-real": "a claim compares real numbers: look for I, zoo or the root of a negative number",
    "unhashable type": "given={symbol: set}: a variable is a Symbol",
    "unexpected keyword argument": "Theorem takes id, title, given, claim, assume, declared, constants, source, provenance, proof",
}
"""What to do about errors that Python or SymPy raise while a statement is built, by the words that they contain."""


class FileError(InputError):
    """A Python file of statements that does not run: `FILE:LINE: what went wrong there`."""

    def __init__(self, place: str, what: str) -> None:
        super().__init__(FILE, place, "a file that runs")
        self.args = (f"{place}: {what}",)


def load(path: str | Path) -> tuple[Theorem | Family, ...]:
    """Every Theorem and Family bound at the top level of a Python file, alone or in a list or tuple, once each and in order.

    This runs the file, with all rights of the person who asks: do not load what you would not run. It is run as a module of a private
    name, so that two files of one name do not meet. Raises InputError for something that is not a regular .py file and for any error in
    running it, with file and line.
    """
    file = Path(path)
    if file.suffix != ".py" or not file.is_file():
        raise InputError(FILE, str(path), "a regular Python file, NAME.py")
    name = f"_dmftheory_statements_{sha256(bytes(file.resolve())).hexdigest()[:16]}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise InputError(FILE, str(path), "a regular Python file, NAME.py")
    module = importlib.util.module_from_spec(spec)
    # Registered while it runs, as dataclasses and pickling inside the file expect.
    sys.modules[name] = module
    writes = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        spec.loader.exec_module(module)
    except KeyboardInterrupt:
        del sys.modules[name]
        raise
    except BaseException as error:  # a stranger's file may raise anything
        del sys.modules[name]
        raise FileError(_where(error, file), _what(error)) from error
    finally:
        sys.dont_write_bytecode = writes
    return _told_apart(collect(vars(module).values()))


def _told_apart(items: tuple[Theorem | Family, ...]) -> tuple[Theorem | Family, ...]:
    """The statements, each that uses the id of an earlier one replaced by one that says so: ids are what replay lines go by."""
    first: dict[str, Theorem | Family] = {}
    return tuple(item if first.setdefault(item.id, item) is item else _taken(item, first[item.id]) for item in items)


def _taken(item: Theorem | Family, earlier: Theorem | Family) -> Theorem:
    mistaken = Theorem(item.id, title=item.title, declared=item.declared)
    object.__setattr__(mistaken, "origin", item.origin)
    object.__setattr__(mistaken, "mistake", f"the id {item.id!r} is taken by the statement of line {earlier.origin[1]}: choose another")
    return mistaken


def _where(error: BaseException, file: Path) -> str:
    """file:line of the error: the last line of the file itself that was running."""
    if isinstance(error, SyntaxError) and error.lineno is not None:
        return f"{file}:{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if Path(frame.filename).resolve() == file.resolve()]
    return f"{file}:{lines[-1]}" if lines else str(file)


def _what(error: BaseException) -> str:
    """The kind of error and its text, in one line of printable characters; a bare exit is named as such."""
    text = " ".join("".join(c if c.isprintable() else " " for c in str(error)).split())
    if isinstance(error, SyntaxError):
        text = f"{error.msg}" + (f" in `{' '.join((error.text or '').split())}`" if error.text else "")
    remedy = next((f" ({words})" for sign, words in REMEDIES.items() if sign in text), "")
    return f"{type(error).__name__}: {text[:300]}{remedy}" if text else type(error).__name__
