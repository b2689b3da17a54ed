"""From the points of a curve to the line that is painted: pure functions over arrays."""

from __future__ import annotations

import numpy as np

from .spans import Span

__all__ = ["least_and_greatest", "logarithms", "path"]

#: Points of a line beyond the window are moved to at most this many sizes of the window from it: a painter takes no
#: larger coordinates.
_TIMES_BEYOND = 1000.0

#: The largest such distance, in data units: added to an end of a span it is still a float.
_FARTHEST = 4e307


def logarithms(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the decimal logarithms of the values of curves; NaN for what is not positive.

    Where a column has positive values and others, it is its greatest value alone.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        highs = np.log10(np.where(high > 0, high, np.nan).astype(np.float64))
        lows = highs if low is high else np.where(low > 0, np.log10(np.where(low > 0, low, 1.0)), highs)
    return lows, highs


def least_and_greatest(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the greatest finite value of each row, (rows,); NaN for a row without any."""
    lows = np.where(np.isfinite(low), low, np.inf).min(axis=1, initial=np.inf)
    highs = np.where(np.isfinite(high), high, -np.inf).max(axis=1, initial=-np.inf)
    return np.where(np.isfinite(lows), lows, np.nan), np.where(np.isfinite(highs), highs, np.nan)


def path(x: np.ndarray, low: np.ndarray, high: np.ndarray, across: Span, up: Span, dot: float) -> np.ndarray:
    """Return the line of one curve, (n, 2) float64: x and y of each point; NaN where there is a gap.

    Parameters
    ----------
    x, low, high : ndarray, (n,)
        As `CurveLines` has them.
    across, up : Span
        What is visible.
    dot : float
        Length, along x, of the line that stands for a point without neighbours.

    Notes
    -----
    A column becomes two points.  The first of them is the one that is nearer to the column before.
    """
    low, high = np.asarray(low, np.float64), np.asarray(high, np.float64)
    if low is high or np.array_equal(low, high, equal_nan=True):
        points = np.column_stack([x, low])
    else:
        middle = low + (high - low) / 2
        rises = np.diff(middle, prepend=middle[:1]) >= 0
        y = np.column_stack([np.where(rises, low, high), np.where(rises, high, low)])
        points = np.column_stack([np.repeat(x, 2), y.ravel()])
    points[~np.isfinite(points).all(axis=1), 1] = np.nan
    points = _with_dots(points, dot)
    _cut(points, *across)
    for column, (start, end) in ((0, across), (1, up)):
        beyond = min((end - start) * _TIMES_BEYOND, _FARTHEST)
        np.clip(points[:, column], start - beyond, end + beyond, out=points[:, column])
    return points


def _with_dots(points: np.ndarray, dot: float) -> np.ndarray:
    """Return points of which those without neighbours are short lines."""
    gap = np.isnan(points[:, 1])
    edge = np.concatenate([[True], gap, [True]])
    alone = np.flatnonzero(~gap & edge[:-2] & edge[2:])
    if not alone.size:
        return points
    points = np.repeat(points, 1 + np.isin(np.arange(len(points)), alone), axis=0)
    at = alone + np.arange(len(alone))
    points[at, 0] -= dot / 2
    points[at + 1, 0] += dot / 2
    return points


def _cut(points: np.ndarray, left: float, right: float) -> None:
    """Move the first and the last point to the edges of the window, along their lines, if they are beyond."""
    for edge, at, inner in ((left, 0, 1), (right, -1, -2)):
        if len(points) < 2:
            return
        (x, y), (x2, y2) = points[at], points[inner]
        if min(x, x2) < edge < max(x, x2) and np.isfinite(y) and np.isfinite(y2):
            points[at] = edge, y + (y2 - y) * ((edge - x) / (x2 - x))
