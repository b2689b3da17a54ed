"""Viewports and tiles: frozen values and pure functions.

**Data space** holds linear coordinates of the image.  Element ``[row i, column j]``
covers ``[x0 + j*sx, x0 + (j+1)*sx) × [y0 + i*sy, y0 + (i+1)*sy)``: intervals are
half-open, edges are coordinates and pixel centres are not.

For one **resolution** ``(dx, dy)``, in data units per screen pixel, the **pixel
grid** is the infinite lattice of screen pixels anchored at the corner of the image.
A **viewport** is a rectangle of one pixel grid, a **tile** is one aligned block of
it.  What a pixel shows depends on the image, the resolution and the pixel's place in
the grid alone, so panning never shimmers and neighbouring tiles always meet.

Rows count upwards in data space: row 0 of a rendered viewport is its smallest y.
Whether y grows up or down on the screen is for the view to say.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from operator import index
from typing import Protocol

from .errors import RequestError
from .numerals import numerals

__all__ = ["TILE", "Placed", "Viewport", "bounding", "canonical", "check_extent"]

#: Rows and columns of a tile.
TILE = 256

Extent = tuple[float, float, float, float]


class Placed(Protocol):
    """An object with a place in data space, such as the `ImageInfo` of an image."""

    @property
    def extent(self) -> Extent:
        """``(x0, x1, y0, y1)`` in data units, ``x0 < x1`` and ``y0 < y1``."""

    @property
    def display_scale(self) -> tuple[float, float]:
        """Lengths ``(x, y)`` in data units that are equally long on the screen."""


# Resolutions lie on a lattice: 2 ** (n / _STEPS_PER_DOUBLING).  Rounding to it moves a pixel by less than 1e-12 of its
# distance from the anchor.  The lattice is coarse enough that log2 and exp2 in double precision always come back to
# the same n.
_STEPS_PER_DOUBLING = 2.0**40

# The last step of the lattice: every resolution on it is a normal float.
_LAST_STEP = 1020 * 2**40

# Places that are at most so many pixels from halfway between two pixels count as halfway.
_HALFWAY_PIXELS = 1e-6

# Pixels of a grid are counted up to here from the anchor, in each direction.
_FURTHEST_PIXEL = 1 << 62

# Pixels that a side of a viewport has at most.
_LONGEST_SIDE = 1 << 31


def canonical(resolution: float) -> float:
    """Return the point of the lattice that is nearest to a resolution; they differ by at most 7e-13 of it.

    Zooming multiplies resolutions, and products of floats do not come back: ``r / f * f``
    differs from ``r`` in the last bits, which would be another grid and another cache.
    On the lattice a step of zoom is an integer, so that zooming in and out comes back.  A short
    decimal number (0.1, 3, 10.5) stands for the point of the lattice nearest to it.
    """
    return _resolution_at(_lattice_point(resolution))


def _lattice_point(resolution: float) -> int:
    _require_resolution(resolution)
    return round(math.log2(resolution) * _STEPS_PER_DOUBLING)


def _resolution_at(point: int) -> float:
    if abs(point) > _LAST_STEP:
        raise RequestError("cannot zoom so far", "a pixel would be larger than 1e307 data units or smaller than 1e-307")
    resolution = math.exp2(point / _STEPS_PER_DOUBLING)
    short = float(f"{resolution:.11g}")
    return short if _lattice_point(short) == point else resolution


def _require_resolution(resolution: float) -> None:
    if not (math.isfinite(resolution) and resolution > 0):
        raise RequestError("not a viewport", f"resolution {resolution:g} must be positive and finite")


def _pixel_of(distance: float) -> int:
    """Return the edge of a pixel that is nearest to a place, counted in pixels from the anchor."""
    if not math.isfinite(distance):
        raise RequestError("not a viewport", "it is too far from the image for pixels so small")
    return round(distance)


@dataclass(frozen=True, slots=True)
class Viewport:
    """What is visible: a rectangle of one pixel grid.

    Attributes
    ----------
    resolution : (float, float)
        ``(dx, dy)``, data units per screen pixel, positive.
    origin : (int, int)
        ``(column, row)`` of the first pixel in the grid; may be negative.
    shape : (int, int)
        ``(rows, columns)``, positive.
    anchor : (float, float)
        Where the grid is anchored: the corner ``(x0, y0)`` of the image.
    """

    resolution: tuple[float, float]
    origin: tuple[int, int]
    shape: tuple[int, int]
    anchor: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        try:
            resolution = (float(self.resolution[0]), float(self.resolution[1]))
            origin = (index(self.origin[0]), index(self.origin[1]))
            shape = (index(self.shape[0]), index(self.shape[1]))
            anchor = (float(self.anchor[0]), float(self.anchor[1]))
            exact = len(self.resolution) == len(self.origin) == len(self.shape) == len(self.anchor) == 2
        except (TypeError, ValueError, IndexError) as error:
            raise RequestError("not a viewport", str(error)) from error
        if not exact:
            raise RequestError("not a viewport", "resolution, origin, shape and anchor are pairs")
        # Without generators, for speed: a wish has hundreds of tiles, and each tile is a viewport.
        _require_resolution(resolution[0])
        _require_resolution(resolution[1])
        if abs(origin[0]) > _FURTHEST_PIXEL or abs(origin[1]) > _FURTHEST_PIXEL:
            raise RequestError("not a viewport", "its pixels are too far from the corner of the image to be counted")
        if not (1 <= shape[0] <= _LONGEST_SIDE and 1 <= shape[1] <= _LONGEST_SIDE):
            raise RequestError("not a viewport", f"shape {shape} must be at least 1 × 1, and at most 2**31 each way")
        if not (math.isfinite(anchor[0]) and math.isfinite(anchor[1])):
            raise RequestError("not a viewport", f"anchor {anchor} must be finite")
        object.__setattr__(self, "resolution", resolution)
        object.__setattr__(self, "origin", origin)
        object.__setattr__(self, "shape", shape)
        object.__setattr__(self, "anchor", anchor)

    @classmethod
    def covering(cls, extent: Extent, shape: tuple[int, int], anchor: tuple[float, float] = (0.0, 0.0)) -> Viewport:
        """Return the viewport of `shape` (rows, columns) that shows `extent`.

        Parameters
        ----------
        extent : (x0, x1, y0, y1)
            In data units, ``x0 < x1`` and ``y0 < y1``.  The extent of the viewport lies on the pixel
            grid and differs from this one by less than a pixel.
        """
        x0, x1, y0, y1 = check_extent(extent, "cannot show that extent")
        rows, columns = shape
        if rows < 1 or columns < 1:
            raise RequestError("not a viewport", f"shape {shape} must be at least 1 × 1")
        dx, dy = canonical((x1 - x0) / columns), canonical((y1 - y0) / rows)
        return cls(
            (dx, dy), (_pixel_of((x0 - anchor[0]) / dx), _pixel_of((y0 - anchor[1]) / dy)), (rows, columns), anchor
        )

    @classmethod
    def fitting(cls, info: Placed, shape: tuple[int, int]) -> Viewport:
        """Return the viewport of `shape` (rows, columns) that shows the whole image, centred.

        Axes of one unit have one scale.  Otherwise elements are square on the screen.
        """
        x0, x1, y0, y1 = info.extent
        rows, columns = shape
        if rows < 1 or columns < 1:
            raise RequestError("not a viewport", f"shape {shape} must be at least 1 × 1")
        sx, sy = info.display_scale
        zoom = max((x1 - x0) / sx / columns, (y1 - y0) / sy / rows)
        dx, dy = canonical(sx * zoom), canonical(sy * zoom)
        origin = (round((x1 - x0) / dx / 2 - columns / 2), round((y1 - y0) / dy / 2 - rows / 2))
        return cls((dx, dy), origin, (rows, columns), (x0, y0))

    @property
    def extent(self) -> Extent:
        """``(x0, x1, y0, y1)`` in data units."""
        (dx, dy), (column, row), (rows, columns), (ax, ay) = self.resolution, self.origin, self.shape, self.anchor
        return (ax + column * dx, ax + (column + columns) * dx, ay + row * dy, ay + (row + rows) * dy)

    @property
    def center(self) -> tuple[float, float]:
        """The point ``(x, y)`` in the middle, in data units."""
        return self.point_at(self.shape[1] / 2, self.shape[0] / 2)

    def point_at(self, column: float, row: float) -> tuple[float, float]:
        """Return the data point ``(x, y)`` at a place counted in pixels from the first edge."""
        (dx, dy), (c, r), (ax, ay) = self.resolution, self.origin, self.anchor
        return (ax + (c + column) * dx, ay + (r + row) * dy)

    def pixel_at(self, x: float, y: float) -> tuple[float, float]:
        """Return where the data point is, as (column, row) in pixels from the first edge."""
        (dx, dy), (c, r), (ax, ay) = self.resolution, self.origin, self.anchor
        return ((x - ax) / dx - c, (y - ay) / dy - r)

    def panned(self, columns: int = 0, rows: int = 0) -> Viewport:
        """Return the viewport moved by whole pixels over the same grid."""
        return replace(self, origin=(self.origin[0] + columns, self.origin[1] + rows))

    def zoomed(self, factor: float, about: tuple[float, float] | None = None) -> Viewport:
        """Return the viewport magnified by `factor` (> 1 zooms in) about a data point.

        The point (by default the centre) stays at its place on the screen, to within half a pixel.
        Zooming by ``1 / factor`` about the same point comes back to the same viewport.
        """
        if not (math.isfinite(factor) and factor > 0):
            raise RequestError("cannot zoom", f"factor {factor} must be positive and finite")
        step = _lattice_point(factor)
        dx, dy = (_resolution_at(_lattice_point(d) - step) for d in self.resolution)
        return self.at_resolution((dx, dy), about)

    def at_resolution(self, resolution: tuple[float, float], about: tuple[float, float] | None = None) -> Viewport:
        """Return the viewport of the same shape at another resolution, a data point held in place."""
        x, y = self.center if about is None else about
        column, row = self.pixel_at(x, y)
        dx, dy = resolution
        # A place halfway between two pixels is rounded one way when zooming in, and the other way when zooming out, so
        # that the viewport comes back.
        to_x, to_y = (
            _HALFWAY_PIXELS if new > old else -_HALFWAY_PIXELS
            for new, old in zip(resolution, self.resolution, strict=True)
        )
        origin = (
            _pixel_of((x - self.anchor[0]) / dx - column + to_x),
            _pixel_of((y - self.anchor[1]) / dy - row + to_y),
        )
        return replace(self, resolution=(dx, dy), origin=origin)

    def resized(self, shape: tuple[int, int]) -> Viewport:
        """Return the viewport with `shape` (rows, columns) about the same centre."""
        rows, columns = shape
        grown = (columns - self.shape[1]) // 2, (rows - self.shape[0]) // 2
        return replace(self, origin=(self.origin[0] - grown[0], self.origin[1] - grown[1]), shape=(rows, columns))

    def same_grid(self, other: Viewport) -> bool:
        """Whether the pixels of both are pixels of one grid."""
        return self.resolution == other.resolution and self.anchor == other.anchor

    def tiles(self, size: int = TILE) -> tuple[Viewport, ...]:
        """Return the aligned blocks of `size` × `size` pixels that this viewport touches, row by row."""
        (column, row), (rows, columns) = self.origin, self.shape
        if rows == columns == size and not (column % size or row % size):
            return (self,)
        return tuple(
            replace(self, origin=(c * size, r * size), shape=(size, size))
            for r in range(row // size, (row + rows - 1) // size + 1)
            for c in range(column // size, (column + columns - 1) // size + 1)
        )

    def overlap(self, other: Viewport) -> tuple[slice, slice] | None:
        """Return the (rows, columns) of this viewport that lie in `other` of the same grid; None if none do."""
        first = [max(a, b) - a for a, b in zip(self.origin, other.origin, strict=True)]
        last = [
            min(a + n, b + m) - a
            for a, n, b, m in zip(self.origin, self.shape[::-1], other.origin, other.shape[::-1], strict=True)
        ]
        if any(b <= a for a, b in zip(first, last, strict=True)):
            return None
        return slice(first[1], last[1]), slice(first[0], last[0])


def check_extent(extent: Iterable[float], what: str) -> Extent:
    """Return `extent` as floats.  If it is empty or not finite, raise a `RequestError` that begins with `what`."""
    try:
        x0, x1, y0, y1 = (float(edge) for edge in extent)
    except (TypeError, ValueError) as error:
        raise RequestError(what, str(error), "give X0 X1 Y0 Y1") from error
    if not (math.isfinite(x1 - x0) and math.isfinite(y1 - y0) and x0 < x1 and y0 < y1):
        edges = " ".join(numerals(x0, x1) + numerals(y0, y1))
        raise RequestError(what, f"{edges} is empty or not finite", "give X0 < X1 and Y0 < Y1")
    return x0, x1, y0, y1


def bounding(viewports: Iterable[Viewport]) -> Viewport:
    """Return the smallest viewport that holds all of `viewports`, which share one grid."""
    held = list(viewports)
    columns = [v.origin[0] for v in held], [v.origin[0] + v.shape[1] for v in held]
    rows = [v.origin[1] for v in held], [v.origin[1] + v.shape[0] for v in held]
    origin = min(columns[0]), min(rows[0])
    return replace(held[0], origin=origin, shape=(max(rows[1]) - origin[1], max(columns[1]) - origin[0]))
