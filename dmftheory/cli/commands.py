"""What each command does, once its options are texts: parse, ask, print, and say how it ended."""

import sys
from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, TypedDict

from dmftheory.errors import InputError
from dmftheory.exact import parse_depth, parse_integer, parse_list, parse_rational
from dmftheory.report.output import PIPE_WIDTH, busy, clean, console, to_json, write_file, write_text

if TYPE_CHECKING:
    from dmftheory.claims.verdict import Settled
    from dmftheory.engines.mutation import Assessed
    from dmftheory.verification import Reference

BAD_INPUT, INTERRUPTED = 2, 130
MAX_JOBS = 256
MAX_STEPS = 10**18
MAX_STATES = 10**6
DIGITS, MAX_DIGITS = 30, 3900
GUARD_DIGITS = 3  # so that a printed digit is wrong only where rounding a tie the other way is
NOT_BUILT = {"verify": ("html", "latex")}


class Question(TypedDict):
    """What `Problem.parse` takes, as texts."""

    depth: str
    spectrum: str | None
    matrix: str | None
    alpha: str
    eta: str
    beta: str


def verify(
    targets: Sequence[str],
    engines: Sequence[str],
    budget: str | None,
    seed: str,
    jobs: str,
    cache: bool,
    format: str | None,
    out: str | None,
) -> int:
    """Settle the statements named and report; after Ctrl-C, report those that are settled."""
    form = _format(format, ("table", "json", "junit"), NOT_BUILT["verify"])
    seconds = None if budget is None else _positive(budget, "--budget")
    start = parse_integer(seed, "--seed", 0)
    processes = parse_integer(jobs, "--jobs", 1, MAX_JOBS)
    from dmftheory.engines.settle import is_mistake
    from dmftheory.report import verification as report
    from dmftheory.report.progress import counted
    from dmftheory.verification import select, settle_each

    references = select(targets)
    results: list[Settled] = []
    files: list[str | None] = []
    interrupted = False
    try:
        for reference, result in counted(settle_each(references, engines, seconds, start, processes, cache), len(references), "settled"):
            results.append(result)
            files.append(reference.file)
            if result.disagreement:
                sys.stderr.write(f"stopped: engines disagree on {clean(result.id)}; {len(results)} of {len(references)} settled\n")
                break
    except KeyboardInterrupt:
        sys.stderr.write(f"interrupted: {len(results)} of {len(references)} settled\n")
        interrupted = True
    if form == "table":
        _draw(report.to_table(results, files, console().width if out is None else PIPE_WIDTH), out)
    else:
        _deliver(to_json(report.to_document(results)) if form == "json" else report.to_junit(results), out)
    if interrupted:
        return INTERRUPTED
    mistakes = [result for result in results if is_mistake(result)]
    for result in mistakes:
        sys.stderr.write(f"dmftheory: {clean(result.id)}: {clean(result.reason or 'not a statement')}\n")
    return report.exit_code(results) if not mistakes else BAD_INPUT


def mutants(
    targets: Sequence[str], engines: Sequence[str], budget: str | None, seed: str, jobs: str, format: str | None, out: str | None
) -> int:
    """Settle the mutants of the statements named and report; after Ctrl-C, report those that are settled."""
    form = _format(format, ("table", "json"))
    if engines:
        raise InputError("--engine", ", ".join(engines), "nothing together with --mutants, which uses all engines")
    seconds = None if budget is None else _positive(budget, "--budget")
    start = parse_integer(seed, "--seed", 0)
    processes = parse_integer(jobs, "--jobs", 1, MAX_JOBS)
    from dmftheory.mutation import assess_each
    from dmftheory.report import mutation as report
    from dmftheory.report.progress import counted
    from dmftheory.verification import select

    references = select(targets)
    found: dict[Reference, Assessed] = {}
    interrupted = False
    try:
        for reference, result in counted(assess_each(references, seconds, start, processes), len(references), "statements assessed"):
            found[reference] = result
    except KeyboardInterrupt:
        sys.stderr.write(f"interrupted: {len(found)} of {len(references)} statements assessed\n")
        interrupted = True
    results = [found[reference] for reference in references if reference in found]
    if form == "table":
        _draw(report.to_table(results), out)
    else:
        _deliver(to_json(report.to_document(results)), out)
    if interrupted:
        return INTERRUPTED
    mistakes = [result for result in results if result.mistake]
    for result in mistakes:
        sys.stderr.write(f"dmftheory: {clean(result.id)}: {clean(result.reason or 'not a statement')}\n")
    return report.exit_code(results) if not mistakes else BAD_INPUT


