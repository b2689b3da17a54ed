"""The values of a place in one frame after the other, as curves that grow."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...sources.arrays.curve_array import curve_source, places_of
from ...sources.frame import Frame
from ...sources.framed.feed import Arrival, Feed
from ...sources.questions.frames import FrameMark

__all__ = ["MOST_VALUES", "TraceFeed"]

#: Frames whose values are kept, at most.
MOST_VALUES = 1 << 16

#: Rows that there is room for at first.
_FEWEST_ROWS = 256

#: The first numbers of a row: count, step and time.
_FIRST = 3


class TraceFeed(Feed):
    """Gives the values that were added as curves over time, over steps or over frames; see `places_of`.

    Any thread may add.

    Parameters
    ----------
    names : sequence of str
        Of the curves.
    **options
        Of `ArraySource`: ``name`` and ``unit``.
    """

    def __init__(self, names: Sequence[str], **options: Any) -> None:
        self._names, self._options = tuple(names), options
        self._changed = threading.Condition()
        self._versions: set[int] = set()
        # Count, step and time of a frame, NaN where it has none, and the values; in the order in which they came.
        self._rows = np.empty((_FEWEST_ROWS, _FIRST + len(self._names)))
        self._length = self._given = 0
        self._news = False
        self._newest = FrameMark(0)
        self._closed = False

    @property
    def state(self) -> str:
        return ""

    def knows(self, version: int) -> bool:
        """Whether the values of a frame were added."""
        return version in self._versions

    def add(self, mark: FrameMark, values: Sequence[float]) -> None:
        """Add the values of a frame, one for each curve; where there are too many, the older half is dropped."""
        with self._changed:
            if self._length == len(self._rows):
                self._make_room()
            step, moment = (np.nan if place is None else place for place in (mark.step, mark.time))
            self._rows[self._length] = mark.count, step, moment, *values
            self._length += 1
            self._versions.add(mark.version)
            if mark.count >= self._newest.count:
                self._newest = mark
            self._news = True
            self._changed.notify_all()

    def next(self, timeout: float) -> Arrival | None:
        with self._changed:
            self._changed.wait_for(lambda: self._news or self._closed, timeout)
            if not self._news or self._closed:
                return None
            self._news = False
            self._given += 1
            version, newest, rows = self._given, self._newest, self._in_order()
        axis, places = places_of(*rows.T[:_FIRST])
        image = curve_source(rows[:, _FIRST:].T, self._names, places=places, axis=axis, **self._options)
        info = replace(image.info, live=True, version=version)
        frame = Frame(info, newest.step, newest.time, time.monotonic(), version)
        return Arrival(frame, image, rows.nbytes)

    def _in_order(self) -> np.ndarray:
        rows = self._rows[: self._length]
        return rows[np.argsort(rows[:, 0], kind="stable")]

    def _make_room(self) -> None:
        kept = self._in_order()
        if len(kept) == MOST_VALUES:
            kept = kept[MOST_VALUES // 2 :]
        self._length = len(kept)
        self._rows = np.empty((min(2 * len(kept), MOST_VALUES), kept.shape[1]))
        self._rows[: self._length] = kept

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
