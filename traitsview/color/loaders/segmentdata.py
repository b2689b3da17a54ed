"""Matplotlib's ``segmentdata`` as JSON: red, green, blue and perhaps alpha have positions of their own.

::

    {"name": "dusk",
     "red":   [[0, 0, 0.1], [0.5, 0.6, 0.6], [1, 1, 0]],
     "green": [[0, 0, 0.1], [1, 0.8, 0]],
     "blue":  [[0, 0, 0.3], [1, 0.7, 0]]}

Each item is a position, the share of the colour just below it, and the share just above it.  If the shares differ, the
position is a hard step.  The keys of a file with several colormaps are their names.
"""

from __future__ import annotations

from ...errors import counted
from ..colormap import Colormap
from .channels import Knot, stops
from .colormap_file import ColormapFile
from .colormap_format import Format
from .ranges import at, shown
from .strict_json import Value, parsed
from .tables import MOST_ROWS

__all__ = ["FORMATS", "load"]

_CHANNELS = ("red", "green", "blue", "alpha")


def load(file: ColormapFile) -> list[Colormap]:
    """Return the colormaps of a JSON file of segment data."""
    top = parsed(file)
    if file.data.count(b"[") > 4 * MOST_ROWS:
        top.fail("has too many positions", f"a colormap has at most {MOST_ROWS}")
    if _is_map(top):
        name = _name(top.member("name").text()) if top.has("name") else ""
        return [_colormap(top, name or file.stem)]
    if not isinstance(top.data, dict) or not any(_is_map(Value(file, each)) for each in top.data.values()):
        top.fail("is no colormap of ParaView, napari or Matplotlib", "give RGBPoints, colors, or red, green and blue")
    return [
        _colormap(top.member(key).within(f"colormap '{_name(key)}'"), _name(key) or file.stem) for key in top.object()
    ]


def _is_map(value: Value) -> bool:
    return isinstance(value.data, dict) and any(isinstance(value.data.get(each), list) for each in _CHANNELS)


def _name(text: str) -> str:
    return "".join(filter(str.isprintable, text)).strip()[:100]


def _colormap(value: Value, name: str) -> Colormap:
    value.keys(("name", *_CHANNELS))
    channels = [_knots(value.member(each)) for each in _CHANNELS[:3]]
    if value.has("alpha"):
        channels.append(_knots(value.member("alpha")))
    return Colormap.from_stops(name, stops(channels))


def _knots(channel: Value) -> list[Knot]:
    """Return the knots of a channel.  Positions must rise from 0 to 1, without two that are equal."""
    knots: list[Knot] = []
    for item in channel.items(MOST_ROWS):
        numbers = item.numbers(0, 1, 3)
        if len(numbers) != 3:
            item.fail(
                f"has {counted(len(numbers), 'number')}", "give a position, the share below it and the share above it"
            )
        place, below, above = numbers
        if knots and place <= knots[-1][0]:
            if place < knots[-1][0]:
                item.fail(f"is at {shown(place)} after one at {shown(knots[-1][0])}", "positions must rise")
            item.fail(f"is the second at {shown(place)}", "a hard step is one item with two different shares")
        knots.append((place, below, above))
    if len(knots) < 2 or not at(knots[0][0], 0) or not at(knots[-1][0], 1):
        reach = f"goes from {shown(knots[0][0])} to {shown(knots[-1][0])}" if knots else "is empty"
        channel.fail(reach, "it must go from 0 to 1")
    return [(0.0, *knots[0][1:]), *knots[1:-1], (1.0, *knots[-1][1:])]


def _plausible(file: ColormapFile) -> bool:
    """Whether it is JSON of segment data."""
    if not file.text.lstrip().startswith("{"):
        return False
    top = parsed(file)
    return _is_map(top) or any(_is_map(Value(file, each)) for each in top.data.values())


FORMATS = (Format("segmentdata", "Matplotlib segment data as JSON", (".json",), load, plausible=_plausible),)
