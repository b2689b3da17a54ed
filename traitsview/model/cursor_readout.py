"""The value under the cursor of a viewer, read anew when the cursor or the frame is another one."""

from __future__ import annotations

from dataclasses import replace

from traits.api import Any, HasStrictTraits, Instance, observe

from .readout import Probe, Readout

__all__ = ["CursorReadout"]


class CursorReadout(HasStrictTraits):
    """Sets the `readout` of a viewer.

    It belongs to the viewer's thread.  While frames come, one value is read after the other, and the value of the frame
    before stays until that of the next one is there.
    """

    #: The `ImageViewer`.
    viewer = Any()

    _probe = Instance(Probe)

    #: The point and the picture, whatever its version, whose value is being read; or None.
    _place = Any()

    def open(self):
        """Begin to read from the source of the viewer."""
        self._probe = Probe(self.viewer.source, self.viewer.pixels.listener(self._take))

    def close(self):
        """Read no more until `open`."""
        if self._probe is not None:
            self._probe.close()
            self.trait_set(_probe=None, _place=None)

    @observe("viewer.[cursor, picture]", post_init=True)
    def _follow_cursor(self, event):
        viewer = self.viewer
        if self._probe is None or viewer.cursor is None:
            self._place = viewer.readout = None
            return
        place = _place_of(viewer.cursor, viewer.picture)
        if place == self._place:
            return
        shown = viewer.readout
        if shown is None or _place_of(shown.point, shown.picture) != place:
            viewer.readout = Readout(viewer.cursor, viewer.picture)
        self._read(place)

    def _read(self, place):
        viewer = self.viewer
        x0, x1, y0, y1 = viewer.info.extent
        x, y = viewer.cursor
        self._place = None
        if x0 <= x < x1 and y0 <= y < y1:
            self._place = place
            self._probe.read(viewer.cursor, viewer.picture, viewer.info)

    def _take(self, readout):
        viewer = self.viewer
        place = _place_of(readout.point, readout.picture)
        if _place_of(viewer.cursor, viewer.picture) != place:
            return
        viewer.readout = readout
        if readout.picture.version != viewer.picture.version:
            self._read(place)
        else:
            self._place = None


def _place_of(point, picture):
    """Return the point and the picture without its version: it is the same in all frames of a live image."""
    return point, replace(picture, version=0)
