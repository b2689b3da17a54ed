"""When a window first showed something, and when it showed exact pixels: seconds since the process began."""

from __future__ import annotations

import os
import time
from pathlib import Path

from pyface.qt import QtCore


class PictureTimes(QtCore.QObject):
    """Reports when the panel of a viewer has painted its first picture, and its exact one.

    Parameters
    ----------
    panel : ViewerPanel
    notify : callable
        Called with ``"first"`` and ``"exact"``, and the seconds, when a picture of that kind was painted.
    """

    def __init__(self, panel, notify):
        super().__init__(panel)
        self._viewer, self._notify = panel.viewer, notify
        self._waited_for = ["first", "exact"]
        panel.enable_window.control.installEventFilter(self)

    def eventFilter(self, watched, event):  # noqa: N802
        """See that the widget is about to be painted, and look again when it has been."""
        if event.type() == QtCore.QEvent.Paint and self._waited_for:
            shown = self._shown()
            QtCore.QTimer.singleShot(0, lambda: self._report(shown))
        return False

    def _shown(self):
        """Return the viewport that would be painted now, and for each kind whether the picture is of it."""
        viewer = self._viewer
        something = viewer.summary is not None and (
            viewer.pixels.overview is not None or viewer.pixels.held.fraction > 0
        )
        return viewer.viewport, {"first": something, "exact": viewer.exact}

    def _report(self, before):
        viewport, kinds = before
        if viewport != self._viewer.viewport:
            return  # painting found that the window has another size
        while self._waited_for and kinds[self._waited_for[0]]:
            self._notify(self._waited_for.pop(0), since_start())


def since_start():
    """Return the seconds since this process began; Linux knows them to a hundredth of a second."""
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    return time.clock_gettime(time.CLOCK_BOOTTIME) - int(fields[19]) / os.sysconf("SC_CLK_TCK")
