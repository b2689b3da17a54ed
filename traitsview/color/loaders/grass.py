"""GRASS's colour rules, which GDAL's color-relief reads too."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from ...errors import quoted
from ..colormap import RGBA, Colormap, Stop
from .colormap_file import ColormapFile, Line, closest
from .colormap_format import Format
from .ends import drawn_out
from .ranges import shown
from .tables import MOST_ROWS

__all__ = ["FORMATS"]

#: The colours that have names, in eighths.
NAMES = {
    "white": (8, 8, 8),
    "black": (0, 0, 0),
    "red": (8, 0, 0),
    "green": (0, 8, 0),
    "blue": (0, 0, 8),
    "yellow": (8, 8, 0),
    "magenta": (8, 0, 8),
    "cyan": (0, 8, 8),
    "aqua": (0, 6, 6),
    "grey": (6, 6, 6),
    "gray": (6, 6, 6),
    "orange": (8, 4, 0),
    "brown": (6, 4, 2),
    "purple": (4, 0, 8),
    "violet": (4, 0, 8),
    "indigo": (0, 4, 8),
}


def load(file: ColormapFile) -> list[Colormap]:
    """Return the colours of a file: ``value colour`` or ``percent% colour``, ``nv colour``, ``default colour``.

    A colour is a name, or red, green, blue and maybe alpha in 0 … 255.  Values must rise, or fall all the way, and
    become the limits.  Percents are of an image's own range: with values between them only 0 % and 100 % can be read.
    """
    special: dict[str, RGBA] = {}
    percents: list[tuple[Line, float, RGBA]] = []
    values: list[tuple[Line, float, RGBA]] = []
    order: list[bool] = []
    for line in file.bare_lines():
        words = re.split(r"[\s,:]+", line.text)
        color = _color(line, words[1:])
        key = words[0].lower()
        if key in ("nv", "default"):
            if key in special:
                line.fail(f"a second {key!r}", "remove one")
            special[key] = color
        elif key.endswith("%"):
            percents.append((line, line.float(key[:-1], 0, 100, "a percentage"), color))
            order.append(True)
        else:
            values.append((line, line.float(key, -1e300, 1e300, "a value"), color))
            order.append(False)
        if len(order) > MOST_ROWS:
            line.fail(f"it has more than {MOST_ROWS} rules", "give a colour table")
    attributes: dict[str, Any] = {"bad": special.get("nv")}
    if "default" in special:
        attributes |= {"under": special["default"], "over": special["default"]}
    if not values and not percents:
        file.fail("it has no colour", "give a value and a colour in each line")
    warnings: list[str] = []
    if not values:
        stops = drawn_out(_risen(file, percents), 100, warnings, " %")
    elif not percents:
        stops = _risen(file, values)
        attributes["limits"] = (stops[0][0], stops[-1][0])
    else:
        stops = _mixed(file, percents, values, order, attributes, warnings)
    return [Colormap.from_stops(file.stem, stops, warnings=tuple(warnings), **attributes)]


def _color(line: Line, words: list[str]) -> RGBA:
    if len(words) == 1 and words[0].lower() in NAMES:
        r, g, b = (eighths / 8 for eighths in NAMES[words[0].lower()])
        return r, g, b, 1.0
    if len(words) == 1 and not re.match(r"[-+.\d]", words[0]):
        near = closest(words[0], NAMES)
        remedy = f"did you mean {near[0]}?" if near else f"one of {', '.join(NAMES)}"
        line.fail(f"unknown colour {quoted(words[0])}", remedy)
    if len(words) not in (3, 4):
        line.fail(f"its colour has {len(words)} parts", "give a name, or red, green, blue in 0 … 255")
    parts = [line.int(word, 0, 255, "a part of a colour") / 255 for word in words]
    return parts[0], parts[1], parts[2], parts[3] if len(parts) == 4 else 1.0


def _risen(file: ColormapFile, rows: list[tuple[Line, float, RGBA]]) -> list[Stop]:
    """Return stops that rise, of rows that rise or fall all the way."""
    if len(rows) < 2:
        file.fail("it has one colour", "give two values or more")
    way = -1 if rows[-1][1] < rows[0][1] else 1
    for (_, before, _), (line, after, _) in pairwise(rows):
        if way * after < way * before:
            line.fail(f"{shown(after)} follows {shown(before)}", "values must rise, or fall all the way")
    rows = rows[::way]
    if not 0 < rows[-1][1] - rows[0][1] < float("inf"):
        rows[-1][0].fail(f"all values are {shown(rows[0][1])}", "give two values or more")
    return [(place, color) for _, place, color in rows]


def _mixed(
    file: ColormapFile,
    percents: list[tuple[Line, float, RGBA]],
    values: list[tuple[Line, float, RGBA]],
    order: list[bool],
    attributes: dict[str, Any],
    warnings: list[str],
) -> list[Stop]:
    """Return stops of values between 0 % and 100 %, which are the limits of an image that is not known here.

    Round a single value both sides stretch by themselves; beyond several the ends are placed as far as these span.
    """
    for line, percent, _ in percents:
        if percent not in (0, 100):
            why = f"{shown(percent)} % among values means another place for each image"
            line.fail(why, "give values only, or percentages only")
    low = [color for _, percent, color in percents if percent == 0]
    high = [color for _, percent, color in percents if percent == 100]
    if len(low) > 1 or len(high) > 1:
        percents[-1][0].fail("0 % or 100 % is there twice", "remove one")
    expected = [True] * len(low) + [False] * len(values) + [True] * len(high)
    if order != expected or (low and percents[0][1] != 0):
        percents[0][0].fail("0 % or 100 % stands among the values", "put 0 % first and 100 % last")
    if len(values) == 1:
        if not (low and high):
            file.fail("it has one value and one percentage", "give both 0 % and 100 %")
        attributes["hinge"] = values[0][1]
        return [(0.0, low[0]), (0.5, values[0][2]), (1.0, high[0])]
    stops = _risen(file, values)
    if values[-1][1] < values[0][1]:
        values[-1][0].fail(
            f"{shown(values[-1][1])} follows {shown(values[0][1])}", "values must rise between 0 % and 100 %"
        )
    span = stops[-1][0] - stops[0][0]
    ends = (stops[0][0] - span if low else stops[0][0], stops[-1][0] + span if high else stops[-1][0])
    warnings.append(f"Its 0 % and 100 % are an image's own limits: drawn at {shown(ends[0])} and {shown(ends[1])}.")
    attributes["limits"] = ends
    return [*((ends[0], color) for color in low), *stops, *((ends[1], color) for color in high)]


_RULE = re.compile(r"(?:nv|default|[-+.\deE]+%?)[\s,:]+(?:[a-zA-Z]+|\d+[\s,:]+\d+[\s,:]+\d+(?:[\s,:]+\d+)?)", re.ASCII)
_PLAIN = re.compile(r"[-+.\deE\s,]+", re.ASCII)


def plausible(file: ColormapFile) -> bool:
    """Whether its first lines are rules, and are not only numbers, which tables of colours are as well."""
    found = []
    for line in file.bare_lines():
        found.append(line.text)
        if len(found) == 40:
            break
    return all(_RULE.fullmatch(text) for text in found) and any(not _PLAIN.fullmatch(text) for text in found)


FORMATS = (Format("grass", "GRASS colour rules, GDAL color-relief", (".rules", ".txt"), load, plausible=plausible),)
