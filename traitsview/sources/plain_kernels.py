"""The reductions in NumPy: for the time until the compiled ones are there, and for machines without a compiler.

Both do the same operations in the same order, so the picture does not change when they take over.

All functions work on lines: ``image`` is (rows, columns * channels) of any real dtype and byte order, ``out``
is (pixel rows, pixel columns * channels), and results are multiplied by `slope` and moved by `zero`.
"""

from __future__ import annotations

import numpy as np

from .spans import Spans

__all__ = ["extreme", "mean", "pick"]

_Line = np.ndarray

# Output rows whose sums are taken across together.
_TOGETHER = 16


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
        Is filled with the area that each mean is over, in elements.
    """
    lo, hi = columns.bounds
    across = columns.less(lo)
    for start in range(0, len(rows), _TOGETHER):
        part = rows.part(start, min(start + _TOGETHER, len(rows)))
        block = slice(start, start + len(part))
        sums = np.zeros((len(part), (hi - lo) * channels))
        heights = np.zeros_like(sums)
        for k in range(len(part)):
            a, b = int(part.first[k]), int(part.stop[k])
            if a < b and lo < hi:
                lines = image[a:b, lo * channels : hi * channels]
                _add_lines(lines, float(part.head[k]), float(part.tail[k]), sums[k], heights[k])
        with np.errstate(invalid="ignore", over="ignore"):
            total, area = _across(sums, across, channels), _areas(heights, part, across, channels)
            out[block] = np.divide(total, area, out=np.full(total.shape, np.nan), where=area > 0) * slope + zero
        if weight is not None:
            weight[block] = area


def _add_lines(lines: np.ndarray, head: float, tail: float, total: _Line, height: _Line) -> None:
    """Sum weighted lines into `total` and the weights of what is not NaN into `height`."""
    values = lines.astype(np.float64)
    with np.errstate(invalid="ignore", over="ignore"):
        _sum_lines(values, head, tail, total)
    height[:] = _extent(len(lines), head, tail)
    if np.isnan(total).any():
        valid = ~np.isnan(values)
        values[~valid] = 0.0
        with np.errstate(invalid="ignore", over="ignore"):
            _sum_lines(values, head, tail, total)
        height[:] = np.count_nonzero(valid[1:-1], axis=0) + np.where(valid[0], head, 0.0)
        if len(lines) > 1:
            height += np.where(valid[-1], tail, 0.0)


def _extent(count: int, head: float, tail: float) -> float:
    return head if count == 1 else ((count - 2) + head) + tail


def _sum_lines(lines: np.ndarray, head: float, tail: float, total: _Line) -> None:
    last = len(lines) - 1
    np.multiply(lines[0], head, out=total)
    k = 1
    while k + 8 <= last:
        pairs = lines[k : k + 8 : 2] + lines[k + 1 : k + 8 : 2]
        total += (pairs[0] + pairs[1]) + (pairs[2] + pairs[3])
        k += 8
    while k + 2 <= last:
        total += lines[k] + lines[k + 1]
        k += 2
    if k < last:
        total += lines[k]
    if last > 0:
        total += lines[last] * tail


def _areas(heights: np.ndarray, rows: Spans, columns: Spans, channels: int) -> np.ndarray:
    """Return the area of each pixel that is not NaN; where nothing is, width × height to the last bit."""
    count = columns.stop - columns.first
    width = np.where(count > 1, ((count - 2) + columns.head) + columns.tail, columns.head)
    count = rows.stop - rows.first
    height = np.where(count > 1, ((count - 2) + rows.head) + rows.tail, rows.head)
    void = _across((heights != height[:, None]).astype(np.float64), columns, channels)
    whole = np.repeat(np.where(columns.stop > columns.first, width, 0.0), channels) * height[:, None]
    return np.asarray(np.where(void == 0, whole, _across(heights, columns, channels)))


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
    """Fill `out` with the largest (`sign` > 0) or the smallest value touched, NaN aside."""
    over = np.fmax if sign > 0 else np.fmin
    lo, hi = columns.bounds
    inside = np.flatnonzero(columns.stop > columns.first)
    out[:] = np.nan
    if not len(inside):
        return
    # Spans may share the element at an edge, which reduceat does not mind when every other segment is dropped.
    first, last = columns.first[inside] - lo, columns.stop[inside] - 1 - lo
    for k in range(len(rows)):
        a, b = int(rows.first[k]), int(rows.stop[k])
        if a == b:
            continue
        lines = image[a:b, lo * channels : hi * channels]
        line = over.reduce(lines, axis=0).astype(np.float64).reshape(-1, channels)
        widest = over(line[first], line[last])
        for step in range(1, int((last - first).max())):
            widest = over(widest, line[np.minimum(first + step, last)])
        out[k].reshape(-1, channels)[inside] = widest * slope + zero


def pick(
    image: np.ndarray, rows: Spans, columns: Spans, channels: int, slope: float, zero: float, out: np.ndarray
) -> None:
    """Fill `out` with one element for each pixel; both axes are unit."""
    (top, bottom), (left, right) = _inside(rows), _inside(columns)
    if (top, bottom, left, right) != (0, len(rows), 0, len(columns)):
        out[:] = np.nan
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
    if (slope, zero) != (1.0, 0.0):
        shown = shown * np.float64(slope) + zero
    if _consecutive(y):
        target[:] = shown
    elif target.flags.c_contiguous:
        np.take(shown.astype(out.dtype, copy=False), y, axis=0, out=target, mode="clip")
    else:
        target[:] = shown.astype(out.dtype, copy=False)[y]


def _inside(spans: Spans) -> tuple[int, int]:
    inside = np.flatnonzero(spans.stop > spans.first)
    return (int(inside[0]), int(inside[-1]) + 1) if len(inside) else (0, 0)


def _consecutive(at: np.ndarray) -> bool:
    return bool(at[-1] - at[0] == len(at) - 1 and (np.diff(at) == 1).all())
