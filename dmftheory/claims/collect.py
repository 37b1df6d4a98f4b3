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
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise InputError(FILE, str(path), f"a file that runs ({_where(error, file)}: {_what(error)})") from error
    finally:
        sys.dont_write_bytecode = writes
    return collect(vars(module).values())


def _where(error: BaseException, file: Path) -> str:
    """file:line of the error: the last line of the file itself that was running."""
    if isinstance(error, SyntaxError) and error.lineno is not None:
        return f"{file}:{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if Path(frame.filename).resolve() == file.resolve()]
    return f"{file}:{lines[-1]}" if lines else str(file)


def _what(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}"[:300]
