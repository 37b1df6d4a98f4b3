"""Proofs for the kernel of Rocq: the statement is written here, the proof elsewhere, and only the real numbers' own axioms are let in."""

import shutil
from typing import Any

import pytest
from dmftheory.proofs import library, proofs
from sympy import Abs, Eq, FiniteSet, Implies, Integer, Interval, Ne, Not, Or, Range, Rational, Symbol, exp, log, oo, sqrt

from dmftheory.claims import Iterate, Theorem
from dmftheory.claims.proof import Algebra, Kernel, WithKernel
from dmftheory.claims.rocq import InexpressibleError, statement
from dmftheory.engines.settle import settle
from dmftheory.trust import kernel
from dmftheory.trust.evidence import prove
from dmftheory.trust.sequent import initial

needs_coqc = pytest.mark.skipif(shutil.which("coqc") is None, reason="coqc is not installed")

N, n = Symbol("N", integer=True, positive=True), Symbol("n", integer=True)
x, y = Symbol("x", real=True), Symbol("y", real=True)
UNIT = Interval(0, 1)
HEAD = "From Coq Require Import Reals Lra.\nLocal Open Scope R_scope.\n"
SQUARE = Theorem("square", given={x: UNIT}, claim=x**2 <= x)
BELOW = "forall v0 : R, v0 >= 0 /\\ v0 <= 1 -> v0 ^ 2 <= v0"
PROOF = f"{HEAD}Theorem square : {BELOW}.\nProof. intros x [low high]; simpl; pose proof (Rmult_le_compat_l x x 1); lra. Qed.\n"
FALSE = Theorem("false", given={x: UNIT}, claim=2 * x <= 1)
WRONG = "forall v0 : R, v0 >= 0 /\\ v0 <= 1 -> 2 * v0 <= 1"


def text(theorem: Theorem) -> str:
    sequent = initial(theorem)
    return statement(sequent.sets, sequent.hypotheses, sequent.goal)


NEIGHBOURS: dict[str, Theorem] = {
    "strict": Theorem("t", given={x: UNIT}, claim=x**2 < x),
    "a larger set": Theorem("t", given={x: Interval(0, 2)}, claim=x**2 <= x),
}


@needs_coqc
@pytest.mark.parametrize("name", NEIGHBOURS)
def test_the_proof_of_a_neighbouring_statement_is_rejected(name: str) -> None:
    assert prove(NEIGHBOURS[name], Kernel("square", PROOF), {}).verdict == "undecided"


OWN_NAMES = "Module ClassicalDedekindReals. Axiom sig_forall_dec : forall P : Prop, P. End ClassicalDedekindReals."
ATTACKS: dict[str, str] = {
    "an axiom called like an allowed one": f"""{HEAD}{OWN_NAMES}
        Theorem bad : {WRONG}. Proof. apply ClassicalDedekindReals.sig_forall_dec. Qed.""",
    "another meaning of <=": f'{HEAD}Notation "a <= b" := True.\nTheorem bad : forall v0, v0 >= 0 /\\ True -> True. Proof. trivial. Qed.',
    "the guard switched off": f"""{HEAD}Unset Guard Checking.
        Fixpoint loop (n : nat) : False := loop n.
        Theorem bad : {WRONG}. Proof. destruct (loop 0). Qed.""",
    "another statement": "Definition statement := True.\nDefinition bad : statement := I.",
}


@needs_coqc
@pytest.mark.parametrize("name", ATTACKS)
def test_a_file_that_cheats_is_rejected(name: str) -> None:
    assert prove(FALSE, Kernel("bad", ATTACKS[name]), {}).verdict == "undecided"


SAID: dict[str, str] = {
    "an axiom": "Axioms:\nSource.bad : forall v0 : R, v0 >= 0 /\\ v0 <= 1 -> 2 * v0 <= 1\n",
    "one of ours and another": "Axioms:\nClassicalDedekindReals.sig_not_dec : forall P : Prop, {~ ~ P} + {~ P}\nSource.bad\n  : False\n",
    "universes": "Axioms:\nSource.bad relies on an unsafe hierarchy.\n",
    "positivity": "Axioms:\nSource.Bad is assumed to be positive.\n",
    "something new": "Everything is fine\n",
}


@pytest.mark.parametrize("name", SAID)
def test_what_is_not_an_axiom_of_the_real_numbers_is_rejected(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "missing", lambda: None)
    monkeypatch.setattr(kernel, "_ask", lambda *arguments: SAID[name])
    assert prove(FALSE, Kernel("bad", ""), {}).verdict == "undecided"


@pytest.mark.parametrize("command", ['Redirect "x" Print nat.', "Load x.", 'Declare ML Module "x".', 'Extraction "x" nat.', 'Cd "/".'])
def test_commands_to_something_else_are_rejected(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "missing", lambda: None)
    monkeypatch.setattr(kernel, "_ask", lambda *arguments: "Closed under the global context\n")
    assert prove(SQUARE, Kernel("square", PROOF + command), {}).verdict == "undecided"


@pytest.mark.parametrize("name", ["square. Admitted", "a b", "", "1a", "a;b"])
def test_a_name_is_a_name(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "missing", lambda: None)
    assert prove(SQUARE, Kernel(name, PROOF), {}).verdict == "undecided"


