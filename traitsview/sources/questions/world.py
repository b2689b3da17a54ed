"""The question for the world coordinates of places, as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..picture import Picture
from .question import Points, Question, Renderer

__all__ = ["World"]


@dataclass(frozen=True, slots=True)
class World(Question[tuple[str, ...]]):
    """Which world coordinates have `points`?  The answer is one text for each, empty where there are none.

    Attributes
    ----------
    points : tuple of (x, y)
        In data units.
    """

    points: Points

    def answers(self, source: Renderer, picture: Picture, stale: Callable[[], bool]) -> Iterator[tuple[str, ...]]:
        """Yield empty texts: most sources know no world."""
        yield ("",) * len(self.points)
