"""Hypothesis profiles, and the guard that no test leaves another precision behind.

`pytest --hypothesis-profile deep` or DMFTHEORY_PROFILE=deep chooses; otherwise `ci` where CI is set and `quick` elsewhere.
`quick` and `ci` draw the same cases on every run; `deep` draws new ones and remembers its failures.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("quick", max_examples=25, derandomize=True, database=None, deadline=None)
settings.register_profile("ci", max_examples=100, derandomize=True, database=None, deadline=None)
settings.register_profile("deep", max_examples=2000, derandomize=False, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("DMFTHEORY_PROFILE") or ("ci" if os.environ.get("CI") else "quick"))

# No test may pass because of what a run before it has kept; those of the ledger name a place of their own.
os.environ["DMFTHEORY_CACHE"] = ""

# A shell that starts us in the background has Ctrl-C ignored, and so would every process that a test interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Both libraries start at the precision of a double.
INITIAL_BITS = 53
PRECISIONS: dict[str, Callable[[Any], Any]] = {"flint": lambda module: module.ctx, "mpmath": lambda module: module.mp}


@pytest.fixture(autouse=True)
def same_precision_after_the_test() -> Iterator[None]:
    """Fails the test that leaves flint's or mpmath's working precision changed, and repairs it for the next one."""
    yield
    changed = {}
    for name, context_of in PRECISIONS.items():
        if name in sys.modules:
            context = context_of(sys.modules[name])
            if context.prec != INITIAL_BITS:
                changed[name] = context.prec
                context.prec = INITIAL_BITS
    assert not changed, f"left the working precision changed (bits): {changed}"
