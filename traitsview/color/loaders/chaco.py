"""Chaco's own colormap files: a name, then rows of position, red, green, blue and perhaps alpha, all 0 … 1.

::

    my map
    0   0   0   0.3
    0.5 0.6 0.4 0.3
    1   1   1   0.9
"""

from __future__ import annotations

from itertools import islice

from ...errors import quoted
from ..colormap import Colormap
from .colormap_file import ColormapFile
from .colormap_format import Format
from .ranges import at
from .tables import CHANNELS, collected, colors, numeric, rising

__all__ = ["FORMATS", "load"]


def load(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of a file for Chaco's ``ColorMapper.from_file``, which fails at blank lines."""
    title, *lines = list(file.bare_lines("")) or file.fail("it has no text", "give a name and rows of numbers")
    if all(map(numeric, title.text.split())):
        title.fail(f"{quoted(title.text, 40)} looks like a colour", "the first line must be the name")
    rows = collected(file, lines, (4, 5), lambda width: ("position", *CHANNELS)[:width], str.split)
    places = rising(rows)
    for row, end in ((rows[0], 0), (rows[-1], 1)):
        if not at(row.numbers[0], end):
            row.line.fail(f"the {'last' if end else 'first'} position is {row.words[0][:40]}", f"it must be {end}")
    places[0], places[-1] = 0.0, 1.0
    name = "".join(filter(str.isprintable, title.text))[:100].strip() or file.stem
    return [Colormap.from_stops(name, list(zip(places, colors(rows, 1, 1, "1"), strict=True)))]


def _plausible(file: ColormapFile) -> bool:
    """Whether rows of four or five numbers follow a name, and the first row is at 0."""
    words = [line.text.split() for line in islice(file.bare_lines(""), 4)]
    if len(words) < 2 or all(map(numeric, words[0])) or words[0][0][0] in "#!;%":
        return False
    lines = words[1:]
    rows = all(len(row) in (4, 5) and all(map(numeric, row)) for row in lines)
    return rows and lines[0][0].strip("+-0.") == ""


FORMATS = (Format("chaco", "Chaco colormap", (".chaco",), load, plausible=_plausible, loose=True),)
