"""Three-valued logic: True, False and None for unknown.

Strong Kleene tables. A comparison of balls that overlap is unknown, and unknown must survive every connective that does not settle it.
"""

from collections.abc import Iterable

Ternary = bool | None


def all3(values: Iterable[Ternary]) -> Ternary:
    """Conjunction: False if one is False, else None if one is unknown, else True. Stops at the first False."""
    unknown = False
    for value in values:
        if value is False:
            return False
        unknown |= value is None
    return None if unknown else True


def any3(values: Iterable[Ternary]) -> Ternary:
    """Disjunction: True if one is True, else None if one is unknown, else False. Stops at the first True."""
    unknown = False
    for value in values:
        if value is True:
            return True
        unknown |= value is None
    return None if unknown else False


def not3(value: Ternary) -> Ternary:
    """Negation: unknown stays unknown."""
    return None if value is None else not value


def implies3(premise: Ternary, conclusion: Ternary) -> Ternary:
    """Material implication: True wherever the premise is False or the conclusion True."""
    return any3((not3(premise), conclusion))
