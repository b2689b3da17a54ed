"""The panel below an image that plots what a place of it has over time."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

from ...model.charts.trace import Trace
from ...model.image_viewer import ImageViewer
from ..image.buffer_window import BufferWindow
from ..qt.device_pixels import WholePixels
from ..qt.elided_label import ElidedLabel
from ..qt.following import Following
from ..qt.gui_thread import GuiThread
from .chart_canvas import ChartCanvas

__all__ = ["TracePanel"]

#: Height of the panel, in Qt's pixels.
HEIGHT = 240


class TracePanel(Following, QtGui.QWidget):
    """Shows one `Trace` as a chart, with the values under the mouse, and a button that closes it.

    Parameters
    ----------
    viewer : ImageViewer
        Of the image.
    close : callable
        Called when the user wants no trace any more.
    point, extent
        The place; see `Trace`.
    """

    def __init__(self, viewer, close, point=None, extent=None):
        super().__init__()
        self.trace = Trace(viewer, point, extent)
        self.at_end(self.trace.close)
        self.viewer = ImageViewer(source=self.trace.source)
        self._gui_thread = GuiThread()
        self.viewer.pixels.post = self._gui_thread.post
        self.at_end(self.viewer.close)
        self.canvas = ChartCanvas(self.viewer)
        self.enable_window = BufferWindow(self, component=self.canvas, size=(860, HEIGHT))
        self.at_end(self.enable_window.cleanup)
        self._readout = ElidedLabel()
        button = QtGui.QToolButton()
        button.setText("✕")
        button.setToolTip("Close the plot over time")
        button.setAutoRaise(True)
        button.setFocusPolicy(QtCore.Qt.NoFocus)
        button.clicked.connect(lambda checked=False: close())
        head = QtGui.QHBoxLayout()
        head.setContentsMargins(8, 2, 8, 0)
        head.addWidget(self._readout, 1)
        head.addWidget(button)
        column = QtGui.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(WholePixels(self.enable_window.control), 1)
        self.setFixedHeight(HEIGHT)
        self.follow(self.viewer, self._refresh, "readout_line")
        self.follow(self.canvas.tool, self._obey, "commanded")
        self.viewer.screens.enter(self.canvas.screen)
        self.at_end(self.viewer.screens.leave, self.canvas.screen)

    def _refresh(self, event=None):
        self._readout.setText(self.viewer.readout_line)

    def _obey(self, event):
        """Do what a key over the chart means, as far as it is about places."""
        chart, name = self.viewer.chart, event.new.name
        does = {"fit": chart.fit, "back": chart.back, "forward": chart.forward, "log_values": chart.toggle_log}
        if name in does:
            does[name]()
