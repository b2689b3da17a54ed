"""The elements under each pixel, on one axis.

Everything here is exact: edges are rational numbers until the last step.  The elements under a pixel depend only on its
place in the grid, so neighbouring viewports and tiles agree to the bit.  ``docs/design/pixel-grid.rst`` defines the
width of a pixel in elements.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from ..geometry import Viewport
from .image_info import ImageInfo

__all__ = ["Spans", "meant", "pixels_shown", "ratios", "spans", "spans_of"]

# The largest relative error of a resolution: two steps of the lattice of resolutions (see `geometry.canonical`), each
# 2**-40 of an octave, and a little more.
_MEANT = Fraction(1, 2**39)

# Products below this fit into int64.
_PRODUCT_LIMIT = 2**62

# Whole numbers up to this are exact as floats, so that their quotient is rounded only once.
_QUOTIENT_LIMIT = 2**53

# The most parts of elements under one pixel along one axis.
_PARTS_LIMIT = 2**30


@dataclass(frozen=True, slots=True)
class Spans:
    """The elements under each of n neighbouring pixels.

    Attributes
    ----------
    first, stop : ndarray of int64, (n,)
        Pixel k touches the elements ``first[k] … stop[k] - 1`` of the image; none where both are equal.
    head, tail : ndarray of float64, (n,)
        The part, 0 … 1, that a pixel covers of its first and of its last element.  It covers the elements between
        them wholly.  `tail` has no meaning under a pixel with one element.
    unit : bool
        Whether each pixel shows one element at most: the one under its centre.
    parts : int
        ``head * parts`` and ``tail * parts`` are whole numbers.  They are rounded to whole numbers if exact ones were
        too large to be added up over the area of a pixel in 62 bits.
    """

    first: np.ndarray
    stop: np.ndarray
    head: np.ndarray
    tail: np.ndarray
    unit: bool
    parts: int = 1

    def __len__(self) -> int:
        return len(self.first)

    @property
    def bounds(self) -> tuple[int, int]:
        """The first element under any pixel, and the element after the last one; ``(0, 0)`` if there is none."""
        inside = self.stop > self.first
        if not inside.any():
            return 0, 0
        return int(self.first[inside].min()), int(self.stop[inside].max())

    def part(self, start: int, stop: int) -> Spans:
        """Return the spans of the pixels `start` … ``stop - 1``."""
        cut = slice(start, stop)
        return Spans(self.first[cut], self.stop[cut], self.head[cut], self.tail[cut], self.unit, self.parts)

    def less(self, start: int) -> Spans:
        """Return the spans counted from element `start`."""
        first, stop = self.first - start, self.stop - start
        first.setflags(write=False)
        stop.setflags(write=False)
        return Spans(first, stop, self.head, self.tail, self.unit, self.parts)

    @property
    def weights(self) -> tuple[np.ndarray, np.ndarray]:
        """``head * parts`` and ``tail * parts`` as int64, at least 1."""
        head, tail = (np.maximum(np.rint(part * self.parts), 1).astype(np.int64) for part in (self.head, self.tail))
        return head, tail


def ratios(info: ImageInfo, viewport: Viewport) -> tuple[Fraction, Fraction]:
    """Return the width and height of a pixel in elements, ``(x, y)``, without the rounding error of floats."""
    x0, x1, y0, y1 = info.extent
    rows, columns = info.shape
    dx, dy = viewport.resolution
    return _ratio(dx, x0, x1, columns), _ratio(dy, y0, y1, rows)


def spans_of(info: ImageInfo, viewport: Viewport, reduction: str) -> tuple[Spans, Spans]:
    """Return the spans ``(rows, columns)`` of a viewport."""
    x, y = ratios(info, viewport)
    (column, row), (rows, columns) = viewport.origin, viewport.shape
    nearest = reduction == "nearest"
    return spans(y, row, rows, info.shape[0], nearest), spans(x, column, columns, info.shape[1], nearest)


def pixels_shown(info: ImageInfo, viewport: Viewport, reduction: str) -> tuple[int, int]:
    """Return the number of pixels of a viewport's grid that show an element, ``(rows, columns)``, from pixel 0 on.

    If pixels show the element under their centre, a last pixel counts only if its centre lies in the image.  An image
    that is smaller than a pixel has one pixel.
    """
    (x, y), (rows, columns), nearest = ratios(info, viewport), info.shape, reduction == "nearest"
    return _shown(y, rows, nearest), _shown(x, columns, nearest)


def meant(place: float) -> float:
    """Return a place in elements, moved to the nearest edge of an element if it is off by a rounding error only."""
    edge = float(np.rint(place))
    return edge if abs(place - edge) <= abs(place) * _MEANT else place


@lru_cache(256)
def _ratio(resolution: float, start: float, stop: float, size: int) -> Fraction:
    """Return ``resolution * size / (stop - start)`` without its rounding error.

    It is the fraction with the smallest denominator whose relative difference from that is `_MEANT` at most.  Of two
    with the same denominator it is the nearer one.
    """
    ratio = Fraction(resolution) * size / (Fraction(stop) - Fraction(start))
    room = ratio * _MEANT
    denominator = _simplest(ratio - room, ratio + room).denominator
    return Fraction(round(ratio * denominator), denominator)


def _simplest(low: Fraction, high: Fraction) -> Fraction:
    """Return the fraction with the smallest denominator in ``low … high``, both positive."""
    whole = math.floor(low)
    if whole == low:
        return Fraction(whole)
    if whole + 1 <= high:
        return Fraction(whole + 1)
    # Both have the same whole part.  Without it, their reciprocals pose the same problem again.
    return whole + 1 / _simplest(1 / (high - whole), 1 / (low - whole))


def _count(size: int, ratio: Fraction) -> int:
    return -(-size * ratio.denominator // ratio.numerator)


@lru_cache(512)
def _shown(ratio: Fraction, size: int, nearest: bool) -> int:
    beyond = Fraction(1, 2) if nearest or ratio <= 1 else 0
    return max(math.ceil(size / ratio - beyond), 1)


@lru_cache(512)
def spans(ratio: Fraction, origin: int, count: int, size: int, nearest: bool) -> Spans:
    """Return the spans of `count` pixels, from pixel `origin` on, on an axis of `size` elements.

    Parameters
    ----------
    ratio : Fraction
        Elements per pixel.
    nearest : bool
        Whether a pixel shows only the element under its centre, even if the pixel is larger than an element.
    """
    begin = min(max(0, -origin), count)
    end = max(begin, min(count, _count(size, ratio) - origin))
    elements, weights = np.zeros((2, count), np.int64), np.ones((2, count))
    unit = nearest or ratio <= 1
    if begin < end:
        fill = _fill_centres if unit else _fill_areas
        fill(ratio, origin + begin, size, elements[:, begin:end], weights[:, begin:end])
    elements.setflags(write=False)
    weights.setflags(write=False)
    return Spans(elements[0], elements[1], weights[0], weights[1], unit, 1 if unit else _parts(ratio))


def _parts(ratio: Fraction) -> int:
    """Return the number of parts of an element, at least 1.  If possible, a pixel has at most `_PARTS_LIMIT`."""
    most = -(-ratio.numerator // ratio.denominator) + 1
    return min(ratio.denominator, max(_PARTS_LIMIT // most, 1))


def _fill_centres(ratio: Fraction, origin: int, size: int, elements: np.ndarray, weights: np.ndarray) -> None:
    count = elements.shape[1]
    p, q = ratio.numerator, 2 * ratio.denominator
    if max((2 * (origin + count) + 1) * p, q) < _PRODUCT_LIMIT:
        at = (2 * np.arange(origin, origin + count) + 1) * p // q
    else:
        at = np.array([min((2 * i + 1) * p // q, size) for i in range(origin, origin + count)], np.int64)
    elements[0] = np.minimum(at, size)
    elements[1] = np.minimum(at + 1, size)


def _fill_areas(ratio: Fraction, origin: int, size: int, elements: np.ndarray, weights: np.ndarray) -> None:
    p, q = ratio.numerator, ratio.denominator
    last = origin + elements.shape[1]
    if last * p < _PRODUCT_LIMIT and q < _QUOTIENT_LIMIT:
        floors, rests = np.divmod(np.arange(origin, last + 1) * p, q)
        rests[floors >= size] = 0
        floors = np.minimum(floors, size)
        weights[0] = (q - rests[:-1]) / q
        weights[1] = np.where(rests[1:] > 0, rests[1:] / q, 1.0)
    else:
        edges = [divmod(i * p, q) for i in range(origin, last + 1)]
        edges = [edge if edge[0] < size else (size, 0) for edge in edges]
        floors, rests = np.array([edge[0] for edge in edges]), np.array([edge[1] > 0 for edge in edges])
        weights[0] = [(q - rest) / q for _, rest in edges[:-1]]
        weights[1] = [rest / q if rest else 1.0 for _, rest in edges[1:]]
    elements[0] = floors[:-1]
    elements[1] = floors[1:] + (rests[1:] > 0)
