"""How many frames of a live image were shown, and how many were published meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..sources.frame import Frame

__all__ = ["FrameCount"]


@dataclass(frozen=True, slots=True)
class FrameCount:
    """The count of a viewer: ``shown + skipped == published``.

    Attributes
    ----------
    shown : int
        Frames that were shown.
    published : int
        Frames that were published, from the first one that was shown to the newest one that was.
    last : int
        The count, by the calculation, of the newest frame that was shown.
    """

    shown: int = 0
    published: int = 0
    last: int = 0

    @property
    def skipped(self) -> int:
        """Frames that were published and not shown."""
        return self.published - self.shown

    def after(self, frame: Frame) -> FrameCount:
        """Return the count when a frame is shown; one that was counted before is not counted again."""
        if frame.count <= self.last:
            return self
        more = frame.count - self.last if self.shown else 1
        return FrameCount(self.shown + 1, self.published + more, frame.count)

    def restarted(self, frame: Frame) -> FrameCount:
        """Return the count when a host has begun to count from 1 again, and `frame` is its newest one."""
        return replace(self, last=frame.count - 1)
