"""The trace of a place: its value in each frame of a live image, those that are shown and those that are kept."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from traits.api import Any, HasStrictTraits, Instance, Str, observe

from ...errors import FrameGone, HostError, source_failure
from ...geometry import Extent
from ...numerals import position
from ...sources.frame import Frame
from ...sources.framed.framed_source import FramedSource
from ...sources.image_source import ImageSource
from ...sources.picture import Picture
from ...sources.questions.frames import FrameMark, Frames
from ...sources.questions.question import Question, whole
from ...sources.questions.sample import Sample
from ...sources.questions.summarize import Summarize
from ...sources.summary import Summary
from ..loading.worker import NewestWorker
from .trace_feed import TraceFeed

__all__ = ["Trace"]

#: Bytes of older traces that the source of curves keeps: none, since each one has all values.
_KEPT_BYTES = 1


class Trace(HasStrictTraits):
    """Follows a viewer, and collects the value at a point, or mean, least and greatest value in a box.

    The frame that is shown comes first, then the others that the host keeps, the newest first.  One question is asked
    at a time; frames that the host has dropped before are left out.

    Parameters
    ----------
    viewer : ImageViewer
        Shows a live image.
    point : (x, y), optional
    extent : (x0, x1, y0, y1), optional
        The box.  One of the two is given, in data units.
    """

    #: The `ImageViewer`.
    viewer = Any()

    #: The values as curves.  It is closed with the trace.
    source = Instance(FramedSource)

    #: What the values are of, in words.
    title = Str()

    #: The place.
    point = Any()
    extent = Any()

    _feed = Instance(TraceFeed)
    _worker = Instance(NewestWorker)

    def __init__(self, viewer, point=None, extent=None):
        super().__init__()
        info = viewer.info
        names = ("value",) if extent is None else ("mean", "least", "greatest")
        self.trait_set(point=point, extent=extent, title=_title(viewer, point, extent))
        self._feed = TraceFeed(names, name=self.title, unit=info.unit)
        self.source = FramedSource(self._feed, self.title, _KEPT_BYTES)
        self._worker = NewestWorker("traitsview trace")
        self.viewer = viewer
        self._collect()

    def close(self):
        """Collect no more."""
        self.viewer = None
        self._worker.close()
        self.source.close()

    @observe("viewer:live:version")
    def _collect(self, event=None):
        viewer = self.viewer
        if viewer is None or viewer.frame is None or not viewer.frame.version:
            return
        question = Sample((self.point,)) if self.extent is None else Summarize(self.extent, exact=True)
        source, picture, frame, feed = viewer.source, viewer.picture, viewer.frame, self._feed
        complain = viewer.pixels.listener(viewer.status.complain)
        self._worker.submit(lambda stale: _fill(feed, source, frame, picture, question, stale, complain))


def _fill(
    feed: TraceFeed,
    source: ImageSource,
    frame: Frame,
    picture: Picture,
    question: Question,
    stale: Callable[[], bool],
    complain: Callable[[Exception], None],
) -> None:
    """Add the values of the frame that is shown, and of those that are kept and not known yet."""
    marks = [FrameMark(frame.version, frame.step, frame.time, frame.count)]
    try:
        marks += reversed(whole(source.examine(Frames())))
        for mark in marks:
            if stale():
                return
            if not feed.knows(mark.version):
                try:
                    answers = list(source.examine(question, replace(picture, version=mark.version)))
                except FrameGone:
                    continue
                feed.add(mark, _values(answers[-1]))
    except HostError:
        return  # the status line says already that contact is lost
    except BaseException as error:  # whatever the code of a source raises
        complain(source_failure(error))


def _values(answer):
    """Return the numbers of an answer: of a complex one its modulus, of a colour the mean of its channels."""
    if isinstance(answer, Summary):
        return (answer.mean, answer.minimum, answer.maximum) if answer.valid else (math.nan,) * 3
    value = answer[0]
    return (float(np.mean(np.abs(value) if np.iscomplexobj(value) else value)),)


def _title(viewer, point, extent: Extent | None):
    dx, dy = viewer.viewport.resolution
    if extent is None:
        return f"{viewer.info.name} at x {position(point[0], dx)}  y {position(point[1], dy)}"
    x0, x1, y0, y1 = extent
    ends = *(position(x, dx) for x in (x0, x1)), *(position(y, dy) for y in (y0, y1))
    return f"{viewer.info.name} in x {ends[0]} … {ends[1]}  y {ends[2]} … {ends[3]}"
