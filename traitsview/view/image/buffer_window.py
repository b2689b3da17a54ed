"""An Enable window that paints into a NumPy buffer which Qt shows without a copy.

Enable's own windows need an X11 display even off screen, or convert every frame.  Here agg
paints on bytes that are also a QImage, so a renderer may paint the same bytes with QPainter,
and the window needs nothing from the platform.
"""

from __future__ import annotations

import logging
import math
import sys
from functools import partial

import numpy as np
from enable.qt.base_window import BaseWindow
from enable.qt.constants import KEY_MAP
from kiva.agg import GraphicsContextArray
from pyface.qt import QtCore, QtGui

from ..qt.device_pixels import PLACE_TOLERANCE, draw_pixels
from ..qt.pointer_events import Pinches, pointer_event
from ..qt.theme import theme_of

logger = logging.getLogger(__name__)


class BufferContext(GraphicsContextArray):
    """An agg context over a NumPy buffer in Qt's byte order.

    Parameters
    ----------
    size : (int, int)
        Width and height in device pixels.
    base_pixel_scale : float
        Device pixels per Enable pixel.

    Attributes
    ----------
    qimage : QImage
        The same bytes, in device pixels, row 0 at the top.
    window_height : float
        In Enable pixels; its top is row 0.
    theme : Theme
        The colours to paint in.
    """

    def __init__(self, size, base_pixel_scale=1.0):
        self.buffer = np.empty((size[1], size[0], 4), np.uint8)
        super().__init__(self.buffer, pix_format="bgra32", base_pixel_scale=base_pixel_scale, bottom_up=1)
        self.qimage = QtGui.QImage(self.buffer, size[0], size[1], size[0] * 4, QtGui.QImage.Format_RGB32)
        self.window_height = size[1] / base_pixel_scale
        self.theme = None

    def device_rect(self, x, y, x2, y2):
        """Return ``(left, top, right, bottom)`` in device pixels, rounded, of a rectangle of Enable pixels.

        Enable's pixel ``x`` is centred at ``x``: the rectangle covers ``x - 0.5 … x2 + 0.5``.
        """
        a, _, _, d, tx, ty = self.get_ctm()
        height = self.buffer.shape[0]
        left, right = a * (x - 0.5) + tx, a * (x2 + 0.5) + tx
        top, bottom = height - (d * (y2 + 0.5) + ty), height - (d * (y - 0.5) + ty)
        return round(left), round(top), round(right), round(bottom)


class BufferWindow(BaseWindow):
    """An Enable window over a `BufferContext`, exact to the pixel of the screen at any ratio of Qt's to those.

    Exceptions in handlers are logged and stop here: one that left a Qt callback would end the
    process with some versions of PySide6.
    """

    def __init__(self, *args, **traits):
        super().__init__(*args, **traits)
        # Every pixel is painted by us: Qt need not erase them first.
        self.control.setAttribute(QtCore.Qt.WA_OpaquePaintEvent)
        self.control.installEventFilter(Pinches(self.control, partial(self._handle_mouse_event, "pinch")))

    def _get_control_size(self):
        """Return how many device pixels the widget touches, as (width, height)."""
        if self.control is None:
            return None
        scale = self.base_pixel_scale
        lengths = self.control.width(), self.control.height()
        return tuple(math.ceil(length * scale - PLACE_TOLERANCE) for length in lengths)

    def _create_gc(self, size, pix_format="bgra32"):
        self.component._layout_needed = True  # which is in whole pixels of the screen
        width, height = max(size[0], 1), max(size[1], 1)
        gc = BufferContext((width, height), self.base_pixel_scale)
        # Enable's pixels have their middles at whole numbers, and the first row is that of the top.
        gc.window_height = self.control.height()
        gc.translate_ctm(0.5, 0.5 + height / self.base_pixel_scale - gc.window_height)
        return gc

    def _init_gc(self):
        # QPainter is three times as fast as agg's clear, and what will be painted over is left alone.
        self.component.do_layout()
        self._gc.theme = theme_of(self.control.palette())
        image = self._gc.qimage
        bare = QtGui.QRegion(image.rect())
        for part in getattr(self.component, "opaque_parts", ()):
            left, top, right, bottom = self._gc.device_rect(part.x, part.y, part.x2, part.y2)
            bare -= QtCore.QRect(left, top, right - left, bottom - top)
        painter = QtGui.QPainter(image)
        for rect in bare:
            painter.fillRect(rect, self._gc.theme.ground)
        painter.end()

    def _window_paint(self, event):
        if self.control is None or self._gc is None:
            return
        painter = QtGui.QPainter(self.control)
        draw_pixels(painter, self._gc.qimage)
        painter.end()

    def _paint(self, event=None):
        try:
            super()._paint(event)
        except Exception:
            logger.exception("painting failed")

    def _create_mouse_event(self, event):
        return None if self.control is None else pointer_event(self, event)

    def _handle_mouse_event(self, event_name, event, set_focus=False):
        try:
            return super()._handle_mouse_event(event_name, event, set_focus)
        except Exception:
            logger.exception("handling of %s failed", event_name)
            return False

    def _create_key_event(self, event_type, event):
        # Enable makes a character of every key code, and there are keys beyond Unicode.
        if event_type != "character" and event.key() > sys.maxunicode and event.key() not in KEY_MAP:
            return None
        made = super()._create_key_event(event_type, event)
        if made is not None and self.component is not None and not self.component.is_in(made.x, made.y):
            made.x, made.y = 0, 0  # the keyboard is ours wherever the mouse is
        return made

    def _handle_key_event(self, event_type, event):
        try:
            return super()._handle_key_event(event_type, event)
        except Exception:
            logger.exception("handling of %s failed", event_type)
            return False
