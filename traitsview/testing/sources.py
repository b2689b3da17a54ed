"""Sources for tests: another source that is slow, waits, fails or counts, and a link that does what a test says."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ..errors import HostError
from ..geometry import Viewport
from ..sources.image_info import Plane
from ..sources.image_source import ImageSource, never
from ..sources.picture import DEFAULT_PICTURE, Picture
from ..sources.source_link import SourceLink
from ..sources.wrapped_source import RetiledSource

__all__ = ["CountingSource", "FailingSource", "GatedSource", "LatencySource", "ScriptedLink"]

#: Seconds between two questions whether tiles that wait are still wanted.
_ASK_SECONDS = 0.005


class ScriptedLink(SourceLink):
    """A link whose news a test tells.

    Attributes
    ----------
    tell : callable
        Tells a piece of news; see `SourceLink.watch`.
    retried : int
        How often the user wanted another try.
    """

    def __init__(self) -> None:
        self.tell: Callable[[HostError | None], None] = lambda news: None
        self.retried = 0

    def watch(self, listener: Callable[[HostError | None], None]) -> None:
        self.tell = listener

    def retry(self) -> None:
        self.retried += 1


class LatencySource(RetiledSource):
    """Another source that takes a while.

    Parameters
    ----------
    source : ImageSource
    seconds : float
        For each tile, or for each call of `render` whatever its size.
    together : bool
        Whether all tiles are rendered in one call, as by a source whose cost is per call.  It cannot be stopped then.
        Otherwise `stale` is asked all the time.
    """

    def __init__(self, source: ImageSource, seconds: float, together: bool = False) -> None:
        super().__init__(source)
        self.seconds = seconds
        self._together = together

    def render(self, viewport: Viewport, plane: Plane | None = None, reduction: str = "mean") -> np.ndarray:
        time.sleep(self.seconds)
        return super().render(viewport, plane, reduction)

    def render_tiles(
        self, tiles: Sequence[Viewport], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[tuple[Viewport, np.ndarray]]:
        if self._together:
            yield from ImageSource.render_tiles(self, tiles, picture, stale)
            return
        for tile in tiles:
            end = time.monotonic() + self.seconds
            while not stale() and time.monotonic() < end:
                time.sleep(min(_ASK_SECONDS, max(0.0, end - time.monotonic())))
            if stale():
                return
            yield from self.source.render_tiles((tile,), picture, stale)


class GatedSource(RetiledSource):
    """Another source whose tiles come only while its gate is open; those of single elements always do.

    Attributes
    ----------
    gate : threading.Event
    """

    def __init__(self, source: ImageSource) -> None:
        super().__init__(source)
        self.gate = threading.Event()

    def render_tiles(
        self, tiles: Sequence[Viewport], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[tuple[Viewport, np.ndarray]]:
        while picture.reduction != "nearest" and not self.gate.wait(_ASK_SECONDS):
            if stale():
                return
        yield from self.source.render_tiles(tiles, picture, stale)


class FailingSource(RetiledSource):
    """Another source that fails while a test says so, behind a link whose news the test tells.

    Attributes
    ----------
    failure : BaseException or None
        What tiles raise.
    """

    def __init__(self, source: ImageSource) -> None:
        super().__init__(source)
        self.failure: BaseException | None = None
        self._link = ScriptedLink()

    @property
    def link(self) -> ScriptedLink:
        return self._link

    def render_tiles(
        self, tiles: Sequence[Viewport], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[tuple[Viewport, np.ndarray]]:
        if self.failure is not None:
            raise self.failure
        yield from self.source.render_tiles(tiles, picture, stale)


class CountingSource(RetiledSource):
    """Another source that counts the tiles that are rendered.

    Parameters
    ----------
    source : ImageSource
    before : callable
        Is called with each viewport before it is rendered.

    Attributes
    ----------
    rendered : list of Viewport
        The viewports that were rendered, in order.
    """

    def __init__(self, source: ImageSource, before: Callable[[Viewport], None] = lambda viewport: None) -> None:
        super().__init__(source)
        self.before = before
        self.rendered: list[Viewport] = []

    def render(self, viewport: Viewport, plane: Plane | None = None, reduction: str = "mean") -> np.ndarray:
        self.rendered.append(viewport)
        self.before(viewport)
        return super().render(viewport, plane, reduction)

    def render_tiles(
        self, tiles: Sequence[Viewport], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[tuple[Viewport, np.ndarray]]:
        for tile in tiles:
            if stale():
                return
            self.rendered.append(tile)
            self.before(tile)
            yield from self.source.render_tiles((tile,), picture, stale)
