"""What can be published: arrays of NumPy and of others, and numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["array_of", "number_of"]


def number_of(value: Any) -> float | int | bool | None:
    """Return a number as Python has it, or None if it is an array or something else.  Nothing is copied."""
    kind = type(value)
    if kind is float or kind is int or kind is bool:
        return value  # type: ignore[no-any-return]
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
        value = value.item()
        return value if isinstance(value, float | int | bool) else None
    if isinstance(value, float):
        return float(value)
    return int(value) if isinstance(value, int) else None


def array_of(name: str, value: Any) -> np.ndarray:
    """Return what is published as an array of NumPy; only where it is no such array it may be copied.

    Raises
    ------
    ValueError
        If it cannot be shown; the message says why.
    """
    array = value if isinstance(value, np.ndarray) else _foreign(name, value)
    if isinstance(array, np.ma.MaskedArray):
        array = _without_mask(array)
    if array.dtype.kind not in "biufc":
        what = "records" if array.dtype.names else f"elements of dtype {array.dtype}"
        raise ValueError(f"'{name}' has {what}, and only numbers can be shown")
    if not array.size:
        raise ValueError(f"'{name}' has no elements, its shape is {array.shape}")
    return array


def _without_mask(array: Any) -> np.ndarray:
    """Return floating-point numbers, NaN where they were masked."""
    dtype = array.dtype if array.dtype.kind in "fc" else np.result_type(array.dtype, np.float32)
    filled: np.ndarray = array.astype(dtype).filled(np.nan)
    return filled


def _foreign(name: str, value: Any) -> np.ndarray:
    if hasattr(value, "__dlpack__") and not hasattr(value, "__array__"):
        return np.from_dlpack(value)
    return np.asarray(value)
