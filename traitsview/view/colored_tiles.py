"""Tiles as pictures that Qt can draw, coloured once for each appearance."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np
from pyface.qt import QtGui

#: The least 0xAARRGGBB that hides what is behind it.
OPAQUE = 0xFF000000


class ColoredTiles:
    """Keeps the coloured pictures of pixel blocks while their colours stay what they are.

    Parameters
    ----------
    limit : int
        Bytes of colours that are kept at most.
    """

    def __init__(self, limit=128 << 20):
        self._limit = limit
        self._pictures = OrderedDict()
        self._bytes = 0
        self._look = None
        self._colors = []
        self._indexed = {}

    def picture(self, pixels, shading, upward, part=...):
        """Return the QImage of a block of pixels.

        Parameters
        ----------
        pixels : ndarray, (rows, columns) or (rows, columns, 3 | 4)
            Read-only values; the block is known by its identity.
        shading : Shading
        upward : bool
            Whether row 0 is drawn at the bottom.
        part : (slice, slice), optional
            The rows and columns that are wanted, the same ones each time.
        """
        self._take_look(shading, upward)
        key = id(pixels)
        if key in self._pictures:  # and so alive: no other array has its identity
            self._pictures.move_to_end(key)
            return self._pictures[key][1]
        values = pixels[part][::-1] if upward else pixels[part]
        self._pictures[key] = pixels, *self._colored(values, shading)
        self._bytes += _size(pixels)
        while self._bytes > self._limit and len(self._pictures) > 1:
            _, (dropped, *_) = self._pictures.popitem(last=False)
            self._bytes -= _size(dropped)
        return self._pictures[key][1]

    def _take_look(self, shading, upward):
        """Forget what was coloured otherwise."""
        look = shading, upward
        if look == self._look:
            return
        self._look = look
        self._pictures.clear()
        self._bytes = 0
        self._indexed.clear()
        self._colors = [int(color) for color in shading.colors]

    def _colored(self, values, shading):
        """Return the QImage of values, and the memory that it shows if that is not its own."""
        if values.ndim == 2 and len(self._colors) <= 256 and min(self._colors) >= OPAQUE:
            # Qt looks up bytes twice as fast as NumPy does.
            indices, indexed = self._indexed_image(values.shape)
            if shading.bytes_of(values, indices):
                return indexed.convertToFormat(QtGui.QImage.Format_RGB32), None
        argb = np.ascontiguousarray(shading.argb(values))
        return _image(argb), argb

    def _indexed_image(self, shape):
        """Return an array of bytes of that shape, and the QImage that shows it in the colours of the look."""
        if shape not in self._indexed:
            indices = np.empty(shape, np.uint8)
            image = QtGui.QImage(indices, shape[1], shape[0], shape[1], QtGui.QImage.Format_Indexed8)
            image.setColorTable(self._colors)
            self._indexed[shape] = indices, image
        return self._indexed[shape]


def _size(pixels):
    return pixels.shape[0] * pixels.shape[1] * 4


def _image(argb):
    """Return the QImage over premultiplied 0xAARRGGBB pixels; opaque ones are drawn faster as such."""
    rows, columns = argb.shape
    opaque = argb.min() >= OPAQUE
    form = QtGui.QImage.Format_RGB32 if opaque else QtGui.QImage.Format_ARGB32_Premultiplied
    return QtGui.QImage(argb, columns, rows, columns * 4, form)
