"""The image or the curves of a viewer, and below them the plot over time and the consoles."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

from ..errors import SourceUnsupported
from .charts.place_mark import PlaceMark
from .qt.following import Following

__all__ = ["SharedRoom"]


class SharedRoom(Following, QtGui.QSplitter):
    """Shares the room between the bars of a panel.  What is not used is not made.

    Parameters
    ----------
    panel : ViewerPanel
    image : QWidget
        Has the image and what is beside it.

    Attributes
    ----------
    charts : ChartPanel or None
        Is in the place of the image while the source has curves.
    traces : TracePanel or None
        Is below the image while a place of it is plotted over time.
    console : ConsolePane or None
        Is at the bottom, and may be hidden.
    """

    def __init__(self, panel, image):
        super().__init__(QtCore.Qt.Vertical, panel)
        self.charts = self.traces = self.console = None
        self._panel, self._viewer, self._image = panel, panel.viewer, image
        self.addWidget(image)
        self.setStretchFactor(0, 1)
        self.setCollapsible(0, False)
        plot = panel.canvas.plot
        self._mark = PlaceMark(plot)
        plot.overlays.append(self._mark)
        self.follow(panel.navigation, lambda event: self._trace(extent=event.new), "traced")
        self.at_end(self.end_trace)
        self.follow(self._viewer, lambda event: self.end_trace(), "source")

    def show_charts(self, shown):
        """Show the curves in the place of the image, or the image."""
        if shown and self.charts is None:
            from .charts.chart_panel import ChartPanel  # most windows show no curves, and start without their modules

            self.charts = self.own(ChartPanel(self._viewer, self._panel.do, self._panel))
            self.insertWidget(0, self.charts)
            self.setStretchFactor(0, 1)
        self._image.setVisible(not shown)
        if self.charts is not None:
            self.charts.setVisible(shown)

    def trace(self):
        """Plot the value under the cursor over time, or close the plot of it."""
        cursor = self._viewer.cursor
        if self.traces is not None:
            self.end_trace()
        elif self._viewer.live.live and cursor is not None:
            self._trace(point=cursor)

    def _trace(self, **place):
        from .charts.trace_panel import TracePanel

        self.end_trace()
        self.traces = TracePanel(self._viewer, self.end_trace, **place)
        self._add_below(self.traces, self.indexOf(self._image) + 1)
        self._mark.trait_set(**place)

    def end_trace(self):
        """Close the plot over time, if there is one."""
        traces, self.traces = self.traces, None
        if traces is not None:
            traces.end()
            traces.hide()
            traces.deleteLater()
            self._mark.trait_set(point=None, extent=None)

    def toggle_console(self):
        """Show the consoles, or hide them."""
        if self.console is not None and self.console.isVisible():
            self.console.hide()
            self._panel.setFocus()
            return
        if self.console is None:
            from .console.console_pane import ConsolePane

            try:
                self.console = self.own(ConsolePane(self._viewer, self._panel, self.toggle_console))
            except SourceUnsupported as error:
                self._viewer.status.complain(error)
                return
            self._add_below(self.console, self.count())
        self.console.show()
        self.console.take_keyboard()

    def _add_below(self, widget, at):
        self.insertWidget(at, widget)
        self.setCollapsible(at, False)
