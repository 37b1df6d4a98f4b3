"""Reading a real symmetric matrix from a file, exactly."""

from fractions import Fraction


def read_symmetric(path: str, argument: str = "--matrix") -> tuple[tuple[Fraction, ...], ...]:
    raise NotImplementedError
