"""Viewers without windows that look at one source together."""

from __future__ import annotations

from traitsview.geometry import Viewport
from traitsview.model.image_viewer import ImageViewer
from traitsview.model.together import Together

from .patience import wait_until

__all__ = ["Companion"]


class Companion:
    """A viewer of `source` that calls itself `name`, with a window of `shape` (rows, columns)."""

    def __init__(self, source, name, shape=(300, 400)):
        self.source = source
        self.viewer = ImageViewer(viewport=Viewport((1.0, 1.0), (0, 0), shape), source=source)
        self.together = Together(name=name, viewer=self.viewer)

    def pump(self):
        """Take what has arrived."""
        self.viewer.pixels.take_arrivals()

    def until(self, holds):
        """Take what arrives until `holds()` is true."""

        def held():
            self.pump()
            return holds()

        wait_until(held)

    @property
    def others(self):
        """The names of all who are there, as they are shown."""
        return [str(person) for person in self.together.company.people]

    def close(self):
        """Leave, and close the source."""
        self.together.close()
        self.viewer.close()
        self.source.close()
