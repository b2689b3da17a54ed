"""napari's colormaps: the fields of its model as JSON."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import numpy as np

from ...errors import counted, quoted
from ..colormap import RGBA, Colormap
from .bands import banded
from .colormap_file import ColormapFile
from .colormap_format import Format
from .hex_colors import hex_color
from .ranges import at, shown
from .strict_json import Value, parsed

__all__ = ["FORMATS"]

MOST_MAPS = 500
MOST_COLORS = 30_000

KEYS = ("name", "display_name", "_display_name", "colors", "controls", "interpolation")
EXTREMES = {"nan_color": "bad", "low_color": "under", "high_color": "over"}


def load(file: ColormapFile) -> list[Colormap]:
    """Return the colormaps of a file, one object or an array of them."""
    root = parsed(file)
    maps = root.items(MOST_MAPS) if isinstance(root.data, list) else [root]
    if not maps:
        file.fail("it holds no colormap", "add an object with colors")
    if (colors := sum(each.size("colors") for each in maps)) > MOST_COLORS:
        file.fail(f"it has {colors} colours", f"at most {MOST_COLORS} are read")
    return [_one(each) for each in maps]


def _one(value: Value) -> Colormap:
    value.keys((*KEYS, *EXTREMES))
    named = value.member("name").text() if value.has("name") else ""
    value = Value(value.file, value.data, "it", f"colormap {quoted(named, 60)}" if named.strip() else "")
    colors = [_color(each) for each in value.member("colors").items()]
    if not colors:
        value.fail("has no colours", "give red, green, blue, alpha for each")
    kind = value.member("interpolation").text() if value.has("interpolation") else "linear"
    if kind not in ("linear", "zero"):
        value.member("interpolation").fail(f"is {quoted(kind, 40)}", "write linear or zero")
    attributes: dict[str, Any] = {
        ours: _color(value.member(theirs)) for theirs, ours in EXTREMES.items() if value.has(theirs)
    }
    name = value.file.called(named)
    wanted = len(colors) + (kind == "zero")
    controls = _controls(value, wanted, kind) if value.has("controls") else np.linspace(0, 1, wanted).tolist()
    if kind == "zero":
        return banded(name, controls, colors, **attributes)
    if len(colors) < 2:
        value.member("colors").fail("has 1 colour", "give two or more, or interpolation: zero")
    return Colormap.from_stops(name, list(zip(controls, colors, strict=True)), **attributes)


def _controls(value: Value, wanted: int, kind: str) -> list[float]:
    controls = value.member("controls")
    found = controls.numbers(0, 1)
    if len(found) != wanted:
        which = "one more than there are colours" if kind == "zero" else "as many as there are colours"
        controls.fail(f"has {counted(len(found), 'number')}", f"give {wanted}, {which}")
    if not at(found[0], 0) or not at(found[-1], 1):
        controls.fail(f"runs over {shown(found[0])} … {shown(found[-1])}", "it must begin at 0 and end at 1")
    for before, after in pairwise(found):
        if after < before or (kind == "zero" and after == before):
            controls.fail(f"does not rise: {shown(after)} after {shown(before)}", "sort it")
    return found


def _color(value: Value) -> RGBA:
    if isinstance(value.data, str):
        color = hex_color(value.data) if value.data.startswith("#") else None
        return color or value.fail(f"is {quoted(value.data, 40)}", "write #rrggbb or four numbers")
    found = value.numbers(0, 1)
    if len(found) not in (3, 4):
        value.fail(f"has {counted(len(found), 'number')}", "give red, green, blue, alpha")
    return found[0], found[1], found[2], found[3] if len(found) == 4 else 1.0


#: The first colour of a map: numbers, or a word.
_FIRST = re.compile(r'"colors"\s*:\s*\[\s*(?:\]|\[|")')


def plausible(file: ColormapFile) -> bool:
    """Whether it is JSON with colours that are arrays or words."""
    return file.text.lstrip()[:1] in ("[", "{") and _FIRST.search(file.text) is not None


FORMATS = (Format("napari", "napari colormap (JSON)", (".json",), load, plausible=plausible),)
