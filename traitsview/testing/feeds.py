"""A feed for tests: it brings the frames that a test shows."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..sources.arrays.array_source import ArraySource
from ..sources.frame import Frame, FramePart, Scalar
from ..sources.framed.feed import Arrival, Feed

__all__ = ["ScriptedFeed"]


class ScriptedFeed(Feed):
    """Brings the frames that a test shows, as from a calculation.

    Parameters
    ----------
    state : str
        What is said before the first frame.

    Attributes
    ----------
    reads : int
        How often somebody has begun to read.
    """

    def __init__(self, state: str = "waiting for 'script'") -> None:
        self._changed = threading.Condition()
        self._state = state
        self._news = 0
        self._newest: Arrival | None = None
        self._given: Arrival | None = None
        self._count = 0
        self.reads = 0
        self.closed = False

    def show(
        self,
        array: np.ndarray,
        step: int | None = None,
        time_: float | None = None,
        *,
        scalars: Sequence[Scalar] = (),
        parts: Sequence[FramePart] = (),
        curves: Sequence[str] = (),
        **options: Any,
    ) -> Frame:
        """Publish a frame; return what is known of it.  `options` are those of `ArraySource`."""
        image = ArraySource(array, **{"name": "script", "curves": curves, **options})
        with self._changed:
            self._count += 1
            info = replace(image.info, version=self._count, live=True)
            moment = time.monotonic()
            frame = Frame(info, step, time_, moment, self._count, tuple(scalars), "", tuple(parts))
            self._newest, self._state = Arrival(frame, image, array.nbytes), ""
            self._tell()
        return frame

    def say(self, state: str) -> None:
        """Say why no newer frame comes."""
        with self._changed:
            self._state = state
            self._tell()

    @property
    def state(self) -> str:
        return self._state

    def next(self, timeout: float) -> Arrival | None:
        with self._changed:
            self.reads += 1
            news = self._news
            self._changed.wait_for(lambda: self._newest is not self._given or self._news != news, timeout)
            if self._newest is self._given:
                return None
            self._given = self._newest
            return self._given

    def close(self) -> None:
        with self._changed:
            self.closed = True
            self._tell()

    def _tell(self) -> None:
        self._news += 1
        self._changed.notify_all()
