"""The reductions in NumPy, for the time until compiled ones are there, and for machines without a compiler.

Both do the same operations in the same order, so the picture does not change when compiled ones take over.

All functions work on lines: ``image`` is (rows, columns * channels) of any real dtype and byte order, ``out``
is (pixel rows, pixel columns * channels), and a result x becomes ``slope * x + zero``.  Pixels without a value are NaN.
If `out` is of integers they are 0, the slope is 1, and the zero is 0.
"""

from __future__ import annotations

import numpy as np

from ..spans import Spans
from .tallies import Tally, across_of, tally

__all__ = ["extreme", "mean", "mode", "pick", "put_heaviest"]

_Line = np.ndarray

# Rows of pixels whose lines of sums are added across at once.
_ROWS_AT_ONCE = 16


def mean(
    image: np.ndarray,
    rows: Spans,
    columns: Spans,
    channels: int,
    slope: float,
    zero: float,
    out: np.ndarray,
    weight: np.ndarray | None = None,
) -> None:
    """Fill `out` with area-weighted means that ignore NaN.

    Parameters
    ----------
    weight : ndarray of float64, like `out`, optional
        Is filled with the area under each mean, in elements without NaN.
    """
    lo, hi = columns.bounds
    across = columns.less(lo)
    sums = np.zeros((min(_ROWS_AT_ONCE, len(rows)), (hi - lo) * channels))
    spare = np.empty((4, sums.shape[1]))
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        part = rows.part(start, min(start + _ROWS_AT_ONCE, len(rows)))
        block = slice(start, start + len(part))
        area = np.repeat(_side(across), channels) * _side(part)[:, None]
        with np.errstate(invalid="ignore", over="ignore"):
            dirty = {}
            for k in np.flatnonzero(part.stop > part.first) if lo < hi else ():
                lines = image[part.first[k] : part.stop[k], lo * channels : hi * channels]
                weights = float(part.head[k]), float(part.tail[k])
                _sum_lines(lines, *weights, sums[k], spare)
                if np.isnan(sums[k]).any():
                    dirty[int(k)] = _sum_valid(lines, *weights, sums[k], spare)
            for k, heights in dirty.items():
                gaps = _across((heights != _side(part)[k])[None] * 1.0, across, channels)[0]
                area[k] = np.where(gaps, _across(heights[None], across, channels)[0], area[k])
            total = _across(sums[: len(part)], across, channels)
            out[block] = np.divide(total, area, out=np.full(total.shape, np.nan), where=area > 0) * slope + zero
        if weight is not None:
            weight[block] = area


def _sum_lines(lines: np.ndarray, head: float, tail: float, total: _Line, spare: np.ndarray) -> None:
    """Sum weighted lines into `total`, by pairs of pairs of pairs."""
    last = len(lines) - 1
    np.multiply(lines[0], head, out=total, dtype=np.float64)
    k = 1
    while k + 8 <= last:
        np.add(lines[k : k + 8 : 2], lines[k + 1 : k + 8 : 2], out=spare, dtype=np.float64)
        np.add(spare[::2], spare[1::2], out=spare[:2])
        total += np.add(spare[0], spare[1], out=spare[0])
        k += 8
    while k + 2 <= last:
        total += np.add(lines[k], lines[k + 1], out=spare[0], dtype=np.float64)
        k += 2
    if k < last:
        total += lines[k]
    if last > 0:
        total += np.multiply(lines[last], tail, out=spare[0], dtype=np.float64)


def _sum_valid(lines: np.ndarray, head: float, tail: float, total: _Line, spare: np.ndarray) -> _Line:
    """Add the numbers that are not NaN to `total`; return their height in each column."""
    values = lines.astype(np.float64)
    valid = ~np.isnan(values)
    values[~valid] = 0.0
    _sum_lines(values, head, tail, total, spare)
    height = np.count_nonzero(valid[1:-1], axis=0) + np.where(valid[0], head, 0.0)
    if len(lines) > 1:
        height += np.where(valid[-1], tail, 0.0)
    return np.asarray(height)


def _side(spans: Spans) -> np.ndarray:
    """Return the length of the image under each pixel of an axis, in elements."""
    count = spans.stop - spans.first
    side = np.where(count > 1, ((count - 2) + spans.head) + spans.tail, spans.head)
    return np.asarray(np.where(count > 0, side, 0.0))


