"""One question about one matrix: depth, spectrum, initialisation and step size, all exact."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, pairwise
from numbers import Rational
from operator import index
from os import PathLike, fspath
from typing import SupportsIndex

from dmftheory.errors import InputError
from dmftheory.exact import MAX_BITS, MAX_DEPTH, MAX_ITEMS, RATIONAL, format_rational, parse_depth, parse_list, parse_rational
from dmftheory.numerics.eigenvalues import Eigenvalue, compare, symmetric_eigenvalues
from dmftheory.numerics.matrices import read_symmetric
from dmftheory.numerics.step_bounds import StepBound

Exact = str | Fraction | SupportsIndex
"""What the Python API takes for a number: text, a rational or an integer of any library; never a float."""

_EXACT_NUMBER = "text such as '0.01', an int or a Fraction (a float has already been rounded)"
_DEPTH = f"an integer from 2 to {MAX_DEPTH}"
_POSITIVE = "a number > 0: "
_SHOWN = 12
_SHOWN_BITS = 1000


@dataclass(frozen=True)
class Problem:
    """Gradient descent with step size eta on N factors, from alpha I (the first one from (alpha - beta) I), towards a symmetric matrix.

    `spectrum` holds the matrix's eigenvalues in decreasing order, with multiplicity. beta = 0 is identical initialisation, 0 < beta < alpha
    perturbed identical initialisation. `warnings` has one line for each bound that eta exceeds. Raises InputError for values outside this.
    """

    depth: int
    spectrum: tuple[Eigenvalue, ...]
    alpha: Fraction
    eta: Fraction
    beta: Fraction = Fraction(0)
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.depth, int):
            raise InputError("--depth", self.depth, _DEPTH)
        if not 2 <= self.depth <= MAX_DEPTH:
            raise InputError("--depth", _described(Fraction(self.depth)), _DEPTH)
        if not self.spectrum:
            raise InputError("--spectrum", "", "at least one eigenvalue")
        if any(compare(larger, smaller) < 0 for larger, smaller in pairwise(self.spectrum)):
            raise InputError("--spectrum", ",".join(str(value) for value in self.spectrum[:_SHOWN]), "eigenvalues in decreasing order")
        for argument, value in (("--alpha", self.alpha), ("--eta", self.eta)):
            if value <= 0:
                raise InputError(argument, format_rational(value), _POSITIVE + RATIONAL)
        if not 0 <= self.beta < self.alpha:
            raise InputError("--beta", format_rational(self.beta), f"0 <= beta < alpha = {format_rational(self.alpha)[: 5 * _SHOWN]}")

    @classmethod
    def parse(
        cls,
        *,
        depth: Exact,
        alpha: Exact,
        eta: Exact,
        spectrum: str | Iterable[Exact] | None = None,
        matrix: str | PathLike[str] | None = None,
        beta: Exact = "0",
    ) -> "Problem":
        """Build a problem from what a person gives: text, or exact numbers.

        Either `spectrum` (a comma-separated list or numbers, in any order) or `matrix` (a .npy, .csv or .mtx file) is needed. `eta` may be
        "auto": 1/(N M^(2N-2)) with M = max(alpha, ||W||^(1/N)), exact where that is a rational of at most 40 characters, otherwise rounded
        down to 20 significant decimal digits. Raises InputError, which names the argument as on the command line.
        """
        layers = _depth(depth)
        start = _positive(alpha, "--alpha")
        automatic = isinstance(eta, str) and eta.strip(" \t") == "auto"
        step = None if automatic else _positive(eta, "--eta")
        offset = _number(beta, "--beta")
        values = _spectrum(spectrum, matrix)
        bound = StepBound.of_problem(layers, values, start)
        if step is None:
            return cls(layers, values, start, bound.rounded_down(), offset)
        return cls(layers, values, start, step, offset, _warnings(layers, values, step, bound))


def _warnings(depth: int, spectrum: tuple[Eigenvalue, ...], eta: Fraction, bound: StepBound) -> tuple[str, ...]:
    found = []
    shown = format_rational(eta)
    shown = shown if len(shown) <= 2 * _SHOWN else shown[: 2 * _SHOWN] + "..."
    if bound.exceeded_by(eta):
        found.append(f"--eta {shown} exceeds 1/(N M^(2N-2)) = {bound}, M = max(alpha, ||W||^(1/N)): beyond it the theorems need not hold")
    if spectrum[0].sign > 0:
        stable = StepBound.at_level(depth, spectrum[0], factor=2)
        if stable.exceeded_by(eta):
            found.append(f"--eta {shown} exceeds 2/(N lambda_1^(2-2/N)) = {stable}: the largest eigenvalue is not a stable limit")
    return tuple(found)


def _spectrum(spectrum: str | Iterable[Exact] | None, matrix: str | PathLike[str] | None) -> tuple[Eigenvalue, ...]:
    if (spectrum is None) == (matrix is None):
        raise InputError("--spectrum, --matrix", "neither" if spectrum is None else "both", "exactly one of the two")
    if matrix is not None:
        if not isinstance(matrix, str | PathLike):
            raise InputError("--matrix", type(matrix).__name__, "the path of a file")
        return symmetric_eigenvalues(read_symmetric(fspath(matrix)))
    if isinstance(spectrum, str):
        numbers: Iterable[Fraction] = parse_list(spectrum, "--spectrum")
    elif isinstance(spectrum, Iterable):
        numbers = [_number(value, "--spectrum") for value in islice(spectrum, MAX_ITEMS + 1)]
    else:
        raise InputError("--spectrum", type(spectrum).__name__, "comma-separated text or a sequence of exact numbers")
    found = sorted(numbers, reverse=True)
    if not 0 < len(found) <= MAX_ITEMS:
        raise InputError("--spectrum", "" if not found else f"more than {MAX_ITEMS} numbers", f"1 to {MAX_ITEMS} eigenvalues")
    return tuple(Eigenvalue.of(value) for value in found)


def _depth(value: object) -> int:
    if isinstance(value, str):
        return parse_depth(value)
    if isinstance(value, bool) or not isinstance(value, SupportsIndex):
        raise InputError("--depth", value, _DEPTH)
    depth = index(value)
    if not 2 <= depth <= MAX_DEPTH:
        raise InputError("--depth", _described(Fraction(depth)), _DEPTH)
    return depth


def _positive(value: object, argument: str) -> Fraction:
    number = _number(value, argument)
    if number <= 0:
        raise InputError(argument, value if isinstance(value, str) else _described(number), _POSITIVE + RATIONAL)
    return number


def _number(value: object, argument: str) -> Fraction:
    if isinstance(value, str):
        return parse_rational(value, argument)
    if isinstance(value, Rational) and not isinstance(value, bool):
        number = Fraction(int(value.numerator), int(value.denominator))
    elif isinstance(value, SupportsIndex) and not isinstance(value, bool):
        number = Fraction(index(value))
    else:
        raise InputError(argument, value, _EXACT_NUMBER)
    if max(number.numerator.bit_length(), number.denominator.bit_length()) > MAX_BITS:
        raise InputError(argument, _described(number), RATIONAL)
    return number


def _described(number: Fraction) -> str:
    bits = max(number.numerator.bit_length(), number.denominator.bit_length())
    return format_rational(number) if bits <= _SHOWN_BITS else f"a number of {bits} bits"
