"""The definition of the pixels of a viewport: one by one, slowly and in exact arithmetic.

Sources are compared with this.  It shares no code with them, on purpose: it is written from the definitions in
``docs/design/pixel-grid.rst`` and ``docs/design/reductions.rst``.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import ceil, floor

import numpy as np

from ..geometry import Viewport
from ..sources.image_info import ImageInfo

__all__ = ["elements_per_pixel", "expected"]


def expected(array: np.ndarray, info: ImageInfo, viewport: Viewport, reduction: str = "mean") -> np.ndarray:
    """Return the pixels of one plane in float64, or in longdouble if float64 does not hold the elements.

    Parameters
    ----------
    array : ndarray, (rows, columns) or (rows, columns, 3 | 4)
        All elements of the plane.
    info : ImageInfo
        Where they lie.
    """
    if array.ndim == 3:
        channels = [expected(array[..., c], info, viewport, reduction) for c in range(array.shape[2])]
        return np.stack(channels, axis=-1)
    values = (np.abs(array) if array.dtype.kind == "c" else array).astype(np.longdouble)
    x0, x1, y0, y1 = info.extent
    (dx, dy), (column, row) = viewport.resolution, viewport.origin
    down = [_touched(dy, y0, y1, array.shape[0], row + i, reduction) for i in range(viewport.shape[0])]
    across = [_touched(dx, x0, x1, array.shape[1], column + j, reduction) for j in range(viewport.shape[1])]
    wide = array.dtype == np.longdouble or (array.dtype.kind in "iu" and array.dtype.itemsize == 8)
    pixels = np.full(viewport.shape, np.nan, np.longdouble if wide else np.float64)
    for i, rows in enumerate(down):
        for j, columns in enumerate(across):
            if rows and columns:
                pixels[i, j] = _reduced(values, rows, columns, reduction)
    return pixels


def _touched(
    resolution: float, start: float, stop: float, size: int, index: int, reduction: str
) -> dict[int, Fraction]:
    """Return the elements that pixel `index` of one axis shows; for each, the length that the pixel covers, 0 … 1."""
    ratio = elements_per_pixel(resolution, start, stop, size)
    if reduction == "nearest" or ratio <= 1:
        under = floor((index + Fraction(1, 2)) * ratio)
        return {under: Fraction(1)} if 0 <= under < size else {}
    first, last = max(index * ratio, Fraction(0)), min((index + 1) * ratio, Fraction(size))
    lengths = {k: min(last, Fraction(k + 1)) - max(first, Fraction(k)) for k in range(floor(first), ceil(last))}
    return {k: length for k, length in lengths.items() if length > 0}


@lru_cache(64)
def elements_per_pixel(resolution: float, start: float, stop: float, size: int) -> Fraction:
    """Return how many elements a pixel is meant to be wide.

    The floats say ``told = resolution / ((stop - start) / size)``.  Of all fractions that differ from `told` by at most
    ``told / 2**39``, the result has the smallest denominator; if several have it, the result is the nearest to `told`.

    Parameters
    ----------
    resolution : float
        Data units per pixel.
    start, stop : float
        Where the image begins and ends, in data units.
    size : int
        Elements between.
    """
    told = Fraction(resolution) / ((Fraction(stop) - Fraction(start)) / size)

    def nearest(most: int) -> Fraction:
        """Return the fraction that is nearest to `told`, of all that have a denominator of at most `most`."""
        return told.limit_denominator(most)

    # A larger `most` never makes `nearest` worse.  So bisection finds the smallest one that is good enough.
    least, enough = 1, told.denominator
    while least < enough:
        middle = (least + enough) // 2
        if abs(nearest(middle) - told) <= told / 2**39:
            enough = middle
        else:
            least = middle + 1
    return nearest(least)


def _reduced(
    values: np.ndarray, rows: dict[int, Fraction], columns: dict[int, Fraction], reduction: str
) -> np.floating | float:
    block = values[min(rows) : max(rows) + 1, min(columns) : max(columns) + 1]
    valid = ~np.isnan(block)
    if not valid.any():
        return np.nan
    if reduction == "min":
        return block[valid].min()
    if reduction == "max":
        return block[valid].max()
    if reduction == "mode":
        return _heaviest(block, rows, columns)
    weights = np.outer(_lengths(rows), _lengths(columns))[valid]
    with np.errstate(invalid="ignore"):
        return (block[valid] * weights).sum() / weights.sum()


def _heaviest(block: np.ndarray, rows: dict[int, Fraction], columns: dict[int, Fraction]) -> np.floating:
    """Return the value with the largest area, the least of several such."""
    areas: dict[np.floating, Fraction] = {}
    for i, height in rows.items():
        for j, width in columns.items():
            value = block[i - min(rows), j - min(columns)]
            if not np.isnan(value):
                areas[value] = areas.get(value, Fraction(0)) + height * width
    most = max(areas.values())
    return min(value for value, area in areas.items() if area == most)


def _lengths(touched: dict[int, Fraction]) -> np.ndarray:
    lengths = [touched[k] for k in sorted(touched)]
    return np.array([np.longdouble(n.numerator) / np.longdouble(n.denominator) for n in lengths])
