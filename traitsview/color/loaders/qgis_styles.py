"""QGIS's styles of layers, ``.qml``: the colours of rasters, and the ramps of other layers."""

from __future__ import annotations

from math import inf
from typing import Any

from ...errors import quoted
from ..colormap import RGBA, Colormap
from .colormap_file import ColormapFile, closest
from .hex_colors import hex_color
from .shaders import CLEAR, KINDS, Shade, shaded
from .tables import MOST_ROWS
from .xml_tree import Element

__all__ = ["colormaps_of_style"]

#: Types of rasters that have no colours of their own, and why.
_WITHOUT_COLORS = {
    "singlebandgray": "it shows one band in grey",
    "multibandcolor": "it shows three bands as red, green and blue",
    "singlebandcolordata": "its values are colours",
    "hillshade": "it shows light and shade",
    "contour": "it draws lines",
}


def colormaps_of_style(root: Element, file: ColormapFile) -> list[Colormap]:
    """Return the colormaps of the rasters of a style; empty if it is one of vectors.

    Raises
    ------
    ColormapError
        If a raster has no colours of its own, or they cannot be read.
    """
    return [_raster(renderer, file) for renderer in root.every("rasterrenderer")]


def _raster(renderer: Element, file: ColormapFile) -> Colormap:
    kind = renderer.attribute("type")
    attributes: dict[str, Any] = {}
    if nodata := renderer.attributes.get("nodataColor", "").strip():
        attributes["bad"] = _nodata(renderer, nodata)
    if kind == "paletted":
        return _shaded(file, renderer, "paletteEntry", "EXACT", attributes)
    if kind == "singlebandpseudocolor":
        shader = next(renderer.every("colorrampshader"), None)
        if shader is None:
            renderer.fail("it has no <colorrampshader>", "save the style again")
        ramp = shader.attribute("colorRampType").upper()
        if ramp not in KINDS:
            shader.fail(f"unknown colorRampType {quoted(ramp, 40)}", f"write {' or '.join(KINDS)}")
        if ramp == "INTERPOLATED" and shader.attributes.get("clip", "0") == "1":
            attributes |= {"under": CLEAR, "over": CLEAR}
        return _shaded(file, shader, "item", ramp, attributes)
    if kind in _WITHOUT_COLORS:
        why = f"it has no colours of its own: {_WITHOUT_COLORS[kind]}"
        renderer.fail(why, "choose singleband pseudocolor or paletted in QGIS")
    near = closest(kind, ("paletted", "singlebandpseudocolor"))
    remedy = f"did you mean {near[0]}?" if near else "save the style with QGIS"
    renderer.fail(f"unknown type {quoted(kind, 40)}", remedy)


def _nodata(renderer: Element, text: str) -> RGBA:
    words = text.split(",")[:4]
    if len(words) != 4:
        renderer.fail(f"nodataColor is {quoted(text, 40)}", "write red,green,blue,alpha")
    r, g, b, a = (renderer.line.int(word.strip(), 0, 255, "a part of nodataColor") / 255 for word in words)
    return r, g, b, a


def _shaded(file: ColormapFile, parent: Element, tag: str, kind: str, attributes: dict[str, Any]) -> Colormap:
    """Return the colormap of the entries below an element."""
    shades = [_shade(entry, kind) for entry in parent.every(tag)]
    if not shades:
        parent.fail(f"it has no <{tag}>", "classify the values in QGIS, and save the style again")
    if len(shades) > MOST_ROWS:
        parent.fail(f"it has {len(shades)} colours", f"at most {MOST_ROWS} are read")
    return shaded(file, kind, shades, **attributes)


def _shade(entry: Element, kind: str) -> Shade:
    word = entry.attribute("value").strip()
    if word.lower() == "inf" and kind == "DISCRETE":
        value = inf
    else:
        value = entry.line.float(word, -1e300, 1e300, f"value of <{entry.tag}>")
    label = entry.attributes.get("label", "")
    return Shade(entry.line, value, _color(entry), entry.line.file.called(label) if label.strip() else "")


def _color(entry: Element) -> RGBA:
    """Return the colour of an entry: ``#rrggbb`` and alpha, or, in the oldest files, red, green and blue."""
    if "color" in entry.attributes:
        text = entry.attributes["color"].strip()
        found = hex_color(text) if text.startswith("#") else None
        if found is None:
            entry.fail(f"color is {quoted(text, 40)}", "write #rrggbb")
        r, g, b, _ = found
    else:
        r, g, b = (entry.line.int(entry.attribute(part), 0, 255, part) / 255 for part in ("red", "green", "blue"))
    alpha = entry.attributes.get("alpha", "255").strip()
    return r, g, b, entry.line.int(alpha, 0, 255, "alpha") / 255
