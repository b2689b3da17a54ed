"""Summaries of the values of a plane: from a sample, or from all elements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import inf, isfinite, nan, sqrt

import numpy as np

from ...sampling import drawn
from ...whole_numbers import WIDE, as_floats, number
from ..summary import Summary, summary_of
from .plane_lines import PlaneLines

__all__ = ["exact_summary", "quick_summary"]

# Rows and columns of the sample.  Their product is the largest number of values in a summary.
_SAMPLE_ROWS = 256
_SAMPLE_COLUMNS = 512

# Elements read at a time when all are looked at.
_READ_ELEMENTS = 1_000_000

# The most elements read at a time where a row of blocks of the file has more than that.
_READ_LIMIT_ELEMENTS = 16_000_000

# Elements converted to floats at a time: they stay in the processor's cache, and many summaries at once take no memory.
_PART_ELEMENTS = 2**16


def quick_summary(
    lines: PlaneLines, rows: slice, columns: slice, scale: tuple[float, float], guard: Callable[[], None]
) -> Summary:
    """Return a summary of a sample: one random element of each cell of a raster over the area.

    Rows are drawn once, and columns anew for each row, so a period in the image cannot hide from the sample.  The same
    area always gives the same sample.
    """
    height, width = rows.stop - rows.start, columns.stop - columns.start
    few = height <= _SAMPLE_ROWS and width <= _SAMPLE_COLUMNS
    rng = np.random.default_rng(height * 1_000_003 + width)
    taken = []
    chosen = rows.start + drawn(rng, height, _SAMPLE_ROWS)
    for run in lines.runs(chosen, columns) if len(chosen) else ():
        guard()
        together = chosen[run]
        strip = lines.read(slice(int(together[0]), int(together[-1]) + 1), columns)
        for row in together - together[0]:
            line = strip[row].reshape(-1, lines.channels)
            taken.append(line if few else line[drawn(rng, width, _SAMPLE_COLUMNS)])
    return summary_of(_scaled(np.array(taken), scale), exact=few)


def exact_summary(
    lines: PlaneLines, rows: slice, columns: slice, scale: tuple[float, float], guard: Callable[[], None]
) -> Summary:
    """Return the summary of all elements of the area, with the sample of `quick_summary`.

    It needs about 2 MB of memory, and in addition the memory of one read and of `quick_summary`.
    """
    all_ = _Moments()
    for part in _parts(lines, rows, columns, guard):
        all_.add(_scaled(part, scale).ravel())
    quick = quick_summary(lines, rows, columns, scale, guard)
    total = (rows.stop - rows.start) * (columns.stop - columns.start) * lines.channels
    if not all_.count:
        return Summary(total, 0, nan, nan, nan, nan, quick.sample, True)
    mean, std = all_.mean, all_.std
    if not isfinite(std):
        # Squares beyond 1e308 are left to the sample, whose summary scales them.
        mean, std = quick.mean, quick.std
    return Summary(total, all_.count, all_.low, all_.high, mean, std, quick.sample, True)


@dataclass
class _Moments:
    """The range, the mean and the deviation of values that come in parts.

    If values are whole numbers beyond 2**53, differences from `origin`, the first of them, are added up.  Otherwise
    their mean and squares would lose all digits.
    """

    count: int = 0
    low: float | int = inf
    high: float | int = -inf
    origin: int = 0
    _mean: float = 0.0
    _square: float = 0.0

    @property
    def mean(self) -> float:
        return float(Fraction(self._mean) + self.origin) if self.origin else self._mean

    @property
    def std(self) -> float:
        return sqrt(self._square / self.count)

    def add(self, values: np.ndarray) -> None:
        """Add values, (n,), float64 or `WIDE`; values that are not finite do not count."""
        finite = np.isfinite(values)
        if not finite.all():
            values = values[finite]
        if not values.size:
            return
        if not self.count and values.dtype == WIDE:
            self.origin = int(values[0])
        self.low, self.high = min(self.low, number(values.min())), max(self.high, number(values.max()))
        if self.origin or values.dtype == WIDE:
            values = (values.astype(WIDE, copy=False) - self.origin).astype(np.float64)
        with np.errstate(over="ignore", invalid="ignore"):
            part = float(values.mean())
            spread = float(np.square(values - part).sum())
        # Mean and sum of squares of both parts together from those of each part, without cancellation.
        both = self.count + values.size
        self._square += spread + (part - self._mean) * (part - self._mean) * self.count * values.size / both
        self._mean += (part - self._mean) * values.size / both
        self.count = both


def _parts(lines: PlaneLines, rows: slice, columns: slice, guard: Callable[[], None]) -> Iterator[np.ndarray]:
    """Yield all elements of an area in parts of about `_PART_ELEMENTS`, (m, n); each block of the file is read once."""
    width = max((columns.stop - columns.start) * lines.channels, 1)
    most = max(1, _READ_ELEMENTS // width)
    if lines.block * width <= _READ_LIMIT_ELEMENTS:
        most = max(most - most % lines.block, lines.block)
    top = rows.start
    while top < rows.stop:
        guard()
        bottom = min((top // most + 1) * most, rows.stop)
        strip = lines.read(slice(top, bottom), columns)
        if strip.strides[0] < strip.strides[1]:
            strip = strip.T  # along the memory
        high = max(1, _PART_ELEMENTS // strip.shape[1])
        for start in range(0, strip.shape[0], high):
            for left in range(0, strip.shape[1], _PART_ELEMENTS):
                yield strip[start : start + high, left : left + _PART_ELEMENTS]
        top = bottom


def _scaled(values: np.ndarray, scale: tuple[float, float]) -> np.ndarray:
    if scale == (1.0, 0.0):
        return as_floats(values)
    return values.astype(np.float64) * scale[0] + scale[1]
