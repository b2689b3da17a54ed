"""A plot of how light the colours of a colormap are, for usual eyes and for others."""

from __future__ import annotations

import numpy as np
from pyface.qt import QtCore, QtGui

from ...color.evenness import evenness
from ...color.vision import DEFICIENCIES, NORMAL, Vision
from ..qt.theme import legible, theme_of
from .swatches import swatch

__all__ = ["LightnessPlot"]

#: Whose eyes, in the order in which they are painted, and the hue of their line; usual ones have that of letters.
EYES = {
    "tritan": QtGui.QColor(0, 133, 160),
    "protan": QtGui.QColor(196, 78, 16),
    "deutan": QtGui.QColor(86, 140, 30),
    "": None,
}

#: The width of a line, and of that of usual eyes.
LINE, USUAL = 1.2, 1.8

#: L* that have a tick, and a label.
TICKS = (0, 25, 50, 75, 100)

#: In Qt's pixels: the plot, the swatch below it, and what is left for the labels.
HEIGHT, SWATCH, LEFT, TOP = 96, 12, 26, 5

#: Length of a tick.
TICK = 3


class LightnessPlot(QtGui.QWidget):
    """L* from the first to the last colour, one line for each kind of colour vision, and the colours below."""

    def __init__(self):
        super().__init__()
        self._colormap, self._inverted, self._vision = None, False, NORMAL
        self._lines = {}
        self.setSizePolicy(QtGui.QSizePolicy.Expanding, QtGui.QSizePolicy.Fixed)
        self.setFixedHeight(TOP + HEIGHT + 6 + SWATCH + 5 + self.fontMetrics().height())
        names = ", ".join(missing for missing, *_ in DEFICIENCIES.values())
        self.setToolTip(f"Lightness L* of each colour, 0 is black and 100 white; also as seen with {names}")

    def show_colormap(self, colormap, inverted, vision=NORMAL):
        """Plot another colormap, and show what its colours are seen as with `vision` below what they are."""
        shown = colormap, inverted, vision
        if shown == (self._colormap, self._inverted, self._vision):
            return
        self._colormap, self._inverted, self._vision = shown
        way = -1 if inverted else 1
        visions = {kind: Vision(kind) if kind else NORMAL for kind in EYES}
        self._lines = {kind: evenness(colormap, vision).lightness[::way] for kind, vision in visions.items()}
        self.update()

    def paintEvent(self, event):  # noqa: N802
        """Paint all of it."""
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.Antialiasing)
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * 0.85)
        painter.setFont(font)
        area = QtCore.QRectF(LEFT, TOP, self.width() - LEFT - 3, HEIGHT)
        theme = theme_of(self.palette())
        painter.fillRect(area, theme.paper)
        for light in TICKS:
            y = area.bottom() - area.height() * light / 100
            painter.fillRect(QtCore.QRectF(area.left() - TICK, y - 0.5, TICK, 1), theme.line)
            if light % 50 == 0:
                painter.setPen(theme.text)
                place = QtCore.QRectF(0, y - 8, LEFT - 6, 16)
                painter.drawText(place, QtCore.Qt.AlignRight | QtCore.Qt.AlignVCenter, str(light))
        if self._colormap is not None:
            self._paint_lines(painter, area)
            self._paint_swatch(painter, area)
        self._paint_legend(painter, area.bottom() + 6 + SWATCH + 5)
        painter.end()

    def _paint_lines(self, painter, area):
        for kind in EYES:
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
        """Return the pen of the line of some eyes."""
        theme = theme_of(self.palette())
        if not kind:
            return QtGui.QPen(theme.text, USUAL)
        return QtGui.QPen(legible(EYES[kind], theme.paper, theme.ground), LINE)

    def _paint_swatch(self, painter, area):
        ratio = self.devicePixelRatioF()
        top, high = area.bottom() + 6, SWATCH if self._vision.usual else SWATCH / 2
        for vision in (NORMAL,) if self._vision.usual else (NORMAL, self._vision):
            place = QtCore.QRectF(area.left(), top, area.width(), high)
            size = round(place.width() * ratio), round(high * ratio)
            painter.drawImage(place, swatch(self._colormap, *size, self._inverted, vision))
            top += high

    def _paint_legend(self, painter, top):
        metrics, x = painter.fontMetrics(), float(LEFT)
        for kind in ("", *DEFICIENCIES):
            word = DEFICIENCIES[kind][0].removesuffix("opia") + "-" if kind else "usual"
            painter.setPen(self._pen(kind))
            middle = top + metrics.height() / 2
            painter.drawLine(QtCore.QPointF(x, middle), QtCore.QPointF(x + 9, middle))
            painter.setPen(theme_of(self.palette()).text)
            painter.drawText(QtCore.QPointF(x + 12, top + metrics.ascent()), word)
            x += 12 + metrics.horizontalAdvance(word) + 8
