"""The part of each pixel that each value has, in NumPy.

Parts are whole-number weights, so sums do not depend on the order of adding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..spans import Spans

__all__ = ["Across", "Tally", "across_of", "joined", "tally"]


@dataclass(frozen=True, slots=True)
class Across:
    """The elements of a line that the pixels of a row touch, one entry for each pixel and element.

    Attributes
    ----------
    at, pixel, weight : ndarray of int64, (n,)
        The place in a line of elements, the place in a line of pixels, and the part of the element under the pixel.
    """

    at: np.ndarray
    pixel: np.ndarray
    weight: np.ndarray


@dataclass(frozen=True, slots=True)
class Tally:
    """The part of each pixel of a row that each value has, sorted by pixel, then by value.

    Attributes
    ----------
    pixel : ndarray of int64, (n,)
    value : ndarray, (n,)
    weight : ndarray of int64, (n,)
    """

    pixel: np.ndarray
    value: np.ndarray
    weight: np.ndarray

    def heaviest(self, sign: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the pixels that have a value, and for each of them the value with the largest weight.

        Of values with equal weights it is the least, or the largest if ``sign`` < 0.
        """
        order = np.lexsort((np.arange(len(self.pixel)) * sign, -self.weight, self.pixel))
        pixel = self.pixel[order]
        first = np.append(True, pixel[1:] != pixel[:-1])[: len(pixel)]
        return pixel[first], self.value[order][first]


def across_of(columns: Spans, channels: int) -> Across:
    """Return the elements of a line, (columns * channels), under the pixels of a row.  `columns` count from 0."""
    inside = np.flatnonzero(columns.stop > columns.first)
    first, count = columns.first[inside], columns.stop[inside] - columns.first[inside]
    begins = np.cumsum(count) - count
    head, tail = columns.weights
    weight = np.full(count.sum(), columns.parts)
    weight[(begins + count - 1)[count > 1]] = tail[inside][count > 1]
    weight[begins] = head[inside]
    at = np.arange(count.sum()) + np.repeat(first - begins, count)
    each = np.arange(channels)
    return Across(
        (at[:, None] * channels + each).ravel(),
        (np.repeat(inside, count)[:, None] * channels + each).ravel(),
        np.repeat(weight, channels),
    )


def tally(lines: np.ndarray, rows: Spans, across: Across) -> Tally:
    """Return the tally of the lines of elements under one row of pixels, NaN aside; `rows` is their span."""
    ((head,), (tail,)) = rows.weights
    down = np.full(len(lines), rows.parts)
    down[-1], down[0] = tail, head
    down[0] = head
    lines = lines.astype(lines.dtype.newbyteorder("="), copy=False)
    # A column of equal values, as most are, becomes one entry.
    alike = (lines == lines[0]).all(axis=0)[across.at]
    others = across.at[~alike]
    values = np.concatenate([lines[0][across.at[alike]], lines[:, others].ravel()])
    pixels = np.concatenate([across.pixel[alike], np.tile(across.pixel[~alike], len(lines))])
    weights = np.concatenate([across.weight[alike] * down.sum(), np.outer(down, across.weight[~alike]).ravel()])
    valid = values == values
    return _summed(pixels[valid], values[valid] + values.dtype.type(0), weights[valid])  # -0.0 is 0.0


def joined(tallies: list[Tally]) -> Tally:
    """Return the sum of several tallies of one row of pixels."""
    pixel, value, weight = (
        np.concatenate([getattr(one, name) for one in tallies]) for name in ("pixel", "value", "weight")
    )
    return _summed(pixel, value, weight)


def _summed(pixel: np.ndarray, value: np.ndarray, weight: np.ndarray) -> Tally:
    order = np.lexsort((value, pixel))
    pixel, value, weight = pixel[order], value[order], weight[order]
    begins = np.flatnonzero(np.append(True, (pixel[1:] != pixel[:-1]) | (value[1:] != value[:-1]))[: len(pixel)])
    return Tally(pixel[begins], value[begins], np.add.reduceat(weight, begins) if len(begins) else weight)