INEXPRESSIBLE: dict[str, Theorem] = {
    "a logarithm": Theorem("t", given={x: Interval(1, 2)}, claim=log(x) <= x),
    "a root": Theorem("t", given={x: UNIT}, claim=sqrt(x) >= x),
    "an exponential": Theorem("t", given={x: UNIT}, claim=exp(x) >= x),
    "an observable": Theorem("t", given={x: UNIT}, claim=Iterate(2, x, x, 1) <= 5),
    "an integer that may be negative": Theorem("t", given={n: Range(-3, oo)}, claim=n**2 >= n),
    "an exponent that may be negative": Theorem("t", given={n: Range(0, oo), x: Interval(1, 2)}, claim=x ** (n - 1) >= 0),
    "a product of exponents": Theorem("t", given={N: Range(2, oo), x: UNIT}, claim=x ** (N**2) <= 1),
    "an infinity": Theorem("t", given={x: UNIT}, claim=Iterate(2, x, x, 1) < oo),
}


@pytest.mark.parametrize("name", INEXPRESSIBLE)
def test_what_has_no_counterpart_is_refused(name: str) -> None:
    with pytest.raises(InexpressibleError):
        text(INEXPRESSIBLE[name])


WRITTEN: list[tuple[Theorem, str]] = [
    (SQUARE, "forall v0 : R,\n  ((v0 >= (0)) /\\ (v0 <= (1))) ->\n  ((v0 ^ 2) <= v0)."),
    (Theorem("t", given={N: Range(2, oo), x: UNIT}, claim=x ** (2 * N - 3) <= 1), "(v1 ^ (2 * v0 - 3)%nat)"),
    (Theorem("t", given={N: Range(2, oo), x: UNIT}, claim=x / N <= 1), "(/ (INR v0))"),
    (Theorem("t", given={N: Range(2, oo)}, claim=N + Rational(-2, 3) >= 1), "(-2 / 3)"),
    (Theorem("t", given={x: FiniteSet(1, 2)}, assume=[Ne(x, 2)], claim=Or(Eq(x, 1), Not(Abs(x) < 1))), "((v0 = (1)) \\/ (v0 = (2)))"),
    (Theorem("t", given={x: UNIT, y: UNIT}, claim=Implies(x < y, x <= y)), "((v0 < v1) -> (v0 <= v1))"),
    (Theorem("t", given={x: Interval(-oo, oo)}, claim=(x - 1) ** 2 >= 2 * x - 5), "True ->"),
]


@pytest.mark.parametrize(("theorem", "part"), WRITTEN, ids=[part for _, part in WRITTEN])
def test_the_statement_is_written_here(theorem: Theorem, part: str) -> None:
    assert part in text(theorem)


@needs_coqc
def test_a_right_proof_is_accepted_and_everything_that_is_written_compiles() -> None:
    bodies = [text(theorem).partition("Definition")[2] for theorem, _ in WRITTEN]
    definitions = "".join(f"Definition{body.replace('statement', f's{i}', 1)}" for i, body in enumerate(bodies))
    found = prove(SQUARE, Kernel("square", PROOF + definitions), {})
    assert found.verdict == "proved", found.reason
    assert any(name.startswith("Coq ") for name in found.relies_on)


WITH_KERNEL = {id: tree for id, tree in proofs().items() if isinstance(tree, WithKernel)}


def test_the_corpus_has_proofs_for_the_kernel() -> None:
    assert WITH_KERNEL


@needs_coqc
@pytest.mark.parametrize("name", WITH_KERNEL)
def test_theorems_of_the_corpus_are_proved_twice(name: str) -> None:
    theorem, _ = library()[name]
    settled = settle(theorem, ("symbolic", "kernel"), library=library(), proofs=proofs())
    assert [(e.engine, e.verdict) for e in settled.evidence] == [("symbolic", "proved"), ("kernel", "proved")]


def without_coqc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel.shutil, "which", lambda name: None)


def test_without_coqc_its_absence_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    without_coqc(monkeypatch)
    settled = settle(SQUARE, ("kernel",), proofs={"square": WithKernel(Algebra(), Kernel("square", PROOF))})
    assert settled.verdict == "undecided"
    assert settled.reason == "kernel: not installed: coqc"


def test_without_coqc_the_other_proof_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    without_coqc(monkeypatch)
    settled = settle(SQUARE, ("symbolic", "kernel"), proofs={"square": WithKernel(Algebra(), Kernel("square", PROOF))})
    assert settled.verdict == "proved"
    assert [(e.engine, e.verdict) for e in settled.evidence] == [("symbolic", "proved"), ("kernel", "undecided")]


def test_without_coqc_a_proof_for_the_kernel_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    without_coqc(monkeypatch)
    assert prove(SQUARE, Kernel("square", PROOF), {}).verdict == "undecided"


@pytest.mark.parametrize("tree", [None, Algebra()], ids=["none", "for other rules"])
def test_a_statement_without_a_proof_for_the_kernel(tree: Any) -> None:
    settled = settle(SQUARE, ("kernel",), proofs={"square": tree})
    assert settled.verdict == "undecided"
    assert settled.reason is not None and settled.reason.startswith("kernel: not")


def test_integers_are_no_texts() -> None:
    assert text(Theorem("t", given={x: UNIT}, claim=x <= Integer(10) ** 30)).count("1000000000000000000000000000000") == 1
