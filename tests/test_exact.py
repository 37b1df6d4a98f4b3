"""The parser accepts exactly what it says, gives exact values, and answers everything else with one InputError, quickly."""

import subprocess
import sys
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dmftheory.errors import InputError
from dmftheory.exact import MAX_BITS, format_rational, parse_depth, parse_integer, parse_list, parse_rational


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", Fraction(7)),
        ("-0", Fraction(0)),
        ("+12", Fraction(12)),
        ("0.1", Fraction(1, 10)),
        ("-.5", Fraction(-1, 2)),
        ("3.", Fraction(3)),
        ("1e-2", Fraction(1, 100)),
        ("-2.50E+3", Fraction(-2500)),
        ("2/6", Fraction(1, 3)),
        ("-10/4", Fraction(-5, 2)),
        (" 5\t", Fraction(5)),
        ("0" * 3999 + "7", Fraction(7)),
        ("1e100000", Fraction(10**100000)),
        ("1.5e-99999", Fraction(15, 10**100000)),
    ],
)
def test_accepted_text_has_its_exact_value(text: str, value: Fraction) -> None:
    assert parse_rational(text, "x") == value


REFUSED = {
    "nan": "nan",
    "inf": "-inf",
    "division by zero": "1/0",
    "zero over zero": "0/0",
    "empty": "",
    "blank": "   ",
    "embedded space": "1 0",
    "space in a quotient": "1 / 2",
    "hexadecimal": "0x10",
    "underscore": "1_000",
    "other digits": "\u0661\u0662",
    "superscript": "2\u00b2",
    "fullwidth": "\uff11",
    "decimal quotient": "1.5/2",
    "sign below": "1/-2",
    "two slashes": "1/2/3",
    "comma": "1,5",
    "complex": "1+2j",
    "bare point": ".",
    "bare exponent": "e5",
    "unfinished exponent": "1e",
    "newline": "1\n",
    "null": "1\0",
    "expression": "__import__('os')",
    "exponent too large": "1e100001",
    "exponent too small": "1e-100001",
    "decimals push the exponent out": "1.5e-100000",
    "absurd exponent": "1e99999999999999999999",
    "absurd length": "9" * 4001,
    "a million digits": "9" * 10**6,
    "a million digits below": "1/" + "9" * 10**6,
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_refused_text_is_named_in_one_line(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_rational(text, "--alpha")
    message = str(caught.value)
    assert message.startswith("--alpha: got ") and "; accepted: an integer, a decimal" in message
    assert message.isprintable() and len(message) < 300


@pytest.mark.parametrize("text", ["1", "0", "-3", "2.5", "10001", "1e99999", "two", "", "nan", "1/0", "9" * 5000])
def test_depth_is_an_integer_from_2_to_10000(text: str) -> None:
    with pytest.raises(InputError, match=r"^--depth: got .*; accepted: an integer from 2 to 10000$"):
        parse_depth(text)


def test_accepted_depths_and_integers() -> None:
    assert [parse_depth(t) for t in ("2", "1e4", "6/2")] == [2, 10000, 3]
    assert parse_integer("-5", "k") == -5
    with pytest.raises(InputError, match="accepted: an integer of at least 0$"):
        parse_integer("-1", "k", minimum=0)
    with pytest.raises(InputError, match="accepted: an integer of at most 3$"):
        parse_integer("4", "k", maximum=3)


def test_lists_keep_their_order_and_refuse_gaps() -> None:
    assert parse_list("-2, 1,1/3", "--spectrum") == (Fraction(-2), Fraction(1), Fraction(1, 3))
    for text in ("", " ", "1,,2", "1,", "1;2", "1,nan", "1," * 10**4 + "1", "," * 10**6):
        with pytest.raises(InputError, match="^--spectrum: got "):
            parse_list(text, "--spectrum")


@given(st.fractions() | st.builds(Fraction, st.integers(), st.integers(min_value=1, max_value=10**60)))
def test_format_and_parse_are_inverse(q: Fraction) -> None:
    assert parse_rational(format_rational(q), "x") == q
    assert format_rational(q) == str(q)


@given(
    digits=st.integers(min_value=1, max_value=10**30),
    exponent=st.integers(-100_000, 100_000),
    zeros=st.sampled_from([0, 1, 100, 3900]),
)
@example(digits=1, exponent=100_000, zeros=3900)
@example(digits=10**29, exponent=-100_000, zeros=0)
@example(digits=5, exponent=-100_000, zeros=0)
def test_long_numbers_come_back_too(digits: int, exponent: int, zeros: int) -> None:
    q = parse_rational(f"-{digits}{'0' * zeros}e{exponent}", "x")
    assert parse_rational(format_rational(q), "x") == q
    assert max(q.numerator.bit_length(), q.denominator.bit_length()) <= MAX_BITS


def test_numbers_beyond_the_parser_are_still_written_exactly() -> None:
    huge = Fraction(3**20000, 7**9000)
    over, under = format_rational(huge).split("/")
    assert len(over) == 9543 and len(under) == 7606
    assert int(over[-9:]) == pow(3, 20000, 10**9) and int(under[-9:]) == pow(7, 9000, 10**9)


def test_the_interpreter_limit_on_long_integers_does_not_matter() -> None:
    code = "from dmftheory.exact import *; q = parse_rational('7' * 3999, 'x'); assert format_rational(q) == '7' * 3999"
    subprocess.run([sys.executable, "-X", "int_max_str_digits=640", "-c", code], check=True)


@given(st.text() | st.from_regex(r"[+-]?[0-9.eE/_ ]{0,40}") | st.text(alphabet="0123456789eE+-./ nainf", max_size=30))
def test_arbitrary_text_gives_a_number_or_an_input_error(text: str) -> None:
    for parse in (parse_rational, parse_integer, parse_list):
        try:
            parse(text, "x")
        except InputError as error:
            assert str(error).isprintable() and str(error).startswith("x: got ")
