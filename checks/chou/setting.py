"""The setting: both sides of each statement at random matrices and numbers."""

from __future__ import annotations

import random
from collections.abc import Iterator

from dmftheory.checks.report import Check, Situation, attack
from dmftheory.checks.spectra import members, numbers

from dmftheory.claims import Family, Theorem


def _points(theorem: Theorem | Family, source: random.Random) -> Iterator[Situation]:
    for member in members(theorem, source):
        yield numbers(member, source)


CHECKS: dict[str, Check] = {
    "chou.setting.gradient": attack(_points, "both sides at random matrices"),
    "chou.setting.recalled_steps": attack(_points, "both step sizes at random depth and norm"),
}
