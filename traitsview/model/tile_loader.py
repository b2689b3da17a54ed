"""Brings what a viewport shows from a source into a store, the newest wish first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ..color.indexing import Indexing
from ..errors import SourceUnreadable, TraitsviewError
from ..geometry import Viewport
from ..sources.image_source import ImageInfo, ImageSource, Plane, Summary, summary_of
from .appearance import Look
from .plan import AT_ONCE, WHOLE, Line, Need, Step, ahead, steps
from .tile_store import Picture, TileStore
from .worker import NewestWorker

__all__ = ["Arrival", "Overview", "TileLoader", "Wanted"]

#: Rows and columns that the overview of an image has at most, and the first one of a source that is far away.
OVERVIEW, SMALL_OVERVIEW = 512, 128

#: Bytes of a summary's sample.
SAMPLE_BYTES = 1 << 20

#: Seconds of rest after which what was not asked for is brought.
REST = 0.3

#: Seconds between two looks whether what is waited for is wanted no more.
LOOK_AGAIN = 0.01


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
    look : Look
        How values become colours, which come before the values over a slow line.
    exact_summary : bool
        Whether a summary of a sample of the image will not do.
    ahead : bool
        Whether to bring what may be wanted next when all this is there.
    """

    viewport: Viewport
    picture: Picture
    focus: tuple[float, float]
    look: Look = field(default_factory=Look)
    exact_summary: bool = False
    ahead: bool = True


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
    """Something came, or did not: a summary, an overview, tiles in the store, or an error.

    `coming` are the names of the steps in which the picture will come, and `coarse` the resolution of the first.
    """

    summary: Summary | None = None
    overview: Overview | None = None
    tiles: bool = False
    error: TraitsviewError | None = None
    coming: tuple[str, ...] = ()
    coarse: tuple[float, float] | None = None


