"""Flat colours between edges: equal shares if the edges are even, hard steps otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..colormap import RGBA, Colormap, Stop

__all__ = ["banded"]

#: Positions in files are often rounded to three digits.
_WRITTEN_PRECISION = 1e-3


def banded(name: str, edges: Sequence[float], colors: Sequence[RGBA], **attributes: Any) -> Colormap:
    """Return a colormap with a flat colour between each edge and the next.

    Parameters
    ----------
    name : str
    edges : sequence of float
        Rising, one more than the colours.  If they are even to within 1/1000 of the whole, each colour gets an equal
        share.  Otherwise labels and values are left out, labels with a warning.
    colors : sequence of RGBA
    **attributes
        Attributes of the colormap.
    """
    places = (np.array(edges, np.float64) - edges[0]) / (edges[-1] - edges[0])
    if np.abs(places - np.linspace(0, 1, len(places))).max() < _WRITTEN_PRECISION:
        return Colormap.from_colors(name, colors, flat=True, **attributes)
    if attributes.pop("labels", ()):
        lost = "Its labels were left out: its colours have unequal shares."
        attributes["warnings"] = (*attributes.get("warnings", ()), lost)
    attributes.pop("values", ())
    steps: list[Stop] = []
    for begin, end, color in zip(edges[:-1], edges[1:], colors, strict=True):
        steps += [(begin, color), (end, color)]
    return Colormap.from_stops(name, steps, **attributes)
