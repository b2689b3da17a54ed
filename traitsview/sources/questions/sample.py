"""The question for the values of single elements: the values of the elements themselves, not means."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from ...geometry import Viewport
from ..picture import Picture
from ..spans import meant
from .question import Points, Question, Renderer

__all__ = ["Sample"]


@dataclass(frozen=True, slots=True)
class Sample(Question[np.ndarray]):
    """Which values have the elements at `points`?  The answer is an array, (n,) or (n, 3 | 4).

    Where all points are inside the image and the source can, it is in the image's own dtype (native byte order).
    Otherwise it is in float64 (``np.longdouble`` for integers that float64 would round) or in complex128, and the value
    of a point outside is NaN.

    Attributes
    ----------
    points : tuple of (x, y)
        In data units.
    """

    points: Points

    def answers(self, source: Renderer, picture: Picture, stale: Callable[[], bool]) -> Iterator[np.ndarray]:
        """Yield the elements, each rendered by itself."""
        info = source.info
        (sx, sy), (ax, ay) = info.element, info.anchor
        values = []
        for x, y in self.points:
            if stale():
                return
            column, row = meant((x - ax) / sx), meant((y - ay) / sy)
            inside = 0 <= column < info.shape[1] and 0 <= row < info.shape[0]
            place = (int(column), int(row)) if inside else (-1, -1)
            pixel = Viewport((sx, sy), place, (1, 1), info.anchor)
            values.append(source.render(pixel, picture.plane, "nearest")[0, 0])
        shape = (0,) if info.channels == 1 else (0, info.channels)
        yield np.array(values) if values else np.empty(shape)
