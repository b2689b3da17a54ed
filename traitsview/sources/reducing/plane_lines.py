"""One plane of an array as lines of real numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from ...errors import SourceError, SourceUnreadable, quoted
from ...whole_numbers import WIDE, as_floats, is_whole
from .resample import LARGE_ELEMENTS

__all__ = ["PlaneLines"]

# To read a gap of this many rows between two wanted rows costs more than another call of the reader.
_GAP_ROWS = 8

# Elements read at a time, rounded up to whole blocks of the file.
_READ_ELEMENTS = 1_000_000

# The most elements read at a time where blocks are huge.
_READ_LIMIT_ELEMENTS = 16_000_000


class PlaneLines:
    """One plane of an array in the form that reductions read: ``(rows, columns * channels)``, real, NaN for no value.

    Integers of 64 bits of which some are void come in float64, or in `WIDE` if float64 would round them.

    Parameters
    ----------
    data : array
        Anything with ``shape``, ``dtype`` and slicing.
    plane : tuple of int
        The index on the axes before the rows.
    channels : int
        The length of the colour axis, which is the last; 1 if there is none.
    blank : int, optional
        The integer that means no value.
    lock : context manager, optional
        Is held while elements are read.

    Attributes
    ----------
    block : int
        The number of rows that the reader has to read, or to unpack, for one row.
    """

    def __init__(
        self,
        data: Any,
        plane: tuple[int, ...],
        channels: int = 1,
        blank: int | None = None,
        lock: AbstractContextManager[Any] | None = None,
        name: str = "array",
    ) -> None:
        self.channels = channels
        self.large = prod(data.shape[len(plane) :]) >= LARGE_ELEMENTS
        self._data = data
        self._plane = plane
        self._blank = blank
        self._lock = lock or nullcontext()
        self._name = name
        self.block = _rows_stored_together(data, len(plane))
        self.view = self._direct()

    def read(self, rows: slice, columns: slice) -> np.ndarray:
        """Return part of the lines, in memory and converted; any thread may call."""
        if self.view is not None:
            return self.view[rows, columns.start * self.channels : columns.stop * self.channels]
        values = self.elements(rows, columns)
        return _real(values, self._blank).reshape(len(values), -1)

    @cached_property
    def origin(self) -> np.ndarray:
        """One element of each channel, (channels,) in `WIDE`, 0 if it has no value.

        For integers of 64 bits: differences from it have fewer digits.
        """
        (elements,) = self.read(slice(0, 1), slice(0, 1))
        return np.where(np.isnan(elements), 0, elements.astype(WIDE))

    def runs(self, rows: np.ndarray, columns: slice) -> Iterator[slice]:
        """Yield slices of `rows`, which rise, that are best read together.  Each block of the file is read once."""
        width = (columns.stop - columns.start) * self.channels
        blocks = rows // self.block
        apart = (np.diff(blocks) - 1) * self.block >= _GAP_ROWS
        start = 0
        for k in range(1, len(rows)):
            size = (int(rows[k]) + 1 - int(rows[start])) * width
            if apart[k - 1] or size > (_READ_ELEMENTS if blocks[k] > blocks[k - 1] else _READ_LIMIT_ELEMENTS):
                yield slice(start, k)
                start = k
        yield slice(start, len(rows))

    def elements(self, rows: slice, columns: slice) -> np.ndarray:
        """Return elements as they are stored, ``(rows, columns[, channels])``."""
        try:
            with self._lock:
                found = self._data[(*self._plane, rows, columns)]
                found = found if isinstance(found, np.ma.MaskedArray) else np.asarray(found)
        except SourceError:
            raise
        except Exception as error:  # a reader from outside may raise anything
            raise SourceUnreadable(f"cannot read {quoted(self._name)}", str(error) or type(error).__name__) from error
        wanted = (rows.stop - rows.start, columns.stop - columns.start) + (self.channels,) * (self.channels > 1)
        if found.shape != wanted:
            why = f"slicing gave the shape {found.shape} where {wanted} was asked for"
            raise SourceUnreadable(f"cannot read {quoted(self._name)}", why)
        return found

    def _direct(self) -> np.ndarray | None:
        """Return the plane as lines without a copy; None if reductions cannot read it as it lies in memory."""
        data = self._data
        if not isinstance(data, np.ndarray) or isinstance(data, np.ma.MaskedArray) or self._blank is not None:
            return None
        plane = np.asarray(data)[self._plane]
        if plane.dtype.kind not in "buif" or plane.dtype.itemsize > 8 or plane.dtype == np.float16:
            return None
        if plane.dtype == bool:
            plane = plane.view(np.uint8)
        if self.channels > 1:
            if plane.strides[1:] != (self.channels * plane.itemsize, plane.itemsize):
                return None
            height, width, channels = plane.shape
            plane = np.lib.stride_tricks.as_strided(
                plane, (height, width * channels), (plane.strides[0], plane.itemsize), writeable=False
            )
        return plane if plane.flags.aligned and plane.itemsize in plane.strides else None


def _rows_stored_together(data: Any, axis: int) -> int:
    """Return the number of rows that a reader has to read, or to unpack, for one.

    It is in ``data.chunks``, in the form of h5py, zarr or dask.
    """
    chunks = getattr(data, "chunks", None)
    try:
        sizes = chunks[axis] if chunks else 1
        return max(1, int(max(sizes) if isinstance(sizes, tuple) else sizes))
    except (TypeError, ValueError, IndexError, KeyError):
        return 1


def _real(values: np.ndarray, blank: int | None) -> np.ndarray:
    """Return `values` as real numbers of a dtype that reductions know; NaN where void or masked.

    Complex numbers become their moduli.
    """
    masked = np.ma.getmaskarray(values) if isinstance(values, np.ma.MaskedArray) else None  # type: ignore[no-untyped-call]
    values = np.asarray(values)
    kind, size = values.dtype.kind, values.dtype.itemsize
    if kind == "c":
        real = np.abs(values.astype(np.complex128, copy=False) if size > 16 else values)
    elif kind == "f" and size in (2, 16, 12):
        real = values.astype(np.float32 if size == 2 else np.float64)
    elif kind == "b":
        real = values.view(np.uint8)
    else:
        real = values
    if blank is not None or masked is not None:
        void = np.zeros(values.shape, bool) if masked is None else masked
        if blank is not None:
            void = void | (values == blank)
        if is_whole(real.dtype):
            real = as_floats(np.where(void, real.dtype.type(0), real))
        else:
            wide = size > 4 or (real.dtype.kind in "iu" and size > 2)
            real = real.astype(np.float64 if wide else np.float32)
        real[void] = np.nan
    return np.ascontiguousarray(real)
