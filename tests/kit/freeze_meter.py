"""Measures how long the GUI thread does not come to its events."""

from __future__ import annotations

import contextlib
import os
from time import monotonic

from pyface.qt import QtCore

#: Seconds between two ticks.
PERIOD = 0.01


class FreezeMeter(QtCore.QObject):
    """A timer in the GUI thread; as a context manager it runs for as long as that.

    Linux tells how long each thread was ready to run and had no processor.  The GUI thread waits then, or for a
    thread of ours that has something it needs, and the rest of the machine is to blame: that time is not counted.

    Attributes
    ----------
    longest : float
        The longest time, in seconds, that a tick was late by our own fault.
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
    """Return for each thread of this process how many seconds it has been ready to run and has not run."""
    waited = {}
    for thread in os.listdir("/proc/self/task"):
        with contextlib.suppress(OSError, IndexError), open(f"/proc/self/task/{thread}/schedstat") as stream:
            waited[thread] = int(stream.read().split()[1]) / 1e9
    return waited
