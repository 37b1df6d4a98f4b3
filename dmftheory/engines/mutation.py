"""Mutants of a statement, settled: which are refuted, which are true all the same, which survive.

A statement whose mutants survive says little: it is vacuous, or slack, or the search for counterexamples is too weak. A mutant that a
proof shows although an exact point refutes it is a disagreement: then the checker, or the arithmetic, is wrong.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import islice
from typing import Any

from hypothesis import Phase

from dmftheory.claims import wellformed
from dmftheory.claims.formula import relations, substitute
from dmftheory.claims.mutants import Mutant, mutants
from dmftheory.claims.proof import Algebra, put_in
from dmftheory.claims.theorem import Family, Theorem
from dmftheory.claims.verdict import Settled, Witness
from dmftheory.engines import borders
from dmftheory.engines.differences import added, changed_relations, hides_a_gap, is_defined, links, pinned, with_lemmas
from dmftheory.engines.draw import Empty, element_at, is_drawable, search
from dmftheory.engines.evaluate import Posed, judge, pose, slack
from dmftheory.engines.settle import ENGINES, contradictory, proof_of, proof_of_member, settle
from dmftheory.engines.simplify import simple_points, simplest_failing
from dmftheory.engines.size_one import at_size_one
from dmftheory.engines.symbolic import REJECTED, TRY_RESOURCES, Library, find_proof
from dmftheory.engines.text import decimal, point_text, witness_values
from dmftheory.trust.check import Checker, Memory
from dmftheory.trust.sequent import initial

REFUTED, TRUE, SURVIVES, MALFORMED = "refuted", "true", "survives", "malformed"
IMPLIED = "implied by the statement"
WITH_LEMMAS = "implied by the statement and lemmas of its proof"
WITH_ADDED = "implied by the statement, and shown for what was added"
SECONDS = 10.0
"""For the engines on one mutant, where no budget is given."""
GRID = 200
"""Simple points that are tried before any engine."""
DRAWS = 100
"""Drawn points that are tried after them."""
QUICK_RESOURCES = 400_000
"""z3's count of work for the checks that are made of every mutant."""
PROOF_SECONDS = 2.0
"""For each search for a proof."""
COVERING = ("smt", "boxes")
SEARCHING = tuple(name for name in ENGINES if name not in ("symbolic", *COVERING))
UNUSABLE = ("refuted", "ill-posed", "vacuous")


@dataclass(frozen=True)
class Outcome:
    """What became of one mutant: its id, the rule that made it, what it changes in words, and what is known of it.

    kind is `refuted` (at the exact `witness`), `true` (shown by `by`), `survives` or `malformed` (`reason` says why); `by` names what
    decided it.
    """

    id: str
    rule: str
    change: str
    kind: str
    by: str
    witness: Witness | None = None
    reason: str | None = None
    disagreement: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Assessed:
    """The mutants of one statement.

    `made` counts them all, those not settled yet too; `passed_over` the sites left out; `reason` says why a statement has no mutants:
    it is declared false (`declared_false`), fails all the same, or is written wrongly (`mistake`).
    """

    id: str
    title: str
    outcomes: tuple[Outcome, ...] = ()
    made: int = 0
    passed_over: int = 0
    reason: str | None = None
    declared_false: bool = False
    mistake: bool = False


@dataclass(frozen=True)
class Setting:
    """What every mutant of a statement is settled with: the statement's proof, the lemmas, seconds for each mutant, the seed."""

    tree: Any
    library: Library
    budget: float
    seed: int
    memory: Memory


