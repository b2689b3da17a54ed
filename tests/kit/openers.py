"""Openers of sources for hosts that tests start with ``--open-with kit.openers:NAME``."""

from __future__ import annotations

import ctypes
from pathlib import Path

import numpy as np

from traitsview.sources.arrays.array_source import ArraySource
from traitsview.testing.sources import CountingSource, LatencySource


class Stubborn(ArraySource):
    """Holds the interpreter's lock for an hour when it is summarized."""

    def summarize(self, extent=None, plane=None, exact=False):
        ctypes.PyDLL(None).sleep(3600)
        return super().summarize(extent, plane, exact)


def slow(text):
    """Open an image that takes 50 ms for a tile, and adds a line for each tile it begins to the file `text`."""

    def write_down(viewport):
        with Path(text).open("a") as file:
            file.write(f"{viewport.origin}\n")

    array = np.arange(4096 * 4096, dtype=np.float32).reshape(4096, 4096)
    return CountingSource(LatencySource(ArraySource(array, name="slow"), 0.05), write_down)


def stubborn(text):
    return Stubborn(np.zeros((8, 8), np.float32))


def crashing(text):
    print("the reader fell over", flush=True)
    ctypes.string_at(0)
