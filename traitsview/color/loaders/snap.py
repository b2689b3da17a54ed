"""Colour palettes of ESA's SNAP, of SeaDAS and BEAM, ``.cpd``.

::

    numPoints=3
    sample0=0.01
    color0=20,10,90
    sample1=0.5
    color1=40,190,160
    sample2=30
    color2=250,250,200
    isLogScaled=true
    noDataColor=0,0,0,0
"""

from __future__ import annotations

import math
import re
from itertools import pairwise
from typing import Any

from ...errors import counted, quoted
from ..colormap import RGBA, Colormap, Stop
from .colormap_file import ColormapFile
from .colormap_format import Format
from .ranges import shown
from .settings_text import Settings
from .tables import credits

__all__ = ["FORMATS"]

#: Keys that are read, keys of points without their numbers, and keys that change no colour.
_KEYS = ("numPoints", "noDataColor", "isLogScaled")
_POINT_KEYS = ("sample", "color", "label")
_OTHER_KEYS = ("autoDistribute", "shortDescription")


def load(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of a file: ``color0`` is the colour at the value ``sample0``, and so on.

    The first and the last sample become the limits.  With ``isLogScaled`` colours run with the logarithms of samples.
    """
    said = Settings(file)
    count = said.count("numPoints")
    warnings = [*said.warnings, *_strange(said, count)]
    stops = [(said.number(f"sample{k}"), _color(said, f"color{k}")) for k in range(count)]
    for k, (before, after) in enumerate(pairwise(stops), 1):
        if after[0] < before[0]:
            line, _ = said.line(f"sample{k}")
            line.fail(f"sample{k} is {shown(after[0])} after {shown(before[0])}", "samples must rise")
    low, high = stops[0][0], stops[-1][0]
    if not 0 < high - low < math.inf:
        file.fail(f"every sample is {shown(low)}" if low == high else "its samples are too far apart", "correct them")
    attributes: dict[str, Any] = {"limits": (low, high), "licence": credits(file)}
    if "noDataColor" in said:
        attributes["bad"] = _color(said, "noDataColor")
    if said.flag("isLogScaled"):
        stops = _logarithmic(said, stops, warnings)
    return [Colormap.from_stops(file.stem, stops, warnings=tuple(warnings), **attributes)]


def _strange(said: Settings, count: int) -> list[str]:
    """Return warnings about unknown keys; fail about points beyond the announced number."""
    warnings: list[str] = []
    for key in said:
        point = re.fullmatch(rf"({'|'.join(_POINT_KEYS)})(\d+)", key, re.ASCII)
        if point and int(point[2][:9]) >= count:
            line, _ = said.line("numPoints")
            line.fail(f"it announces {counted(count, 'point')} and has {quoted(key, 40)}", "is the file whole?")
        if not point and key not in _KEYS and key not in _OTHER_KEYS and len(warnings) < 20:
            warnings.append(f"What it says as {quoted(key, 40)} was left out.")
    if any(f"label{k}" in said for k in range(count)):
        warnings.append("The labels of its points were left out.")
    return warnings


def _color(said: Settings, key: str) -> RGBA:
    red, green, blue, *rest = said.bytes(key, ",")
    return red, green, blue, rest[0] if rest else 1.0


def _logarithmic(said: Settings, stops: list[Stop], warnings: list[str]) -> list[Stop]:
    """Return stops whose places are replaced by their logarithms."""
    if stops[0][0] <= 0:
        line, _ = said.line("sample0")
        line.fail(f"sample0 is {shown(stops[0][0])}", "logarithms need samples above 0")
    warnings.append("Its samples are logarithmic: show it with the scale log10.")
    return [(math.log10(place), color) for place, color in stops]


def plausible(file: ColormapFile) -> bool:
    """Whether it has samples with colours."""
    return all(key in file.text for key in ("numPoints", "color0", "sample0"))


FORMATS = (Format("snap", "SNAP colour palette", (".cpd",), load, plausible=plausible),)
