"""Hands functions from other threads to the GUI thread."""

from __future__ import annotations

import contextlib
import logging

from pyface.qt import QtCore

logger = logging.getLogger(__name__)


class GuiThread(QtCore.QObject):
    """Runs functions in the thread that it was made in, in the order they are posted."""

    _posted = QtCore.Signal(object)

    def __init__(self):
        super().__init__()
        self._posted.connect(self._run, QtCore.Qt.ConnectionType.QueuedConnection)

    def post(self, function):
        """Have `function` called soon.  Any thread may call this, also after Qt has ended: then nothing happens."""
        with contextlib.suppress(RuntimeError):  # a program that ends with a window open deletes this first
            self._posted.emit(function)

    def _run(self, function):
        try:
            function()
        except Exception:  # one that left a Qt callback would end the process with some versions of PySide6
            logger.exception("what another thread wanted done failed")
