"""A source that asks another source for everything, for subclasses that change one thing on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ..geometry import Viewport
from .file_images import FileImages
from .frame import Frame
from .image_info import ImageInfo, Plane
from .image_source import ImageSource, Rendered, Stage, never
from .picture import DEFAULT_PICTURE, Picture
from .questions.question import Answer, Question
from .source_link import SourceLink

__all__ = ["RetiledSource", "WrappedSource"]


class WrappedSource(ImageSource):
    """Forwards everything to another source, which is closed with it.

    A subclass that overrides `info` overrides `frame` as well, whose info is the same.

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
    def listing(self) -> Callable[[], FileImages | None] | None:
        return self.source.listing

    @listing.setter
    def listing(self, listing: Callable[[], FileImages | None] | None) -> None:
        self.source.listing = listing

    @property
    def link(self) -> SourceLink:  # type: ignore[override]
        return self.source.link

    @property
    def info(self) -> ImageInfo:
        return self.source.info

    def render(self, viewport: Viewport, plane: Plane | None = None, reduction: str = "mean") -> np.ndarray:
        return self.source.render(viewport, plane, reduction)

    def render_tiles(
        self, tiles: Sequence[Viewport], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[tuple[Viewport, np.ndarray]]:
        return self.source.render_tiles(tiles, picture, stale)

    def render_stages(
        self, stages: Sequence[Stage], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[Rendered]:
        return self.source.render_stages(stages, picture, stale)

    def answers(
        self, question: Question[Answer], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[Answer]:
        return self.source.examine(question, picture, stale)

    def file_images(self) -> FileImages | None:
        return self.source.file_images()

    @property
    def frame(self) -> Frame:
        return self.source.frame

    def wait_newer(self, version: int, timeout: float) -> int:
        return self.source.wait_newer(version, timeout)

    def hold(self, version: int) -> object:
        return self.source.hold(version)

    def close(self) -> None:
        self.source.close()


class RetiledSource(WrappedSource):
    """A wrapped source that brings tiles in a way of its own: stages are made of them, not of the other source's."""

    def render_stages(
        self, stages: Sequence[Stage], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[Rendered]:
        return ImageSource.render_stages(self, stages, picture, stale)
