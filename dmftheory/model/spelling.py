"""What all notations of a formula share: the rules for brackets and signs, and the letters."""

from collections.abc import Iterable

from dmftheory.model.nodes import Call, Fraction, Name, Node, Number, Product, Sum

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eta": "η", "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ",
    "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "omega": "ω",
}  # fmt: skip
KNOWN = ("ln", "arctan", "cos", "sin", "exp", "max", "min")


class Renderer:
    """The rules that all linear notations share; a subclass spells the pieces."""

    minus, plus, times = " - ", " + ", " "

    def text(self, node: Node) -> str:
        return str(getattr(self, type(node).__name__.lower())(node))

    def grouped(self, node: Node) -> str:
        return f"({self.text(node)})"

    def sum(self, node: Sum) -> str:
        (sign, first), *rest = node.terms
        pieces = [self.minus.strip() if sign < 0 else "", self.term(first)]
        for sign, term in rest:
            pieces += [self.minus if sign < 0 else self.plus, self.term(term)]
        return "".join(pieces)

    def term(self, node: Node) -> str:
        return self.grouped(node) if isinstance(node, Sum) else self.text(node)

    def product(self, node: Product) -> str:
        pieces = [self.factor(factor) for factor in node.factors]
        joined = pieces[0]
        for left, piece in zip(node.factors, pieces[1:], strict=False):
            # 2N, not 2 N.
            joined += ("" if self.times == " " and isinstance(left, Number) and piece[0].isalpha() else self.times) + piece
        return joined

    def factor(self, node: Node) -> str:
        return self.grouped(node) if isinstance(node, Sum) else self.text(node)

    def base(self, node: Node) -> str:
        plain = isinstance(node, Name | Number) or (isinstance(node, Call) and node.function not in KNOWN)
        return self.text(node) if plain else self.grouped(node)

    def divisor(self, node: Node) -> str:
        return self.grouped(node) if isinstance(node, Sum | Product | Fraction) else self.text(node)

    def listed(self, nodes: Iterable[Node]) -> str:
        return ", ".join(self.text(node) for node in nodes)


def function_name(node: Call) -> Name:
    """The letter of an undefined function, with its subscript."""
    letter, _, subscript = node.function.partition("_")
    return Name(letter, subscript, node.function)
