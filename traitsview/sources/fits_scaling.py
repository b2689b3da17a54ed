"""What the stored numbers of a FITS image stand for: BSCALE, BZERO and BLANK."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..whole_numbers import BEYOND
from .fits_arrays import OffsetImage

__all__ = ["scaling_of"]

# FITS has one signedness for each width; BZERO at half of the range stands for the other one.
_OTHER_SIGN = {("u1", -(2**7)): "i1", ("i2", 2**15): "u2", ("i4", 2**31): "u4", ("i8", 2**63): "u8"}

# Values in float32 are off by this part of the step between neighbours at most, else they are in float64.
_PART_OF_STEP = 1 / 256


def scaling_of(header: Any, stored: np.dtype) -> tuple[Callable[[Any], Any], dict[str, Any]]:
    """Return what to do with the array of stored numbers, and what to tell `ArraySource` of it.

    Parameters
    ----------
    header : astropy.io.fits.Header
    stored : dtype
        Of the numbers in the file.

    Raises
    ------
    ValueError
        If BSCALE or BZERO are no finite numbers, or BSCALE is 0.
    """
    slope, zero = header.get("BSCALE", 1), header.get("BZERO", 0)
    if not (np.isfinite(float(slope)) and np.isfinite(float(zero)) and slope):
        raise ValueError(f"BSCALE is {slope:g} and BZERO {zero:g}, they must be finite and BSCALE not 0")
    blank = header.get("BLANK")
    meaning: dict[str, Any] = {}
    if stored.kind in "iu" and isinstance(blank, int) and not isinstance(blank, bool):
        meaning["blank"] = blank
    if (slope, zero) == (1, 0):
        return _as_it_is, meaning
    whole = _whole_dtype(stored, int(zero)) if slope == 1 and zero == int(zero) else None
    if whole is not None and whole.itemsize > 2:
        if meaning:
            meaning["blank"] = blank + int(zero)
        return lambda raw: OffsetImage(raw, int(zero), whole), meaning
    dtype = whole or (np.float32 if _fits_float32(stored, float(slope), float(zero)) else np.float64)
    return _as_it_is, {**meaning, "scale": (float(slope), float(zero)), "dtype": dtype}


def _as_it_is(raw: Any) -> Any:
    return raw


def _whole_dtype(stored: np.dtype, zero: int) -> np.dtype | None:
    """Return the integers that stored ones become when `zero` is added; None if floats are what they are to be.

    Those are the ones of the other signedness, and those of 64 bits where double precision would round the values.
    """
    if stored.kind not in "iu":
        return None
    other = _OTHER_SIGN.get((stored.str[1:], zero))
    if other:
        return np.dtype(other)
    first, last = (int(end) + zero for end in (np.iinfo(stored).min, np.iinfo(stored).max))
    if first >= -BEYOND and last <= BEYOND:
        return None
    for wide in (np.dtype(np.int64), np.dtype(np.uint64)):
        if np.iinfo(wide).min <= first and last <= np.iinfo(wide).max:
            return wide
    return None


def _fits_float32(stored: np.dtype, slope: float, zero: float) -> bool:
    """Whether float32 tells all values well apart that the stored integers, of 16 bits at most, stand for."""
    if stored.kind not in "iu" or stored.itemsize > 2:
        return False
    ends = np.iinfo(stored)
    values = np.arange(ends.min, ends.max + 1) * slope + zero
    with np.errstate(over="ignore"):
        return bool((np.abs(values.astype(np.float32) - values) <= abs(slope) * _PART_OF_STEP).all())
