"""Where the frames of a live image come from: a calculation, a kernel, engines."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from ..frame import Frame
from ..image_source import ImageSource

__all__ = ["Arrival", "Feed"]


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Arrival:
    """A frame that has arrived, with the image that renders it.

    Attributes
    ----------
    frame : Frame
        Its version differs from that of every frame before it.
    image : ImageSource
        Shows this frame for as long as somebody keeps the arrival.  It is not closed: what it reads is the feed's.
    nbytes : int
        Bytes of memory that it holds.
    """

    frame: Frame
    image: ImageSource
    nbytes: int = 0


class Feed(ABC):
    """Where the frames of a live image come from.

    One thread at a time calls `next`; `state` and `close` may be called in any thread.  `close` ends a call of `next`
    that waits.
    """

    @property
    @abstractmethod
    def state(self) -> str:
        """Why no newer frame comes, as a sentence; see `Frame`.  Returns at once."""

    @abstractmethod
    def next(self, timeout: float) -> Arrival | None:
        """Return the newest frame, if it is newer than the one that was returned last.

        Waits at most `timeout` seconds for one.  Returns None if none came, and as soon as `state` has changed.
        Frames between are left out: nobody could see them any more.

        Raises
        ------
        SourceError
            If what is there cannot be shown.
        """

    def close(self) -> None:  # noqa: B027
        """Let go of what frames are read from."""
