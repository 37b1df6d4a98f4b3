"""The best value of a named constant, bracketed: a proof on one side, an exact counterexample on the other.

The statement is taken at trial values of the constant. On the side where it holds it is shown by its own proof tree, which is checked
anew and may fail at another value, or by the automatic engines; on the other side an exact instance fails. Which side is which is found
by trial. Nothing is claimed of values beyond the two ends: that the truth changes only once in between is the reader's to see.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import sympy

from dmftheory.claims import wellformed
from dmftheory.claims.theorem import Theorem
from dmftheory.claims.verdict import Settled, Witness
from dmftheory.engines.draw import is_drawable
from dmftheory.engines.evaluate import pose
from dmftheory.engines.hunt import LONG, Effort, hunt
from dmftheory.engines.hunt.chart import Coordinate, coordinates_of, point_at
from dmftheory.engines.replay import token
from dmftheory.engines.sampling import smallest_and_worst
from dmftheory.engines.settle import settle
from dmftheory.engines.symbolic import Library
from dmftheory.errors import InputError
from dmftheory.exact import format_rational
from dmftheory.numerics.algebraic import simplest_between
from dmftheory.trust.check import Memory

SHOWN = ("proved", "certified")
TOLERANCE = Fraction(1, 1000)
SECONDS = 120.0
MAX_TRIALS = 60
_FACTORS = (Fraction(2), Fraction(1, 2), Fraction(8), Fraction(1, 8), Fraction(64), Fraction(1, 64), Fraction(4096), Fraction(1, 4096))
_FAILS = "refuted"
NEARBY = Effort(400, 3.0, False)
"""The effort around an instance that failed at a neighbouring value."""
ENGINES = ("symbolic", "smt", "boxes", "sampling")

Tell = Callable[[str], None]


@dataclass(frozen=True)
class End:
    """One end of a bracket: a value of the constant, what is known there, and how."""

    value: Fraction
    verdict: str
    engine: str
    domain: str
    witness: Witness | None = None
    replay: str | None = None


@dataclass(frozen=True)
class Sharpened:
    """The bracket of a constant: the statement is shown at `holds` and fails at `fails`; None where no such value was found.

    `undecided` are the values in between at which neither was found; `closed` says whether the ends are as near as was asked.
    """

    id: str
    constant: str
    declared: Fraction
    tolerance: Fraction
    holds: End | None
    fails: End | None
    undecided: tuple[Fraction, ...]
    trials: int
    reason: str | None = None

    @property
    def closed(self) -> bool:
        """Whether both ends are there and within the relative tolerance."""
        return self.holds is not None and self.fails is not None and _near(self.holds.value, self.fails.value, self.tolerance)


def sharpen(
    theorem: Theorem,
    constant: str,
    tolerance: Fraction = TOLERANCE,
    budget: float = SECONDS,
    library: Library | None = None,
    proofs: Mapping[str, Any] | None = None,
    memory: Memory | None = None,
    tell: Tell | None = None,
) -> Sharpened:
    """Bracket the best value of a constant of a well-formed theorem to a relative width, within a number of seconds.

    library, proofs, memory   as for `settle`;  tell: is handed one line for each value tried
    Raises InputError for a constant that the theorem does not name, or whose value is not rational.
    """
    symbol = next((s for s in theorem.constants if str(s) == constant), None)
    if symbol is None:
        names = ", ".join(map(str, theorem.constants)) or "none: the statement names no constant"
        raise InputError("--constant", constant, names)
    mistakes = wellformed.errors(theorem) or [m for m in (wellformed.collapsed(theorem),) if m]
    if mistakes:
        raise InputError("ID", theorem.id, f"a well-formed statement ({mistakes[0]})")
    declared = sympy.sympify(theorem.constants[symbol], strict=True)
    if not declared.is_Rational:
        raise InputError("--constant", constant, f"a constant with a rational value, not {declared}")
    trials = _Trials(theorem, symbol, library or {}, proofs or {}, {} if memory is None else memory, time.monotonic() + budget, tell)
    return _Search(trials, Fraction(int(declared.p), int(declared.q)), tolerance).run()


class _OutOfTimeError(Exception):
    """The budget or the number of trials is used up."""


@dataclass
class _Trials:
    """Settles the theorem at values of its constant."""

    theorem: Theorem
    symbol: Any
    library: Library
    proofs: Mapping[str, Any]
    memory: Memory
    deadline: float
    tell: Tell | None
    count: int = 0
    failed: list[Coordinate] | None = None
    """Where the last failing instance was, in coordinates that move along with the sets."""

    def at(self, value: Fraction) -> End | None:
        """What is known at the value, None where nothing is (or the symbol cannot have it). Raises _OutOfTimeError."""
        left = self.deadline - time.monotonic()
        if left <= 0 or self.count >= MAX_TRIALS:
            raise _OutOfTimeError
        theorem = self.theorem.with_constants({self.symbol: sympy.Rational(value.numerator, value.denominator)})
        if wellformed.errors(theorem) or wellformed.collapsed(theorem):
            return None
        self.count += 1
        end = self._shown(theorem, value, left) or self._failing(theorem, value, left / 4) or self._settled(theorem, value, left / 4)
        if self.tell is not None:
            self.tell(f"{self.symbol} = {format_rational(value)}: {end.verdict if end else 'undecided'}")
        return end

    def _shown(self, theorem: Theorem, value: Fraction, seconds: float) -> End | None:
        """By the proof that the theorem has."""
        return self._end(value, settle(theorem, ("symbolic",), seconds, 0, self.library, self.proofs, self.memory))

    def _failing(self, theorem: Theorem, value: Fraction, seconds: float) -> End | None:
        """By a hunt that begins near the last instance that failed."""
        posed = pose(theorem)
        if is_drawable(posed) is not None or not posed.sets:
            return None
        start = None if self.failed is None else point_at(posed.sets, self.failed)
        known = () if start is None else (start,)
        for effort in (NEARBY, LONG) if known else (LONG,):
            room = hunt(posed, known, replace(effort, seconds=min(seconds, effort.seconds)))
            if room.failing:
                point = room.failing[0][1]
                self.failed = coordinates_of(posed.sets, point)
                witness, _ = smallest_and_worst(posed, [point])
                return self._failure(value, f"a hunt of {room.count} points", witness)
        return None

    def _settled(self, theorem: Theorem, value: Fraction, seconds: float) -> End | None:
        """By whatever the engines find by themselves."""
        others = {id: entry for id, entry in self.library.items() if id != theorem.id}
        return self._end(value, settle(theorem, ENGINES, seconds, 0, others, {}, self.memory))

    def _end(self, value: Fraction, settled: Settled) -> End | None:
        if settled.verdict not in (*SHOWN, _FAILS):
            return None
        evidence = next(e for e in settled.evidence if e.verdict == settled.verdict)
        if settled.witness is not None:
            return self._failure(value, evidence.domain, settled.witness)
        return End(value, settled.verdict, evidence.engine, evidence.domain)

    def _failure(self, value: Fraction, domain: str, witness: Witness) -> End:
        named = Witness(((str(self.symbol), format_rational(value)), *witness.values), witness.slack)
        return End(value, _FAILS, "sampling", domain, named, token(self.theorem.id, named))


@dataclass
class _Search:
    """Bisection between a value that holds and one that fails."""

    trials: _Trials
    declared: Fraction
    tolerance: Fraction
    holds: End | None = None
    fails: End | None = None
    undecided: tuple[Fraction, ...] = ()

    def run(self) -> Sharpened:
        reason = None
        try:
            reason = self._bracket() or self._bisect()
        except _OutOfTimeError:
            reason = "the time or the number of trials ran out"
        between = tuple(sorted(v for v in self.undecided if self._between(v)))
        found = Sharpened(
            self.trials.theorem.id,
            str(self.trials.symbol),
            self.declared,
            self.tolerance,
            self.holds,
            self.fails,
            between,
            self.trials.count,
            reason,
        )
        return found

    def _bracket(self) -> str | None:
        """Find a value on each side, beginning with the declared one; a sentence where there is none."""
        self._try(self.declared)
        for value in _around(self.declared):
            if self.holds is not None and self.fails is not None:
                return None
            self._try(value)
        if self.holds is not None and self.fails is not None:
            return None
        if self.holds is None:
            return "no value was found at which the statement can be shown"
        return "no value was found at which the statement fails"

    def _bisect(self) -> str | None:
        """Halve the bracket; where a value is undecided, narrow each end towards it."""
        while not self._near_enough():
            assert self.holds is not None and self.fails is not None
            value = _middle(self.holds.value, self.fails.value)
            if self._try(value) is None:
                return self._approach(value)
        return None

    def _approach(self, blocked: Fraction) -> str | None:
        """Move both ends as near as possible to values that nobody decides."""
        for side in ("fails", "holds"):
            stop = blocked
            while (end := getattr(self, side)) is not None and not _near(end.value, stop, self.tolerance):
                value = _middle(end.value, stop)
                if self._try(value) is None:
                    stop = value
                if self._near_enough():
                    return None
        return "values in between are undecided: neither a proof nor an instance that fails was found"

    def _near_enough(self) -> bool:
        return self.holds is not None and self.fails is not None and _near(self.holds.value, self.fails.value, self.tolerance)

    def _try(self, value: Fraction) -> End | None:
        end = self.trials.at(value)
        if end is None:
            self.undecided = (*self.undecided, value)
        elif end.verdict == _FAILS:
            self.fails = self._nearer(self.fails, end, self.holds)
        else:
            self.holds = self._nearer(self.holds, end, self.fails)
        return end

    def _nearer(self, old: End | None, new: End, other: End | None) -> End:
        """The one of two ends that is nearer to the other side, or to the declared value while there is none."""
        goal = self.declared if other is None else other.value
        return new if old is None or abs(new.value - goal) < abs(old.value - goal) else old

    def _between(self, value: Fraction) -> bool:
        if self.holds is None or self.fails is None:
            return True
        return min(self.holds.value, self.fails.value) < value < max(self.holds.value, self.fails.value)


def _around(value: Fraction) -> Iterator[Fraction]:
    """Values on both sides, further and further away."""
    if value:
        yield from (value * factor for factor in _FACTORS)
    else:
        yield from (sign * Fraction(2) ** e for e in (0, 3, 6) for sign in (1, -1))


def _middle(a: Fraction, b: Fraction) -> Fraction:
    """The simplest rational in the middle fifth between two values."""
    low, high = min(a, b), max(a, b)
    return simplest_between(low + (high - low) * Fraction(2, 5), low + (high - low) * Fraction(3, 5))


def _near(a: Fraction, b: Fraction, tolerance: Fraction) -> bool:
    return abs(a - b) <= tolerance * max(abs(a), abs(b))


__all__ = ["SECONDS", "TOLERANCE", "End", "Sharpened", "sharpen"]
