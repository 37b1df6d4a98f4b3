"""The language of statements: theorems, families, observables, evidence, verdicts."""

from dmftheory.claims.domains import Diagonal, Orthogonal
from dmftheory.claims.observables import (
    EffectiveRank,
    Factor,
    FirstPassage,
    FlowTime,
    Iterate,
    LearningStep,
    LearningTime,
)
from dmftheory.claims.theorem import Family, Theorem

__all__ = [
    "Diagonal",
    "EffectiveRank",
    "Factor",
    "Family",
    "FirstPassage",
    "FlowTime",
    "Iterate",
    "LearningStep",
    "LearningTime",
    "Orthogonal",
    "Theorem",
]
