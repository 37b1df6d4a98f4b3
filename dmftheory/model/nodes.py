"""The arrangements that formulas are printed from: a small tree in reading order, free of SymPy."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Node:
    """Any arrangement."""


@dataclass(frozen=True)
class Number(Node):
    """A nonnegative integer, infinity, or pi."""

    text: str


@dataclass(frozen=True)
class Name(Node):
    """A letter with an optional subscript, such as lambda and 1, and the name by which Python knows it."""

    letter: str
    subscript: str = ""
    source: str = ""


@dataclass(frozen=True)
class Sum(Node):
    """Terms with their signs, 1 or -1."""

    terms: tuple[tuple[int, Node], ...]


@dataclass(frozen=True)
class Product(Node):
    """Factors from left to right."""

    factors: tuple[Node, ...]


@dataclass(frozen=True)
class Fraction(Node):
    """A quotient."""

    numerator: Node
    denominator: Node


@dataclass(frozen=True)
class Power(Node):
    """A power that is neither a quotient nor a square root."""

    base: Node
    exponent: Node


@dataclass(frozen=True)
class Root(Node):
    """A square root."""

    inner: Node


@dataclass(frozen=True)
class Call(Node):
    """A function and its arguments; `silent` functions of time are printed without them."""

    function: str
    arguments: tuple[Node, ...]
    silent: bool = False


@dataclass(frozen=True)
class Slope(Node):
    """The derivative of a function by a variable."""

    function: Node
    variable: Node


@dataclass(frozen=True)
class Series(Node):
    """A sum over an index from first to last."""

    body: Node
    index: Node
    first: Node
    last: Node


@dataclass(frozen=True)
class Relation(Node):
    """Two sides and =, <=, <, >=, > or != between them."""

    left: Node
    symbol: str
    right: Node


@dataclass(frozen=True)
class Column(Node):
    """A column of expressions."""

    entries: tuple[Node, ...]


@dataclass(frozen=True)
class Norm(Node):
    """The squared Frobenius norm of a matrix, which SymPy knows as a trace."""

    inner: Node


@dataclass(frozen=True)
class Transpose(Node):
    """A transposed matrix."""

    inner: Node
