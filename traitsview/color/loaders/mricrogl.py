"""MRIcroGL's colour tables, ``.clut``.

::

    [FLT]
    min=0
    max=0
    [INT]
    numnodes=2
    [BYT]
    nodeintensity0=0
    nodeintensity1=255
    [RGBA255]
    nodergba0=0|0|40|0
    nodergba1=255|240|200|128
"""

from __future__ import annotations

from itertools import pairwise

from ..colormap import Colormap, Stop
from .colormap_file import ColormapFile
from .colormap_format import Format
from .drawn_out import drawn_out
from .ranges import shown
from .settings_text import Settings
from .volumes import leave_out_opacity

__all__ = ["FORMATS"]


def load(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of a file.

    A node has a place and a colour, all numbers in 0 … 255.  Alpha is the opacity in volumes, and is left out.  ``min``
    and ``max`` become the limits; if they are equal, the limits are found from the image.
    """
    said = Settings(file)
    count = said.count("numnodes")
    warnings = list(said.warnings)
    stops: list[Stop] = []
    opacities: list[float] = []
    for k in range(count):
        line, word = said.line(f"nodeintensity{k}")
        place = line.float(word, 0, 255, f"nodeintensity{k}")
        red, green, blue, *rest = said.bytes(f"nodergba{k}", "|")
        opacities += rest
        stops.append((place, (red, green, blue, 1.0)))
    for k, (before, after) in enumerate(pairwise(stops), 1):
        if after[0] < before[0]:
            line, _ = said.line(f"nodeintensity{k}")
            line.fail(f"nodeintensity{k} is {shown(after[0])} after {shown(before[0])}", "nodes must rise")
    if stops[0][0] == stops[-1][0]:
        file.fail(f"every node is at {shown(stops[0][0])}", "nodes must rise")
    if f"nodergba{count}" in said or f"nodeintensity{count}" in said:
        file.fail(f"it announces {count} nodes and has more", "is the file whole?")
    leave_out_opacity(opacities, warnings)
    stops = drawn_out(stops, 255, warnings)
    return [Colormap.from_stops(file.stem, stops, limits=_limits(said), warnings=tuple(warnings))]


def _limits(said: Settings) -> tuple[float, float] | None:
    if "min" not in said or "max" not in said:
        return None
    low, high = said.number("min"), said.number("max")
    if low > high:
        line, _ = said.line("min")
        line.fail(f"min is {shown(low)} and max {shown(high)}", "min must be the smaller")
    return (low, high) if low < high else None


def plausible(file: ColormapFile) -> bool:
    """Whether it has nodes with colours."""
    return "numnodes=" in file.text and "nodergba0=" in file.text


FORMATS = (Format("mricrogl", "MRIcroGL colour table", (".clut",), load, plausible=plausible),)
