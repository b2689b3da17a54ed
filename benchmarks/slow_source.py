"""A source that takes two seconds for each render, for `OwnProcess(path, "slow_source:open_slowly")`."""

from __future__ import annotations

import time

import numpy as np

from traitsview.geometry import Viewport
from traitsview.sources.image_source import Extent, ImageInfo, ImageSource, Plane, Summary
from traitsview.sources.registry import open_source

SECONDS = 2.0


class SlowSource(ImageSource):
    """Another source, with a delay in `render`."""

    def __init__(self, source: ImageSource) -> None:
        self._source = source

    @property
    def info(self) -> ImageInfo:
        return self._source.info

    def render(self, viewport: Viewport, plane: Plane | None = None, reduction: str = "mean") -> np.ndarray:
        time.sleep(SECONDS)
        return self._source.render(viewport, plane, reduction)

    def summarize(self, extent: Extent | None = None, plane: Plane | None = None, exact: bool = False) -> Summary:
        return self._source.summarize(extent, plane, exact)

    def sample(self, points: list[tuple[float, float]], plane: Plane | None = None) -> np.ndarray:
        return self._source.sample(points, plane)

    def close(self) -> None:
        self._source.close()


def open_slowly(text: str) -> ImageSource:
    return SlowSource(open_source(text))
