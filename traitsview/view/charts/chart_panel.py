"""The widget of a chart: its bar, and what is painted."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

from ..image.buffer_window import BufferWindow
from ..qt.device_pixels import WholePixels
from ..qt.following import Following
from ..tools.command_button import command_button
from .chart_canvas import ChartCanvas

__all__ = ["ChartPanel"]


class ChartPanel(Following, QtGui.QWidget):
    """Shows the curves of a viewer, with a bar of buttons above.

    Parameters
    ----------
    viewer : ImageViewer
    do : callable
        Does a `Command`.
    parent : QWidget

    Attributes
    ----------
    canvas : ChartCanvas
    enable_window : BufferWindow
    """

    def __init__(self, viewer, do, parent):
        super().__init__(parent)
        self._viewer, self._do = viewer, do
        self.canvas = ChartCanvas(viewer)
        self.enable_window = BufferWindow(self, component=self.canvas, size=(860, 700))
        self.at_end(self.enable_window.cleanup)
        self._bar = QtGui.QToolBar()
        self._bar.setToolButtonStyle(QtCore.Qt.ToolButtonTextOnly)
        self._back, self._forward = self._add("‹", "back"), self._add("›", "forward")
        self._bar.addSeparator()
        self._add("Fit", "fit")
        self._box = self._add("Box", "box", checkable=True)
        self._bar.addSeparator()
        self._log = self._add("Log", "log_values", checkable=True)
        self._bar.addSeparator()
        self._add("Save…", "save_picture")
        column = QtGui.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(WholePixels(self.enable_window.control), 1)
        self.setFocusProxy(self.enable_window.control)
        self.follow(viewer.chart, self._refresh, "history", "log")
        self.follow(self.tool, self._refresh, "boxing")
        self.follow(self.tool, self._obey, "commanded")
        self._refresh()

    @property
    def tool(self):
        """The `ChartTool` over the curves."""
        return self.canvas.tool

    def _obey(self, event):
        self._do(event.new)

    def _add(self, text, name, checkable=False):
        """Add a button that does the command of that name."""
        button = command_button(text, name, self._do, checkable)
        button.setAutoRaise(True)
        self._bar.addWidget(button)
        return button

    def _refresh(self, event=None):
        chart = self._viewer.chart
        self._back.setEnabled(bool(chart.history.past))
        self._forward.setEnabled(bool(chart.history.future))
        self._box.setChecked(self.tool.boxing)
        self._log.setChecked(chart.log)
