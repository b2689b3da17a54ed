"""Live images for hosts that tests start with ``--open-with kit.live_openers:NAME``."""

from __future__ import annotations

import threading
import time

import numpy as np

from traitsview.sources.framed.framed_source import FramedSource
from traitsview.testing.feeds import ScriptedFeed


class Ticking(FramedSource):
    """Shows frames at a rate, each filled with its step; it stops after some frames.

    Frames share some arrays: filling a new one would take the time that a benchmark measures.
    """

    def __init__(self, shape: tuple[int, int], rate: float, frames: int, many: int = 8) -> None:
        self.feed = ScriptedFeed("waiting for 'ticking'")
        super().__init__(self.feed, "ticking")
        rng = np.random.default_rng(3)
        noise = rng.random(shape, np.float32) if many else None
        self._arrays = [np.roll(noise, 17 * each, 1) for each in range(many)] if many else []
        self._shape, self._period, self._frames = shape, 1 / rate, frames
        self._ended = threading.Event()
        threading.Thread(target=self._tick, name="ticking", daemon=True).start()

    def close(self) -> None:
        self._ended.set()
        super().close()

    def _tick(self) -> None:
        due = time.monotonic()
        for step in range(self._frames):
            arrays = self._arrays
            array = arrays[step % len(arrays)] if arrays else np.full(self._shape, step % 100, np.float32)
            self.feed.show(array, step, step / 100)
            due = max(due + self._period, time.monotonic())
            if self._ended.wait(max(0.0, due - time.monotonic())):
                return
        self.feed.say(f"ended at step {self._frames - 1}")


def ticking(text: str) -> Ticking:
    """Open ``ROWSxCOLUMNS@RATE*FRAMES``: frames of noise."""
    return Ticking(*_read(text))


def constant(text: str) -> Ticking:
    """Open ``ROWSxCOLUMNS@RATE*FRAMES``: each frame is filled with its step, modulo 100."""
    return Ticking(*_read(text), many=0)


def _read(text: str) -> tuple[tuple[int, int], float, int]:
    shape, _, rest = text.partition("@")
    rate, _, frames = rest.partition("*")
    rows, _, columns = shape.partition("x")
    return (int(rows), int(columns)), float(rate), int(frames or 10**9)
