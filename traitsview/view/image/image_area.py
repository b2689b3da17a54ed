"""Where an image is painted: from places in a window to pixels of a viewport, and back."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ImageArea"]


@dataclass(frozen=True, slots=True)
class ImageArea:
    """The part of an Enable window that shows a viewport, pixel of the screen for pixel.

    Attributes
    ----------
    left, top, right, bottom : int
        Its edges in pixels of the screen, from the top left corner of the window.
    ratio : float
        Pixels of the screen per Enable pixel.
    height : float
        Of the window, in Enable's pixels: its y grows upwards from there.
    upward : bool
        Whether rows of the viewport go up the screen.

    Notes
    -----
    A viewport whose `shape`, (rows, columns), is not that of the area is stretched over it.
    """

    left: int = 0
    top: int = 0
    right: int = 1
    bottom: int = 1
    ratio: float = 1.0
    height: float = 1.0
    upward: bool = True

    def pixel_at(self, x, y, shape):
        """Return Enable coordinates as (column, row) of a viewport, in parts of pixels from its first edge."""
        rows, columns = shape
        across = ((x + 0.5) * self.ratio - self.left) / (self.right - self.left)
        down = ((self.height - y - 0.5) * self.ratio - self.top) / (self.bottom - self.top)
        return across * columns, (1 - down if self.upward else down) * rows

    def place_of(self, column, row, shape):
        """Return a place of a viewport, in pixels from its first edge, in Enable coordinates."""
        rows, columns = shape
        across, down = column / columns, 1 - row / rows if self.upward else row / rows
        x = (self.left + across * (self.right - self.left)) / self.ratio
        y = (self.top + down * (self.bottom - self.top)) / self.ratio
        return x - 0.5, self.height - y - 0.5
