"""Colours as ``#rrggbb``, which many formats share."""

from __future__ import annotations

import re

from ...errors import quoted
from ..colormap import RGBA
from .colormap_file import Line

__all__ = ["hex_color", "in_hex", "is_hex"]

#: A prefix, which may be missing, and the digits.
_HEX = re.compile(r"(#|0[xX])?([0-9a-fA-F]{6}(?:[0-9a-fA-F]{2})?)")


def is_hex(word: str, bare: bool = False) -> bool:
    """Whether a word is ``#rrggbb``, ``0xrrggbb`` or one of them with alpha; with `bare`, also ``rrggbb``."""
    found = _HEX.fullmatch(word)
    return found is not None and (bare or found[1] is not None)


def hex_color(word: str, alpha_first: bool = False) -> RGBA | None:
    """Return the colour that ``#rrggbb``, ``0xrrggbb`` or ``rrggbb`` stands for; None if a word is none of them.

    Of eight digits the last two are alpha, as in CSS; with `alpha_first` the first two, as in Java and .NET.
    """
    found = _HEX.fullmatch(word)
    if found is None:
        return None
    parts = bytes.fromhex(found[2])
    if len(parts) == 4 and alpha_first:
        parts = parts[1:] + parts[:1]
    red, green, blue, *rest = (part / 255 for part in parts)
    return red, green, blue, rest[0] if rest else 1.0


def in_hex(line: Line, word: str) -> RGBA:
    """Return the colour of a word that must be ``#rrggbb``, or fail."""
    color = hex_color(word) if re.fullmatch(r"#[0-9a-fA-F]{6}", word) else None
    if color is None:
        line.fail(f"{quoted(word, 40)} is not a colour", "write #rrggbb with six hexadecimal digits")
    return color
