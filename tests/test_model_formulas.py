"""Formulas print in the order in which an author writes them, and their Python form is the formula itself."""

import ast
import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest
import sympy

from dmftheory.errors import InputError
from dmftheory.model.formulas import FORMULAS
from dmftheory.model.printing import to_latex, to_mathml, to_python, to_unicode

DEPTHS = (2, 3, 4, 5, None)
CASES = [(name, depth) for name in FORMULAS for depth in DEPTHS if name != "flow-inverse" or depth == 2]

LATEX = {
    ("loss", 3): r"L = \frac{1}{2} \| W_3 W_2 W_1 - \hat{W} \|_F^2",
    ("gradient", None): r"\nabla_{W_j} L = W_{N{:}j+1}^{\top} (W_{N{:}1} - \hat{W}) W_{j-1{:}1}^{\top}",
    ("recursion", None): r"d(k+1) = d(k) - \eta d(k)^{N-1} (d(k)^N - \lambda)",
    ("imbalance", 2): r"b(k+1)^2 - a(k+1)^2 = (b(k)^2 - a(k)^2) \left[ 1 - \eta^2 (a(k) b(k) - \lambda)^2 \right]",
    ("flow-ode", None): r"\frac{dx}{dt} = x^{N-1} (1 - x^N)",
    ("flow-ode-negative", None): r"\frac{dx}{dt} = -x^{N-1} (1 + x^N)",
    ("flow-ode-product", None): r"\frac{dp}{dt} = N p^{2-2/N} (\lambda - p)",
    ("flow-time", 2): r"U(x, y) = \frac{1}{2} \ln\frac{y^2 (1 - x^2)}{x^2 (1 - y^2)}",
    ("flow-time", 3): r"U(x, y) = \frac{1}{x} - \frac{1}{y} + \frac{1}{3} \ln\frac{1 - x}{1 - y}"
    r" + \frac{1}{6} \ln\frac{y^2 + y + 1}{x^2 + x + 1}"
    r" + \frac{1}{\sqrt{3}} \left[ \arctan\frac{2x + 1}{\sqrt{3}} - \arctan\frac{2y + 1}{\sqrt{3}} \right]",
    ("flow-time", None): r"U(x, y) = \frac{1}{N - 2} \left[ x^{2-N} \,{}_2F_1(1, 2/N - 1; 2/N; x^N)"
    r" - y^{2-N} \,{}_2F_1(1, 2/N - 1; 2/N; y^N) \right]",
    ("flow-inverse", 2): r"d(t)^2 = \frac{\lambda}{1 + \left( \frac{\lambda}{\alpha^2} - 1 \right) e^{-2 \lambda t}}",
    ("plateau-level", None): r"r(\hat{W}_L) = \frac{1}{|\lambda_1|} \sum_{i=1}^{L} |\lambda_i|",
    ("step-size", None): r"\eta \leq \frac{1}{N M^{2N-2}}",
    ("stability-threshold", None): r"\eta < \frac{2}{N \lambda^{2-2/N}}",
    ("inflection", None): r"z_*^N = \frac{(N - 1) \lambda}{2N - 1}",
}


@pytest.mark.parametrize(("name", "depth"), LATEX)
def test_latex_in_author_order(name: str, depth: int | None) -> None:
    assert to_latex(FORMULAS[name].build(depth)) == LATEX[name, depth]


@pytest.mark.parametrize(("name", "depth"), CASES)
def test_latex_is_balanced_and_free_of_artefacts(name: str, depth: int | None) -> None:
    text = to_latex(FORMULAS[name].build(depth))
    assert text.count("{") == text.count("}")
    assert text.count(r"\left") == text.count(r"\right")
    assert not any(mark in text for mark in ("+ -", "- -", "**", "sqrt(", "log", "atan", "None", "lambda_{"))


@pytest.mark.parametrize(("name", "depth"), CASES)
def test_mathml_is_well_formed(name: str, depth: int | None) -> None:
    root = ElementTree.fromstring(to_mathml(FORMULAS[name].build(depth)))
    assert root.tag == "{http://www.w3.org/1998/Math/MathML}math"
    arity = {"mfrac": 2, "msup": 2, "msub": 2, "msubsup": 3, "munderover": 3, "mover": 2}
    for element in root.iter():
        local = element.tag.split("}")[1]
        assert len(element) == arity.get(local, len(element)), local


