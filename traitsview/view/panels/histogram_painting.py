"""How a histogram is painted: counts, the curve of the colours over them, a strip of the colours, and the limits."""

from __future__ import annotations

import math

import numpy as np
from pyface.qt import QtCore, QtGui

from ...numerals import numerals
from ...whole_numbers import WIDE, scalars
from ..image.axes import round_ticks, tick_labels
from ..qt.device_pixels import columns_of, draw_pixels, line_width, pixel_at, pixel_rect, place_of
from ..qt.theme import theme_of

#: Part of the paper that is mixed into the bars outside the limits.
FADED_PART = 0.6

#: Height of the strip of colours, in Qt's pixels.
STRIP_HEIGHT = 12

#: Half of the width of a handle, in Qt's pixels.
HALF_HANDLE_WIDTH = 5

#: Between one label of the axis and the next, in Qt's pixels, at least.
LABEL_SPACING = 14

#: Labels of the axis, at most.
LABEL_LIMIT = 7

#: Places further from the widget than this, in Qt's pixels, are painted here: floats and screens count no further.
FARTHEST_PIXEL = 1e6


def _precision(first, last):
    """Return the smallest dtype whose numbers differ from pixel to pixel; code for float32 is compiled first."""
    if isinstance(first, np.longdouble):
        return WIDE
    largest = max(abs(first), abs(last))
    return np.float32 if last - first > 1e-3 * largest and 1e-30 < largest < 1e30 else np.float64


