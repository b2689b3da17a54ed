"""Colours by which map programs shade rasters: colours that run, colours up to a value, or colours of single values.

QGIS calls these INTERPOLATED, DISCRETE and EXACT, and the standard for styled layers ramp, intervals and values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import Any

from ..colormap import RGBA, Colormap
from .bands import banded
from .colormap_file import ColormapFile, Line
from .ranges import shown

__all__ = ["CLEAR", "KINDS", "Shade", "shaded"]

KINDS = ("INTERPOLATED", "DISCRETE", "EXACT")

CLEAR = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Shade:
    """The colour of a value.

    Attributes
    ----------
    line : Line
        Its line in the file.
    value : float
        Finite, or infinity for all values beyond the others.
    color : RGBA
    label : str
        Its meaning; may be empty.
    """

    line: Line
    value: float
    color: RGBA
    label: str = ""


def shaded(file: ColormapFile, kind: str, shades: Sequence[Shade], **attributes: Any) -> Colormap:
    """Return the colormap of shades of one of `KINDS`.

    INTERPOLATED colours run into each other; the first and the last value become the limits.  A DISCRETE colour reaches
    from the value before it up to its own.  The first begins one width before its value; a last one that reaches to
    infinity ends one width after the value before it.  An EXACT colour stands for its value only; other values have no
    colour.

    Parameters
    ----------
    file : ColormapFile
    kind : str
    shades : sequence of Shade
        One or more.
    **attributes
        Attributes of the colormap.

    Raises
    ------
    ColormapError
        If values do not rise, or a value comes twice where that is not allowed.
    """
    if kind == "EXACT":
        return _exact(file, shades, attributes)
    for before, after in pairwise(shades):
        if after.value < before.value or (after.value == before.value and kind == "DISCRETE"):
            after.line.fail(f"{shown(after.value)} follows {shown(before.value)}", "values must rise")
    return (_discrete if kind == "DISCRETE" else _interpolated)(file, shades, attributes)


def _exact(file: ColormapFile, shades: Sequence[Shade], attributes: dict[str, Any]) -> Colormap:
    seen: dict[float, int] = {}
    for shade in shades:
        if shade.value in seen:
            why = f"value {shown(shade.value)} has a colour in line {seen[shade.value]}"
            shade.line.fail(why, "give one to each")
        seen[shade.value] = shade.line.number
    attributes = {"values": tuple(seen), "labels": _labels(shades), "bad": CLEAR, **attributes}
    return Colormap.from_colors(file.stem, [shade.color for shade in shades], flat=True, **attributes)


def _labels(shades: Sequence[Shade]) -> tuple[str, ...]:
    """Return the labels, unless they only repeat the values."""
    return () if all(_says_value(shade) for shade in shades) else tuple(shade.label for shade in shades)


def _says_value(shade: Shade) -> bool:
    """Whether a label says no more than the value: ``25``, ``25.0000``, ``<= 25``."""
    text = shade.label.removeprefix("<=").strip()
    try:
        return not text or float(text) == shade.value
    except ValueError:
        return False


def _interpolated(file: ColormapFile, shades: Sequence[Shade], attributes: dict[str, Any]) -> Colormap:
    low, high = shades[0].value, shades[-1].value
    if not 0 < high - low < inf:
        shades[-1].line.fail(f"all values are {shown(low)}", "give two values or more")
    if any(any(map(str.isalpha, shade.label)) for shade in shades):
        attributes["warnings"] = (*attributes.get("warnings", ()), "Its labels were left out.")
    stops = [(shade.value, shade.color) for shade in shades]
    return Colormap.from_stops(file.stem, stops, **{"limits": (low, high), **attributes})


def _discrete(file: ColormapFile, shades: Sequence[Shade], attributes: dict[str, Any]) -> Colormap:
    bounds = [shade.value for shade in shades if shade.value < inf]
    if not bounds:
        shades[0].line.fail("its only value is inf", "give a value that the first colour reaches up to")
    open_ended = len(bounds) < len(shades)
    span = bounds[-1] - bounds[0]
    if not span < inf:
        shades[-1].line.fail("its values are too far apart for numbers", "give smaller ones")
    width = span / (len(bounds) - 1) if len(bounds) > 1 else 1.0
    edges = [bounds[0] - width, *bounds, *([bounds[-1] + width] if open_ended else [])]
    if any(after <= before for before, after in pairwise(edges)):
        shades[-1].line.fail("its values are too close for numbers", "write them with more digits")
    # Beyond the last value nothing is drawn.
    beyond = {} if open_ended else {"over": CLEAR}
    attributes = {**beyond, "limits": (edges[0], edges[-1]), "labels": _labels(shades), **attributes}
    return banded(file.stem, edges, [shade.color for shade in shades], **attributes)
