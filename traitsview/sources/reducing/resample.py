"""Pixels of a viewport from the elements of a plane, band by band.

A plane is read by rows.  A band is a few rows of pixels, which take some milliseconds, so work can stop between bands.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ...whole_numbers import WIDE
from ..spans import Spans
from . import plain_kernels
from .compiler import compiled, prepare
from .tallies import across_of, joined, tally

__all__ = ["LARGE_ELEMENTS", "Lines", "Reduction", "bands", "prepare", "resample"]

#: Compiling pays for an image of this many elements or more.
LARGE_ELEMENTS = 2**18

# Elements read for one band of rows, and pixels written: some milliseconds.
_BAND_ELEMENTS = 8_000_000
_BAND_PIXELS = 500_000

# Columns reduced at a time, so that a line of sums stays in the processor's cache.
_STRIP_COLUMNS = 2**16

# Elements converted at a time, where elements must be converted.
_CONVERTED_ELEMENTS = 1_000_000

# Rows converted at a time under a pixel that is higher than this.  It is the same for every viewport, so that the sums
# are the same, too.
_CONVERTED_ROWS = 256


class Lines(Protocol):
    """One plane of an image as lines of real numbers, ``(rows, columns * channels)``."""

    channels: int
    large: bool

    @property
    def view(self) -> np.ndarray | None:
        """All lines as they lie in memory; None if they must be read or converted."""

    def read(self, rows: slice, columns: slice) -> np.ndarray:
        """Return part of the lines, in memory and converted."""

    def runs(self, rows: np.ndarray, columns: slice) -> Iterator[slice]:
        """Yield slices of `rows`, which rise, that are best read together."""


@dataclass(frozen=True, slots=True)
class Reduction:
    """The way from elements of a plane to pixels.

    Attributes
    ----------
    name : str
        One of `REDUCTIONS`.
    slope, zero : float
        An element x stands for the value ``slope * x + zero``.
    channels : int
        The number of channels of a pixel.
    large : bool
        Whether the plane is so large that compiling for it pays.
    """

    name: str
    slope: float
    zero: float
    channels: int
    large: bool

    @property
    def sign(self) -> int:
        """1 or -1: the parameter `sign` of the kernels `extreme` and `mode`."""
        return 1 if (self.name == "min") != (self.slope >= 0) else -1


def bands(rows: Spans, columns: Spans) -> Iterator[slice]:
    """Yield the rows of pixels in bands of about the same work."""
    n = len(rows)
    lo, hi = columns.bounds
    top, bottom = rows.bounds
    count = min(n, max(-(-(bottom - top) * (hi - lo) // _BAND_ELEMENTS), -(-n * len(columns) // _BAND_PIXELS)))
    for k in range(count):
        yield slice(k * n // count, (k + 1) * n // count)


def resample(lines: Lines, rows: Spans, columns: Spans, how: Reduction, out: np.ndarray) -> None:
    """Fill `out`, ``(pixel rows, pixel columns * channels)``, with a reduction of `lines`.

    An `out` in `WIDE` is for integers of 64 bits: it keeps all their digits.  It is not for means.
    """
    view = lines.view
    if view is None and rows.unit:
        _by_runs(lines, rows, columns, how, out)
    elif view is None:
        _by_strips(lines, rows, columns, how, out)
    elif view.strides[1] != view.itemsize:
        turned = np.empty(out.shape[::-1], out.dtype)
        _reduce(view.T, columns, rows, how, turned)
        out[:] = turned.T
    else:
        _reduce(view, rows, columns, how, out)


def _reduce(image: np.ndarray, rows: Spans, columns: Spans, how: Reduction, out: np.ndarray) -> None:
    left, right = columns.bounds
    count = 1 if columns.unit else max(1, min(-(-(right - left) * how.channels // _STRIP_COLUMNS), len(columns)))
    for k in range(count):
        start, stop = k * len(columns) // count, (k + 1) * len(columns) // count
        target = out[:, start * how.channels : stop * how.channels]
        _reduce_block(image, rows, columns.part(start, stop), how, target)


def _reduce_block(image: np.ndarray, rows: Spans, columns: Spans, how: Reduction, out: np.ndarray) -> None:
    slope, zero, channels = how.slope, how.zero, how.channels
    if out.dtype == WIDE and image.dtype.kind in "iu":
        whole = np.empty(out.shape, image.dtype.newbyteorder("="))
        _reduce_block(image, rows, columns, how, whole)
        out[:] = whole
        out[rows.stop == rows.first] = np.nan
        out[:, np.repeat(columns.stop == columns.first, channels)] = np.nan
    elif rows.unit and columns.unit:
        _kernel("pick", image, out, how.large)(image, rows, columns, channels, slope, zero, out)
    elif how.name == "mean":
        _kernel("mean", image, out, how.large)(image, rows, columns, channels, slope, zero, out)
    else:
        name = "mode" if how.name == "mode" else "extreme"
        _kernel(name, image, out, how.large)(image, rows, columns, channels, how.sign, slope, zero, out)


def _kernel(name: str, image: np.ndarray, out: np.ndarray, large: bool) -> Callable[..., None]:
    """Return a reduction, the compiled one if it is there; for a large image, its compilation begins if it is not."""
    plain: Callable[..., None] = getattr(plain_kernels, name)
    if WIDE in (image.dtype, out.dtype):
        return plain
    return compiled((name, image.dtype, out.dtype), large) or plain


def _by_runs(lines: Lines, rows: Spans, columns: Spans, how: Reduction, out: np.ndarray) -> None:
    """Fill `out` if each row of pixels shows at most one row of elements.  Only the needed rows are read."""
    lo, hi = columns.bounds
    inside = np.flatnonzero(rows.stop > rows.first)
    if lo == hi or not len(inside):
        out[:] = np.nan
        return
    out[: inside[0]] = out[inside[-1] + 1 :] = np.nan
    across = columns.less(lo)
    for run in lines.runs(rows.first[inside], slice(lo, hi)):
        start, stop = inside[0] + run.start, inside[0] + run.stop
        part = rows.part(start, stop)
        top, bottom = part.bounds
        strip = lines.read(slice(top, bottom), slice(lo, hi))
        _reduce(strip, part.less(top), across, how, out[start:stop])


def _by_strips(lines: Lines, rows: Spans, columns: Spans, how: Reduction, out: np.ndarray) -> None:
    lo, hi = columns.bounds
    across = columns.less(lo)
    start = 0
    while start < len(rows):
        stop = _strip_end(rows, start, (hi - lo) * how.channels)
        part, target = rows.part(start, stop), out[start:stop]
        top, bottom = part.bounds
        if lo == hi or top == bottom:
            target[:] = np.nan
        elif _is_high(rows, start):
            _by_slabs(lines, part, slice(lo, hi), across, how, target)
        else:
            strip = lines.read(slice(top, bottom), slice(lo, hi))
            _reduce(strip, part.less(top), across, how, target)
        start = stop


def _is_high(rows: Spans, at: int) -> bool:
    """Whether a row of pixels is so high that it is read in slabs, in every viewport."""
    return bool(rows.stop[at] - rows.first[at] > _CONVERTED_ROWS)


def _strip_end(rows: Spans, start: int, width: int) -> int:
    if _is_high(rows, start):
        return start + 1
    top, stop = None, start
    while stop < len(rows) and not _is_high(rows, stop):
        if rows.stop[stop] > rows.first[stop]:
            top = rows.first[stop] if top is None else top
            if (rows.stop[stop] - top) * width > _CONVERTED_ELEMENTS and stop > start:
                break
        stop += 1
    return stop


def _by_slabs(lines: Lines, row: Spans, columns: slice, across: Spans, how: Reduction, out: np.ndarray) -> None:
    """Reduce one row of pixels.  It is so high that its elements are read in several slabs."""
    slabs = _slabs(lines, row, columns)
    if how.name == "mean":
        out[:] = _mean_of_slabs(slabs, across, how, out.shape)
    elif how.name == "mode":
        under = across_of(across, how.channels)
        found = functools.reduce(lambda one, other: joined([one, other]), (tally(*slab, under) for slab in slabs))
        out[:] = np.nan
        plain_kernels.put_heaviest(found, how.sign, how.slope, how.zero, out[0])
    else:
        values = np.empty(out.shape, WIDE if out.dtype == WIDE else np.float64)
        best = np.full_like(values, np.nan)
        better = np.fmax if how.name == "max" else np.fmin
        for strip, slab in slabs:
            _reduce(strip, slab, across, how, values)
            best = better(best, values)
        out[:] = best


def _slabs(lines: Lines, row: Spans, columns: slice) -> Iterator[tuple[np.ndarray, Spans]]:
    """Yield the lines under one row of pixels in slabs, each with its span."""
    first, stop = int(row.first[0]), int(row.stop[0])
    for top in range(first, stop, _CONVERTED_ROWS):
        bottom = min(top + _CONVERTED_ROWS, stop)
        head = row.head if top == first else np.ones(1)
        tail = row.tail if bottom == stop else np.ones(1)
        if bottom - top == 1 and bottom == stop and top > first:
            head = row.tail
        span = Spans(np.array([0]), np.array([bottom - top]), head, tail, False, row.parts)
        yield lines.read(slice(top, bottom), columns), span


def _mean_of_slabs(
    slabs: Iterator[tuple[np.ndarray, Spans]], across: Spans, how: Reduction, shape: tuple[int, ...]
) -> np.ndarray:
    values, area = np.empty(shape), np.empty(shape)
    total, covered = np.zeros(shape), np.zeros(shape)
    for strip, slab in slabs:
        plain_kernels.mean(strip, slab, across, how.channels, how.slope, how.zero, values, area)
        covered += area
        total += np.where(area > 0, values, 0.0) * area
    means: np.ndarray = np.divide(total, covered, out=np.full(shape, np.nan), where=covered > 0)
    return means
