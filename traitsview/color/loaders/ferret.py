"""Ferret's palettes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ...errors import counted, quoted
from ..colormap import RGBA, Colormap, Stop
from .colormap_file import ColormapFile, Line, closest
from .colormap_format import Format
from .drawn_out import drawn_out
from .ranges import shown
from .tables import MOST_ROWS

__all__ = ["FORMATS"]

#: The kinds of positions: percents of the map, values of the data, numbers of levels.
MAPPINGS = ("percent", "by_value", "by_level")


def load(file: ColormapFile) -> list[Colormap]:
    """Return the palette of a file: position, red, green, blue, the colours in percent.

    The file says what its positions are:

    * percents, which must lie in 0 … 110.  The part beyond 100 is cut off.  If they do not reach 0 or 100, the end
      colours are extended;
    * values of the data (``By_value``).  The first and the last one become the limits;
    * levels (``By_level``), counted from 1.  Each level becomes a flat colour.
    """
    mapping = ""
    rows: list[tuple[Line, float, RGBA]] = []
    warnings: list[str] = []
    for line in _lines(file):
        words = line.text.split()
        if words[0].lower() == "rgb_mapping":
            if mapping or rows:
                line.fail("RGB_Mapping comes late", "say it once, before the first colour")
            mapping = _mapping(line, words)
        else:
            rows.append((line, *_row(line, words, mapping or "percent", warnings)))
            if len(rows) > MOST_ROWS:
                line.fail(f"it has more than {MOST_ROWS} colours", "give a palette")
    if not rows:
        file.fail("it has no colour", "give position, red, green, blue in each line")
    if mapping == "by_level":
        return [_levels(file, rows, warnings)]
    return [_running(file, rows, mapping, warnings)]


def _lines(file: ColormapFile) -> list[Line]:
    """Return the lines that are not empty without their comments.  A comment begins with ``!``, anywhere in a line."""
    return list(_bare(file))


def _bare(file: ColormapFile) -> Iterator[Line]:
    return (Line(file, line.number, said) for line in file.lines if (said := line.text.split("!")[0].strip()))


def _mapping(line: Line, words: list[str]) -> str:
    if len(words) != 2 or words[1].lower() not in MAPPINGS:
        near = closest(words[1], MAPPINGS) if len(words) > 1 else ()
        remedy = f"did you mean {near[0]}?" if near else "write Percent, By_value or By_level"
        line.fail(f"unknown mapping {quoted(' '.join(words[1:]))}", remedy)
    return words[1].lower()


def _row(line: Line, words: list[str], mapping: str, warnings: list[str]) -> tuple[float, RGBA]:
    if len(words) < 4:
        line.fail(f"it has {counted(len(words), 'number')}", "give position, red, green, blue")
    if len(words) > 4:
        if re.match(r"[-+.\d]", words[4]):
            line.fail(
                f"it has {counted(len(words), 'number')}", "give position, red, green, blue; comments begin with !"
            )
        warnings.append(f"Line {line.number}: {quoted(' '.join(words[4:]), 40)} was taken for a comment.")
    if mapping == "by_level":
        place = float(line.int(words[0], 1, MOST_ROWS, "a level"))
    elif mapping == "by_value":
        place = line.float(words[0], -1e300, 1e300, "a value")
    else:
        place = line.float(words[0], 0, 110, "a position")
    r, g, b = (line.float(word, 0, 100, "a part of a colour") / 100 for word in words[1:4])
    return place, (r, g, b, 1.0)


def _levels(file: ColormapFile, rows: list[tuple[Line, float, RGBA]], warnings: list[str]) -> Colormap:
    for number, (line, level, _) in enumerate(rows, 1):
        if level != number:
            line.fail(f"level {shown(level)} stands where {number} is due", "levels count from 1 without gaps")
    return Colormap.from_colors(file.stem, [color for *_, color in rows], flat=True, warnings=tuple(warnings))


def _running(file: ColormapFile, rows: list[tuple[Line, float, RGBA]], mapping: str, warnings: list[str]) -> Colormap:
    for (_, before, _), (line, after, _) in pairwise(rows):
        if after < before:
            line.fail(f"position {shown(after)} follows {shown(before)}", "positions must rise")
    if rows[-1][1] == rows[0][1]:
        rows[-1][0].fail(f"all colours stand at {shown(rows[0][1])}", "give two positions or more")
    stops: list[Stop] = [(place, color) for _, place, color in rows]
    if mapping == "by_value":
        if stops[-1][0] - stops[0][0] == float("inf"):
            rows[-1][0].fail("its values are too far apart for numbers", "give smaller ones")
        return Colormap.from_stops(file.stem, stops, limits=(stops[0][0], stops[-1][0]), warnings=tuple(warnings))
    stops = drawn_out(stops, 100, warnings, " %")
    if stops[-1][0] > 100:
        warnings.append(f"It ends at {shown(stops[-1][0])} %: what is beyond 100 was cut off.")
        stops = _cut(stops)
    return Colormap.from_stops(file.stem, stops, warnings=tuple(warnings))


def _cut(stops: list[Stop]) -> list[Stop]:
    """Return the stops up to 100; a last stop at 100 is interpolated."""
    kept = [stop for stop in stops if stop[0] <= 100]
    (x0, left), (x1, right) = kept[-1], stops[len(kept)]
    share = (100 - x0) / (x1 - x0)
    r, g, b, a = (p * (1 - share) + q * share for p, q in zip(left, right, strict=True))
    return [*kept, (100.0, (r, g, b, a))]


def plausible(file: ColormapFile) -> bool:
    """Whether the file begins with RGB_Mapping, or has the extension and begins with a digit.

    Rows of four numbers alone prove nothing: many formats have them.
    """
    first = next(_bare(file), None)
    if first is None:
        return False
    return first.text.lower().startswith("rgb_mapping") or (file.extension == ".spk" and first.text[:1].isdigit())


FORMATS = (Format("ferret", "Ferret palette", (".spk",), load, plausible=plausible),)
