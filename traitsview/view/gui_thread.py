"""Hands functions from other threads to the GUI thread."""

from __future__ import annotations

from pyface.qt import QtCore


class GuiThread(QtCore.QObject):
    """Runs functions in the thread that it was made in, in the order they are posted."""

    _posted = QtCore.Signal(object)

    def __init__(self):
        super().__init__()
        self._posted.connect(self._run, QtCore.Qt.ConnectionType.QueuedConnection)

    def post(self, function):
        """Have `function` called soon.  Any thread may call this."""
        self._posted.emit(function)

    def _run(self, function):
        function()
