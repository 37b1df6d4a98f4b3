"""Two layers and infinitely many: the learning curves of Saxe, McClelland, Ganguli, and of Min and Vidal, beside our times (F1, F2, F9).

u is an eigenvalue of the product, u = d^2 at depth 2; times are those of the flow of d (their time constant
is 1), E stands for e^(2 s t).
"""

from typing import Any

from sympy import Eq, Interval, Symbol, diff, log, oo

from dmftheory.claims import LearningTime, Theorem

r, x, y = (Symbol(name, positive=True) for name in ("r", "x", "y"))
s, u, v = (Symbol(name, positive=True) for name in ("s", "u", "v"))
time, E = Symbol("t", nonnegative=True), Symbol("E", positive=True)


SAXE = "Saxe, McClelland, Ganguli, arXiv:1312.6120 (as restated in a public text)"
RICCATI = "Min, Vidal, arXiv:2508.20344 (abstract): closed form of the symmetric two-layer flow"


def logistic(start: Any, target: Any) -> Any:
    """The eigenvalue of the product, from its start, when E = e^(2 s t)."""
    return target * E / (E - 1 + target / start)


def speed(curve: Any, target: Any) -> Any:
    """The derivative in t, through E' = 2 s E."""
    return diff(curve, E) * 2 * target * E


def _theorem(name: str, title: str, given: dict[Any, Any], claim: Any, source: str, provenance: str) -> Theorem:
    return Theorem(f"related.saxe.{name}", title=title, given=given, claim=claim, declared="proved", source=source, provenance=provenance)


curve = _theorem(
    "curve",
    "Depth 2: the logistic curve solves u' = 2 u (s - u)",
    {s: Interval.open(0, oo), u: Interval.open(0, s), E: Interval(1, oo)},
    Eq(speed(logistic(u, s), s), 2 * logistic(u, s) * (s - logistic(u, s)), evaluate=False),
    SAXE,
    "abstract",
)

learning_time = _theorem(
    "learning_time",
    "Depth 2: from u_0 = x^2 to u = y^2 it takes ln(u (s - u_0) / (u_0 (s - u))) / (2 s), s = r^2",
    {r: Interval.open(0, oo), x: Interval.open(0, r), y: Interval.Ropen(x, r)},
    Eq(LearningTime(2, r**2, x, y), log(y**2 * (r**2 - x**2) / (x**2 * (r**2 - y**2))) / (2 * r**2)),
    SAXE,
    "abstract",
)

infinite_depth = _theorem(
    "infinite_depth",
    "In the limit of infinite depth, u' = u^2 (s - u), the time is ln(u (s-u_0) / (u_0 (s-u))) / s^2 + (1/u_0 - 1/u) / s",
    {s: Interval.open(0, oo), u: Interval.open(0, s), v: Interval.Ropen(u, s)},
    Eq(
        diff(log(v * (s - u) / (u * (s - v))) / s**2 + (1 / u - 1 / v) / s, v),
        1 / (v**2 * (s - v)),
        evaluate=False,
    ),
    "form recalled of Saxe, McClelland, Ganguli, arXiv:1312.6120; formula ours",
    "derived",
)


def riccati(scale: Any, target: Any) -> Any:
    """a s_0 s E / (s + a s_0 (E - 1)), with a s_0 = scale."""
    return scale * target * E / (target + scale * (E - 1))


closed_form = _theorem(
    "riccati",
    "Each mode of the symmetric two-layer flow W' = W Y + Y W - 2 W^2 has the closed form of the Riccati equation",
    {s: Interval.open(0, oo), u: Interval.open(0, oo), E: Interval(1, oo)},
    Eq(speed(riccati(u, s), s), 2 * s * riccati(u, s) - 2 * riccati(u, s) ** 2, evaluate=False),
    RICCATI,
    "abstract",
)

closed_form_zero = _theorem(
    "riccati_zero",
    "A mode with eigenvalue 0 decays as u / (1 + 2 u t)",
    {u: Interval.open(0, oo), time: Interval(0, oo)},
    Eq(diff(u / (1 + 2 * u * time), time), -2 * (u / (1 + 2 * u * time)) ** 2, evaluate=False),
    RICCATI,
    "abstract",
)
