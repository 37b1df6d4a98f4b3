"""Workers: answers come back, time is kept by killing, deaths are reported and made good, and nobody is left behind."""

import faulthandler
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dmftheory.workers import Outcome, Tell, Work, run_each


def prepare(setting: Any) -> Work:
    """What the new processes of these tests do; the setting is an offset."""
    if setting == "broken":
        raise ValueError("nothing\nworks")

    def work(task: Any, tell: Tell) -> Any:
        return deed(task, tell, setting)

    return work


def deed(task: Any, tell: Tell, offset: int = 0) -> Any:
    """A number is answered, a word obeyed."""
    match task:
        case int():
            return task + offset
        case "pid":
            return os.getpid()
        case "hang":
            tell("one")
            tell("two")
            while True:
                time.sleep(0.01)
        case "child":
            subprocess.Popen(["sleep", "60"])
            tell([os.getpid(), os.getpgid(0)])
            time.sleep(60)
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "segfault":
            faulthandler.disable()
            os.kill(os.getpid(), signal.SIGSEGV)
        case "leave":
            os._exit(7)
        case "exit":
            raise SystemExit(3)
        case "large":
            return "x" * 3_000_000
        case "greedy":
            return len(bytearray(int(0.9 * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))))
    raise KeyError(task)


WAYS: dict[str, str | Work] = {"spawned": f"{__name__}:prepare", "forked": deed}


@pytest.fixture(params=list(WAYS))
def each(request: pytest.FixtureRequest) -> Callable[..., list[Outcome]]:
    """run_each to its end, in the order of the tasks, for both kinds of worker."""

    def run(tasks: list[Any], jobs: int = 1, seconds: float | None = None) -> list[Outcome]:
        return sorted(run_each(WAYS[request.param], 0, tasks, jobs, seconds), key=lambda outcome: outcome.task)

    return run


def alive(pid: int) -> bool:
    """Whether a process runs (one that is dead and not buried does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def in_session(session: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and alive(int(entry.name)):
            try:
                found += [int(entry.name)] if os.getsid(int(entry.name)) == session else []
            except ProcessLookupError:
                continue
    return found


def gone(pids: list[int], seconds: float = 10.0) -> bool:
    """Whether the processes end within some time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and any(map(alive, pids)):
        time.sleep(0.02)
    return not any(map(alive, pids))


@pytest.mark.parametrize("jobs", [1, 3, 9])
def test_every_task_is_answered(each: Callable[..., list[Outcome]], jobs: int) -> None:
    assert each(list(range(7)), jobs) == [Outcome(n, n) for n in range(7)]


def test_no_tasks_start_no_process(each: Callable[..., list[Outcome]]) -> None:
    assert each([]) == []


def test_process_stays_and_its_setting_is_loaded_once() -> None:
    first, *more = [outcome.answer for outcome in run_each(WAYS["spawned"], 5, ["pid", "pid", "pid"], 1)]
    assert [first] * 2 == more
    assert [outcome.answer for outcome in run_each(WAYS["spawned"], 5, [1], 1)] == [6]


def test_long_answers_come_whole(each: Callable[..., list[Outcome]]) -> None:
    assert each(["large"])[0].answer == "x" * 3_000_000


def test_memory_that_is_not_to_be_had_costs_one_task_only(each: Callable[..., list[Outcome]]) -> None:
    greedy, after = each(["greedy", 1])
    assert greedy.why is not None
    assert greedy.why.startswith("MemoryError")
    assert after == Outcome(1, 1)


def test_time_is_kept_by_killing_and_the_others_go_on(each: Callable[..., list[Outcome]]) -> None:
    start = time.monotonic()
    assert each(["hang", 1, "hang", 2], seconds=0.5) == [
        Outcome(0, told="two", why="ran out of 0.5 seconds"),
        Outcome(1, 1),
        Outcome(2, told="two", why="ran out of 0.5 seconds"),
        Outcome(3, 2),
    ]
    assert time.monotonic() - start > 1.0


@pytest.mark.parametrize(
    ("task", "why"), [("die", "SIGKILL"), ("segfault", "SIGSEGV"), ("leave", "exit code 7"), ("exit", "SystemExit: 3"), ("odd", "KeyError")]
)
def test_death_is_reported_for_its_task_alone(each: Callable[..., list[Outcome]], task: str, why: str) -> None:
    one, two, three = each([1, task, 3])
    assert (one, three) == (Outcome(0, 1), Outcome(2, 3))
    assert two.why is not None
    assert why in two.why


def test_worker_that_cannot_prepare_says_why_for_each_task() -> None:
    outcomes = list(run_each(WAYS["spawned"], "broken", [1, 2], 1))
    assert [outcome.answer for outcome in outcomes] == [None, None]
    assert all("nothing works" in (outcome.why or "") for outcome in outcomes)


def test_what_a_worker_started_dies_with_it(each: Callable[..., list[Outcome]]) -> None:
    (outcome,) = each(["child"], seconds=0.7)
    pid, group = outcome.told
    assert pid == group
    assert gone([pid, *in_session(pid)])
    assert in_session(pid) == []


def test_closing_kills_all(each: Callable[..., list[Outcome]]) -> None:
    for work in WAYS.values():
        running = run_each(work, 0, ["pid", "hang"], 2)
        pid = next(running).answer
        assert alive(pid)
        running.close()
        assert not alive(pid)


SCRIPT = """
import sys
from dmftheory.workers import run_each
import test_workers
for outcome in run_each({work}, 0, ["pid", "pid", "hang", "hang"], 2):
    print(outcome.answer, flush=True)
"""


@pytest.mark.parametrize("work", ["'test_workers:prepare'", "test_workers.deed"])
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_workers_end_with_the_process_that_waits(work: str, end: signal.Signals) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    command = [sys.executable, "-c", SCRIPT.format(work=work)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        workers = [int(process.stdout.readline()) for _ in range(2)]
        process.send_signal(end)
        process.wait(10)
        assert gone(workers)
        assert ("KeyboardInterrupt" in process.stderr.read()) == (end is signal.SIGINT)
