"""All engines on one statement, and one verdict."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sympy import Integer

from dmftheory.claims import domains, wellformed
from dmftheory.claims.formula import Relation
from dmftheory.claims.proof import Algebra, put_in
from dmftheory.claims.theorem import Family, Theorem
from dmftheory.claims.verdict import RANKED, Evidence, Settled, Witness
from dmftheory.engines import boxes, gaps, homogeneity, kernel, needles, precision, sampling, smt, symbolic
from dmftheory.engines.evaluate import pose, slack
from dmftheory.engines.families import combine
from dmftheory.engines.replay import token
from dmftheory.engines.sampling import Sampled
from dmftheory.engines.second_opinion import SolversDisagree
from dmftheory.engines.simplify import simplest_failing
from dmftheory.engines.symbolic import Library
from dmftheory.engines.text import decimal, witness_values
from dmftheory.errors import InputError
from dmftheory.numerics.balls import ExpressionError
from dmftheory.trust.check import Checker, Memory
from dmftheory.trust.decide import solver_version
from dmftheory.trust.evidence import recheck
from dmftheory.trust.sequent import initial

ENGINES = ("symbolic", "kernel", "smt", "boxes", "sampling", "precision", "homogeneity")
STATEMENT = "statement"
"""The engine named in evidence that comes from reading the statement alone."""
MISTAKE = "as written"
"""The domain of the evidence for a mistake in the user's file."""

Found = tuple[Evidence, dict[Any, Any] | None]
Engine = Callable[[Theorem, "float | None"], Found]
CHAIN = ("smt", "boxes", "precision")
"""Engines that run one after the other until one of them decides, the sharpest first."""
INSTANCE_SECONDS = 10.0
"""For a point that satisfies the hypotheses of what is proved."""
Tell = Callable[[Settled], None]
"""Hears, after each engine, what the answer would be if the engines still to come found nothing."""


def settle(
    item: Theorem | Family,
    engines: Sequence[str] | None = None,
    budget: float | None = None,
    seed: int = 0,
    library: Library | None = None,
    proofs: Mapping[str, Any] | None = None,
    memory: Memory | None = None,
    tell: Tell | None = None,
) -> Settled:
    """The verdict on one statement, with its evidence.

    engines   names out of ENGINES (None or empty: all);  budget: seconds for the statement;  seed: of the random instances
    library   id -> (theorem, proof): the lemmas that proofs may cite
    proofs    id -> proof; for a family, the proof of every member, or a function from the index to it
    memory    what has been proved already, by the same theorems and proofs; grows
    tell      called after each engine, and for a family after each member, with the answer so far
    Raises InputError for an engine that does not exist.
    """
    names = tuple(dict.fromkeys(engines or ENGINES))
    for name in names:
        if name not in ENGINES:
            raise InputError("--engine", name, ", ".join(ENGINES))
    lemmas, trees = library or {}, proofs or {}
    if isinstance(item, Theorem):
        return _Case(item, names, budget, seed, lemmas, proof_of(item, lemmas, trees), memory, tell).settle()
    deadline = None if budget is None else time.monotonic() + budget
    members: list[tuple[tuple[int, ...], Theorem, Settled]] = []
    for index in item.indices:
        try:
            member = item.member(*index)
        except Exception as error:
            return _mistaken(item, f"member {index} cannot be built: {type(error).__name__}: {error}")
        if not isinstance(member, Theorem):
            return _mistaken(item, f"member {index} is no Theorem")
        left = None if deadline is None else max(0.0, deadline - time.monotonic()) / (len(item.indices) - len(members))
        tree = proof_of_member(item, index, member, trees)
        members.append((index, member, _Case(member, names, left, seed, lemmas, tree, memory).settle()))
        if tell is not None:
            tell(combine(item, members))
    return combine(item, members)


def _mistaken(family: Family, reason: str) -> Settled:
    file, line = family.origin
    evidence = (Evidence(STATEMENT, "ill-posed", MISTAKE),)
    return Settled(family.id, family.title, "ill-posed", family.declared, evidence, reason=f"{file}:{line}: {reason}")


def is_mistake(settled: Settled) -> bool:
    """Whether the verdict only says that the statement is written wrongly, which is bad input rather than mathematics."""
    return any(e.engine == STATEMENT and e.domain == MISTAKE for e in settled.evidence)


