"""The question for a summary of values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ...geometry import Extent, Viewport, check_extent
from ..channel_summary import pixels_summary
from ..image_info import ImageInfo
from ..picture import Picture
from ..spans import ratios
from ..summary import Summary
from .question import Question, Renderer

__all__ = ["Summarize"]

#: Rows and columns of single elements that a quick answer is made of, at most.
_QUICK_SIDE = 256


@dataclass(frozen=True, slots=True)
class Summarize(Question[Summary]):
    """What are the values within `extent` like?  The answer is a `Summary`.

    Attributes
    ----------
    extent : (x0, x1, y0, y1), optional
        In data units; the whole image by default.
    exact : bool
        Whether every element is to be looked at; otherwise the answer is quick.

    Raises
    ------
    RequestError
        If the extent is none.
    """

    extent: Extent | None = None
    exact: bool = False

    def __post_init__(self) -> None:
        if self.extent is not None:
            object.__setattr__(self, "extent", check_extent(self.extent, "cannot summarize that extent"))

    def answers(self, source: Renderer, picture: Picture, stale: Callable[[], bool]) -> Iterator[Summary]:
        """Yield the summary of elements that are rendered one by one."""
        if stale():
            return
        info = source.info
        viewport = Viewport.covering(self.extent or info.extent, self._shape(info), info.anchor)
        every = max(ratios(info, viewport)) <= 1
        yield pixels_summary(source.render(viewport, picture.plane, "nearest"), info, every)

    def _shape(self, info: ImageInfo) -> tuple[int, int]:
        x0, x1, y0, y1 = self.extent or info.extent
        sx, sy = info.element
        rows, columns = max(1, round((y1 - y0) / sy)), max(1, round((x1 - x0) / sx))
        return (rows, columns) if self.exact else (min(rows, _QUICK_SIDE), min(columns, _QUICK_SIDE))
