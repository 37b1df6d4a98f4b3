"""The digest of a statement and its proof: the same for the same text, another one as soon as anything in it or below it changes."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from dmftheory.proofs import library
from sympy import Eq, Function, Integer, Interval, Max, Or, Piecewise, Range, Rational, Symbol, cos, hyper, oo, pi

from dmftheory.claims import FirstPassage, Iterate, Theorem
from dmftheory.claims.digest import digest, text
from dmftheory.claims.proof import Algebra, Have, Induct, Lemma, algebra, lemma, split
from dmftheory.theorems import corpus

n = Symbol("n", integer=True, nonnegative=True)
x, y = Symbol("x", real=True), Symbol("y", real=True)
BASE = Theorem("t", given={n: Range(0, oo), x: Interval(0, 1)}, claim=x**n <= Symbol("c"), constants={Symbol("c"): Integer(1)})
PROOF = Have(x**n <= 1, algebra(lemma("u", n=n)), algebra())
LEMMA = Theorem("u", given={n: Range(0, oo)}, claim=n**2 >= n)
BELOW = Theorem("v", given={n: Range(0, oo)}, claim=n**2 + 1 >= n)
LIBRARY = {"u": (LEMMA, Induct(n, Algebra(), algebra(lemma("v", n=n)))), "v": (BELOW, Algebra())}


def test_it_is_the_same_for_the_same_text() -> None:
    assert digest(BASE, PROOF, LIBRARY) == digest(replace(BASE, title="other words", source="elsewhere"), PROOF, LIBRARY)


LOOSER = Symbol("n", integer=True)
CHANGES: dict[str, Callable[[], str]] = {
    "the id": lambda: digest(replace(BASE, id="s"), PROOF, LIBRARY),
    "the claim": lambda: digest(replace(BASE, claim=x**n < Symbol("c")), PROOF, LIBRARY),
    "a set": lambda: digest(replace(BASE, given={n: Range(0, oo), x: Interval.Lopen(0, 1)}), PROOF, LIBRARY),
    "the order": lambda: digest(replace(BASE, given={x: Interval(0, 1), n: Range(0, oo)}), PROOF, LIBRARY),
    "an assumption": lambda: digest(replace(BASE, given={LOOSER: Range(0, oo), x: Interval(0, 1)}), PROOF, LIBRARY),
    "a hypothesis": lambda: digest(replace(BASE, assume=[x >= 0]), PROOF, LIBRARY),
    "a constant": lambda: digest(replace(BASE, constants={Symbol("c"): Integer(2)}), PROOF, LIBRARY),
    "declared": lambda: digest(replace(BASE, declared="proved"), PROOF, LIBRARY),
    "no proof": lambda: digest(BASE, None, LIBRARY),
    "the proof": lambda: digest(BASE, replace(PROOF, then=algebra(drop=(0,))), LIBRARY),
    "the lemma is missing": lambda: digest(BASE, PROOF),
    "the lemma": lambda: digest(BASE, PROOF, {**LIBRARY, "u": (replace(LEMMA, claim=n**2 > n), LIBRARY["u"][1])}),
    "the lemma's proof": lambda: digest(BASE, PROOF, {**LIBRARY, "u": (LEMMA, Algebra())}),
    "the lemma's lemma": lambda: digest(BASE, PROOF, {**LIBRARY, "v": (replace(BELOW, claim=n + 1 >= n**2), Algebra())}),
    "circular": lambda: digest(BASE, PROOF, {**LIBRARY, "v": (BELOW, algebra(lemma("t", n=n, x=x)))}),
}


def test_every_change_changes_it() -> None:
    found = {name: change() for name, change in CHANGES.items()}
    assert len({digest(BASE, PROOF, LIBRARY), *found.values()}) == 1 + len(CHANGES)


DIFFERENT: list[Any] = [
    *(None, True, False, 1, Integer(1), 1.0, "1", Rational(1, 2), x, Symbol("x"), Symbol("x", positive=True), Symbol("x(1)"), oo, pi),
    *(Function("f")(x), Function("g")(x), Function("f(x)")(x), cos(x), hyper((1, 2), (3,), x), hyper((1, 3), (2,), x), Max(x, y)),
    *(Iterate(2, x, y, 1), Iterate(2, x, y, 1, -1), FirstPassage(2, x, y, 1), Eq(x, y), x < y, x <= y, y > x, Or(x < y, Eq(x, 0))),
    *(Piecewise((x, y > 0), (0, True)), Piecewise((x, y >= 0), (0, True)), Interval(0, 1), Interval.open(0, 1)),
    *((), (1,), (1, 1), ((1,), 1)),
    *(Algebra(), algebra(drop=(0,)), algebra(drop=("0",)), split(), split(Algebra()), Lemma("u", ()), lemma("u", n=n), lemma("u", n=x)),
]


def test_different_things_have_different_texts() -> None:
    assert len({text(item) for item in DIFFERENT}) == len(DIFFERENT)


@pytest.mark.parametrize("junk", [lambda: None, object(), Algebra, {1}], ids=["function", "object", "class", "set"])
def test_what_is_no_data_has_no_digest(junk: Any) -> None:
    with pytest.raises(TypeError, match="not part of a statement or a proof"):
        digest(BASE, junk)


PRINT = """
from dmftheory.claims.digest import digest
from dmftheory.proofs import library
lemmas = library()
for id in ("lemma.bernoulli", "chou.passage.at_most", "chou.step_size.increasing"):
    print(digest(*lemmas[id], lemmas))
"""


def test_it_does_not_depend_on_the_process() -> None:
    def printed(seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        return subprocess.run([sys.executable, "-c", PRINT], env=environment, capture_output=True, text=True, check=True).stdout

    assert len(set(printed("1").split())) == 3
    assert printed("1") == printed("2")


def test_the_corpus_has_as_many_digests_as_theorems() -> None:
    theorems = [item for item in corpus() if isinstance(item, Theorem)]
    assert len({digest(item, library()[item.id][1], library()) for item in theorems}) == len(theorems)
