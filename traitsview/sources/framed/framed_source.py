"""A live image: the newest frame of a feed, and some that were before it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...errors import FrameGone, quoted
from ...geometry import Viewport
from ..arrays.array_source import ArraySource
from ..frame import Frame
from ..image_info import ImageInfo, Plane
from ..image_source import ImageSource, never
from ..picture import DEFAULT_PICTURE, Picture
from ..questions.frames import Frames
from ..questions.question import Question
from .feed import Arrival, Feed
from .held_frames import HeldFrames

__all__ = ["HELD_BYTES", "FramedSource"]

#: Bytes of frames that one live image keeps, for viewers that are slow and for looking back.
HELD_BYTES = 256 << 20


class FramedSource(ImageSource):
    """The newest frame of a feed, and the frames before it that are kept.

    It has no thread: the feed is read by those who wait for a newer frame, one of them for all.  So a feed that nobody
    watches costs nothing.

    Parameters
    ----------
    feed : Feed
        Closed with this.
    name : str
        The name of the image until the first frame tells its own.
    limit : int
        Bytes of frames that are kept.
    """

    def __init__(self, feed: Feed, name: str, limit: int = HELD_BYTES) -> None:
        self._feed = feed
        self._changed = threading.Condition()
        self._reading = False
        self._closed = False
        self._held = HeldFrames(limit)
        nothing = ArraySource(np.full((1, 1), np.nan, np.float32), name=name)
        info = replace(nothing.info, live=True)
        self._newest = Arrival(Frame(info, state=feed.state), nothing)

    @property
    def info(self) -> ImageInfo:
        return self._newest.frame.info

    @property
    def frame(self) -> Frame:
        return self._newest.frame

    def render(self, viewport: Viewport, plane: Plane | None = None, reduction: str = "mean") -> np.ndarray:
        return self._newest.image.render(viewport, plane, reduction)

    def render_tiles(
        self, tiles: Sequence[Viewport], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[tuple[Viewport, np.ndarray]]:
        arrival = self._of(picture)
        yield from arrival.image.render_tiles(tiles, picture, stale)

    def answers(
        self, question: Question[Any], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[Any]:
        if isinstance(question, Frames):
            yield self._held.marks
            return
        arrival = self._of(picture)
        yield from arrival.image.examine(question, picture, stale)

    def checked(self, picture: Picture, *viewports: Viewport) -> Picture:
        arrival = self._of(picture)
        of = arrival.image.checked(picture, *viewports)
        return replace(of, version=arrival.frame.version)

    def wait_newer(self, version: int, timeout: float) -> int:
        end = time.monotonic() + timeout
        state = self._newest.frame.state
        self._read(0.0)  # what is known may be old, if nobody has waited for a while
        while self._newest.frame.version == version and self._newest.frame.state == state and not self._closed:
            left = end - time.monotonic()
            if left <= 0:
                break
            self._read(left)
        return self._newest.frame.version

    def hold(self, version: int) -> object:
        return self._held.get(version)

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._feed.close()
        self._held.clear()

    def _read(self, timeout: float) -> None:
        """Read the feed, for all who wait; if another thread does that, wait for what it reads."""
        with self._changed:
            if self._reading:
                self._changed.wait(timeout)
                return
            self._reading = True
        try:
            arrival = self._feed.next(timeout)
            with self._changed:
                if arrival is not None:
                    self._held.put(arrival)
                else:
                    was = self._newest
                    arrival = Arrival(was.frame.saying(self._feed.state), was.image, was.nbytes)
                    if arrival.frame is was.frame:
                        return
                self._newest = arrival
        finally:
            with self._changed:
                self._reading = False
                self._changed.notify_all()

    def _of(self, picture: Picture) -> Arrival:
        """Return the frame that a picture is of."""
        newest = self._newest
        if picture.version in (0, newest.frame.version):
            return newest
        found = self._held.get(picture.version)
        if found is None:
            why = "it is not kept any more"
            raise FrameGone(f"cannot show a frame of {quoted(self.info.name)}", why, "show a newer one")
        return found
