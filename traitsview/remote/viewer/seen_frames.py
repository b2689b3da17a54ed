"""The facts about the frames of a live image that were seen last, for pixels of them that are still on their way."""

from __future__ import annotations

import threading
from collections import OrderedDict

from ...sources.frame import Frame
from ...sources.image_info import ImageInfo

__all__ = ["SeenFrames"]

#: Frames whose facts are remembered.
_MOST_FRAMES = 64


class SeenFrames:
    """Remembers the `ImageInfo` of the newest frames by their version.  Any thread may call any method."""

    def __init__(self) -> None:
        self._changed = threading.Lock()
        self._infos: OrderedDict[int, ImageInfo] = OrderedDict()

    def add(self, frame: Frame) -> None:
        """Remember a frame, and forget the oldest if there are too many."""
        with self._changed:
            self._infos[frame.version] = frame.info
            while len(self._infos) > _MOST_FRAMES:
                self._infos.popitem(last=False)

    def info_of(self, version: int) -> ImageInfo | None:
        """Return the facts about the frame of a version; None if it was not seen, or is forgotten."""
        with self._changed:
            return self._infos.get(version)
