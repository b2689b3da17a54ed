"""Colours that run into each other in one of ParaView's spaces, with opacity at positions of its own."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from ..colormap import Colormap, Stop
from ..spaces import interpolated
from .bands import banded
from .ranges import at

__all__ = [
    "MOST_CURVED_POINTS",
    "MOST_MAPS",
    "MOST_POINTS",
    "SPACES",
    "colormap_of",
    "is_curved",
    "stated_limits",
]

#: A file with more maps or points is refused.  ParaView's own collection has 200 maps.
MOST_MAPS = 500
MOST_POINTS = 30_000

#: A file with more points in maps whose colours run in another space than RGB is refused: each of these points takes a
#: fifth of a millisecond.  ParaView's own collection has 3,000.
MOST_CURVED_POINTS = 4_000

#: ParaView's names of spaces, in small letters, and ours.  ``step`` means flat colours.  For the spaces of
#: CIEDE2000 we have only Lab, which is near.
SPACES = {
    "rgb": "rgb",
    "lab": "lab",
    "cielab": "lab",
    "hsv": "hsv",
    "diverging": "msh",
    "step": "step",
    "ciede2000": "lab",
    "lab/ciede2000": "lab",
    "labciede2000": "lab",
}


def is_curved(space: object) -> bool:
    """Whether colours that run straight in `space`, a name from a file, are curved in RGB."""
    return isinstance(space, str) and SPACES.get(space.lower(), "rgb") not in ("rgb", "step")


def colormap_of(
    name: str,
    stops: list[Stop],
    space: str,
    wrap: bool,
    opacity: list[tuple[float, float]],
    warnings: list[str],
    **attributes: Any,
) -> Colormap:
    """Return the map of stops whose colours run in one of ParaView's spaces.

    Parameters
    ----------
    name : str
    stops : list of (position, RGBA)
    space : str
        A key of `SPACES`, in any case.
    wrap : bool
        Whether hues go the shorter way round.
    opacity : list of (position, alpha)
        Alpha at positions of its own.  If empty, the stops have alpha.
    warnings : list of str
    **attributes
        Attributes of the colormap.
    """
    ours = SPACES[space.lower()]
    if "ciede" in space.lower():
        warnings.append(f"Its colours run evenly in {space}: read as Lab, which is near.")
    if ours == "step":
        if opacity:
            warnings.append("Its opacity was left out: its colours are flat.")
        # ParaView gives each interval the colour of its end.
        edges = [stops[0], *(stop for before, stop in pairwise(stops) if stop[0] > before[0])]
        places, colors = [position for position, _ in edges], [color for _, color in edges[1:]]
        return banded(name, places, colors, warnings=tuple(warnings), **attributes)
    stops = interpolated(stops, ours, "short" if wrap else "plain")
    if opacity:
        stops = _with_opacity(stops, opacity)
    return Colormap.from_stops(name, stops, warnings=tuple(warnings), **attributes)


def stated_limits(low: float, high: float) -> tuple[float, float] | None:
    """Return ``(low, high)``, the ends of the positions, as limits; None if they are 0 … 1 or -1 … 1."""
    unit = any(at(low, begin, 1 - begin) and at(high, 1, 1 - begin) for begin in (0, -1))
    return None if unit else (low, high)


def _with_opacity(stops: list[Stop], opacity: list[tuple[float, float]]) -> list[Stop]:
    """Return stops at all positions of `stops` and `opacity`.  A hard step of either one is kept."""
    places = np.array([position for position, _ in stops])
    colors = np.array([color for _, color in stops])
    marks, alphas = (np.array(column) for column in zip(*opacity, strict=True))
    inside = marks[(marks > places[0]) & (marks < places[-1])]
    every = np.unique(np.concatenate([places, inside]))
    sides = []
    for side in ("left", "right"):
        rgb = np.stack([_beside(every, places, colors[:, part], side) for part in range(3)], axis=-1)
        sides.append(np.concatenate([rgb, _beside(every, marks, alphas, side)[:, None]], axis=-1))
    found: list[Stop] = []
    for position, before, after in zip(every.tolist(), *(side.tolist() for side in sides), strict=True):
        found += [(position, tuple(before))] + ([(position, tuple(after))] if before != after else [])
    return found


def _beside(at: np.ndarray, places: np.ndarray, values: np.ndarray, side: str) -> np.ndarray:
    """Return the values at the positions `at`.  At a step, `side` chooses the value just left or just right of it."""
    found = np.interp(at, places, values)
    if side == "left":
        index = np.minimum(np.searchsorted(places, at, "left"), len(places) - 1)
    else:
        index = np.maximum(np.searchsorted(places, at, "right") - 1, 0)
    exact = places[index] == at
    return np.where(exact, values[index], found)
