"""QGIS's colour ramps in XML: files of its whole symbology, exported ramps, and styles of layers."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from ...errors import printable, quoted
from ..colormap import RGBA, Colormap, Stop
from ..spaces import interpolated
from .bands import banded
from .colormap_file import ColormapFile, closest
from .colormap_format import Format
from .qgis_styles import colormaps_of_style
from .ranges import shown
from .tables import MOST_ROWS
from .xml_tree import Element, parsed, root_tag

__all__ = ["FORMATS"]

MOST_RAMPS = 500

#: A file with more stops whose colours run in HSV or HSL is refused: each takes a millisecond.
MOST_BENT_STOPS = 1_000

#: Types of ramps that hold no colours, and why.
WITHOUT_COLORS = {
    "cpt-city": "it only names a file of QGIS's cpt-city archive",
    "colorbrewer": "it only names a ColorBrewer scheme, which the catalogue has",
    "random": "its colours are drawn by lot",
    "randomcolors": "its colours are drawn by lot",
}

#: Root elements: of the style manager's files, of ramps by themselves, and of styles of layers.
ROOTS = ("qgis_style", "colorramps", "colorramp", "qgis")

GRADIENT = ("color1", "color2", "stops", "discrete", "spec", "direction", "rampType")

#: The colon between two stops: a position and a semicolon follow it.  Colours may hold colons, too.
_NEXT = re.compile(r":(?=[-+\d.eE]+;)", re.ASCII)


def load(file: ColormapFile) -> list[Colormap]:
    """Return the gradients and presets of a file, or, for the style of a raster, the colours of its values.

    Ramps without colours are left out, and the first map has a warning about each.
    """
    if file.data.count(b";") > 4 * MOST_ROWS or file.data.count(b";hs") > MOST_BENT_STOPS:
        why = f"at most {MOST_ROWS} stops are read, {MOST_BENT_STOPS} of them in HSV or HSL"
        file.fail("it has too many stops", why)
    root = parsed(file)
    if root.tag == "qgis":
        if shaded := colormaps_of_style(root, file):
            return shaded
        if all(ramp.attributes.get("type") in WITHOUT_COLORS for ramp in root.every("colorramp")):
            root.fail("it is the style of a layer of vectors", "give that of a raster, or export a ramp")
    if root.tag not in ROOTS:
        root.fail(f"<{root.tag}> holds no colour ramps", "give what QGIS's style manager exports")
    ramps = list(root.every("colorramp"))
    if not ramps:
        root.fail("it holds no <colorramp>", "export colour ramps from QGIS's style manager")
    if len(ramps) > MOST_RAMPS:
        root.fail(f"it holds {len(ramps)} ramps", f"at most {MOST_RAMPS} are read")
    found: list[Colormap] = []
    left_out: list[str] = []
    for ramp in ramps:
        kind = ramp.attribute("type")
        if kind == "gradient":
            found.append(_gradient(ramp, file))
        elif kind == "preset":
            found.append(_preset(ramp, file))
        elif kind in WITHOUT_COLORS:
            left_out.append(f"{quoted(ramp.attributes.get('name', ''), 60)}: {WITHOUT_COLORS[kind]}")
        else:
            near = closest(kind, ("gradient", "preset", *WITHOUT_COLORS))
            ramp.fail(f"unknown type {quoted(kind)}", f"did you mean {near[0]}?" if near else "use gradient or preset")
    if not found:
        ramps[0].fail(f"it cannot be read: {left_out[0]}", "export a gradient or a preset")
    if left_out:
        warnings = (*found[0].warnings, *(f"Left out {each}." for each in left_out))
        found[0] = replace(found[0], warnings=warnings)
    return found


def _properties(ramp: Element) -> dict[str, tuple[Element, str]]:
    """Return the properties of a ramp: ``<prop k v/>`` in older files, ``<Option name value/>`` in newer ones."""
    found: dict[str, tuple[Element, str]] = {}
    for tag, key, value in (("prop", "k", "v"), ("Option", "name", "value")):
        for element in ramp.every(tag):
            if key in element.attributes:
                found[element.attributes[key]] = (element, element.attributes.get(value, ""))
    return found


def _color(element: Element, text: str) -> RGBA:
    """Return the colour that ``red,green,blue,alpha`` in 0 … 255 stands for.

    Newer files repeat the colour behind this, as ``rgb:`` and numbers in 0 … 1, which are more exact and then used.
    """
    words = text.split(",")
    if len(words) == 8 and words[4].startswith("rgb:"):
        words = [words[4].removeprefix("rgb:"), *words[5:]]
        r, g, b, a = (element.line.float(word, 0, 1, "a part of a colour") for word in words)
        return r, g, b, a
    if len(words) > 4 and re.match(r"(?:rgb|hsv|hsl|cmyk):", words[4]):
        words = words[:4]
    if len(words) not in (3, 4):
        element.fail(f"a colour is {quoted(text, 60)}", "give red,green,blue,alpha")
    r, g, b, a = (element.line.int(word, 0, 255, "a part of a colour") / 255 for word in (*words, "255")[:4])
    return r, g, b, a


def _said(ramp: Element, said: dict[str, tuple[Element, str]], key: str) -> tuple[Element, str]:
    if key not in said:
        ramp.fail(f"its ramp has no {key}", f'add <prop k="{key}" v="…"/>')
    return said[key]


def _gradient(ramp: Element, file: ColormapFile) -> Colormap:
    said = _properties(ramp)
    notes = {key.removeprefix("info_"): text for key, (_, text) in said.items() if key.startswith("info_")}
    ramp.only("property", [key for key in said if not key.startswith("info_")], GRADIENT)
    first, last = (_color(*_said(ramp, said, key)) for key in ("color1", "color2"))
    where, text = said.get("stops", (ramp, ""))
    parts = [part.split(";") for part in _NEXT.split(text)] if text else []
    stops: list[Stop] = [(0.0, first)]
    ways = []
    for part in parts:
        if len(part) not in (2, 4):
            where.fail(
                f"a stop is {quoted(';'.join(part), 60)}", "give position;colour or position;colour;spec;direction"
            )
        place = where.line.float(part[0], 0, 1, "the position of a stop")
        if place < stops[-1][0]:
            where.fail(f"a stop at {shown(place)} follows one at {shown(stops[-1][0])}", "sort them")
        stops.append((place, _color(where, part[1])))
        ways.append(_way(where, part[2], part[3]) if len(part) == 4 else ("rgb", "plain"))
    stops.append((1.0, last))
    ways.append(_way(ramp, said.get("spec", (ramp, "rgb"))[1], said.get("direction", (ramp, "ccw"))[1]))
    name = _name(ramp, file)
    licence = "; ".join(
        printable(" ".join(text.split()))[:1000]
        for key, text in notes.items()
        if key in ("author", "copyright", "license") and text
    )
    discrete = said.get("discrete", (ramp, "0"))[1]
    if discrete not in ("0", "1"):
        said["discrete"][0].fail(f"discrete is {quoted(discrete)}", "write 0 or 1")
    if discrete == "1":
        return _discrete(name, stops, licence)
    return Colormap.from_stops(name, _running(stops, ways), licence=licence)


def _way(element: Element, spec: str, direction: str) -> tuple[str, str]:
    """Return the space and the way of hues between two stops: clockwise hues fall, others rise."""
    if spec not in ("rgb", "hsv", "hsl"):
        element.fail(f"unknown spec {quoted(spec)}", "write rgb, hsv or hsl")
    if direction not in ("cw", "ccw"):
        element.fail(f"unknown direction {quoted(direction)}", "write cw or ccw")
    return spec, "rising" if direction == "ccw" else "falling"


def _running(stops: list[Stop], ways: list[tuple[str, str]]) -> list[Stop]:
    found = [stops[0]]
    for pair, (space, hue) in zip(pairwise(stops), ways, strict=True):
        found += interpolated(pair, space, hue)[1:]
    return found


def _name(ramp: Element, file: ColormapFile) -> str:
    """Return the name of a ramp.  In styles of layers it is only a word such as ``[source]``: then the file's name."""
    name = ramp.attributes.get("name", "")
    return file.called("" if re.fullmatch(r"\[\w+\]", name) else name)


