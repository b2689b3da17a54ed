"""Watches for newer frames of a source, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from ...errors import HostError, TraitsviewError
from ...sources.frame import Frame
from ...sources.image_source import ImageSource

__all__ = ["FrameWatch"]

#: Seconds of one wait for a newer frame: closing takes at most so long.
_WAIT_SECONDS = 0.5

#: Seconds until another try after the source has failed.
_PAUSE_SECONDS = 0.5


class FrameWatch:
    """Tells of each newer frame of a live source, and of each new state of the newest one.  A daemon thread waits.

    Parameters
    ----------
    source : ImageSource
    listener : callable
        Called with each `Frame`, in that thread.
    """

    def __init__(self, source: ImageSource, listener: Callable[[Frame], None]) -> None:
        self._source, self._listener = source, listener
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="traitsview frames", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Watch no more.  Returns at once; the thread ends within half a second."""
        self._closed.set()

    def _watch(self) -> None:
        told: Frame | None = None
        while not self._closed.is_set():
            try:
                self._source.wait_newer(0 if told is None else told.version, _WAIT_SECONDS)
            except HostError:
                self._closed.wait(_PAUSE_SECONDS)  # the viewer hears of contact by the link
                continue
            except TraitsviewError:
                self._closed.wait(_PAUSE_SECONDS)
            frame = self._source.frame
            if not self._closed.is_set() and (told is None or frame is not told):
                told = frame
                self._listener(frame)
