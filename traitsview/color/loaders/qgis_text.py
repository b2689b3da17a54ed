"""QGIS's colour maps as it exports them for rasters."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import inf
from typing import Any

from ...errors import quoted
from ..colormap import RGBA, Colormap
from .bands import banded
from .colormap_file import ColormapFile, Line, closest
from .colormap_format import Format
from .ranges import shown
from .tables import MOST_ROWS

__all__ = ["FORMATS"]

KINDS = ("INTERPOLATED", "DISCRETE", "EXACT")

CLEAR = (0.0, 0.0, 0.0, 0.0)

Row = tuple[Line, float, RGBA, str]


def load(file: ColormapFile) -> list[Colormap]:
    """Return the colours of a file: ``value,red,green,blue,alpha,label`` after ``INTERPOLATION:``.

    INTERPOLATED colours run into each other between values, which become the limits.  DISCRETE colours reach up to
    their value and down to the one before; the first begins one width before its value, and the last ends so after the
    one before if it reaches to ``inf``.  EXACT ones stand for their values alone.
    """
    kind = ""
    rows: list[Row] = []
    for line in file.bare_lines():
        if line.text.upper().startswith("INTERPOLATION"):
            if kind or rows:
                line.fail("INTERPOLATION comes late", "say it once, before the first colour")
            kind = _kind(line)
        else:
            rows.append(_row(line, kind))
            if len(rows) > MOST_ROWS:
                line.fail(f"it has more than {MOST_ROWS} colours", "give a colour map")
    if not kind:
        file.fail("it has no INTERPOLATION", f"write INTERPOLATION:{' or '.join(KINDS)}")
    if not rows:
        file.fail("it has no colour", "give value,red,green,blue,alpha,label in each line")
    if kind == "EXACT":
        return [_doubted(file, _exact(file, rows))]
    for (_, before, *_), (line, after, *_) in pairwise(rows):
        if after < before or (after == before and kind == "DISCRETE"):
            line.fail(f"{shown(after)} follows {shown(before)}", "values must rise")
    return [_doubted(file, _discrete(file, rows) if kind == "DISCRETE" else _interpolated(file, rows))]


def _doubted(file: ColormapFile, colormap: Colormap) -> Colormap:
    """Return the map with a warning if letters of its labels are a guess."""
    if not file.latin or all(label.isascii() for label in colormap.labels):
        return colormap
    return replace(colormap, warnings=(*colormap.warnings, "It is not UTF-8: its labels were read as Latin-1."))


def _kind(line: Line) -> str:
    said = line.text.partition(":")[2].strip().upper()
    if said not in KINDS:
        near = [each for each in KINDS if closest(said, [each.lower()])]
        remedy = f"did you mean {near[0]}?" if near else f"write {' or '.join(KINDS)}"
        line.fail(f"unknown interpolation {quoted(said)}", remedy)
    return said


def _row(line: Line, kind: str) -> Row:
    words = [word.strip() for word in line.text.split(",", 5)]
    if len(words) < 5:
        line.fail(f"it has {len(words)} fields", "give value,red,green,blue,alpha,label")
    if words[0].lower() == "inf":
        if kind != "DISCRETE":
            line.fail("its value is inf", "only DISCRETE colours reach so far")
        value = inf
    else:
        value = line.float(words[0], -1e300, 1e300, "a value")
    r, g, b, a = (line.int(word, 0, 255, "a part of a colour") / 255 for word in words[1:5])
    return line, value, (r, g, b, a), line.file.called(words[5]) if len(words) > 5 and words[5] else ""


def _exact(file: ColormapFile, rows: list[Row]) -> Colormap:
    seen: dict[float, int] = {}
    for line, value, *_ in rows:
        if value in seen:
            line.fail(f"value {shown(value)} has a colour in line {seen[value]}", "give one to each")
        seen[value] = line.number
    return Colormap.from_colors(
        file.stem, [row[2] for row in rows], flat=True, values=tuple(seen), labels=_labels(rows)
    )


def _labels(rows: list[Row]) -> tuple[str, ...]:
    """Return the labels, unless these only say the values."""
    said = any(label and label != line.text.split(",")[0].strip() for line, _, _, label in rows)
    return tuple(label for *_, label in rows) if said else ()


def _interpolated(file: ColormapFile, rows: list[Row]) -> Colormap:
    if not 0 < rows[-1][1] - rows[0][1] < inf:
        rows[-1][0].fail(f"all values are {shown(rows[0][1])}", "give two values or more")
    warnings = ("Its labels were left out.",) if any(map(_worded, rows)) else ()
    limits = (rows[0][1], rows[-1][1])
    return Colormap.from_stops(file.stem, [row[1:3] for row in rows], limits=limits, warnings=warnings)


def _worded(row: Row) -> bool:
    """Whether a label says more than a number."""
    return any(c.isalpha() for c in row[3])


def _discrete(file: ColormapFile, rows: list[Row]) -> Colormap:
    bounds = [value for _, value, *_ in rows if value < inf]
    if not bounds:
        rows[0][0].fail("its only value is inf", "give a value that the first colour reaches up to")
    open_ended = len(bounds) < len(rows)
    span = bounds[-1] - bounds[0]
    if not span < inf:
        rows[-1][0].fail("its values are too far apart for numbers", "give smaller ones")
    width = span / (len(bounds) - 1) if len(bounds) > 1 else 1.0
    edges = [bounds[0] - width, *bounds, *([bounds[-1] + width] if open_ended else [])]
    if any(after <= before for before, after in pairwise(edges)):
        rows[-1][0].fail("its values are too close for numbers", "write them with more digits")
    # Beyond the last value QGIS draws nothing.
    attributes: dict[str, Any] = {} if open_ended else {"over": CLEAR}
    attributes |= {"limits": (edges[0], edges[-1]), "labels": _labels(rows)}
    return banded(file.stem, edges, [row[2] for row in rows], **attributes)


def plausible(file: ColormapFile) -> bool:
    first = ("INTERPOLATION:", "# QGIS GENERATED COLOR MAP")
    return any(line.text.strip().upper().startswith(first) for line in file.lines[:20])


FORMATS = (Format("qgis-text", "QGIS colour map (text)", (".txt",), load, plausible=plausible),)
