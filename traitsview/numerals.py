"""Numbers as text, with as many digits as are needed to distinguish numbers that are shown together."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from numbers import Integral
from typing import Any, SupportsFloat

__all__ = ["ALL", "comma_remedy", "decimals", "numeral", "numerals", "position"]

#: Significant digits of a number that nothing else is shown with.
DIGITS = 6

#: Numbers that are shown together have so many digits that ``max - min`` has at least this many significant digits.
SPAN_DIGITS = 4

#: Stands for all significant digits: the shortest text that Python reads as the same float.
ALL = 17

#: A whole float of at most this many characters is written in full, even if a power of ten is shorter: ``1000000``.
PLAIN_CHARACTERS = 9

#: A position that needs more digits than this after the point is written with a power of ten.
MOST_DECIMALS = 9

#: A position from this size on is written with a power of ten.
LARGEST_PLAIN_POSITION = 1e16

#: One number with a decimal comma or commas between thousands, and what may follow it.
_COMMA = re.compile(r"([+-]?\d+)((?:,\d+)+)(\.\d*)?((?:e[+-]?\d+)?(?:%|σ|sigma)?)", re.ASCII | re.IGNORECASE)

#: Floats hold every whole number up to here.
_COUNTED_BY_FLOATS = 2.0**53

#: No integer of 64 bits is larger.
_LARGEST_INTEGER = 2.0**64


def numeral(value: SupportsFloat, digits: int = DIGITS) -> str:
    """Return one number as text: a whole number whole, any other in `digits` significant digits.

    Parameters
    ----------
    value : int, float or a scalar of NumPy
        An integer has all of its digits.  So has a whole longdouble beyond 2**53, which stands for an integer of 64
        bits.  A whole float below 2**53 has all digits, too: ``1234567``; or ``1e+12`` if that is shorter.
    digits : int
        Significant digits, at most 17.  17 means the shortest text that is read as the same float.
    """
    integer = _integer(value)
    if integer is not None:
        return str(integer)
    number = float(value)
    text = repr(number).removesuffix(".0") if digits >= ALL else f"{number:.{digits}g}"
    if not (number.is_integer() and abs(number) < _COUNTED_BY_FLOATS):
        return text
    whole = str(int(number))
    return text if len(whole) > PLAIN_CHARACTERS and len(text) < len(whole) and float(text) == number else whole


def _integer(value: Any) -> int | None:
    """Return an integer, or a whole longdouble beyond 2**53, as an int; None for other numbers."""
    if isinstance(value, Integral):
        return int(value)
    is_long = getattr(value, "itemsize", 0) > 8 and _COUNTED_BY_FLOATS <= abs(value) <= _LARGEST_INTEGER
    return int(value) if is_long and value.is_integer() else None


def numerals(*values: SupportsFloat, digits: int = DIGITS) -> tuple[str, ...]:
    """Return the texts of numbers that are shown together.  Different numbers have different texts.

    All have `digits` significant digits or more: so many that the distance between the smallest and the largest has 4
    digits.  Numbers that are closer together have as many digits as are needed to distinguish them::

        numerals(0.25, 1000.5)               # 0.25, 1000.5
        numerals(10.0000000001, 10.0000000009)  # 10.0000000001, 10.0000000009
        numerals(2**60, 2**60 + 1)           # 1152921504606846976, 1152921504606846977
    """
    least = max(digits, _digits_of_span(values))
    texts = [numeral(value, least) for value in values]
    for more in range(least + 1, ALL + 1):
        alike = _alike(values, texts)
        if not alike:
            break
        for at in alike:
            texts[at] = numeral(values[at], more)
    return tuple(texts)


def _digits_of_span(values: Sequence[SupportsFloat]) -> int:
    """Return how many significant digits the largest number needs to show `SPAN_DIGITS` digits of the span."""
    finite = [float(value) for value in values if math.isfinite(value)]
    if len(finite) < 2:
        return 0
    half = max(finite) / 2 - min(finite) / 2  # the whole may be more than a float holds
    if half == 0:
        return 0
    ratio = max(map(abs, finite)) / half
    return min(ALL, SPAN_DIGITS + math.ceil(math.log10(ratio))) if math.isfinite(ratio) else ALL


def _alike(values: Sequence[SupportsFloat], texts: Sequence[str]) -> list[int]:
    """Return the indices of numbers that have the same text as a different number."""
    places: dict[str, list[int]] = {}
    for at, text in enumerate(texts):
        places.setdefault(text, []).append(at)
    return [at for same in places.values() if len({values[at] for at in same}) > 1 for at in same]


def comma_remedy(words: Iterable[object]) -> str:
    """Return the remedy for the first of `words` that is a number with commas; empty if there is none.

    ::

        comma_remedy(["112,5"])      # write 112.5, with a point
        comma_remedy(["1,000,000"])  # write 1000000, without commas
    """
    for word in words:
        found = _COMMA.fullmatch(word.strip()) if isinstance(word, str) else None
        if found:
            first, rest, fraction, end = found[1], found[2], found[3] or "", found[4]
            groups = rest[1:].split(",")
            if len(groups) == 1 and not fraction:
                return f"write {first}.{groups[0]}{end}, with a point"
            return f"write {first}{''.join(groups)}{fraction}{end}, without commas"
    return ""


def decimals(step: float) -> int:
    """Return how many digits after the point distinguish x, x + step, x + 2 step, … for every x.

    Rounding to these digits moves a number by a quarter of a step at most.  Half a step would be too much: with x = 0.5
    and steps of 1, the numbers 0.5, 1.5, 2.5 become 0, 2, 2 without digits after the point.
    """
    return max(0, _decimals(step))


def position(place: float, step: float) -> str:
    """Return a coordinate as text, with as many digits as distinguish it from the places `step` before and after it."""
    if decimals(step) <= MOST_DECIMALS and abs(place) < LARGEST_PLAIN_POSITION:
        text = f"{place:.{decimals(step)}f}"
        return text if float(text) else text.removeprefix("-")
    if place == 0 or not math.isfinite(place):
        return f"{place:g}"
    digits = math.floor(math.log10(abs(place))) + _decimals(step)  # after the first one
    return f"{place:.{min(max(digits, 0), ALL - 1)}e}"


def _decimals(step: float) -> int:
    """Return ``log10(2 / step)``, rounded up: the digits after the point.

    It is negative for large steps: -2 for a step of 200, where the last two digits before the point mean nothing.
    """
    return math.ceil(math.log10(2) - math.log10(step))