def proof_of(theorem: Theorem, library: Library, proofs: Mapping[str, Any]) -> Any:
    """The proof that is checked for a theorem, with its named constants put in, or None where one has to be found."""
    if theorem.proof is not None:
        return put_in(theorem.proof, theorem.constants)
    return put_in(proofs.get(theorem.id) or library.get(theorem.id, (None, None))[1], theorem.constants)


def proof_of_member(family: Family, index: tuple[int, ...], member: Theorem, proofs: Mapping[str, Any]) -> Any:
    """The proof that is checked for one member of a family, or None where one has to be found."""
    rule = proofs.get(family.id)
    return put_in(member.proof if member.proof is not None else rule(*index) if callable(rule) else rule, member.constants)


class _Case:
    """One theorem on its way through the engines."""

    def __init__(
        self,
        theorem: Theorem,
        names: tuple[str, ...],
        budget: float | None,
        seed: int,
        library: Library,
        tree: Any,
        memory: Memory | None,
        tell: Tell | None = None,
    ) -> None:
        self.theorem, self.names, self.seed, self.library, self.tree = theorem, names, seed, library, tree
        self.memory: Memory = {} if memory is None else memory
        self.tell = tell
        self.trees: dict[str, Any] = {smt.ENGINE: Algebra(), kernel.ENGINE: kernel.proof_for_kernel(tree)}
        self.deadline = None if budget is None else time.monotonic() + budget
        self.clash: str | None = None

    def settle(self) -> Settled:
        """Read the statement, then run the engines."""
        answer = self._as_read()
        if answer is not None:
            return answer
        warnings = homogeneity.warnings(self.theorem) if homogeneity.ENGINE in self.names else ()
        return replace(self._by_engines(), warnings=warnings)

    def _as_read(self) -> Settled | None:
        """The verdict that the writing alone gives: a mistake, a collapsed part, an empty set."""
        written = self.theorem
        for kind, found in ((MISTAKE, wellformed.mistakes(written)), ("collapsed", list(wellformed.collapses(written)))):
            if found:
                return self._answer("ill-posed", [Evidence(STATEMENT, "ill-posed", kind)], reason=wellformed.placed(written, found))
        for symbol, domain in written.given.items():
            if domains.is_empty(domain):
                empty = wellformed.Mistake("given", f"the set of {symbol} is empty: nothing is said", symbol)
                return self._answer("vacuous", [Evidence(STATEMENT, "vacuous", str(symbol))], reason=wellformed.placed(written, [empty]))
        return None

    def _by_engines(self) -> Settled:
        sampled = self._sampled() if "sampling" in self.names else Sampled(Evidence("sampling", "undecided", ""), no_instance=True)
        contradiction = self._contradiction() if sampled.no_instance else None
        if contradiction:
            evidence = Evidence("symbolic", "vacuous", symbolic.everything(self.theorem), (solver_version(),))
            return self._answer("vacuous", [evidence], reason=contradiction)
        self._so_far([], sampled)
        found, points, sampled = self._deductive(sampled)
        if "sampling" in self.names:
            found.append(sampled.evidence)
        if self.names == (homogeneity.ENGINE,):
            found.append(homogeneity.weigh(self.theorem))
        return self._verdict(found, sampled, points)

    def _sampled(self) -> Sampled:
        try:
            return sampling.sample(self.theorem, self.seed, self._left())
        except ExpressionError as error:
            return Sampled(Evidence("sampling", "undecided", "", reason=f"not applicable: {error}"), no_instance=True)
        except Exception as error:
            return Sampled(_failed("sampling", error), no_instance=True)

    def _contradiction(self) -> str | None:
        try:
            return contradictory(self.theorem, self.library)
        except Exception:  # whatever went wrong, nothing has been found
            return None

    def _deductive(self, sampled: Sampled) -> tuple[list[Evidence], list[dict[Any, Any]], Sampled]:
        """The engines that reason about all instances at once; an instance that fails leaves only a given proof to be checked.

        Between proofs and the engines that decide depth by depth, a hunt for an instance that fails: short where there is a proof.
        """
        failed = sampled.evidence.verdict in ("refuted", "ill-posed")
        evidence: list[Evidence] = []
        points: list[dict[Any, Any]] = []
        if "symbolic" in self.names and not (failed and self.tree is None):
            evidence.append(self._proposed())
            self._so_far(evidence, sampled)
        if "kernel" in self.names and (self.trees[kernel.ENGINE] is not None or self.names == ("kernel",)):
            evidence.append(self._by_kernel())
            self._so_far(evidence, sampled)
        if not failed and not any(e.verdict == "proved" for e in evidence):
            evidence += self._gap()
        if not any(e.verdict == "ill-posed" for e in evidence):
            sampled = self._deepened(evidence, sampled)
        failed = sampled.evidence.verdict in ("refuted", "ill-posed")
        for name, engine in ((smt.ENGINE, smt.decide_each_depth), (boxes.ENGINE, boxes.cover), (precision.ENGINE, self._look)):
            shown = any(e.verdict in ("proved", "certified", "refuted", "ill-posed") for e in evidence)
            done = failed or shown or self.clash is not None or (name == precision.ENGINE and self._has_verdict(sampled))
            if name in self.names and not done:
                found, point = self._ask(name, engine, self._share(name))
                evidence.append(found)
                points += [] if point is None else [point]
                self._so_far(evidence, sampled)
        return evidence, points, sampled

    def _proposed(self) -> Evidence:
        try:
            found, self.trees[symbolic.ENGINE] = symbolic.propose(self.theorem, self.tree, self.library, self._left(), self.memory)
        except Exception as error:
            return _failed(symbolic.ENGINE, error)
        return found

    def _by_kernel(self) -> Evidence:
        try:
            return kernel.prove(self.theorem, self.trees[kernel.ENGINE], self.memory)
        except Exception as error:
            return _failed(kernel.ENGINE, error)

    def _gap(self) -> list[Evidence]:
        """Evidence of a pole between the instances, which would go unseen where the verdict rests on them."""
        try:
            found = gaps.certain_gap(self.theorem)
        except Exception:
            return []
        return [] if found is None else [found]

    def _ask(self, name: str, engine: Engine, budget: float | None) -> Found:
        """What an engine finds; one that fails hides nothing of the others."""
        start = time.monotonic()
        try:
            return engine(self.theorem, budget)
        except SolversDisagree as error:
            self.clash = str(error)
            return Evidence(name, "undecided", "", (), time.monotonic() - start, reason=f"two solvers disagree: {error}"), None
        except Exception as error:
            return _failed(name, error, time.monotonic() - start), None

    def _look(self, theorem: Theorem, budget: float | None) -> Found:
        return precision.look(theorem, self.seed, budget)

    def _has_verdict(self, sampled: Sampled) -> bool:
        """Whether a quick look would add nothing: it was not asked for, and the instances have a verdict."""
        return self.names == ENGINES and sampled.evidence.verdict != "undecided"

    def _share(self, name: str) -> float | None:
        """Seconds for an engine: what is left, shared with the engines after it."""
        left = self._left()
        later = [n for n in CHAIN[CHAIN.index(name) :] if n in self.names]
        return None if left is None else left / max(1, len(later))

    def _deepened(self, evidence: Sequence[Evidence], sampled: Sampled) -> Sampled:
        if "sampling" not in self.names:
            return sampled
        effort = needles.SHORT if any(e.verdict == "proved" for e in evidence) else needles.LONG
        left = self._left()
        try:
            return needles.deepened(self.theorem, sampled, effort, self.seed, None if left is None else left / 2)
        except Exception as error:
            reason = f"the hunt after it failed: {type(error).__name__}: {error}"
            return replace(sampled, evidence=replace(sampled.evidence, reason=sampled.evidence.reason or reason))

    def _so_far(self, evidence: Sequence[Evidence], sampled: Sampled) -> None:
        if self.tell is None:
            return
        found = self._rechecked([*evidence, *([sampled.evidence] if "sampling" in self.names else [])])
        self.tell(self._answer(overall([e.verdict for e in found]), found, **self._seen(sampled, sampled.witness, sampled.worst)))

    def _left(self) -> float | None:
        return None if self.deadline is None else max(0.0, self.deadline - time.monotonic())

    def _rechecked(self, evidence: Sequence[Evidence]) -> list[Evidence]:
        """What may be said to be proved: that of which the trusted core has, here, a proof that it accepts."""
        return [recheck(e, self.theorem, self.trees.get(e.engine), self.library, self.memory) for e in evidence]

    def _verdict(self, evidence: list[Evidence], sampled: Sampled, points: list[dict[Any, Any]]) -> Settled:
        evidence = self._rechecked(evidence)
        verdict = overall([e.verdict for e in evidence])
        reason = _reason(verdict, evidence)
        if verdict in ("supported", "certified", "proved") and sampled.no_instance and not self._has_instance():
            # Whatever holds of no point at all is vacuous, and nothing shows here that it is not.
            verdict, reason = "undecided", "no point that satisfies the hypotheses was found, so the statement may be vacuous"
        witness, worst = sampled.witness, sampled.worst
        if witness is None and points:
            witness = worst = self._witness(points[0])
        if self.clash is not None:
            verdict, reason = "undecided", f"two solvers disagree: {self.clash}"
        clash = self.clash or disagreement(evidence)
        return self._answer(verdict, evidence, reason=reason, disagreement=clash, **self._seen(sampled, witness, worst))

    def _has_instance(self) -> bool:
        """Whether a point certainly satisfies the hypotheses: a drawn one, or one that z3 proposes and exact arithmetic confirms."""
        if sampling.has_instance(self.theorem, self.seed):
            return True
        left = self._left()
        return smt.find_instance(self.theorem, INSTANCE_SECONDS if left is None else min(INSTANCE_SECONDS, left)) is not None

    def _seen(self, sampled: Sampled, witness: Witness | None, worst: Witness | None) -> dict[str, Any]:
        replay = None if witness is None else token(self.theorem.id, witness)
        counts = {"samples": sampled.samples, "worst_slack": sampled.worst_slack}
        return {"witness": witness, "worst": worst, "replay": replay, **counts}

    def _witness(self, point: dict[Any, Any]) -> Witness:
        posed = pose(self.theorem)
        smallest = simplest_failing(posed, point)
        return Witness(witness_values(posed, smallest), decimal(slack(posed.claim, smallest)))

    def _answer(self, verdict: str, evidence: list[Evidence], **more: Any) -> Settled:
        theorem = self.theorem
        return Settled(theorem.id, theorem.title, verdict, theorem.declared, tuple(evidence), **more)


