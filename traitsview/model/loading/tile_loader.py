"""Brings what a viewport shows from a source into a store, the newest wish first."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ...errors import SourceUnreadable, TraitsviewError, source_failure
from ...geometry import Viewport
from ...sources.image_source import ImageSource, Summary
from ...sources.picture import Picture
from ..appearance import Look
from ..indexer import Indexer
from .overview import Overview, bring_overview
from .plan import Line, Need, Step, ahead, steps
from .summarizer import Summarizer
from .tile_store import TileStore
from .worker import NewestWorker

__all__ = ["Arrival", "TileLoader", "Wanted"]

logger = logging.getLogger(__name__)

#: Seconds that the first picture waits for the colours that it will keep.
SOON = 0.1

#: Bytes that take time to come over any line.
MUCH = 1 << 20

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
class Arrival:
    """Something came, or did not: a summary, an overview, tiles in the store, or an error.

    `coming` are the names of the steps in which the picture will come, and `coarse` the resolution of the first.
    `wanted` is the wish that these, or the error, are about; the rest is good whatever was wanted.
    """

    summary: Summary | None = None
    overview: Overview | None = None
    tiles: bool = False
    error: TraitsviewError | None = None
    coming: tuple[str, ...] = ()
    coarse: tuple[float, float] | None = None
    wanted: Wanted | None = None


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
        self._line = Line(source.link.delay, info.channels * info.pixel_dtype.itemsize)
        self._indexer = Indexer()
        self._summarizer = Summarizer(source, lambda summary: told(Arrival(summary=summary)))
        self._overview: Overview | None = None
        self._worker = NewestWorker("traitsview loader")
        self._changed = threading.Condition()
        self._asked = self._done = 0
        self._closed = False
        self._logged: set[str] = set()

    def load(self, wanted: Wanted) -> None:
        """Load what is wanted and missing; whatever was wanted before is wanted no more.  Returns at once."""
        with self._changed:
            self._asked += 1
            number = self._asked
        self._worker.submit(lambda stale: self._load(wanted, number, stale))

    def forget_summary(self) -> None:
        """Summarize the plane that is loaded next."""
        self._summarizer.forget()

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
            self._changed.notify_all()
        self._worker.close()
        self._summarizer.close()

    # ---- the way of one wish ----------------------------------------------

    def _load(self, wanted: Wanted, number: int, stale: Callable[[], bool]) -> None:
        distant = False
        try:
            distant = self._source.link.delay(MUCH) > 0
            # Over a line the better overview waits for a rest, or the next wish would wait behind it.
            better = () if distant else (self._refine,)
            for step in (self._begin, self._fill, *better, self._summarize_exactly):
                if stale():
                    return
                step(wanted, stale)
        except BaseException as error:  # a source may be the code of others, which may raise anything
            self._told(Arrival(error=self._failure(error), wanted=wanted))
            return
        finally:
            with self._changed:
                self._done = max(self._done, number)
                self._changed.notify_all()
        if wanted.ahead and distant and not self._worker.wait_newer(REST):
            self._look_ahead(wanted, distant, stale)

    def _begin(self, wanted: Wanted, stale: Callable[[], bool]) -> None:
        """Bring what has to be there before any pixel: what the values are like and, at the same time, a preview."""
        picture = wanted.picture
        lacking = self._summarizer.begin(picture.plane)
        if self._overview is None or self._overview.picture != picture:
            self._look_over(picture, stale, preview=True)
        while lacking and not self._summarizer.wait(LOOK_AGAIN):
            if stale():
                return

    def _fill(self, wanted: Wanted, stale: Callable[[], bool]) -> None:
        need = self._need(wanted)
        coming = steps(need, self._source.info, self._store, self._line)
        coarse = next((step.stage.tiles[0].resolution for step in coming if step.name == "coarse"), None)
        if any(step.name != "exact" for step in coming):
            self._told(Arrival(coming=tuple(step.name for step in coming), coarse=coarse, wanted=wanted))
        self._bring(wanted.picture, coming, stale)

    def _refine(self, wanted: Wanted, stale: Callable[[], bool]) -> None:
        """Bring an overview in the place of a preview."""
        if self._overview is not None and self._overview.preview:
            self._look_over(wanted.picture, stale)

    def _summarize_exactly(self, wanted: Wanted, stale: Callable[[], bool]) -> None:
        if wanted.exact_summary:
            self._summarizer.look_at_all(wanted.picture.plane)

    def _look_ahead(self, wanted: Wanted, distant: bool, stale: Callable[[], bool]) -> None:
        try:
            if distant:
                self._refine(wanted, stale)
            self._bring(
                wanted.picture, ahead(self._need(wanted), self._source.info, self._store, self._line), stale, quiet=True
            )
        except BaseException as error:  # nobody asked for it
            self._failure(error)

    def _failure(self, error: BaseException) -> TraitsviewError:
        """Return why the source failed; a reason of its own is logged, once."""
        failure = source_failure(error)
        if failure is not error and str(failure) not in self._logged:
            self._logged.add(str(failure))
            logger.error("a source failed", exc_info=failure)
        return failure

    # ---- pieces -----------------------------------------------------------

    def _bring(self, picture: Picture, coming: Sequence[Step], stale: Callable[[], bool], quiet: bool = False) -> None:
        """Bring all steps, one after the other without asking in between."""
        stages = [step.stage for step in coming]
        if not stages:
            return
        for came in self._source.render_stages(stages, picture, stale):
            if came.pixels.shape[:2] != came.tile.shape or came.pixels.dtype.kind != "f":
                form = f"{came.pixels.dtype} of {came.pixels.shape}"
                raise SourceUnreadable("refused what the source brought", f"{form} for a tile of {came.tile.shape}")
            self._store.put(picture, came.tile, came.pixels, came.indexing)
            if not quiet:
                self._told(Arrival(tiles=True))

    def _need(self, wanted: Wanted) -> Need:
        """Return what a wish needs, with the colours that it will have."""
        summary, indexing = self._summarizer.summary, None
        if summary is not None and self._source.info.channels == 1:
            indexing = self._indexer.indexing(wanted.look, summary)
        return Need(wanted.viewport, wanted.picture, wanted.focus, indexing)

    def _look_over(self, picture: Picture, stale: Callable[[], bool], preview: bool = False) -> None:
        """Bring the whole image in a few pixels."""
        overview = bring_overview(self._source, picture, preview, self._line, stale)
        if overview is None:
            return
        self._overview = overview
        self._told(Arrival(overview=overview))
        if preview and not self._summarizer.wait(SOON):
            # Colours by the preview's own values until there are better ones.
            self._summarizer.guess(overview.pixels)
