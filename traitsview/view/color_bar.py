"""The colour bar: which colour stands for which value."""

from __future__ import annotations

import numpy as np
from chaco.plot_component import PlotComponent
from pyface.qt import QtCore, QtGui
from traits.api import Any, Instance, observe

from ..model.image_viewer import ImageViewer
from .axes import FONT_FACE, round_ticks, tick_labels

#: Width of the bar, in Enable pixels; labels stand to its right.
WIDTH = 16

#: How far the labels at its ends and the unit above it reach beyond the bar, in Enable pixels.
ROUND, ABOVE = 6, 21


class ColorBar(PlotComponent):
    """Shows the colours of a viewer's shading from the low to the high limit, with ticks."""

    viewer = Instance(ImageViewer)

    bgcolor = "transparent"

    #: What was painted last, and what it shows: panning changes nothing here.
    _kept = Any((None, None))

    @observe("viewer.shading")
    def _repaint(self, event):
        self.invalidate_and_redraw()

    def _draw_plot(self, gc, view_bounds=None, mode="normal"):
        viewer = self.viewer
        if viewer.source is None or viewer.summary is None or viewer.info.channels > 1:
            return
        left, top, right, bottom = gc.device_rect(self.x, self.y - ROUND, self.x2, self.y2 + ABOVE)
        shows = viewer.shading, viewer.info.unit, (left, top, right, bottom), tuple(self.bounds)
        if self._kept[0] == shows:
            painter = QtGui.QPainter(gc.qimage)
            painter.drawImage(left, top, self._kept[1])
            painter.end()
            return
        self._draw_afresh(gc)
        self._kept = shows, gc.qimage.copy(left, top, right - left, bottom - top)

    def _draw_afresh(self, gc):
        self._draw_colors(gc)
        with gc:
            gc.set_antialias(False)
            gc.set_stroke_color((0.35, 0.35, 0.35, 1))
            gc.set_line_width(1)
            gc.rect(self.x, self.y, WIDTH - 1, self.height - 1)
            gc.stroke_path()
        self._draw_ticks(gc)

    def _draw_colors(self, gc):
        left, top, right, bottom = gc.device_rect(self.x, self.y, self.x + WIDTH - 1, self.y2)
        rows = bottom - top
        if rows < 1 or right <= left:
            return
        values = self.viewer.shading.value_at(1 - (np.arange(rows) + 0.5) / rows)
        argb = np.ascontiguousarray(self.viewer.shading.argb(np.asarray(values, np.float64)[:, None]))
        column = QtGui.QImage(argb, 1, rows, 4, QtGui.QImage.Format_ARGB32_Premultiplied)
        painter = QtGui.QPainter(gc.qimage)
        painter.drawImage(QtCore.QRect(left, top, right - left, rows), column)
        painter.end()

    def _draw_ticks(self, gc):
        with gc:
            gc.set_font(FONT_FACE)
            gc.set_antialias(True)
            gc.set_fill_color((0.15, 0.15, 0.15, 1))
            gc.set_stroke_color((0.35, 0.35, 0.35, 1))
            gc.set_line_width(1)
            for value, label in self._ticks():
                y = self.y + round(float(self.viewer.shading.fraction_of(value)) * (self.height - 1))
                gc.move_to(self.x + WIDTH, y)
                gc.line_to(self.x + WIDTH + 4, y)
                gc.stroke_path()
                _, descent, _, height = gc.get_text_extent(label)
                gc.set_text_position(self.x + WIDTH + 7, round(y - height / 2 - descent))
                gc.show_text(label)
            if self.viewer.info.unit:
                gc.set_text_position(self.x, self.y2 + 8)
                gc.show_text(self.viewer.info.unit)

    def _ticks(self):
        """Return pairs of a value and its label, at least a line of text apart."""
        shading = self.viewer.shading
        low, high = shading.limits
        most = max(2, int(self.height / 60))
        if shading.scale == "linear":
            ticks = [tick for tick in round_ticks(low, high, most) if low <= tick <= high]
            return list(zip(ticks, tick_labels(ticks), strict=True))
        values = [_rounded(float(value)) for value in shading.value_at(np.linspace(0, 1, most + 1))]
        return [(value, f"{value:.6g}") for value in dict.fromkeys(values) if low <= value <= high]


def _rounded(value):
    """Return a value in two digits."""
    return float(f"{value:.1e}")
