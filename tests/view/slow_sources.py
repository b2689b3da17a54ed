"""Sources that take their time, for tests and benchmarks of waiting."""

from __future__ import annotations

import threading
import time

import numpy as np

from traitsview.errors import HostGone, SourceUnreadable
from traitsview.sources.array_source import ArraySource


class SlowSource(ArraySource):
    """An array that takes `seconds` for each call of `render`, whatever its size."""

    def __init__(self, array, seconds, **options):
        super().__init__(array, **options)
        self.seconds = seconds
        self.rendered = []

    def render(self, viewport, plane=None, reduction="mean"):
        """Take a while, then render."""
        self.rendered.append(viewport)
        time.sleep(self.seconds)
        return super().render(viewport, plane, reduction)

    def render_tiles(self, tiles, plane=None, reduction="mean", stale=lambda: False):
        """Render all tiles in one call, as sources do whose cost is per call."""
        yield from super(ArraySource, self).render_tiles(tiles, plane, reduction, stale)


class GatedSource(ArraySource):
    """An array whose exact tiles are rendered only while its gate is open."""

    def __init__(self, array, **options):
        super().__init__(array, **options)
        self.gate = threading.Event()

    def render_tiles(self, tiles, plane=None, reduction="mean", stale=lambda: False):
        """Wait for the gate, unless only a preview is asked for."""
        if reduction != "nearest":
            while not self.gate.wait(0.005):
                if stale():
                    return
        yield from super().render_tiles(tiles, plane, reduction, stale)


class FailingSource(ArraySource):
    """An array that can be made unreadable, or lost, and mended."""

    failure = None
    told = None

    def render_tiles(self, tiles, plane=None, reduction="mean", stale=lambda: False):
        """Fail, if told to."""
        if self.failure is not None:
            raise self.failure
        yield from super().render_tiles(tiles, plane, reduction, stale)

    def watch(self, told):
        """Remember whom to tell."""
        self.told = told


UNREADABLE = SourceUnreadable("cannot read 'run7.npy'", "the file shrank to 3 bytes", "open it again")
GONE = HostGone("the host is gone", "its process was killed", "trying again")


def ramp(rows=3000, columns=4000):
    """Return an image that is different everywhere."""
    y, x = np.mgrid[:rows, :columns]
    return (y * 10 + x).astype(np.float32)


def open_slow(text):
    """Open, in a host, an image that takes the seconds for each render that `text` says."""
    return SlowSource(ramp(), float(text), name="slow")
