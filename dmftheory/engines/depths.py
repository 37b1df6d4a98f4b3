"""A statement at fixed values of its integer variables: depths 2 to 32, and whatever ranges the statement itself bounds.

A statement for all depths is certified when it holds at every depth up to 12, for every depth up to which it was shown.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from heapq import merge
from typing import Any

import sympy
from sympy import Integer, Range, oo

from dmftheory.claims import domains
from dmftheory.claims.formula import free_symbols, relations, substitute
from dmftheory.claims.observables import FirstPassage, FlowTime, ImbalancedTime, LearningStep, LearningTime, Recursive
from dmftheory.claims.theorem import Theorem

LEAST = 12
"""The depth up to which a statement for all depths has to be shown before it counts as certified."""
LARGEST = 32
"""The depth up to which it is shown where time allows."""
DEEP = (FirstPassage, FlowTime, ImbalancedTime, LearningStep, LearningTime, Recursive)
"""Observables whose first argument is a depth."""
MAX_INSTANCES = 400
"""Instances up to depth 12 that an engine looks at before it gives up."""
MAX_MORE = 1200
"""Instances beyond."""


@dataclass(frozen=True)
class Instance:
    """A theorem with values put for its integer variables; `values` says which."""

    theorem: Theorem
    values: tuple[tuple[Any, int], ...]


@dataclass(frozen=True)
class Progress:
    """How far an engine came: whether that is `enough` to be certified, over which values of the variables, and why not further."""

    enough: bool
    domain: str
    reason: str | None = None


def covered(theorem: Theorem, settled: Callable[[Instance], str | None], deadline: float) -> Progress:
    """Settle every instance up to depth 12, then depth by depth up to 32; `settled` says why an instance is not, or None.

    Only depths that are complete count. Call only where there is no `obstacle`.
    """
    done: list[Instance] = []
    for instance in instances(theorem):
        why = _out(len(done), MAX_INSTANCES, deadline) or settled(instance)
        if why is not None:
            return Progress(False, described(theorem, done), f"{_at(instance)}{why}")
        done.append(instance)
    if not done:
        return Progress(False, "", "no integers lie in the sets")
    for depth in range(LEAST + 1, LARGEST + 1) if unbounded(theorem) else ():
        more: list[Instance] = []
        for instance in instances(theorem, depth, depth):
            why = _out(len(done) + len(more), MAX_MORE, deadline) or settled(instance)
            if why is not None:
                return Progress(True, described(theorem, done), f"shown up to depth {depth - 1}; {_at(instance)}{why}")
            more.append(instance)
        done += more
    return Progress(True, described(theorem, done))


def _out(count: int, most: int, deadline: float) -> str | None:
    if count >= most:
        return f"there are more than {most} instances"
    return "the time allowed ran out" if time.monotonic() > deadline else None


def _at(instance: Instance) -> str:
    values = ", ".join(f"{symbol}={value}" for symbol, value in instance.values)
    return f"at {values}: " if values else ""


def unbounded(theorem: Theorem) -> set[Any]:
    """The integer variables without an upper bound."""
    return {s for s, domain in theorem.given.items() if _is_integer(s, domain) and not _bounded(domain)}


def obstacle(theorem: Theorem) -> str | None:
    """Why the statement cannot be cut into instances, or None."""
    depths = [s for s, domain in theorem.given.items() if _is_integer(s, domain) and not _bounded(domain)]
    for symbol in depths:
        domain = theorem.given[symbol]
        if not isinstance(domain, Range) or not domain.start.is_Integer or domain.start < 1 or domain.start > LEAST:
            return f"{symbol} is an integer without a bound that is no depth: its range does not start between 1 and {LEAST}"
        if symbol in _step_indices(theorem):
            return f"{symbol} is a step index that the statement does not bound"
    integers = {s for s in theorem.given if getattr(s, "is_integer", False)}
    for symbol, domain in theorem.given.items():
        if symbol in integers and domains.depends_on(domain) - integers:
            return f"the integers that {symbol} ranges over depend on variables that are no integers"
    if any(isinstance(d, domains.Orthogonal | domains.Diagonal) for d in theorem.given.values()):
        return "a variable is a matrix"
    return None


def not_restrictable(theorem: Theorem) -> str | None:
    """Why the instances, all of which hold, do not certify the statement: an unbounded integer that is no depth; None where they do."""
    for symbol, domain in theorem.given.items():
        if _is_integer(symbol, domain) and not _bounded(domain) and symbol not in _depths(theorem):
            return f"{symbol} stands in no exponent, so it is no depth, and only {symbol} <= {LARGEST} was tried"
    return None


def instances(theorem: Theorem, first: int = 0, last: int = LEAST) -> Iterator[Instance]:
    """Every instance whose largest depth is from `first` to `last`, in order; sets of integers that are empty there give none.

    An instance without a depth is one of the first. Call only where there is no `obstacle`.
    """
    depths = unbounded(theorem)
    if depths or not first:
        yield from _instances(theorem, (), depths, first, last)


def _instances(theorem: Theorem, values: tuple[tuple[Any, int], ...], depths: set[Any], first: int, last: int) -> Iterator[Instance]:
    symbol = next((s for s, domain in theorem.given.items() if _is_integer(s, domain)), None)
    if symbol is None:
        yield Instance(theorem, values)
        return
    domain, rest = theorem.given[symbol], depths - {symbol}
    # Where no other depth is left to reach the first one wanted, this has to.
    least = first if symbol in depths and not rest else 0
    for value in range(max(int(domain.start), least), last + 1) if symbol in depths else _elements(domain):
        reached = 0 if symbol in depths and value >= first else first
        yield from _instances(fix(theorem, symbol, value), (*values, (symbol, value)), rest, reached, last)


def fix(theorem: Theorem, symbol: Any, value: int) -> Theorem:
    """The theorem with an integer put for one of its variables, constants put in."""
    at = {symbol: Integer(value)}
    return Theorem(
        theorem.id,
        title=theorem.title,
        given={s: d.xreplace(at) for s, d in theorem.given.items() if s != symbol},
        claim=substitute(theorem.conclusion, at),
        assume=tuple(substitute(h, at) for h in theorem.hypotheses),
        declared=theorem.declared,
    )


def described(theorem: Theorem, done: list[Instance]) -> str:
    """`N = 2..12`: the least and greatest value of each integer variable that was covered, and 'all' of every other variable."""
    shown = []
    for symbol in theorem.given:
        values = [dict(instance.values)[symbol] for instance in done if symbol in dict(instance.values)]
        if values:
            shown.append(f"{symbol} = {min(values)}..{max(values)}" if min(values) < max(values) else f"{symbol} = {values[0]}")
    others = [str(s) for s, domain in theorem.given.items() if not _is_integer(s, domain)]
    return ", ".join([*shown, *(["all " + ", ".join(others)] if others else [])])


def restricted(theorem: Theorem) -> bool:
    """Whether the instances leave out values of a variable, or are joined by counting alone."""
    return any(_is_integer(s, domain) for s, domain in theorem.given.items())


def _is_integer(symbol: Any, domain: Any) -> bool:
    return bool(getattr(symbol, "is_integer", False)) and not (isinstance(domain, sympy.FiniteSet) and len(domain.args) == 1)


def _bounded(domain: Any) -> bool:
    match domain:
        case Range():
            return bool(domain.start != -oo and domain.stop != oo)
        case sympy.FiniteSet():
            return True
        case sympy.Union():
            return all(map(_bounded, domain.args))
    return False


def _elements(domain: Any) -> Iterable[int]:
    """The integers of a set, never cut short: whoever counts instances says where it stops."""
    match domain:
        case Range():
            return range(int(domain.start), int(domain.stop))
        case sympy.FiniteSet():
            return sorted(map(int, domain.args))
        case sympy.Union():
            return _merged(_elements(part) for part in domain.args)
    return []


def _merged(parts: Iterable[Iterable[int]]) -> Iterator[int]:
    """Sorted sequences as one, each number once."""
    last = None
    for value in merge(*parts):
        if value != last:
            yield value
        last = value


def _depths(theorem: Theorem) -> set[Any]:
    """The symbols that stand in an exponent or where an observable takes its depth; in a definition, anywhere."""
    found: set[Any] = set()
    sides = [side for formula in (*theorem.hypotheses, theorem.conclusion) for r in relations(formula) for side in (r.left, r.right)]
    for domain in theorem.given.values():
        sides += getattr(domain, "args", ())
        found |= domains.depends_on(domain) if isinstance(domain, sympy.FiniteSet) else set()
    for side in sides:
        found |= {s for power in side.atoms(sympy.Pow) for s in power.exp.free_symbols}
        found |= {s for observable in side.atoms(*DEEP) for s in observable.args[0].free_symbols}
    return found


def _step_indices(theorem: Theorem) -> set[Any]:
    """The symbols that count steps: they stand where an observable takes its step index."""
    found: set[Any] = set()
    for formula in (*theorem.hypotheses, theorem.conclusion):
        for relation in relations(formula):
            for side in (relation.left, relation.right):
                for node in side.atoms(Recursive):
                    found |= node.steps.free_symbols
    return found & {s for f in (*theorem.hypotheses, theorem.conclusion) for s in free_symbols(f)}
