"""Whole pixels of the screen.  If a screen has 1.25 of them for one of Qt's, most of Qt's pixels begin inside one."""

from __future__ import annotations

import math

from pyface.qt import QtCore, QtGui

__all__ = [
    "WholePixels",
    "columns_of",
    "draw_pixels",
    "line_width",
    "pixel_at",
    "pixel_rect",
    "place_of",
    "rounded_down",
    "rounded_up",
    "whole_step",
]

#: The longest step that `whole_step` looks for, in Qt's pixels.
LONGEST_STEP = 12

#: Rounding error of a place, in pixels.
PLACE_TOLERANCE = 1e-4


def whole_step(ratio):
    """Return the smallest n for which n of Qt's pixels are whole pixels of the screen: 1 at ratio 1 or 2, 4 at 1.25.

    If there is none up to `LONGEST_STEP`, return 1: places are rounded then.
    """
    return next((step for step in range(1, LONGEST_STEP + 1) if _is_whole(step * ratio)), 1)


def rounded_down(length, ratio):
    """Return a length in Qt's pixels, rounded down to one that is also whole in pixels of the screen."""
    return length // whole_step(ratio) * whole_step(ratio)


def rounded_up(length, ratio):
    """Return a length in Qt's pixels, rounded up to one that is also whole in pixels of the screen."""
    return -(-length // whole_step(ratio)) * whole_step(ratio)


def pixel_at(widget, place):
    """Return the pixel of the screen that holds a place in a widget, as (column, row) from the widget's first one.

    Parameters
    ----------
    widget : QWidget
    place : QPointF
        In Qt's pixels from the widget's corner, such as ``event.position()``.
    """
    ratio, corner = widget.devicePixelRatioF(), _corner(widget)
    return tuple(
        math.floor((at + inside) * ratio + PLACE_TOLERANCE) - round(at * ratio)
        for at, inside in ((corner.x(), place.x()), (corner.y(), place.y()))
    )


def place_of(widget, column, row):
    """Return the middle of a pixel of the screen, counted from a widget's first one, as a place in the widget."""
    ratio, corner = widget.devicePixelRatioF(), _corner(widget)
    return QtCore.QPointF(
        *((round(at * ratio) + pixel + 0.5) / ratio - at for at, pixel in ((corner.x(), column), (corner.y(), row)))
    )


def pixel_rect(widget, column, row, columns, rows):
    """Return a rectangle of pixels of the screen, counted from a widget's first one, in Qt's pixels of the widget."""
    ratio, corner = widget.devicePixelRatioF(), _corner(widget)
    left, top = ((round(at * ratio) + pixel) / ratio - at for at, pixel in ((corner.x(), column), (corner.y(), row)))
    return QtCore.QRectF(left, top, columns / ratio, rows / ratio)


def columns_of(widget):
    """Return how many pixels of the screen a widget is wide."""
    return max(round(widget.width() * widget.devicePixelRatioF()), 1)


def line_width(ratio):
    """Return how many pixels of the screen a thin line is wide: at 1.5 one, at 2 two."""
    return max(math.floor(ratio + PLACE_TOLERANCE), 1)


def draw_pixels(painter, image, column=0, row=0):
    """Draw a QImage pixel for pixel; its corner is a pixel of the screen, counted from the widget's first one.

    A widget can begin inside a pixel.  Its first pixel is then found by the same rounding as in `pixel_at`, so that a
    click means the pixel that is seen.
    """
    to_device = painter.deviceTransform()
    left, top = round(to_device.dx()) + column, round(to_device.dy()) + row
    painter.save()
    painter.setWorldTransform(QtGui.QTransform.fromTranslate(left, top) * to_device.inverted()[0])
    painter.drawImage(0, 0, image)
    painter.restore()


class WholePixels(QtGui.QWidget):
    """Moves a widget by a few of Qt's pixels, so that its corner is the corner of a pixel of the screen.

    The widget then paints the same pixels of the screen in its window, alone, and in pictures of both.

    Parameters
    ----------
    inside : QWidget
    """

    def __init__(self, inside):
        super().__init__()
        self._box = QtGui.QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(inside)

    def event(self, event):
        """Align what is inside when it may have moved."""
        if event.type() in _MOVES:
            self._align()
        return super().event(event)

    def _align(self):
        ratio, corner = self.devicePixelRatioF(), _corner(self)
        step = whole_step(ratio)
        left, top = -corner.x() % step, -corner.y() % step
        if (left, top) != (self._box.contentsMargins().left(), self._box.contentsMargins().top()):
            self._box.setContentsMargins(left, top, 0, 0)


_MOVES = (QtCore.QEvent.Resize, QtCore.QEvent.Move, QtCore.QEvent.Show, QtCore.QEvent.DevicePixelRatioChange)


def _is_whole(number):
    return abs(number - round(number)) < PLACE_TOLERANCE


def _corner(widget):
    """Return where a widget is in its window, in Qt's pixels."""
    return widget.mapTo(widget.window(), QtCore.QPoint(0, 0))
