"""A value that is taken as no value, because the user says that it means none."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...errors import RequestError, quoted
from ...numerals import comma_remedy
from ...whole_numbers import number, read_number

__all__ = ["WithoutValue", "number_of", "stored_number"]

#: A value stands for a stored integer if it is within this part of a step from it: people type fewer digits than there
#: are.
_TYPED_ERROR_STEPS = 1e-3


def number_of(value: object) -> int | float:
    """Return a value that somebody gave, as a number or as text; integers stay what they are, however large.

    Raises
    ------
    RequestError
        If it is no number, or NaN, which is no value anyway.
    """
    what = f"cannot take {quoted(str(value))} as blank"
    try:
        found = read_number(value) if isinstance(value, str) else number(value)
    except (TypeError, ValueError):
        remedy = comma_remedy([value]) or "give one, such as 0 or -999.25"
        raise RequestError(what, "it is no number", remedy) from None
    if math.isnan(found):
        raise RequestError(what, "NaN is no value anyway", "leave it out")
    if math.isinf(found) and "inf" not in str(value).lower():
        raise RequestError(what, "no element is so large", "give a number below 1e308")
    return int(found) if isinstance(found, int) or found.is_integer() else found


def stored_number(value: int | float, dtype: np.dtype, scale: tuple[float, float]) -> int | float | None:
    """Return the stored element that stands for `value`; None where none can.

    Parameters
    ----------
    dtype : dtype
        Of the stored elements.
    scale : (float, float)
        ``(slope, zero)``: an element x stands for ``slope * x + zero``.
    """
    slope, zero = scale
    if (slope, zero) != (1.0, 0.0):
        value = (value - zero) / slope
        if dtype.kind in "iub" and math.isfinite(value) and abs(value - round(value)) <= _TYPED_ERROR_STEPS:
            value = round(value)
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        return int(value) if limits.min <= value <= limits.max and value == int(value) else None
    if dtype.kind == "b":
        return int(value) if value in (0, 1) else None
    with np.errstate(over="ignore"):
        return None if math.isfinite(value) and np.isinf(dtype.type(value)) else value


class WithoutValue:
    """An array in which one number is masked.

    Parameters
    ----------
    data : array
        Anything with ``shape``, ``dtype`` and slicing.
    element : int or float
        As stored; in single precision the nearest one, as 0.1 is.
    colours : bool
        Whether the last axis is one of colours: those are masked that have it in each channel.
    """

    def __init__(self, data: Any, element: int | float, colours: bool) -> None:
        self._data = data
        self._colours = colours
        self.shape = data.shape
        self.dtype = np.dtype(data.dtype)
        self.ndim = len(self.shape)
        self.chunks = getattr(data, "chunks", None)
        with np.errstate(over="ignore"):
            self._element = self.dtype.type(element) if self.dtype.kind in "fc" else element

    def __getitem__(self, key: Any) -> np.ma.MaskedArray:
        values = self._data[key]
        masked = np.ma.getmaskarray(values) if isinstance(values, np.ma.MaskedArray) else False  # type: ignore[no-untyped-call]
        values = np.asarray(values)
        void = values == self._element
        if self._colours:
            void = np.broadcast_to(void.all(axis=-1, keepdims=True), void.shape)
        return np.ma.MaskedArray(values, void | masked)  # type: ignore[no-untyped-call]
