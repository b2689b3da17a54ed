"""Lines and letters in an Enable window: lines on whole pixels of the screen, letters as in the rest of the window."""

from __future__ import annotations

from contextlib import contextmanager

from pyface.qt import QtCore, QtGui

from ..qt.device_pixels import line_width

__all__ = ["CanvasPainter", "painting", "text_width"]

#: Height of letters, in Enable pixels.
LETTER_HEIGHT = 11


@contextmanager
def painting(gc):
    """Give a `CanvasPainter` on a `BufferContext`."""
    painter = CanvasPainter(gc)
    try:
        yield painter
    finally:
        painter.qt.end()


class CanvasPainter:
    """Paints in Enable's coordinates, whose pixels have their middles at whole numbers, and whose y grows upwards.

    Attributes
    ----------
    qt : QPainter
        Paints in pixels of the screen, from the top left.
    theme : Theme
    """

    def __init__(self, gc):
        self.qt, self.theme = QtGui.QPainter(gc.qimage), gc.theme
        self._gc, self._ratio = gc, gc.base_scale
        self.thin = line_width(self._ratio)

    def place(self, x, y):
        """Return Enable coordinates in pixels of the screen, as two floats."""
        return (x + 0.5) * self._ratio, (self._gc.window_height - y - 0.5) * self._ratio

    def rect(self, x, y, x2, y2):
        """Return the pixels of the screen, rounded, of a rectangle of Enable pixels, both ends included, as a QRect."""
        left, top, right, bottom = self._gc.device_rect(x, y, x2, y2)
        return QtCore.QRect(left, top, right - left, bottom - top)

    @property
    def ratio(self):
        """Pixels of the screen per Enable pixel."""
        return self._ratio

    def place_of(self, across, down):
        """Return pixels of the screen, from the top left, in Enable coordinates, as two floats."""
        return across / self._ratio - 0.5, self._gc.window_height - down / self._ratio - 0.5

    def sharp(self, x, y):
        """Return Enable coordinates in pixels of the screen, where a thin line along it covers whole ones."""
        return tuple(round(at - self.thin / 2) + self.thin / 2 for at in self.place(x, y))

    def across(self, x, x2, y, color):
        """Paint a thin level line between two places in the middle of y."""
        (left, middle), (right, _) = self.place(x, y), self.place(x2, y)
        self.qt.fillRect(_whole(left, middle - self.thin / 2, right, self.thin, True), color)

    def upright(self, x, y, y2, color):
        """Paint a thin upright line between two places in the middle of x."""
        (middle, bottom), (_, top) = self.place(x, y), self.place(x, y2)
        self.qt.fillRect(_whole(top, middle - self.thin / 2, bottom, self.thin, False), color)

    def write(self, text, x, y, color, align=QtCore.Qt.AlignLeft | QtCore.Qt.AlignVCenter, upward=False):
        """Write a text at Enable coordinates.

        Parameters
        ----------
        text : str
        x, y : float
        color : QColor
        align : Qt.Alignment
            Which part of the text is there.
        upward : bool
            Whether it is read from below to above; `align` is meant before it is turned.
        """
        font = _font()
        metrics = QtGui.QFontMetricsF(font)
        width, height = metrics.horizontalAdvance(text), metrics.height()
        left, top = _offset(align, width, height)
        across, down = self.place(x, y)
        self.qt.save()
        self.qt.translate(across, down)
        self.qt.scale(self._ratio, self._ratio)
        if upward:
            self.qt.rotate(-90)
        self.qt.setFont(font)
        self.qt.setPen(color)
        self.qt.drawText(QtCore.QPointF(left, top + metrics.ascent()), text)
        self.qt.restore()


def text_width(text):
    """Return the width of a text in Enable pixels."""
    return QtGui.QFontMetricsF(_font()).horizontalAdvance(text)


def _font():
    font = QtGui.QFont(QtGui.QApplication.font())
    font.setPixelSize(LETTER_HEIGHT)
    return font


def _offset(align, width, height):
    """Return where the top left corner of a text is from the place that it is aligned to."""
    left = 0.0 if align & QtCore.Qt.AlignLeft else -width if align & QtCore.Qt.AlignRight else -width / 2
    top = 0.0 if align & QtCore.Qt.AlignTop else -height if align & QtCore.Qt.AlignBottom else -height / 2
    return left, top


def _whole(start, edge, end, thick, level):
    """Return a rectangle of whole pixels: from start to end, and so thick from an edge."""
    first, last, edge = round(start), round(end), round(edge)
    return QtCore.QRect(first, edge, last - first, thick) if level else QtCore.QRect(edge, first, thick, last - first)
