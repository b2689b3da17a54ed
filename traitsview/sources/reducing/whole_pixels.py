"""Pixels of images of 64-bit integers, which double precision rounds from 2**53 on.

Such an image is rendered in float64 first, which is enough for nearly all.  Where a pixel comes out as 2**53 or further
from 0, it is found once more: the same element in `WIDE`, or the mean of the distances to one element of the image.
So what a pixel shows depends on its place in the grid alone, whatever is rendered with it.
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
    """Fill `out`, float64, as `resample` does; return the same in `WIDE` if it rounds some of them, else None.

    Parameters
    ----------
    lines : PlaneLines
        Of integers of 64 bits, as they are stored.
    rows, columns, how
        See `resample`.
    out : ndarray of float64
    beyond : bool
        Whether numbers that float64 rounds are expected: then they are read once and not twice.
    """
    averaged = how.name == "mean" and not (rows.unit and columns.unit)
    if averaged or not beyond:
        resample(lines, rows, columns, how, out)
        if not are_beyond(out):
            return None
    exact = np.empty(out.shape, WIDE)
    if averaged:
        distances = np.empty(out.shape)
        resample(_Distances(lines), rows, columns, how, distances)
        # Whole numbers, as all doubles of that size are.
        means = _bases(lines, out.shape[1]) + np.rint(distances).astype(WIDE)
        exact[:] = np.where(np.abs(out) >= BEYOND, means, out)
    else:
        resample(lines, rows, columns, how, exact)
        out[:] = exact
    return exact if (exact != out)[~np.isnan(out)].any() else None


def joined(pixels: np.ndarray, exact: Mapping[int, np.ndarray]) -> np.ndarray:
    """Return lines of pixels in `WIDE`, with those of `exact` from its rows on; as they are if there are none."""
    if not exact:
        return pixels
    wide = pixels.astype(WIDE)
    for start, part in exact.items():
        wide[start : start + len(part)] = part.reshape(len(part), *pixels.shape[1:])
    return wide


def _bases(lines: PlaneLines, width: int) -> np.ndarray:
    """Return the number that each element of a line of `width` elements is counted from: one for each channel."""
    return np.tile(lines.origin, width // lines.channels)


class _Distances:
    """Lines of differences, in float64: each integer less one of the integers of its channel."""

    view = None

    def __init__(self, lines: PlaneLines) -> None:
        self.channels, self.large = lines.channels, lines.large
        self._lines = lines

    def read(self, rows: slice, columns: slice) -> np.ndarray:
        """Return some lines."""
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
        """Yield which of `rows`, in rising order, are best read together."""
        return self._lines.runs(rows, columns)
