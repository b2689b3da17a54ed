"""Tiles as images that Qt can draw, coloured once for each appearance."""

from __future__ import annotations

from collections import OrderedDict, defaultdict

import numpy as np
from pyface.qt import QtGui

#: The least 0xAARRGGBB that hides what is behind it.
OPAQUE_ARGB = 0xFF000000

#: Bytes that are kept for other colours: what a large window shows.
SPARE_BYTES = 40 << 20


class ColoredTiles:
    """Keeps the coloured images of pixel blocks while their colours stay what they are.

    Their memory is used again when colours change, which is half of the time of painting in other ones: fresh memory
    comes from the system page by page.  So an image is for drawing at once, and not for keeping.

    Parameters
    ----------
    limit : int
        Bytes of colours that are kept at most.

    Attributes
    ----------
    frame : int
        The version of the frame that the blocks are of.  The next frame has the memory of the images of this one.
    """

    def __init__(self, limit=128 << 20):
        self._limit = limit
        self._images = OrderedDict()
        self._bytes = 0
        self._look = None
        self.frame = 0
        self._spare = defaultdict(list)

    def image(self, pixels, shading, upward, part=...):
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
        if key in self._images:  # and so alive: no other array has its identity
            self._images.move_to_end(key)
            return self._images[key][1]
        values = pixels[part][::-1] if upward else pixels[part]
        spare = self._spare[values.shape[:2]]
        argb = shading.argb(values, spare.pop() if spare else np.empty(values.shape[:2], np.uint32))
        self._images[key] = pixels, _image(argb), argb
        self._bytes += argb.nbytes
        while self._bytes > self._limit and len(self._images) > 1:
            _, (*_, dropped) = self._images.popitem(last=False)
            self._bytes -= dropped.nbytes
        return self._images[key][1]

    def _take_look(self, shading, upward):
        """Forget what was coloured otherwise."""
        look = shading, upward, self.frame
        if look == self._look:
            return
        self._look = look
        self._spare.clear()
        kept = 0
        for *_, argb in reversed(self._images.values()):
            kept += argb.nbytes
            if kept <= SPARE_BYTES:
                self._spare[argb.shape].append(argb)
        self._images.clear()
        self._bytes = 0


def _image(argb):
    """Return the QImage over premultiplied 0xAARRGGBB pixels; opaque ones are drawn faster as such."""
    rows, columns = argb.shape
    opaque = argb.min() >= OPAQUE_ARGB
    form = QtGui.QImage.Format_RGB32 if opaque else QtGui.QImage.Format_ARGB32_Premultiplied
    return QtGui.QImage(argb, columns, rows, columns * 4, form)
