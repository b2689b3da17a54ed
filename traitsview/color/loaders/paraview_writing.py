"""Writing colormaps for ParaView."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from ...errors import ColormapError, quoted
from ..colormap import Colormap

__all__ = ["save"]


def save(colormap: Colormap) -> bytes:
    """Return a file that ParaView imports.

    The file holds stops with hard steps and alpha, flat colours with values and labels, the under, over and bad
    colour, and limits other than 0 … 1 and -1 … 1.  A hinge becomes the position of the middle colour; without limits
    it is left out.  Flat colours with labels and no values get the values 0, 1, 2 ….

    Raises
    ------
    ColormapError
        If a colour beyond the ends is translucent.
    """
    found: dict[str, Any] = {"Name": colormap.name}
    if colormap.licence:
        found["License"] = colormap.licence
    if colormap.cyclic:
        found["Category"] = "cyclic"
    if colormap.discrete:
        found |= _flat(colormap)
    else:
        found |= _running(colormap)
    for end, color in (("Below", colormap.under), ("Above", colormap.over)):
        if color is not None:
            if color[3] != 1:
                why = f"its colour {end.lower()} the limits is translucent"
                raise ColormapError(f"cannot write {quoted(colormap.name)} for ParaView", why, "make it opaque")
            found |= {f"{end}RangeColor": list(color[:3]), f"Use{end}RangeColor": True}
    if colormap.bad is not None:
        found |= {"NanColor": list(colormap.bad[:3]), "NanOpacity": colormap.bad[3]}
    return (json.dumps([found], ensure_ascii=False, indent=1) + "\n").encode()


def _flat(colormap: Colormap) -> dict[str, Any]:
    table = colormap.lut(colormap.discrete or 1)
    found: dict[str, Any] = {"IndexedColors": table[:, :3].ravel().tolist()}
    if (table[:, 3] != 1).any():
        found |= {"IndexedOpacities": table[:, 3].tolist(), "EnableOpacityMapping": True}
    if colormap.values or colormap.labels:
        values = [repr(float(value)) for value in colormap.values or range(len(table))]
        labels = colormap.labels or values
        found["Annotations"] = [word for pair in zip(values, labels, strict=True) for word in pair]
    return found


def _running(colormap: Colormap) -> dict[str, Any]:
    low, high = colormap.limits or (0.0, 1.0)
    middle = (low + high) / 2 if colormap.hinge is None or colormap.limits is None else colormap.hinge
    stops = colormap.stops
    places = np.interp([position for position, _ in stops], [0, 0.5, 1], [low, middle, high]).tolist()
    points = [part for place, (_, color) in zip(places, stops, strict=True) for part in (place, *color[:3])]
    found: dict[str, Any] = {"ColorSpace": "RGB", "RGBPoints": points}
    if any(color[3] != 1 for _, color in stops):
        opacity = [
            part for place, (_, color) in zip(places, stops, strict=True) for part in (place, color[3], 0.5, 0.0)
        ]
        found |= {"Points": opacity, "EnableOpacityMapping": True}
    return found
