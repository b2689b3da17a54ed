"""The values that stored numbers of a FITS image stand for: BSCALE, BZERO and BLANK (FITS 4.0, section 4.4.2)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....whole_numbers import BEYOND
from .arrays import OffsetImage

__all__ = ["values_of", "whole_number"]

# FITS has either signed or unsigned integers of each width.  A BZERO of half the range makes the other kind.
_OTHER_SIGN = {("u1", -(2**7)): "i1", ("i2", 2**15): "u2", ("i4", 2**31): "u4", ("i8", 2**63): "u8"}

# Values are float32 if that rounds each of them by at most this part of BSCALE, the step between neighbours; otherwise
# float64.
_PART_OF_STEP = 1 / 256


def values_of(raw: Any, header: Any) -> tuple[Any, dict[str, Any]]:
    """Return an image as an array, and options of `ArraySource` about its values.

    * Without BSCALE and BZERO, values are the stored numbers.
    * With BSCALE = 1 they stay integers if BZERO only changes the sign, or if doubles would round the sums.
    * Otherwise they are float32 if that tells all of them well apart, else float64.

    Parameters
    ----------
    raw : array
        The stored numbers, mapped or compressed.
    header : astropy.io.fits.Header

    Raises
    ------
    ValueError
        If BSCALE or BZERO are no finite numbers, or BSCALE is 0.
    """
    slope, zero = (_number(header.get(key), default) for key, default in (("BSCALE", 1), ("BZERO", 0)))
    if not (np.isfinite(float(slope)) and np.isfinite(float(zero)) and slope):
        raise ValueError(f"BSCALE is {slope:g} and BZERO {zero:g}, they must be finite and BSCALE not 0")
    blank = whole_number(header.get("BLANK")) if raw.dtype.kind in "iu" else None
    meaning: dict[str, Any] = {} if blank is None else {"blank": blank}
    if (slope, zero) == (1, 0):
        return raw, meaning
    whole = _whole_dtype(raw.dtype, zero) if slope == 1 and isinstance(zero, int) else None
    if whole is not None and whole.itemsize > 2:
        assert isinstance(zero, int)
        moved = {} if blank is None else {"blank": blank + zero}
        return OffsetImage(raw, zero, whole, blank), moved
    dtype = whole or (np.float32 if _fits_float32(raw.dtype, float(slope), float(zero)) else np.float64)
    return raw, {**meaning, "scale": (float(slope), float(zero)), "dtype": dtype}


def whole_number(value: Any) -> int | None:
    """Return the integer that a card holds, also where it is written as ``-32768.`` or ``'-32768'``, or None."""
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        return None
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def _number(value: Any, default: int) -> float | int:
    """Return the number that a card holds, as an int if it is whole: a float would round large integers.

    It is the default if there is no card, or a card without a value (FITS 4.0, section 4.1.2.3).
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return default
    whole = whole_number(value)
    return float(value) if whole is None else whole


def _whole_dtype(stored: np.dtype, zero: int) -> np.dtype | None:
    """Return the integer dtype of stored integers plus `zero`; None if the sums are to be floats.

    Sums are integers if `zero` makes unsigned integers of signed ones or the reverse, or if doubles would round them
    and 64 bits hold them.
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
    """Whether float32 tells all values well apart.  Only stored integers of up to 16 bits are tried."""
    if stored.kind not in "iu" or stored.itemsize > 2:
        return False
    ends = np.iinfo(stored)
    values = np.arange(ends.min, ends.max + 1) * slope + zero
    with np.errstate(over="ignore"):
        return bool((np.abs(values.astype(np.float32) - values) <= abs(slope) * _PART_OF_STEP).all())
