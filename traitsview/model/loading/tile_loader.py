"""Brings the tiles that a viewer wishes for from a source into a store."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ...color.indexing import Indexing
from ...errors import FrameGone, SourceUnreadable, TraitsviewError, source_failure
from ...sources.image_info import ImageInfo
from ...sources.image_source import ImageSource
from ...sources.summary import Summary
from .indexer import Indexer
from .overview import Overview, bring_overview
from .plan import LinkSpeed, Step, ahead, steps
from .summarizer import Summarizer
from .tile_store import TileStore
from .wish import Wish, continues, of_frame
from .worker import NewestWorker

__all__ = ["Arrival", "TileLoader"]

logger = logging.getLogger(__name__)

#: Seconds that the first picture waits for the colours that it will keep.
SUMMARY_SECONDS = 0.1

#: Bytes that take time to come over any link.
DISTANT_BYTES = 1 << 20

#: Seconds of rest after which what was not asked for is brought.
REST_SECONDS = 0.3

#: Seconds between two looks whether a newer wish has come.
STALE_CHECK_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Arrival:
    """News from a loader: a summary, an overview, tiles in the store, the steps that will come, or an error.

    `renewed` is the summary of a later frame than that of which the viewer has one.
    `coming` has the names of the steps in which the picture will come, and `coarse` is the resolution of the first.
    `wish` is the wish that the steps, the tiles or the error belong to.  A summary and an overview belong to any wish.
    `generation` is that of the summaries, see `TileLoader.generation`.
    """

    summary: Summary | None = None
    renewed: Summary | None = None
    overview: Overview | None = None
    tiles: bool = False
    error: TraitsviewError | None = None
    coming: tuple[str, ...] = ()
    coarse: tuple[float, float] | None = None
    wish: Wish | None = None
    generation: int = 0


class TileLoader:
    """Loads for one viewer from one source, in a thread of its own.

    Parameters
    ----------
    source : ImageSource
    store : TileStore
        Takes the tiles.
    indexer : Indexer
        Others may use it as well.
    listener : callable
        Called with each `Arrival`, in the loader's threads.
    """

    def __init__(
        self, source: ImageSource, store: TileStore, indexer: Indexer, listener: Callable[[Arrival], None]
    ) -> None:
        self._source = source
        self._store = store
        self._listener = listener
        self._indexer = indexer
        self._summarizer = Summarizer(source, self._tell_summary, self._tell_renewed)
        self._overview: Overview | None = None
        self._worker = NewestWorker("traitsview loader")
        self._changed = threading.Condition()
        self._asked = self._done = 0
        self._wish: Wish | None = None
        self._last: Wish | None = None
        self.begun: Wish | None = None
        self._closed = False
        self._logged: set[str] = set()

    def load(self, *wishes: Wish) -> None:
        """Load what wishes need and the store lacks, one after the other, in the place of earlier ones.

        Returns at once.
        """
        with self._changed:
            self._wish, self.begun = wishes[0], None
            self._submit(wishes)

    def begin_next(self, info: ImageInfo) -> None:
        """Begin to load the next frame of what is loaded, before the viewer's thread has the time to ask for it.

        The wish for it is `begun` then.  Nothing is begun if the frame is another image.
        """
        with self._changed:
            wish = self._wish
            if wish is None or wish.info is None or not continues(wish.info, info):
                return
            self.begun = of_frame(wish, info)
            self._submit((wish, self.begun))

    def show(self, wish: Wish) -> None:
        """Take a wish that was loaded for the next frame as that for the frame that is shown now.

        The frame will be summarized, soon; see `Arrival.renewed`.
        """
        with self._changed:
            self._wish = wish
        self._summarizer.renew(wish.picture, wish.exact)

    def take_summary(self, summary: Summary) -> None:
        """Have the indices of pixels follow a summary from now on."""
        self._summarizer.take(summary)

    @property
    def generation(self) -> int:
        """Tells the summaries that come after `forget_summary` from those that were on their way."""
        return self._summarizer.generation

    def forget_summary(self) -> None:
        """Summarize the plane that is loaded next."""
        self._summarizer.forget()

    def wait_idle(self, timeout: float) -> bool:
        """Wait until the last wish is fulfilled or has failed; return whether that was within `timeout` seconds.

        Tiles that are brought ahead of any wish are not waited for.
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

    def _tell_summary(self, summary: Summary) -> None:
        self._listener(Arrival(summary=summary, generation=self.generation))

    def _tell_renewed(self, summary: Summary) -> None:
        self._listener(Arrival(renewed=summary, generation=self.generation))

    def _submit(self, wishes: Sequence[Wish]) -> None:
        self._asked += 1
        number = self._asked
        self._worker.submit(lambda stale: self._load(wishes, number, stale))

    # ---- the way of one wish ----------------------------------------------

    def _load(self, wishes: Sequence[Wish], number: int, stale: Callable[[], bool]) -> None:
        wish, distant, live = wishes[-1], False, False
        try:
            distant = self._source.link.delay(DISTANT_BYTES) > 0
            self._last = wishes[-1]
            for wish in wishes:
                live = self._info(wish).live
                # Over a link the better overview comes in a pause: the next wish would have to wait for it.  So it is
                # with a live image, too: the next frame comes soon.
                better = () if distant or live else (self._refine,)
                try:
                    for step in (self._begin, self._fill, *better, self._summarize_exactly):
                        if stale():
                            return
                        step(wish, stale)
                except FrameGone:
                    if wish is wishes[-1]:
                        raise
        except BaseException as error:  # a source may be the code of others, which may raise anything
            self._listener(Arrival(error=self._failure(error), wish=wish))
            return
        finally:
            with self._changed:
                self._done = max(self._done, number)
                self._changed.notify_all()
        if (distant or live) and wish.ahead and not self._worker.wait_newer(REST_SECONDS):
            self._look_ahead(wish, stale)

    def _begin(self, wish: Wish, stale: Callable[[], bool]) -> None:
        """Bring what any pixel needs: a summary and, at the same time, a preview.  Those serve the next frames, too."""
        picture, info = wish.picture, self._info(wish)
        lacking = self._summarizer.begin(picture)
        known = self._overview is not None and not lacking
        if not (known and (info.live or self._overview.picture == picture)):
            self._look_over(wish, stale, preview=True)
        while lacking and not self._summarizer.wait(STALE_CHECK_SECONDS):
            if stale():
                return

    def _fill(self, wish: Wish, stale: Callable[[], bool]) -> None:
        speed = self._speed_of(wish)
        coming = steps(wish, self._info(wish), self._store, speed, self._indexing(wish))
        if wish is not self._last and speed.slow(wish.viewport):
            # The newer frame waits: it is worth more than the values of this one.
            coming = [step for step in coming if step.name != "exact"]
        coarse = next((step.stage.tiles[0].resolution for step in coming if step.name == "coarse"), None)
        if any(step.name != "exact" for step in coming):
            self._listener(Arrival(coming=tuple(step.name for step in coming), coarse=coarse, wish=wish))
        self._bring(wish, coming, stale)

    def _refine(self, wish: Wish, stale: Callable[[], bool]) -> None:
        """Replace a preview, or the overview of an earlier frame, by an overview."""
        if self._overview is not None and (self._overview.preview or self._overview.picture != wish.picture):
            self._look_over(wish, stale)

    def _summarize_exactly(self, wish: Wish, stale: Callable[[], bool]) -> None:
        if wish.exact:
            self._summarizer.look_at_all(wish.picture)

    def _look_ahead(self, wish: Wish, stale: Callable[[], bool]) -> None:
        try:
            self._refine(wish, stale)
            coming = ahead(wish, self._info(wish), self._store, self._speed_of(wish), self._indexing(wish))
            self._bring(wish, coming, stale, quiet=True)
        except BaseException as error:  # the user did not ask for it, and is told nothing
            self._failure(error)

    def _failure(self, error: BaseException) -> TraitsviewError:
        """Return why the source failed.  An error that is not ours is logged once."""
        failure = source_failure(error)
        if failure is not error and str(failure) not in self._logged:
            self._logged.add(str(failure))
            logger.error("a source failed", exc_info=failure)
        return failure

    # ---- pixels -----------------------------------------------------------

    def _bring(self, wish: Wish, coming: Sequence[Step], stale: Callable[[], bool], quiet: bool = False) -> None:
        """Bring all steps by one question."""
        picture = wish.picture
        stages = [step.stage for step in coming]
        if not stages:
            return
        for came in self._source.render_stages(stages, picture, stale):
            if came.pixels.shape[:2] != came.tile.shape or came.pixels.dtype.kind != "f":
                form = f"{came.pixels.dtype} of {came.pixels.shape}"
                raise SourceUnreadable("refused what the source brought", f"{form} for a tile of {came.tile.shape}")
            self._store.put(picture, came.tile, came.pixels, came.indexing)
            if not quiet:
                self._listener(Arrival(tiles=True, wish=wish))

    def _indexing(self, wish: Wish) -> Indexing | None:
        """Return the indexing that the colours of a wish will have, or None."""
        summary = self._summarizer.summary
        return None if summary is None else self._indexer.indexing(wish.look, summary, self._info(wish))

    def _info(self, wish: Wish) -> ImageInfo:
        return wish.info or self._source.info

    def _speed_of(self, wish: Wish) -> LinkSpeed:
        info = self._info(wish)
        return LinkSpeed(self._source.link.delay, info.channels * info.pixel_dtype.itemsize)

    def _look_over(self, wish: Wish, stale: Callable[[], bool], preview: bool = False) -> None:
        """Bring the whole image in a few pixels."""
        info = self._info(wish)
        overview = bring_overview(self._source, info, wish.picture, preview, self._speed_of(wish), stale)
        if overview is None:
            return
        self._overview = overview
        self._listener(Arrival(overview=overview))
        if preview and not self._summarizer.wait(SUMMARY_SECONDS):
            # Until there is a summary, limits are those of the preview's values.
            self._summarizer.guess(overview.pixels, info)
