"""The summary of the values of an image, made in a thread of its own."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ...errors import TraitsviewError
from ...sources.channel_summary import pixels_summary
from ...sources.image_info import ImageInfo, Plane
from ...sources.image_source import ImageSource
from ...sources.picture import DEFAULT_PICTURE, Picture
from ...sources.questions.question import whole
from ...sources.questions.summarize import Summarize
from ...sources.summary import Summary
from .worker import NewestWorker

__all__ = ["Summarizer"]

logger = logging.getLogger(__name__)

#: Seconds between two summaries of frames that follow each other, at least.
RENEWAL_SECONDS = 0.4

#: Summaries of frames take at most this part of the time.
RENEWAL_SHARE = 1 / 10


class Summarizer:
    """Keeps the summary that the colours of one viewer are taken from.

    The summary of one plane also serves the next planes, so that their colours can be compared.  A plane of nothing but
    NaN has none that could serve.

    Parameters
    ----------
    source : ImageSource
    listener : callable
        Called with each summary, in any thread.  A guess never comes after a true summary.
    renewed : callable, optional
        Called with each summary that was asked for by `renew`, in any thread.

    Attributes
    ----------
    generation : int
        How often `forget` was called.  A summary of an earlier generation is of an image that is forgotten.
    """

    def __init__(
        self,
        source: ImageSource,
        listener: Callable[[Summary], None],
        renewed: Callable[[Summary], None] = lambda summary: None,
    ) -> None:
        self._source = source
        self._listener = listener
        self._renewed = renewed
        self.generation = 0
        self._renewal: NewestWorker | None = None
        self._rested_until = 0.0
        self._lock = threading.Lock()
        self._summary: Summary | None = None
        self._plane: Plane | None = None
        self._asked: Picture | None = None
        self._error: BaseException | None = None
        self._worker: NewestWorker | None = None
        self._newer = DEFAULT_PICTURE, False, self.generation
        self._closed = False

    @property
    def summary(self) -> Summary | None:
        """The summary that was made last, or None."""
        return self._summary

    def forget(self) -> None:
        """Forget the summary, so that the next plane that is shown is summarized."""
        with self._lock:
            self._summary = self._asked = None
            self.generation += 1

    def begin(self, picture: Picture) -> bool:
        """Begin to summarize a sample of a picture, unless that has begun; return at once whether one is awaited.

        If there is a summary that serves, one that is under way is dropped.  It comes from a sample, and could replace
        one that was made of every element.
        """
        plane = picture.plane
        with self._lock:
            if not self._lacks(plane):
                self._asked = None
                return False
            if self._closed or (self._asked is not None and self._asked.plane == plane):
                return True
            # Another object for each work, by which it knows whether it is still wanted.
            picture = replace(picture)
            self._asked, self._error = picture, None
            worker = self._worker = self._worker or NewestWorker("traitsview summary")
        worker.submit(lambda stale: self._summarize(picture))
        return True

    def wait(self, timeout: float) -> bool:
        """Wait at most `timeout` seconds for the summary; return whether the work has ended, or raise why it failed."""
        if self._worker is not None and not self._worker.wait_idle(timeout):
            return False
        with self._lock:
            error, self._error = self._error, None
        if error is not None:
            raise error
        return True

    def guess(self, pixels: np.ndarray, info: ImageInfo) -> None:
        """Tell a summary of some pixels of the image, if there is no better one."""
        with self._lock:
            if self._summary is None:
                self._listener(pixels_summary(pixels, info, exact=False))

    def look_at_all(self, picture: Picture) -> None:
        """Summarize every element of a picture if its summary is of a sample; raise what the source raises."""
        summary, generation = self.summary, self.generation  # another thread may forget it
        if summary is not None and not summary.exact:
            found = whole(self._source.examine(Summarize(exact=True), picture))
            with self._lock:
                if generation == self.generation:
                    self._know(found, picture.plane)

    def renew(self, picture: Picture, exact: bool) -> None:
        """Have a later frame summarized, soon, in the place of the frames that were asked for before.

        Nothing waits for it, and it is not this one's summary until `take` is told so.
        """
        with self._lock:
            if self._closed or self._summary is None:
                return
            worker = self._renewal = self._renewal or NewestWorker("traitsview renewal")
            self._newer = picture, exact, self.generation
        if worker.wait_idle(0.0):
            worker.submit(self._renew)

    def take(self, summary: Summary) -> None:
        """Take a summary as this one's, in the place of the one of an earlier frame."""
        with self._lock:
            if self._summary is not None:
                self._summary = summary

    def close(self) -> None:
        """Begin nothing more."""
        with self._lock:
            self._closed = True
            workers = self._worker, self._renewal
        for worker in workers:
            if worker is not None:
                worker.close()

    def _renew(self, stale: Callable[[], bool]) -> None:
        """Summarize the frame that is shown when the time for it has come."""
        assert self._renewal is not None
        if self._renewal.wait_newer(max(0.0, self._rested_until - time.monotonic())):
            return
        picture, exact, generation = self._newer
        began = time.monotonic()
        try:
            found = whole(self._source.examine(Summarize(exact=exact), picture, stale))
            with self._lock:
                if generation == self.generation:
                    self._renewed(found)
        except (TraitsviewError, OSError):
            logger.debug("a frame was not summarized", exc_info=True)  # there is a newer one, or contact is lost
        took = time.monotonic() - began
        self._rested_until = time.monotonic() + max(RENEWAL_SECONDS, took / RENEWAL_SHARE)

    def _summarize(self, picture: Picture) -> None:
        plane = picture.plane
        try:
            summary = whole(self._source.examine(Summarize(), picture))
            with self._lock:
                if self._asked is picture:  # otherwise it was forgotten meanwhile, or another plane is shown
                    self._know(summary, plane)
        except BaseException as error:  # whatever the code of a source raises
            with self._lock:
                if self._asked is picture:
                    self._error = error
        finally:
            with self._lock:
                if self._asked is picture:
                    self._asked = None

    def _lacks(self, plane: Plane) -> bool:
        """Whether no summary serves for the colours of a plane."""
        return self._summary is None or (not self._summary.valid and plane != self._plane)

    def _know(self, summary: Summary, plane: Plane) -> None:
        self._summary, self._plane = summary, plane
        self._listener(summary)
