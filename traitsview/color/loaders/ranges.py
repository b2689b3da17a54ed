"""Ranges for the numbers of a file: which numbers are inside, which count as an end, and their texts in messages.

Programs that compute in single precision, or that subtract, write ``1.0000002`` for 1 and ``-1e-17`` for 0.  All
formats take such numbers for the end of the range: `END_TOLERANCE` is the only tolerance.
"""

from __future__ import annotations

import numpy as np

from ...numerals import ALL, numeral

__all__ = ["END_TOLERANCE", "at", "shown", "within", "within_unit"]

#: A number is at an end of its range if it misses the end by at most this share of the range.  A little more than a
#: millionth, since in binary 0.999999 misses 1 by a little more.
END_TOLERANCE = 1e-6 * (1 + 1e-9)


def within(number: float, low: float, high: float) -> float | None:
    """Return a number in ``low … high``, the end for a number just beyond it, and None for all others."""
    if low <= number <= high:
        return number
    hair = END_TOLERANCE * (high - low)
    if low - hair <= number < low:
        return float(low)
    return float(high) if high < number <= high + hair else None


def within_unit(numbers: np.ndarray) -> np.ndarray:
    """Return shares, float64 of any shape, as `within` does for 0 … 1; NaN for those that lie outside."""
    clipped = np.clip(numbers, 0.0, 1.0)
    near: np.ndarray = np.where(np.abs(numbers - clipped) <= END_TOLERANCE, clipped, np.nan)
    return near


def at(place: float, end: float, reach: float = 1.0) -> bool:
    """Whether a place is `end`, to within the tolerance for a range of the length `reach`."""
    return abs(place - end) <= END_TOLERANCE * reach


def shown(number: float) -> str:
    """Return a number with as many digits as distinguish it from other floats: ``1.0000002``, ``0.5``, ``12``."""
    return numeral(number, ALL)
