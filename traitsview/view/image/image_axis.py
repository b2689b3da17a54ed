"""An axis along one side of an image, cheap enough to be painted at every step of a drag.

Chaco's `PlotAxis` makes a Traits object of every label whenever its range moves, which costs more
than painting the image.  This one does nothing but paint, beside the image and on no pixel of it.
"""

from __future__ import annotations

from chaco.linear_mapper import LinearMapper
from enable.abstract_overlay import AbstractOverlay
from pyface.qt import QtCore
from traits.api import Any, Enum, Float, Instance, Str

from .canvas_painter import painting

#: Length of a tick, in Enable pixels.
TICK_LENGTH = 5

#: Space between the image and the labels, in Enable pixels.
LABEL_OFFSET = 8


class ImageAxis(AbstractOverlay):
    """Paints the axis line, ticks, their labels and a title below or to the left of a plot."""

    orientation = Enum("bottom", "left")

    #: Data coordinates to Enable's along this axis.
    mapper = Instance(LinearMapper)

    #: Has ``get_ticks_and_labels``, as Chaco's tick generators may.
    tick_generator = Any()

    title = Str()

    #: Enable pixels between the image and the middle of the title.
    title_spacing = Float()

    _ticks = Any((None, ()))

    def overlay(self, component, gc, view_bounds=None, mode="normal"):
        """Paint the axis of `component`."""
        with painting(gc) as painter:
            paint = self._paint_bottom if self.orientation == "bottom" else self._paint_left
            paint(painter, component)

    def _marks(self):
        """Return (Enable coordinate, label) of each tick."""
        mapper = self.mapper
        low, high, first, last = mapper.range.low, mapper.range.high, mapper.low_pos, mapper.high_pos
        key = low, high, first, last
        if self._ticks[0] != key:
            found = self.tick_generator.get_ticks_and_labels(low, high, min(first, last), max(first, last)) or ((), ())
            scale = (last - first) / (high - low)
            self._ticks = key, [(first + (tick - low) * scale, text) for tick, text in zip(*found, strict=True)]
        return self._ticks[1]

    def _paint_bottom(self, painter, component):
        area, theme, thin = _area(painter, component), painter.theme, painter.thin
        painter.qt.fillRect(area.left() - thin, area.bottom() + 1, area.width() + thin, thin, theme.line)
        y = component.y - 0.5
        for x, label in self._marks():
            painter.upright(x, y, y - TICK_LENGTH, theme.line)
            painter.write(label, x, y - LABEL_OFFSET, theme.text, QtCore.Qt.AlignHCenter | QtCore.Qt.AlignTop)
        middle = component.x + component.width / 2
        painter.write(self.title, middle, y - self.title_spacing, theme.text, QtCore.Qt.AlignCenter)

    def _paint_left(self, painter, component):
        area, theme, thin = _area(painter, component), painter.theme, painter.thin
        painter.qt.fillRect(area.left() - thin, area.top(), thin, area.height() + thin, theme.line)
        x = component.x - 0.5
        for y, label in self._marks():
            painter.across(x - TICK_LENGTH, x, y, theme.line)
            painter.write(label, x - LABEL_OFFSET, y, theme.text, QtCore.Qt.AlignRight | QtCore.Qt.AlignVCenter)
        middle = component.y + component.height / 2
        painter.write(self.title, x - self.title_spacing, middle, theme.text, QtCore.Qt.AlignCenter, upward=True)


def _area(painter, component):
    """Return the pixels of the screen that a component covers."""
    return painter.rect(component.x, component.y, component.x2, component.y2)
