"""One part of a mosaic: its feed, its place, and which of its frames are kept."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from ...errors import SourceError
from ..image_info import ImageInfo
from .feed import Arrival, Feed
from .part_places import Place, Shape

__all__ = ["FeedPart", "KeptFrames", "PlacedPart"]

#: A part whose newest frame is so much older than that of another part is late, if it was quicker before.
LATE_SECONDS = 2.0

#: … and so many times its own usual time between two frames.
_LATE_INTERVALS = 3.0

#: How a calculation that is looked at alone is called in its states.
_SUBJECT = "the calculation was "

#: Frames of one part that are kept to find a step that all parts have.
_MOST_FRAMES = 64


def _nowhere() -> Place | None:
    return None


def _not_lost() -> bool:
    return False


@dataclass(frozen=True, eq=False, slots=True)
class FeedPart:
    """One of the publishers or engines that make a mosaic.

    Attributes
    ----------
    name : str
        As people know it: ``"density/3"``, ``"engine 3"``.
    feed : Feed
        Its frames.
    place : callable
        Returns where it is in the whole, or None if it does not say so.
    lost : callable
        Returns whether it died before its end.  Nothing is shown of such a part.
    """

    name: str
    feed: Feed
    place: Callable[[], Place | None] = _nowhere
    lost: Callable[[], bool] = _not_lost

    @property
    def state(self) -> str:
        """Why no newer frame of the part comes, as a phrase that stands behind its name: ``"killed after step 57"``."""
        return self.feed.state.removeprefix(_SUBJECT)


@dataclass(frozen=True, eq=False, slots=True)
class PlacedPart:
    """A frame of a part, and where it is in the whole."""

    name: str
    arrival: Arrival
    place: Place


class KeptFrames:
    """The newest frames of one part.  One thread at a time uses it.

    Attributes
    ----------
    part : FeedPart
    failure : str
        Why the part cannot be shown, as a sentence; empty while it can.
    """

    def __init__(self, part: FeedPart) -> None:
        self.part = part
        self.failure = ""
        self._found = time.monotonic()
        self._frames: deque[Arrival] = deque(maxlen=_MOST_FRAMES)
        self._interval = 0.0

    def read(self, limit: int) -> bool:
        """Take the newest frame of the feed; return whether anything is new.  At most `limit` bytes are kept."""
        try:
            arrival = self.part.feed.next(0.0)
        except SourceError as error:
            new = self.failure != str(error)
            self.failure = str(error)
            return new
        if arrival is None:
            return False
        self.failure = ""
        newest = self.newest
        if newest is not None and newest.frame.since is not None and arrival.frame.since is not None:
            self._interval = arrival.frame.since - newest.frame.since
        self._frames.append(arrival)
        held = sum(each.nbytes for each in self._frames)
        while held > limit and len(self._frames) > 1:
            held -= self._frames.popleft().nbytes
        return True

    @property
    def newest(self) -> Arrival | None:
        """The newest frame, or None before the first one."""
        return self._frames[-1] if self._frames else None

    @property
    def dead(self) -> bool:
        """Whether nothing is to be shown of the part."""
        return bool(self.failure) or self.part.lost()

    @property
    def awaited(self) -> bool:
        """Whether a first frame may come at any moment."""
        return not self._frames and not self.dead and time.monotonic() - self._found < LATE_SECONDS

    @property
    def shape(self) -> Shape | None:
        """``(rows, columns)`` of the newest frame."""
        return None if self.newest is None else self.newest.frame.info.shape

    @property
    def info(self) -> ImageInfo | None:
        """The facts about the newest frame."""
        return None if self.newest is None else self.newest.frame.info

    def state(self, newest: float | None) -> str:
        """Return why no newer frame of the part comes; `newest` is when another part published last."""
        told = self.failure or self.part.state
        if told or self.newest is None:
            return told
        since = self.newest.frame.since
        if newest is None or since is None:
            return ""
        late = newest - since > max(LATE_SECONDS, _LATE_INTERVALS * self._interval)
        step = self.newest.frame.step
        return ("late" if step is None else f"late at step {step}") if late else ""

    @property
    def steps(self) -> dict[int, Arrival]:
        """The frames that are kept, by their steps; of frames without a step, by how many were published."""
        return {step_of(each): each for each in self._frames}

    def forget_before(self, step: int) -> None:
        """Drop the frames that are older than a step."""
        while self._frames and len(self._frames) > 1 and step_of(self._frames[0]) < step:
            self._frames.popleft()


def step_of(arrival: Arrival) -> int:
    """Return the step of a frame; of one without a step, how many were published."""
    frame = arrival.frame
    return frame.count if frame.step is None else frame.step
