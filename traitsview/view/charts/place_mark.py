"""The mark of the place whose values are plotted over time."""

from __future__ import annotations

import numpy as np
from enable.abstract_overlay import AbstractOverlay
from pyface.qt import QtCore
from traits.api import Tuple, Union, observe

from ..image.canvas_painter import painting

__all__ = ["PlaceMark"]

#: Length of the arms of a cross from its middle, and what is free there, in Enable pixels.
ARM = 9
FREE = 3


class PlaceMark(AbstractOverlay):
    """Paints a cross around a point, or the edge of a box, over an `ImagePlot`: white beside black, for any image."""

    #: The point (x, y), or the box (x0, x1, y0, y1), in data units.
    point = Union(None, Tuple)
    extent = Union(None, Tuple)

    def overlay(self, component, gc, view_bounds=None, mode="normal"):
        """Paint the mark, if there is a place."""
        if self.point is None and self.extent is None:
            return
        across, up = _placing(component.x_mapper), _placing(component.y_mapper)
        with painting(gc) as painter:
            painter.qt.setClipRect(painter.rect(component.x, component.y, component.x2, component.y2))
            for away, color in ((painter.thin, QtCore.Qt.black), (0, QtCore.Qt.white)):
                if self.point is not None:
                    self._paint_cross(painter, across(self.point[0]), up(self.point[1]), away, color)
                else:
                    x, x2, y, y2 = self.extent
                    corners = (painter.place(across(a), up(b)) for a, b in ((x, y), (x2, y2)))
                    (left, top), (right, bottom) = corners
                    box = QtCore.QRectF(QtCore.QPointF(left, top), QtCore.QPointF(right, bottom)).normalized()
                    painter.qt.setPen(color)
                    painter.qt.drawRect(box.adjusted(-away, -away, away, away))

    def _paint_cross(self, painter, x, y, away, color):
        for near, far in ((-ARM, -FREE), (FREE, ARM)):
            painter.across(x + near, x + far, y - away, color)
            painter.upright(x + away, y + near, y + far, color)

    @observe("point, extent", post_init=True)
    def _repaint(self, event):
        self.component.invalidate_and_redraw()


def _placing(mapper):
    """Return a function from a data coordinate to Enable's."""
    return lambda place: float(mapper.map_screen(np.array([place]))[0])
