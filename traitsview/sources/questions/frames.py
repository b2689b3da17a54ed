"""The question for the frames that are kept of a live image."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..picture import Picture
from .question import Question, Renderer

__all__ = ["FrameMark", "Frames"]


@dataclass(frozen=True, slots=True)
class FrameMark:
    """A frame that can be shown: its version, its step and time in the calculation, and its count; see `Frame`."""

    version: int
    step: int | None = None
    time: float | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Frames(Question[tuple[FrameMark, ...]]):
    """Which frames can be shown?  The answer has the oldest first; it is empty for an image that does not change."""

    of_frame = False

    def answers(self, source: Renderer, picture: Picture, stale: Callable[[], bool]) -> Iterator[tuple[FrameMark, ...]]:
        """Yield none: a source that keeps frames answers by itself."""
        yield ()
