"""ParaView's colormaps in JSON, one or many in a file."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from ...errors import counted, printable, quoted
from ..colormap import RGBA, Colormap, Stop
from .colormap_file import ColormapFile, closest
from .colormap_format import Format
from .paraview_ramps import (
    MOST_CURVED_POINTS,
    MOST_MAPS,
    MOST_POINTS,
    SPACES,
    colormap_of,
    is_curved,
    stated_limits,
)
from .paraview_writing import save
from .ranges import shown
from .strict_json import Value, parsed
from .volumes import VOLUMES_ONLY

__all__ = ["FORMATS"]

#: At most this many unknown keys of a map are looked at one by one; the others are counted.
MOST_STRANGE_KEYS = 20

#: Keys that are read.
KEYS = (
    "Name",
    "ColorSpace",
    "HSVWrap",
    "RGBPoints",
    "Points",
    "EnableOpacityMapping",
    "IndexedColors",
    "IndexedOpacities",
    "Annotations",
    "NanColor",
    "NanOpacity",
    "BelowRangeColor",
    "UseBelowRangeColor",
    "AboveRangeColor",
    "UseAboveRangeColor",
    "UseLogScale",
    "Category",
    "Creator",
    "License",
)

#: Keys that change no colour.
OTHER_KEYS = (
    "Source",
    "DefaultMap",
    "ColorBlindSafe",
    "ShowIndexedColorActiveValues",
    "ShowCategoricalColorsinDataRangeOnly",
    "ActiveAnnotatedValues",
    "AllowDuplicateScalars",
    "AutomaticRescaleRangeMode",
    "Discretize",
    "IndexedLookup",
    "InterpretValuesAsCategories",
    "NumberOfTableValues",
    "RescaleOnVisibilityChange",
    "ScalarRangeInitialized",
    "VectorComponent",
    "VectorMode",
    "Groups",
    "Tags",
)


def load(file: ColormapFile) -> list[Colormap]:
    """Return the colormaps of a file; each colour runs in the space that its map names, as ParaView draws it."""
    root = parsed(file)
    maps = root.items(MOST_MAPS) if isinstance(root.data, list) else [root]
    if not maps:
        file.fail("it holds no colormap", "add an object with Name and RGBPoints")
    points = sum(each.size("RGBPoints") // 4 + each.size("IndexedColors") // 3 for each in maps)
    if points > MOST_POINTS:
        file.fail(f"it has {points} points", f"at most {MOST_POINTS} are read")
    curved = [size for each in maps if (size := each.size("RGBPoints")) and is_curved(each.data.get("ColorSpace"))]
    if sum(curved) // 4 > MOST_CURVED_POINTS:
        why = f"it has {sum(curved) // 4} points in Lab, HSV or Diverging"
        file.fail(why, f"at most {MOST_CURVED_POINTS} are read: split it")
    return [_one(each, number, len(maps)) for number, each in enumerate(maps, 1)]


def _one(value: Value, number: int, total: int) -> Colormap:
    file = value.file
    value.object()
    named = value.member("Name").text() if value.has("Name") else ""
    scope = f"colormap {quoted(named, 60)}" if named.strip() else f"colormap {number}" if total > 1 else ""
    value = Value(file, value.data, "it", scope)
    warnings = _strange(value)
    name = file.called(named)
    attributes: dict[str, Any] = {
        "under": _extreme(value, "Below"),
        "over": _extreme(value, "Above"),
        "bad": _bad(value),
        "licence": "; ".join(_line(value.member(key)) for key in ("Creator", "License") if value.has(key)),
    }
    stops = _points(value, warnings) if value.has("RGBPoints") else []
    if value.has("IndexedColors") and value.member("IndexedColors").array():
        return _categorical(value, name, warnings, attributes)
    if not stops:
        value.fail("has no RGBPoints", "give position, red, green, blue for each point")
    if not value.has("ColorSpace"):
        warnings.append("It names no ColorSpace: read as RGB.")
    space = value.member("ColorSpace").text() if value.has("ColorSpace") else "RGB"
    if space.lower() not in SPACES:
        near = closest(space, SPACES)
        known = "RGB, HSV, Lab, CIELAB, Diverging or Step"
        value.fail(
            f"has the unknown ColorSpace {quoted(space)}", f"did you mean {near[0]}?" if near else f"use {known}"
        )
    attributes["cyclic"] = _cyclic(value, stops)
    attributes["limits"] = stated_limits(stops[0][0], stops[-1][0])
    if value.has("UseLogScale") and value.member("UseLogScale").flag():
        stops = _logarithmic(value, stops, warnings)
    opacity = _opacity(value, warnings)
    return colormap_of(name, stops, space, _flag(value, "HSVWrap"), opacity, warnings, **attributes)


def _strange(value: Value) -> list[str]:
    """Return warnings about unknown keys; fail about a key that is nearly a known one."""
    warnings = []
    strange = [key for key in value.object() if key not in KEYS and key not in OTHER_KEYS]
    for key in strange[:MOST_STRANGE_KEYS]:
        if near := closest(key, KEYS + OTHER_KEYS):
            value.fail(f"has the unknown key {quoted(key)}", f"did you mean {near[0]}?")
        warnings.append(f"What it says as {quoted(key, 40)} was left out.")
    if len(strange) > MOST_STRANGE_KEYS:
        warnings.append(f"{len(strange) - MOST_STRANGE_KEYS} more things that it says were left out.")
    if value.has("Discretize") and value.has("NumberOfTableValues") and value.member("Discretize").flag():
        number = value.member("NumberOfTableValues").number(1, 1e6)
        if number < 256:
            warnings.append(f"ParaView shows it in {shown(number)} flat colours: read as a gradient.")
    return warnings


def _line(value: Value) -> str:
    """Return a text as one line."""
    return printable(" ".join(value.text().split()))[:1000]


def _flag(value: Value, key: str, absent: bool = False) -> bool:
    return value.member(key).flag() if value.has(key) else absent


def _color(value: Value) -> RGBA:
    found = value.numbers(0, 1)
    if len(found) != 3:
        value.fail(f"has {counted(len(found), 'number')}", "give red, green, blue")
    return found[0], found[1], found[2], 1.0


def _extreme(value: Value, end: str) -> RGBA | None:
    key = f"{end}RangeColor"
    color = _color(value.member(key)) if value.has(key) else None
    return color if _flag(value, f"Use{key}", True) else None


def _bad(value: Value) -> RGBA | None:
    opacity = value.member("NanOpacity").number(0, 1) if value.has("NanOpacity") else 1.0
    if not value.has("NanColor"):
        return None
    return *_color(value.member("NanColor"))[:3], opacity


def _points(value: Value, warnings: list[str]) -> list[Stop]:
    """Return the stops of RGBPoints, in the order of their positions."""
    points = value.member("RGBPoints")
    found = points.numbers(-1e300, 1e300)
    if not found and value.has("IndexedColors"):
        return []
    if len(found) % 4 or len(found) < 8:
        points.fail(
            f"has {counted(len(found), 'number')}", "give position, red, green, blue for each of two points or more"
        )
    parts = [_share(points, i, part) if i % 4 else part for i, part in enumerate(found)]
    stops = [(parts[i], (parts[i + 1], parts[i + 2], parts[i + 3], 1.0)) for i in range(0, len(parts), 4)]
    for number, (before, after) in enumerate(pairwise(stops), 2):
        if after[0] < before[0]:
            why = f"point {number} is at {shown(after[0])} after one at {shown(before[0])}"
            points.fail(f"do not rise: {why}", "sort them by position")
    if not 0 < stops[-1][0] - stops[0][0] < np.inf:
        points.fail(f"all lie at {shown(stops[0][0])}", "give two positions or more")
    return stops


def _share(points: Value, index: int, part: float) -> float:
    """Return a number of an array of points that must be in 0 … 1."""
    if 0 <= part <= 1:
        return part
    return Value(points.file, part, f"{points.what}[{index}]", points.scope).number(0, 1)


def _categorical(value: Value, name: str, warnings: list[str], attributes: dict[str, Any]) -> Colormap:
    """Return the colormap of IndexedColors, which are flat.  RGBPoints beside them repeat the colours: not used."""
    colors = value.member("IndexedColors")
    found = colors.numbers(0, 1)
    if len(found) % 3:
        colors.fail(f"has {counted(len(found), 'number')}", "give red, green, blue for each colour")
    count = len(found) // 3
    alphas = value.member("IndexedOpacities").numbers(0, 1) if value.has("IndexedOpacities") else []
    if alphas and len(alphas) != count:
        value.member("IndexedOpacities").fail(
            f"has {counted(len(alphas), 'number')}", f"give one for each of {counted(count, 'colour')}"
        )
    if not alphas or (min(alphas) < 1 and not _is_for_surfaces(value, warnings)):
        alphas = [1.0] * count
    shown = [(*found[3 * i : 3 * i + 3], alphas[i]) for i in range(count)]
    values, labels = _annotations(value, count, warnings)
    cyclic = _cyclic(value, [(0.0, shown[0]), (1.0, shown[-1])])  # type: ignore[list-item]
    attributes |= {"values": values, "labels": labels, "warnings": tuple(warnings), "cyclic": cyclic}
    return Colormap.from_colors(name, shown, flat=True, **attributes)


def _annotations(value: Value, count: int, warnings: list[str]) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """Return the values and labels of flat colours.  The first annotation is for the first colour, as in ParaView."""
    if not value.has("Annotations"):
        return (), ()
    annotations = value.member("Annotations")
    items = [str(item) for item in annotations.array() if isinstance(item, (str, int, float))]
    if len(items) != len(annotations.array()) or len(items) % 2:
        annotations.fail("are not pairs", "give a value and a text for each colour")
    if not items:
        return (), ()
    if len(items) != 2 * count:
        warnings.append(f"It has {counted(len(items) // 2, 'annotation')} for {counted(count, 'colour')}: left out.")
        return (), ()
    named = tuple(value.file.called(text) if text.strip() else "" for text in items[1::2])
    labels = () if items[::2] == items[1::2] else named
    try:
        values = tuple(float(text) for text in items[::2])
    except ValueError:
        return (), named
    if not np.isfinite(values).all():
        annotations.fail("have a value that is not finite", "give numbers")
    return values, labels


def _cyclic(value: Value, stops: Sequence[Stop]) -> bool:
    """Whether the map says that it is cyclic, and its last colour is nearly its first."""
    said = value.has("Category") and value.member("Category").text().lower() == "cyclic"
    return said and max(abs(a - b) for a, b in zip(stops[0][1], stops[-1][1], strict=True)) < 0.01


def _logarithmic(value: Value, stops: list[Stop], warnings: list[str]) -> list[Stop]:
    if stops[0][0] <= 0:
        value.fail(f"has UseLogScale and a point at {shown(stops[0][0])}", "logarithms need positions above 0")
    warnings.append("Its positions are logarithmic: show it with the scale log10.")
    return [(float(np.log10(position)), color) for position, color in stops]


def _is_for_surfaces(value: Value, warnings: list[str]) -> bool:
    """Whether the map says that its opacity is for surfaces; an image is shown as one.

    If it does not, the opacity is for volumes, and a warning says that it is left out.
    """
    said = _flag(value, "EnableOpacityMapping")
    if not said:
        warnings.append(VOLUMES_ONLY)
    return said


def _opacity(value: Value, warnings: list[str]) -> list[tuple[float, float]]:
    """Return positions and opacities of Points; empty if all are 1, or if a warning says that they are left out."""
    if not value.has("Points") or not value.member("Points").array():
        return []
    points = value.member("Points")
    found = points.numbers(-1e300, 1e300)
    if len(found) % 4:
        points.fail(
            f"has {counted(len(found), 'number')}", "give position, opacity, midpoint, sharpness for each point"
        )
    found = [_share(points, i, part) if i % 4 else part for i, part in enumerate(found)]
    pairs = list(zip(found[::4], found[1::4], strict=True))
    if any(after < before for (before, _), (after, _) in pairwise(pairs)):
        points.fail("do not rise", "sort them by position")
    if all(alpha == 1 for _, alpha in pairs):
        return []
    if not _is_for_surfaces(value, warnings):
        return []
    if _flag(value, "UseLogScale"):
        warnings.append("Its opacity was left out: its positions are logarithmic.")
        return []
    if any(part != 0.5 for part in found[2::4]) or any(found[3::4]):
        warnings.append("The bends of its opacity were read as straight lines.")
    return pairs


def plausible(file: ColormapFile) -> bool:
    return file.text.lstrip()[:1] in ("[", "{") and ('"RGBPoints"' in file.text or '"IndexedColors"' in file.text)


FORMATS = (Format("paraview", "ParaView colormaps (JSON)", (".json",), load, save, plausible=plausible),)
