"""An axis along one side of an image, cheap enough to be painted at every step of a drag.

Chaco's `PlotAxis` makes a Traits object of every label whenever its range moves, which costs more
than painting the image.  This one looks the same, keeps the sizes of its texts, and does nothing else.
"""

from __future__ import annotations

import math

from chaco.linear_mapper import LinearMapper
from enable.abstract_overlay import AbstractOverlay
from kiva.fonttools import Font
from traits.api import Any, Dict, Enum, Float, Instance, Str

#: Colours of lines and of letters.
LINE, TEXT = (0.35, 0.35, 0.35, 1.0), (0.15, 0.15, 0.15, 1.0)

#: Length of a tick, the space between the axis and its labels, and that around a text, in Enable pixels.
TICK, OFFSET, MARGIN = 5, 7, 2

#: Sizes of texts that are kept.
KEPT = 500


class ImageAxis(AbstractOverlay):
    """Paints the axis line, ticks, their labels and a title below or to the left of a plot."""

    orientation = Enum("bottom", "left")

    #: Data coordinates to Enable's along this axis.
    mapper = Instance(LinearMapper)

    #: Has ``get_ticks_and_labels``, as Chaco's tick generators may.
    tick_generator = Any()

    title = Str()

    #: Enable pixels between the ticks and the title.
    title_spacing = Float()

    font = Instance(Font)

    _extents = Dict()
    _ticks = Any((None, ()))

    def overlay(self, component, gc, view_bounds=None, mode="normal"):
        """Paint the axis of `component`."""
        marks = self._marks()
        with gc:
            gc.set_antialias(False)
            gc.set_line_width(1)
            gc.set_stroke_color(LINE)
            gc.begin_path()
            self._trace(component, gc, [position for position, _ in marks])
            gc.stroke_path()
            gc.set_antialias(True)
            gc.set_font(self.font)
            gc.set_fill_color(TEXT)
            for position, label in marks:
                self._write(component, gc, position, label)
            if self.title:
                self._write_title(component, gc)

    def _marks(self):
        """Return (Enable coordinate, label) of each tick."""
        mapper = self.mapper
        low, high, first, last = mapper.range.low, mapper.range.high, mapper.low_pos, mapper.high_pos
        key = low, high, first, last
        if self._ticks[0] != key:
            found = self.tick_generator.get_ticks_and_labels(low, high, min(first, last), max(first, last)) or ((), ())
            scale = (last - first) / (high - low)
            places = [round(first + (tick - low) * scale + 0.5) for tick in found[0]]
            self._ticks = key, list(zip(places, found[1], strict=True))
        return self._ticks[1]

    def _trace(self, component, gc, positions):
        x, y = component.x, component.y
        gc.move_to(x, y)
        if self.orientation == "bottom":
            gc.line_to(x + component.width, y)
            for position in positions:
                gc.move_to(position, y)
                gc.line_to(position, y - TICK)
        else:
            gc.line_to(x, y + component.height)
            for position in positions:
                gc.move_to(x, position)
                gc.line_to(x - TICK, position)

    def _write(self, component, gc, position, label):
        leading, width, height = self._size(gc, label)
        if self.orientation == "bottom":
            x, y = position - width / 2, component.y - OFFSET - height
        else:
            x, y = component.x - OFFSET - width, position - height / 2
        gc.set_text_position(round(x) + MARGIN - leading, round(y) + MARGIN)
        gc.show_text(label)

    def _write_title(self, component, gc):
        leading, width, height = self._size(gc, self.title)
        away = TICK + self.title_spacing + height
        if self.orientation == "bottom":
            gc.set_text_position(
                component.x + (component.width - width) / 2 + MARGIN - leading, component.y - away + MARGIN
            )
            gc.show_text(self.title)
            return
        gc.translate_ctm(component.x - away + height, component.y + (component.height - width) / 2)
        gc.rotate_ctm(math.pi / 2)
        gc.set_text_position(MARGIN - leading, MARGIN)
        gc.show_text(self.title)

    def _size(self, gc, text):
        """Return (leading, width, height) of a text and the margin around it."""
        size = self._extents.get(text)
        if size is None:
            if len(self._extents) >= KEPT:
                self._extents.clear()
            width, height, descent, leading = gc.get_full_text_extent(text)
            size = round(leading), width + 2 * MARGIN, height - abs(descent) + 2 * MARGIN
            self._extents[text] = size
        return size
