"""Theorem and Family: a statement, said once, from which everything else is derived."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import sympy

from dmftheory.claims import domains
from dmftheory.claims.formula import And, Formula, from_sympy, substitute, to_sympy

PROVENANCES = ("abstract", "recalled", "derived", "conjecture")


@dataclass(frozen=True, eq=False)
class Theorem:
    """A statement: for all variables in their sets that satisfy the hypotheses, the claim holds.

    id          permanent name, `source.topic` words joined by dots
    given       variable -> SymPy set, in order; later sets may use earlier symbols
    claim       a SymPy relation, or And / Or / Not / Implies of relations
    assume      further relations between the variables
    declared    the least verdict that passes; `refuted`, `vacuous` and `ill-posed` must match
    constants   symbol -> value: constants of the claim, the hypotheses or the sets that have a name; they are put in everywhere
    source      where the statement comes from;  provenance: abstract, recalled, derived or conjecture
    proof       a proof (dmftheory.trust), where it is not kept in proofs/
    mistake     what is wrong with it that only its file shows, such as an id that is taken

    A malformed statement is not an exception here: `dmftheory.claims.wellformed` reports it, so that one bad statement does not hide
    the verdicts of the others in its file.
    """

    id: str
    title: str = ""
    given: Mapping[Any, Any] = field(default_factory=dict)
    claim: Any = None
    assume: Sequence[Any] = ()
    declared: str = "supported"
    constants: Mapping[Any, Any] = field(default_factory=dict)
    source: str = ""
    provenance: str = ""
    proof: Any = None
    origin: tuple[str, int] = field(default=("", 0), init=False)
    mistake: str = field(default="", init=False)
    written: Mapping[Any, Any] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for name in ("id", "title", "declared", "source", "provenance"):
            object.__setattr__(self, name, str(getattr(self, name)))
        for name in ("given", "constants"):
            object.__setattr__(self, name, MappingProxyType(_mapping(getattr(self, name))))
        # The sets as written are kept for `with_constants`; everyone else reads them with the constants put in.
        object.__setattr__(self, "written", self.given)
        object.__setattr__(self, "given", MappingProxyType({s: _put(self.constants, domain) for s, domain in self.given.items()}))
        object.__setattr__(self, "assume", _listed(self.assume))
        object.__setattr__(self, "origin", _caller())

    @property
    def hypotheses(self) -> tuple[Formula, ...]:
        """What `assume` says, as formulas with the constants put in."""
        return tuple(substitute(from_sympy(a), self.constants) for a in self.assume)

    @property
    def conclusion(self) -> Formula:
        """What `claim` says, as a formula with the constants put in."""
        return substitute(from_sympy(self.claim), self.constants)

    @property
    def membership(self) -> Formula:
        """The formula 'every variable lies in its set'."""
        return And(tuple(domains.membership(symbol, domain) for symbol, domain in self.given.items()))

    def with_constants(self, values: Mapping[Any, Any]) -> Theorem:
        """The same statement with other values for some of its constants."""
        other = replace(self, given=self.written, constants={**self.constants, **values})
        object.__setattr__(other, "origin", self.origin)
        return other

    def latex(self) -> str:
        """The statement in LaTeX: for all variables, hypotheses, claim."""
        sets = ",\\; ".join(_membership_latex(symbol, domain) for symbol, domain in self.given.items())
        assumptions = "".join(f",\\; {_latex(a)}" for a in self.hypotheses)
        return f"\\forall\\, {sets}{assumptions}:\\quad {_latex(self.conclusion)}"

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"


@dataclass(frozen=True, eq=False)
class Family:
    """Statements of one shape over a stated range of indices (number of eigenvalues, plateau index).

    `member(*index)` builds the Theorem of one index; `indices` lists the range. The verdict is that of the weakest member.
    """

    id: str
    title: str
    indices: tuple[tuple[int, ...], ...]
    member: Callable[..., Theorem]
    declared: str = "supported"
    source: str = ""
    provenance: str = ""
    origin: tuple[str, int] = field(default=("", 0), init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "origin", _caller())

    def members(self) -> Iterator[tuple[tuple[int, ...], Theorem]]:
        """Every index with its theorem."""
        for index in self.indices:
            yield index, self.member(*index)

    def latex(self) -> str:
        """The statement of the last (largest) member in LaTeX."""
        return self.member(*self.indices[-1]).latex()

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"


def _put(constants: Mapping[Any, Any], domain: Any) -> Any:
    """A set with the constants put in; as it stands where it or they are malformed, which is reported elsewhere."""
    numbers = {s: sympy.sympify(v) for s, v in constants.items() if isinstance(v, int | sympy.Basic)}
    if not isinstance(domain, sympy.Set) or not numbers.keys() & domain.free_symbols:
        return domain
    try:
        return domain.xreplace(numbers)
    except (TypeError, ValueError):
        return domain


def _mapping(value: Any) -> dict[Any, Any]:
    """The variables and their sets; what is no mapping becomes one that `wellformed` refuses."""
    try:
        return dict(value)
    except (TypeError, ValueError):
        return {repr(value): None}


def _listed(value: Any) -> tuple[Any, ...]:
    """The hypotheses; a single one may stand without brackets."""
    if isinstance(value, str):
        return (value,)
    try:
        return tuple(value)
    except TypeError:
        return (value,)


def _caller() -> tuple[str, int]:
    """File and line of the statement: the first frame outside this module (and outside the generated __init__)."""
    frame = inspect.currentframe()
    while frame is not None and frame.f_code.co_filename in (__file__, "<string>"):
        frame = frame.f_back
    return ("", 0) if frame is None else (frame.f_code.co_filename, frame.f_lineno)


def collect(values: Iterable[Any]) -> tuple[Theorem | Family, ...]:
    """Every Theorem and Family among the values, alone or in a list or tuple, once each and in order."""
    found: dict[int, Theorem | Family] = {}
    for value in values:
        for item in value if isinstance(value, list | tuple) else (value,):
            if isinstance(item, Theorem | Family):
                found.setdefault(id(item), item)
    return tuple(found.values())


def _latex(formula: Formula) -> str:
    return str(sympy.latex(to_sympy(formula), ln_notation=True))


def _membership_latex(symbol: Any, domain: Any) -> str:
    name = sympy.latex(symbol)
    match domain:
        case domains.Orthogonal(size):
            return f"{name} \\in O({size})"
        case domains.Diagonal(size):
            return f"{name} \\in \\mathrm{{Diag}}({size})"
        case sympy.Range() if domain.stop == sympy.oo:
            return f"{name} \\ge {sympy.latex(domain.start)}"
        case sympy.Range():
            return f"{name} \\in \\{{{sympy.latex(domain.start)}, \\dots, {sympy.latex(domain.stop - 1)}\\}}"
        case sympy.FiniteSet() if len(domain.args) == 1:
            return f"{name} = {sympy.latex(domain.args[0])}"
        case sympy.Interval():
            left = "(" if domain.left_open else "["
            right = ")" if domain.right_open else "]"
            return f"{name} \\in {left}{sympy.latex(domain.start)}, {sympy.latex(domain.end)}{right}"
    return f"{name} \\in {sympy.latex(domain)}"
