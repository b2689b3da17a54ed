"""One frame of an image that changes: what it shows, when it was published, and what is known of its parts."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

from ..geometry import Extent
from .image_info import ImageInfo

__all__ = ["Frame", "FramePart", "Scalar"]

#: A number that was published beside the arrays: its name and its value.
Scalar = tuple[str, float | int | bool]


@dataclass(frozen=True, slots=True)
class FramePart:
    """One part of a frame that several publishers or engines make together.

    Attributes
    ----------
    name : str
        Of the publisher: ``"density/3"``, ``"engine 3"``.
    extent : (x0, x1, y0, y1)
        Where the part is, in data units.
    step : int or None
        The step that the part shows.
    since : float or None
        When it was published, on `time.monotonic` of this process; None if it was never.
    state : str
        Why no newer part comes, as a phrase: ``"ended at step 812"``, ``"lost"``; empty while all is well.
    """

    name: str
    extent: Extent
    step: int | None = None
    since: float | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of an image that changes.  An image that does not change has one frame.

    Attributes
    ----------
    info : ImageInfo
        The image in this frame.  ``info.version`` tells it from other frames; 0 is an image that does not change, or of
        which no frame has come yet.
    step : int or None
        The step of the calculation.
    time : float or None
        The time of the calculation, in its own unit.
    since : float or None
        When the frame was published, on `time.monotonic` of this process.
    count : int
        How many frames were published up to this one, over all runs that the source has seen.  Of two frames of one
        source, the difference less one is the number of frames between them.
    scalars : tuple of (str, number)
        What was published beside the arrays.
    state : str
        Why no newer frame comes, as a sentence: ``"ended at step 812"``, ``"waiting for 'density'"``; empty while the
        calculation goes on.  It may change while the frame stays.
    parts : tuple of FramePart
        The parts, where several publishers or engines make the frame together.
    """

    info: ImageInfo
    step: int | None = None
    time: float | None = None
    since: float | None = None
    count: int = 0
    scalars: tuple[Scalar, ...] = ()
    state: str = ""
    parts: tuple[FramePart, ...] = field(default=())

    @property
    def version(self) -> int:
        """Tells the frame from the other frames of its source."""
        return self.info.version

    @property
    def age(self) -> float | None:
        """Seconds since the frame was published; None if that is not known."""
        return None if self.since is None else max(0.0, time.monotonic() - self.since)

    def saying(self, state: str) -> Frame:
        """Return the same frame in another state."""
        return self if state == self.state else replace(self, state=state)
