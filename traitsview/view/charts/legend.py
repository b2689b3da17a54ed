"""The names of the curves beside a chart; a click shows one no more, or again."""

from __future__ import annotations

from chaco.plot_component import PlotComponent
from pyface.qt import QtCore, QtGui
from traits.api import Instance, observe

from ...model.charts.chart import Chart
from ..image.canvas_painter import painting, text_width
from .line_styles import DASHES, line_style

__all__ = ["Legend"]

#: Height of a name, in Enable pixels.
ROW_HEIGHT = 18

#: Length of the line before a name, and the room around the line.
SAMPLE_LENGTH = 24
SAMPLE_MARGIN = 6

#: Width of the legend, at most.
WIDEST = 220

#: Thickness of the line before a name.
SAMPLE_WIDTH = 2.0


class Legend(PlotComponent):
    """Paints a line and the name of each curve, from the top down, as many as there is room for."""

    chart = Instance(Chart)

    bgcolor = "transparent"

    @property
    def room(self):
        """The width that the names need; none where there is one curve or none."""
        names = (*self.chart.names, _more(len(self.chart.names)))
        if len(names) < 3:
            return 0
        return min(max(map(text_width, names)) + SAMPLE_LENGTH + 3 * SAMPLE_MARGIN, WIDEST)

    def name_at(self, x, y):
        """Return the name at Enable coordinates, or None."""
        if not (self.x <= x < self.x2 and self.y <= y <= self.y2):
            return None
        row = int((self.y2 - y) // ROW_HEIGHT)
        return self.chart.names[row] if row < self._rows() else None

    def _rows(self):
        names, room = len(self.chart.names), int(self.height // ROW_HEIGHT)
        return names if names <= room else max(room - 1, 0)  # the last row tells how many are left out

    def _draw_plot(self, gc, view_bounds=None, mode="normal"):
        names, rows = self.chart.names, self._rows()
        if len(names) < 2 or self.width < 1:
            return
        with painting(gc) as painter:
            for row, name in enumerate(names[:rows]):
                self._paint_row(painter, row, name)
            if rows < len(names):
                self._write(painter, rows, _more(len(names) - rows), painter.theme.faint)

    def _paint_row(self, painter, row, name):
        shown, theme = name not in self.chart.hidden, painter.theme
        color, dash = line_style(row, theme.paper)
        first, y = self.x + SAMPLE_MARGIN, self._middle(row)
        (left, middle), (right, _) = painter.place(first, y), painter.place(first + SAMPLE_LENGTH, y)
        if shown:
            pen = QtGui.QPen(color, SAMPLE_WIDTH * (right - left) / SAMPLE_LENGTH)
            if DASHES[dash]:
                pen.setDashPattern([length / SAMPLE_WIDTH for length in DASHES[dash]])
            pen.setCapStyle(QtCore.Qt.FlatCap)
            painter.qt.setPen(pen)
            painter.qt.drawLine(QtCore.QPointF(left, middle), QtCore.QPointF(right, middle))
        self._write(painter, row, name, theme.text if shown else theme.faint)

    def _write(self, painter, row, text, color):
        left = self.x + SAMPLE_LENGTH + 2 * SAMPLE_MARGIN
        painter.write(_elided(text, self.x2 - left), left, self._middle(row), color)

    def _middle(self, row):
        return self.y2 - (row + 0.5) * ROW_HEIGHT

    @observe("chart.[names, hidden]", post_init=True)
    def _repaint(self, event):
        self.invalidate_and_redraw()


def _more(count):
    return f"and {count} more"


def _elided(text, room):
    """Return a text that is cut to fit, with dots in its place."""
    if text_width(text) <= room:
        return text
    while text and text_width(text + "…") > room:
        text = text[:-1]
    return text + "…"
