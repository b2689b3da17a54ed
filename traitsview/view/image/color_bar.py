"""The colour bar: which colour stands for which value."""

from __future__ import annotations

import numpy as np
from chaco.plot_component import PlotComponent
from pyface.qt import QtCore, QtGui
from traits.api import Any, Instance, observe

from ...model.image_viewer import ImageViewer
from ..qt.plain_text import plain_tip
from .axes import CHARACTER_WIDTH
from .canvas_painter import painting, text_width
from .color_ticks import LABEL_SPACING, Spread, color_ticks

#: Width of the bar, in Enable pixels; labels stand to its right.
BAR_WIDTH = 16

#: Distance from the bar to its labels, in Enable pixels.
LABEL_GAP = 7

#: Length by which the labels at the ends reach beyond the bar, in Enable pixels.
LABEL_OVERHANG = 6

#: Length of the pointed ends that show the colours of values outside the limits, in Enable pixels.
POINTED_END = 12

#: There is always room for a label of this many characters.
SHORT_LABEL_CHARACTERS = 10

#: A label has at most this many characters; of a longer one the beginning is written.
LONG_LABEL_CHARACTERS = 24

#: Room for half of the last label of the axis below, if there is no bar, in Enable pixels.
HALF_LABEL_WIDTH = 14