def test_unicode_is_one_plain_line() -> None:
    text = to_unicode(FORMULAS["recursion"].build(3))
    assert text == "d(k+1) = d(k) − η d(k)² (d(k)³ − λ)"
    assert to_unicode(FORMULAS["flow-time"].build(4)) == ("U(x, y) = (1/2) (1/x² − 1/y²) + (1/4) ln((1 − x²) (1 + y²)/((1 − y²) (1 + x²)))")


_OPERATORS = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: lambda a, b: a**b,
}


def interpret(node: ast.AST, names: dict[str, Any]) -> Any:
    """The value of the small part of Python that a printed formula uses."""
    match node:
        case ast.Constant(value):
            return value
        case ast.Name(name):
            return names[name] if name in names else getattr(sympy, name)
        case ast.UnaryOp(ast.USub(), operand):
            return -interpret(operand, names)
        case ast.BinOp(left, operator, right):
            return _OPERATORS[type(operator)](interpret(left, names), interpret(right, names))
        case ast.Tuple(parts):
            return tuple(interpret(part, names) for part in parts)
        case ast.Attribute(value, attribute):
            return getattr(interpret(value, names), attribute)
        case ast.Subscript(value, index):
            return interpret(value, names)[interpret(index, names)]
        case ast.Call(function, arguments, keywords):
            options = {keyword.arg: interpret(keyword.value, names) for keyword in keywords if keyword.arg}
            return interpret(function, names)(*(interpret(argument, names) for argument in arguments), **options)
    raise AssertionError(ast.dump(node))


def run(program: str) -> sympy.Basic:
    first, *rest = ast.parse(program).body
    assert isinstance(first, ast.ImportFrom)
    names: dict[str, Any] = {}
    for statement in rest:
        assert isinstance(statement, ast.Assign)
        (target,) = statement.targets
        assert isinstance(target, ast.Name)
        names[target.id] = interpret(statement.value, names)
    return names["formula"]


def same(left: sympy.Basic, right: sympy.Basic) -> bool:
    if isinstance(left, sympy.Tuple):
        return all(same(a, b) for a, b in zip(left, right, strict=True))
    if getattr(left, "is_Matrix", False):
        return bool(left == right)
    return bool(sympy.simplify(left.doit() - right.doit()) == 0 if left.has(sympy.Trace) else sympy.expand((left - right).doit()) == 0)


@pytest.mark.parametrize(("name", "depth"), CASES)
def test_python_form_is_the_formula(name: str, depth: int | None) -> None:
    formula = FORMULAS[name].build(depth)
    read = run(to_python(formula))
    assert read.func == formula.func
    assert same(read.lhs, formula.lhs)
    assert same(read.rhs, formula.rhs)


def test_python_form_has_no_float() -> None:
    assert not run(to_python(FORMULAS["flow-time"].build(5))).atoms(sympy.Float)


@pytest.mark.parametrize("name", FORMULAS)
def test_every_formula_says_what_it_is(name: str) -> None:
    formula = FORMULAS[name]
    assert formula.title
    assert formula.note
    assert formula.provenance in ("ABSTRACT", "RECALLED", "DERIVED", "CONJ")


@pytest.mark.parametrize("name", FORMULAS)
def test_a_depth_below_two_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="--depth"):
        FORMULAS[name].build(1)


def test_only_depth_two_has_an_inverse() -> None:
    for depth in (3, None):
        with pytest.raises(InputError, match="2: no other depth"):
            FORMULAS["flow-inverse"].build(depth)


