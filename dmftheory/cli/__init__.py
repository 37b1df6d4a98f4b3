"""The command line. Options are texts for our own parser, answers go to standard output, progress and errors to standard error.

Exit codes: 0 all as declared; 1 something refuted, vacuous, ill-posed or below its declared verdict; 2 bad input, in one line;
3 two engines disagree; 130 interrupted. What a command needs is imported when it runs, so that `--help` answers at once.
"""

import os
import sys
from collections.abc import Callable, Sequence
from typing import Annotated

import typer
from typer.exceptions import TyperException

from dmftheory import __version__
from dmftheory.cli import commands, figures
from dmftheory.cli import landscape as landscape_command
from dmftheory.cli import stages as stages_command
from dmftheory.errors import InputError

Answer = Callable[[], int]

DONE, PIPE_CLOSED = 0, 141

app = typer.Typer(name="dmftheory", rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)

Depth = Annotated[str, typer.Option("--depth", metavar="N", help="Number of factors, an integer from 2 to 10^4.")]
Spectrum = Annotated[
    str | None, typer.Option("--spectrum", metavar="L1,L2,...", help="Eigenvalues of the target: integers, decimals, p/q.")
]
Matrix = Annotated[str | None, typer.Option("--matrix", metavar="FILE", help="Symmetric target matrix: .npy, .csv or .mtx.")]
Alpha = Annotated[str, typer.Option("--alpha", metavar="A", help="Every factor starts at A times the identity, A > 0.")]
Eta = Annotated[str, typer.Option("--eta", metavar="E|auto", help="Step size, or auto = 1/(N M^(2N-2)), M = max(alpha, ||target||^(1/N)).")]
Beta = Annotated[str, typer.Option("--beta", metavar="B", help="The first factor starts at (A - B) times the identity.")]
Format = Annotated[str | None, typer.Option("--format", metavar="FORMAT", help="How to print the answer; the first named is the default.")]


