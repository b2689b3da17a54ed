"""Colours whose red, green and blue have positions of their own: stops at all of these positions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..colormap import RGBA, Stop

__all__ = ["Knot", "stops"]

#: A position, the share of a colour just below it, and the share just above it.  Two different shares are a hard step.
Knot = tuple[float, float, float]


def stops(channels: Sequence[Sequence[Knot]]) -> list[Stop]:
    """Return the stops at all positions of the channels.

    Parameters
    ----------
    channels : sequence of sequence of (position, below, above)
        Red, green, blue and perhaps alpha.  The positions of each rise from the same first to the same last one; no
        two are equal.
    """
    places = np.unique(np.concatenate([[place for place, _, _ in knots] for knots in channels]))
    below = np.ones((len(places), 4))
    above = np.ones((len(places), 4))
    for i, knots in enumerate(channels):
        own, left, right = np.array(knots).T
        after = np.searchsorted(own, places)  # the number of the position itself or of the next one
        before = np.maximum(after - 1, 0)
        reach = own[after] - own[before]
        share = np.divide(places - own[before], reach, out=np.ones_like(places), where=reach > 0)
        between = right[before] * (1 - share) + left[after] * share
        mine = own[after] == places
        below[:, i] = np.where(mine, left[after], between)
        above[:, i] = np.where(mine, right[after], between)
    # The share below the first position and the share above the last are never seen.
    below[0], above[-1] = above[0], below[-1]
    found: list[Stop] = []
    for place, low, high in zip(places.tolist(), _colors(below), _colors(above), strict=True):
        found.append((place, low))
        if low != high:
            found.append((place, high))
    return found


def _colors(table: np.ndarray) -> list[RGBA]:
    return [(r, g, b, a) for r, g, b, a in np.clip(table, 0, 1).tolist()]
