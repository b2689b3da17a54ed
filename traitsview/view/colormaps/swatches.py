"""Swatches: the colours of a colormap, in a strip."""

from __future__ import annotations

import threading

import numpy as np
from pyface.qt import QtCore, QtGui

from ...color.catalogue import catalogue
from ...color.vision import NORMAL
from ...errors import ColormapError
from ...model.loading.worker import NewestWorker
from ..qt.following import Following
from ..qt.gui_thread import GuiThread

__all__ = ["Swatches", "swatch"]

#: Colours of the squares behind colours that are not opaque.
SQUARE_COLORS = ((255, 255, 255), (205, 205, 205))

#: Width of such a square, in device pixels.
SQUARE_WIDTH = 4


def swatch(colormap, width, height, inverted=False, vision=NORMAL):
    """Return a QImage of a colormap from its first to its last colour, in device pixels, as `vision` sees it."""
    colors = vision.seen(colormap.lut(width))
    if inverted:
        colors = colors[::-1]
    rgba = np.broadcast_to(colors, (height, width, 4))
    alpha = rgba[..., 3:]
    rows, columns = np.mgrid[:height, :width] // SQUARE_WIDTH
    behind = np.array(SQUARE_COLORS)[(rows + columns) % 2] / 255
    seen = np.rint((rgba[..., :3] * alpha + behind * (1 - alpha)) * 255).astype(np.uint8)
    image = QtGui.QImage(np.ascontiguousarray(seen), width, height, 3 * width, QtGui.QImage.Format_RGB888)
    return image.convertToFormat(QtGui.QImage.Format_RGB32)  # which has memory of its own


class Swatches(Following, QtCore.QObject):
    """The swatches of the catalogue's colormaps, each made when it is first asked for.

    What has to be read from a file is read in a thread of its own.  Belongs to the GUI thread.
    """

    #: A swatch that was asked for has been made, or cannot be made.
    arrived = QtCore.Signal()

    def __init__(self):
        super().__init__()
        self._pixmaps = {}
        self._faults = {}
        self._read = set()
        self._wanted = {}
        self._lock = threading.Lock()
        self._gui_thread = GuiThread()
        self._worker = None

    def pixmap(self, id, width, height, slow):
        """Return a QPixmap of a colormap in device pixels; None while it is read, or if it cannot be.

        Parameters
        ----------
        id : str
        width, height : int
        slow : bool
            Whether a file may have to be read for it.
        """
        key = id, width, height
        if key not in self._pixmaps and id not in self._faults:
            if slow:
                self._ask(key)
            else:
                self._take(*_made(key))
        return self._pixmaps.get(key)

    def prepare(self, id):
        """Return whether a colormap has been read; if not, begin to read it, and emit `arrived` afterwards."""
        if id in self._read or id in self._faults:
            return True
        self._ask((id, 1, 1))
        return False

    def fault(self, id):
        """Return why there is no swatch of a colormap; empty if nothing is wrong with it."""
        return self._faults.get(id, "")

    def forget(self):
        """Look at files anew."""
        self._pixmaps.clear()
        self._faults.clear()
        self._read.clear()

    def _ask(self, key):
        if self._worker is None:
            self._worker = NewestWorker("traitsview swatches")
            self.at_end(self._worker.close)
        with self._lock:
            if key in self._wanted:
                return
            self._wanted[key] = None
        self._worker.submit(self._make)

    def _make(self, stale):
        while not stale():  # a newer job does what is left
            with self._lock:
                key = next(reversed(self._wanted), None)  # what is in sight was asked for last
                if key is None:
                    return
            made = _made(key)
            with self._lock:
                self._wanted.pop(key, None)
            self._gui_thread.post(lambda made=made: self._take(*made, emit=True))

    def _take(self, key, image, fault, emit=False):
        if image is not None:
            self._pixmaps[key] = QtGui.QPixmap.fromImage(image)
            self._read.add(key[0])
        else:
            self._faults[key[0]] = fault
        if emit:
            self.arrived.emit()


def _made(key):
    id, width, height = key
    try:
        return key, swatch(catalogue().get(id), width, height), ""
    except ColormapError as error:
        return key, None, str(error)