def transitions(problem: Question, threshold: str, tolerance: str, noise: str | None, format: str | None, plot: str | None) -> int:
    """Print the passages and plateaus of one problem and when to stop, and draw them on request."""
    form = _format(format, ("table", "json", "csv"))
    from dmftheory.report import transitions as report

    if plot is not None:
        from dmftheory.report.plots import plot_format

        plot_format(plot)
    from dmftheory.passage import transitions as ask
    from dmftheory.problem import Problem

    with busy("iterating"):
        posed = Problem.parse(**problem)
        answer = ask(posed, threshold, tolerance, noise=noise)
    _warn(posed.warnings)
    if plot is not None:  # before the answer, which `| head` may cut short
        from dmftheory.report.plots import draw_transitions

        with busy("drawing"):
            draw_transitions(answer, plot)
    document = answer.to_json()
    if form == "table":
        _draw(report.to_table(document), None)
    else:
        write_text(to_json(document) if form == "json" else report.to_csv(document))
    return 0


def simulate(problem: Question, steps: str, digits: str | None, certified: bool, at: str | None, format: str | None) -> int:
    """Print the states of one problem at every step up to the last, or at the steps named."""
    form = _format(format, ("csv", "json", "npz"))
    last = parse_integer(steps, "--steps", 0, MAX_STEPS)
    if certified and digits is not None:
        raise InputError("--certified", "it together with --digits", f"one of them (bounds have {DIGITS} digits)")
    count = DIGITS if digits is None else parse_integer(digits, "--digits", 1, MAX_DIGITS)
    if form == "npz" and sys.stdout.isatty():
        raise InputError("--format", "npz on a terminal", "npz into a file or a pipe: ... --format npz > FILE.npz")
    named = range(last + 1) if at is None else _steps(at, last)
    from dmftheory.problem import Problem
    from dmftheory.report import simulation as report
    from dmftheory.trajectory import snapshots

    posed = Problem.parse(**problem)
    if len(named) * len(posed.spectrum) > MAX_STATES:
        raise InputError("--steps", steps, f"at most {MAX_STATES} states (steps times eigenvalues), or --at with the steps wanted")
    _warn(posed.warnings)
    number = report.printer(count, certified)
    # Lines on a terminal are their own progress.
    with nullcontext() if form == "csv" and sys.stdout.isatty() else busy("iterating"):
        states = snapshots(posed, named, count + GUARD_DIGITS)
        if form == "csv":
            for line in report.to_csv(posed, states, number, certified):
                sys.stdout.write(line)
        elif form == "json":
            write_text(to_json(report.to_document(posed, states, number, count, certified)))
        else:
            sys.stdout.buffer.write(report.to_npz(states, certified))
    return 0


def formula(name: str | None, depth: str, order: str | None, format: str | None) -> int:
    """Print one formula, or the list of their names."""
    form = _format(format, ("latex", "mathml", "unicode", "python", "json"))
    level = None if depth == "symbolic" else parse_depth(depth)
    terms = None if order is None else parse_integer(order, "--order", 0)
    from dmftheory.model.formulas import FORMULAS
    from dmftheory.report import formulas as report

    if name is None:
        write_text("\n".join(f"{key:<{max(map(len, FORMULAS))}}  {entry.title}" for key, entry in FORMULAS.items()))
        return 0
    if name not in FORMULAS:
        raise InputError("NAME", name, ", ".join(FORMULAS))
    with busy("deriving"):
        equation = FORMULAS[name].at(level, terms)
    if form == "json":
        write_text(to_json(report.to_document(name, FORMULAS[name], level, terms, equation)))
    else:
        write_text(report.to_text(equation, form))
    return 0


def list_statements(format: str | None) -> int:
    """Print the corpus."""
    form = _format(format, ("table", "json"))
    from dmftheory.report import statements as report
    from dmftheory.verification import statements

    corpus = statements(None)
    if form == "json":
        write_text(to_json(report.to_list(corpus)))
    else:
        _draw(report.to_table(corpus), None)
    return 0


