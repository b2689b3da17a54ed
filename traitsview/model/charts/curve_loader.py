"""The questions for the curves of a chart, asked in a thread of their own; the newest one wins."""

from __future__ import annotations

import time
from dataclasses import dataclass

from traits.api import Any, Bool, Float, HasStrictTraits, Instance, Property

from ...errors import FrameGone, HostError, SourceUnreadable, TraitsviewError, source_failure
from ...geometry import Extent
from ...sources.frame import Frame
from ...sources.image_info import ImageInfo, Plane
from ...sources.picture import Picture
from ...sources.questions.curves import CurveLines, Curves, curve_rows
from ..loading.worker import NewestWorker
from .spans import Span, tidy

__all__ = ["CurveLoader"]

#: Curves that are loaded and shown, at most: the first ones of a source that has more.
_MOST_CURVES = 64

#: Seconds for which a question is let be answered though another part is wanted by now.
_PATIENCE_SECONDS = 0.2


@dataclass(frozen=True, eq=False, slots=True)
class _Asked:
    """A question that was asked: for which frame, part and columns."""

    frame: Frame
    question: Curves
    plane: Plane

    def same_as(self, other: _Asked | None) -> bool:
        """Whether another one asks for the same."""
        if other is None:
            return False
        this = self.frame.version, self.question, self.plane
        return this == (other.frame.version, other.question, other.plane)


class CurveLoader(HasStrictTraits):
    """Has the curves loaded that a chart should show, and puts them there.

    It belongs to the viewer's thread.  One question is under way at a time.
    """

    #: The `Chart`.
    chart = Any()

    #: Whether a question is under way.
    waiting = Property(Bool, observe="_asked")

    _worker = Instance(NewestWorker)
    _asked = Instance(_Asked)

    #: The question that the lines of the chart answer.
    _held = Instance(_Asked)

    #: Whether something else than what was asked for is wanted by now.
    _behind = Bool()

    #: When `_asked` was asked, in seconds of the monotonic clock.
    _since = Float()

    @property
    def is_open(self):
        """Whether curves are loaded."""
        return self._worker is not None

    def open(self):
        """Begin to load."""
        if self._worker is None:
            self._worker = NewestWorker("traitsview curves")

    def close(self):
        """Stop loading until `open`."""
        if self._worker is not None:
            self._worker.close()
        self.trait_set(_worker=None, _asked=None, _behind=False)

    def forget(self):
        """Take note that the chart has no lines any more."""
        self._held = None

    def wait_idle(self, timeout):
        """Wait until all is loaded; return whether that was within `timeout` seconds."""
        return self._worker is None or self._worker.wait_idle(timeout)

    def ask(self):
        """Ask for the curves that should be visible: of the frame that is awaited, or else of the one that is shown.

        A question that was asked just now is let be answered first, so that there are curves however quickly others
        are wanted.
        """
        chart, viewer, now = self.chart, self.chart.viewer, time.monotonic()
        source, live = viewer.source, viewer.live
        frame = live.awaited or live.frame
        question = Curves(_extent_of(frame.info, chart.x_span), chart.columns)
        asked = _Asked(frame, question, viewer.picture.plane)
        if self._asked is None and asked.same_as(self._held):
            return
        if self._asked is not None and now - self._since < _PATIENCE_SECONDS:
            self._behind = True
            return
        self.trait_set(_asked=asked, _behind=False, _since=now)
        answer = viewer.pixels.listener(self._take)
        self._worker.submit(lambda stale: _load(source, asked, stale, answer))

    def _take(self, answer):
        asked, found = answer
        if asked is not self._asked:
            return
        self._asked = None
        chart, viewer, live = self.chart, self.chart.viewer, self.chart.viewer.live
        awaited = asked.frame is live.awaited
        if isinstance(found, CurveLines) and any(row >= len(asked.frame.info.curves) for row in found.rows):
            found = SourceUnreadable("cannot show the curves", "the source tells of curves that it has no names for")
        if not isinstance(found, CurveLines):
            if awaited:
                live.give_up_next(found)
            elif not isinstance(found, HostError | FrameGone):
                viewer.status.complain(found)
        elif awaited or asked.frame.version == live.version:
            self._held = asked
            chart.trait_set(frame=asked.frame, lines=found)
            if awaited:
                live.show_next()
        if self._behind or live.awaited not in (None, asked.frame):
            chart.ask()
        live.go_on()

    def _get_waiting(self):
        return self._asked is not None


def _extent_of(info: ImageInfo, span: Span | None) -> Extent:
    """Return the part to ask for: the visible x, or the whole length, and the rows of the first curves."""
    x0, x1 = span or tidy(*info.extent[:2])
    y0 = info.extent[2]
    rows = min(curve_rows(info)[:_MOST_CURVES][-1] + 1, info.shape[0])
    return x0, x1, y0, y0 + (rows - 0.25) * info.element[1]


def _load(source, asked, stale, answer):
    """Answer a question, in the loader's thread; say nothing if it is not wanted any more."""
    try:
        found = list(source.examine(asked.question, Picture(asked.plane, version=asked.frame.version), stale))[-1:]
    except TraitsviewError as error:
        found = [error]
    except BaseException as error:  # whatever the code of a source raises
        found = [source_failure(error)]
    if found:
        answer((asked, found[0]))
