"""The one error that untrusted input may raise: it names the argument, the value and what is accepted."""


class InputError(ValueError):
    """Bad input from a person: one line, exit code 2 at the command line.

    The text is `ARGUMENT: got VALUE; accepted: ACCEPTED`, with the value shortened and its control characters replaced, so that it
    can be printed to a terminal as it is.
    """

    def __init__(self, argument: str, value: object, accepted: str) -> None:
        self.argument, self.value, self.accepted = argument, value, accepted
        super().__init__(f"{argument}: got {_shown(value)}; accepted: {accepted}")


def _shown(value: object, limit: int = 60) -> str:
    text = value if isinstance(value, str) else repr(value)
    text = "".join(c if c.isprintable() else "?" for c in text[: limit + 1])
    return "an empty value" if not text else text if len(text) <= limit else text[: limit - 3] + "..."
