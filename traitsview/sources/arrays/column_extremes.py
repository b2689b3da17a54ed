"""The least and the greatest values of an array in the columns of a window, without rendering: for long curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["column_extremes", "is_plain"]


def is_plain(array: Any) -> bool:
    """Whether an array is in memory, of two axes, and of real numbers.  A mapped file is read in bands instead."""
    return (
        isinstance(array, np.ndarray) and array.ndim == 2 and array.dtype.kind in "fiub" and array.dtype.itemsize <= 8
    )


def column_extremes(
    array: np.ndarray, rows: Sequence[int], first: np.ndarray, last: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the greatest value in each column, NaN where all are NaN.

    Parameters
    ----------
    array : ndarray, (rows, n)
    rows : sequence of int
        Of the array.
    first, last : ndarray, (columns,) of int
        A column has the elements first … last - 1, at least one; `last` does not fall.

    Returns
    -------
    low, high : ndarray, (rows, columns)
        In the dtype of the array.
    """
    # Of each pair of neighbours, reduceat reduces what is between; every second result is between two columns.
    edges = np.column_stack([first, last]).ravel()
    if edges[-1] == array.shape[1]:
        edges = edges[:-1]  # to the end
    low, high = (np.empty((len(rows), len(first)), array.dtype) for _ in range(2))
    for at, row in enumerate(rows):
        low[at] = np.fmin.reduceat(array[row], edges)[::2]
        high[at] = np.fmax.reduceat(array[row], edges)[::2]
    return low, high
