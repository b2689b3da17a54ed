"""Read the keyword and the value of a card of a FITS header, in any spelling.

FITS 4.0, section 4.2.4, allows ``E`` and ``D`` before an exponent.  Programs also write numbers as text, exponents
without a letter as Fortran does, and an equal sign without the blank after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

__all__ = ["Card", "card_of", "number_of"]

_KEYWORD = re.compile(r"[A-Za-z0-9_-]{1,8}")

# An exponent without a letter needs a point before it: 2010-05 is no number.
_NUMBER = re.compile(r"([+-]?) *(?:(\d+|\d+\.\d*|\.\d+)(?: *[DEQdeq] *([+-]? *\d+))?|(\d+\.\d*|\.\d+)([+-]\d+))")


@dataclass(frozen=True, slots=True)
class Card:
    """A keyword in capitals and its value as text.

    `text` has neither quotes nor the blanks around the value, and is empty where there is no value.  `spaced` has
    the blanks.
    """

    keyword: str
    text: str
    spaced: str = field(default="", compare=False)


def card_of(image: str) -> Card | None:
    """Return the keyword and the value of a card, or None if it is a comment or blank.

    Parameters
    ----------
    image : str
        The 80 characters of the card.
    """
    keyword, equals, rest = image[:9].partition("=")
    keyword = keyword.rstrip() if equals else image[:8].rstrip()
    if not _KEYWORD.fullmatch(keyword):
        return None
    spaced = _value_text((rest + image[9:80]) if equals else image[8:80])
    text = spaced.strip()
    if not equals and not keyword[-1].isdigit() and number_of(text) is None:
        return None  # a comment; but a keyword with a number, CRVAL1, is no comment even without its equal sign
    return Card(keyword.upper(), text, spaced)


def number_of(text: str) -> float | None:
    """Return a text as a number, or None if it is no number: ``8.36D+01``, ``-1.0-03``, ``.5``, ``1e3``."""
    found = _NUMBER.fullmatch(text.strip(" '\""))
    if found is None:
        return None
    sign, digits, exponent, fraction, bare = found.groups()
    number = float(f"{sign}{digits or fraction}e{(exponent or bare or '0').replace(' ', '')}")
    return number if abs(number) != float("inf") else None


def _value_text(rest: str) -> str:
    """Return the value in the text behind the equal sign, without the comment."""
    rest = rest.strip()
    if rest.startswith('"') and '"' in rest[1:]:
        return rest[1:].partition('"')[0]
    if not rest.startswith("'"):
        return rest.partition("/")[0].strip()
    # A quote within text is written twice; where the last one is missing, everything is the text.
    closed = re.match(r"'((?:[^']|'')*)'", rest)
    return (closed.group(1) if closed else rest[1:]).replace("''", "'")
