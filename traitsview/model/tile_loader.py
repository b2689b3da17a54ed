"""Brings what a viewport shows from a source into a store, the newest wish first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..errors import TraitsviewError
from ..geometry import Viewport
from ..sources.image_source import ImageInfo, ImageSource, Plane, Summary
from .tile_store import Picture, TileStore
from .worker import NewestWorker

__all__ = ["Arrival", "Overview", "TileLoader", "Wanted"]

#: Rows and columns that the overview of an image has at most.
OVERVIEW = 512


@dataclass(frozen=True, slots=True)
class Wanted:
    """What should be held.

    Attributes
    ----------
    viewport : Viewport
        What is on the screen.
    picture : Picture
        Of which plane, reduction and version.
    focus : (x, y)
        The data point that the eye is on; tiles come in the order of their distance from it.
    exact_summary : bool
        Whether a summary of a sample of the image will not do.
    """

    viewport: Viewport
    picture: Picture
    focus: tuple[float, float]
    exact_summary: bool = False


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole image in a few pixels, so that nothing is ever blank.

    `pixels` is read-only, (rows, columns[, 3 | 4]), and shows `viewport`.  A preview is made of
    single elements; the overview that follows it has the viewer's own reduction.
    """

    picture: Picture
    viewport: Viewport
    pixels: np.ndarray
    preview: bool


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something came, or did not: a summary, an overview, tiles in the store, or an error."""

    summary: Summary | None = None
    overview: Overview | None = None
    tiles: bool = False
    error: TraitsviewError | None = None


class TileLoader:
    """Loads for one viewer from one source, in a thread of its own.

    Parameters
    ----------
    source : ImageSource
    store : TileStore
        Where tiles are put.
    told : callable
        Called with each `Arrival`, in the loader's thread.
    """

    def __init__(self, source: ImageSource, store: TileStore, told: Callable[[Arrival], None]) -> None:
        self._source = source
        self._store = store
        self._told = told
        self._summary: Summary | None = None
        self._summarized: Plane | None = None
        self._overview: Overview | None = None
        self._worker = NewestWorker("traitsview loader")

    def load(self, wanted: Wanted) -> None:
        """Load what is wanted and missing; whatever was wanted before is wanted no more.  Returns at once."""
        self._worker.submit(lambda stale: self._load(wanted, stale))

    def forget_summary(self) -> None:
        """Summarize the plane that is loaded next."""
        self._summary = None

    def wait_idle(self, timeout: float) -> bool:
        """Wait until there is nothing left to load; return whether that came within `timeout` seconds."""
        return self._worker.wait_idle(timeout)

    def close(self) -> None:
        """Stop between two pieces of work."""
        self._worker.close()

    def _load(self, wanted: Wanted, stale: Callable[[], bool]) -> None:
        try:
            for step in (self._summarize, self._preview, self._fill, self._look_over, self._summarize_exactly):
                if stale():
                    return
                step(wanted, stale)
        except TraitsviewError as error:
            self._told(Arrival(error=error))

    def _summarize(self, wanted: Wanted, stale: Callable[[], bool]) -> None:
        summary, plane = self._summary, wanted.picture.plane
        # Limits stay from plane to plane, so that colours can be compared; a plane of nothing but NaN gives none.
        if summary is None or (not summary.valid and plane != self._summarized):
            self._summary, self._summarized = self._source.summarize(plane=plane), plane
            self._told(Arrival(summary=self._summary))

    def _preview(self, wanted: Wanted, stale: Callable[[], bool]) -> None:
        if self._overview is None or self._overview.picture != wanted.picture:
            self._make_overview(wanted.picture, "nearest", stale)

    def _fill(self, wanted: Wanted, stale: Callable[[], bool]) -> None:
        picture = wanted.picture
        missing = self._store.missing(picture, by_distance(wanted.viewport.tiles(), wanted.focus))
        for tile, pixels in self._source.render_tiles(missing, picture.plane, picture.reduction, stale):
            self._store.put(picture, tile, pixels)
            self._told(Arrival(tiles=True))

    def _look_over(self, wanted: Wanted, stale: Callable[[], bool]) -> None:
        if self._overview is not None and self._overview.preview and wanted.picture.reduction != "nearest":
            self._make_overview(wanted.picture, wanted.picture.reduction, stale)

    def _summarize_exactly(self, wanted: Wanted, stale: Callable[[], bool]) -> None:
        summary = self._summary  # another thread may forget it
        if wanted.exact_summary and summary is not None and not summary.exact:
            self._summary = self._source.summarize(plane=wanted.picture.plane, exact=True)
            self._told(Arrival(summary=self._summary))

    def _make_overview(self, picture: Picture, reduction: str, stale: Callable[[], bool]) -> None:
        info = self._source.info
        viewport = overview_of(info)
        pixels = np.full((*viewport.shape, info.channels), np.nan, info.pixel_dtype)
        if info.channels == 1:
            pixels = pixels[..., 0]
        rest = len(viewport.tiles())
        for tile, part in self._source.render_tiles(viewport.tiles(), picture.plane, reduction, stale):
            here, there = viewport.overlap(tile), tile.overlap(viewport)
            assert here is not None
            assert there is not None
            pixels[here] = part[there]
            rest -= 1
        if rest:
            return
        pixels.setflags(write=False)
        self._overview = Overview(picture, viewport, pixels, preview=reduction != picture.reduction)
        self._told(Arrival(overview=self._overview))


def overview_of(info: ImageInfo) -> Viewport:
    """Return the viewport of an overview: the whole image in at most `OVERVIEW` pixels a side."""
    rows, columns = (min(n, OVERVIEW) for n in info.shape)
    return replace(Viewport.covering(info.extent, (rows, columns), info.anchor), origin=(0, 0))


def by_distance(tiles: Sequence[Viewport], point: tuple[float, float]) -> list[Viewport]:
    """Return `tiles`, which share a grid, in the order of the distance of their centres from a data point."""

    def distance(tile: Viewport) -> float:
        column, row = tile.pixel_at(*point)
        return (column - tile.shape[1] / 2) ** 2 + (row - tile.shape[0] / 2) ** 2

    return sorted(tiles, key=distance)