class HistogramPainting:
    """Paints histograms on widgets whose `shown` are the values at their left and right edges."""

    def __init__(self):
        self._axis = None, ()

    def x_of(self, widget, value):
        """Return the x of a value in a widget, at most `FARTHEST_PIXEL` outside."""
        first, last, value = scalars(*widget.shown, value)
        if not math.isfinite(last - first) or not math.isfinite(value - first):
            first, last, value = first / 4, last / 4, value / 4
        place = float((value - first) / (last - first) * widget.width())
        return min(max(place, -FARTHEST_PIXEL), FARTHEST_PIXEL)

    def column_of(self, widget, value):
        """Return the pixel of the screen that a value is in, counted from the widget's first one."""
        return pixel_at(widget, QtCore.QPointF(self.x_of(widget, value), 0))[0]

    def value_at(self, widget, x):
        """Return the values at places in a widget."""
        first, last = widget.shown
        part = np.asarray(x, np.float64) / max(widget.width(), 1)
        if isinstance(first, np.longdouble):
            return first + (last - first) * part  # in longdouble, for parts are rounded to 1 in 2**53
        return first * (1 - part) + last * part

    def paint_sentence(self, painter, widget, sentence):
        """Paint a sentence in the place of a histogram."""
        theme = theme_of(widget.palette())
        painter.fillRect(widget.rect(), theme.ground)
        painter.setPen(theme.text)
        inside = widget.rect().adjusted(8, 8, -8, -8)
        painter.drawText(inside, QtCore.Qt.AlignCenter | QtCore.Qt.TextWordWrap, sentence)

    def paint(self, painter, widget, histogram, shading, chosen):
        """Paint a histogram.

        Parameters
        ----------
        painter : QPainter
        widget : QWidget
        histogram : Histogram
        shading : Shading
        chosen : str or None
            Which of the limits are painted as held: ``"low"``, ``"high"`` or ``"both"``.
        """
        line = painter.fontMetrics().height()
        whole = QtCore.QRect(0, line * 2 + 2, widget.width(), widget.height() - line * 3 - 6)
        counts = whole.adjusted(0, 0, 0, -STRIP_HEIGHT)
        painter.fillRect(whole, theme_of(widget.palette()).paper)
        self._paint_counts(painter, widget, counts, histogram)
        self._paint_strip(painter, widget, QtCore.QRect(0, counts.bottom() + 1, widget.width(), STRIP_HEIGHT), shading)
        if not shading.labels:
            self._fade(painter, widget, counts, shading.limits)
            self._paint_curve(painter, widget, counts, shading)
        self._paint_axis(painter, widget, whole.bottom() + 1, line)
        if not shading.labels:
            self._paint_limits(painter, widget, whole, shading.limits, chosen)

    def _paint_counts(self, painter, widget, area, histogram):
        counts = np.log1p(np.asarray(histogram.counts, np.float64))
        if not counts.size or not counts.max() > 0:
            return
        edges = [self.x_of(widget, edge) for edge in histogram.edges]
        heights = counts / counts.max() * (area.height() - 4)
        bottom = area.bottom() + 1
        shape = QtGui.QPolygonF([QtCore.QPointF(edges[0], bottom)])
        for left, right, height in zip(edges[:-1], edges[1:], heights.tolist(), strict=True):
            shape.append(QtCore.QPointF(left, bottom - height))
            shape.append(QtCore.QPointF(right, bottom - height))
        shape.append(QtCore.QPointF(edges[-1], bottom))
        painter.save()
        painter.setClipRect(area)
        painter.setPen(QtCore.Qt.NoPen)
        painter.setBrush(theme_of(widget.palette()).bars)
        painter.drawPolygon(shape)
        painter.restore()

    def _paint_strip(self, painter, widget, area, shading):
        columns, ratio = columns_of(widget), widget.devicePixelRatioF()
        top, rows = pixel_at(widget, QtCore.QPointF(area.topLeft()))[1], math.ceil(area.height() * ratio)
        values = self.value_at(widget, place_of(widget, 0, 0).x() + np.arange(columns) / ratio)
        if shading.labels:  # which are whole numbers, as wide as a bin of them is
            values = np.rint(values)
        argb = shading.argb(values[None].astype(_precision(*widget.shown))).repeat(rows, axis=0)
        image = QtGui.QImage(argb, columns, rows, columns * 4, QtGui.QImage.Format_ARGB32_Premultiplied)
        draw_pixels(painter, image, 0, top)

    def _fade(self, painter, widget, area, limits):
        """Make the parts outside the limits paler."""
        low, high = (min(max(self.x_of(widget, value), 0.0), float(widget.width())) for value in limits)
        faded = QtGui.QColor(theme_of(widget.palette()).paper)
        faded.setAlphaF(FADED_PART)
        for left, right in ((0.0, low), (high, float(widget.width()))):
            painter.fillRect(QtCore.QRectF(left, area.top(), right - left, area.height()), faded)

    def _paint_curve(self, painter, widget, area, shading):
        xs = np.arange(0, widget.width(), 1.0)
        places = shading.fraction_of(self.value_at(widget, xs))
        ys = area.bottom() - 1 - places * (area.height() - 3)
        painter.save()
        painter.setRenderHint(QtGui.QPainter.Antialiasing, True)
        painter.setPen(QtGui.QPen(theme_of(widget.palette()).accent, 1.5))
        painter.drawPolyline(QtGui.QPolygonF([QtCore.QPointF(x, y) for x, y in zip(xs, ys.tolist(), strict=True)]))
        painter.restore()

    def _paint_axis(self, painter, widget, top, line):
        theme = theme_of(widget.palette())
        painter.setPen(theme.text)
        metrics = painter.fontMetrics()
        key = *widget.shown, widget.width(), painter.font().key()
        if self._axis[0] != key:
            self._axis = key, self._ticks(widget, metrics)
        for value, left, label in self._axis[1]:
            self._paint_line(painter, widget, QtCore.QRect(0, top, widget.width(), 3), value, theme.line, 1)
            painter.drawText(QtCore.QPointF(left, top + 3 + metrics.ascent()), label)

    def _ticks(self, widget, metrics):
        """Return (value, left end of the label, label) of each tick, of as many as have room."""
        first, last = widget.shown
        for most in range(LABEL_LIMIT, 0, -1):
            ticks = round_ticks(first, last, most)
            found = []
            for value, label in zip(ticks, tick_labels(ticks), strict=True):
                x, width = self.x_of(widget, value), metrics.horizontalAdvance(label)
                if 0 <= x < widget.width():
                    found.append((value, min(max(x - width / 2, 0), widget.width() - width), label))
            ends = [left + metrics.horizontalAdvance(label) for _, left, label in found]
            if all(left - end >= LABEL_SPACING for (_, left, _), end in zip(found[1:], ends, strict=False)):
                return found
        return found[:1]

    def _paint_line(self, painter, widget, area, value, color, width):
        """Paint an upright line over the pixel of the screen that a value is in; return its middle."""
        column, wide = self.column_of(widget, value), width * line_width(widget.devicePixelRatioF())
        line = pixel_rect(widget, column - (wide - 1) // 2, 0, wide, 1)
        painter.fillRect(QtCore.QRectF(line.left(), area.top(), line.width(), area.height()), color)
        return line.center().x()

    def _paint_limits(self, painter, widget, area, limits, chosen):
        theme = theme_of(widget.palette())
        metrics, line = painter.fontMetrics(), painter.fontMetrics().height()
        painter.save()
        painter.setRenderHint(QtGui.QPainter.Antialiasing, True)
        ends = []
        for name, value, text in zip(("low", "high"), limits, numerals(*limits), strict=True):
            held = chosen in (name, "both")
            color = theme.accent if held else theme.text
            width = metrics.horizontalAdvance(text)
            x = self._paint_line(painter, widget, area, value, color, 2 if held else 1)
            painter.setPen(QtCore.Qt.NoPen)
            painter.setBrush(color)
            top = area.top()
            corners = [(x - HALF_HANDLE_WIDTH, top), (x + HALF_HANDLE_WIDTH, top), (x, top + HALF_HANDLE_WIDTH * 1.6)]
            painter.drawPolygon([QtCore.QPointF(*corner) for corner in corners])
            left = x - width / 2 - (width / 3 if name == "low" else -width / 3)
            ends.append((color, min(max(left, 0.0), widget.width() - width - 1), width, text))
        (_, low_left, low_width, _), (_, high_left, _, _) = ends
        crowded = low_left + low_width + 6 > high_left
        for row, (color, left, _, text) in zip((0 if crowded else 1, 1), ends, strict=True):
            painter.setPen(color)
            painter.drawText(QtCore.QPointF(left, row * line + metrics.ascent() + 1), text)
        painter.restore()
