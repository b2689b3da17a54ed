"""Sources for hosts that tests start, opened by ``--open-with openers:NAME``."""

from __future__ import annotations

import ctypes
import time
from pathlib import Path

import numpy as np

from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.image_source import never
from traitsview.sources.picture import DEFAULT_PICTURE


class Slow(ArraySource):
    """Needs 50 ms for a tile, and writes down each that it begins."""

    def __init__(self, log):
        super().__init__(np.arange(4096 * 4096, dtype=np.float32).reshape(4096, 4096), name="slow")
        self.log = Path(log)

    def render(self, viewport, plane=None, reduction="mean"):
        with self.log.open("a") as file:
            file.write(f"{viewport.origin}\n")
        time.sleep(0.05)
        return super().render(viewport, plane, reduction)

    def render_tiles(self, tiles, picture=DEFAULT_PICTURE, stale=never):
        for tile in tiles:
            if stale():
                return
            yield tile, self.render(tile, picture.plane, picture.reduction)


class Stubborn(ArraySource):
    """Holds the interpreter's lock for an hour when it is summarized."""

    def summarize(self, extent=None, plane=None, exact=False):
        ctypes.PyDLL(None).sleep(3600)
        return super().summarize(extent, plane, exact)


def slow(text):
    return Slow(text)


def stubborn(text):
    return Stubborn(np.zeros((8, 8), np.float32))


def crashing(text):
    print("the reader fell over", flush=True)
    ctypes.string_at(0)
