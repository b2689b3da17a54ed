"""ParaView's older colormaps in XML, one or many in a file.

The ``o`` of a point is its opacity in volumes.  ParaView itself does not read it, and it is no alpha here.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from ...errors import printable, quoted
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
from .ranges import shown
from .volumes import VOLUMES_ONLY
from .xml_tree import Element, parsed, root_tag

__all__ = ["FORMATS"]

#: Attributes that are read, and attributes of tools for making maps, which change no colour.
ATTRIBUTES = ("name", "space", "indexedLookup", "creator")
OTHER_ATTRIBUTES = ("group", "index", "indexedlookup", "specMatchMethod", "effectID", "id", "interpolationspace")

#: An opacity of 1.  Any other text is left out with a warning, and need not be a number.
_OPAQUE = re.compile(r"\s*\+?1(?:\.0*)?\s*", re.ASCII)


def load(file: ColormapFile) -> list[Colormap]:
    """Return the colormaps of a file; each colour runs in the space that its map names, as ParaView draws it."""
    root = parsed(file)
    if root.tag == "ColorMaps":
        root.only_children(["ColorMap"])
        maps = root.children
    else:
        maps = [root]
    if not maps or root.tag not in ("ColorMaps", "ColorMap"):
        root.fail(f"<{root.tag}> holds no <ColorMap>", "add one with its points")
    if len(maps) > MOST_MAPS or sum(len(each.children) for each in maps) > MOST_POINTS:
        root.fail("it has too many points", f"at most {MOST_MAPS} colormaps and {MOST_POINTS} points are read")
    if sum(len(each.children) for each in maps if is_curved(_space(each)[0])) > MOST_CURVED_POINTS:
        root.fail("it has too many points", f"at most {MOST_CURVED_POINTS} in Lab, HSV or Diverging are read")
    return [_one(each, file) for each in maps]


def _one(element: Element, file: ColormapFile) -> Colormap:
    element.only_children(["Point", "NaN", "Above", "Below"])
    warnings = _strange(element)
    points = [child for child in element.children if child.tag == "Point"]
    for point in points:
        point.only_attributes(["x", "o", "r", "g", "b", "cms", "isMoving"])
    if not all(_OPAQUE.fullmatch(point.attributes.get("o", "1")) for point in points):
        warnings.append(VOLUMES_ONLY)
    name = file.called(element.attributes.get("name", ""))
    attributes: dict[str, Any] = {
        "bad": _extreme(element, "NaN"),
        "under": _extreme(element, "Below"),
        "over": _extreme(element, "Above"),
        "licence": printable(" ".join(element.attributes.get("creator", "").split()))[:1000],
    }
    flat = element.attributes.get("indexedLookup", element.attributes.get("indexedlookup", "false")).lower()
    if flat not in ("true", "false", "1", "0"):
        element.fail(f"indexedLookup is {quoted(flat)}", "write true or false")
    if flat in ("true", "1"):
        if not points:
            element.fail("it has no <Point>", "add one for each colour")
        colors = [_color(point) for point in points]
        return Colormap.from_colors(name, colors, flat=True, warnings=tuple(warnings), **attributes)
    stops = _stops(element, points)
    space, wrapped = _space(element)
    if not space:
        warnings.append("It names no space: read as RGB.")
        space = "RGB"
    if space.lower() not in SPACES:
        near = closest(space, SPACES)
        known = "RGB, HSV, Wrapped, Lab, CIELAB, Diverging or Step"
        element.fail(f"unknown space {quoted(space)}", f"did you mean {near[0]}?" if near else f"use {known}")
    attributes["limits"] = stated_limits(stops[0][0], stops[-1][0])
    return colormap_of(name, stops, space, wrapped, [], warnings, **attributes)


def _space(element: Element) -> tuple[str, bool]:
    """Return the name of the space of a map, and whether hues go the shorter way round."""
    space = element.attributes.get("space", "")
    wrapped = space.lower() == "wrapped"
    return "HSV" if wrapped else space, wrapped


def _strange(element: Element) -> list[str]:
    """Return warnings about unknown attributes; fail about an attribute that is nearly a known one."""
    warnings = []
    for name in element.attributes:
        if name not in ATTRIBUTES and name not in OTHER_ATTRIBUTES:
            if near := closest(name, ATTRIBUTES):
                element.fail(f"unknown attribute {quoted(name)}", f"did you mean {near[0]}?")
            warnings.append(f"What it says as {quoted(name, 40)} was left out.")
    return warnings


def _color(element: Element) -> RGBA:
    r, g, b = (element.float(part, 0, 1) for part in "rgb")
    return r, g, b, 1.0


def _extreme(element: Element, tag: str) -> RGBA | None:
    found = [child for child in element.children if child.tag == tag]
    if len(found) > 1:
        found[1].fail(f"a second <{tag}>", "remove one")
    return _color(found[0]) if found else None


def _stops(element: Element, points: list[Element]) -> list[Stop]:
    if len(points) < 2:
        element.fail(f"it has {len(points)} <Point>", "add two or more, each with x, o, r, g, b")
    stops = [(point.float("x", -1e300, 1e300), _color(point)) for point in points]
    for point, (before, after) in zip(points[1:], pairwise(stops), strict=True):
        if after[0] < before[0]:
            point.fail(f"x is {shown(after[0])} after {shown(before[0])}", "sort the points by x")
    if not 0 < stops[-1][0] - stops[0][0] < float("inf"):
        points[-1].fail(f"all points lie at {shown(stops[0][0])}", "give two positions or more")
    return stops


def plausible(file: ColormapFile) -> bool:
    return root_tag(file) in ("ColorMaps", "ColorMap") and b"ColorMapEntry" not in file.data


FORMATS = (Format("paraview-xml", "ParaView colormaps (XML)", (".xml",), load, plausible=plausible),)
