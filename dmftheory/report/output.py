"""Where answers go: standard output, a file that appears whole or not at all, and progress on standard error."""

import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from dmftheory.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

# Wide enough for every table of ours, for output that goes to a file or a pipe and so has no width of its own.
PIPE_WIDTH = 180
PATIENCE = 1.0  # seconds of silence before progress is shown


def clean(text: str) -> str:
    """`text` with every control or otherwise unprintable character replaced, safe for a terminal and for XML."""
    return "".join(c if c.isprintable() else "?" for c in text)


def brief(exact: str, limit: int = 20, digits: int = 6) -> str:
    """An exact number (or a decimal) for a reader: itself where it is short, else `digits` significant digits after a sign that says so."""
    if len(exact) <= limit:
        return exact
    from decimal import Context, Decimal

    numerator, _, denominator = exact.partition("/")
    rounding = Context(prec=digits)
    return f"≈ {rounding.divide(Decimal(numerator), Decimal(denominator or 1)).normalize(rounding)}"


def console(*, stderr: bool = False) -> "Console":
    """A terminal or pipe to draw on; markup in texts is never interpreted."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(file=stream, markup=False, highlight=False, emoji=False, width=None if stream.isatty() else PIPE_WIDTH)


def table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: Sequence[str] = (),
    wrap: Sequence[str] = (),
    styles: Sequence[str] | None = None,
) -> "Table":
    """A plain table: column names, cells, the columns set flush right, those that may take several lines, a colour per row."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for heading in headings:
        drawn.add_column(
            heading,
            justify="right" if heading in right else "left",
            no_wrap=heading not in wrap,
            overflow="fold" if heading in wrap else "ellipsis",
        )
    for number, row in enumerate(rows):
        drawn.add_row(*(Text(clean(cell)) for cell in row), style=styles[number] if styles else None)
    return drawn


def to_json(document: Any) -> str:
    """`document` as indented ASCII JSON; a float that JSON cannot hold is an error."""
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def write_text(text: str) -> None:
    """Print an answer, with the line end it needs and no other."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def write_file(path: str, data: bytes, argument: str) -> None:
    """Put `data` at `path` so that a reader sees the old file or the whole new one. Raises InputError naming `argument`."""
    target = Path(path)
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        # mkstemp makes a private file; an answer gets the rights that the person's umask gives.
        mask = os.umask(0)
        os.umask(mask)
        Path(temporary).chmod(0o666 & ~mask)
        Path(temporary).replace(target)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(argument, path, f"a file that can be written here ({reason})") from None
    finally:
        if temporary:
            with suppress(FileNotFoundError):
                os.unlink(temporary)


@contextmanager
def busy(message: str) -> Iterator[None]:
    """Say on standard error, after a second, that `message` is going on; nothing for quicker work."""
    done = Event()
    watcher = Thread(target=_announce, args=(message, done), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _announce(message: str, done: Event) -> None:
    if done.wait(PATIENCE):
        return
    if not sys.stderr.isatty():
        sys.stderr.write(f"{message} ...\n")
        return
    with console(stderr=True).status(clean(message)):
        done.wait()
