"""Openers of sources that misbehave, for hosts that tests start with ``--open-with kit.slow_openers:NAME``."""

from __future__ import annotations

import ctypes
import time

import numpy as np

from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.image_source import never
from traitsview.sources.picture import DEFAULT_PICTURE
from traitsview.testing.sources import LatencySource


def ramp(rows=2048, columns=2048):
    """Return an image in which all elements differ."""
    return np.arange(rows * columns, dtype=np.float32).reshape(rows, columns)


class Endless(ArraySource):
    """Never ends with a tile in the left half if its maximum is asked for, unless the wish becomes stale."""

    def render_tiles(self, tiles, picture=DEFAULT_PICTURE, stale=never):
        for tile in tiles:
            while tile.origin[0] * tile.resolution[0] < 1024 and picture.reduction == "max":
                if stale():
                    return
                time.sleep(0.01)
            yield tile, self.render(tile, picture.plane, picture.reduction)


class Crashing(ArraySource):
    """Crashes the process when its maximum is asked for."""

    def render_tiles(self, tiles, picture=DEFAULT_PICTURE, stale=never):
        if picture.reduction == "max":
            ctypes.string_at(0)
        yield from super().render_tiles(tiles, picture, stale)


def slow(text):
    return LatencySource(ArraySource(ramp()), 0.25)


def endless(text):
    return Endless(ramp())


def crashing(text):
    return Crashing(ramp())
