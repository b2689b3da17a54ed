"""One console: qtconsole's widget with a client of a kernel."""

from __future__ import annotations

from contextlib import suppress

from pyface.qt import QtCore, QtGui
from qtconsole.rich_jupyter_widget import RichJupyterWidget

__all__ = ["console_of"]


class _Console(RichJupyterWidget):
    """A console that takes its colours from the palette, and leaves the keys of the window alone."""

    #: The user has left the console, for example by ``exit``.
    left = QtCore.Signal()

    def __init__(self, greeting="", **options):
        super().__init__(local_kernel=False, **options)
        self.banner = greeting
        self.include_other_output = True  # what others do in the same kernel is part of the talk
        self._take_theme()
        self.exit_requested.connect(lambda widget: self.left.emit())

    def changeEvent(self, event):  # noqa: N802
        """Follow the palette of the desktop."""
        super().changeEvent(event)
        if event.type() == QtCore.QEvent.PaletteChange:
            self._take_theme()

    def _take_theme(self):
        dark = self.palette().color(QtGui.QPalette.Window).lightness() < 128
        with suppress(RuntimeError):  # a palette that changes while the widget is being made
            self.set_default_style("linux" if dark else "lightbg")


def console_of(client, greeting=""):
    """Return a console that talks to a kernel through a client, whose channels run."""
    console = _Console(greeting)
    console.kernel_client = client
    return console
