"""The pane with the consoles: one of the viewer itself, and one of the kernel that has the data."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

from ...errors import SourceUnsupported, installed_by
from ..qt.following import Following
from .kernel_console import KernelConsole
from .own_kernel import OwnKernel, require_qtconsole

__all__ = ["ConsolePane"]

#: Rows of text that the pane has room for at first.
ROWS = 12


class ConsolePane(Following, QtGui.QTabWidget):
    """Consoles below the image, each in a tab.

    Parameters
    ----------
    viewer : ImageViewer
    parent : QWidget
    close : callable
        Hides the pane.

    Raises
    ------
    SourceUnsupported
        If qtconsole is not installed.
    """

    def __init__(self, viewer, parent, close):
        try:
            require_qtconsole()
        except ModuleNotFoundError as error:
            why = f"the package '{(error.name or 'qtconsole').partition('.')[0]}' is not installed"
            raise SourceUnsupported("cannot open a console", why, installed_by("console")) from error
        from .console import console_of

        super().__init__(parent)
        self.setObjectName("console")
        self.setDocumentMode(True)
        self.viewer = viewer
        self.kernel = OwnKernel.get()
        self.own_console = console_of(self.kernel.client(), "")
        self.own_console.left.connect(close)
        self.own_console.installEventFilter(self)
        self.addTab(self.own_console, "Viewer")
        self.kernel.show(viewer)
        self._kernel_console = self.own(KernelConsole(viewer, self))
        self.follow(viewer, self._rename, "source")
        self.at_end(self.kernel.forget, viewer)
        self.at_end(self.own_console.kernel_client.stop_channels)

    def sizeHint(self):  # noqa: N802
        """Return room for some rows of text."""
        return QtCore.QSize(400, ROWS * self.fontMetrics().lineSpacing())

    def take_keyboard(self):
        """Give the keyboard to the console in front, whose names are those of this window then."""
        self.kernel.show(self.viewer)
        self.currentWidget().setFocus()

    def _rename(self, event):
        self.kernel.show(self.viewer)
        self._kernel_console.attach()
