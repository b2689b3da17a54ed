"""Styled Layer Descriptors, ``.sld``: the colours of rasters in GeoServer, QGIS and others.

::

    <ColorMap type="ramp">
      <ColorMapEntry color="#102040" quantity="0" label="low"/>
      <ColorMapEntry color="#f0e0c0" quantity="90" opacity="0.8"/>
    </ColorMap>

The elements are those of the OGC's implementation specification 1.0 (02-070) with GeoServer's ``type``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...errors import quoted
from ..colormap import RGBA, Colormap
from .colormap_file import ColormapFile, closest
from .colormap_format import Format
from .hex_colors import hex_color
from .shaders import Shade, shaded
from .tables import MOST_ROWS
from .xml_tree import Element, parsed, root_tag

__all__ = ["FORMATS"]

#: The types of a ``<ColorMap>``, and the kind of each for `shaded`.
_KINDS = {"ramp": "INTERPOLATED", "intervals": "DISCRETE", "values": "EXACT"}

_MOST_MAPS = 500


def load(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of each ``<ColorMap>`` of a file."""
    root = parsed(file)
    maps = [element for element in root.everything() if element.local == "ColorMap"]
    if not maps:
        root.fail("it has no <ColorMap>", "give the style of a raster, not of vectors")
    if len(maps) > _MOST_MAPS:
        root.fail(f"it has {len(maps)} of <ColorMap>", f"at most {_MOST_MAPS} are read")
    found = [_one(each, file) for each in maps]
    if len(found) == 1:
        return found
    return [replace(each, name=f"{each.name} {number}") for number, each in enumerate(found, 1)]


def _one(element: Element, file: ColormapFile) -> Colormap:
    entries = [child for child in element.children if child.local == "ColorMapEntry"]
    if not entries:
        inside = element.children[0].tag if element.children else ""
        element.fail(
            f"it holds <{inside[:40]}>" if inside else "it is empty", "write a <ColorMapEntry> for each colour"
        )
    if len(entries) > MOST_ROWS:
        element.fail(f"it has {len(entries)} colours", f"at most {MOST_ROWS} are read")
    kind = element.attributes.get("type", "ramp").strip().lower()
    if kind not in _KINDS:
        near = closest(kind, _KINDS)
        element.fail(f"unknown type {quoted(kind, 40)}", f"did you mean {near[0]}?" if near else "write ramp or values")
    return shaded(file, _KINDS[kind], _shades(entries))


def _shades(entries: Sequence[Element]) -> list[Shade]:
    return [_shade(entry) for entry in entries]


def _shade(entry: Element) -> Shade:
    label = entry.attributes.get("label", "")
    text = entry.line.file.called(label) if label.strip() else ""
    return Shade(entry.line, entry.float("quantity", -1e300, 1e300), _color(entry), text)


def _color(entry: Element) -> RGBA:
    text = entry.attribute("color").strip()
    color = hex_color(text)
    if color is None or len(text) > 8:
        entry.fail(f"color is {quoted(text, 40)}", "write #rrggbb")
    alpha = entry.float("opacity", 0, 1) if "opacity" in entry.attributes else 1.0
    return color[0], color[1], color[2], alpha


def plausible(file: ColormapFile) -> bool:
    """Whether its root is that of styled layers, or a ``<ColorMap>`` with entries; ParaView's has points."""
    root = (root_tag(file) or "").rpartition(":")[2]
    return root == "StyledLayerDescriptor" or (root == "ColorMap" and b"ColorMapEntry" in file.data)


FORMATS = (Format("sld", "Styled Layer Descriptor", (".sld",), load, plausible=plausible),)