def assess(
    item: Theorem | Family,
    budget: float | None = None,
    seed: int = 0,
    library: Library | None = None,
    proofs: Mapping[str, Any] | None = None,
    memory: Memory | None = None,
    tell: Callable[[Assessed], None] | None = None,
) -> Assessed:
    """Make and settle the mutants of a statement; of a family, those of its first and its middle member.

    budget   seconds for each mutant;  seed, library, proofs, memory: as in `settle`;  tell: called after each mutant with the answer so far
    A statement that is declared false, or fails itself, has no mutants.
    """
    lemmas, trees = library or {}, proofs or {}
    if item.declared in UNUSABLE:
        return Assessed(item.id, item.title, reason=f"declared {item.declared}", declared_false=True)
    seconds = SECONDS if budget is None else budget
    answer = Assessed(item.id, item.title)
    todo: list[tuple[Mutant, Setting]] = []
    try:
        bodies = list(_bodies(item, lemmas, trees))
    except Exception as error:  # the family's own code
        return replace(answer, reason=f"a member cannot be built: {type(error).__name__}: {error}", mistake=True)
    for theorem, tree in bodies:
        mistake = next(iter(wellformed.errors(theorem)), None) or wellformed.collapsed(theorem)
        if mistake:
            return replace(answer, reason=mistake, mistake=True)
        setting = Setting(tree, lemmas, seconds, seed, {} if memory is None else memory)
        itself = _at_points(Mutant("", "", theorem, theorem, True), setting)
        if itself is not None:
            return replace(answer, reason=f"the statement itself is {itself.kind}: {itself.reason or _where(itself)}")
        made = mutants(theorem)
        todo += [(mutant, setting) for mutant in made.each]
        answer = replace(answer, made=len(todo), passed_over=answer.passed_over + made.passed_over)
    for mutant, setting in todo:
        start = time.monotonic()
        outcome = replace(_outcome(mutant, setting), seconds=time.monotonic() - start)
        answer = replace(answer, outcomes=(*answer.outcomes, outcome))
        if tell is not None:
            tell(answer)
    return answer


