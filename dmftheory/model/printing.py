"""Formulas as text in the order in which an author writes them: LaTeX, MathML, Unicode and Python.

Each renderer spells out the arrangement of `layout.arrange`. The LaTeX needs amsmath for pairs only; the Python runs as it stands.
"""

from collections.abc import Iterable
from html import escape

import sympy

from dmftheory.model.layout import arrange
from dmftheory.model.nodes import (
    Call,
    Column,
    Fraction,
    Name,
    Node,
    Norm,
    Number,
    Power,
    Product,
    Relation,
    Root,
    Series,
    Slope,
    Sum,
    Transpose,
)
from dmftheory.model.python_form import to_python as to_python
from dmftheory.model.spelling import GREEK, KNOWN, Renderer, function_name


def to_latex(expression: sympy.Basic) -> str:
    """LaTeX for a math environment, without delimiters. Raises TypeError for an expression of a kind that no formula here has."""
    return _Latex().text(arrange(expression))


def to_unicode(expression: sympy.Basic) -> str:
    """One line of Unicode text. Raises TypeError as `to_latex`."""
    return _Unicode().text(arrange(expression))


def to_mathml(expression: sympy.Basic) -> str:
    """A `math` element of presentation MathML. Raises TypeError as `to_latex`."""
    body = _MathML().text(arrange(expression))
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">{body}</math>'


class _Latex(Renderer):
    """`slash` writes a/b for a fraction, `tight` drops the spaces: exponents are both, arguments of 2F1 the first."""

    def __init__(self, slash: bool = False, tight: bool = False) -> None:
        self.slash = slash
        if tight:
            self.minus, self.plus = "-", "+"

    def grouped(self, node: Node) -> str:
        inner = self.text(node)
        if any(mark in f" {inner}" for mark in ("_2F_1", r"\ln", r"\arctan", " (")):
            return rf"\left[ {inner} \right]"
        tall = any(mark in inner for mark in (r"\frac", r"\sum"))
        return rf"\left( {inner} \right)" if tall else f"({inner})"

    def number(self, node: Number) -> str:
        return {"pi": r"\pi", "oo": r"\infty"}.get(node.text, node.text)

    def name(self, node: Name) -> str:
        if node.letter == "gradL":
            return rf"\nabla_{{{node.subscript}}} L"
        letter = r"\hat{W}" if node.letter == "What" else rf"\{node.letter}" if node.letter in GREEK else node.letter
        subscript = rf"\{node.subscript}" if node.subscript in GREEK else "*" if node.subscript == "star" else node.subscript
        # A bare colon would be spaced as a relation.
        subscript = subscript.replace(":", "{:}")
        bare = len(subscript) <= 1 or subscript.startswith("\\")
        return letter if not subscript else f"{letter}_{subscript}" if bare else f"{letter}_{{{subscript}}}"

    def fraction(self, node: Fraction) -> str:
        if self.slash:
            return f"{self.term(node.numerator)}/{self.divisor(node.denominator)}"
        return rf"\frac{{{self.text(node.numerator)}}}{{{self.text(node.denominator)}}}"

    def power(self, node: Power) -> str:
        if isinstance(node.base, Call) and node.base.function in ("sin", "cos"):
            return rf"\{node.base.function}^{self.exponent(node.exponent)}({self.listed(node.base.arguments)})"
        return f"{self.base(node.base)}^{self.exponent(node.exponent)}"

    def exponent(self, node: Node) -> str:
        inner = _Latex(slash=True, tight=True).text(node)
        return inner if len(inner) == 1 else f"{{{inner}}}"

    def root(self, node: Root) -> str:
        return rf"\sqrt{{{self.text(node.inner)}}}"

    def call(self, node: Call) -> str:
        if node.function == "abs":
            return f"|{self.text(node.arguments[0])}|"
        if node.function == "2F1":
            a, b, c, u = (_Latex(slash=True).text(argument) for argument in node.arguments)
            return rf"\,{{}}_2F_1({a}, {b}; {c}; {u})"
        if node.silent:
            return node.function
        if node.function in ("cos", "sin"):
            return rf"\{node.function}({_Latex(slash=True).listed(node.arguments)})"
        if node.function == "exp":
            return f"e^{self.exponent(node.arguments[0])}"
        if node.function in KNOWN:
            (argument, *more) = node.arguments
            bare = not more and isinstance(argument, Fraction | Name | Number) and not self.slash
            space = "" if isinstance(argument, Fraction) else " "
            return rf"\{node.function}{space}{self.text(argument)}" if bare else rf"\{node.function}{self._arguments(node)}"
        return f"{self.name(function_name(node))}({_Latex(self.slash, tight=True).listed(node.arguments)})"

    def _arguments(self, node: Call) -> str:
        inner = self.listed(node.arguments)
        return rf"\left( {inner} \right)" if r"\frac" in inner else f"({inner})"

    def slope(self, node: Slope) -> str:
        return rf"\frac{{d{self.text(node.function)}}}{{d{self.text(node.variable)}}}"

    def series(self, node: Series) -> str:
        return rf"\sum_{{{self.text(node.index)}={self.text(node.first)}}}^{{{self.text(node.last)}}} {self.factor(node.body)}"

    def relation(self, node: Relation) -> str:
        symbol = {"<=": r"\leq", ">=": r"\geq", "!=": r"\neq"}.get(node.symbol, node.symbol)
        return f"{self.text(node.left)} {symbol} {self.text(node.right)}"

    def column(self, node: Column) -> str:
        rows = r" \\ ".join(self.text(entry) for entry in node.entries)
        return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"

    def norm(self, node: Norm) -> str:
        return rf"\| {self.text(node.inner)} \|_F^2"

    def transpose(self, node: Transpose) -> str:
        return rf"{self.base(node.inner)}^{{\top}}"


