"""ESRI's colour maps of classes."""

from __future__ import annotations

import re

from ...errors import counted
from ..colormap import RGBA, Colormap
from .colormap_file import ColormapFile, Line, is_number
from .colormap_format import Format
from .tables import MOST_ROWS

__all__ = ["FORMATS"]


def load(file: ColormapFile) -> list[Colormap]:
    """Return the flat colours of a file and the whole numbers that they stand for: ``value red green blue``.

    Alpha and a label may follow, in all rows or in none.
    """
    colors: list[RGBA] = []
    labels: list[str] = []
    seen: dict[int, int] = {}
    rows = [(line, line.text.split(None, 5)) for line in file.bare_lines()]
    with_alpha = all(len(words) > 4 and words[4].isdecimal() for _, words in rows)
    for line, words in rows:
        value, color, label = _row(line, words, with_alpha)
        if value in seen:
            line.fail(f"value {value} has a colour in line {seen[value]}", "give one to each")
        seen[value] = line.number
        colors.append(color)
        labels.append(label)
        if len(colors) > MOST_ROWS:
            line.fail(f"it has more than {MOST_ROWS} colours", "give a colour map")
    if not colors:
        file.fail("it has no colour", "give value, red, green, blue in each line")
    named = {"labels": tuple(labels)} if any(labels) else {}
    return [Colormap.from_colors(file.stem, colors, flat=True, values=tuple(map(float, seen)), **named)]


def _row(line: Line, words: list[str], with_alpha: bool) -> tuple[int, RGBA, str]:
    count = 5 if with_alpha else 4
    if len(words) < count or (len(words) > count and is_number(words[count])):
        line.fail(f"it has {counted(len(words), 'number')}", "give value, red, green, blue")
    value = line.int(words[0], -(10**9), 10**9, "a value")
    r, g, b, *rest = (line.int(word, 0, 255, "a part of a colour") / 255 for word in words[1:count])
    label = line.file.called(" ".join(words[count:])) if len(words) > count else ""
    return value, (r, g, b, rest[0] if rest else 1.0), label


_ROW = re.compile(r"-?\d+(?:\s+\d+)+(?:\s+\D.*)?", re.ASCII)


def plausible(file: ColormapFile) -> bool:
    """Whether a file has the extension, rows of numbers, and no rules of GRASS.  Rows alone prove nothing."""
    if file.extension != ".clr":
        return False
    lines = [line.text for line in file.bare_lines()]
    return bool(lines and _ROW.fullmatch(lines[0])) and not any(text.startswith(("nv", "default")) for text in lines)


FORMATS = (Format("esri", "ESRI colour map", (".clr",), load, plausible=plausible),)
