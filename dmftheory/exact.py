"""The parser: untrusted text in, exact rationals out.

Accepted are integers, decimals, scientific notation and p/q in plain ASCII digits. Everything is measured on the text *before* a number
is built, so that a short text cannot ask for a huge computation. Text becomes integers and back through `decimal`, which takes less than
quadratic time for any length and does not depend on the interpreter's own limit for long integers.
"""

import re
from decimal import Decimal
from fractions import Fraction

from dmftheory.errors import InputError

MAX_DIGITS = 4000
MAX_EXPONENT = 10**5
MAX_DEPTH = 10**4
MAX_ITEMS = 10**4
MAX_BITS = 346_000
"""More bits than any accepted number has in its numerator or denominator: (10^5 + 4000) log2(10) < 345 500."""

RATIONAL = f"an integer, a decimal, scientific notation or p/q, of at most {MAX_DIGITS} digits and an exponent within +-{MAX_EXPONENT}"

_DECIMAL = re.compile(r"(?P<sign>[+-]?)(?:(?P<whole>[0-9]+)(?:\.(?P<part>[0-9]*))?|\.(?P<bare>[0-9]+))(?:[eE](?P<exponent>[+-]?[0-9]+))?")
_QUOTIENT = re.compile(r"(?P<sign>[+-]?)(?P<p>[0-9]+)/(?P<q>[0-9]+)")
_LONGEST = MAX_DIGITS + 8  # the digits, two signs, a point, an e or a slash, with room to spare


def parse_rational(text: str, argument: str) -> Fraction:
    """Return the exact value of `text`: an integer, a decimal, scientific notation or p/q.

    Spaces and tabs around the number are ignored. The exponent that is limited is the one left after the decimals are counted: 1.5e3 is
    15e2. Raises InputError, naming `argument`, for everything else.
    """
    body = text.strip(" \t")
    if len(body) > _LONGEST or sum("0" <= c <= "9" for c in body) > MAX_DIGITS:
        raise InputError(argument, text[:80], RATIONAL)
    if quotient := _QUOTIENT.fullmatch(body):
        denominator = _integer(quotient["q"])
        if denominator == 0:
            raise InputError(argument, text, RATIONAL + ", with a denominator other than 0")
        return Fraction(_integer(quotient["sign"] + quotient["p"]), denominator)
    if decimal := _DECIMAL.fullmatch(body):
        part = decimal["part"] or decimal["bare"] or ""
        exponent = _integer(decimal["exponent"] or "0") - len(part)
        if abs(exponent) > MAX_EXPONENT:
            raise InputError(argument, text, RATIONAL)
        digits = _integer(decimal["sign"] + (decimal["whole"] or "") + part)
        return Fraction(digits * 10**exponent) if exponent >= 0 else Fraction(digits, 10**-exponent)
    raise InputError(argument, text, RATIONAL)


def parse_integer(text: str, argument: str, minimum: int | None = None, maximum: int | None = None) -> int:
    """Return the integer that `text` is exactly equal to (so 1e6 is one), within the bounds given.

    Raises InputError, naming `argument` and the bounds.
    """
    accepted = "an integer" + _bounds(minimum, maximum)
    try:
        value = parse_rational(text, argument)
    except InputError as error:
        raise InputError(argument, error.value, accepted) from None
    if value.denominator != 1 or (minimum is not None and value < minimum) or (maximum is not None and value > maximum):
        raise InputError(argument, text, accepted)
    return value.numerator


def parse_depth(text: str, argument: str = "--depth") -> int:
    """Return the depth N, an integer from 2 to 10^4. Raises InputError."""
    return parse_integer(text, argument, 2, MAX_DEPTH)


def parse_list(text: str, argument: str) -> tuple[Fraction, ...]:
    """Return the rationals of a comma-separated list, in the order given.

    Raises InputError for an empty list, too many entries or a bad entry.
    """
    if not text.strip(" \t"):
        raise InputError(argument, text, f"a comma-separated list of at least one number, each {RATIONAL}")
    if text.count(",") >= MAX_ITEMS:
        raise InputError(argument, text[:80], f"a comma-separated list of at most {MAX_ITEMS} numbers")
    return tuple(parse_rational(item, argument) for item in text.split(","))


def format_rational(q: Fraction) -> str:
    """Write `q` as text that means exactly `q`: 'p' or 'p/q' in lowest terms.

    A number too long for the parser in that form, but not in scientific notation, is written in scientific notation, so that
    `parse_rational` returns every number it has ever accepted. What the parser could not have produced is written out in full.
    """
    if max(q.numerator.bit_length(), q.denominator.bit_length()) > 4 * MAX_DIGITS:
        return _scientific(q) or _quotient(q)
    text = _quotient(q)
    return text if len(text) <= MAX_DIGITS else _scientific(q) or text


def _quotient(q: Fraction) -> str:
    return _digits(q.numerator) if q.denominator == 1 else f"{_digits(q.numerator)}/{_digits(q.denominator)}"


def _scientific(q: Fraction) -> str | None:
    """`q` as digits and a power of ten, None where that is impossible or breaks the parser's limits."""
    if max(q.numerator.bit_length(), q.denominator.bit_length()) > MAX_BITS:
        return None
    places = _decimal_places(q.denominator)
    if places is None or places > MAX_EXPONENT:
        return None
    digits = _digits(q.numerator * 10**places // q.denominator)
    kept = digits.rstrip("0")
    exponent = len(digits) - len(kept) - places
    if exponent > MAX_EXPONENT:
        kept, exponent = kept + "0" * (exponent - MAX_EXPONENT), MAX_EXPONENT
    return f"{kept}e{exponent}" if len(kept) + len(str(abs(exponent))) <= MAX_DIGITS else None


def _decimal_places(denominator: int) -> int | None:
    """The least j for which `denominator` divides 10^j, None where there is none."""
    twos = (denominator & -denominator).bit_length() - 1
    odd = denominator >> twos
    # 5^j has 2.3219 j bits, so its length almost gives j away.
    fives = round((odd.bit_length() - 1) / 2.321928094887362)
    found = next((j for j in (fives - 1, fives, fives + 1) if j >= 0 and 5**j == odd), None)
    return None if found is None else max(twos, found)


def _integer(text: str) -> int:
    return int(Decimal(text))


def _digits(value: int) -> str:
    return format(Decimal(value), "f")


def _bounds(minimum: int | None, maximum: int | None) -> str:
    if minimum is not None and maximum is not None:
        return f" from {minimum} to {maximum}"
    return f" of at least {minimum}" if minimum is not None else f" of at most {maximum}" if maximum is not None else ""
