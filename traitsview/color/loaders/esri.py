"""ESRI's colour maps of classes."""

from __future__ import annotations

import re

from ..colormap import RGBA, Colormap
from .colormap_file import ColormapFile, Line
from .colormap_format import Format
from .tables import MOST_ROWS

__all__ = ["FORMATS"]


def load(file: ColormapFile) -> list[Colormap]:
    """Return the flat colours of a file and the whole numbers that they stand for: ``value red green blue``."""
    colors: list[RGBA] = []
    seen: dict[int, int] = {}
    for line in file.bare_lines():
        value, color = _row(line)
        if value in seen:
            line.fail(f"value {value} has a colour in line {seen[value]}", "give one to each")
        seen[value] = line.number
        colors.append(color)
        if len(colors) > MOST_ROWS:
            line.fail(f"it has more than {MOST_ROWS} colours", "give a colour map")
    if not colors:
        file.fail("it has no colour", "give value, red, green, blue in each line")
    return [Colormap.from_colors(file.stem, colors, flat=True, values=tuple(map(float, seen)))]


def _row(line: Line) -> tuple[int, RGBA]:
    words = line.text.split()
    if len(words) != 4:
        line.fail(f"it has {len(words)} numbers", "give value, red, green, blue")
    value = line.int(words[0], -(10**9), 10**9, "a value")
    r, g, b = (line.int(word, 0, 255, "a part of a colour") / 255 for word in words[1:])
    return value, (r, g, b, 1.0)


_ROW = re.compile(r"-?\d+(?:\s+\d+)+", re.ASCII)


def plausible(file: ColormapFile) -> bool:
    """Whether its extension says so, for rows of numbers are many things, and there are no rules of GRASS."""
    if file.extension != ".clr":
        return False
    lines = [line.text for line in file.bare_lines()]
    return bool(lines and _ROW.fullmatch(lines[0])) and not any(text.startswith(("nv", "default")) for text in lines)


FORMATS = (Format("esri", "ESRI colour map", (".clr",), load, plausible=plausible),)
