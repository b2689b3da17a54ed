"""What can be published: numbers, and arrays of NumPy and of others."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import quoted
from .layout import LARGEST_BYTES, MOST_AXES

__all__ = ["array_of", "number_of", "step_of", "time_of"]

#: Numbers from the first one to the second one, without it, are kept as integers.
_INTEGERS = (-(1 << 63), 1 << 63)

#: Places of memory that this processor can read, as DLPack counts them: its own, and that of CUDA that is pinned.
_READABLE = (1, 3)


def number_of(value: Any) -> float | int | bool | None:
    """Return a number as Python has it, or None if it is an array or something else.  Nothing is copied."""
    kind = type(value)
    if kind is float or kind is bool:
        return value  # type: ignore[no-any-return]
    if kind is int:
        return _whole(value)
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
        value = value.item()
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return _whole(int(value))
    return float(value) if isinstance(value, float) else None


def step_of(value: Any) -> int | None:
    """Return a step as Python has it; raise `ValueError` if it is none."""
    if value is None or (type(value) is int and -1 < value < _INTEGERS[1]):
        return value
    number = number_of(value)
    if number is None or number != number or not _INTEGERS[0] <= number < _INTEGERS[1]:
        raise ValueError(f"the step {quoted(value)} is no integer of 64 bits")
    return int(number)


def time_of(value: Any) -> float | None:
    """Return a time as Python has it; raise `ValueError` if it is none."""
    if value is None or type(value) is float:
        return value
    number = number_of(value)
    if number is None:
        raise ValueError(f"the time {quoted(value)} is no number")
    return float(number)


def _whole(number: int) -> float | int | None:
    """Return an integer, or a float if 64 bits do not hold it; None if that does not hold it either."""
    if _INTEGERS[0] <= number < _INTEGERS[1]:
        return number
    try:
        return float(number)
    except OverflowError:
        return None


def array_of(name: str, value: Any) -> np.ndarray:
    """Return what is published as an array of NumPy.  An array of NumPy is not copied, those of others may be.

    Raises
    ------
    ValueError
        If it cannot be shown; the message says why.
    """
    array = value if isinstance(value, np.ndarray) else _foreign(name, value)
    if type(array) is not np.ndarray:
        # Others, such as quantities with a unit, may refuse to be copied into plain numbers.
        array = _without_mask(array) if isinstance(array, np.ma.MaskedArray) else np.asarray(array)
    if array.dtype.kind not in "biufc":
        what = "records" if array.dtype.names else f"elements of dtype {array.dtype}"
        raise ValueError(f"{quoted(name)} has {what}, and only numbers can be shown")
    if not array.size:
        raise ValueError(f"{quoted(name)} has no elements, its shape is {array.shape}")
    if not array.ndim:
        raise ValueError(f"{quoted(name)} is one number of a kind that is not kept: {array.dtype}")
    if array.ndim > MOST_AXES:
        raise ValueError(f"{quoted(name)} has {array.ndim} axes, and {MOST_AXES} can be shown")
    if array.nbytes > LARGEST_BYTES:
        raise ValueError(f"{quoted(name)} has {array.nbytes} bytes, and {LARGEST_BYTES} can be shown")
    return array


def _without_mask(array: Any) -> np.ndarray:
    """Return floating-point numbers, NaN where they were masked."""
    dtype = array.dtype if array.dtype.kind in "fc" else np.result_type(array.dtype, np.float32)
    filled: np.ndarray = array.astype(dtype).filled(np.nan)
    return filled


def _foreign(name: str, value: Any) -> np.ndarray:
    """Return an array of another library, or a list, as one of NumPy."""
    if value is None:
        raise ValueError(f"{quoted(name)} is None, and only numbers can be shown")
    if _is_elsewhere(value):
        return _brought(value)
    if hasattr(value, "__dlpack__") and not hasattr(value, "__array__"):
        return np.from_dlpack(value)
    return np.asarray(value)


def _is_elsewhere(value: Any) -> bool:
    """Whether the elements are in the memory of a GPU."""
    if hasattr(value, "__dlpack_device__"):
        return int(value.__dlpack_device__()[0]) not in _READABLE
    return hasattr(value, "__cuda_array_interface__")


def _brought(value: Any) -> np.ndarray:
    """Return a copy of an array of a GPU."""
    # The ways of CuPy, of PyTorch and of Numba, which know the streams of their own work.
    for way in ("get", "cpu", "copy_to_host"):
        if hasattr(value, way):
            return np.asarray(getattr(value, way)())
    if hasattr(value, "__dlpack__"):
        try:
            return np.from_dlpack(value, device="cpu", copy=True)
        except (TypeError, ValueError, BufferError, RuntimeError):  # older libraries cannot copy to another device
            if not hasattr(value, "__array__") and not hasattr(value, "__cuda_array_interface__"):
                raise
    if hasattr(value, "__array__"):
        return np.asarray(value)
    from .cuda_memory import copied

    return copied(value.__cuda_array_interface__)