class ColorBar(PlotComponent):
    """Shows the colours of a viewer's shading from the low to the high limit, with ticks."""

    viewer = Instance(ImageViewer)

    bgcolor = "transparent"

    #: Cache of the painted bar: (what it shows, QImage).  Panning does not change it.
    _kept = Any((None, None))

    #: Cache of the painted numbers: (what they show, QImage).
    _written = Any((None, None))

    def room(self, height):
        """Return the width that a bar of that height needs with its labels, in steps, so that it seldom changes."""
        viewer = self.viewer
        if viewer.source is not None and viewer.info.channels > 1:
            return HALF_LABEL_WIDTH
        longest = min(max(map(len, self._ticks(height).labels), default=0), LONG_LABEL_CHARACTERS)
        steps = max(0, -(-(longest - SHORT_LABEL_CHARACTERS) // 4))
        return BAR_WIDTH + LABEL_GAP + CHARACTER_WIDTH * (SHORT_LABEL_CHARACTERS + 4 * steps)

    def normal_mouse_move(self, event):
        """Show all of a shortened label while the mouse is on it."""
        event.window.set_tooltip(plain_tip(self.whole_label(event.y)))

    def normal_mouse_leave(self, event):
        """Hide the tool tip."""
        event.window.set_tooltip("")

    def whole_label(self, y):
        """Return all of the label at an Enable row if it is shortened there; else an empty text."""
        low, high = self._body()
        ticks = self._ticks(self.height)
        place = (y - low) / max(high - low, 1)
        nearest = zip(ticks.places, ticks.labels, strict=True)
        there, label = min(nearest, key=lambda tick: abs(tick[0] - place), default=(0, ""))
        is_near = abs(there - place) * (high - low) < LABEL_SPACING / 2
        return label if is_near and len(label) > LONG_LABEL_CHARACTERS else ""

    @observe("viewer.shading")
    def _repaint(self, event):
        self.invalidate_and_redraw()

    def _draw_plot(self, gc, view_bounds=None, mode="normal"):
        viewer = self.viewer
        if viewer.source is None or viewer.summary is None or viewer.info.channels > 1:
            return
        self._draw_unit(gc)
        left, top, right, bottom = gc.device_rect(self.x, self.y - LABEL_OVERHANG, self.x2, self.y2 + LABEL_OVERHANG)
        shows = viewer.shading, (left, top, right, bottom), tuple(self.bounds), gc.theme
        if self._kept[0] == shows:
            painter = QtGui.QPainter(gc.qimage)
            painter.drawImage(left, top, self._kept[1])
            painter.end()
            return
        ticks = self._ticks(self.height)
        self._draw_colors(gc)
        self._draw_lines(gc, ticks)
        self._draw_ticks(gc, ticks)
        self._kept = shows, gc.qimage.copy(left, top, right - left, bottom - top)

    def _body(self):
        """Return the first and the last row of what lies between the limits, in Enable pixels."""
        end = POINTED_END if self.height > 6 * POINTED_END else 0
        under, over = _ends(self.viewer.shading)
        return self.y + (end if under else 0), self.y2 - (end if over else 0)

    def _outline(self):
        """Return the corners of the bar, whose ends are pointed where values beyond them have their own colours."""
        low, high = self._body()
        left, right = self.x, self.x + BAR_WIDTH - 1
        middle = (left + right) / 2
        under = [(middle, self.y)] if low > self.y else []
        over = [(middle, self.y2)] if high < self.y2 else []
        return [(left, low), *under, (right, low), (right, high), *over, (left, high)]

    def _draw_colors(self, gc):
        shading = self.viewer.shading
        low, high = self._body()
        left, top, right, bottom = gc.device_rect(self.x, low, self.x + BAR_WIDTH - 1, high)
        rows = bottom - top
        if rows < 1 or right <= left:
            return
        argb = np.ascontiguousarray(Spread(shading).colors_at(1 - (np.arange(rows) + 0.5) / rows))
        column = QtGui.QImage(argb, 1, rows, 4, QtGui.QImage.Format_ARGB32_Premultiplied)
        painter = QtGui.QPainter(gc.qimage)
        painter.drawImage(QtCore.QRect(left, top, right - left, rows), column)
        painter.setRenderHint(QtGui.QPainter.Antialiasing, True)
        painter.setPen(QtCore.Qt.NoPen)
        middle = (left + right) / 2
        _, above, _, below = gc.device_rect(self.x, self.y, self.x + BAR_WIDTH - 1, self.y2)
        for color, base, tip in ((shading.table[-3], bottom, below), (shading.table[-2], top, above)):
            if base != tip:
                painter.setBrush(QtGui.QColor(*(int(part) for part in color)))
                corners = [QtCore.QPointF(left, base), QtCore.QPointF(middle, tip), QtCore.QPointF(right, base)]
                painter.drawPolygon(corners)
        painter.end()

    def _draw_lines(self, gc, ticks):
        low, high = self._body()
        with painting(gc) as painter:
            painter.qt.setRenderHint(QtGui.QPainter.Antialiasing, True)
            painter.qt.setPen(QtGui.QPen(painter.theme.line, painter.thin))
            painter.qt.drawPolygon([QtCore.QPointF(*painter.sharp(*corner)) for corner in self._outline()])
            for place in ticks.lines:
                painter.across(self.x - 0.5, self.x + BAR_WIDTH - 0.5, low + place * (high - low), painter.theme.line)

    def _draw_ticks(self, gc, ticks):
        """Write the numbers, or show them as they were written: contrast and colormaps leave them as they are."""
        low, high = self._body()
        left, top, right, bottom = gc.device_rect(
            self.x + BAR_WIDTH, self.y - LABEL_OVERHANG, self.x2, self.y2 + LABEL_OVERHANG
        )
        shows = ticks, low, high, (left, top, right, bottom), gc.theme
        if self._written[0] == shows:
            painter = QtGui.QPainter(gc.qimage)
            painter.drawImage(left, top, self._written[1])
            painter.end()
            return
        edge = self.x + BAR_WIDTH - 0.5
        with painting(gc) as painter:
            for length, places in ((2, ticks.minor), (4, ticks.places)):
                for place in places:
                    painter.across(edge, edge + length, low + place * (high - low), painter.theme.line)
            for place, label in zip(ticks.places, ticks.labels, strict=True):
                painter.write(_shortened(label), edge + LABEL_GAP, low + place * (high - low), painter.theme.text)
        self._written = shows, gc.qimage.copy(left, top, right - left, bottom - top)

    def _draw_unit(self, gc):
        unit = self.viewer.info.unit
        if not unit:
            return
        with painting(gc) as painter:
            left = max(0.0, min(self.x - 0.5, self.x2 + 0.5 - text_width(unit)))
            painter.write(unit, left, self.y2 + 11, painter.theme.text)

    def _ticks(self, height):
        return color_ticks(self.viewer.shading, height)


def _shortened(label):
    """Return a label, or the beginning of a long one and three dots."""
    return label if len(label) <= LONG_LABEL_CHARACTERS else f"{label[: LONG_LABEL_CHARACTERS - 1].rstrip()}…"


def _ends(shading):
    """Return whether values below and above the limits have colours of their own; labels know no limits."""
    if shading.labels:
        return False, False
    return shading.colormap.under is not None, shading.colormap.over is not None
