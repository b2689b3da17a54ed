"""The frames of a live image that are kept, within a limit of memory."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import replace
from weakref import WeakValueDictionary

from ..image_info import ImageInfo
from ..questions.frames import FrameMark
from .feed import Arrival

__all__ = ["HeldFrames"]


class HeldFrames:
    """Keeps the newest frames within a limit of bytes, and finds older ones that somebody else still keeps.

    Any thread may call any method.

    Parameters
    ----------
    limit : int
        Bytes.  The newest frame is kept whatever its size.
    most : int
        Frames, whatever their size: those whose values stay in another program hold no bytes here.
    """

    def __init__(self, limit: int, most: int = 4096) -> None:
        self._limit = limit
        self._most = most
        self._lock = threading.Lock()
        self._kept: deque[Arrival] = deque()
        self._known: WeakValueDictionary[int, Arrival] = WeakValueDictionary()
        self._bytes = 0

    @property
    def nbytes(self) -> int:
        """Bytes that are kept."""
        return self._bytes

    def put(self, arrival: Arrival) -> None:
        """Keep a frame, and drop the oldest ones for it.  One of another form drops all: they cannot be compared."""
        with self._lock:
            if self._kept and form_of(self._kept[-1].frame.info) != form_of(arrival.frame.info):
                self._kept.clear()
                self._bytes = 0
            self._kept.append(arrival)
            self._known[arrival.frame.version] = arrival
            self._bytes += arrival.nbytes
            while len(self._kept) > 1 and (self._bytes > self._limit or len(self._kept) > self._most):
                self._bytes -= self._kept.popleft().nbytes

    def get(self, version: int) -> Arrival | None:
        """Return a frame, or None if nobody keeps it."""
        with self._lock:
            return self._known.get(version)

    @property
    def marks(self) -> tuple[FrameMark, ...]:
        """The frames that are kept, the oldest first."""
        with self._lock:
            kept = tuple(self._kept)
        return tuple(FrameMark(a.frame.version, a.frame.step, a.frame.time, a.frame.count) for a in kept)

    def clear(self) -> None:
        """Drop all frames."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0


def form_of(info: ImageInfo) -> ImageInfo:
    """Return what frames have in common that differ in nothing but their values."""
    return replace(info, version=0)