class TileLoader:
    """Loads for one viewer from one source, in a thread of its own.

    Parameters
    ----------
    source : ImageSource
    store : TileStore
        Where tiles are put.
    told : callable
        Called with each `Arrival`, in the loader's threads.
    """

    def __init__(self, source: ImageSource, store: TileStore, told: Callable[[Arrival], None]) -> None:
        self._source = source
        self._store = store
        self._told = told
        info = source.info
        self._line = Line(source.delay, info.channels * info.pixel_dtype.itemsize)
        self._indexer = Indexer()
        self._summary: Summary | None = None
        self._summarized: Plane | None = None
        self._overview: Overview | None = None
        self._worker = NewestWorker("traitsview loader")
        self._summarizer: NewestWorker | None = None
        self._summarizing = threading.Lock()
        self._changed = threading.Condition()
        self._asked = self._done = 0
        self._closed = False

    def load(self, wanted: Wanted) -> None:
        """Load what is wanted and missing; whatever was wanted before is wanted no more.  Returns at once."""
        with self._changed:
            self._asked += 1
            number = self._asked
        self._worker.submit(lambda stale: self._load(wanted, number, stale))

    def forget_summary(self) -> None:
        """Summarize the plane that is loaded next."""
        self._summary = None

    def wait_idle(self, timeout: float) -> bool:
        """Wait until all that is wanted is there; return whether that came within `timeout` seconds.

        What is brought without being asked for is not waited for.
        """
        with self._changed:
            return self._changed.wait_for(lambda: self._closed or self._done == self._asked, timeout)

    def close(self) -> None:
        """Stop between two pieces of work."""
        with self._changed:
            self._closed = True
            summarizer = self._summarizer
            self._changed.notify_all()
        self._worker.close()
        if summarizer is not None:
            summarizer.close()

    # ---- the way of one wish ----------------------------------------------

    def _load(self, wanted: Wanted, number: int, stale: Callable[[], bool]) -> None:
        distant = self._source.delay(SAMPLE_BYTES) > 0
        try:
            # Over a line the better overview waits for a rest, or the next wish would wait behind it.
            better = () if distant else (self._look_over,)
            for step in (self._begin, self._fill, *better, self._summarize_exactly):
                if stale():
                    return
                step(wanted, stale)
        except TraitsviewError as error:
            self._told(Arrival(error=error))
            return
        finally:
            with self._changed:
                self._done = max(self._done, number)
                self._changed.notify_all()
        if wanted.ahead and distant and not self._worker.wait_newer(REST):
            self._look_ahead(wanted, distant, stale)

    def _begin(self, wanted: Wanted, stale: Callable[[], bool]) -> None:
        """Bring what has to be there before any pixel: what the values are like, and a preview."""
        picture = wanted.picture
        lacks_preview = self._overview is None or self._overview.picture != picture
        if not self._lacks_summary(picture.plane):
            if lacks_preview:
                self._make_overview(picture, "nearest", stale)
            return
        if not lacks_preview or not self._line.delay(SAMPLE_BYTES) > AT_ONCE:
            self._summarize(picture.plane)
            if lacks_preview and not stale():
                self._make_overview(picture, "nearest", stale)
            return
        # Far away: both at once, and colours by the preview's own values until there are better ones.
        with self._changed:
            if self._closed:
                return
            summarizer = self._summarizer = self._summarizer or NewestWorker("traitsview summary")
        errors: list[TraitsviewError] = []
        summarizer.submit(lambda stale: self._summarize_aside(picture.plane, errors))
        self._make_overview(picture, "nearest", stale, estimate=True)
        while not summarizer.wait_idle(LOOK_AGAIN):
            if stale():
                return
        if errors:
            raise errors[0]

    def _fill(self, wanted: Wanted, stale: Callable[[], bool]) -> None:
        need = self._need(wanted)
        coming = steps(need, self._source.info, self._store, self._line)
        coarse = next((step.stage.tiles[0].resolution for step in coming if step.name == "coarse"), None)
        if any(step.name != "exact" for step in coming):
            self._told(Arrival(coming=tuple(step.name for step in coming), coarse=coarse))
        self._bring(wanted.picture, coming, stale)

    def _look_over(self, wanted: Wanted, stale: Callable[[], bool]) -> None:
        if self._overview is not None and self._overview.preview and wanted.picture.reduction != "nearest":
            self._make_overview(wanted.picture, wanted.picture.reduction, stale)

    def _summarize_exactly(self, wanted: Wanted, stale: Callable[[], bool]) -> None:
        summary = self._summary  # another thread may forget it
        if wanted.exact_summary and summary is not None and not summary.exact:
            self._summary = self._source.summarize(plane=wanted.picture.plane, exact=True)
            self._told(Arrival(summary=self._summary))

    def _look_ahead(self, wanted: Wanted, distant: bool, stale: Callable[[], bool]) -> None:
        try:
            if distant:
                self._look_over(wanted, stale)
            self._bring(
                wanted.picture, ahead(self._need(wanted), self._source.info, self._store, self._line), stale, quiet=True
            )
        except TraitsviewError:
            return  # nobody asked for it

    # ---- pieces -----------------------------------------------------------

    def _bring(self, picture: Picture, coming: Sequence[Step], stale: Callable[[], bool], quiet: bool = False) -> None:
        """Bring all steps, one after the other without asking in between."""
        stages = [step.stage for step in coming]
        if not stages:
            return
        for came in self._source.render_stages(stages, picture.plane, picture.reduction, stale):
            if came.pixels.shape[:2] != came.tile.shape or came.pixels.dtype.kind != "f":
                form = f"{came.pixels.dtype} of {came.pixels.shape}"
                raise SourceUnreadable("refused what the source brought", f"{form} for a tile of {came.tile.shape}")
            self._store.put(picture, came.tile, came.pixels, came.indexing)
            if not quiet:
                self._told(Arrival(tiles=True))

    def _need(self, wanted: Wanted) -> Need:
        """Return what a wish needs, with the colours that it will have."""
        summary, indexing = self._summary, None
        if summary is not None and self._source.info.channels == 1:
            indexing = self._indexer.indexing(wanted.look, summary)
        return Need(wanted.viewport, wanted.picture, wanted.focus, indexing)

    def _lacks_summary(self, plane: Plane) -> bool:
        summary = self._summary
        # Limits stay from plane to plane, so that colours can be compared; a plane of nothing but NaN gives none.
        return summary is None or (not summary.valid and plane != self._summarized)

    def _summarize(self, plane: Plane) -> None:
        summary = self._source.summarize(plane=plane)
        with self._summarizing:
            self._summary, self._summarized = summary, plane
            self._told(Arrival(summary=summary))

    def _summarize_aside(self, plane: Plane, errors: list[TraitsviewError]) -> None:
        try:
            self._summarize(plane)
        except TraitsviewError as error:
            errors.append(error)

    def _make_overview(
        self, picture: Picture, reduction: str, stale: Callable[[], bool], estimate: bool = False
    ) -> None:
        info = self._source.info
        viewport = overview_of(info)
        if reduction != picture.reduction and self._line.seconds([viewport]) > WHOLE:
            viewport = overview_of(info, SMALL_OVERVIEW)
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
        with self._summarizing:
            guess = summary_of(pixels, exact=False) if estimate and self._summary is None else None
            self._told(Arrival(overview=self._overview, summary=guess))


def overview_of(info: ImageInfo, side: int = OVERVIEW) -> Viewport:
    """Return the viewport of an overview: the whole image in at most `side` pixels a side."""
    rows, columns = (min(n, side) for n in info.shape)
    return replace(Viewport.covering(info.extent, (rows, columns), info.anchor), origin=(0, 0))


class Indexer:
    """Finds where values lie in a table of colours, and remembers the last answer: percentiles take milliseconds."""

    def __init__(self) -> None:
        self._last: tuple[Look, Summary, Indexing | None] | None = None

    def indexing(self, look: Look, summary: Summary) -> Indexing | None:
        """Return the indexing of a look, if indices can stand for values there."""
        last = self._last
        if last is not None and last[0] == look and last[1] is summary:
            return last[2]
        indexing = look.shading(summary).indexing
        found = indexing if indexing.invertible else None
        self._last = look, summary, found
        return found
