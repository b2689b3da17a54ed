"""A plot of the lightness of a colormap, for usual colour vision and for deficiencies."""

from __future__ import annotations

import numpy as np
from pyface.qt import QtCore, QtGui

from ...color.evenness import evenness
from ...color.vision import DEFICIENCIES, NORMAL, Vision
from ..qt.theme import legible, theme_of
from .swatches import swatch

__all__ = ["LightnessPlot"]

#: Kinds of colour vision, in the order of painting, and the hue of each line.  The usual one has the hue of letters.
LINE_COLORS = {
    "tritan": QtGui.QColor(0, 133, 160),
    "protan": QtGui.QColor(196, 78, 16),
    "deutan": QtGui.QColor(86, 140, 30),
    "": None,
}

#: Widths of lines, in Qt's pixels: of colour-vision deficiencies, and of usual colour vision.
LINE_WIDTH = 1.2
USUAL_LINE_WIDTH = 1.8

#: L* with a tick; multiples of 50 have a label.
TICK_VALUES = (0, 25, 50, 75, 100)

#: Heights of the plot and of the swatch below it, in Qt's pixels.
PLOT_HEIGHT = 96
SWATCH_HEIGHT = 12

#: Room for the labels of the plot, in Qt's pixels.
LEFT_MARGIN = 26
TOP_MARGIN = 5

#: Length of a tick.
TICK_LENGTH = 3


class LightnessPlot(QtGui.QWidget):
    """L* from the first to the last colour, one line for each kind of colour vision, and the colours below."""

    def __init__(self):
        super().__init__()
        self._colormap, self._inverted, self._vision = None, False, NORMAL
        self._lines = {}
        self.setSizePolicy(QtGui.QSizePolicy.Expanding, QtGui.QSizePolicy.Fixed)
        self.setFixedHeight(TOP_MARGIN + PLOT_HEIGHT + 6 + SWATCH_HEIGHT + 5 + self.fontMetrics().height())
        names = ", ".join(missing for missing, *_ in DEFICIENCIES.values())
        self.setToolTip(f"Lightness L* of each colour, 0 is black and 100 white; also as seen with {names}")

    def show_colormap(self, colormap, inverted, vision=NORMAL):
        """Plot another colormap; the swatch shows its colours, and below how `vision` sees them."""
        shown = colormap, inverted, vision
        if shown == (self._colormap, self._inverted, self._vision):
            return
        self._colormap, self._inverted, self._vision = shown
        way = -1 if inverted else 1
        visions = {kind: Vision(kind) if kind else NORMAL for kind in LINE_COLORS}
        self._lines = {kind: evenness(colormap, vision).lightness[::way] for kind, vision in visions.items()}
        self.update()

    def paintEvent(self, event):  # noqa: N802
        """Paint all of it."""
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.Antialiasing)
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * 0.85)
        painter.setFont(font)
        area = QtCore.QRectF(LEFT_MARGIN, TOP_MARGIN, self.width() - LEFT_MARGIN - 3, PLOT_HEIGHT)
        theme = theme_of(self.palette())
        painter.fillRect(area, theme.paper)
        for light in TICK_VALUES:
            y = area.bottom() - area.height() * light / 100
            painter.fillRect(QtCore.QRectF(area.left() - TICK_LENGTH, y - 0.5, TICK_LENGTH, 1), theme.line)
            if light % 50 == 0:
                painter.setPen(theme.text)
                place = QtCore.QRectF(0, y - 8, LEFT_MARGIN - 6, 16)
                painter.drawText(place, QtCore.Qt.AlignRight | QtCore.Qt.AlignVCenter, str(light))
        if self._colormap is not None:
            self._paint_lines(painter, area)
            self._paint_swatch(painter, area)
        self._paint_legend(painter, area.bottom() + 6 + SWATCH_HEIGHT + 5)
        painter.end()

    def _paint_lines(self, painter, area):
        for kind in LINE_COLORS:
            light = self._lines[kind]
            if self._colormap.discrete:  # each colour has its share
                x = np.repeat(np.linspace(0, 1, len(light) + 1), 2)[1:-1]
                light = np.repeat(light, 2)
            else:
                x = np.linspace(0, 1, len(light))
            y = area.bottom() - area.height() * light / 100
            points = [QtCore.QPointF(*point) for point in zip(area.left() + area.width() * x, y, strict=True)]
            painter.setPen(self._pen(kind))
            painter.drawPolyline(QtGui.QPolygonF(points))

    def _pen(self, kind):
        """Return the pen for the line of a kind of colour vision."""
        theme = theme_of(self.palette())
        if not kind:
            return QtGui.QPen(theme.text, USUAL_LINE_WIDTH)
        return QtGui.QPen(legible(LINE_COLORS[kind], theme.paper, theme.ground), LINE_WIDTH)

    def _paint_swatch(self, painter, area):
        ratio = self.devicePixelRatioF()
        top, high = area.bottom() + 6, SWATCH_HEIGHT if self._vision.usual else SWATCH_HEIGHT / 2
        for vision in (NORMAL,) if self._vision.usual else (NORMAL, self._vision):
            place = QtCore.QRectF(area.left(), top, area.width(), high)
            size = round(place.width() * ratio), round(high * ratio)
            painter.drawImage(place, swatch(self._colormap, *size, self._inverted, vision))
            top += high

    def _paint_legend(self, painter, top):
        metrics, x = painter.fontMetrics(), float(LEFT_MARGIN)
        for kind in ("", *DEFICIENCIES):
            word = DEFICIENCIES[kind][0].removesuffix("opia") + "-" if kind else "usual"
            painter.setPen(self._pen(kind))
            middle = top + metrics.height() / 2
            painter.drawLine(QtCore.QPointF(x, middle), QtCore.QPointF(x + 9, middle))
            painter.setPen(theme_of(self.palette()).text)
            painter.drawText(QtCore.QPointF(x + 12, top + metrics.ascent()), word)
            x += 12 + metrics.horizontalAdvance(word) + 8
