"""Bounds on the step size of the form c / (N s^(N-1)), compared and rounded without error.

Both bounds a problem is checked against have this form, with s = alpha^2 or s = |lambda|^(2/N). Such an s is either rational, and then
known exactly, or s^(N-1) is irrational, so that balls decide every comparison of the bound with a rational.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import TypeVar

from flint import arb, ctx, fmpz

from dmftheory.errors import InputError
from dmftheory.exact import MAX_BITS, MAX_EXPONENT, format_rational
from dmftheory.numerics.eigenvalues import Eigenvalue, by_value, dyadic, rational_ball

T = TypeVar("T")

DIGITS = 20
"""Significant decimal digits kept where a bound has to be rounded."""

_SHORT = 40  # characters: a bound with a longer exact form is rounded
_EXACT_BITS = 4 * MAX_BITS  # longer powers are not built: no number that the parser accepts can be equal to one of them
_FIRST_BITS = 128


@dataclass(frozen=True)
class StepBound:
    """The step size `factor` / (`depth` s^(`depth` - 1)); s is `rational`, or |`eigenvalue`|^(2/`depth`) where `rational` is None."""

    depth: int
    factor: int
    rational: Fraction | None
    eigenvalue: Eigenvalue

    @classmethod
    def at_level(cls, depth: int, eigenvalue: Eigenvalue, factor: int) -> "StepBound":
        """Return the bound factor / (N |lambda|^(2-2/N)), for an eigenvalue other than 0."""
        return cls(depth, factor, _two_nth_root(eigenvalue, depth), eigenvalue.magnitude)

    @classmethod
    def of_problem(cls, depth: int, spectrum: tuple[Eigenvalue, ...], alpha: Fraction) -> "StepBound":
        """Return the bound 1 / (N M^(2N-2)) with M = max(alpha, ||W||^(1/N)), for a spectrum in decreasing order."""
        norm = max((spectrum[0].magnitude, spectrum[-1].magnitude), key=by_value)
        start = cls(depth, 1, alpha**2, norm)
        if norm.sign == 0:
            return start
        level = cls.at_level(depth, norm, 1)
        if level.rational is not None:
            return start if alpha**2 >= level.rational else level
        return start if _decided(lambda: _sign_of(start._base() - level._base())) > 0 else level

    def exceeded_by(self, eta: Fraction) -> bool:
        """Decide eta > bound; `eta` must be within the limits of the parser."""
        exact = self.exact()
        if exact is not None:
            return eta > exact
        return _decided(lambda: _sign_of(rational_ball(eta) - self._ball())) > 0

    def rounded_down(self, argument: str = "--eta") -> Fraction:
        """Return the bound itself if it is rational with a short exact form, else rounded down to 20 significant decimal digits.

        Raises InputError where that takes an exponent beyond what the parser accepts.
        """
        exact = self.exact()
        if exact is not None and max(exact.numerator, exact.denominator) < 10**_SHORT and len(format_rational(exact)) <= _SHORT:
            return exact
        places = self._decimal_places(argument)
        digits = self._scaled_floor(places, exact)
        while not 10 ** (DIGITS - 1) <= digits < 10**DIGITS:
            places += 1 if digits < 10 ** (DIGITS - 1) else -1
            digits = self._scaled_floor(places, exact)
        return digits * Fraction(10) ** -places

    def exact(self) -> Fraction | None:
        """Return the bound as a rational, None if it is irrational or too long to be worth building."""
        if self.rational is None or self.depth * _bits(self.rational) > _EXACT_BITS:
            return None
        return Fraction(self.factor) / (self.depth * self.rational ** (self.depth - 1))

    def ball(self, bits: int) -> arb:
        """Return a ball around the bound, computed at a working precision of `bits`."""
        with ctx.workprec(bits):
            return self._ball()

    def __str__(self) -> str:
        """Write the bound with four digits, the last one possibly off by one."""
        return self.ball(_FIRST_BITS).str(4, radius=False)

    def _ball(self) -> arb:
        return arb(self.factor) / (self.depth * self._base() ** (self.depth - 1))

    def _base(self) -> arb:
        if self.rational is not None:
            return rational_ball(self.rational)
        return (self.eigenvalue.ball(ctx.prec) ** 2).root(self.depth)

    def _decimal_places(self, argument: str) -> int:
        """Return how many decimal places keep 20 digits, give or take one."""
        with ctx.workprec(_FIRST_BITS):
            exponent = floor(dyadic((self._ball().log() / arb(10).log()).mid()))
        if abs(exponent) > MAX_EXPONENT - 2 * DIGITS:
            raise InputError(argument, f"auto, which here is about 1e{exponent}", f"a step size within 1e+-{MAX_EXPONENT}")
        return DIGITS - 1 - exponent

    def _scaled_floor(self, places: int, exact: Fraction | None) -> int:
        """Return floor(bound 10^places); balls settle it, as a bound that is irrational or too long to build has no `places` decimals."""
        if exact is not None:
            scaled = exact * Fraction(10) ** places
            return scaled.numerator // scaled.denominator
        return int(_decided(lambda: (self._ball() * arb(10) ** places).floor().unique_fmpz()))


def _decided(attempt: Callable[[], T | None]) -> T:
    """Repeat `attempt` with ever more working precision until it knows; for questions that balls do decide."""
    bits = _FIRST_BITS
    while True:
        with ctx.workprec(bits):
            answer = attempt()
        if answer is not None:
            return answer
        bits *= 2


def _sign_of(ball: arb) -> int | None:
    return 1 if ball > 0 else -1 if ball < 0 else None


def _bits(q: Fraction) -> int:
    return max(q.numerator.bit_length(), q.denominator.bit_length())


def _two_nth_root(eigenvalue: Eigenvalue, depth: int) -> Fraction | None:
    """Return |lambda|^(2/N) if it is rational.

    Then lambda^2 is rational too: the conjugates of an eigenvalue are all real, and have one square if any even power of it is rational.
    """
    square = _square(eigenvalue)
    if square is None:
        return None
    over, under = (int(fmpz(part).root(depth)) for part in (square.numerator, square.denominator))
    return Fraction(over, under) if over**depth == square.numerator and under**depth == square.denominator else None


def _square(eigenvalue: Eigenvalue) -> Fraction | None:
    if eigenvalue.rational is not None:
        return eigenvalue.rational**2
    constant, linear, *rest = eigenvalue.polynomial
    return Fraction(-constant, rest[0]) if linear == 0 and len(rest) == 1 else None
