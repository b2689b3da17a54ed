"""Arrays that each have a place in a whole, as one array."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .mosaic import Affine, Mosaic, Part

__all__ = ["placed_arrays"]


def placed_arrays(
    arrays: Sequence[tuple[Any, tuple[int, int]]], whole: tuple[int, int], channels: int = 1, like: Any = None
) -> Any:
    """Return arrays as one, which has no value where none of them is.  No element is copied before it is read.

    Parameters
    ----------
    arrays : sequence of (array, (int, int))
        (…, rows, columns), or (…, rows, columns, channels) in colour; and the row and the column of the whole where the
        array begins.  Where arrays overlap, the first one that has a value is seen.
    whole : (int, int)
        ``(rows, columns)``.
    channels : int
        1 where there are no colours.
    like : (tuple of int, dtype), optional
        The axes before the rows, and the dtype, where there are no arrays.
    """
    parts = []
    for array, (row, column) in arrays:
        rows, columns = array.shape[-2:] if channels == 1 else array.shape[-3:-1]
        data = array if channels == 1 else _ColoursFirst(array)
        parts.append(Part(data, (0, columns, 0, rows), Affine(1, 0, -column, 0, 1, -row)))
    if not parts:
        planes, dtype = like
        nothing = np.empty((*((channels,) if channels > 1 else ()), *planes, 0, 0), dtype)
        parts = [Part(nothing, (0, 0, 0, 0), Affine(1, 0, 0, 0, 1, 0))]
    mosaic = Mosaic(parts, whole)
    return mosaic if channels == 1 else _ColoursLast(mosaic)


class _ColoursFirst:
    """An array whose last axis is that of the colours, as one whose first axis is."""

    def __init__(self, array: Any) -> None:
        self._array = array
        self.shape = (array.shape[-1], *array.shape[:-1])
        self.dtype = array.dtype

    def __getitem__(self, key: tuple[Any, ...]) -> Any:
        channel, *rest = key
        return self._array[tuple(rest)][..., channel]


class _ColoursLast:
    """A mosaic whose first axis is that of the colours, as an array whose last axis is."""

    def __init__(self, mosaic: Mosaic) -> None:
        self._mosaic = mosaic
        self.shape = (*mosaic.shape[1:], mosaic.shape[0])
        self.ndim = len(self.shape)
        self.dtype = mosaic.dtype

    def __getitem__(self, key: tuple[Any, ...]) -> np.ndarray:
        channels = [self._mosaic[(channel, *key)] for channel in range(self.shape[-1])]
        if not isinstance(channels[0], np.ma.MaskedArray):
            return np.stack(channels, axis=-1)
        mask = np.stack([np.ma.getmaskarray(each) for each in channels], axis=-1)  # type: ignore[no-untyped-call]
        values = np.stack([np.asarray(each) for each in channels], axis=-1)
        return np.ma.MaskedArray(values, mask)  # type: ignore[no-untyped-call]
