"""Work in other processes that can be killed: each loads what it needs once, and then does one task after the other.

Neither z3 nor FLINT can be interrupted from within, so the process that waits keeps the clock. Tasks and answers go through pipes as lines
of JSON. A worker is the head of its own session: Ctrl-C at a terminal does not reach it, killing it takes along what it has started, and it
kills itself when the pipe of its tasks is closed, so that none is left behind whatever happens to the process that waits.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import sys
import time
import traceback
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import wait
from queue import SimpleQueue
from threading import Thread
from typing import Any

Tell = Callable[[Any], None]
Work = Callable[[Any, Tell], Any]
"""From a task to its answer, both plain data; it may tell before what it has so far."""

BOOT = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from dmftheory.workers import _begin; _begin(*sys.argv[2:])"
MEMORY_SHARE = 0.4  # of the machine's memory for one process; a task that wants more fails, and not the machine
GRACE = 1.0  # seconds in which a process that has closed its pipe ends by itself
FOREVER = float("inf")


@dataclass(frozen=True)
class Outcome:
    """What became of a task: its answer, or in `why` the reason that there is none; and the last thing it told."""

    task: int
    answer: Any = None
    told: Any = None
    why: str | None = None


def run_each(
    work: str | Work, setting: Any, tasks: Sequence[Any], jobs: int, seconds: float | None = None
) -> Generator[Outcome, None, None]:
    """The outcome of every task, as they come.

    work      'module:name' of a function from the setting to a Work, for new processes; or a Work, for forked copies of this process
    setting   plain data;  tasks: plain data;  jobs: processes at most
    seconds   for one task, from when a process is ready for it; then the process is killed, and another one takes its place
    A process that dies is replaced as well, and its own task alone has no answer. Closing the iterator kills them all.
    """
    waiting = deque(range(len(tasks)))
    crew: list[_Worker] = []
    try:
        while waiting or any(worker.task is not None for worker in crew):
            while waiting and len(crew) < min(jobs, len(tasks)):
                crew.append(_Worker(work, setting, crew))
            for worker in crew:
                if worker.task is None and waiting:
                    place = waiting.popleft()
                    worker.give(place, tasks[place], seconds)
            yield from _heard(crew)
            for worker in tuple(crew):
                why = worker.lost or (f"ran out of {seconds:g} seconds" if seconds and time.monotonic() > worker.deadline else None)
                if why is not None:
                    crew.remove(worker)
                    worker.end()
                    if worker.task is not None:
                        yield Outcome(worker.task, told=worker.told, why=why)
    finally:
        for worker in crew:
            worker.end()


def _heard(crew: Sequence[_Worker]) -> Iterator[Outcome]:
    """Wait until something arrives or the nearest deadline is there; the answers among what has arrived."""
    nearest = min(worker.deadline for worker in crew)
    ends = {worker.answers: worker for worker in crew if worker.task is not None}
    for end in wait(list(ends), None if nearest == FOREVER else max(0.0, nearest - time.monotonic())):
        assert isinstance(end, int)
        yield from ends[end].hear()


class _Worker:
    """One process, the two pipes to it, and what it is doing."""

    def __init__(self, work: str | Work, setting: Any, others: Sequence[_Worker]) -> None:
        theirs, self.orders = os.pipe()
        self.answers, replies = os.pipe()
        if isinstance(work, str):
            self.pid = _spawn(work, setting, theirs, replies)
        else:
            self.pid = _fork(work, theirs, replies, [end for worker in (self, *others) for end in (worker.orders, worker.answers)])
        os.close(theirs)
        os.close(replies)
        self.task: int | None = None
        self.told: Any = None
        self.lost: str | None = None
        self.deadline = FOREVER
        self._seconds: float | None = None
        self._ready = False
        self._begun = b""
        self._code: int | None = None

    def give(self, task: int, order: Any, seconds: float | None) -> None:
        """Hand over a task; its time begins when the process is ready for it."""
        self.task, self.told, self._seconds = task, None, seconds
        if self._ready:
            self._start_clock()
        with suppress(BrokenPipeError):  # it has died, which `hear` will find
            os.write(self.orders, _line(order))

    def hear(self) -> Iterator[Outcome]:
        """Read what has arrived, or find that the process has ended."""
        arrived = os.read(self.answers, 1 << 16)
        if not arrived:
            self.lost = self._obituary()
            return
        *lines, self._begun = (self._begun + arrived).split(b"\n")
        for line in lines:
            match json.loads(line):
                case {"ready": True}:
                    self._start_clock()
                case {"told": told}:
                    self.told = told
                case {"answer": answer}:
                    yield self._done(answer, None)
                case {"error": str(why)}:
                    yield self._done(None, why)

    def end(self) -> None:
        """Kill the process with all that it has started, and close the pipes."""
        if self._code is None:
            for kill in (os.killpg, os.kill):  # it may not have come to head its session yet
                with suppress(ProcessLookupError):
                    kill(self.pid, signal.SIGKILL)
            self._wait(0)
        os.close(self.orders)
        os.close(self.answers)

    def _start_clock(self) -> None:
        self._ready = True
        self.deadline = FOREVER if self._seconds is None else time.monotonic() + self._seconds

    def _done(self, answer: Any, why: str | None) -> Outcome:
        assert self.task is not None
        outcome = Outcome(self.task, answer, self.told, why)
        self.task, self.deadline = None, FOREVER
        return outcome

    def _obituary(self) -> str:
        """How the process ended; it is killed if it only closed its pipe."""
        end = time.monotonic() + GRACE
        while not self._wait(os.WNOHANG) and time.monotonic() < end:
            time.sleep(0.01)
        if self._code is None:
            return "the process that worked on it closed its pipe"
        if self._code >= 0:
            return f"the process that worked on it ended with exit code {self._code}"
        hint = " (was it out of memory?)" if self._code == -signal.SIGKILL else ""
        return f"the process that worked on it was ended by {signal.Signals(-self._code).name}{hint}"

    def _wait(self, options: int) -> bool:
        done, status = os.waitpid(self.pid, options)
        if done:
            self._code = os.waitstatus_to_exitcode(status)
        return bool(done)


def _spawn(work: str, setting: Any, orders: int, replies: int) -> int:
    """A new process; what it prints goes to standard error."""
    command = [sys.executable, "-P", "-c", BOOT, json.dumps(sys.path), work, json.dumps(setting), str(orders), str(replies)]
    for end in (orders, replies):
        os.set_inheritable(end, True)
    files = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0), (os.POSIX_SPAWN_DUP2, 2, 1)]
    return os.posix_spawn(sys.executable, command, os.environ, file_actions=files, setsid=True)


def _fork(work: Work, orders: int, replies: int, foreign: Sequence[int]) -> int:
    """A copy of this process, for work on what only this process has."""
    with warnings.catch_warnings():
        # Python 3.12 warns of threads that the copy lacks. A copy that hangs for want of them runs out of its time.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        for end in foreign:
            os.close(end)
        os.dup2(2, 1)
        sys.stdout = sys.stderr
        _serve(lambda: work, orders, replies)
    finally:
        os._exit(1)


def _begin(work: str, setting: str, orders: str, replies: str) -> None:
    """Where a new process begins."""

    def prepared() -> Work:
        module, _, name = work.partition(":")
        made: Work = getattr(importlib.import_module(module), name)(json.loads(setting))
        return made

    _serve(prepared, int(orders), int(replies))


def _serve(prepare: Callable[[], Work], orders: int, replies: int) -> None:
    """Do the tasks that come; end when there will be no more. What goes wrong in a task is its answer."""
    _limit_memory()
    tasks: SimpleQueue[Any] = SimpleQueue()
    Thread(target=_listen, args=(orders, tasks), daemon=True).start()
    try:
        work = prepare()
    except (Exception, SystemExit) as error:
        work = _refusing(_said(error))
    with open(replies, "wb", buffering=0) as stream:
        stream.write(_line({"ready": True}))
        while True:
            task = tasks.get()
            try:
                message = {"answer": work(task, lambda told: _send(stream, {"told": told}))}
            except (Exception, SystemExit) as error:
                message = {"error": _said(error)}
            _send(stream, message)


def _limit_memory() -> None:
    """Let an allocation fail before the system kills a process of its own choice."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = int(MEMORY_SHARE * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    resource.setrlimit(resource.RLIMIT_DATA, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _listen(orders: int, tasks: SimpleQueue[Any]) -> None:
    with open(orders, "rb") as stream:
        for line in stream:
            tasks.put(json.loads(line))
    os.killpg(0, signal.SIGKILL)


def _send(stream: Any, message: Any) -> None:
    rest = memoryview(_line(message))
    while rest:
        rest = rest[stream.write(rest) :]


def _line(data: Any) -> bytes:
    return json.dumps(data).encode() + b"\n"


def _refusing(why: str) -> Work:
    def work(task: Any, tell: Tell) -> Any:
        raise RuntimeError(why)

    return work


def _said(error: BaseException) -> str:
    """What an error says and where, in one line."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({os.path.basename(frames[-1].filename)}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:300] + where
