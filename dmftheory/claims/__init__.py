"""The language of statements: theorems, families, observables, evidence, verdicts."""

from dmftheory.claims.domains import Diagonal, Orthogonal
from dmftheory.claims.observables import (
    EffectiveRank,
    Factor,
    FirstFactor,
    FirstPassage,
    FlowTime,
    ImbalancedTime,
    Iterate,
    LearningStep,
    LearningTime,
    OtherFactor,
)
from dmftheory.claims.theorem import Family, Theorem

__all__ = [
    "Diagonal",
    "EffectiveRank",
    "Factor",
    "Family",
    "FirstFactor",
    "FirstPassage",
    "FlowTime",
    "ImbalancedTime",
    "Iterate",
    "LearningStep",
    "LearningTime",
    "Orthogonal",
    "OtherFactor",
    "Theorem",
]