def _bodies(item: Theorem | Family, library: Library, proofs: Mapping[str, Any]) -> Iterator[tuple[Theorem, Any]]:
    """The theorem, or two members that stand for a family, each with its proof."""
    if isinstance(item, Theorem):
        yield item, proof_of(item, library, proofs)
        return
    for index in dict.fromkeys((item.indices[0], item.indices[len(item.indices) // 2])):
        member = item.member(*index)
        yield member, proof_of_member(item, index, member, proofs)


def _outcome(mutant: Mutant, setting: Setting) -> Outcome:
    theorem = mutant.theorem
    mistake = next(iter(wellformed.errors(theorem)), None) or wellformed.collapsed(theorem)
    if mistake:
        return _found(mutant, MALFORMED, "statement", reason=mistake)
    if mutant.same_domain and _implied(mutant):
        return _found(mutant, TRUE, IMPLIED)
    found = _at_points(mutant, setting) or _where_added(mutant, setting)
    if found is None and not (mutant.same_domain and _linked(mutant, setting)):
        found = _at_borders(mutant, setting)
    elif found is None:
        return _found(mutant, TRUE, WITH_LEMMAS)
    if found is not None:
        shown = _accepted_proof(mutant, setting, QUICK_RESOURCES)
        return replace(found, disagreement=f"the statement's own proof is accepted, {found.by} say {found.kind}" if shown else None)
    by = _proved(mutant, setting) or _shown_for_added(mutant, setting)
    if by is not None:
        return _found(mutant, TRUE, by)
    # Each with the whole budget: a search that finds nothing would use up what the others need.
    covered = _read(mutant, settle(theorem, COVERING, setting.budget, setting.seed))
    return covered if covered.kind != SURVIVES else _read(mutant, settle(theorem, SEARCHING, setting.budget, setting.seed))


def _implied(mutant: Mutant) -> bool:
    """Whether the statement, with its sets and hypotheses, implies the mutant in the real closed field; every expression has a value."""
    return _accepts(Checker({}, QUICK_RESOURCES), _with_statement(mutant), Algebra())


def _at_points(mutant: Mutant, setting: Setting) -> Outcome | None:
    """What simple points and drawn ones tell: a counterexample, or a point where the mutant has no value; None where they tell nothing."""
    posed = pose(at_size_one(mutant.theorem) or mutant.theorem)
    if is_drawable(posed) is not None:
        return None
    deadline = time.monotonic() + setting.budget / 2
    told: list[Outcome] = []

    def telling(by: str, drawn: dict[Any, Any] | Empty) -> bool:
        if time.monotonic() > deadline:
            return True
        if not told and isinstance(drawn, dict):
            told.extend(_told(mutant, posed, drawn, by))
        return bool(told)

    any(telling("simple points", point) for point in islice(simple_points(posed), GRID))
    if not told:
        search(posed, partial(telling, "drawn points"), setting.seed, DRAWS, (Phase.generate,))
    return told[0] if told else None


def _where_added(mutant: Mutant, setting: Setting) -> Outcome | None:
    """What points tell that the mutant speaks of and the statement does not."""
    posed = pose(mutant.theorem)
    told: list[Outcome] = []

    def telling(part: Posed, by: str, deadline: float, drawn: dict[Any, Any] | Empty) -> bool:
        if time.monotonic() > deadline:
            return True
        if not told and isinstance(drawn, dict):
            point = _completed(part, posed, drawn)
            told.extend(_told(mutant, posed, point, by) if point is not None else ())
        return bool(told)

    for part in (_posed(theorem) for theorem in added(mutant)):
        if part is not None and is_drawable(part) is None:
            simple = partial(telling, part, "simple points", time.monotonic() + setting.budget / 4)
            any(map(simple, islice(simple_points(part), GRID)))
            drawn = partial(telling, part, "drawn points", time.monotonic() + setting.budget / 4)
            _ = told or search(part, drawn, setting.seed, DRAWS, (Phase.generate,))
    return told[0] if told else None


def _posed(part: Theorem) -> Posed | None:
    """The part with its definitions put in; None where SymPy builds no set of it."""
    try:
        return pose(part)
    except ValueError:  # an end that is not a real number
        return None


def _completed(part: Posed, posed: Posed, point: dict[Any, Any]) -> dict[Any, Any] | None:
    """A point of a part, with the variables that have one value there and more in the whole; None where one is not rational."""
    fixed = dict(part.definitions)
    values = {symbol: point[symbol] if symbol in point else element_at(fixed[symbol], point) for symbol, _ in posed.sets}
    return values if all(isinstance(value, Fraction) for value in values.values()) else None


def _at_borders(mutant: Mutant, setting: Setting) -> Outcome | None:
    """What points tell next to the borders of the relations that changed; of all that are claimed where a definition changed."""
    posed = pose(at_size_one(mutant.theorem) or mutant.theorem)
    if is_drawable(posed) is not None or not (mutant.same_domain or mutant.rule == "maxmin"):
        return None
    definitions = dict(posed.definitions)
    old, new = mutant.original.conclusion, mutant.theorem.conclusion
    changed = changed_relations(old, new) if mutant.same_domain else relations(new)
    formulas = [found for relation in changed for found in relations(substitute(relation, definitions))]
    formulas += [found for hypothesis in posed.hypotheses for found in relations(hypothesis)]
    points = borders.near(posed, formulas, time.monotonic() + setting.budget / 2)
    return next((told for point in points for told in _told(mutant, posed, point, "points next to a border")), None)


def _linked(mutant: Mutant, setting: Setting) -> bool:
    """Whether every relation that changed follows from the one that it replaces, with the lemmas of the statement's proof."""
    steps = links(mutant)
    return steps is not None and all(_follows(step, setting) for step in steps)


def _follows(step: Theorem, setting: Setting) -> bool:
    """First the relations alone, then with the sets, then with lemmas: each helps some decisions and burdens others."""
    defined = is_defined(step)
    for told, leaf in ((step, Algebra(drop=tuple(step.given))), (step, Algebra()), with_lemmas(step, setting.tree, setting.library)):
        checker = Checker({}, QUICK_RESOURCES)
        try:
            if defined:
                checker.check(initial(told), leaf, step.id)
            else:
                checker.theorem(told, leaf)
        except REJECTED:
            continue
        return True
    return False


def _shown_for_added(mutant: Mutant, setting: Setting) -> str | None:
    """Whether the mutant is shown on all that was added, or that is nothing."""
    parts = added(mutant)
    return WITH_ADDED if parts and all(_shown(part, setting) for part in parts) else None


def _shown(part: Theorem, setting: Setting) -> bool:
    if _posed(part) is None or hides_a_gap(part):
        return False
    theorem = pinned(part)
    if theorem is None or wellformed.errors(theorem) or wellformed.collapsed(theorem):
        return theorem is None
    if contradictory(theorem, setting.library):
        return True
    tree = find_proof(theorem, setting.library, time.monotonic() + min(PROOF_SECONDS, setting.budget))
    if tree is not None and _accepts(Checker(setting.library, memory=setting.memory), theorem, tree):
        return True
    # With samples, which find where an expression has no value: z3 and boxes do not look for that in hypotheses.
    return settle(theorem, ("sampling", *COVERING), setting.budget / 2, setting.seed).verdict in ("proved", "certified", "vacuous")


def _told(mutant: Mutant, posed: Posed, point: dict[Any, Any], by: str) -> Iterator[Outcome]:
    """What one point tells of the mutant."""
    found = judge(posed, point, drawn=True)
    if found.fails:
        smallest = simplest_failing(posed, point)
        witness = Witness(witness_values(posed, smallest), decimal(slack(posed.claim, smallest)))
        yield _found(mutant, REFUTED, by, witness)
    elif found.gap is not None and found.allowed is True:
        reason = f"ill-posed: {found.gap} has no value at {point_text(point)}"
        yield _found(mutant, MALFORMED, by, Witness(witness_values(posed, point)), reason)


def _read(mutant: Mutant, settled: Settled) -> Outcome:
    """An outcome out of a verdict."""
    by = next((e.engine for e in settled.evidence if e.verdict == settled.verdict), "statement")
    match settled.verdict:
        case "refuted":
            found = _found(mutant, REFUTED, by, settled.witness)
        case "proved" | "certified":
            found = _found(mutant, TRUE, f"{settled.verdict} by {by}")
        case "ill-posed" | "vacuous":
            found = _found(mutant, MALFORMED, by, settled.witness, f"{settled.verdict}: {settled.reason}")
        case _:
            tried = next((e.domain for e in settled.evidence if e.verdict == "supported"), None)
            found = _found(mutant, SURVIVES, settled.verdict, reason=tried or settled.reason)
    return replace(found, disagreement=settled.disagreement)


def _proved(mutant: Mutant, setting: Setting) -> str | None:
    """What shows the mutant: the statement's proof, a proof that is found, or one from the statement itself; None where nothing does."""
    theorem = mutant.theorem
    if _accepted_proof(mutant, setting, TRY_RESOURCES):
        return "the same proof"
    seconds = min(PROOF_SECONDS, setting.budget)
    tree = find_proof(theorem, setting.library, time.monotonic() + seconds)
    if tree is not None and _accepts(Checker(setting.library, memory=setting.memory), theorem, tree):
        return "a proof found"
    if mutant.same_domain:
        supposed = _with_statement(mutant)
        tree = find_proof(supposed, setting.library, time.monotonic() + seconds)
        if tree is not None and _accepts(Checker(setting.library, memory=setting.memory), supposed, tree):
            return IMPLIED
    return None


def _with_statement(mutant: Mutant) -> Theorem:
    """The mutant with the claim of the statement among its hypotheses."""
    theorem = mutant.theorem
    assume = (*theorem.hypotheses, mutant.original.conclusion)
    return Theorem(theorem.id, given=theorem.given, claim=theorem.conclusion, assume=assume)


def _accepted_proof(mutant: Mutant, setting: Setting, resources: int) -> bool:
    """Whether the statement's proof, where it has one, proves the mutant too; with few resources, since most do not."""
    if setting.tree is None:
        return False
    checker = Checker(setting.library, resources, int(1000 * setting.budget), setting.memory)
    return _accepts(checker, mutant.theorem, put_in(setting.tree, dict(mutant.renamed)))


def _accepts(checker: Checker, theorem: Theorem, tree: Any) -> bool:
    try:
        checker.theorem(theorem, tree)
    except REJECTED:
        return False
    return True


def _found(mutant: Mutant, kind: str, by: str, witness: Witness | None = None, reason: str | None = None) -> Outcome:
    return Outcome(mutant.theorem.id, mutant.rule, mutant.change, kind, by, witness, reason)


def _where(outcome: Outcome) -> str:
    values = outcome.witness.as_dict() if outcome.witness else {}
    return "at " + ", ".join(f"{name} = {value}" for name, value in values.items())
