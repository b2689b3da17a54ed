"""A source that asks another one for everything: the base of those that change something on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ..errors import HostError
from ..geometry import Extent, Viewport
from .file_images import FileImages
from .image_info import ImageInfo, Plane
from .image_source import ImageSource, never
from .picture import DEFAULT_PICTURE, Picture
from .summary import Summary

__all__ = ["WrappedSource"]


class WrappedSource(ImageSource):
    """Forwards every call to another source, which is closed with it.

    Only stages are made here, of the tiles of this source: a subclass that changes tiles changes both.

    Attributes
    ----------
    source : ImageSource
        The other one.
    """

    def __init__(self, source: ImageSource) -> None:
        self.source = source

    @property
    def identity(self) -> str:
        return self.source.identity

    @identity.setter
    def identity(self, identity: str) -> None:
        self.source.identity = identity

    @property
    def info(self) -> ImageInfo:
        return self.source.info

    def render(self, viewport: Viewport, plane: Plane | None = None, reduction: str = "mean") -> np.ndarray:
        return self.source.render(viewport, plane, reduction)

    def render_tiles(
        self, tiles: Sequence[Viewport], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[tuple[Viewport, np.ndarray]]:
        return self.source.render_tiles(tiles, picture, stale)

    def delay(self, nbytes: int) -> float:
        return self.source.delay(nbytes)

    def sample(self, points: Sequence[tuple[float, float]], plane: Plane | None = None) -> np.ndarray:
        return self.source.sample(points, plane)

    def summarize(self, extent: Extent | None = None, plane: Plane | None = None, exact: bool = False) -> Summary:
        return self.source.summarize(extent, plane, exact)

    def world(self, points: Sequence[tuple[float, float]], plane: Plane | None = None) -> tuple[str, ...]:
        return self.source.world(points, plane)

    def file_images(self) -> FileImages | None:
        return super().file_images() or self.source.file_images()

    def wait_newer(self, version: int, timeout: float) -> int:
        return self.source.wait_newer(version, timeout)

    def watch(self, told: Callable[[HostError | None], None]) -> None:
        self.source.watch(told)

    def retry(self) -> None:
        self.source.retry()

    def close(self) -> None:
        self.source.close()