def _across(lines: np.ndarray, columns: Spans, channels: int) -> np.ndarray:
    """Sum lines (n, columns * channels) over the span of each pixel."""
    n = len(lines)
    left, right = _inside(columns)
    sums = np.zeros((n, len(columns), channels))
    if left < right:
        cube = lines.reshape(n, -1, channels)
        seen = columns.part(left, right)
        first, last = seen.first, seen.stop - 1
        total = cube[:, first] * seen.head[:, None]
        if (last > first).any():
            total = np.where((last > first)[:, None], total + cube[:, last] * seen.tail[:, None], total)
            inner = np.zeros_like(total)
            for step in range(1, int((last - first).max())):
                within = first + step < last
                inner = np.where(within[:, None], inner + cube[:, np.minimum(first + step, last)], inner)
            total += inner
        sums[:, left:right] = total
    return sums.reshape(n, -1)


def extreme(
    image: np.ndarray,
    rows: Spans,
    columns: Spans,
    channels: int,
    sign: int,
    slope: float,
    zero: float,
    out: np.ndarray,
) -> None:
    """Fill `out` with the largest (`sign` > 0) or the smallest value that each pixel touches, NaN aside."""
    over = np.fmax if sign > 0 else np.fmin
    lo, hi = columns.bounds
    inside = np.flatnonzero(columns.stop > columns.first)
    out[:] = _void(out)
    if not len(inside):
        return
    first, last = columns.first[inside] - lo, columns.stop[inside] - 1 - lo
    kept = np.float64 if out.dtype in (np.float32, np.float64) else out.dtype
    for k in range(len(rows)):
        a, b = int(rows.first[k]), int(rows.stop[k])
        if a == b:
            continue
        lines = image[a:b, lo * channels : hi * channels]
        line = over.reduce(lines, axis=0).astype(kept).reshape(-1, channels)
        widest = over(line[first], line[last])
        for step in range(1, int((last - first).max())):
            widest = over(widest, line[np.minimum(first + step, last)])
        out[k].reshape(-1, channels)[inside] = _scaled(widest, slope, zero)


def mode(
    image: np.ndarray,
    rows: Spans,
    columns: Spans,
    channels: int,
    sign: int,
    slope: float,
    zero: float,
    out: np.ndarray,
) -> None:
    """Fill `out` with the value that has the largest part of each pixel, NaN aside.

    Of values with equal parts it is the least, or the largest as stored if `sign` < 0.
    """
    out[:] = _void(out)
    lo, hi = columns.bounds
    across = across_of(columns.less(lo), channels)
    for k in np.flatnonzero(rows.stop > rows.first) if lo < hi else ():
        part = rows.part(k, k + 1)
        lines = image[part.first[0] : part.stop[0], lo * channels : hi * channels]
        put_heaviest(tally(lines, part, across), sign, slope, zero, out[k])


def put_heaviest(found: Tally, sign: int, slope: float, zero: float, out: _Line) -> None:
    """Put the values with the largest weight into a row of pixels."""
    pixels, values = found.heaviest(sign)
    out[pixels] = _scaled(values, slope, zero)


def pick(
    image: np.ndarray, rows: Spans, columns: Spans, channels: int, slope: float, zero: float, out: np.ndarray
) -> None:
    """Fill `out` with one element for each pixel.  Each pixel of `rows` and `columns` shows one element at most."""
    (top, bottom), (left, right) = _inside(rows), _inside(columns)
    if (top, bottom, left, right) != (0, len(rows), 0, len(columns)):
        out[:] = _void(out)
    if top == bottom or left == right:
        return
    y, x = rows.first[top:bottom], columns.first[left:right]
    shown = image[y[0] : y[-1] + 1].reshape(y[-1] + 1 - y[0], -1, channels)[:, x[0] : x[-1] + 1]
    target = out.reshape(len(rows), -1, channels)[top:bottom, left:right]
    y, x = y - y[0], x - x[0]
    if not _consecutive(y) and len(shown) > len(y):
        shown, y = shown[y], np.arange(len(y))
    if not _consecutive(x):
        shown = np.take(shown, x, axis=1)
    shown = _scaled(shown, slope, zero)
    if _consecutive(y):
        target[:] = shown
    elif target.flags.c_contiguous:
        np.take(shown.astype(out.dtype, copy=False), y, axis=0, out=target, mode="clip")
    else:
        target[:] = shown.astype(out.dtype, copy=False)[y]


def _scaled(values: np.ndarray, slope: float, zero: float) -> np.ndarray:
    return values if (slope, zero) == (1.0, 0.0) else values * np.float64(slope) + zero


def _void(out: np.ndarray) -> float:
    return np.nan if out.dtype.kind == "f" else 0


def _inside(spans: Spans) -> tuple[int, int]:
    inside = np.flatnonzero(spans.stop > spans.first)
    return (int(inside[0]), int(inside[-1]) + 1) if len(inside) else (0, 0)


def _consecutive(at: np.ndarray) -> bool:
    return bool(at[-1] - at[0] == len(at) - 1 and (np.diff(at) == 1).all())
