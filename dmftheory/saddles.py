"""The diagonal critical points: W_j = diag(lambda_i^(1/N) for i in a set S, else 0), target diag(lambda), any depth, any real spectrum.

Their Hessian falls into blocks of one or two modes (`dmftheory.numerics.hessian_blocks`), so inertia and kind are exact at every depth.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb, ctx

from dmftheory.errors import InputError
from dmftheory.exact import MAX_DEPTH, format_rational
from dmftheory.landscape import GLOBAL_MINIMUM, NO_SPURIOUS, STRICT_SADDLE, WEAK_SADDLE
from dmftheory.numerics.hessian_blocks import BITS, Block, Level, blocks, extreme, inertia
from dmftheory.numerics.inertia import Inertia

MAX_MODES = 64
"""Eigenvalues of the target; there are n(n+1)/2 blocks."""

_PLACES = 20


@dataclass(frozen=True)
class Saddle:
    """One diagonal critical point, settled.

    subset      S, counted from 1, in the order of the spectrum as given
    kind        "global minimum", "strict saddle" or "non-strict saddle"
    loss        1/2 sum of lambda_i^2 over i not in S
    blocks      the Hessian, block by block
    largest, smallest   the extreme eigenvalues as balls, with multiplicity, None where two laws may or may not agree
    """

    depth: int
    spectrum: tuple[Fraction, ...]
    subset: tuple[int, ...]
    kind: str
    loss: Fraction
    inertia: Inertia
    blocks: tuple[Block, ...]
    largest: tuple[arb, int | None]
    smallest: tuple[arb, int | None]

    @property
    def stability_limit(self) -> arb | None:
        """2 / sharpness, at a minimum: step sizes beyond it are linearly unstable there. None elsewhere, and for a Hessian that is 0."""
        with ctx.workprec(BITS):
            return 2 / self.largest[0] if self.kind == GLOBAL_MINIMUM and self.largest[0] > 0 else None

    @property
    def relies_on(self) -> tuple[str, ...]:
        """Theorems that the kind rests on beside exact arithmetic."""
        return (NO_SPURIOUS,) if self.kind == WEAK_SADDLE else ()

    def to_json(self) -> dict[str, object]:
        """The answer as a document; the blocks are a document of their own."""
        return {
            "subset": list(self.subset),
            "kind": self.kind,
            "critical": True,
            "reason": None,
            "loss": format_rational(self.loss),
            "inertia": inertia_document(self.inertia),
            "method": "block formulas, signs by exact comparison",
            "relies_on": list(self.relies_on),
            "largest": _extreme(self.largest),
            "smallest": _extreme(self.smallest),
            "stability_limit": None if self.stability_limit is None else shown(self.stability_limit),
        }

    def blocks_document(self) -> list[dict[str, object]]:
        """The Hessian block by block: modes, eigenvalues, signs and multiplicities."""
        with ctx.workprec(BITS):
            return [_block(block, self.depth) for block in self.blocks]


def saddle(depth: int, spectrum: Sequence[Fraction], subset: Iterable[int]) -> Saddle:
    """Settle the critical point that keeps the eigenvalues of `subset`, counted from 1. Raises InputError."""
    values = tuple(spectrum)
    _check(depth, values)
    chosen = _subset(depth, values, subset)
    kept = frozenset(i - 1 for i in chosen if values[i - 1])
    found = tuple(blocks(depth, values, kept))
    signs = inertia(found)
    loss = sum((value**2 for i, value in enumerate(values) if i not in kept), Fraction(0)) / 2
    kind = STRICT_SADDLE if signs.negative else WEAK_SADDLE if loss else GLOBAL_MINIMUM
    return Saddle(depth, values, chosen, kind, loss, signs, found, extreme(depth, found, 1), extreme(depth, found, -1))


def ladder(depth: int, spectrum: Sequence[Fraction]) -> list[Saddle]:
    """The points that keep the k largest positive eigenvalues, k = 0, 1, ..., all of them: what gradient descent visits (H6).

    Raises InputError.
    """
    values = tuple(spectrum)
    _check(depth, values)
    order = sorted((i for i, value in enumerate(values, 1) if value > 0), key=lambda i: (-values[i - 1], i))
    return [saddle(depth, values, order[:k]) for k in range(len(order) + 1)]


def inertia_document(found: Inertia) -> dict[str, int]:
    """The counts by name."""
    return {"positive": found.positive, "negative": found.negative, "zero": found.zero, "unknown": found.unknown}


def shown(value: arb) -> str:
    """A ball as a decimal of at most 20 digits (the last one may be off by one), without zeros at the end."""
    digits, mark, exponent = value.str(_PLACES, radius=False).partition("e")
    text = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return text + mark + exponent if text not in ("0", "-0") else "0"


def _check(depth: int, values: Sequence[Fraction]) -> None:
    if not 2 <= depth <= MAX_DEPTH:
        raise InputError("--depth", depth, f"an integer from 2 to {MAX_DEPTH}")
    if not 1 <= len(values) <= MAX_MODES:
        raise InputError("--spectrum", f"{len(values)} eigenvalues", f"1 to {MAX_MODES} eigenvalues")


def _subset(depth: int, values: Sequence[Fraction], subset: Iterable[int]) -> tuple[int, ...]:
    chosen = sorted(subset)
    for i in chosen:
        if not 1 <= i <= len(values):
            raise InputError("--subset", str(i), f"indices of eigenvalues, from 1 to {len(values)}")
        if values[i - 1] < 0 and depth % 2 == 0:
            shown = f"{i}, whose eigenvalue is {format_rational(values[i - 1])}"
            raise InputError("--subset", shown, "at even depth, indices of nonnegative eigenvalues: others have no real root")
    if len(set(chosen)) < len(chosen):
        raise InputError("--subset", ",".join(map(str, chosen)), "every index once")
    return tuple(chosen)


def _extreme(found: tuple[arb, int | None]) -> dict[str, object]:
    return {"value": shown(found[0]), "multiplicity": found[1]}


def _block(block: Block, depth: int) -> dict[str, object]:
    return {"kind": block.kind, "modes": list(block.modes), "eigenvalues": [_level(level, depth) for level in block.levels]}


def _level(level: Level, depth: int) -> dict[str, object]:
    return {"value": shown(level.value(depth)), "sign": level.sign, "multiplicity": level.count}