def show(name: str, format: str | None) -> int:
    """Print one statement of the corpus."""
    form = _format(format, ("table", "json", "latex"))
    from dmftheory.report import statements as report
    from dmftheory.verification import find

    statement = find(name)
    if form == "table":
        write_text(report.to_page(statement))
    else:
        write_text(to_json(report.to_document(statement)) if form == "json" else report.to_latex(statement))
    return 0


def replay(token: str, file: str | None, format: str | None) -> int:
    """Decide one instance again; 0 if it is as its statement declares, else 1."""
    form = _format(format, ("table", "json"))
    from dmftheory.engines.replay import replay as decide
    from dmftheory.verification import statements

    known = statements(file)
    found = decide(token, known)
    write_text(to_json({"schema": "dmftheory.replay/1", **found.to_document()}) if form == "json" else _lines(found.to_text()))
    declared = next(statement.declared for statement in known if statement.id == found.id.partition("[")[0])
    return 0 if found.outcome == ("fails" if declared == "refuted" else "holds") else 1


def sharpen(name: str, constant: str | None, file: str | None, tolerance: str | None, budget: str | None, format: str | None) -> int:
    """Bracket the best value of a constant; 0 if the bracket is as narrow as asked, else 1."""
    form = _format(format, ("table", "json"))
    seconds = None if budget is None else _positive(budget, "--budget")
    width = None if tolerance is None else parse_rational(tolerance, "--tolerance")
    if width is not None and not 0 < width < 1:
        raise InputError("--tolerance", tolerance or "", "a relative width between 0 and 1")
    from dmftheory.claims import Theorem
    from dmftheory.engines import sharpen as engine
    from dmftheory.proofs import library, proofs
    from dmftheory.report import sharpen as report
    from dmftheory.verification import find

    statement = find(name, file)
    if not isinstance(statement, Theorem):
        raise InputError("ID", name, "a single theorem, not a family")
    found = engine.sharpen(
        statement,
        constant or "",
        engine.TOLERANCE if width is None else width,
        engine.SECONDS if seconds is None else seconds,
        library(),
        proofs(),
        tell=_progress,
    )
    write_text(to_json(report.to_document(found)) if form == "json" else report.to_text(found, file))
    return report.exit_code(found)


def _progress(line: str) -> None:
    sys.stderr.write(f"{clean(line)}\n")


def _lines(text: str) -> str:
    return "\n".join(clean(line) for line in text.splitlines())


def _format(value: str | None, built: Sequence[str], planned: Sequence[str] = ()) -> str:
    if value is None:
        return built[0]
    if value not in built:
        waiting = f" ({', '.join(planned)}: not built yet)" if planned else ""
        raise InputError("--format", value, ", ".join(built) + waiting)
    return value


def _steps(text: str, last: int) -> list[int]:
    """The steps named, once each and in order."""
    named = parse_list(text, "--at")
    if any(step.denominator != 1 or not 0 <= step <= last for step in named):
        raise InputError("--at", text, f"steps from 0 to {last}, the last one of --steps")
    return sorted({int(step) for step in named})


def _positive(text: str, argument: str) -> float:
    value = parse_rational(text, argument)
    # Only a waiting time, which decides nothing; a year is longer than anyone waits.
    if not 0 < value <= 366 * 86400:
        raise InputError(argument, text, "a number of seconds above 0, at most a year")
    return float(value)


def _warn(warnings: Sequence[str]) -> None:
    for warning in warnings:
        sys.stderr.write(f"warning: {clean(warning)}\n")


def _draw(parts: Sequence[object], out: str | None) -> None:
    """Draw tables and lines on standard output or, without colour, into a file."""
    screen = console()
    if out is None:
        for part in parts:
            screen.print(part, soft_wrap=isinstance(part, str))
        return
    from io import StringIO

    from rich.console import Console

    page = Console(file=StringIO(), width=PIPE_WIDTH, markup=False, highlight=False, emoji=False)
    with page.capture() as captured:
        for part in parts:
            page.print(part, soft_wrap=isinstance(part, str))
    write_file(out, captured.get().encode(), "--out")


def _deliver(text: str, out: str | None) -> None:
    if out is None:
        write_text(text)
    else:
        write_file(out, text.encode(), "--out")
