"""The places where a viewer may go: pure functions from viewports to viewports."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ..geometry import Extent, Viewport, canonical
from ..sources.image_info import ImageInfo

#: The width, in screen pixels, that zooming in gives an element at most.
ELEMENT_PIXELS = 256

#: The longer side, in screen pixels, that zooming out leaves of the image at least.
IMAGE_PIXELS = 32


@dataclass(frozen=True, slots=True)
class History:
    """The places that were shown before (`past`), and the places that `back` has left (`future`)."""

    past: tuple[Viewport, ...] = ()
    future: tuple[Viewport, ...] = ()

    def leaving(self, place: Viewport, most: int = 100) -> History:
        """Return the history after `place` was left for a new one."""
        if self.past and self.past[-1] == place:
            return History(self.past, ())
        return History((*self.past[-most + 1 :], place), ())

    def back(self, place: Viewport) -> tuple[History, Viewport]:
        """Return the history and the place after going back from `place`."""
        return History(self.past[:-1], (place, *self.future)), self.past[-1]

    def forward(self, place: Viewport) -> tuple[History, Viewport]:
        """Return the history and the place after going forward from `place`."""
        return History((*self.past, place), self.future[1:]), self.future[0]


def one_to_one(viewport: Viewport, info: ImageInfo, about: tuple[float, float] | None = None) -> Viewport:
    """Return the viewport at one element per screen pixel (the smaller side of an element, if they differ)."""
    sx, sy = info.display_scale
    return viewport.at_resolution((canonical(sx), canonical(sy)), about)


def showing(viewport: Viewport, info: ImageInfo, extent: Extent) -> Viewport:
    """Return the viewport of the same shape, to the image's own scale, that shows at least `extent`."""
    rows, columns = viewport.shape
    x0, x1, y0, y1 = extent
    sx, sy = info.display_scale
    zoom = max((x1 - x0) / sx / columns, (y1 - y0) / sy / rows)
    center = (x0 + x1) / 2, (y0 + y1) / 2
    column, row = viewport.pixel_at(*center)
    there = viewport.panned(round(column - columns / 2), round(row - rows / 2))
    return zoomed(there, info, viewport.resolution[0] / sx / zoom, center)


def zoomed(viewport: Viewport, info: ImageInfo, factor: float, about: tuple[float, float] | None = None) -> Viewport:
    """Return the viewport magnified by `factor`, within the limits of `zoom_range`.

    Zooming in ends where an element is `ELEMENT_PIXELS` wide, or where the floats of coordinates no longer tell pixels
    apart.  Zooming out ends where the longer side of the image has `IMAGE_PIXELS`.
    """
    finest, coarsest = zoom_range(info, viewport)
    (dx, _), closest = viewport.resolution, 1e-9
    if factor > 1:
        if dx <= finest * (1 + closest):
            return viewport
        factor = min(factor, dx / finest)
    else:
        if dx >= coarsest * (1 - closest):
            return viewport
        factor = max(factor, dx / coarsest)
    return viewport.zoomed(factor, about)


def zoom_range(info: ImageInfo, viewport: Viewport) -> tuple[float, float]:
    """Return the finest and the coarsest dx that zooming reaches, in data units per screen pixel."""
    sx, _ = info.display_scale
    x0, x1, y0, y1 = info.extent
    precision = max(8 * math.ulp(max(abs(edge) for edge in pair)) for pair in ((x0, x1), (y0, y1)))
    finest = max(sx / ELEMENT_PIXELS, precision)
    coarsest = max(max((x1 - x0) / sx, (y1 - y0) / info.display_scale[1]) * sx / IMAGE_PIXELS, finest)
    fit = Viewport.fitting(info, viewport.shape).resolution[0]
    return min(finest, fit), max(coarsest, fit)


def bounded(viewport: Viewport, info: ImageInfo) -> Viewport:
    """Return the viewport moved, if need be, so that its centre lies on the image."""
    x0, x1, y0, y1 = info.extent
    (dx, dy), (rows, columns) = viewport.resolution, viewport.shape
    column = _held(viewport.origin[0] + columns // 2, (x1 - x0) / dx) - columns // 2
    row = _held(viewport.origin[1] + rows // 2, (y1 - y0) / dy) - rows // 2
    return replace(viewport, origin=(column, row))


def _held(center: int, length: float) -> int:
    return min(max(center, 0), math.floor(length))
