"""What the values of a plane are like: from a sample, or from all of them."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite, sqrt

import numpy as np

from ..sampling import drawn
from .image_source import Summary, summary_of
from .plane_lines import PlaneLines

__all__ = ["exact_summary", "quick_summary"]

# Rows and columns of the sample; their product is the most values that a summary holds.
_ROWS, _COLUMNS = 256, 512
# Elements taken at a time when all are looked at.
_BAND = 2_000_000


def quick_summary(
    lines: PlaneLines, rows: slice, columns: slice, scale: tuple[float, float], guard: Callable[[], None]
) -> Summary:
    """Return a summary of some elements: one at random in each cell of a raster laid over the area.

    Rows are drawn once and columns anew for each row, so no period in the image can hide from the sample, and
    the same area always gives the same one.
    """
    height, width = rows.stop - rows.start, columns.stop - columns.start
    few = height <= _ROWS and width <= _COLUMNS
    rng = np.random.default_rng(height * 1_000_003 + width)
    taken = []
    chosen = rows.start + drawn(rng, height, _ROWS)
    for run in lines.runs(chosen, columns) if len(chosen) else ():
        guard()
        together = chosen[run]
        strip = lines.read(slice(int(together[0]), int(together[-1]) + 1), columns)
        for row in together - together[0]:
            line = strip[row].reshape(-1, lines.channels)
            taken.append(line if few else line[drawn(rng, width, _COLUMNS)])
    return summary_of(_scaled(np.array(taken), scale), exact=few)


def exact_summary(
    lines: PlaneLines, rows: slice, columns: slice, scale: tuple[float, float], guard: Callable[[], None]
) -> Summary:
    """Return the summary of every element of the area; the sample is that of the quick one."""
    width = (columns.stop - columns.start) * lines.channels
    step = max(1, _BAND // max(width, 1))
    count, mean, square = 0, 0.0, 0.0
    low, high = float("inf"), float("-inf")
    for top in range(rows.start, rows.stop, step):
        guard()
        values = lines.read(slice(top, min(top + step, rows.stop)), columns)
        good = _scaled(values, scale).ravel()
        finite = np.isfinite(good)
        good = good if finite.all() else good[finite]
        if not good.size:
            continue
        low, high = min(low, float(good.min())), max(high, float(good.max()))
        with np.errstate(over="ignore", invalid="ignore"):
            part = float(good.mean())
            spread = float(np.square(good - part).sum())
        # Means and squares of two parts become those of both without cancellation.
        both = count + good.size
        square += spread + (part - mean) * (part - mean) * count * good.size / both
        mean += (part - mean) * good.size / both
        count = both
    quick = quick_summary(lines, rows, columns, scale, guard)
    total = (rows.stop - rows.start) * width
    if not count:
        nan = float("nan")
        return Summary(total, 0, nan, nan, nan, nan, quick.sample, True)
    if not isfinite(square):
        # Squares beyond 1e308 are left to the sample, whose summary scales them.
        return Summary(total, count, low, high, quick.mean, quick.std, quick.sample, True)
    return Summary(total, count, low, high, mean, sqrt(square / count), quick.sample, True)


def _scaled(values: np.ndarray, scale: tuple[float, float]) -> np.ndarray:
    values = values.astype(np.float64)
    return values if scale == (1.0, 0.0) else values * scale[0] + scale[1]