_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class _Unicode(Renderer):
    minus = " − "

    def __init__(self, tight: bool = False) -> None:
        if tight:
            self.minus, self.plus = "−", "+"

    def number(self, node: Number) -> str:
        return {"pi": "π", "oo": "∞"}.get(node.text, node.text)

    def name(self, node: Name) -> str:
        if node.letter == "gradL":
            return f"∇_{{{node.subscript}}} L"
        letter = "Ŵ" if node.letter == "What" else GREEK.get(node.letter, node.letter)
        if node.subscript.isdigit():
            return letter + node.subscript.translate(_SUBSCRIPTS)
        subscript = "*" if node.subscript == "star" else GREEK.get(node.subscript, node.subscript)
        return letter if not subscript else f"{letter}_{subscript}" if len(subscript) == 1 else f"{letter}_{{{subscript}}}"

    def fraction(self, node: Fraction) -> str:
        return f"{self.term(node.numerator)}/{self.divisor(node.denominator)}"

    def factor(self, node: Node) -> str:
        # (1/4) ln z, since 1/4 ln z reads as 1/(4 ln z) to some.
        return self.grouped(node) if isinstance(node, Sum | Fraction) else self.text(node)

    def power(self, node: Power) -> str:
        if isinstance(node.exponent, Number) and node.exponent.text.isdigit():
            return self.base(node.base) + node.exponent.text.translate(_SUPERSCRIPTS)
        exponent = _Unicode(tight=True).text(node.exponent)
        return f"{self.base(node.base)}^{exponent if len(exponent) == 1 else f'({exponent})'}"

    def root(self, node: Root) -> str:
        return f"√{self.base(node.inner)}"

    def call(self, node: Call) -> str:
        if node.function == "abs":
            return f"|{self.text(node.arguments[0])}|"
        if node.function == "2F1":
            a, b, c, u = (self.text(argument) for argument in node.arguments)
            return f"₂F₁({a}, {b}; {c}; {u})"
        if node.silent:
            return node.function
        if node.function in KNOWN:
            return f"{node.function}({self.listed(node.arguments)})"
        return f"{self.name(function_name(node))}({_Unicode(tight=True).listed(node.arguments)})"

    def slope(self, node: Slope) -> str:
        return f"d{self.text(node.function)}/d{self.text(node.variable)}"

    def series(self, node: Series) -> str:
        return f"Σ_{{{self.text(node.index)}={self.text(node.first)}}}^{self.text(node.last)} {self.factor(node.body)}"

    def relation(self, node: Relation) -> str:
        symbol = {"<=": "≤", ">=": "≥", "!=": "≠"}.get(node.symbol, node.symbol)
        return f"{self.text(node.left)} {symbol} {self.text(node.right)}"

    def column(self, node: Column) -> str:
        return f"({self.listed(node.entries)})"

    def norm(self, node: Norm) -> str:
        return f"‖{self.text(node.inner)}‖²_F"

    def transpose(self, node: Transpose) -> str:
        return f"{self.base(node.inner)}ᵀ"


