"""Identities that are checked by exact normal forms, for a symbolic depth too.

An `Identity` carries a residual; it holds when the normal form of the residual is literally 0. The normal form here is polynomial:
every power b^(pN + q) of a positive letter b becomes (b^N)^p b^q with b^N as a new letter, so a zero is a proof for every depth at once.
"""

from dataclasses import dataclass

import sympy

from dmftheory.model.symbols import DEPTH


@dataclass(frozen=True)
class Identity:
    """A named expression that has to be 0."""

    name: str
    residual: sympy.Expr

    @property
    def holds(self) -> bool:
        """Whether the residual is literally 0; a residual that is merely unsimplified does not hold."""
        return bool(self.residual == 0)


def power_normal_form(expression: sympy.Expr, depth: sympy.Symbol = DEPTH) -> sympy.Expr:
    """The numerator of `expression` as a polynomial in its letters and their N-th powers; 0 proves that the expression vanishes.

    The letters that carry the depth in an exponent have to be positive, the exponents linear in the depth with integer coefficients.
    Raises ValueError for any other power.
    """
    expanded = sympy.expand(expression, power_base=True, power_exp=True)
    replaced = expanded.replace(
        lambda node: node.is_Pow and node.exp.has(depth),
        lambda node: _split_power(node, depth),
    )
    numerator, _ = sympy.fraction(sympy.together(replaced))
    return sympy.expand(numerator)


def _split_power(node: sympy.Pow, depth: sympy.Symbol) -> sympy.Expr:
    if node.base.is_Integer and node.base == 1:
        return sympy.S.One
    if not (node.base.is_Symbol and node.base.is_positive):
        raise ValueError(f"no normal form for {node}: the base of a symbolic power has to be a positive letter")
    exponent = sympy.Poly(node.exp, depth)
    coefficients = exponent.all_coeffs()
    if exponent.degree() > 1 or not all(c.is_Integer for c in coefficients):
        raise ValueError(f"no normal form for {node}: the exponent has to be linear in {depth} with integer coefficients")
    slope, offset = (0, *coefficients)[-2:]
    letter = sympy.Symbol(f"{node.base.name}^{depth.name}", positive=True)
    return letter**slope * node.base**offset
