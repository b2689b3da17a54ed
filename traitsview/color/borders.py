"""Borders: the smallest value of each row of a table of colours, and how the row of any value is found among them.

The rule that places values in a table is computed for the borders only; every other value is compared with them.
So all scales cost nearly the same, and compiled code and NumPy find the same rows.

The range between the limits is cut into cells.  There are three kinds:

* even: cells of equal width with at most one border each.  A value is compared with the border of its cell;
* widening: the same, but cells are narrowest where borders are closest, and widen away from there as floats do;
* counted: cells of equal width with several borders each.  A cell knows how many borders lie before it.

The number of a cell may be rounded in any way, because borders are put into cells by the same operations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

__all__ = ["Borders", "Cells", "borders_of"]

#: How many cells of equal width with at most one border each are tried, the smallest number first.
_EQUAL_CELLS = (1024, 4096)

#: Cells that widen, at most.
_MOST_WIDENING_CELLS = 16384

#: Cells of equal width that may hold several borders, and know how many borders lie before them.
_COUNTED_CELLS = 65536

#: A border is looked for first among this many numbers of the dtype on each side of the guess.
_GUESS_ERROR = 8


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells ``0 … count - 1``.  Every value falls into one of them, also NaN.

    Attributes
    ----------
    origin, factor : floating
        Of the dtype of the values: ``t = (v - origin) * factor``.
    count : int
    shift : int
        0: cells have equal width, cell = int(t).  Otherwise: distance to the middle cell =
        (bits(abs(t) + 1) >> shift) - (bits(1) >> shift), where bits(x) is the float x read as a whole number.
    """

    origin: np.floating
    factor: np.floating
    count: int
    shift: int = 0

    @property
    def least(self) -> int:
        """``bits(1) >> shift``."""
        one = self.origin.dtype.type(1)
        return int(one.view(f"i{one.itemsize}")) >> self.shift

    @property
    def ends(self) -> tuple[np.floating, np.floating]:
        """The smallest and the largest t.  A value beyond them is in the first or the last cell."""
        number = self.origin.dtype.type
        if not self.shift:
            return number(0), number(self.count - 1)
        bits = np.array([2 * (self.least + self.count // 2) - 1]) << (self.shift - 1)  # in the middle of the last cell
        far: np.floating = bits.astype(f"i{number().itemsize}").view(number)[0] - number(1)
        return -far, far

    def of(self, values: np.ndarray) -> np.ndarray:
        """Return the number of the cell of each value."""
        first, last = self.ends
        with np.errstate(all="ignore"):
            t = np.subtract(values, self.origin)
            np.multiply(t, self.factor, out=t)
            bad = np.isnan(t)
            np.clip(t, first, last, out=t)
            if bad.any():
                t[bad] = first
            if not self.shift:
                equal: np.ndarray = t.astype(np.intp)
                return equal
            whole = np.dtype(f"i{t.itemsize}")
            below = t.view(whole) >> (8 * t.itemsize - 1)
            away = ((np.abs(t) + 1).view(whole) >> self.shift) - self.least
            cells: np.ndarray = (away ^ below).astype(np.intp) + self.count // 2
            return cells


@dataclass(frozen=True, eq=False)
class Borders:
    """Where the rows of a table begin: under, the colours, over.

    Attributes
    ----------
    every : ndarray of float32 or float64
        The border of each colour, then the border of over.  Two are equal where no value has the colour between them.
    values : ndarray of float32 or float64
        Counted cells: the distinct borders, rising.  Other cells: one border for each cell, NaN where a cell has none,
        since no value reaches NaN.
    entries : ndarray of intp
        For each row (see `rows`) an entry of the table: under, the colours, over, bad.  A colour that no value has, for
        example under much contrast, has no row.
    cells : Cells
    before : ndarray of uint16
        Counted cells: how many borders lie before each cell.  Empty for other cells.
    depth : int
        A cell has less than ``2 ** depth`` borders.
    """

    every: np.ndarray
    values: np.ndarray
    entries: np.ndarray
    cells: Cells
    before: np.ndarray
    depth: int

    @property
    def kind(self) -> str:
        """The kind of the cells: ``"even"``, ``"widening"`` or ``"counted"``."""
        if len(self.before):
            return "counted"
        return "widening" if self.cells.shift else "even"

    def rows(self, values: np.ndarray) -> np.ndarray:
        """Return the row of each value, an index of `entries`; NaN has the last row."""
        rows = self.cells.of(values)
        if len(self.before):
            rows = np.take(self.before, rows, mode="clip").astype(np.intp)
        with np.errstate(invalid="ignore"):
            for bit in reversed(range(self.depth)):
                step = 1 << bit
                rows += (values >= np.take(self.values, rows + (step - 1), mode="clip")) * step
        bad = np.isnan(values)
        if bad.any():
            rows[bad] = len(self.entries) - 1
        return rows


def borders_of(
    places: Callable[[np.ndarray], np.ndarray], guess: np.ndarray, limits: tuple[float, float], dtype: np.dtype
) -> Borders:
    """Return the borders of a rule.

    Parameters
    ----------
    places : callable
        The rule: from values of `dtype` to their distance from the begin of the table, in colours.  It does not fall
        between `lo` and `hi`.
    guess : ndarray, (colours - 1,)
        Values for which the rule is about 1, 2, …
    limits : (float, float)
        ``(lo, hi)``, ``lo < hi``.
    dtype : dtype
        float32 or float64.
    """
    lo, hi = limits
    first, last = _not_below(lo, dtype), _not_above(hi, dtype)
    if first > last:  # no number of the dtype lies between the limits
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
    """Return the first keys at which `places` has reached 1, 2, …, between `first` and one after `last`."""
    wanted = np.arange(1, len(guess) + 1)
    low, high = np.maximum(guess - _GUESS_ERROR, first - 1), np.minimum(guess + _GUESS_ERROR, last + 1)

    def reached(keys: np.ndarray) -> np.ndarray:
        inside = np.clip(keys, first, last)
        return ((places(_numbers(inside, dtype)) >= wanted) & (keys >= first)) | (keys > last)

    # At `low` no border is reached yet, and at `high` each is.
    low = np.where(reached(low), first - 1, low)
    high = np.where(reached(high), high, last + 1)
    while (apart := high > low + 1).any():
        middle = (low >> 1) + (high >> 1) + (low & high & 1)  # (low + high) >> 1 may overflow
        there = reached(middle)
        low, high = np.where(apart & ~there, middle, low), np.where(apart & there, middle, high)
    return high


def _in_cells(every: np.ndarray, lo: float, hi: float) -> Borders:
    borders = every[np.append(True, every[1:] > every[:-1])]
    entries = np.concatenate([[0], np.searchsorted(every, borders, "right"), [len(every) + 1]])
    cells = _telling_apart(borders, lo, hi)
    held = np.bincount(cells.of(borders), minlength=cells.count)
    before = (np.cumsum(held) - held).astype(np.uint16)
    depth = int(held.max()).bit_length()
    if cells.count < _COUNTED_CELLS:
        spread = np.full(cells.count, np.nan, borders.dtype)
        spread[held > 0] = borders
        entries = entries[np.append(before, [len(borders), len(borders) + 1])]
        return Borders(every, _filled(spread, 1), entries, cells, np.empty(0, np.uint16), 1)
    return Borders(every, _filled(borders, 1 << max(depth, 4)), entries, cells, before, depth)


def _telling_apart(borders: np.ndarray, lo: float, hi: float) -> Cells:
    """Return cells with at most one border each, as few of equal width as possible; counted cells if there are none."""
    number = borders.dtype.type
    with np.errstate(all="ignore"):
        span = np.float64(hi) - lo
        between = span / max(len(borders) - 1, 1)
        found = Cells(number(lo - between / 2), number(1.0 / between), len(borders) + 1)
        for cells in (found, *(Cells(number(lo), number(size / span), size) for size in _EQUAL_CELLS)):
            if _tells_apart(cells, borders):
                return cells
        origin, factor = number(lo), number(_COUNTED_CELLS / span)
    usable = np.isfinite(factor) and factor > 0
    many = Cells(origin if np.isfinite(origin) else number(0), factor if usable else number(1), _COUNTED_CELLS)
    return many if _tells_apart(many, borders) else _widening(borders) or many


def _widening(borders: np.ndarray) -> Cells | None:
    """Return cells that widen away from the place where borders are closest; None if too many cells are needed."""
    number, digits = borders.dtype.type, np.finfo(borders.dtype).nmant
    with np.errstate(all="ignore"):
        gaps = np.diff(borders)
        closest = int(gaps.argmin()) if len(gaps) else 0
        gap = gaps[closest] if len(gaps) else number(1)
        for each in range(3, 14):  # 2 ** each cells lie between the origin and cells of twice the width
            cells = Cells(
                borders[closest], number(number(2.0 ** (1 - each)) / gap), 2 * _MOST_WIDENING_CELLS, digits - each
            )
            if not (np.isfinite(cells.factor) and np.isfinite((borders - cells.origin) * cells.factor).all()):
                return None
            away = cells.of(borders) - cells.count // 2
            cells = replace(cells, count=2 * (int(np.maximum(away, ~away).max()) + 1))
            if cells.count > _MOST_WIDENING_CELLS:
                return None
            if _tells_apart(cells, borders):
                return cells
    return None


def _tells_apart(cells: Cells, borders: np.ndarray) -> bool:
    usable = np.isfinite([cells.origin, cells.factor]).all() and cells.factor > 0
    return bool(usable and (np.diff(cells.of(borders)) > 0).all())


def _filled(borders: np.ndarray, more: int) -> np.ndarray:
    """Return borders followed by `more` + 1 NaN, at which a search ends; read-only."""
    values: np.ndarray = np.concatenate([borders, np.full(more + 1, np.nan, borders.dtype)])
    values.setflags(write=False)
    return values


def _not_below(value: float, dtype: np.dtype) -> np.floating:
    """Return the smallest number of `dtype` that is not below `value`."""
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
