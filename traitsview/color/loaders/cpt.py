"""Colour palette tables of GMT, the Generic Mapping Tools.

::

    # COLOR_MODEL = RGB
    # HARD_HINGE
    # RANGE = -500/3000
    -1   10/20/90   0   200/230/255
     0   30/110/50  1   white
    B black
    F white
    N 128

A row is a slice: its begin, the colour there, its end, the colour there.  Slices touch, and colours may jump between
them.  Colours may also be in three columns each.  Rows of a key and a colour are categories.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...errors import quoted
from ..colormap import Colormap, Stop
from ..spaces import hsv_to_rgb
from ..straight_stops import densified
from .colormap_file import ColormapFile
from .colormap_format import Format
from .cpt_slices import GDAL_ONLY, Slice, touching
from .cpt_table import EXTREMES, FLAG, KEY, Table
from .cpt_writing import save
from .ranges import shown
from .tables import LARGEST_NUMBER, credits

__all__ = ["FORMATS"]

#: Flat colours whose widths differ by less than this share of the whole have equal shares.
_EQUAL_WIDTHS = 3e-6

#: The ends of tables that are made to be stretched.
_UNIT = ((0.0, 1.0), (-1.0, 1.0))


def load(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of a table."""
    table = Table(file)
    for line in file.lines:
        text = line.text.strip()
        if text.startswith("#"):
            table.comment(line)
        elif text:
            table.row(line)
    if not table.slices and not table.categories:
        file.fail("it has no slice of colours", "give rows such as: 0 black 1 white")
    attributes: dict[str, Any] = {
        **table.extremes,
        "limits": table.limits,
        "cyclic": "CYCLIC" in table.keys,
        "licence": credits(file),
    }
    made = _categorical if table.categories else _regular
    return [made(table, attributes)]


def _categorical(table: Table, attributes: dict[str, Any]) -> Colormap:
    """Return the colormap of categories, whose keys are all numbers or all words."""
    colors = [paint.rgba for _, _, paint, _ in table.categories]
    labels = [label for *_, label in table.categories]
    numbers = [bool(re.match(r"[-+.]?\d", key)) for _, key, _, _ in table.categories]
    if all(numbers):
        values = [line.float(key, -LARGEST_NUMBER, LARGEST_NUMBER, "a key") for line, key, _, _ in table.categories]
        for before, value, (line, *_) in zip(values, values[1:], table.categories[1:], strict=False):
            if not value > before:
                line.fail(f"key {shown(value)} comes after {shown(before)}", "keys must rise")
        attributes["values"] = tuple(values)
    else:
        for number, (line, key, _, _) in zip(numbers, table.categories, strict=True):
            if number != numbers[0]:
                line.fail(f"key {quoted(key, 40)} among others", "keys are all numbers or all words")
        labels = [label or key.removeprefix("\\") for (_, key, _, label) in table.categories]
        table.warnings["Its keys are words: they became labels, and stand for no values."] = None
    if any(labels):
        attributes["labels"] = tuple(labels)
    if table.hinge is not None:
        table.keys.get("HINGE", table.keys.get("HARD_HINGE", table.categories[0][0])).fail(
            "a hinge in a table of categories", "leave it out"
        )
    return Colormap.from_colors(table.file.stem, colors, flat=True, warnings=tuple(table.warnings), **attributes)


def _regular(table: Table, attributes: dict[str, Any]) -> Colormap:
    """Return the colormap of slices."""
    slices, fell = touching(table.slices)
    if fell:
        table.warnings[GDAL_ONLY] = None
    bounds = slices[0].low, slices[-1].high
    places = _places(table, slices)
    unit = any(math.isclose(bounds[0], low) and math.isclose(bounds[1], high) for low, high in _UNIT)
    if table.limits is None and not unit:
        attributes["limits"] = bounds
    elif not unit:
        table.warnings[
            f"Its slices go from {shown(bounds[0])} to {shown(bounds[1])}: they were stretched to its RANGE."
        ] = None
    attributes["hinge"] = table.hinge
    if "SOFT_HINGE" in table.keys:
        even = math.isclose(-bounds[0], bounds[1])
        use = "it takes effect only with a scale that has a hinge there" if even else "it takes no effect"
        table.warnings[f"Its hinge at 0 is soft: {use}."] = None
    name = table.file.stem
    labels = tuple(each.label for each in slices)
    if all(each.first == each.last for each in slices) and np.ptp(np.diff(places)) <= _EQUAL_WIDTHS:
        attributes["labels"] = labels if any(labels) else ()
        flat = [each.first.rgba for each in slices]
        return Colormap.from_colors(name, flat, flat=True, warnings=tuple(table.warnings), **attributes)
    if any(labels):
        table.warnings["The labels of its slices are not kept."] = None
    return Colormap.from_stops(name, _stops(slices, places, table.in_hsv), warnings=tuple(table.warnings), **attributes)


def _places(table: Table, slices: Sequence[Slice]) -> list[float]:
    """Return the edges of the slices as positions 0 … 1; a hinge is in the middle."""
    values = np.array([slices[0].low, *(each.high for each in slices)])
    low, high = slices[0].low, slices[-1].high
    hinge = table.hinge
    if hinge is None:
        return [float(place) for place in (values - low) / (high - low)]
    said = table.keys["HARD_HINGE" if "HARD_HINGE" in table.keys else "HINGE"]
    if hinge != 0 and table.limits is not None:
        said.fail(f"a hinge at {shown(hinge)} and a RANGE", "with a range, put the hinge at 0")
    even = math.isclose(hinge - low, high - hinge, rel_tol=1e-9)
    if not low < hinge < high or not (even or (values == hinge).any()):
        said.fail(f"there is a hinge, but no slice ends at {shown(hinge)}", "let two slices meet there")
    halves = np.where(values < hinge, (values - low) / (hinge - low) / 2, 0.5 + (values - hinge) / (high - hinge) / 2)
    return [float(place) for place in halves]


def _stops(slices: Sequence[Slice], places: Sequence[float], in_hsv: bool) -> list[Stop]:
    """Return stops at both ends of each slice, and more between them where colours run in hue, saturation and value."""
    ends = np.stack([places[:-1], places[1:]], axis=-1)
    if in_hsv:
        parts = np.array([[each.first.as_hsv, each.last.as_hsv] for each in slices])
        alphas = np.array([[each.first.rgba[3], each.last.rgba[3]] for each in slices])
        return densified(ends, parts, alphas, hsv_to_rgb)
    stops: list[Stop] = []
    for each, (low, high) in zip(slices, ends.tolist(), strict=True):
        if not stops or stops[-1][1] != each.first.rgba:
            stops.append((low, each.first.rgba))
        stops.append((high, each.last.rgba))
    return stops


def plausible(file: ColormapFile) -> bool:
    """Whether the file has the extension, its first rows are slices, or its comments are those of GMT."""
    if file.extension == ".cpt":
        return file.text.lstrip()[:1] not in ("{", "[", "<")
    for line in file.lines[:200]:
        text = line.text.strip()
        if FLAG.fullmatch(text) or (KEY.fullmatch(text) and "COLOR_MODEL" in text):
            return True
        if not text or text.startswith("#") or text[:1] in EXTREMES:
            continue
        words = text.split()
        if len(words) < 4 or "/" not in words[1] + words[3]:
            return False
        Table(file).row(line)
        return True
    return False


FORMATS = (Format("cpt", "GMT colour palette table", (".cpt",), load, save=save, plausible=plausible),)
