"""Measures how long the GUI thread does not come to its events."""

from __future__ import annotations

from time import monotonic

from pyface.qt import QtCore

#: Seconds between two ticks.
PERIOD = 0.01


class FreezeMeter(QtCore.QObject):
    """A timer in the GUI thread; as a context manager it runs for as long as that.

    Attributes
    ----------
    longest : float
        The longest time, in seconds, that a tick was late.
    """

    def __init__(self):
        super().__init__()
        self.longest = 0.0
        self._last = 0.0
        self._timer = QtCore.QTimer(self)
        self._timer.setTimerType(QtCore.Qt.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def __enter__(self):
        self._last = monotonic()
        self._timer.start(round(PERIOD * 1000))
        return self

    def __exit__(self, *error):
        self._tick()
        self._timer.stop()

    def _tick(self):
        now = monotonic()
        self.longest = max(self.longest, now - self._last - PERIOD)
        self._last = now
