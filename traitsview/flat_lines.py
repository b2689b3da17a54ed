"""The rows of an array as one line of memory, which is how compiled kernels take them."""

from __future__ import annotations

import numpy as np

__all__ = ["flat_lines"]


def flat_lines(array: np.ndarray, writable: bool = False) -> tuple[np.ndarray, int, int]:
    """Return the elements of an array as one line of memory, and where its rows lie in this line.

    Parameters
    ----------
    array : ndarray, (rows, columns)
        The elements of a row lie beside each other; the distance between rows is a multiple of the item size.
    writable : bool
        Whether elements may be written through the line.

    Returns
    -------
    flat : ndarray, (n,)
        A view of the memory of `array`.
    begin, step : int
        Row r is ``flat[begin + r * step : begin + r * step + columns]``.  The step is negative if the rows of
        `array` are in reversed order.
    """
    height, width = array.shape
    step = array.strides[0] // array.itemsize if height > 1 else width
    begin = (height - 1) * -step if step < 0 else 0
    length = (height - 1) * abs(step) + width
    base = array[::-1] if step < 0 else array
    flat = np.lib.stride_tricks.as_strided(base, (length,), (array.itemsize,), writeable=writable)
    return flat, begin, step
