"""Tiles as pictures that Qt can draw, coloured once for each appearance."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np
from pyface.qt import QtGui


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

    def picture(self, pixels, shading, upward):
        """Return the QImage of a block of pixels.

        Parameters
        ----------
        pixels : ndarray, (rows, columns) or (rows, columns, 3 | 4)
            Read-only values; the block is known by its identity.
        shading : Shading
        upward : bool
            Whether row 0 is drawn at the bottom.
        """
        look = shading, upward
        if look != self._look:
            self._look = look
            self._pictures.clear()
            self._bytes = 0
        key = id(pixels)
        if key in self._pictures:  # and so alive: no other array has its identity
            self._pictures.move_to_end(key)
            return self._pictures[key][1]
        argb = np.ascontiguousarray(shading.argb(pixels[::-1] if upward else pixels))
        image = _image(argb)
        self._pictures[key] = pixels, image, argb  # a QImage does not keep the memory that it shows
        self._bytes += pixels.shape[0] * pixels.shape[1] * 4
        while self._bytes > self._limit and len(self._pictures) > 1:
            _, (dropped, *_) = self._pictures.popitem(last=False)
            self._bytes -= dropped.shape[0] * dropped.shape[1] * 4
        return image


def _image(argb):
    """Return the QImage over premultiplied 0xAARRGGBB pixels; opaque ones are drawn faster as such."""
    rows, columns = argb.shape
    opaque = argb.min() >= 0xFF000000
    form = QtGui.QImage.Format_RGB32 if opaque else QtGui.QImage.Format_ARGB32_Premultiplied
    return QtGui.QImage(argb, columns, rows, columns * 4, form)
