"""The pixels that a window shows in the area of its image."""

from __future__ import annotations

import numpy as np
from pyface.qt import QtCore, QtGui

from traitsview.view.qt.theme import theme_of

from .pixel_check import pixels_of

__all__ = ["blank", "image_area", "inner_pixels"]


def blank():
    """Return the colour that is painted where an image has no value, 0xAARRGGBB."""
    return np.uint32(theme_of(QtGui.QApplication.palette()).blank.rgba())


def image_area(hand):
    """Return the pixels of the area of the image, 0xAARRGGBB."""
    offset = hand.control.mapTo(hand.panel.window(), QtCore.QPoint(0, 0))
    plot = hand.panel.canvas.plot
    top = offset.y() + hand.control.height() - int(plot.y + plot.height)
    left = offset.x() + int(plot.x)
    picture = hand.paint()  # holds the memory that pixels_of looks at
    return pixels_of(picture)[top : top + int(plot.height), left : left + int(plot.width)].copy()


def inner_pixels(hand):
    """Return the pixels of the area of the image without two at each edge."""
    picture = pixels_of(hand.paint())
    plot = hand.panel.canvas.plot
    offset = hand.control.mapTo(hand.panel.window(), QtCore.QPoint(0, 0))
    rows, columns = hand.viewer.viewport.shape
    left = round(offset.x() + plot.x)
    top = round(offset.y() + hand.control.height() - plot.y - plot.height)
    return picture[top : top + rows, left : left + columns][2:-2, 2:-2]
