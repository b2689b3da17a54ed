"""Measures the longest time in which the GUI thread handles no events."""

from __future__ import annotations

import contextlib
import os
from time import monotonic

from pyface.qt import QtCore

#: Seconds between two ticks.
PERIOD = 0.01


class FreezeMeter(QtCore.QObject):
    """A timer in the GUI thread that runs within the block of this context manager.

    The time that other programs take is not counted.  Linux tells how long each thread was ready to run and had no
    processor.  The GUI thread may wait for a processor itself, or for another thread of ours that waits for one.

    Attributes
    ----------
    longest : float
        The longest delay of a tick, in seconds, without the time that other programs took.
    """

    def __init__(self):
        super().__init__()
        self.longest = 0.0
        self._last, self._waited = 0.0, {}
        self._timer = QtCore.QTimer(self)
        self._timer.setTimerType(QtCore.Qt.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def __enter__(self):
        self._last, self._waited = monotonic(), waits_for_a_processor()
        self._timer.start(round(PERIOD * 1000))
        return self

    def __exit__(self, *error):
        self._tick()
        self._timer.stop()

    def _tick(self):
        now, waited = monotonic(), waits_for_a_processor()
        crowded = max((seconds - self._waited.get(thread, 0.0) for thread, seconds in waited.items()), default=0.0)
        self.longest = max(self.longest, now - self._last - PERIOD - crowded)
        self._last, self._waited = now, waited


def waits_for_a_processor():
    """Return for each thread of this process the seconds in which it was ready to run and had no processor."""
    waited = {}
    for thread in os.listdir("/proc/self/task"):
        with contextlib.suppress(OSError, IndexError), open(f"/proc/self/task/{thread}/schedstat") as stream:
            waited[thread] = int(stream.read().split()[1]) / 1e9
    return waited
