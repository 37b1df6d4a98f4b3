"""`dmftheory stages`: parse, ask, print."""

from dmftheory.cli import commands
from dmftheory.report.output import busy, to_json, write_text


def stages(problem: commands.Question, format: str | None, plot: str | None) -> int:
    """Print the stages of one problem, and draw them on request."""
    form = commands._format(format, ("table", "json"))
    if plot is not None:
        from dmftheory.report.plots import plot_format

        plot_format(plot)
    from dmftheory.problem import Problem
    from dmftheory.stages import stages as ask

    with busy("iterating"):
        posed = Problem.parse(**problem)
        answer = ask(posed)
    commands._warn(posed.warnings)
    if plot is not None:  # before the answer, which `| head` may cut short
        from dmftheory.report.stages import draw_stages

        with busy("drawing"):
            draw_stages(answer, plot)
    document = answer.to_json()
    if form == "table":
        from dmftheory.report.stages import to_table

        commands._draw(to_table(document), None)
    else:
        write_text(to_json(document))
    return 0
