"""Palettes of PLplot: flat colours, or control points of colours that run into each other.

::

    2                  6                    v2 hls
    #ffffff 1.0        #5500ff 0 0          2
    #a52a2a 0.5        …                    0. 240. 0.5 1.0 1. 0
                       #ff0000 100 0        1.   0. 0.5 1.0 1. 0

There are three forms, from left to right:

* each row is a colour, perhaps with alpha: flat colours;
* each row is a colour, its place in percent, and a flag, which has no effect;
* each row, after ``v2 rgb`` or ``v2 hls``, is a place in 0 … 1, red, green, blue (or hue, lightness, saturation),
  alpha, and a flag.  With ``v2 hls`` and the flag 1, the hues from this point to the next one go the other way round
  the circle.  With ``v2 rgb`` the flag has no effect.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from ...errors import counted, quoted
from ..colormap import RGBA, Colormap
from ..spaces import hsl_to_rgb
from ..straight_stops import densified
from .colormap_file import ColormapFile, Line
from .colormap_format import Format
from .hex_colors import in_hex, is_hex
from .ranges import at, shown
from .tables import announced, split

__all__ = ["FORMATS"]

_VERSION = re.compile(r"v2\s+(rgb|hls)", re.IGNORECASE)

#: The numbers of a point: the name of each in messages, and its largest value.
_POINTS = {
    "rgb": (("the place", 1), ("red", 1), ("green", 1), ("blue", 1), ("alpha", 1)),
    "hls": (("the place", 1), ("hue", 360), ("lightness", 1), ("saturation", 1), ("alpha", 1)),
}


def load(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of a palette."""
    lines = file.filled_lines
    first = lines[0].text.strip()
    version = _VERSION.fullmatch(first)
    head = 1 if version else 0
    if not version and not first.startswith("v") and not first[:1].isdigit():
        lines[0].fail(
            f"{quoted(first, 40)} begins no palette", "PLplot's begin with v2 or a number, JASC's with JASC-PAL"
        )
    if first.startswith("v") and not version:
        lines[0].fail(f"unknown version {quoted(first, 40)}", "one of v2 rgb, v2 hls")
    rows = announced(lines, head, "colours")
    if version:
        return [_points(file, rows, version[1].lower())]
    width = len(split(rows[0].text))
    for line in rows:
        if len(split(line.text)) != width or width > 3:
            line.fail(
                counted(len(split(line.text)), "word"),
                "a colour has 1, or 2 with alpha, or 3 with a place and a flag",
            )
    return [_placed(file, rows) if width == 3 else _flat(file, rows)]


def _flat(file: ColormapFile, rows: Sequence[Line]) -> Colormap:
    colors: list[RGBA] = []
    for line in rows:
        word, *rest = split(line.text)
        alpha = line.float(rest[0], 0, 1, "alpha") if rest else 1.0
        colors.append((*in_hex(line, word)[:3], alpha))
    return Colormap.from_colors(file.stem, colors, flat=True)


def _placed(file: ColormapFile, rows: Sequence[Line]) -> Colormap:
    colors, places = [], []
    for line in rows:
        word, place, flag = split(line.text)
        line.int(flag, 0, 1, "the flag")
        colors.append(in_hex(line, word))
        places.append(line.float(place, 0, 100, "the place in percent"))
    _rising(rows, places, 100)
    return Colormap.from_stops(file.stem, [(place / 100, color) for place, color in zip(places, colors, strict=True)])


def _points(file: ColormapFile, rows: Sequence[Line], model: str) -> Colormap:
    points: list[list[float]] = []
    flags: list[int] = []
    for line in rows:
        words = split(line.text)
        if len(words) != 6:
            line.fail(counted(len(words), "number"), "a point has a place, three parts of a colour, alpha and a flag")
        kinds = _POINTS[model]
        points.append([line.float(word, 0, most, what) for word, (what, most) in zip(words, kinds, strict=False)])
        flags.append(line.int(words[5], 0, 1, "the flag"))
    places = [point[0] for point in points]
    _rising(rows, places, 1)
    if model == "rgb":
        stops = [(place, (r, g, b, alpha)) for place, r, g, b, alpha in points]
        return Colormap.from_stops(file.stem, stops)
    # The file has hue, lightness, saturation; the conversion needs hue, saturation, lightness.
    numbers = np.array(points)[:, [1, 3, 2]] / [360, 1, 1]
    parts = np.stack([numbers[:-1], numbers[1:]], axis=1)
    turn = parts[:, 1, 0] - parts[:, 0, 0]
    parts[:, 1, 0] += np.where(np.array(flags[:-1]) == 1, np.where(turn > 0, -1, 1), 0)
    ends = np.stack([places[:-1], places[1:]], axis=-1)
    alphas = np.array(points)[:, 4]
    return Colormap.from_stops(
        file.stem, densified(ends, parts, np.stack([alphas[:-1], alphas[1:]], axis=-1), hsl_to_rgb)
    )


def _rising(rows: Sequence[Line], places: Sequence[float], end: int) -> None:
    """Fail unless places, in the numbers of the file, rise from 0 to `end`."""
    if not at(places[0], 0, end):
        rows[0].fail(f"the first point is at {shown(places[0])}", "it must be at 0")
    for line, before, place in zip(rows[1:], places, places[1:], strict=False):
        if place < before:
            line.fail(f"a point at {shown(place)} comes after one at {shown(before)}", "places must rise")
    if not at(places[-1], end, end):
        rows[-1].fail(f"the last point is at {shown(places[-1])}", f"it must be at {end}")


def _plausible(file: ColormapFile) -> bool:
    """Whether it begins like one of the three forms."""
    lines = [line.text.strip() for line in file.lines[:10] if line.text.strip()]
    if lines and _VERSION.fullmatch(lines[0]):
        return True
    return len(lines) > 1 and lines[0].isdecimal() and is_hex(lines[1][:7])


FORMATS = (Format("plplot", "PLplot palette", (".pal",), load, plausible=_plausible),)
