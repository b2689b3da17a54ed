"""NiiVue's colormaps: red, green, blue, opacity and position as arrays in JSON."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from ...errors import counted, quoted
from ..colormap import RGBA, Colormap, Stop
from .colormap_file import ColormapFile
from .colormap_format import Format
from .drawn_out import drawn_out
from .ranges import shown
from .strict_json import Value, parsed
from .tables import MOST_ROWS
from .volumes import leave_out_opacity

__all__ = ["FORMATS"]

_CHANNELS = ("R", "G", "B", "A")

#: Keys that are read.
_KEYS = (*_CHANNELS, "I", "min", "max", "labels")

#: At most this many unknown keys are named in warnings.
_MOST_STRANGE_KEYS = 20


def load(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of a file.

    ``R``, ``G`` and ``B`` are in 0 … 255, ``I`` are positions in 0 … 255, ``min`` and ``max`` the limits.  ``A`` is the
    opacity in volumes, and is left out.  With ``labels``, or if ``I`` is 0, 1, 2 …, colours are flat, ``I`` are their
    values and ``A`` is their alpha.
    """
    top = parsed(file)
    top.object()
    strange = [key for key in top.data if key not in _KEYS]
    warnings = [f"What it says as {quoted(key, 40)} was left out." for key in strange[:_MOST_STRANGE_KEYS]]
    parts = [_shares(top, key) for key in "RGB"]
    count = len(parts[0])
    if count < 2:
        top.member("R").fail(f"has {counted(count, 'number')}", "give two colours or more")
    for key, numbers in zip("RGB", parts, strict=False):
        _check_count(top.member(key), len(numbers), count)
    places = _places(top, count)
    if top.has("labels") or (top.has("I") and places == list(range(count)) and count != 256):
        return [_flat(top, parts, places, warnings)]
    colors: list[RGBA] = [(r, g, b, 1.0) for r, g, b in zip(*parts, strict=True)]
    if top.has("A"):
        leave_out_opacity((0.0 for item in top.member("A").array() if item != 255), warnings)
    for number, (before, after) in enumerate(pairwise(places), 2):
        if after < before:
            why = f"does not rise: position {number} is {shown(after)} after {shown(before)}"
            top.member("I").fail(why, "sort it, and the colours with it")
    if places[0] == places[-1]:
        top.member("I").fail(f"is {shown(places[0])} throughout", "give two positions or more")
    stops: list[Stop] = list(zip(places, colors, strict=True))
    stops = drawn_out(stops, 255, warnings) if top.has("I") else stops
    return [Colormap.from_stops(file.stem, stops, limits=_limits(top), warnings=tuple(warnings))]


def _check_count(value: Value, found: int, count: int) -> None:
    if found != count:
        value.fail(f"has {counted(found, 'item')} for {counted(count, 'colour')}", "give one for each")


def _shares(top: Value, key: str) -> list[float]:
    return [number / 255 for number in top.member(key).numbers(0, 255, MOST_ROWS)]


def _places(top: Value, count: int) -> list[float]:
    """Return the positions of colours, or the values of labels: ``I``, or 0, 1, 2 … without it."""
    if not top.has("I"):
        return [float(k) for k in range(count)]
    positions = top.member("I")
    most = 1e9 if top.has("labels") else 255
    found = positions.numbers(0, most, MOST_ROWS)
    _check_count(positions, len(found), count)
    return found


def _flat(top: Value, parts: list[list[float]], values: list[float], warnings: list[str]) -> Colormap:
    alphas = _shares(top, "A") if top.has("A") else [1.0] * len(parts[0])
    if top.has("A"):
        _check_count(top.member("A"), len(alphas), len(parts[0]))
    colors: list[RGBA] = list(zip(*parts, alphas, strict=True))
    labels = [top.file.called(each.text()) if each.text().strip() else "" for each in _labels(top, len(colors))]
    if len(set(values)) < len(values):
        top.member("I").fail("has a value twice", "give one colour to each")
    named: dict[str, Any] = {"labels": tuple(labels)} if any(labels) else {}
    return Colormap.from_colors(
        top.file.stem, colors, flat=True, values=tuple(values), warnings=tuple(warnings), **named
    )


def _labels(top: Value, count: int) -> list[Value]:
    """Return the names of colours; empty if there are none."""
    if not top.has("labels"):
        return []
    found = top.member("labels").items(MOST_ROWS)
    _check_count(top.member("labels"), len(found), count)
    return found


def _limits(top: Value) -> tuple[float, float] | None:
    """Return ``min`` and ``max``; None, so that the image decides, if they are missing or equal."""
    if not (top.has("min") and top.has("max")):
        return None
    low, high = (top.member(key).number(-1e300, 1e300) for key in ("min", "max"))
    if low > high:
        top.member("min").fail(f"is {shown(low)} and max {shown(high)}", "min must be the smaller")
    return (low, high) if low < high else None


def plausible(file: ColormapFile) -> bool:
    """Whether it is JSON with R, G and B."""
    return file.text.lstrip()[:1] == "{" and all(f'"{key}"' in file.text for key in "RGB")


FORMATS = (Format("niivue", "NiiVue colormap (JSON)", (".json",), load, plausible=plausible),)
