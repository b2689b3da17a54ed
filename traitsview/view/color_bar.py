"""The colour bar: which colour stands for which value."""

from __future__ import annotations

import numpy as np
from chaco.plot_component import PlotComponent
from pyface.qt import QtCore, QtGui
from traits.api import Any, Instance, observe

from ..model.image_viewer import ImageViewer
from .axes import CHARACTER, FONT_FACE, labels_apart, round_ticks, tick_labels

#: Width of the bar, in Enable pixels; labels stand to its right.
WIDTH = 16

#: From the bar to its labels, in Enable pixels.
GAP = 7

#: How far the labels at its ends reach beyond the bar, in Enable pixels.
ROUND = 6

#: Characters of a label that there is always room for.
SHORT_LABEL = 10

#: What the last label of the axis below may need where there is no bar, in Enable pixels.
HALF_LABEL = 14


class ColorBar(PlotComponent):
    """Shows the colours of a viewer's shading from the low to the high limit, with ticks."""

    viewer = Instance(ImageViewer)

    bgcolor = "transparent"

    #: What was painted last, and what it shows: panning changes nothing here.
    _kept = Any((None, None))

    def room(self, height):
        """Return the width that a bar of that height needs with its labels, in steps, so that it seldom changes."""
        viewer = self.viewer
        if viewer.source is not None and viewer.info.channels > 1:
            return HALF_LABEL
        longest = max((len(label) for _, label in self._ticks(height)), default=0) - SHORT_LABEL
        return WIDTH + GAP + CHARACTER * (SHORT_LABEL + 4 * max(0, -(-longest // 4)))

    @observe("viewer.shading")
    def _repaint(self, event):
        self.invalidate_and_redraw()

    def _draw_plot(self, gc, view_bounds=None, mode="normal"):
        viewer = self.viewer
        if viewer.source is None or viewer.summary is None or viewer.info.channels > 1:
            return
        self._draw_unit(gc)
        left, top, right, bottom = gc.device_rect(self.x, self.y - ROUND, self.x2, self.y2 + ROUND)
        shows = viewer.shading, (left, top, right, bottom), tuple(self.bounds)
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
            for value, label in self._ticks(self.height):
                y = self.y + round(float(self.viewer.shading.fraction_of(value)) * (self.height - 1))
                gc.move_to(self.x + WIDTH, y)
                gc.line_to(self.x + WIDTH + 4, y)
                gc.stroke_path()
                _, descent, _, height = gc.get_text_extent(label)
                gc.set_text_position(self.x + WIDTH + GAP, round(y - height / 2 - descent))
                gc.show_text(label)

    def _draw_unit(self, gc):
        unit = self.viewer.info.unit
        if not unit:
            return
        with gc:
            gc.set_font(FONT_FACE)
            gc.set_fill_color((0.15, 0.15, 0.15, 1))
            width = gc.get_text_extent(unit)[2]
            gc.set_text_position(max(0, min(self.x, round(self.x2 - width))), self.y2 + 8)
            gc.show_text(unit)

    def _ticks(self, height):
        """Return pairs of a value and its label, at least a line of text apart."""
        shading = self.viewer.shading
        low, high = shading.limits
        most = max(2, int(height / 60))
        if shading.scale == "linear":
            ticks = [tick for tick in round_ticks(low, high, most) if low <= tick <= high]
            return list(zip(ticks, tick_labels(ticks), strict=True))
        return labels_apart(float(value) for value in shading.value_at(np.linspace(0, 1, most + 1)))
