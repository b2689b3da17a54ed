"""Pixels of images of 64-bit integers, which double precision rounds from 2**53 on.

1. The image is rendered in float64, which is exact for nearly all pixels.
2. A pixel whose absolute value is 2**53 or more is computed again.  It is the same element in `WIDE`; a mean is
   ``origin + mean(elements - origin)``, where the origin is one element of the image.

So the value of a pixel depends only on its place in the grid, not on the other pixels that are rendered with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ...whole_numbers import BEYOND, WIDE, are_beyond
from ..spans import Spans
from .plane_lines import PlaneLines
from .resample import Reduction, resample

__all__ = ["fill", "joined"]


def fill(
    lines: PlaneLines, rows: Spans, columns: Spans, how: Reduction, out: np.ndarray, beyond: bool
) -> np.ndarray | None:
    """Fill `out`, float64, as `resample` does.  Return the pixels in `WIDE` if float64 rounds some of them, else None.

    Parameters
    ----------
    lines : PlaneLines
        Lines of integers of 64 bits as they are stored.
    rows, columns, how
        See `resample`.
    out : ndarray of float64
    beyond : bool
        Whether numbers that float64 rounds are expected.  Then elements are read once instead of twice.
    """
    averaged = how.name == "mean" and not (rows.unit and columns.unit)
    if averaged or not beyond:
        resample(lines, rows, columns, how, out)
        if not are_beyond(out):
            return None
    exact = np.empty(out.shape, WIDE)
    if averaged:
        distances = np.empty(out.shape)
        resample(_DistanceLines(lines), rows, columns, how, distances)
        # Means are rounded to whole numbers: doubles of that size are whole, too.
        means = _bases(lines, out.shape[1]) + np.rint(distances).astype(WIDE)
        exact[:] = np.where(np.abs(out) >= BEYOND, means, out)
    else:
        resample(lines, rows, columns, how, exact)
        out[:] = exact
    return exact if (exact != out)[~np.isnan(out)].any() else None


def joined(pixels: np.ndarray, exact: Mapping[int, np.ndarray]) -> np.ndarray:
    """Return lines of pixels in `WIDE`, with bands of `exact` in their place; `pixels` itself if `exact` is empty.

    Parameters
    ----------
    exact : mapping
        The lines of each band in `WIDE`, by the number of its first row.
    """
    if not exact:
        return pixels
    wide = pixels.astype(WIDE)
    for start, part in exact.items():
        wide[start : start + len(part)] = part.reshape(len(part), *pixels.shape[1:])
    return wide


def _bases(lines: PlaneLines, width: int) -> np.ndarray:
    """Return the origin of the channel of each element of a line of `width` elements."""
    return np.tile(lines.origin, width // lines.channels)


class _DistanceLines:
    """Lines of differences in float64: each integer less the origin of its channel."""

    view = None

    def __init__(self, lines: PlaneLines) -> None:
        self.channels, self.large = lines.channels, lines.large
        self._lines = lines

    def read(self, rows: slice, columns: slice) -> np.ndarray:
        """Return part of the lines."""
        values = self._lines.read(rows, columns)
        bases = _bases(self._lines, values.shape[1])
        if values.dtype.kind in "iu" and values.size:
            ends = int(values.min()) - int(bases.max()), int(values.max()) - int(bases.min())
            if all(-(2**63) <= end < 2**63 for end in ends):
                # The differences fit into int64, so computing them modulo 2**64 is exact.
                whole = bases.astype(np.uint64 if bases.min() >= 0 else np.int64).astype(np.uint64)
                return (values.astype(np.uint64, copy=False) - whole).view(np.int64).astype(np.float64)
        return np.asarray((values.astype(WIDE) - bases).astype(np.float64))

    def runs(self, rows: np.ndarray, columns: slice) -> Iterator[slice]:
        """Yield slices of `rows`, which rise, that are best read together."""
        return self._lines.runs(rows, columns)