def _discrete(name: str, stops: list[Stop], licence: str) -> Colormap:
    """Return flat colours, each from its stop to the next.  The last colour, for the very end only, is left out."""
    colors = [color for _, color in stops[:-1]]
    warnings = () if stops[-1][1] == colors[-1] else ("Its last colour, for its very end only, was left out.",)
    return banded(name, [place for place, _ in stops], colors, licence=licence, warnings=warnings)


def _preset(ramp: Element, file: ColormapFile) -> Colormap:
    said = _properties(ramp)
    colors: list[RGBA] = []
    labels: list[str] = []
    while (key := f"preset_color_{len(colors)}") in said:
        colors.append(_color(*_without_hash(said[key])))
        label = said.get(f"preset_color_name_{len(labels)}", (ramp, ""))[1]
        labels.append(file.called(label) if label.strip() else "")
        if len(colors) > MOST_ROWS:
            ramp.fail(f"its ramp has more than {MOST_ROWS} colours", "give a colour ramp")
    known = {f"preset_color_{i}" for i in range(len(colors))} | {f"preset_color_name_{i}" for i in range(len(colors))}
    for key, (element, _) in said.items():
        if key not in known and key != "rampType" and not key.startswith("info_"):
            element.fail(f"unexpected property {quoted(key)}", "colours count from preset_color_0 without gaps")
    if not colors:
        ramp.fail("its ramp has no colour", 'add <prop k="preset_color_0" v="…"/>')
    named = tuple(labels) if any(label and not label.startswith("#") for label in labels) else ()
    return Colormap.from_colors(_name(ramp, file), colors, flat=True, labels=named)


def _without_hash(said: tuple[Element, str]) -> tuple[Element, str]:
    """Return the text of a colour; ``#rrggbb`` as ``red,green,blue`` in 0 … 255."""
    element, text = said
    if re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        return element, ",".join(str(part) for part in bytes.fromhex(text[1:]))
    return said


def plausible(file: ColormapFile) -> bool:
    return root_tag(file) in ROOTS


FORMATS = (Format("qgis", "QGIS colour ramps", (".xml", ".qml"), load, plausible=plausible),)
