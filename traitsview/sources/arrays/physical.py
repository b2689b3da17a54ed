"""Stored elements as the values that they stand for."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["Physical"]


class Physical:
    """An array of values, which are computed from stored elements as they are read.

    Parameters
    ----------
    data : array
        Of the stored elements; anything with ``shape``, ``dtype`` and slicing.
    scale : (float, float)
        ``(slope, zero)``: an element x stands for ``slope * x + zero``.
    blank : int, optional
        The stored integer that stands for no value; it is masked.
    dtype : dtype, optional
        Of the values; that of the stored elements by default.
    """

    def __init__(
        self,
        data: Any,
        scale: tuple[float, float] = (1.0, 0.0),
        blank: int | None = None,
        dtype: np.dtype | str | None = None,
    ) -> None:
        self._data = data
        self._scale = scale
        self._blank = blank
        self.shape = tuple(data.shape)
        self.dtype = np.dtype(dtype or data.dtype).newbyteorder("=")
        self.ndim = len(self.shape)

    def __getitem__(self, key: Any) -> np.ndarray:
        stored = np.asarray(self._data[key])
        slope, zero = self._scale
        if (slope, zero) == (1.0, 0.0):
            values = stored.astype(self.dtype)
        elif self.dtype.kind in "iu":  # the other signedness: exact in the wider type
            values = (stored.astype(np.int64) + int(zero)).astype(self.dtype)
        else:
            values = (stored.astype(np.float64) * slope + zero).astype(self.dtype)
        if self._blank is None:
            return values
        return np.ma.MaskedArray(values, stored == self._blank)  # type: ignore[no-untyped-call]
