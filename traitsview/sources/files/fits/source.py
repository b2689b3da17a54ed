"""An image of a FITS file together with the file and its world coordinates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...arrays.array_source import ArraySource
from ...image_info import Plane, check_plane
from ..regular_file import RegularFile

__all__ = ["FitsSource", "Labels"]

#: Says for places, (column, row) counted from the first edge in elements, and a plane where in the world they are.
Labels = Callable[[Sequence[tuple[float, float]], Sequence[int]], tuple[str, ...]]


class FitsSource(ArraySource):
    """An image of a FITS file together with the file and its world coordinates."""

    def __init__(self, file: RegularFile, close: Callable[[], None], labels: Labels | None, array: Any, **options: Any):
        super().__init__(array, **options)
        self._file = file
        self._close_file = close
        self._labels = labels

    def world(self, points: Sequence[tuple[float, float]], plane: Plane | None = None) -> tuple[str, ...]:
        """Return for each of `points` where it is on the sky, or on other world axes, as text."""
        if self._labels is None:
            return super().world(points, plane)
        at = check_plane(self.info, plane)
        (x0, y0), (sx, sy) = self.info.anchor, self.info.element
        return self._labels([((x - x0) / sx, (y - y0) / sy) for x, y in points], at)

    def close(self) -> None:
        """Let go of the file."""
        super().close()
        self._close_file()
        self._file.close()