def test_sums_start_without_a_minus_sign_where_they_can() -> None:
    x, y, n = sympy.Symbol("x"), sympy.Symbol("y"), sympy.Symbol("N")
    assert to_latex(1 - x**n) == "1 - x^N"
    assert to_latex(y - x) == "y - x"
    assert to_latex(-x - y) == "-x - y"
    assert to_latex(x**2 - 3 * x + 1) == "x^2 - 3x + 1"
    assert to_latex(sympy.sqrt(3) / 3 * x) == r"\frac{x}{\sqrt{3}}"
    assert to_latex(-((x + 1) ** 2)) == "-(1 + x)^2"
    assert to_latex((x**2) ** n) == "(x^2)^N"
    assert to_latex(sympy.Rational(-3, 4)) == r"-\frac{3}{4}"


def test_an_expression_of_another_kind_is_refused() -> None:
    with pytest.raises(TypeError, match="no way to print"):
        to_latex(sympy.Integral(sympy.Symbol("x"), sympy.Symbol("x")))


def test_no_formula_at_a_large_depth_grows_without_bound() -> None:
    for name in FORMULAS:
        try:
            assert len(to_latex(FORMULAS[name].build(10_000))) < 400
        except InputError as refusal:
            assert "2 to 64" in str(refusal) or name == "flow-inverse"


ORDERED = [(name, depth, order) for name in FORMULAS for depth in (2, 3, None) for order in FORMULAS[name].orders if order < 5]
STEP_COUNT = (
    r"k = \frac{U(x, y)}{\tau} + \frac{1}{2} (N - 1) \ln\frac{y}{x} + \frac{1}{2} \ln\frac{1 - y^N}{1 - x^N}"
    r" + \tau \left[ \frac{(2N - 1) (4N - 3) (y^{2N-2} - x^{2N-2})}{24 (N - 1)} - \frac{(N^2 - 5N + 3) (y^{N-2} - x^{N-2})}{12 (N - 2)}"
    r" - \frac{N^2}{12 (N - 2)} \left[ y^{N-2} \,{}_2F_1(1, 1 - 2/N; 2 - 2/N; y^N)"
    r" - x^{N-2} \,{}_2F_1(1, 1 - 2/N; 2 - 2/N; x^N) \right] \right] + \tau^2 R_2(x, y)"
)


@pytest.mark.parametrize(("name", "depth", "order"), ORDERED)
def test_expansions_print_at_every_order_in_every_notation(name: str, depth: int | None, order: int) -> None:
    formula = FORMULAS[name].at(depth, order)
    text = to_latex(formula)
    assert text.count("{") == text.count("}")
    assert not any(mark in text for mark in ("+ -", "- -", "**", "log", "None"))
    ElementTree.fromstring(to_mathml(formula))
    assert same(run(to_python(formula)).rhs, formula.rhs)


def test_the_step_count_is_in_author_order() -> None:
    assert to_latex(FORMULAS["step-count"].at(None, 2)) == STEP_COUNT
    assert to_latex(FORMULAS["step-count"].at(3, 1)) == (
        r"k = \frac{U(x, y)}{\tau} + \frac{1}{2} \ln\frac{y^2 (1 - y^3)}{x^2 (1 - x^3)} + \tau R_1(x, y)"
    )
    assert to_latex(FORMULAS["step-count-zero"].at(2, 2)) == (
        r"k = \frac{U(x, y)}{\tau} + \frac{3}{2} \ln\frac{y}{x} + \frac{5 \tau}{8} (y^2 - x^2) + \tau^2 R_2(x, y)"
    )


def test_the_abel_coefficients_are_in_author_order() -> None:
    assert to_latex(FORMULAS["abel-coefficient"].at(None, 2)) == (
        r"P_2(u) = -\frac{(2N - 1) (4N - 3) u^2 - 3 (N - 1) (3N - 2) u + (N - 1) (2N - 3)}{12}"
    )
    assert to_latex(FORMULAS["abel-equation"].build(None)) == r"A(x+\tau x^{N-1} (1-x^N)) - A(x) = 1"


@pytest.mark.parametrize(("name", "order", "why"), [("step-count", 9, "0 to 8"), ("abel-coefficient", 25, "0 to 24"), ("loss", 2, "none")])
def test_an_order_that_a_formula_does_not_have_is_refused(name: str, order: int, why: str) -> None:
    with pytest.raises(InputError, match=f"--order: got {order}; accepted: .*{why}"):
        FORMULAS[name].at(None, order)