def _failed(engine: str, error: Exception, seconds: float = 0.0) -> Evidence:
    """What an engine that went wrong has to say: nothing, which hides nothing of the others."""
    return Evidence(engine, "undecided", "", (), seconds, reason=f"the engine failed: {type(error).__name__}: {error}")


def overall(verdicts: Sequence[str]) -> str:
    """One verdict out of those of the engines: a failure outweighs everything (what has no value first), otherwise the strongest."""
    for bad in ("ill-posed", "refuted", "vacuous"):
        if bad in verdicts:
            return bad
    return max(verdicts, key=RANKED.index, default="undecided")


def disagreement(evidence: Sequence[Evidence]) -> str | None:
    """What two engines say that cannot both be right, or None."""
    shown = [e for e in evidence if e.verdict in ("proved", "certified")]
    failed = [e for e in evidence if e.verdict in ("refuted", "ill-posed")]
    if not (shown and failed):
        return None
    return f"{shown[0].engine} says {shown[0].verdict} ({shown[0].domain}), {failed[0].engine} says {failed[0].verdict}"


def contradictory(theorem: Theorem, library: Library) -> str | None:
    """A sentence that names hypotheses which cannot hold together, or None."""
    sequent = initial(theorem).show(Relation(Integer(0), "==", Integer(1)))

    def impossible(kept: Sequence[int]) -> bool:
        dropped = tuple(i for i in range(len(sequent.hypotheses)) if i not in kept)
        try:
            Checker(library, symbolic.TRY_RESOURCES).check(sequent, Algebra(drop=dropped), theorem.id)
        except symbolic.REJECTED:
            return False
        return True

    kept = list(range(len(sequent.hypotheses)))
    if not impossible(kept):
        return None
    for i in tuple(kept):
        rest = [j for j in kept if j != i]
        if impossible(rest):
            kept = rest
    if not kept:
        return "no values lie in the sets of the variables"
    return f"the hypotheses cannot hold together: {'; '.join(str(theorem.assume[i]) for i in kept)}"


def _reason(verdict: str, evidence: Sequence[Evidence]) -> str | None:
    """The words that go with a verdict: of the engine that gave it; for `undecided`, of every engine."""
    if verdict == "undecided":
        return "; ".join(f"{e.engine}: {e.reason}" for e in evidence if e.reason) or "no engine applies"
    return next((e.reason for e in evidence if e.verdict == verdict and e.reason), None)
