"""A noisy target: run on W + E, stop on a plateau, and what is left of the noise (C7).

Weyl's inequality (standard) says that an eigenvalue moves by at most e = ||E||; mu is the eigenvalue of the noisy target, lambda the true
one, w the eigenvalue of the product.
"""

from typing import Any

from sympy import Abs, And, Interval, Symbol, oo, sqrt

from dmftheory.claims import Theorem

N = Symbol("N", integer=True, positive=True)
eps, e = Symbol("epsilon", positive=True), Symbol("e", nonnegative=True)
lam, mu, w = Symbol("lambda", positive=True), Symbol("mu", real=True), Symbol("w", real=True)
low, nu = Symbol("lambda_next", real=True), Symbol("mu_next", real=True)
a, b, c, p, q, r = (Symbol(name, real=True) for name in ("a", "b", "c", "p", "q", "r"))

SOURCE = "early stopping against noise, arXiv:2011.13772 (abstract of version 1) and arXiv:2605.28613 (abstract); form and constants ours"


def _theorem(name: str, title: str, given: dict[Any, Any], claim: Any, **more: Any) -> Theorem:
    words = {"declared": "proved", "source": SOURCE, "provenance": "derived", **more}
    return Theorem(f"chou.noise.{name}", title=title, given=given, claim=claim, **words)


learned = _theorem(
    "learned",
    "A learned eigenvalue differs from the true one by at most epsilon mu + e",
    {
        lam: Interval.open(0, oo),
        e: Interval.Ropen(0, lam),
        mu: Interval(lam - e, lam + e),
        eps: Interval.open(0, 1),
        w: Interval((1 - eps) * mu, mu),
    },
    Abs(w - lam) <= eps * mu + e,
)

survives = _theorem(
    "survives",
    "A gap of more than 2 e survives the noise, and with it the plateau",
    {
        lam: Interval.open(0, oo),
        e: Interval(0, oo),
        low: Interval(-oo, lam),
        mu: Interval(lam - e, lam + e),
        nu: Interval(low - e, low + e),
    },
    nu < mu,
    assume=[2 * e < lam - low],
)

survival_sharp = _theorem(
    "survival_sharp",
    "A gap of 1.99 e survives the noise (false: 2 is the best constant)",
    {
        lam: Interval.open(0, oo),
        e: Interval.open(0, oo),
        low: Interval(-oo, lam),
        mu: Interval(lam - e, lam + e),
        nu: Interval(low - e, low + e),
    },
    nu < mu,
    assume=[199 * e / 100 < lam - low],
    declared="refuted",
    source="ours, chou.noise.survives with its constant moved",
)

delay = _theorem(
    "delay",
    "The learning time changes in the proportion lambda / mu, up to e / (lambda - e)",
    {lam: Interval.open(0, oo), e: Interval.Ropen(0, lam), mu: Interval(lam - e, lam + e)},
    Abs(lam / mu - 1) <= e / (lam - e),
)

triangle = _theorem(
    "triangle",
    "The triangle inequality of the plane, both ways",
    dict.fromkeys((a, b, p, q), Interval(-oo, oo)),
    And(
        sqrt((a + p) ** 2 + (b + q) ** 2) <= sqrt(a**2 + b**2) + sqrt(p**2 + q**2),
        sqrt((a + p) ** 2 + (b + q) ** 2) >= sqrt(a**2 + b**2) - sqrt(p**2 + q**2),
    ),
    source="standard",
)


def largest(x: Any, y: Any, z: Any) -> Any:
    """The larger eigenvalue of [[x, y], [y, z]]."""
    return (x + z + sqrt((x - z) ** 2 + 4 * y**2)) / 2


NORM = (Abs(p + r) + sqrt((p - r) ** 2 + 4 * q**2)) / 2
"""The norm of [[p, q], [q, r]]."""

weyl = _theorem(
    "weyl",
    "Weyl's inequality for the larger eigenvalue of a 2 x 2 matrix [[a, b], [b, c]] and a perturbation [[p, q], [q, r]]",
    dict.fromkeys((a, b, c, p, q, r), Interval(-oo, oo)),
    Abs(largest(a + p, b + q, c + r) - largest(a, b, c)) <= NORM,
    source="Weyl's inequality, standard",
)
