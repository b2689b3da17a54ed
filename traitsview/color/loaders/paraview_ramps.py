"""Colours that run into each other as ParaView lets them: in one of its spaces, with opacity of its own."""

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

#: What a file may hold; ParaView's own collection has 200 maps.
MOST_MAPS = 500
MOST_POINTS = 30_000

#: Of these, points between which colours run in another space than RGB, each of which takes a fifth of a millisecond;
#: ParaView's own collection has 3,000.
MOST_CURVED_POINTS = 4_000

#: ParaView's names of spaces, in small letters, and ours; those without one are flat or only nearly what we have.
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
    """Whether colours run in a space, as a file names it, in which they are not straight in RGB."""
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
        What alpha is; that of the stops if empty.
    warnings : list of str
    **attributes
        Of the colormap.
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
    """Return the data range that positions state: none where they only run over 0 … 1 or -1 … 1."""
    unit = any(at(low, begin, 1 - begin) and at(high, 1, 1 - begin) for begin in (0, -1))
    return None if unit else (low, high)


def _with_opacity(stops: list[Stop], opacity: list[tuple[float, float]]) -> list[Stop]:
    """Return stops at the positions of both, with hard steps where either has one."""
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
    """Return values at positions, just left or just right of them where there is a step."""
    found = np.interp(at, places, values)
    if side == "left":
        index = np.minimum(np.searchsorted(places, at, "left"), len(places) - 1)
    else:
        index = np.maximum(np.searchsorted(places, at, "right") - 1, 0)
    exact = places[index] == at
    return np.where(exact, values[index], found)
