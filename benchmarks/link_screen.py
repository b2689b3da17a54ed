"""A virtual screen.  Its pixels are read from memory, so that watching it takes no time of X clients."""

from __future__ import annotations

import mmap
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

#: Seconds between two looks.
_LOOK = 0.005

#: A picture looks right if its colours, 0 … 255, are off by this at most; then it has so many seconds to become true.
NEAR, REFINING = 32, 2.0

_ROWS = 4
_RGB = np.uint32(0xFFFFFF)


@dataclass(frozen=True)
class Seen:
    """The times of one step in seconds from its beginning, None for an event that never came.

    * `first`: the screen changed.
    * `exact`: the picture was true.
    * `settled`: it looked right: all but one pixel in a hundred were within `NEAR` levels of the truth.
    * `colored`: every pixel had its final colour, for ways that send colours before values.

    `wrong` is the number of pixels that differ from the true picture in the end, `error` the largest difference
    (0 … 255).
    """

    first: float | None
    exact: float | None
    settled: float | None
    wrong: int
    error: int
    colored: float | None = None


class Screen:
    """An X server without a screen, in a namespace if `command` starts it there."""

    def __init__(self, name: str, pixels: np.ndarray) -> None:
        self.name = name
        self._pixels = pixels

    def grab(self) -> np.ndarray:
        """Return the picture on the screen: (rows, columns, 3) uint8 RGB."""
        return self._pixels[..., 2::-1].copy()

    def watch(
        self, truth: np.ndarray, start: float, patience: float, quiet: float, corner: tuple[int, int] = (0, 0)
    ) -> Seen:
        """Watch the picture below and right of `corner` (column, row) until it equals `truth`, RGB.

        The step began at `start`, by the monotonic clock.  Watching also ends `REFINING` seconds after the picture
        looks right, if it does not change for `quiet` seconds after its first change, or after `patience` seconds.
        """
        rows, columns = truth.shape[:2]
        wanted = np.zeros((rows, columns, 4), np.uint8)
        wanted[..., :3] = truth[..., ::-1]
        wanted = wanted.view(np.uint32)[..., 0]
        left, top = corner
        seen = self._pixels[top : top + rows, left : left + columns].view(np.uint32)[..., 0]
        # Only every fourth row is compared: all rows would take a whole processor, which the other programs need.
        last = seen[::_ROWS].copy()
        first = exact = settled = changed = None
        while True:
            now = time.monotonic() - start
            some = seen[::_ROWS]
            if not np.array_equal(some, last):
                last = some.copy()
                changed = now
                first = now if first is None else first
                if settled is None and _near(last[::_ROWS], wanted[:: _ROWS**2]):
                    settled = now
            if np.array_equal(last[::_ROWS] & _RGB, wanted[:: _ROWS**2]) and np.array_equal(seen & _RGB, wanted):
                exact = now
                settled = now if settled is None else settled
                break
            refined = settled is not None and now - settled > REFINING
            if now > patience or refined or (changed is not None and now - changed > quiet):
                break
            time.sleep(_LOOK)
        final = self._pixels[top : top + rows, left : left + columns, 2::-1]
        off = np.abs(final.astype(np.int16) - truth).max(axis=2)
        return Seen(first, exact, settled, int(np.count_nonzero(off)), int(off.max()))


def _near(seen: np.ndarray, wanted: np.ndarray) -> bool:
    """Whether a picture, 0x00RRGGBB, looks like another one."""
    a, b = (np.ascontiguousarray(pixels).view(np.uint8).astype(np.int16) for pixels in (seen & _RGB, wanted))
    return np.count_nonzero(np.abs(a - b) > NEAR) < 0.01 * seen.size


@contextmanager
def screen(size: tuple[int, int], command: Callable[..., subprocess.Popen]) -> Iterator[Screen]:
    """Yield a screen of `size` (columns, rows).  `command` starts its X server."""
    with tempfile.TemporaryDirectory(prefix="traitsview-screen-") as folder:
        words = [
            "Xvfb",
            "-displayfd",
            "1",
            "-screen",
            "0",
            f"{size[0]}x{size[1]}x24",
            "-nolisten",
            "tcp",
            "-br",
            "-nocursor",
        ]
        reader, writer = os.pipe()
        server = command([*words, "-fbdir", folder], stdout=writer, stderr=subprocess.DEVNULL)
        os.close(writer)
        try:
            with os.fdopen(reader) as told:
                name = f":{told.readline().strip()}"
            with open(Path(folder) / "Xvfb_screen0", "rb") as file:
                memory = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
            yield Screen(name, _pixels(memory))
        finally:
            server.terminate()
            server.wait(10)


def _pixels(memory: mmap.mmap) -> np.ndarray:
    """Return the pixels of an XWD file, (rows, columns, 4) uint8 BGRX."""
    header = np.frombuffer(memory, ">u4", 25)
    columns, rows, per_line = int(header[4]), int(header[5]), int(header[12])
    first = int(header[0]) + 12 * int(header[19])
    lines = np.frombuffer(memory, np.uint8, rows * per_line, first).reshape(rows, per_line)
    return lines[:, : columns * 4].reshape(rows, columns, 4)
