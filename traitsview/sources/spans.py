"""Which elements lie under each pixel, on one axis.

Everything here is exact: edges are rational numbers until the last step, and what a pixel covers depends
on its place in the grid alone, so that neighbouring viewports and tiles agree to the bit.  How many elements a
pixel is meant to be wide is defined in ``docs/design/pixel-grid.rst``.
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

# A resolution may differ from the one that was meant by this part of itself: two steps of the lattice of resolutions
# (see `geometry.canonical`), each 2**-40 of an octave, and a little more.
_MEANT = Fraction(1, 2**39)

# Products below this fit into int64.
_PRODUCT_LIMIT = 2**62

# Quotients of numbers below this are rounded once.
_QUOTIENT_LIMIT = 2**53

# Parts of elements under one pixel along one axis, at most.
_PARTS_LIMIT = 2**30


@dataclass(frozen=True, slots=True)
class Spans:
    """The elements under each of n neighbouring pixels.

    Attributes
    ----------
    first, stop : ndarray of int64, (n,)
        Pixel k touches the elements ``first[k] … stop[k] - 1`` of the image; none where both are equal.
    head, tail : ndarray of float64, (n,)
        How much of its first and of its last element a pixel covers.  `tail` is meant only
        where there are two elements or more; those between are covered wholly.
    unit : bool
        Whether each pixel shows one element at most: the one under its centre.
    parts : int
        Of how many parts of an element `head` and `tail` are whole numbers; rounded ones, where that were too many to
        be added up over the area of a pixel in 62 bits.
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
        """The first element touched by any pixel and the one after the last; ``(0, 0)`` if there is none."""
        inside = self.stop > self.first
        if not inside.any():
            return 0, 0
        return int(self.first[inside].min()), int(self.stop[inside].max())

    def part(self, start: int, stop: int) -> Spans:
        """Return the spans of some of the pixels."""
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
        """`head` and `tail` in parts, int64, at least 1."""
        head, tail = (np.maximum(np.rint(part * self.parts), 1).astype(np.int64) for part in (self.head, self.tail))
        return head, tail


def ratios(info: ImageInfo, viewport: Viewport) -> tuple[Fraction, Fraction]:
    """Return how many elements wide and high a pixel is meant to be, ``(x, y)``."""
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
    """Return how many pixels of a viewport's grid show an element, ``(rows, columns)``; the first one is pixel 0.

    Where pixels show the element under their centre, a last one that the image only touches shows none: it lies beyond
    the image.  An image that is smaller than a pixel still has one.
    """
    (x, y), (rows, columns), nearest = ratios(info, viewport), info.shape, reduction == "nearest"
    return _shown(y, rows, nearest), _shown(x, columns, nearest)


def meant(place: float) -> float:
    """Return a place counted in elements; where an edge between two of them is as near as to be meant, that edge."""
    edge = float(np.rint(place))
    return edge if abs(place - edge) <= abs(place) * _MEANT else place


@lru_cache(256)
def _ratio(resolution: float, start: float, stop: float, size: int) -> Fraction:
    """Return the fraction with the smallest denominator that is as near as `_MEANT` to what the floats say.

    Of two with that denominator it is the nearer one.
    """
    ratio = Fraction(resolution) * size / (Fraction(stop) - Fraction(start))
    room = ratio * _MEANT
    denominator = _simplest(ratio - room, ratio + room).denominator
    return Fraction(round(ratio * denominator), denominator)


def _simplest(low: Fraction, high: Fraction) -> Fraction:
    """Return the fraction with the smallest denominator from `low` to `high`, both positive."""
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
    """Return what `count` pixels from pixel `origin` on cover of an axis of `size` elements.

    Parameters
    ----------
    ratio : Fraction
        Elements per pixel.
    nearest : bool
        Whether pixels show the element under their centre even where they are larger than it.
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
    """Return in how many parts to cut an element, so that no pixel has more than 2**30 along an axis if it can be."""
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
