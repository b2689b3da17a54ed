"""Borders: the least values that have each row of a table of colours, and how values are found between them.

A rule that places values in a table is worked out for the borders alone; every other value is compared with them.
So all scales cost the same, and whatever compares, compiled or not, finds the same rows.

The way between the limits is cut into many cells of equal width, and mostly there is at most one border in each, with
which a value in that cell is compared.  Where there are more, a cell knows how many borders lie before it.  Which cell a
value falls into may be rounded as it likes, for borders are put into cells likewise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

__all__ = ["Borders", "borders_of"]

#: Cells, as few as will do; up to so many, each has a border and an entry of its own.
_CELLS = (1024, 4096, 16384, 65536)
_FEW = 4096

#: How far from where a border should be it is looked for first, in numbers of its dtype.
_NEAR = 8


@dataclass(frozen=True, eq=False)
class Borders:
    """Where the rows of a table begin: under, the colours, over.

    Attributes
    ----------
    every : ndarray of float32 or float64
        One for each colour, then that of over; equal ones where no value has a colour.
    values : ndarray of float32 or float64
        Those that differ, rising, or that in each cell; NaN, which nothing reaches, where there is none.
    entries : ndarray of intp
        For each row (see `rows`) the entry of a table of under, colours, over and bad.  Colours that no value has, as
        under much contrast, so cost nothing.
    origin, factor, last : scalars of that dtype
        A value v falls into the cell ``clip((v - origin) * factor, 0, last)``.
    before : ndarray of uint16
        How many borders lie before each cell.  Empty where cell k is all that has ``values[k]``.
    depth : int
        There are less than ``2 ** depth`` borders in a cell.
    """

    every: np.ndarray
    values: np.ndarray
    entries: np.ndarray
    origin: np.floating
    factor: np.floating
    last: np.floating
    before: np.ndarray
    depth: int

    def rows(self, values: np.ndarray) -> np.ndarray:
        """Return which of `entries` values have: the last for NaN, and before it those of the borders as they rise."""
        with np.errstate(all="ignore"):
            cells = np.subtract(values, self.origin)
            np.multiply(cells, self.factor, out=cells)
            bad = np.isnan(cells)
            some_bad = bad.any()
            np.clip(cells, 0, self.last, out=cells)
            if some_bad:
                cells[bad] = 0
            rows: np.ndarray = cells.astype(np.intp)
            if len(self.before):
                rows = np.take(self.before, rows, mode="clip").astype(np.intp)
            for bit in reversed(range(self.depth)):
                step = 1 << bit
                rows += (values >= np.take(self.values, rows + (step - 1), mode="clip")) * step
            if some_bad:
                rows[np.isnan(values)] = len(self.entries) - 1
        return rows


def borders_of(
    places: Callable[[np.ndarray], np.ndarray], guess: np.ndarray, limits: tuple[float, float], dtype: np.dtype
) -> Borders:
    """Return the borders of a rule.

    Parameters
    ----------
    places : callable
        Returns how many colours into the table values of `dtype` lie; does not fall from `lo` to `hi`.
    guess : ndarray, (colours - 1,)
        About where it reaches 1, 2, …
    limits : (float, float)
        ``(lo, hi)``, ``lo < hi``.
    dtype : dtype
        float32 or float64.
    """
    lo, hi = limits
    first, last = _not_below(lo, dtype), _not_above(hi, dtype)
    if first > last:  # no number lies between them
        return _in_cells(np.full(len(guess) + 2, first, dtype), lo, hi)
    least, most = _keys(np.array([first, last])).tolist()
    keys = _found(places, _keys(guess.astype(dtype)), least, most, dtype)
    with np.errstate(over="ignore"):
        over = np.nextafter(last, dtype.type(np.inf))
    inner = np.maximum(_numbers(keys, dtype), first)
    return _in_cells(np.concatenate([[first], inner, [over]]).astype(dtype), lo, hi)


def _found(
    places: Callable[[np.ndarray], np.ndarray], guess: np.ndarray, first: int, last: int, dtype: np.dtype
) -> np.ndarray:
    """Return the keys, `first` to one after `last`, from which on `places` has reached 1, 2, …"""
    wanted = np.arange(1, len(guess) + 1)
    low, high = np.maximum(guess - _NEAR, first - 1), np.minimum(guess + _NEAR, last + 1)

    def reached(keys: np.ndarray) -> np.ndarray:
        inside = np.clip(keys, first, last)
        return ((places(_numbers(inside, dtype)) >= wanted) & (keys >= first)) | (keys > last)

    # Nothing is reached at `low`, and everything at `high`.
    low = np.where(reached(low), first - 1, low)
    high = np.where(reached(high), high, last + 1)
    while (apart := high > low + 1).any():
        middle = (low >> 1) + (high >> 1) + (low & high & 1)  # their sum may overflow
        there = reached(middle)
        low, high = np.where(apart & ~there, middle, low), np.where(apart & there, middle, high)
    return high


def _in_cells(every: np.ndarray, lo: float, hi: float) -> Borders:
    borders = every[np.append(True, every[1:] > every[:-1])]
    entries = np.concatenate([[0], np.searchsorted(every, borders, "right"), [len(every) + 1]])
    count, number = len(borders), borders.dtype.type
    with np.errstate(all="ignore"):
        width = (np.float64(hi) - lo) / max(count - 1, 1)
        origin, factor = number(lo - width / 2), number(1.0 / width)
        last = number(count)
        if np.isfinite([origin, factor]).all():
            cells = _cells(borders, origin, factor, last)
            if np.array_equal(cells, np.arange(count)):
                return Borders(every, _filled(borders, 1), entries, origin, factor, last, _NOTHING, 1)
        for size in _CELLS:
            origin, factor, last = number(lo), number(size / (np.float64(hi) - lo)), number(size - 1)
            if not np.isfinite(origin):
                origin = number(0)
            if not (np.isfinite(factor) and factor > 0):
                factor = number(1)
            cells = _cells(borders, origin, factor, last)
            held = np.bincount(cells, minlength=size)
            depth = int(held.max()).bit_length()
            if depth == 1:
                break
    before = (np.cumsum(held) - held).astype(np.uint16)
    if depth == 1 and size <= _FEW:
        spread = np.full(size, np.nan, borders.dtype)
        spread[cells] = borders
        entries = entries[np.append(before, [count, count + 1])]
        return Borders(every, _filled(spread, 1), entries, origin, factor, last, _NOTHING, 1)
    return Borders(every, _filled(borders, 1 << max(depth, 4)), entries, origin, factor, last, before, depth)


#: Of cells that need no count of the borders before them.
_NOTHING = np.empty(0, np.uint16)


def _cells(values: np.ndarray, origin: np.floating, factor: np.floating, last: np.floating) -> np.ndarray:
    cells: np.ndarray = np.clip((values - origin) * factor, 0, last).astype(np.intp)
    return cells


def _filled(borders: np.ndarray, more: int) -> np.ndarray:
    """Return borders with what a search may look at behind them; read-only."""
    values: np.ndarray = np.concatenate([borders, np.full(more + 1, np.nan, borders.dtype)])
    values.setflags(write=False)
    return values


def _not_below(value: float, dtype: np.dtype) -> np.floating:
    """Return the least number of `dtype` that is not below `value`."""
    with np.errstate(over="ignore"):
        number = dtype.type(value)
        higher: np.floating = np.nextafter(number, dtype.type(np.inf))
        return number if float(number) >= value else higher


def _not_above(value: float, dtype: np.dtype) -> np.floating:
    number: np.floating = -_not_below(-value, dtype)
    return number


def _keys(values: np.ndarray) -> np.ndarray:
    """Return integers in the order of floats, one apart for neighbours."""
    bits = values.view(np.dtype(f"i{values.itemsize}")).astype(np.int64)
    keys: np.ndarray = np.where(bits < 0, -(1 << (8 * values.itemsize - 1)) - bits, bits)
    return keys


def _numbers(keys: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Return the floats that have these keys."""
    least = -(1 << (8 * dtype.itemsize - 1))
    bits: np.ndarray = np.where(keys < 0, least - keys, keys).astype(np.dtype(f"i{dtype.itemsize}"))
    return bits.view(dtype)