class _MathML(Renderer):
    minus, plus, times = "<mo>−</mo>", "<mo>+</mo>", "<mo>\u2062</mo>"

    def text(self, node: Node) -> str:
        body = super().text(node)
        return f"<mrow>{body}</mrow>" if isinstance(node, Sum | Product | Relation | Call | Series | Norm) else body

    def grouped(self, node: Node) -> str:
        return f"<mrow><mo>(</mo>{self.text(node)}<mo>)</mo></mrow>"

    def number(self, node: Number) -> str:
        return {"pi": "<mi>π</mi>", "oo": "<mi>∞</mi>"}.get(node.text, f"<mn>{node.text}</mn>")

    def name(self, node: Name) -> str:
        letter = (
            "<mover><mi>W</mi><mo>^</mo></mover>" if node.letter == "What" else f"<mi>{escape(GREEK.get(node.letter, node.letter))}</mi>"
        )
        subscript = "∗" if node.subscript == "star" else escape(node.subscript)
        tag = "mn" if subscript.isdigit() else "mi"
        return f"<msub>{letter}<{tag}>{subscript}</{tag}></msub>" if subscript else letter

    def fraction(self, node: Fraction) -> str:
        return f"<mfrac>{self.text(node.numerator)}{self.text(node.denominator)}</mfrac>"

    def power(self, node: Power) -> str:
        return f"<msup>{self.base(node.base)}{self.text(node.exponent)}</msup>"

    def root(self, node: Root) -> str:
        return f"<msqrt>{self.text(node.inner)}</msqrt>"

    def call(self, node: Call) -> str:
        if node.function == "abs":
            return f"<mo>|</mo>{self.text(node.arguments[0])}<mo>|</mo>"
        if node.silent:
            return f"<mi>{escape(node.function)}</mi>"
        name = self._function(node)
        inner = self.listed(node.arguments)
        if node.function == "2F1":
            a, b, c, u = (self.text(argument) for argument in node.arguments)
            inner = f"{a}<mo>,</mo>{b}<mo>;</mo>{c}<mo>;</mo>{u}"
        return f"{name}<mo>\u2061</mo><mrow><mo>(</mo>{inner}<mo>)</mo></mrow>"

    def _function(self, node: Call) -> str:
        if node.function == "2F1":
            return "<mmultiscripts><mi>F</mi><mn>1</mn><none/><mprescripts/><mn>2</mn><none/></mmultiscripts>"
        return f"<mi>{node.function}</mi>" if node.function in KNOWN else self.name(function_name(node))

    def listed(self, nodes: Iterable[Node]) -> str:
        return "<mo>,</mo>".join(self.text(node) for node in nodes)

    def slope(self, node: Slope) -> str:
        over, under = (f"<mrow><mi>d</mi>{self.text(part)}</mrow>" for part in (node.function, node.variable))
        return f"<mfrac>{over}{under}</mfrac>"

    def series(self, node: Series) -> str:
        under = f"<mrow>{self.text(node.index)}<mo>=</mo>{self.text(node.first)}</mrow>"
        return f"<munderover><mo>∑</mo>{under}{self.text(node.last)}</munderover>{self.factor(node.body)}"

    def relation(self, node: Relation) -> str:
        symbol = {"<=": "≤", ">=": "≥", "!=": "≠"}.get(node.symbol, escape(node.symbol))
        return f"{self.text(node.left)}<mo>{symbol}</mo>{self.text(node.right)}"

    def column(self, node: Column) -> str:
        rows = "".join(f"<mtr><mtd>{self.text(entry)}</mtd></mtr>" for entry in node.entries)
        return f"<mrow><mo>(</mo><mtable>{rows}</mtable><mo>)</mo></mrow>"

    def norm(self, node: Norm) -> str:
        inner = f"<mrow><mo>‖</mo>{self.text(node.inner)}<mo>‖</mo></mrow>"
        return f"<msubsup>{inner}<mi>F</mi><mn>2</mn></msubsup>"

    def transpose(self, node: Transpose) -> str:
        return f"<msup>{self.base(node.inner)}<mo>⊤</mo></msup>"
