"""VisIt's colour tables."""

from __future__ import annotations

from itertools import pairwise

from ...errors import ColormapError, counted, quoted
from ..colormap import RGBA, Colormap, Stop
from .bands import banded
from .colormap_file import ColormapFile
from .colormap_format import Format
from .drawn_out import drawn_out
from .ranges import END_TOLERANCE, at, shown
from .tables import MOST_ROWS
from .xml_tree import Element, parsed, root_tag

__all__ = ["FORMATS"]

#: Fields of a list of points that are read, each with its names in new and old files; then fields that are not read.
DISCRETE = ("discrete", "discreteFlag")
EQUAL = ("equal", "equalSpacing", "equalSpacingFlag")
SMOOTHING = ("smoothing", "smoothingFlag")
OTHER = ("category", "external", "externalFlag", "tags", "tagNames", "tagChangesMade")


def load(file: ColormapFile) -> list[Colormap]:
    """Return the table of a file.  VisIt sometimes leaves out the last end tag, which is then added with a warning."""
    warnings: list[str] = []
    root = _parsed(file, warnings)
    if root.tag != "Object" or root.attributes.get("name") != "ColorTable":
        root.fail("it is no colour table", 'its root must be <Object name="ColorTable">')
    lists = [child for child in root.children if child.attributes.get("name") == "ColorControlPointList"]
    if len(lists) != 1:
        root.fail(f"it has {len(lists)} lists of points", 'give one <Object name="ColorControlPointList">')
    return [_one(lists[0], file, warnings)]


def _parsed(file: ColormapFile, warnings: list[str]) -> Element:
    try:
        return parsed(file)
    except ColormapError:
        # Some versions never close the outermost object.
        if not file.data.rstrip().endswith(b"</Object>"):
            raise
        try:
            root = parsed(file, b"</Object>")
        except ColormapError:
            pass
        else:
            warnings.append("Its last </Object> is missing.")
            return root
        raise


def _one(element: Element, file: ColormapFile, warnings: list[str]) -> Colormap:
    element.only_children(["Object", "Field"])
    fields = _fields(element, (*DISCRETE, *EQUAL, *SMOOTHING, *OTHER))
    points = [child for child in element.children if child.tag == "Object"]
    if not 1 <= len(points) <= MOST_ROWS:
        element.fail(f"it has {len(points)} points", f"1 to {MOST_ROWS} are read")
    found = [_point(point) for point in points]
    colors = [color for _, color in found]
    if _said(fields, DISCRETE, "false") == "true" or len(points) == 1:
        return Colormap.from_colors(file.stem, colors, flat=True, warnings=tuple(warnings))
    smoothing = _said(fields, SMOOTHING, "true")
    flat = smoothing in ("false", "none")
    if smoothing == "cubicspline":
        warnings.append("Its colours run along curves: read as straight lines.")
    if _said(fields, EQUAL, "false") == "true":
        if flat:
            return Colormap.from_colors(file.stem, colors, flat=True, warnings=tuple(warnings))
        stops = _shared(colors) if smoothing != "cubicspline" else [(float(i), c) for i, c in enumerate(colors)]
        return Colormap.from_stops(file.stem, stops, warnings=tuple(warnings))
    places = _places(points, [place for place, _ in found])
    if flat:
        warnings.append("Its smoothing is off: read as flat colours that change halfway between the points.")
        edges = [0.0, *((a + b) / 2 for a, b in pairwise(places)), 1.0]
        return banded(file.stem, edges, colors, warnings=tuple(warnings))
    stops = list(zip(places, colors, strict=True))
    stops = drawn_out(stops, 1, warnings)
    return Colormap.from_stops(file.stem, stops, warnings=tuple(warnings))


def _shared(colors: list[RGBA]) -> list[Stop]:
    """Return the stops of colours with equal spacing, as VisIt places them.

    Each colour has an equal share of the table.  Where two shares meet, the colour is the mean of both.
    """
    means = [tuple((a + b) / 2 for a, b in zip(*pair, strict=True)) for pair in pairwise(colors)]
    return [(float(i), color) for i, color in enumerate([colors[0], *means, colors[-1]])]  # type: ignore[misc]


def _fields(element: Element, known: tuple[str, ...]) -> dict[str, Element]:
    found: dict[str, Element] = {}
    for child in element.children:
        if child.tag == "Field":
            name = child.attribute("name")
            child.only("field", [name], known)
            if name in found:
                child.fail(f"a second {quoted(name)}", "remove one")
            found[name] = child
    return found


def _said(fields: dict[str, Element], names: tuple[str, ...], absent: str) -> str:
    """Return the value of the field that has one of these names, in small letters."""
    for name in names:
        if name in fields:
            text = fields[name].text.lower()
            known = ("true", "false", *(("none", "linear", "cubicspline") if names is SMOOTHING else ()))
            if text not in known:
                fields[name].fail(f"{name} is {quoted(text, 40)}", f"write {' or '.join(known)}")
            return text
    return absent


def _point(element: Element) -> tuple[float, RGBA]:
    if element.attributes.get("name") != "ColorControlPoint":
        element.fail(f"unknown object {quoted(element.attributes.get('name', ''))}", "did you mean ColorControlPoint?")
    fields = _fields(element, ("colors", "position"))
    for name in ("colors", "position"):
        if name not in fields:
            element.fail(f"a point has no {name}", f'add <Field name="{name}">')
    colors = fields["colors"]
    words = colors.text.split()
    if len(words) not in (3, 4):
        colors.fail(f"a colour has {counted(len(words), 'number')}", "give red, green, blue, alpha")
    if colors.attributes.get("length", str(len(words))) != str(len(words)):
        colors.fail(
            f"length is {quoted(colors.attributes['length'])} for {counted(len(words), 'number')}",
            "correct one of them",
        )
    r, g, b, a = (colors.line.int(word, 0, 255, "a part of a colour") / 255 for word in (*words, "255")[:4])
    return fields["position"].line.float(fields["position"].text, 0, 1, "a position"), (r, g, b, a)


def _places(points: list[Element], places: list[float]) -> list[float]:
    for point, (before, after) in zip(points[1:], pairwise(places), strict=True):
        if after < before:
            point.fail(f"its position is {shown(after)} after {shown(before)}", "sort the points by position")
    if places[-1] - places[0] <= END_TOLERANCE:
        points[-1].fail(f"all points lie at {shown(places[0])}", "give two positions or more")
    return [0.0 if at(place, 0) else 1.0 if at(place, 1) else place for place in places]


def plausible(file: ColormapFile) -> bool:
    return root_tag(file) == "Object" and b"ColorControlPoint" in file.data


FORMATS = (Format("visit", "VisIt colour table", (".ct",), load, plausible=plausible),)
