"""Waits for the next frame of a live image, in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...errors import HostError, TraitsviewError, source_failure
from ...sources.frame import Frame
from ...sources.image_info import ImageInfo
from ...sources.image_source import ImageSource
from ...sources.questions.frames import FrameMark, Frames
from ...sources.questions.question import whole
from .worker import NewestWorker

__all__ = ["FrameNews", "FrameWatch"]

#: Seconds of one wait.  A viewer that is closed ends after one, and the age of a frame is told anew after each.
WAIT_SECONDS = 0.2

#: Seconds between two looks for newer frames while one is held on the screen.
PAUSE_SECONDS = 0.5

#: Seconds after which a source that failed is asked again.
RETRY_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class FrameNews:
    """The newest frame of a source, or why the source does not tell it.

    Attributes
    ----------
    frame : Frame or None
        None if nothing is new but the age of the frame that is shown.
    kept : object
        Keeps the frame, where keeping frames is not for the host to do; see `ImageSource.hold`.
    marks : tuple of FrameMark
        The frames that can be shown again, if the viewer pauses.
    error : TraitsviewError or None
    """

    frame: Frame | None = None
    kept: object = None
    marks: tuple[FrameMark, ...] = ()
    error: TraitsviewError | None = None


class FrameWatch:
    """Tells the next frame of a source, each time that it is asked to.

    While nobody asks nothing is watched, and the calculation does not copy its arrays.

    Parameters
    ----------
    source : ImageSource
    listener : callable
        Called with each `FrameNews`, in the thread.
    begin : callable
        Called with the facts about each frame that will be shown next, after it was told: so it is loaded while the
        viewer's thread still paints the one before.
    """

    def __init__(
        self,
        source: ImageSource,
        listener: Callable[[FrameNews], None],
        begin: Callable[[ImageInfo], None],
    ) -> None:
        self._source = source
        self._listener = listener
        self._begin = begin
        self._worker = NewestWorker("traitsview frames")

    def wait(self, shown: int, known: Frame) -> None:
        """Tell the newest frame, as soon as it differs from `known` in more than its age.  Returns at once.

        Parameters
        ----------
        shown : int
            The version of the frame on the screen, which the host keeps.
        known : Frame
            The newest frame that the caller knows.
        """
        self._worker.submit(lambda stale: self._wait(shown, known, stale))

    def look(self, shown: int) -> None:
        """Tell the newest frame and the marks now and then, while `shown` stays on the screen.  Returns at once."""
        self._worker.submit(lambda stale: self._look(shown, stale))

    def close(self) -> None:
        """Tell nothing more, and let the thread end within the time of one wait."""
        self._worker.close()

    def _wait(self, shown: int, known: Frame, stale: Callable[[], bool]) -> None:
        def wait() -> float:
            """Return the seconds until it is worth while to wait again; negative if the news were told."""
            self._source.wait_newer(shown, WAIT_SECONDS)
            frame = self._source.frame
            if _told(frame) == _told(known):
                self._listener(FrameNews())
                return RETRY_SECONDS if frame.version != shown else 0.0  # there is a newer one, which is known
            self._listener(FrameNews(frame, self._source.hold(frame.version)))
            if frame.version != shown:
                self._begin(frame.info)
            return -1.0

        self._repeat(wait, stale)

    def _look(self, shown: int, stale: Callable[[], bool]) -> None:
        def look() -> float:
            self._source.wait_newer(shown, 0.0)
            frame = self._source.frame
            self._listener(FrameNews(frame, None, whole(self._source.examine(Frames()))))
            return PAUSE_SECONDS

        self._repeat(look, stale)

    def _repeat(self, ask: Callable[[], float], stale: Callable[[], bool]) -> None:
        """Ask again and again until the news are told, and tell each failure once."""
        failed = ""
        while not stale():
            try:
                pause = ask()
                failed = ""
                if pause < 0:
                    return
            except HostError:
                pause = RETRY_SECONDS  # those who watch the link tell that
            except BaseException as error:  # whatever the code of a source raises
                failure, pause = source_failure(error), RETRY_SECONDS
                if str(failure) != failed:
                    failed = str(failure)
                    self._listener(FrameNews(error=failure))
            if pause and self._worker.wait_newer(pause):
                return


def _told(frame: Frame) -> object:
    """Return what is told of a frame, beside its age."""
    return frame.version, frame.state, tuple((part.name, part.step, part.state) for part in frame.parts)
