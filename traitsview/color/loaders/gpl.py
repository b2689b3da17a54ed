"""Palettes of GIMP, which Inkscape, Krita and others share: flat colours with names.

::

    GIMP Palette
    Name: Tide
    Columns: 2
    # by hand
     20  40 160	deep
    240 200  30	sand
"""

from __future__ import annotations

import re

import numpy as np

from ...errors import counted, printable, quoted
from ..colormap import RGBA, Colormap
from .colormap_file import ColormapFile, Line, closest
from .colormap_format import Format
from .tables import CHANNELS, CREDIT, MOST_ROWS, credits

__all__ = ["FORMATS"]

FIRST = "GIMP Palette"

#: GIMP's name for a colour without a name.
_UNNAMED = "Untitled"

#: The keys of the lines above the colours: ``Columns: 2``.
_KEYS = ("Name", "Columns", "Channels")

#: Number of colours that are written for a colormap whose colours run into each other.
_SAMPLED_COLORS = 256


def load(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of a palette."""
    lines = file.filled_lines
    if lines[0].text.strip() != FIRST:
        lines[0].fail(f"its first line is {quoted(lines[0].text, 40)}", f"it must be {FIRST}")
    said: dict[str, str] = {}
    colors: list[RGBA] = []
    labels: list[str] = []
    for line in lines[1:]:
        text = line.text.strip()
        if text.startswith("#"):
            continue
        if text[:1].isdigit() or text[:1] in "+-.":
            color, label = _color(line, "RGBA" in said.get("Channels", ""))
            colors.append(color)
            labels.append("" if label == _UNNAMED else label)
            if len(colors) > MOST_ROWS:
                line.fail(f"there are more than {MOST_ROWS} colours", "give a palette")
        elif colors:
            line.fail(f"{quoted(text, 40)} is no colour", "write red, green, blue and, after them, its name")
        else:
            _header(line, said)
    if not colors:
        file.fail("it has no colours", "give a line of red, green, blue for each")
    names = tuple(labels) if any(labels) else ()
    attributes = {"labels": names, "licence": credits(file)}
    return [Colormap.from_colors(file.called(said.get("Name", "")), colors, flat=True, **attributes)]


def _header(line: Line, said: dict[str, str]) -> None:
    """Put a line above the colours, ``key: text``, into `said`, or fail."""
    key, colon, text = line.text.strip().partition(":")
    if not colon or key not in _KEYS:
        near = closest(key[:40], _KEYS)
        remedy = f"did you mean {near[0]}?" if near else f"one of {', '.join(_KEYS)}, or a colour"
        line.fail(f"unknown line {quoted(line.text.strip(), 40)}", remedy)
    if key in said:
        line.fail(f"{key} is said twice", "say it once")
    said[key] = text.strip()
    if key == "Columns":
        line.int(said[key], 0, 256, "the number of columns")
    if key == "Channels" and said[key] not in ("RGB", "RGBA"):
        line.fail(f"unknown channels {quoted(said[key], 40)}", "one of RGB, RGBA")


def _color(line: Line, with_alpha: bool) -> tuple[RGBA, str]:
    """Return the colour and the name that a line holds."""
    count = 4 if with_alpha else 3
    words = line.text.split(None, count)
    if len(words) < count:
        line.fail(counted(len(words), "number"), f"a colour has {count}: {', '.join(CHANNELS[:count])}")
    numbers = [line.int(word, 0, 255, what) / 255 for word, what in zip(words[:count], CHANNELS, strict=False)]
    label = printable(words[count].strip()) if len(words) > count else ""
    return (numbers[0], numbers[1], numbers[2], numbers[3] if with_alpha else 1.0), label


def save(colormap: Colormap) -> bytes:
    """Return a palette that GIMP, Inkscape and Krita read: colours to 1/255, their labels, the name and the licence.

    If colours run into each other, 256 of them are written.  If any is transparent, alpha is written as Aseprite writes
    it.  The other attributes of the colormap are left out.
    """
    table = colormap.lut(colormap.discrete or _SAMPLED_COLORS)
    levels = np.rint(table * 255).astype(int).tolist()
    lines = [FIRST, f"Name: {_one_line(colormap.name)}", "Columns: 0"]
    count = 3 if (table[:, 3] == 1).all() else 4
    if count == 4:
        lines.append("Channels: RGBA")
    for text in map(_one_line, colormap.licence.splitlines()):
        lines.append(f"# {text}" if CREDIT.search(text) else f"# Licence: {text}")
    lines.append("#")
    labels = colormap.labels if len(colormap.labels) == len(levels) else (_UNNAMED,) * len(levels)
    for color, label in zip(levels, labels, strict=True):
        numbers = " ".join(f"{level:3d}" for level in color[:count])
        lines.append(f"{numbers}\t{_one_line(label) or _UNNAMED}")
    return ("\n".join(lines) + "\n").encode()


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _magic(file: ColormapFile) -> bool:
    return file.data.removeprefix(b"\xef\xbb\xbf").startswith(FIRST.encode())


FORMATS = (Format("gpl", "GIMP palette", (".gpl",), load, save=save, magic=_magic),)