@app.callback(invoke_without_command=True)
def _main(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    """Theorems about gradient descent on deep matrix factorisation, settled; and the exact steps at which a matrix is learnt."""
    if version:
        typer.echo(f"dmftheory {__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def verify(
    targets: Annotated[list[str] | None, typer.Argument(metavar="[ID | PREFIX | FILE.py]...", help="Default: the whole corpus.")] = None,
    engine: Annotated[list[str] | None, typer.Option("--engine", metavar="E", help="Use only this engine; may be repeated.")] = None,
    budget: Annotated[str | None, typer.Option("--budget", metavar="SECONDS", help="Time for each statement.")] = None,
    seed: Annotated[str, typer.Option("--seed", metavar="N", help="Of the random draws.")] = "0",
    jobs: Annotated[str, typer.Option("--jobs", metavar="N", help="Processes.")] = "1",
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Settle again what is known, and keep nothing.")] = False,
    mutants: Annotated[bool, typer.Option("--mutants", help="Settle the mutants of the statements instead of the statements.")] = False,
    format: Format = None,
    out: Annotated[str | None, typer.Option("--out", metavar="PATH", help="Write the answer to this file.")] = None,
) -> Answer:
    """Settle statements.

    FORMAT is table, json or junit. Without a target the whole corpus is settled; a FILE.py is run to collect its statements.
    """
    if mutants:
        return lambda: commands.mutants(tuple(targets or ()), tuple(engine or ()), budget, seed, jobs, format, out)
    return lambda: commands.verify(tuple(targets or ()), tuple(engine or ()), budget, seed, jobs, not no_cache, format, out)


@app.command()
def transitions(
    depth: Depth,
    alpha: Alpha,
    eta: Eta,
    spectrum: Spectrum = None,
    matrix: Matrix = None,
    beta: Beta = "0",
    threshold: Annotated[str, typer.Option("--threshold", metavar="T", help="An eigenvalue is learnt at T times its target.")] = "1/2",
    tolerance: Annotated[str, typer.Option("--tolerance", metavar="EPS", help="Relative distance that a plateau allows.")] = "1/10",
    noise: Annotated[str | None, typer.Option("--noise", metavar="E", help="The target has noise of spectral norm at most E.")] = None,
    format: Format = None,
    plot: Annotated[str | None, typer.Option("--plot", metavar="FILE", help="Also draw it: .png, .svg or .pdf.")] = None,
) -> Answer:
    """When is each eigenvalue learnt?

    The exact first-passage steps, the plateaus of the effective rank and when to stop. FORMAT is table, json or csv.
    """
    problem: commands.Question = {"depth": depth, "spectrum": spectrum, "matrix": matrix, "alpha": alpha, "eta": eta, "beta": beta}
    return lambda: commands.transitions(problem, threshold, tolerance, noise, format, plot)


@app.command()
def simulate(
    depth: Depth,
    alpha: Alpha,
    eta: Eta,
    steps: Annotated[str, typer.Option("--steps", metavar="K", help="Number of gradient steps.")],
    spectrum: Spectrum = None,
    matrix: Matrix = None,
    beta: Beta = "0",
    digits: Annotated[str | None, typer.Option("--digits", metavar="D", help="Significant decimal digits (default 30).")] = None,
    certified: Annotated[bool, typer.Option("--certified", help="Print certified lower and upper bounds.")] = False,
    at: Annotated[str | None, typer.Option("--at", metavar="K1,K2,...", help="Only these steps.")] = None,
    format: Format = None,
) -> Answer:
    """The learnt eigenvalues, step by step.

    They are the eigenvalues of the product of the factors. FORMAT is csv, json or npz.
    """
    problem: commands.Question = {"depth": depth, "spectrum": spectrum, "matrix": matrix, "alpha": alpha, "eta": eta, "beta": beta}
    return lambda: commands.simulate(problem, steps, digits, certified, at, format)


@app.command()
def stages(
    depth: Depth,
    alpha: Alpha,
    eta: Eta,
    spectrum: Spectrum = None,
    matrix: Matrix = None,
    format: Format = None,
    plot: Annotated[str | None, typer.Option("--plot", metavar="FILE", help="Also draw it: .png, .svg or .pdf.")] = None,
) -> Answer:
    """Which stages does gradient descent pass, and are they separate?

    The exact steps at which the stages end, certified valleys between them, and the saddles visited there. FORMAT is table or json.
    """
    problem: commands.Question = {"depth": depth, "spectrum": spectrum, "matrix": matrix, "alpha": alpha, "eta": eta, "beta": "0"}
    return lambda: stages_command.stages(problem, format, plot)


@app.command()
def landscape(
    depth: Depth,
    spectrum: Spectrum = None,
    point: Annotated[str | None, typer.Option("--point", metavar="FILE", help="Factors (and target) in exact numbers: .json.")] = None,
    subset: Annotated[str | None, typer.Option("--subset", metavar="I,J,...", help="Keep these eigenvalues, counted from 1.")] = None,
    format: Format = None,
    plot: Annotated[str | None, typer.Option("--plot", metavar="FILE", help="Also draw it: .png, .svg or .pdf.")] = None,
) -> Answer:
    """What kind of critical point is it?

    Global minimum, strict saddle or non-strict saddle, with the signs of the Hessian's eigenvalues certified. Without --point and --subset:
    the points that keep the k largest positive eigenvalues. FORMAT is table or json.
    """
    return lambda: landscape_command.landscape(depth, spectrum, point, subset, format, plot)


@app.command()
def formula(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Without it, the names are listed.")] = None,
    depth: Annotated[str, typer.Option("--depth", metavar="N|symbolic", help="A fixed depth or the letter N.")] = "symbolic",
    order: Annotated[str | None, typer.Option("--order", metavar="P", help="Last order of an expansion (default 2).")] = None,
    format: Format = None,
) -> Answer:
    """A derived formula, ready to paste.

    FORMAT is latex, mathml, unicode, python or json.
    """
    return lambda: commands.formula(name, depth, order, format)


@app.command(name="list")
def list_(format: Format = None) -> Answer:
    """The statements of the corpus.

    FORMAT is table or json.
    """
    return lambda: commands.list_statements(format)


@app.command()
def show(name: Annotated[str, typer.Argument(metavar="ID")], format: Format = None) -> Answer:
    """One statement, its hypotheses and source.

    FORMAT is table, json or latex.
    """
    return lambda: commands.show(name, format)


@app.command()
def replay(
    token: Annotated[str, typer.Argument(metavar="TOKEN")],
    file: Annotated[str | None, typer.Argument(metavar="[FILE.py]", help="The file of the statement; it is run.")] = None,
    format: Format = None,
) -> Answer:
    """Decide a reported witness again.

    FORMAT is table or json.
    """
    return lambda: commands.replay(token, file, format)


@app.command()
def sharpen(
    name: Annotated[str, typer.Argument(metavar="ID")],
    file: Annotated[str | None, typer.Argument(metavar="[FILE.py]", help="The file of the statement; it is run.")] = None,
    constant: Annotated[str | None, typer.Option("--constant", metavar="NAME", help="A constant that the statement names.")] = None,
    tolerance: Annotated[str | None, typer.Option("--tolerance", metavar="T", help="Relative width to reach (default 1/1000).")] = None,
    budget: Annotated[str | None, typer.Option("--budget", metavar="SECONDS", help="Time for all of it (default 120).")] = None,
    format: Format = None,
) -> Answer:
    """The best value of a named constant.

    A bracket with a proof at one end and an exact counterexample at the other. FORMAT is table or json.
    """
    return lambda: commands.sharpen(name, constant, file, tolerance, budget, format)


@app.command()
def figure(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="One of those that --list names.")] = None,
    out: Annotated[str, typer.Option("--out", metavar="DIR", help="The folder to write to.")] = ".",
    seed: Annotated[str, typer.Option("--seed", metavar="N", help="Of the random matrices.")] = "0",
    list: Annotated[bool, typer.Option("--list", help="Print the names and what each shows.")] = False,
) -> Answer:
    """A figure of the documentation, drawn anew.

    Writes DIR/NAME.png, DIR/NAME.svg and the numbers, DIR/NAME.csv.
    """
    return lambda: figures.figure(name, out, seed, list)


@app.command()
def atlas(out: Annotated[str | None, typer.Option("--out", metavar="DIR")] = None) -> Answer:
    """A page for every statement (not built yet)."""
    raise InputError("command", "atlas", "verify, transitions, simulate, formula, list, show, replay or sharpen; atlas is not built yet")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; `argv` defaults to the arguments of the process."""
    try:
        # Typer only reads the arguments: what runs inside it has its interrupts and closed pipes turned into exits.
        answer = app(args=None if argv is None else list(argv), prog_name="dmftheory", standalone_mode=False)
        code = answer() if callable(answer) else DONE
        sys.stdout.flush()
        return code
    except InputError as error:
        return _complain(str(error))
    except TyperException as error:
        return _complain(" ".join(error.format_message().split()) + " Try 'dmftheory --help'.")
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return commands.INTERRUPTED
    except UnicodeEncodeError as error:
        return _complain(
            f"standard output cannot carry {error.object[error.start]!a}: set PYTHONIOENCODING=utf-8 or choose another --format"
        )
    except BrokenPipeError:
        # The reader has gone (`| head`): nothing may be written any more, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED


def _complain(line: str) -> int:
    sys.stderr.write(f"dmftheory: {line}\n")
    return commands.BAD_INPUT
