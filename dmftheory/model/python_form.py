"""Formulas as a SymPy program that runs as it stands."""

import re

import sympy

from dmftheory.model.layout import arrange
from dmftheory.model.nodes import Call, Column, Fraction, Name, Node, Norm, Number, Power, Relation, Root, Series, Slope, Transpose
from dmftheory.model.spelling import Renderer


def to_python(expression: sympy.Basic) -> str:
    """A program that declares the letters with their assumptions and binds `formula`, for SymPy. Raises TypeError as `to_latex`."""
    lines = ["from sympy import *", "", *_declarations(expression), "", f"formula = {_Python().text(arrange(expression))}"]
    return "\n".join(lines)


_PYTHON_FUNCTIONS = {"ln": "log", "arctan": "atan", "abs": "Abs", "max": "Max", "min": "Min"}
_PYTHON_RELATIONS = {"=": "Eq", "!=": "Ne", "<=": "Le", "<": "Lt", ">=": "Ge", ">": "Gt"}


class _Python(Renderer):
    times = "*"

    def number(self, node: Number) -> str:
        return node.text

    def name(self, node: Name) -> str:
        base, bracket, index = node.source.partition("[")
        return _identifier(base) + bracket + index

    def fraction(self, node: Fraction) -> str:
        if isinstance(node.numerator, Number) and isinstance(node.denominator, Number) and node.numerator.text != "pi":
            return f"Rational({node.numerator.text}, {node.denominator.text})"
        return f"{self.term(node.numerator)}/{self.divisor(node.denominator)}"

    def base(self, node: Node) -> str:
        return self.text(node) if isinstance(node, Name | Number | Call) else self.grouped(node)

    def power(self, node: Power) -> str:
        return f"{self.base(node.base)}**{self.base(node.exponent)}"

    def root(self, node: Root) -> str:
        return f"sqrt({self.text(node.inner)})"

    def call(self, node: Call) -> str:
        if node.function == "2F1":
            a, b, c, u = (self.text(argument) for argument in node.arguments)
            return f"hyper(({a}, {b}), ({c},), {u})"
        return f"{_PYTHON_FUNCTIONS.get(node.function, _identifier(node.function))}({self.listed(node.arguments)})"

    def slope(self, node: Slope) -> str:
        return f"Derivative({self.text(node.function)}, {self.text(node.variable)})"

    def series(self, node: Series) -> str:
        return f"Sum({self.text(node.body)}, ({self.listed((node.index, node.first, node.last))}))"

    def relation(self, node: Relation) -> str:
        return f"{_PYTHON_RELATIONS[node.symbol]}({self.text(node.left)}, {self.text(node.right)})"

    def column(self, node: Column) -> str:
        return f"Tuple({self.listed(node.entries)})"

    def norm(self, node: Norm) -> str:
        inner = self.grouped(node.inner)
        return f"Trace({inner}.T*{inner})"

    def transpose(self, node: Transpose) -> str:
        return f"{self.base(node.inner)}.T"


def _identifier(name: str) -> str:
    return "lamda" if name == "lambda" else re.sub(r"[\W_]+", "_", name.replace("lambda", "lamda")).strip("_")


def _declarations(expression: sympy.Basic) -> list[str]:
    """One assignment per letter, function, family of letters and matrix of the expression."""
    indexed = {str(base) for base in expression.atoms(sympy.IndexedBase)}
    letters = {symbol for symbol in expression.atoms(sympy.Symbol) if symbol.name not in indexed}
    functions = {call.func for call in expression.atoms(sympy.core.function.AppliedUndef)}
    lines = [f'{_identifier(s.name)} = Symbol("{s.name}"{_assumptions(s._assumptions_orig)})' for s in letters]
    lines += [f'{_identifier(str(f))} = Function("{f}")' for f in functions]
    lines += [f'{_identifier(name)} = IndexedBase("{name}")' for name in indexed]
    matrices = expression.atoms(sympy.MatrixSymbol)
    lines += [f'{_identifier(m.name)} = MatrixSymbol("{m.name}", {_identifier(str(m.rows))}, {_identifier(str(m.cols))})' for m in matrices]
    # Sizes of matrices are letters themselves and come first.
    return sorted(lines, key=lambda line: ("MatrixSymbol" in line, line))


def _assumptions(given: dict[str, bool]) -> str:
    return "".join(f", {key}={value}" for key, value in sorted(given.items()) if key != "commutative")
