"""What a viewport shows, by definition: pixel by pixel, slowly and in exact arithmetic.

Sources are compared with this.  It shares no code with them, on purpose.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

import numpy as np

from ..geometry import Viewport
from ..sources.image_source import ImageInfo

__all__ = ["expected"]


def expected(array: np.ndarray, info: ImageInfo, viewport: Viewport, reduction: str = "mean") -> np.ndarray:
    """Return the pixels of one plane in float64.

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
    pixels = np.full(viewport.shape, np.nan)
    for i, rows in enumerate(down):
        for j, columns in enumerate(across):
            if rows and columns:
                pixels[i, j] = _reduced(values, rows, columns, reduction)
    return pixels


def _touched(
    resolution: float, start: float, stop: float, size: int, index: int, reduction: str
) -> dict[int, Fraction]:
    """Return the elements that pixel `index` of one axis shows, with the length covered of each."""
    ratio = _elements_per_pixel(resolution, start, stop, size)
    if reduction == "nearest" or ratio <= 1:
        under = floor((index + Fraction(1, 2)) * ratio)
        return {under: Fraction(1)} if 0 <= under < size else {}
    first, last = max(index * ratio, Fraction(0)), min((index + 1) * ratio, Fraction(size))
    lengths = {k: min(last, Fraction(k + 1)) - max(first, Fraction(k)) for k in range(floor(first), ceil(last))}
    return {k: length for k, length in lengths.items() if length > 0}


def _elements_per_pixel(resolution: float, start: float, stop: float, size: int) -> Fraction:
    ratio = Fraction(resolution) / ((Fraction(stop) - Fraction(start)) / size)
    # Elements that are no power of two large are not exactly as large as the floats say: there a simple ratio is
    # meant by what is within the rounding of resolutions.
    exact = ratio.denominator & (ratio.denominator - 1) == 0
    simple = ratio.limit_denominator(16)
    return simple if not exact and simple and abs(simple / ratio - 1) <= Fraction(1, 2**40) else ratio


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
    weights = np.outer(_lengths(rows), _lengths(columns))[valid]
    with np.errstate(invalid="ignore"):
        return (block[valid] * weights).sum() / weights.sum()


def _lengths(touched: dict[int, Fraction]) -> np.ndarray:
    lengths = [touched[k] for k in sorted(touched)]
    return np.array([np.longdouble(n.numerator) / np.longdouble(n.denominator) for n in lengths])
